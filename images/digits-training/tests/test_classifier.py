import numpy as np
import onnxruntime
from digits.samples import Digits, Sample

from digits_training.classifier import accuracy, train

SEED = 0


def test_the_model_recognises_what_it_has_not_seen(model: bytes, digits: Digits) -> None:
    assert accuracy(model, digits.held_out) >= 0.98


def test_accuracy_counts_wrong_answers(model: bytes, digits: Digits) -> None:
    right = accuracy(model, digits.held_out)
    mislabelled = Sample(digits.held_out.pictures, (digits.held_out.labels + 1) % 10)
    assert accuracy(model, mislabelled) <= 1 - right


def test_probabilities_are_those_of_ten_digits(model: bytes, digits: Digits) -> None:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"pixels": digits.held_out.rows()})
    assert probabilities.shape == (450, 10)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_same_seed_gives_the_same_bytes(digits: Digits) -> None:
    few = Sample(digits.training.pictures[:100], digits.training.labels[:100])
    assert train(few, SEED) == train(few, SEED)
    assert train(few, SEED) != train(few, SEED + 1)
