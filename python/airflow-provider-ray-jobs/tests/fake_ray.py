"""No Ray, but a server that makes the mistakes that a real one does not make on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from airflow_provider_ray_jobs.api import Endpoint

Answer = tuple[int, str]


def says(**fields: Any) -> Answer:
    return 200, json.dumps(fields)


class FakeRay(ThreadingHTTPServer):
    """Answers each path with the next answer that was set for it, and the last one again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server_port}", "t0ken")

    def answer(self, request: str) -> Answer:
        answers = self.answers.get(request, [(500, f"the test has no answer to {request}")])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def asked(self, request: str) -> int:
        return sum(line == request for line, _, _ in self.requests)


class _Handler(BaseHTTPRequestHandler):
    server: FakeRay

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = f"{self.command} {self.path}"
        self.server.requests.append((request, dict(self.headers), body))
        status, text = self.server.answer(request)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "https://login.example.com/")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_PUT = do_GET  # noqa: N815 - the names are the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@contextmanager
def fake_ray() -> Iterator[FakeRay]:
    with FakeRay() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
