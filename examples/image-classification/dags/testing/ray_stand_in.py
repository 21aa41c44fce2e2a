"""No Ray, but a server with as much of its Jobs API as the DAG asks for. Its jobs are done when they are submitted."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from airflow_provider_ray_jobs.api import Endpoint
from model_registry import Bucket, Reference, Registry
from model_registry.artifacts import checksum
from model_registry.records import encode

TOKEN = "t0ken"  # noqa: S105 - it opens nothing


class RayStandIn(ThreadingHTTPServer):
    """Trains models that it makes up, and serves what the alias names, unless it was told to refuse that."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bucket = bucket
        self.jobs: dict[str, dict[str, Any]] = {}
        self.accuracy = 0.97
        self.refused: set[int] = set()
        self.served: Reference | None = None

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server_port}", TOKEN)

    @property
    def connection(self) -> str:
        """Describe it as Airflow's environment does."""
        host = {"conn_type": "ray_jobs", "host": "127.0.0.1", "port": self.server_port, "password": TOKEN}
        return json.dumps(host)

    def submit(self, submission: dict[str, Any]) -> tuple[int, Any]:
        name, entrypoint = submission["submission_id"], submission["entrypoint"]
        if name in self.jobs:
            return 500, f"a job with submission_id {name} already exists"
        if entrypoint.startswith("python -m digits_job "):
            error = self.train(name, entrypoint)
        elif entrypoint == "python -m digits_serving.send":
            error = self.serve()
        else:
            error = f"there is no {entrypoint}"
        self.jobs[name] = {
            "submission_id": name,
            "entrypoint": entrypoint,
            "status": "FAILED" if error else "SUCCEEDED",
            "message": error or "done",
            "metadata": submission["metadata"],
        }
        return 200, {"submission_id": name}

    def train(self, name: str, entrypoint: str) -> str | None:
        found = re.fullmatch(
            r'python -m digits_job --dataset (\S+) --submission-id "\$RAY_JOB_SUBMISSION_ID"', entrypoint
        )
        if found is None:
            return f"wrong arguments: {entrypoint}"
        model = f"a model of {name}".encode()
        artifact = f"results/{name}/model.onnx"
        self.bucket.put(artifact, model)
        result = {
            "submission_id": name,
            "dataset": found[1],
            "code": "c0de",
            "artifact": artifact,
            "sha256": checksum(model),
            "accuracy": self.accuracy,
        }
        self.bucket.put(f"results/{name}.json", encode(result))
        return None

    def serve(self) -> str | None:
        champion = Registry(self.bucket, "digits").aliases().champion
        if champion and champion.version in self.refused:
            return f"version {champion.version} is refused"
        self.served = champion
        return None

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        if (method, path) == ("POST", "/api/jobs/"):
            return self.submit(json.loads(body))
        if path == "/api/jobs/":
            return 200, list(self.jobs.values())
        if path.startswith("/api/packages/"):
            return 200, {}
        if path == "/model":
            served = self.served
            return (200, {"version": served.version, "sha256": served.sha256}) if served else (503, "nothing is served")
        name, _, rest = path.removeprefix("/api/jobs/").partition("/")
        if name not in self.jobs:
            return 404, f"Job {name} does not exist"
        return 200, {"logs": f"{self.jobs[name]['message']}\n"} if rest == "logs" else self.jobs[name]


class _Handler(BaseHTTPRequestHandler):
    server: RayStandIn

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/model" and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, answer = 401, "the token is wrong"
        else:
            status, answer = self.server.answer(self.command, self.path, body)
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_GET  # noqa: N815 - the names are the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@contextmanager
def ray_stand_in(bucket: Bucket) -> Iterator[RayStandIn]:
    with RayStandIn(bucket) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
