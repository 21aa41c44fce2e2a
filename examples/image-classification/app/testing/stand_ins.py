"""Stand-ins for Airflow, Ray's dashboard and the application on Ray Serve: they answer as the real ones do."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

Reply = tuple[int, Any]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class StandIn(ThreadingHTTPServer):
    """A server on this machine that remembers what it was asked."""

    daemon_threads = True
    fails_with: int | None = None
    """The status of all answers, if they are to fail."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[Request] = []

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        with cls() as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield server
            finally:
                server.shutdown()
                thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.fails_with is not None:
            return self.fails_with, "upstream connect error"
        return self.reply(request)

    def reply(self, request: Request) -> Reply:
        raise NotImplementedError


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, content = self.server.answer(Request(self.command, parts.path, parse_qs(parts.query), headers, body))
        text = isinstance(content, str)
        payload = content.encode() if text else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if text else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do  # noqa: N815 - the server's names

    def log_message(self, *_arguments: Any) -> None:
        pass


class Airflow(StandIn):
    """API v2 of Airflow 3.3, as far as runs can be read, with its FAB accounts."""

    def __init__(self) -> None:
        super().__init__()
        self.username, self.password = "admin", secrets.token_hex(8)
        self.tokens: set[str] = set()
        self.expired: set[str] = set()
        self.runs: dict[str, list[dict[str, Any]]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AIRFLOW_URL": self.url,
            "AIRFLOW_USERNAME": self.username,
            "AIRFLOW_PASSWORD": self.password,
            "AIRFLOW_PUBLIC_URL": "http://airflow.example.com",
        }

    def add_run(self, dag: str, name: str, state: str, began: datetime | None, seconds: float | None = None) -> None:
        ended = began + timedelta(seconds=seconds) if began and seconds is not None else None
        run: dict[str, Any] = {
            "dag_run_id": name,
            "dag_id": dag,
            "logical_date": None,
            "run_after": _iso(began or datetime.now(UTC)),
            "start_date": _iso(began),
            "end_date": _iso(ended),
            "duration": seconds,
            "state": state,
            "run_type": name.partition("__")[0],
            "conf": {},
        }
        self.runs.setdefault(dag, []).append(run)

    def reply(self, request: Request) -> Reply:
        if (request.method, request.path) == ("POST", "/auth/token"):
            return self._token(json.loads(request.body))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return HTTPStatus.UNAUTHORIZED, {"detail": "Not authenticated"}
        if token in self.expired:
            return HTTPStatus.UNAUTHORIZED, {"detail": "Token Expired"}
        if token not in self.tokens:
            return HTTPStatus.FORBIDDEN, {"detail": "Invalid JWT token"}
        match request.path.split("/"):
            case ["", "api", "v2", "dags", dag, "dagRuns"]:
                return self._runs(unquote(dag), request.query)
        return HTTPStatus.NOT_FOUND, {"detail": "Not Found"}

    def _token(self, account: dict[str, str]) -> Reply:
        if account != {"username": self.username, "password": self.password}:
            return HTTPStatus.UNAUTHORIZED, {"detail": "Invalid credentials"}
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return HTTPStatus.CREATED, {"access_token": token}

    def _runs(self, dag: str, query: dict[str, list[str]]) -> Reply:
        if dag not in self.runs:
            return HTTPStatus.NOT_FOUND, {"detail": f"The DAG with dag_id: `{dag}` was not found"}
        order = query.get("order_by", ["id"])
        known = {"-run_after": ("run_after", True), "run_after": ("run_after", False)}
        if order[0] not in known:
            return HTTPStatus.BAD_REQUEST, {"detail": f"Ordering with '{order[0]}' is disallowed"}
        by, reverse = known[order[0]]
        runs = sorted(self.runs[dag], key=lambda run: str(run[by]), reverse=reverse)
        return HTTPStatus.OK, {"dag_runs": runs[: int(query["limit"][0])], "total_entries": len(runs)}


class Ray(StandIn):
    """The dashboard of Ray 2.60 with token authentication, as far as jobs can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.token = secrets.token_hex(16)
        self.jobs: list[dict[str, Any]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RAY_DASHBOARD_URL": self.url,
            "RAY_AUTH_TOKEN": self.token,
            "RAY_PUBLIC_URL": "http://ray.example.com",
        }

    def add_job(
        self, name: str | None, status: str, began: datetime, seconds: float | None = None, code: int | None = None
    ) -> None:
        start = int(began.timestamp() * 1000)
        self.jobs.append(
            {
                "type": "SUBMISSION" if name else "DRIVER",
                "job_id": f"{len(self.jobs):02}000000",
                "submission_id": name,
                "status": status,
                "entrypoint": "python -m digits_job",
                "message": "words of the job's log",
                "metadata": {},
                "runtime_env": {"env_vars": {"SECRET": "a-secret-of-the-job"}},
                "start_time": start,
                "end_time": None if seconds is None else start + int(seconds * 1000),
                "driver_exit_code": code,
            }
        )

    def reply(self, request: Request) -> Reply:
        given = request.headers.get("authorization")
        if given is None:
            return HTTPStatus.UNAUTHORIZED, "Unauthorized: Missing authentication token"
        if given != f"Bearer {self.token}":
            return HTTPStatus.FORBIDDEN, "Forbidden: Invalid authentication token"
        if (request.method, request.path) == ("GET", "/api/jobs/"):
            return HTTPStatus.OK, self.jobs
        return HTTPStatus.NOT_FOUND, "404: Not Found"


@dataclass
class Answers:
    """What the model says, whatever it is shown."""

    digit: int = 7
    version: int = 3
    sha256: str = "ab" * 32
    probabilities: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.probabilities:
            self.probabilities = [0.912 if digit == self.digit else 0.088 / 9 for digit in range(10)]


class Serve(StandIn):
    """Ray Serve with the application of this example, or, if it has no answers, without any application yet."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Answers | None = Answers()
        self.refuses: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"SERVE_URL": self.url}

    def reply(self, request: Request) -> Reply:
        if self.answers is None:
            known = f"Ping {self.url}/-/routes for available routes."
            return HTTPStatus.NOT_FOUND, f"Path '{request.path}' not found. {known}"
        model = {"version": self.answers.version, "sha256": self.answers.sha256}
        match request.method, request.path:
            case "GET", "/model":
                return HTTPStatus.OK, model
            case "POST", "/predict" if self.refuses:
                return HTTPStatus.BAD_REQUEST, {"error": self.refuses}
            case "POST", "/predict":
                prediction = {"digit": self.answers.digit, "probabilities": self.answers.probabilities}
                return HTTPStatus.OK, prediction | model
        return HTTPStatus.NOT_FOUND, {"detail": "Not Found"}


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat().replace("+00:00", "Z")
