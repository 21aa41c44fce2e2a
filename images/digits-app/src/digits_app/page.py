"""What the user sees."""

import altair as alt
import numpy as np
import streamlit as st
from digits.drawing import canvas
from digits.picture import Cells, PictureError, digit_of_drawing, digit_of_upload
from numpy.typing import NDArray

from digits_app.model import Model

WAYS = ("Draw", "Upload")


def show(model: Model) -> None:
    """Show the page: the user's picture on one side, what the model says of it on the other."""
    st.set_page_config(page_title="Digits", page_icon="✏️")
    st.title("Digits")
    own, answer = st.columns(2, gap="large")
    with own:
        way = st.radio("Your digit", WAYS, horizontal=True)
        picture = _drawing() if way == "Draw" else _upload()
    with answer:
        _answer(model, picture)
    st.divider()
    version, accuracy = st.columns(2)
    version.metric("Model version", model.version)
    accuracy.metric("Accuracy", f"{model.accuracy:.1%}", help="Measured on digits that the model was not trained with")


def _drawing() -> Cells | PictureError | None:
    drawing = canvas(key="drawing")
    try:
        return None if drawing is None else digit_of_drawing(drawing)
    except PictureError as error:
        return error


def _upload() -> Cells | PictureError | None:
    upload = st.file_uploader("A picture of one digit", help="PNG or JPEG, dark on bright or bright on dark")
    try:
        return None if upload is None else digit_of_upload(upload.getvalue())
    except PictureError as error:
        return error


def _answer(model: Model, picture: Cells | PictureError | None) -> None:
    if picture is None:
        st.info("Draw a digit from 0 to 9, or upload a picture of one.")
    elif isinstance(picture, PictureError):
        st.error(str(picture))
    else:
        probabilities = model.probabilities(picture)
        digit = int(probabilities.argmax())
        st.metric("Prediction", digit)
        st.caption(f"{probabilities[digit]:.1%} probable")
        st.altair_chart(_chart(probabilities, digit), width="stretch")


def _chart(probabilities: NDArray[np.float32], predicted: int) -> alt.Chart:
    rows = [{"digit": digit, "probability": float(value)} for digit, value in enumerate(probabilities)]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=220)
        .mark_bar()
        .encode(
            x=alt.X("digit:O", title="Digit", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("probability:Q", title="Probability", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
            opacity=alt.condition(alt.datum.digit == predicted, alt.value(1.0), alt.value(0.5)),
            tooltip=["digit:O", alt.Tooltip("probability:Q", format=".2%")],
        )
    )
    return chart
