"""The network as a file that others can use: ONNX, data that runs no code when it is loaded."""

import numpy as np
import onnxruntime
from digits.samples import Sample
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from digits_job.network import INPUTS, OUTPUTS, Layers, Vector, probabilities

OPERATOR_SET, FORMAT = 21, 10
"""Versions of ONNX's operators and of its format: ones that runtimes of the last two years know."""
TOLERANCE = 1e-4
"""By how much two ways to compute the same probability may differ."""


class ModelError(Exception):
    """The file does not say what the network says."""


def export(vector: Vector) -> bytes:
    """Write a network as a model that reads `pixels`, rows of shares of ink, and answers `label` and `probabilities`.

    The same network gives the same bytes.
    """
    layers = Layers.of(vector)._asdict()
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["pixels", "hidden_weights", "hidden_biases"], ["sums"]),
            helper.make_node("Relu", ["sums"], ["hidden"]),
            helper.make_node("Gemm", ["hidden", "output_weights", "output_biases"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
            helper.make_node("ArgMax", ["probabilities"], ["label"], axis=1, keepdims=0),
        ],
        "digits",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [None, INPUTS])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, OUTPUTS]),
        ],
        [numpy_helper.from_array(np.ascontiguousarray(part), name) for name, part in layers.items()],
    )
    model: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPERATOR_SET)], ir_version=FORMAT, producer_name="digits_job"
    )
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def accuracy(model: bytes, vector: Vector, sample: Sample) -> float:
    """Measure which share of `sample` a model recognises, by the runtime that will serve it.

    A `ModelError` if the model says anything else than the network that it was made from.
    """
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    labels, found = session.run(["label", "probabilities"], {"pixels": sample.rows()})
    difference = float(np.abs(found - probabilities(vector, sample.rows())).max())
    if not difference <= TOLERANCE:
        raise ModelError(f"the model's probabilities differ from the network's by {difference:g}: it is not stored")
    return float(np.mean(labels == sample.labels))
