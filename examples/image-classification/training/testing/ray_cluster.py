"""A real Ray on this machine, for the tests of all packages that need one: a head and nodes, each processes of its own.

The way in is that of pods and pipelines: the dashboard's REST API, with a token.
"""

import hashlib
import io
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

RAY = Path(sys.executable).with_name("ray")
ADDRESS = "127.0.0.2"
"""This machine's own, as 127.0.0.1 is; but for that one, Ray would take an address that others see."""
PORTS = iter(random.sample(range(20_000, 30_000), 10_000))
"""Ports in any order, each once: above those of Ray's workers, and below those that connections are given."""
OBJECT_STORE_BYTES = 80 * 2**20
SECONDS_TO_START = 90
SECONDS_TO_STOP = 3
MARK = "MLOPS_TEST_RAY"
"""Every process of a cluster has it in its environment, with the cluster's own value."""
FINISHED = {"SUCCEEDED", "FAILED", "STOPPED"}


class RayCluster:
    """A head without processors, and nodes with one each, as a cluster of pods has them."""

    def __init__(self, folder: Path, environment: Mapping[str, str], paths: list[Path]) -> None:
        """Name what all processes are told, and where they find modules; nothing runs yet."""
        self.folder = folder
        self.port, self.dashboard_port, self.serve_port = (free_port() for _ in range(3))
        self.token = secrets.token_hex(16)
        self.mark = secrets.token_hex(8)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            "PATH": f"{RAY.parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PYTHONPATH": ":".join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": self.token,
            "RAY_USAGE_STATS_ENABLED": "0",
            # A node that is gone is to be known as gone while a test waits for it.
            "RAY_health_check_initial_delay_ms": "1000",
            "RAY_health_check_period_ms": "500",
            "RAY_health_check_failure_threshold": "4",
            MARK: self.mark,
            **environment,
        }

    @classmethod
    @contextmanager
    def running(cls, environment: Mapping[str, str], paths: list[Path], nodes: int) -> Iterator[Self]:
        """Run a head and so many further nodes for as long as the context lasts."""
        # Short, for the sockets in it have paths of a hundred characters at most.
        with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
            cluster = cls(Path(folder), environment, paths)
            try:
                cluster.start_head()
                for number in range(nodes):
                    cluster.start_node(f"node-{number}")
                cluster.wait_for_nodes(nodes + 1)
                yield cluster
            finally:
                cluster.stop()

    @property
    def dashboard(self) -> str:
        """Where the REST API is."""
        return f"http://{ADDRESS}:{self.dashboard_port}"

    def start_head(self) -> None:
        """Start the head, and wait until its job server answers."""
        dashboard = [f"--dashboard-host={ADDRESS}", f"--dashboard-port={self.dashboard_port}"]
        self._start("head", "--head", f"--port={self.port}", "--num-cpus=0", *dashboard)
        wait_until(lambda: self.ask("GET", "/api/jobs/") is not None, "the dashboard", SECONDS_TO_START)

    def start_node(self, name: str) -> None:
        """Start a further node with one processor."""
        self._start(name, f"--address={ADDRESS}:{self.port}", "--num-cpus=1")

    def wait_for_nodes(self, count: int) -> None:
        """Wait until so many nodes are alive, the head among them. One that ended instead is named with its log."""

        def are_alive() -> bool:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    raise RuntimeError(f"{name} ended with {process.returncode}: {log[-2000:]}")
            return len(self.nodes()) == count

        wait_until(are_alive, f"{count} nodes", SECONDS_TO_START)

    def nodes(self) -> set[str]:
        """Give the ids of the nodes that are alive."""
        answer = self.ask("GET", "/nodes?view=summary")
        summary = answer["data"]["summary"] if answer else []
        return {node["raylet"]["nodeId"] for node in summary if node["raylet"]["state"] == "ALIVE"}

    def kill(self, name: str) -> None:
        """Take a node away, as if its machine lost power."""
        leader = self.processes.pop(name)
        doomed = [leader.pid, *descendants(leader.pid)]
        for process in doomed:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        leader.wait()

    def stop(self) -> None:
        """End everything, gently first."""
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
        for left in self.all_processes():
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()

    def all_processes(self) -> Iterator[int]:
        """Give the ids of this cluster's processes, also of those that lost their parents."""
        mark = f"{MARK}={self.mark}".encode()
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the REST API; None while it does not answer. Other refusals are raised."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the scheme is ours
            self.dashboard + path,
            method=method,
            data=data,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                content = response.read()
        except urllib.error.HTTPError as error:
            if error.code == 503:
                return None
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error
        except OSError:
            return None
        try:
            return json.loads(content)
        except ValueError:
            return content.decode()

    def submit(self, entrypoint: str, submission_id: str, sources: Path, **environment: str) -> None:
        """Submit a job with `sources` as its working directory, as the pipeline does it."""
        package = packed(sources)
        name = f"_ray_pkg_{hashlib.sha256(package).hexdigest()[:16]}.zip"
        self.ask("PUT", f"/api/packages/gcs/{name}", package)
        runtime = {"working_dir": f"gcs://{name}", "env_vars": environment}
        job = {"entrypoint": entrypoint, "submission_id": submission_id, "runtime_env": runtime}
        assert self.ask("POST", "/api/jobs/", job)["submission_id"] == submission_id

    def job(self, submission_id: str) -> str:
        """Give the status of a job."""
        return str(self.ask("GET", f"/api/jobs/{submission_id}")["status"])

    def log(self, submission_id: str) -> str:
        """Give what a job has printed."""
        return str(self.ask("GET", f"/api/jobs/{submission_id}/logs")["logs"])

    def finished(self, submission_id: str, seconds: float = 90) -> str:
        """Wait for the end of a job, and give its status."""
        wait_until(lambda: self.job(submission_id) in FINISHED, f"the end of {submission_id}", seconds)
        return self.job(submission_id)

    def _start(self, name: str, *arguments: str) -> None:
        agents = ["--dashboard-agent-listen-port", "--dashboard-agent-grpc-port", "--runtime-env-agent-port"]
        ports = [f"{option}={free_port()}" for option in [*agents, "--metrics-export-port"]]
        command = [str(RAY), "start", "--block", f"--node-ip-address={ADDRESS}", f"--temp-dir={self.folder}/{name}"]
        command += ["--min-worker-port=0", "--max-worker-port=0", f"--object-store-memory={OBJECT_STORE_BYTES}"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - the arguments are ours
                # However the tests end, it ends with them.
                ["setpriv", "--pdeathsig", "TERM", *command, *ports, *arguments],  # noqa: S607 - on the path
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )


def wait_until(done: Callable[[], bool], what: str, seconds: float) -> None:
    """Wait for something that happens by itself."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} seconds for {what}")
        time.sleep(0.2)


def free_port() -> int:
    """Find a port that nobody listens at."""
    for port in PORTS:
        with socket.socket() as listener, suppress(OSError):
            listener.bind((ADDRESS, port))
            return port
    raise RuntimeError("no port is left")


def packed(folder: Path) -> bytes:
    """Pack the modules in a folder, the same bytes each time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for path in sorted(folder.rglob("*.py")):
            package.writestr(zipfile.ZipInfo(str(path.relative_to(folder))), path.read_bytes())
    return content.getvalue()


def descendants(parent: int) -> list[int]:
    """Give the ids of all processes that have come of one."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                # After the name, which may hold anything: the state, then the parent.
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, ahead = [], [parent]
    while ahead:
        ahead = [child for process in ahead for child in children.get(process, [])]
        found += ahead
    return found
