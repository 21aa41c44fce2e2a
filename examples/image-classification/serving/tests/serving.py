"""The application as its users and its pipeline have it: over HTTP, and by the program that sends the configuration."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from model_registry import Registry
from ray_cluster import RayCluster

SECONDS_TO_SEND = 150


@dataclass
class Serving:
    cluster: RayCluster
    registry: Registry

    def sending(self, **environment: str) -> subprocess.Popen[str]:
        """Begin to send, as the head does when it starts."""
        return subprocess.Popen(
            [sys.executable, "-m", "digits_serving.send"],
            env=self.cluster.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def send(self, **environment: str) -> tuple[int, str]:
        """Send, and give how that ended and what it said last."""
        process = self.sending(**environment)
        try:
            out, err = process.communicate(timeout=SECONDS_TO_SEND)
        finally:
            process.kill()
        return process.returncode, (err or out).strip().splitlines()[-1]

    def promote(self, number: int) -> None:
        self.registry.promote(number)
        code, last = self.send()
        assert code == 0, last

    def ask(self, path: str, content: bytes | None = None) -> tuple[int, Any]:
        url = f"http://127.0.0.1:{self.cluster.environment['SERVE_PORT']}{path}"
        request = urllib.request.Request(url, data=content, headers={"Content-Type": "image/png"})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the scheme is ours
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def model(self) -> Any:
        status, answer = self.ask("/model")
        assert status == 200
        return answer

    def application(self) -> Any:
        return self.cluster.ask("GET", "/api/serve/applications/")["applications"]["digits"]

    def replicas(self) -> dict[str, int]:
        """Give the processes of the running replicas, by their ids."""
        (deployment,) = self.application()["deployments"].values()
        return {
            replica["replica_id"]: replica["pid"] for replica in deployment["replicas"] if replica["state"] == "RUNNING"
        }
