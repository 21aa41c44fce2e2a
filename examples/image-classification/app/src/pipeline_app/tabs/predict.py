"""A digit that the user draws or uploads, and what the model takes it for."""

import base64
from dataclasses import dataclass

import altair as alt
import streamlit as st
from digits.drawing import canvas
from digits.picture import DRAWING_PREFIX, PictureError, digit_of_drawing, digit_of_upload

from pipeline_app import known
from pipeline_app.sources.errors import AbsentError, AwayError, SourceError
from pipeline_app.sources.models import Ranking
from pipeline_app.sources.serve import Prediction, RejectedError
from pipeline_app.tabs import markup

WAYS = ("Draw", "Upload")
NOTHING = "Draw a digit from 0 to 9, or upload a picture of one."
NO_MODEL = "There is no model yet. As soon as a batch of uploads has passed its checks, one is trained and served."
COLOUR = "#2f7f86"


@dataclass(frozen=True)
class Picture:
    """A picture that a digit can be read from, as a file."""

    content: bytes


def show() -> None:
    """Show the user's picture on one side, what the model says of it on the other."""
    own, answer = st.columns(2, gap="large")
    with own:
        way = st.segmented_control("Your digit", WAYS, default=WAYS[0], required=True, key="way")
        picture = _drawing() if way == WAYS[0] else _upload()
    with answer:
        _answer(picture)


def _drawing() -> Picture | PictureError | None:
    drawing = canvas(key="drawing")
    if drawing is None:
        return None
    try:
        digit_of_drawing(drawing)
    except PictureError as error:
        return error
    return Picture(base64.b64decode(str(drawing).removeprefix(DRAWING_PREFIX)))


def _upload() -> Picture | PictureError | None:
    upload = st.file_uploader("A picture of one digit", help="PNG or JPEG, dark on bright or bright on dark")
    if upload is None:
        return None
    content = upload.getvalue()
    try:
        # What the model could not read need not be sent.
        digit_of_upload(content)
    except PictureError as error:
        return error
    return Picture(content)


def _answer(picture: Picture | PictureError | None) -> None:
    if picture is None:
        st.info(NOTHING)
    elif isinstance(picture, PictureError):
        st.warning(str(picture))
    else:
        with st.spinner("Asking the model …"):
            prediction = known.prediction(picture.content)
        if isinstance(prediction, SourceError):
            _failure(prediction)
        else:
            _prediction(prediction)


def _prediction(prediction: Prediction) -> None:
    digit, model = prediction.digit, prediction.model
    probability = prediction.probabilities[digit]
    st.html(
        markup.tag(
            "div",
            markup.tag("span", markup.text(digit), class_="digit")
            + markup.tag("span", markup.text(f"{probability:.1%} probable"), class_="quiet"),
            class_="prediction",
        )
    )
    st.altair_chart(_chart(prediction), width="stretch", alt="The probability of each digit")
    st.html(
        markup.tag("p", f"Model version {markup.text(model.version)} · {markup.short(model.sha256)}", class_="quiet")
    )


def _failure(error: SourceError) -> None:
    if isinstance(error, RejectedError):
        st.warning(str(error))
        return
    ranking = known.ranking() if isinstance(error, AwayError | AbsentError) else None
    if isinstance(ranking, Ranking) and ranking.champion is None:
        st.info(NO_MODEL)
        return
    if isinstance(error, AbsentError):
        # It is Ray's proxy that answers so, before the model is there.
        error = AwayError("The model is not served at the moment.")
    st.error(f"{error} Your picture stays here: try again in a moment.")
    # Whatever is clicked, the page is run again.
    st.button("Try again", on_click=known.prediction.clear)


def _chart(prediction: Prediction) -> alt.Chart:
    rows = [{"digit": digit, "probability": value} for digit, value in enumerate(prediction.probabilities)]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=230)
        .mark_bar(color=COLOUR, cornerRadiusEnd=3)
        .encode(
            x=alt.X("digit:O", title="Digit", axis=alt.Axis(labelAngle=0, ticks=False)),
            y=alt.Y(
                "probability:Q",
                title="Probability",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=5),
            ),
            opacity=alt.condition(alt.datum.digit == prediction.digit, alt.value(1.0), alt.value(0.4)),
            tooltip=["digit:O", alt.Tooltip("probability:Q", format=".2%")],
        )
    )
    return chart
