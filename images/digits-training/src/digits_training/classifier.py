"""The classifier: how it is trained, and how good the file that comes of it is."""

import warnings

import numpy as np
import onnxruntime
from digits.samples import SIDE, Sample, vary
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

VARIATIONS = 20
"""Variations of every picture that are added to it. With none, one drawn digit in ten is taken for another."""
ROUNDS = 25
"""Rounds of training. The accuracy settles after some twenty."""
OPERATOR_SET = 21
"""The version of ONNX's operators: one that runtimes of the last two years know."""


def train(sample: Sample, seed: int) -> bytes:
    """Train with `sample` and return the model as ONNX: data that runs no code when it is loaded, as a pickle does.

    The model reads `pixels`, rows of 64 shares of ink, and answers `label` and `probabilities`. The same sample and
    seed give the same bytes.
    """
    varied = vary(sample, VARIATIONS, seed)
    classifier = MLPClassifier(hidden_layer_sizes=(256,), alpha=0.01, max_iter=ROUNDS, random_state=seed)
    with warnings.catch_warnings():
        # The solver would go on for ever smaller gains.
        warnings.simplefilter("ignore", ConvergenceWarning)
        classifier.fit(varied.rows(), varied.labels)
    model = to_onnx(
        classifier,
        name="digits",
        initial_types=[("pixels", FloatTensorType([None, SIDE * SIDE]))],
        options={"zipmap": False},
        target_opset=OPERATOR_SET,
    )
    return bytes(model.SerializeToString())


def accuracy(model: bytes, sample: Sample) -> float:
    """Measure which share of `sample` the model recognises, by the runtime that will serve it."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    labels = session.run(["label"], {"pixels": sample.rows()})[0]
    return float(np.mean(labels == sample.labels))
