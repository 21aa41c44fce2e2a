"""What a training needs to go on after its program has ended, in the bucket: all that it learned until a round."""

import io
import re
import zipfile
from dataclasses import dataclass

import numpy as np
from model_registry import Bucket

from digits_job.network import SIZE, Learner

KEPT = 2
"""How many stay: the last one is read, and the one before it if that is damaged."""


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of the training `submission_id`."""

    bucket: Bucket
    submission_id: str
    purpose: str
    """Data set, settings and code. What was begun for another purpose is of no use."""

    def save(self, learner: Learner) -> None:
        """Write down where a training is, and take away what is older than the last ones."""
        content = io.BytesIO()
        np.savez(
            content,
            vector=learner.vector,
            mean=learner.mean,
            square=learner.square,
            purpose=np.array(self.purpose),
        )
        self.bucket.put(self._key(learner.rounds_done), content.getvalue())
        for number in self._rounds()[:-KEPT]:
            self.bucket.delete(self._key(number))

    def resume(self) -> Learner | None:
        """Give the latest state that was written down for the same purpose, if there is any."""
        for number in reversed(self._rounds()):
            learner = self._read(number)
            if learner is not None:
                return learner
            print(f"the checkpoint of round {number} is of no use here", flush=True)
        return None

    def clear(self) -> None:
        """Take all away: the training is done."""
        for number in self._rounds():
            self.bucket.delete(self._key(number))

    def _read(self, number: int) -> Learner | None:
        content = self.bucket.get(self._key(number)).content
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                if str(arrays["purpose"]) != self.purpose:
                    return None
                vector, mean, square = (arrays[name] for name in ("vector", "mean", "square"))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        if any(part.shape != (SIZE,) or part.dtype != np.float32 for part in (vector, mean, square)):
            return None
        return Learner(vector, mean, square, number)

    def _rounds(self) -> list[int]:
        """Give the rounds that there are checkpoints of, in their order."""
        names = (entry.key.removeprefix(self._prefix) for entry in self.bucket.list(self._prefix))
        return sorted(int(found[1]) for name in names if (found := re.fullmatch(r"([1-9][0-9]*)\.npz", name)))

    @property
    def _prefix(self) -> str:
        return f"checkpoints/{self.submission_id}/"

    def _key(self, number: int) -> str:
        return f"{self._prefix}{number}.npz"
