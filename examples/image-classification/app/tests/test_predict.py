from io import BytesIO

import numpy as np
import pytest
from conftest import Backends
from content import register
from opened import opened, read
from pictures import data_url, jpeg, png
from PIL import Image
from stand_ins import Answers
from streamlit.testing.v1 import AppTest
from strokes import draw

from pipeline_app.tabs import predict


def digit(of: int) -> Image.Image:
    return draw(of, np.random.default_rng(0))


def drawn(content: bytes, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(predict, "canvas", lambda **_: data_url(content))
    return opened()


def uploaded(name: str, content: bytes, kind: str = "image/png") -> AppTest:
    app = opened()
    app.segmented_control[0].set_value("Upload").run()
    app.file_uploader[0].upload(name, content, kind).run()
    assert not app.exception
    return app


def messages(app: AppTest) -> list[str]:
    return [str(element.value) for element in (*app.info, *app.warning, *app.error)]


@pytest.mark.usefixtures("backends")
def test_at_first_it_says_what_to_do() -> None:
    app = opened()
    assert messages(app) == ["Draw a digit from 0 to 9, or upload a picture of one."]
    (component,) = app.get("bidi_component")
    assert component.proto.component_name == "digit_canvas"


def test_a_drawing_is_sent_and_the_answer_shown(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    content = png(digit(7))
    app = drawn(content, monkeypatch)
    (request,) = backends.serve.requests
    assert (request.method, request.path, request.body) == ("POST", "/predict", content)
    assert request.headers["content-type"] == "image/png"
    assert read(app) == f"7 91.2% probable Model version 3 · {'ab' * 6}"
    assert len(app.get("vega_lite_chart")) == 1


def test_an_upload_is_sent_as_what_it_is(backends: Backends) -> None:
    content = jpeg(digit(5))
    backends.serve.answers = Answers(digit=5)
    app = uploaded("five.jpg", content, "image/jpeg")
    (request,) = backends.serve.requests
    assert (request.body, request.headers["content-type"]) == (content, "image/jpeg")
    assert read(app).startswith("5 91.2% probable")


def test_the_same_picture_is_asked_about_once(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(png(digit(7)), monkeypatch).run()
    assert len(backends.serve.requests) == 1


def test_an_empty_drawing_is_said_so_and_not_sent(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(png(Image.new("RGBA", (280, 280))), monkeypatch)
    assert messages(app) == ["There is nothing on this picture. Draw a digit from 0 to 9."]
    assert backends.serve.requests == []


def test_what_is_no_picture_is_said_so_and_not_sent(backends: Backends) -> None:
    app = uploaded("digits.csv", b"1,2", "text/csv")
    assert messages(app) == ["This file is no picture. Upload a PNG or JPEG file."]
    assert backends.serve.requests == []


def test_a_picture_of_fifty_megapixels_is_said_so_and_not_sent(backends: Backends) -> None:
    file = BytesIO()
    Image.new("1", (10_000, 5_000)).save(file, "PNG")
    app = uploaded("large.png", file.getvalue())
    (message,) = messages(app)
    assert message.startswith("This picture has 50 megapixels, and 16 is the most.")
    assert backends.serve.requests == []


def test_what_the_model_itself_cannot_read_is_told_in_its_words(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    backends.serve.refuses = "This picture is of tomorrow."
    assert messages(drawn(png(digit(7)), monkeypatch)) == ["This picture is of tomorrow."]


def test_before_there_is_a_model_it_says_so(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    backends.serve.answers = None
    assert messages(drawn(png(digit(7)), monkeypatch)) == [predict.NO_MODEL]


def test_a_model_that_is_not_served_is_said_so(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    register(backends.bucket, b"model", 0.97)
    backends.serve.answers = None
    app = drawn(png(digit(7)), monkeypatch)
    assert messages(app) == ["The model is not served at the moment. Your picture stays here: try again in a moment."]


def test_a_model_that_is_back_answers_when_tried_again(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    register(backends.bucket, b"model", 0.97)
    backends.serve.fails_with = 503
    app = drawn(png(digit(7)), monkeypatch)
    (message,) = messages(app)
    assert message.startswith("The model cannot answer at the moment (503).")
    backends.serve.fails_with = None
    app.button[0].click().run()
    assert messages(app) == []
    assert read(app).startswith("7 91.2% probable")


def test_nobody_there_is_said_so(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    register(backends.bucket, b"model", 0.97)
    monkeypatch.setenv("SERVE_URL", "http://127.0.0.1:1")
    (message,) = messages(drawn(png(digit(7)), monkeypatch))
    assert message.startswith("The model does not answer.")


@pytest.mark.parametrize(
    "answers",
    [
        Answers(digit=10, probabilities=[0.1] * 10),
        Answers(probabilities=[0.5] * 2),
        Answers(probabilities=[float("nan")] * 10),
    ],
)
def test_an_answer_that_is_none_is_not_shown(
    backends: Backends, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    backends.serve.answers = answers
    (message,) = messages(drawn(png(digit(7)), monkeypatch))
    assert message.startswith("The model's answer is no ")
