"""The Ray Jobs REST API: what is asked, and what the answers mean. Nothing is sent here.

The client, which waits, and that of the trigger, which must not, share all of this.
"""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from airflow_provider_ray_jobs.errors import (
    AuthenticationError,
    JobExistsError,
    JobNotFoundError,
    RefusedError,
    ServerError,
    UnreachableError,
)

T = TypeVar("T")

SUCCEEDED, FAILED, STOPPED = "SUCCEEDED", "FAILED", "STOPPED"
ENDED = frozenset({SUCCEEDED, FAILED, STOPPED})

_OK, _REDIRECTIONS, _CLIENT_ERRORS = 200, 300, 400
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TIMEOUT, _TOO_MANY = 401, 403, 404, 408, 429
_SERVER_ERRORS = 500
_MOST_WORDS = 600


@dataclass(frozen=True)
class Endpoint:
    """Where Ray's dashboard is, and how to talk to it."""

    url: str
    token: str = field(default="", repr=False)
    verify: bool | str = True
    """Whether the certificate is checked, or the file of the authorities that are trusted."""
    timeout: float = 30.0
    dashboard_url: str = ""
    """How the people's browsers reach it, if not by `url`."""

    def job_url(self, submission_id: str) -> str:
        """Find the job's page."""
        return f"{self.dashboard_url or self.url}/#/jobs/{quote(submission_id, safe='')}"

    def client_options(self) -> dict[str, Any]:
        """Configure a client of `httpx`, of either kind."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = httpx.Timeout(self.timeout, connect=min(self.timeout, 5.0))
        verify: bool | ssl.SSLContext
        if not self.url.startswith("https:"):
            # To read all the authorities of the world takes a while, and here nobody asks for them.
            verify = False
        elif isinstance(self.verify, str):
            verify = ssl.create_default_context(cafile=self.verify)
        else:
            verify = self.verify
        return {"headers": headers, "timeout": timeout, "verify": verify}


@dataclass(frozen=True)
class Job:
    """What Ray says of a job."""

    submission_id: str
    status: str
    message: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    exit_code: int | None = None
    start_time: int | None = None
    end_time: int | None = None

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> "Job":
        """Read an answer of Ray, or raise a `KeyError`, `TypeError` or `ValueError`."""
        if not isinstance(answer["status"], str):
            raise TypeError("the status is no text")
        return cls(
            # Of drivers that nobody submitted, Ray tells a `job_id` only.
            submission_id=str(answer["submission_id"] or ""),
            status=answer["status"],
            message=str(answer.get("message") or ""),
            metadata={str(key): str(value) for key, value in (answer.get("metadata") or {}).items()},
            exit_code=answer.get("driver_exit_code"),
            start_time=answer.get("start_time"),
            end_time=answer.get("end_time"),
        )

    @property
    def ended(self) -> bool:
        """Tell whether it will not change any more."""
        return self.status in ENDED

    def to_event(self) -> dict[str, Any]:
        """Write it as the trigger's event holds it."""
        return asdict(self)


@dataclass(frozen=True)
class Submission:
    """What is asked of Ray to run."""

    submission_id: str
    entrypoint: str
    runtime_env: Mapping[str, Any]
    metadata: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    """The resources of the entrypoint, by Ray's names for them."""


@dataclass(frozen=True)
class Request(Generic[T]):
    """A request, and how its answer is read. Each may be sent again: the submission id makes sure of that."""

    doing: str
    method: str
    path: str
    read: Callable[[httpx.Response], T]
    submission_id: str = ""
    json: Any = None
    content: bytes | None = None

    def url_on(self, endpoint: Endpoint) -> str:
        """Find the whole URL."""
        return f"{endpoint.url}{self.path}"

    def answer(self, endpoint: Endpoint, response: httpx.Response) -> T:
        """Read the answer, or raise the `RequestError` that it is."""
        check(self, endpoint, response)
        try:
            return self.read(response)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            words = f"the answer is not one of Ray ({type(error).__name__}: {error}): {_words(endpoint, response)}"
            raise ServerError(self.doing, self.url_on(endpoint), words, status=response.status_code) from error

    def unanswered(self, endpoint: Endpoint, error: httpx.HTTPError | httpx.InvalidURL) -> UnreachableError:
        """Make an error of there being no answer."""
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        return UnreachableError(self.doing, self.url_on(endpoint), words)


def check(request: Request[Any], endpoint: Endpoint, response: httpx.Response) -> None:
    """Raise what the status of an answer means, unless it is success."""
    status = response.status_code
    if _OK <= status < _REDIRECTIONS:
        return
    words = _words(endpoint, response)
    url = request.url_on(endpoint)
    name = request.submission_id
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        advice = "the password of the Airflow connection must be the token of the Ray cluster"
        raise AuthenticationError(request.doing, url, words, status=status, advice=advice)
    if name and f"submission_id {name} already exists" in response.text:
        raise JobExistsError(request.doing, url, words, status=status)
    if status == _NOT_FOUND and name and f"Job {name} does not exist" in response.text:
        raise JobNotFoundError(request.doing, url, words, status=status)
    if status < _CLIENT_ERRORS:
        words = f"a redirection to {response.headers.get('location', 'nowhere')}"
        advice = "does a proxy with a login stand before Ray?"
        raise RefusedError(request.doing, url, words, status=status, advice=advice)
    # Any other 404 is that of a proxy that has lost Ray.
    if status >= _SERVER_ERRORS or status in {_NOT_FOUND, _TIMEOUT, _TOO_MANY}:
        raise ServerError(request.doing, url, words, status=status)
    raise RefusedError(request.doing, url, words, status=status)


def version() -> Request[str]:
    """Ask for Ray's version, which also checks the token."""
    return Request("ask for Ray's version", "GET", "/api/version", lambda answer: str(answer.json()["ray_version"]))


def jobs() -> Request[list[Job]]:
    """Ask for all jobs that were submitted."""

    def read(response: httpx.Response) -> list[Job]:
        return [job for job in map(Job.parse, response.json()) if job.submission_id]

    return Request("list the jobs", "GET", "/api/jobs/", read)


def job(submission_id: str) -> Request[Job]:
    """Ask for one job. There may be none, which is a `JobNotFoundError`."""
    doing = f"look up the job {submission_id}"
    return Request(doing, "GET", _path(submission_id), lambda answer: Job.parse(answer.json()), submission_id)


def submit(submission: Submission) -> Request[str]:
    """Submit a job. One with this id may be there already, which is a `JobExistsError`."""
    body = {
        "entrypoint": submission.entrypoint,
        "submission_id": submission.submission_id,
        "runtime_env": dict(submission.runtime_env),
        "metadata": dict(submission.metadata),
        **submission.options,
    }
    return Request(
        f"submit the job {submission.submission_id}",
        "POST",
        "/api/jobs/",
        lambda answer: str(answer.json()["submission_id"]),
        submission.submission_id,
        json=body,
    )


def stop(submission_id: str) -> Request[bool]:
    """Stop a job, and tell whether it was running."""
    path = f"{_path(submission_id)}/stop"
    doing = f"stop the job {submission_id}"
    return Request(doing, "POST", path, lambda answer: bool(answer.json()["stopped"]), submission_id)


def logs(submission_id: str) -> Request[None]:
    """Ask for a job's log, which is read as a stream and not here."""
    path = f"{_path(submission_id)}/logs"
    return Request(f"read the log of the job {submission_id}", "GET", path, lambda _: None, submission_id)


def has_package(name: str) -> Request[None]:
    """Ask whether a package is there, and keep it there for some minutes. There may be none: a `ServerError`, 404."""
    return Request(f"look for the package {name}", "GET", _package_path(name), lambda _: None)


def upload(name: str, content: bytes) -> Request[None]:
    """Store a package."""
    return Request(f"upload the package {name}", "PUT", _package_path(name), lambda _: None, content=content)


def is_missing_package(error: ServerError, name: str) -> bool:
    """Tell whether it is Ray who says that there is no such package."""
    return error.status == _NOT_FOUND and error.words == f"Package gcs://{name} does not exist"


def _path(submission_id: str) -> str:
    return f"/api/jobs/{quote(submission_id, safe='')}"


def _package_path(name: str) -> str:
    return f"/api/packages/gcs/{quote(name, safe='')}"


def _words(endpoint: Endpoint, response: httpx.Response) -> str:
    """Find what the server says: of a traceback, which is what Ray often answers with, the end says it."""
    lines = [line.strip() for line in response.text.splitlines() if line.strip(" .")]
    if any(line.startswith("Traceback ") for line in lines):
        lines = lines[-1:]
    words = " ".join(lines)[:_MOST_WORDS] or response.reason_phrase or "no word of explanation"
    return words.replace(endpoint.token, "***") if endpoint.token else words
