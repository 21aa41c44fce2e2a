"""The model: the file that was registered, and no other, ready to answer."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import onnxruntime
from digits.picture import CELLS, Cells
from model_registry import Bucket, BucketError, RegistryError, artifacts
from numpy.typing import NDArray

from digits_serving.wanted import Artifact

DIGITS = 10


class ModelError(Exception):
    """There is no such model, or it is none. The message says which, and why."""


@dataclass(frozen=True)
class Model:
    """A model of handwritten digits, loaded."""

    artifact: Artifact
    session: onnxruntime.InferenceSession

    @classmethod
    def load(cls, bucket: Bucket, artifact: Artifact) -> Self:
        """Load a version, verify it, and have it answer once; a `ModelError` says what is wrong with it."""
        try:
            content = artifacts.load(bucket, artifact.model_uri, artifact.sha256)
        except (BucketError, RegistryError) as error:
            raise ModelError(f"version {artifact.version} is refused: {error}") from error
        model = cls(artifact, _session(content, artifact))
        model.probabilities(np.zeros((CELLS, CELLS), dtype=np.float32))
        return model

    def probabilities(self, cells: Cells) -> NDArray[np.float32]:
        """Say for each digit from 0 to 9 how probable it is that `cells` show it."""
        try:
            (found,) = self.session.run(["probabilities"], {"pixels": cells.reshape(1, -1)})
            return np.asarray(found, dtype=np.float32).reshape(DIGITS)
        # The runtime's exceptions have no base of their own.
        except Exception as error:
            raise ModelError(
                f"version {self.artifact.version} is refused: it is no model of digits: {error}"
            ) from error


def _session(content: bytes, artifact: Artifact) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # The model is too small to gain by threads, and a container's share of the processors is not all of them.
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(
            f"version {artifact.version} is refused: it is no ONNX that this runtime reads: {error}"
        ) from error
