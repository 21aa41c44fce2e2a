import numpy as np
import pytest

from digits.samples import Digits, Sample, vary

SEED = 0


@pytest.fixture(scope="module")
def digits() -> Digits:
    return Digits.load(seed=SEED)


def test_a_quarter_is_held_out_and_none_of_it_trained_with(digits: Digits) -> None:
    assert (len(digits.training), len(digits.held_out)) == (1347, 450)
    seen = {picture.tobytes() for picture in digits.training.pictures}
    assert not any(picture.tobytes() in seen for picture in digits.held_out.pictures)
    assert np.bincount(digits.held_out.labels).min() >= 43


def test_variations_keep_their_label_and_stay_within_bounds(digits: Digits) -> None:
    few = Sample(digits.training.pictures[:5], digits.training.labels[:5])
    varied = vary(few, times=2, seed=SEED)
    assert varied.labels.tolist() == few.labels.tolist() * 3
    assert (varied.pictures[:5] == few.pictures).all()
    assert not (varied.pictures[5:10] == few.pictures).all()
    assert varied.pictures.min() >= 0
    assert varied.pictures.max() <= 1
