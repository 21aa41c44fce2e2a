"""Models on a volume: a file for each version, there as a whole or not at all."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

READABLE_BY_ALL = 0o644
VERSION_LENGTH = 12


@dataclass(frozen=True)
class StoredModel:
    """A model on the volume."""

    sha256: str
    """Checksum of the file, in hexadecimal digits."""

    @property
    def version(self) -> str:
        """Name the content: the same model has the same version wherever and whenever it is trained."""
        return self.sha256[:VERSION_LENGTH]

    @property
    def file(self) -> str:
        """Name the file in the directory of models."""
        return f"digits-{self.version}.onnx"


def store(model: bytes, directory: Path) -> StoredModel:
    """Write `model` to `directory`. Earlier versions stay there: who serves one of them is not disturbed."""
    stored = StoredModel(hashlib.sha256(model).hexdigest())
    # In the same directory, for only within one file system does renaming replace a file at once.
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=".storing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(model)
            file.flush()
            # The application runs as another user.
            os.fchmod(file.fileno(), READABLE_BY_ALL)
            os.fsync(file.fileno())
        Path(temporary).replace(directory / stored.file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return stored
