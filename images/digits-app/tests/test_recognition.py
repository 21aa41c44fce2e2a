"""What users draw and print is not what the model was trained with."""

import numpy as np
from digits.picture import digit_of_upload
from pictures import png
from PIL import Image, ImageDraw, ImageFont
from strokes import draw

from digits_app.model import Model

SEED = 1


def recognised(model: Model, content: bytes) -> int:
    return int(model.probabilities(digit_of_upload(content)).argmax())


def test_drawn_digits_are_recognised(model: Model) -> None:
    random = np.random.default_rng(SEED)
    drawn = [(digit, png(draw(digit, random))) for digit in range(10) for _ in range(30)]
    right = sum(recognised(model, content) == digit for digit, content in drawn)
    assert right >= 0.94 * len(drawn), f"{right} of {len(drawn)}"


def test_printed_digits_are_mostly_recognised(model: Model) -> None:
    right = 0
    for digit in range(10):
        picture = Image.new("L", (300, 300), "white")
        ImageDraw.Draw(picture).text((100, 50), str(digit), font=ImageFont.load_default(180), fill="black")
        right += recognised(model, png(picture)) == digit
    assert right >= 8
