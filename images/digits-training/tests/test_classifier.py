import numpy as np
import onnxruntime

from digits_training.classifier import accuracy, train
from digits_training.digits import Digits, Sample, vary

SEED = 0


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
