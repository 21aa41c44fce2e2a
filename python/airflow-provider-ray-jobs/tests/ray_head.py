"""A real Ray head, on ports of its own and with its own token."""

import os
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import httpx

from airflow_provider_ray_jobs.api import Endpoint
from airflow_provider_ray_jobs.client import Client
from processes import MARK, die_with_the_tests, free_ports, kill_marked, until

TOKEN = "a-token-of-the-tests-and-no-secret"  # noqa: S105


class RayHead:
    """Is started, killed and started again at the same address."""

    def __init__(self) -> None:
        self._ports = free_ports(5)
        # Short, for the paths of Unix sockets have few characters.
        self._folder = tempfile.TemporaryDirectory(prefix="rj-", ignore_cleanup_errors=True)
        self._log = Path(self._folder.name, "ray.log")
        self._mark = uuid.uuid4().hex
        self.endpoint = Endpoint(f"http://127.0.0.1:{self._ports[0]}", TOKEN)

    @property
    def port(self) -> int:
        return self._ports[0]

    def start(self) -> None:
        dashboard, gcs, agent, clients, metrics = map(str, self._ports)
        options = {
            "port": gcs,
            "dashboard-host": "127.0.0.1",
            "dashboard-port": dashboard,
            "dashboard-agent-listen-port": agent,
            "ray-client-server-port": clients,
            "metrics-export-port": metrics,
            "num-cpus": "2",
            "object-store-memory": "80000000",
            "temp-dir": self._folder.name,
        }
        binaries = Path(sys.executable).parent
        environment = {
            "HOME": self._folder.name,
            "PATH": f"{binaries}:/usr/bin:/bin",
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": TOKEN,
            "RAY_USAGE_STATS_ENABLED": "0",
            # For the numbers of cores that others use as well.
            "OPENBLAS_NUM_THREADS": "1",
            MARK: self._mark,
        }
        command = [str(binaries / "ray"), "start", "--head", "--block"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *(f"--{name}={value}" for name, value in options.items())],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_the_tests,  # noqa: PLW1509 - the tests have no threads then
            )

    def client(self) -> Client:
        return Client(self.endpoint, patience=0)

    def wait(self) -> None:
        with self.client() as ray:

            def ready() -> bool:
                assert self._process.poll() is None, self._log.read_text()
                try:
                    # An agent takes the jobs, and comes last.
                    return bool(ray._http.get(f"{self.endpoint.url}/api/jobs/").is_success) and self._has_agent()
                except httpx.TransportError:
                    return False

            until(ready, "Ray answers", seconds=120)

    def _has_agent(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self._ports[2]}/api/healthz").status_code < 500
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        kill_marked(self._mark)

    def close(self) -> None:
        self.kill()
        self._folder.cleanup()
