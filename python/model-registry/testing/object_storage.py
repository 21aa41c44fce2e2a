"""A real S3 server on this machine, for the tests of all packages that need one: versitygw, in a folder of its own."""

import fcntl
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from model_registry import Bucket

PROGRAM = "versitygw"
MODULE = "github.com/versity/versitygw"
SOURCE = Path(__file__).parents[3] / "acceptance-tests/tools/versitygw"
"""Its go.mod pins what is built."""
BUCKET = "pipeline"
SECONDS_TO_START = 30
SECONDS_TO_STOP = 10


class ObjectStorage:
    """A server that can be taken away and brought back, as a cluster does it. What was stored stays."""

    def __init__(self, folder: Path) -> None:
        """Name the folder that holds everything; nothing runs yet."""
        self.folder = folder
        self.data = folder / "data"
        (self.data / BUCKET).mkdir(parents=True)
        self.port = free_port()
        self.key, self.secret = secrets.token_hex(10), secrets.token_hex(20)
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Run a server for as long as the context lasts."""
        with tempfile.TemporaryDirectory(prefix="object-storage-") as folder:
            storage = cls(Path(folder))
            storage.start()
            try:
                yield storage
            finally:
                storage.stop()

    @property
    def environment(self) -> dict[str, str]:
        """What a pod is told of its bucket."""
        return {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
            "BUCKET": BUCKET,
        }

    def bucket(self, **options: float) -> Bucket:
        """Connect to the bucket."""
        return Bucket.from_environment(self.environment, **options)  # type: ignore[arg-type]

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        environment = {
            "PATH": os.environ["PATH"],
            "ROOT_ACCESS_KEY_ID": self.key,
            "ROOT_SECRET_ACCESS_KEY": self.secret,
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the arguments are ours
                self._command(), env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{PROGRAM} did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server, gently or not."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def _command(self) -> list[str]:
        # However the tests end, it ends with them: with the thread that has started it.
        end_with_parent = ["setpriv", "--pdeathsig", "KILL"]
        server = [program(os.environ), "--port", f"127.0.0.1:{self.port}", "--health", "/health", "--quiet"]
        return [*end_with_parent, *server, "posix", str(self.data)]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1):
                return True
        except OSError:
            return False


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def program(environment: Mapping[str, str]) -> str:
    """Find the server's program: named by `MLOPS_VERSITYGW`, on the path, in the cache, or built into the cache."""
    found = environment.get("MLOPS_VERSITYGW") or shutil.which(PROGRAM, path=environment.get("PATH"))
    if found:
        return found
    required = re.search(rf"{MODULE} (v\S+)", (SOURCE / "go.mod").read_text())
    if required is None:
        raise RuntimeError(f"{SOURCE / 'go.mod'} does not say which version of {MODULE} to build")
    # Folder, lock and stamp are those of `cargo xtask programs`: whoever comes first builds for both.
    caches = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlops/programs"
    folder = caches / f"{PROGRAM}-{required[1]}"
    if not (folder / PROGRAM).is_file():
        caches.mkdir(parents=True, exist_ok=True)
        with (caches / f"{folder.name}.lock").open("w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            if not (folder / PROGRAM).is_file():
                _build(folder, required[1])
    return str(folder / PROGRAM)


def _build(folder: Path, version: str) -> None:
    flags = f"-s -w -X main.Version={version}"
    fresh = Path(tempfile.mkdtemp(prefix=f".building-{PROGRAM}-", dir=folder.parent))
    try:
        subprocess.run(  # noqa: S603 - the arguments are ours
            ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", f"{fresh}/", "tool"],  # noqa: S607
            check=True,
            cwd=SOURCE,
            env=os.environ | {"CGO_ENABLED": "0", "GOWORK": "off"},
        )
        (fresh / "built-from.txt").write_text(f"{flags}\n\n{(SOURCE / 'go.mod').read_text()}")
        fresh.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
