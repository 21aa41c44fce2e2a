"""The model: the file that was trained, and no other."""

import functools
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from digits.picture import Cells
from numpy.typing import NDArray

DIGITS = 10


class ModelError(Exception):
    """There is no model to serve."""


@dataclass(frozen=True)
class Model:
    """A model of handwritten digits, loaded."""

    version: str
    accuracy: float
    """Share of the digits held out from training that it recognised, from 0 to 1."""
    session: onnxruntime.InferenceSession

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> Self:
        """Load `MODEL_FILE`, whose checksum must be `MODEL_SHA256`; a `ModelError` says what is wrong with it."""
        file = Path(_required(environment, "MODEL_FILE"))
        expected = _required(environment, "MODEL_SHA256")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise ModelError(f"failed to read the model: {error}") from error
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            raise ModelError(f"the sha256 of {file} is {found}, and not {expected}: it is not what was trained")
        try:
            accuracy = float(_required(environment, "MODEL_ACCURACY"))
        except ValueError as error:
            raise ModelError(f"the environment variable MODEL_ACCURACY is no number: {error}") from error
        return cls(_required(environment, "MODEL_VERSION"), accuracy, _session(content))

    def probabilities(self, cells: Cells) -> NDArray[np.float32]:
        """Say for each digit from 0 to 9 how probable it is that `cells` show it."""
        (probabilities,) = self.session.run(["probabilities"], {"pixels": cells.reshape(1, -1)})
        return np.asarray(probabilities, dtype=np.float32).reshape(DIGITS)


@functools.cache
def served_model() -> Model:
    """Load the model that the environment names, once in the life of the process."""
    return Model.load(os.environ)


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise ModelError(f"the environment variable {name} is not set")
    return value


def _session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # The model is too small to gain by threads, and a container's share of the processors is not all of them.
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    # The runtime's exceptions have no base of their own.
    except Exception as error:
        raise ModelError(f"the model is no ONNX that this runtime reads: {error}") from error
