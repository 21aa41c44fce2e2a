"""The page as its visitors get it, but for the browser."""

from pathlib import Path

import numpy as np
import pytest
from pictures import data_url, png
from PIL import Image
from streamlit.testing.v1 import AppTest
from strokes import draw

from digits_app import page

SCRIPT = Path(page.__file__).with_name("script.py")


def opened() -> AppTest:
    return AppTest.from_file(SCRIPT).run()


def uploaded(name: str, content: bytes, kind: str) -> AppTest:
    app = opened()
    app.radio[0].set_value("Upload").run()
    return app.file_uploader[0].upload(name, content, kind).run()


@pytest.fixture(autouse=True)
def _served(environment: dict[str, str]) -> None:
    pass


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_at_first_it_says_what_to_do_and_what_it_is(environment: dict[str, str]) -> None:
    app = opened()
    assert not app.exception
    assert [info.value for info in app.info] == ["Draw a digit from 0 to 9, or upload a picture of one."]
    assert metrics(app) == {"Model version": environment["MODEL_VERSION"], "Accuracy": "98.8%"}


def test_a_drawn_digit_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = data_url(png(draw(3, np.random.default_rng(0))))
    monkeypatch.setattr(page, "canvas", lambda **_: drawing)
    app = opened()
    assert not app.exception
    assert metrics(app)["Prediction"] == "3"
    assert len(app.get("vega_lite_chart")) == 1


def test_an_empty_drawing_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = data_url(png(Image.new("RGBA", (280, 280))))
    monkeypatch.setattr(page, "canvas", lambda **_: drawing)
    app = opened()
    assert [error.value for error in app.error] == ["There is nothing on this picture. Draw a digit from 0 to 9."]
    assert "Prediction" not in metrics(app)


def test_an_uploaded_digit_is_recognised() -> None:
    app = uploaded("five.png", png(draw(5, np.random.default_rng(0))), "image/png")
    assert not app.exception
    assert metrics(app)["Prediction"] == "5"


def test_what_cannot_be_read_is_said_and_the_page_goes_on() -> None:
    app = uploaded("digits.csv", b"1,2", "text/csv")
    assert not app.exception
    assert [error.value for error in app.error] == ["This file is no picture. Upload a PNG or JPEG file."]
    assert "Accuracy" in metrics(app)


def test_the_canvas_is_there_to_draw_on() -> None:
    (component,) = opened().get("bidi_component")
    assert component.proto.component_name == "digit_canvas"
