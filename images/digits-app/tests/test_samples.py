from pathlib import Path

import numpy as np
from digits.picture import digit_of_upload
from held_out import samples
from PIL import Image

from digits_app.model import Model

FOLDER = Path(__file__).parents[3] / "examples/quickstart/samples"


def test_the_examples_samples_are_held_out_digits() -> None:
    expected = dict(samples())
    assert sorted(path.name for path in FOLDER.glob("*.png")) == sorted(expected)
    for name, picture in expected.items():
        with Image.open(FOLDER / name) as stored:
            assert np.array_equal(np.asarray(stored), np.asarray(picture)), name


def test_nineteen_of_the_twenty_are_recognised(model: Model) -> None:
    right = [
        path.name
        for path in sorted(FOLDER.glob("*.png"))
        if int(model.probabilities(digit_of_upload(path.read_bytes())).argmax()) == int(path.name[0])
    ]
    assert len(right) >= 19, right
