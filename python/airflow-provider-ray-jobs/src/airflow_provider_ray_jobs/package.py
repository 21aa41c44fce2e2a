"""Working directories as packages whose name follows from what is in them, so that each is uploaded once."""

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from airflow_provider_ray_jobs.errors import PackageError

MEBIBYTE = 1024 * 1024
MAX_BYTES = 100 * MEBIBYTE
"""What the dashboard of Ray takes in one request."""
EXCLUDES = ("__pycache__", "*.pyc", ".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", "..*")
"""What no job needs. The last one is how Kubernetes keeps the earlier contents of a mounted ConfigMap."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LARGEST_NAMED = 3


@dataclass(frozen=True)
class _File:
    name: str
    path: Path
    size: int
    executable: bool

    @property
    def mode(self) -> int:
        return 0o755 if self.executable else 0o644


@dataclass(frozen=True)
class Package:
    """The files of a working directory, as they were when they were looked at."""

    name: str
    _files: tuple[_File, ...]

    @classmethod
    def of(cls, directory: Path, *, excludes: Sequence[str] = (), max_bytes: int = MAX_BYTES) -> "Package":
        """Look at `directory`, or raise a `PackageError`.

        The name depends on the files' names, contents and whether they may be executed, and on nothing else.
        `excludes` are patterns for a file's or folder's name, or for its path below `directory`.
        """
        if not directory.is_dir():
            raise PackageError(f"the working directory {directory} is not there, or is no folder")
        try:
            files = tuple(sorted(_files(directory, (*EXCLUDES, *excludes)), key=lambda file: file.name))
            _limit(directory, files, max_bytes)
            digest = hashlib.sha256()
            for file in files:
                _digest(digest, file, file.path.read_bytes())
        except OSError as error:
            raise PackageError(f"failed to read the working directory {directory}: {error}") from error
        return cls(_name(digest), files)

    @property
    def uri(self) -> str:
        """Name it in a runtime environment."""
        return f"gcs://{self.name}"

    def zip(self) -> bytes:
        """Pack the files: sorted, with fixed times and modes."""
        buffer = io.BytesIO()
        digest = hashlib.sha256()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self._files:
                entry = zipfile.ZipInfo(file.name, _EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = _UNIX
                entry.external_attr = (stat.S_IFREG | file.mode) << 16
                try:
                    content = file.path.read_bytes()
                except OSError as error:
                    raise PackageError(f"failed to read {file.path}: {error}") from error
                _digest(digest, file, content)
                archive.writestr(entry, content)
        if _name(digest) != self.name:
            raise PackageError("the working directory has changed while it was packed")
        return buffer.getvalue()


def _digest(digest: "hashlib._Hash", file: _File, content: bytes) -> None:
    digest.update(f"{len(file.name.encode())} {file.name} {file.mode:o} {len(content)} ".encode())
    digest.update(content)


def _name(digest: "hashlib._Hash") -> str:
    return f"_ray_pkg_{digest.hexdigest()}.zip"


def _files(directory: Path, excludes: Sequence[str]) -> Iterator[_File]:
    def excluded(path: Path) -> bool:
        below = path.relative_to(directory).as_posix()
        return any(fnmatch(path.name, pattern) or fnmatch(below, pattern) for pattern in excludes)

    def failed(error: OSError) -> None:
        raise error

    for folder, folders, names in os.walk(directory, onerror=failed):
        kept = [path for name in folders if not excluded(path := Path(folder, name))]
        for path in kept:
            if path.is_symlink():
                raise PackageError(f"{path} is a link to a folder, which a package cannot hold: copy or exclude it")
        folders[:] = [path.name for path in kept]
        for path in (Path(folder, name) for name in names):
            if excluded(path):
                continue
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise PackageError(f"{path} is no file, which a package cannot hold: exclude it")
            name = path.relative_to(directory).as_posix()
            yield _File(name, path, status.st_size, bool(status.st_mode & stat.S_IXUSR))


def _limit(directory: Path, files: Sequence[_File], max_bytes: int) -> None:
    if not files:
        raise PackageError(f"the working directory {directory} holds no file that is not excluded")
    total = sum(file.size for file in files)
    if total > max_bytes:
        largest = sorted(files, key=lambda file: file.size, reverse=True)[:_LARGEST_NAMED]
        raise PackageError(
            f"the working directory {directory} holds {_mebibytes(total)}, and at most {_mebibytes(max_bytes)} are "
            "sent to Ray: exclude what the job does not need, or let it fetch that itself. The largest are "
            + ", ".join(f"{file.name} ({_mebibytes(file.size)})" for file in largest)
        )


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:.1f} MiB"
