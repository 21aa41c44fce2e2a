"""What several tests look at is made once: a training takes seconds."""

import pytest
from digits.samples import Digits

from digits_training.classifier import train


@pytest.fixture(scope="session")
def digits() -> Digits:
    return Digits.load(seed=0)


@pytest.fixture(scope="session")
def model(digits: Digits) -> bytes:
    return train(digits.training, seed=0)
