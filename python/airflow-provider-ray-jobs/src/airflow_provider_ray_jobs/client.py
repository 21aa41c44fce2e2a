"""Talks to Ray: a client that waits, for tasks, and one that does not, for triggers."""

import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from airflow_provider_ray_jobs import api
from airflow_provider_ray_jobs.api import Endpoint, Job, Request, Submission
from airflow_provider_ray_jobs.errors import JobExistsError, JobNotFoundError, ServerError, TransientError
from airflow_provider_ray_jobs.log_tail import log_tail
from airflow_provider_ray_jobs.package import Package
from airflow_provider_ray_jobs.patience import Patience, delays

T = TypeVar("T")

log = logging.getLogger(__name__)


class _Quiet(logging.Filter):
    """Keeps the line that `httpx` logs for each request out of the tasks' logs: there are thousands of them."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        of_ours = isinstance(record.args, tuple) and any(
            str(argument).startswith(tuple(self.urls)) for argument in record.args
        )
        return record.levelno > logging.INFO or not of_ours


_quiet = _Quiet()
logging.getLogger("httpx").addFilter(_quiet)


class Client:
    """The Jobs API of one Ray cluster. Failures that may pass are tried again until the patience is at its end."""

    def __init__(self, endpoint: Endpoint, patience: float = 30.0, sleep: Callable[[float], None] = time.sleep) -> None:
        """Open no connection yet."""
        self.endpoint = endpoint
        self._patience = patience
        self._sleep = sleep
        _quiet.urls.add(endpoint.url)
        self._http = httpx.Client(**endpoint.client_options())

    def __enter__(self) -> Self:
        """Be closed at the end of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def once(self, request: Request[T]) -> T:
        """Send a request and read the answer, or raise a `RequestError`."""
        try:
            response = self._http.request(request.method, request.url_on(self.endpoint), **_body(request))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise request.unanswered(self.endpoint, error) from error
        return request.answer(self.endpoint, response)

    def patiently(self, attempt: Callable[[], T]) -> T:
        """Repeat an attempt until it does not raise a `TransientError`, or the patience is at its end."""
        patience = Patience(self._patience)
        for delay in delays():
            try:
                return attempt()
            except TransientError as error:
                patience.bear(error)
                log.warning("%s; trying again", error)
                self._sleep(min(delay, max(patience.left, 0.0)))
        raise AssertionError("there is always another delay")

    def version(self) -> str:
        """Ask for Ray's version."""
        return self.patiently(lambda: self.once(api.version()))

    def jobs(self) -> list[Job]:
        """List the jobs that were submitted."""
        return self.patiently(lambda: self.once(api.jobs()))

    def job(self, submission_id: str) -> Job | None:
        """Look up a job. `None` means that Ray says there is none."""
        try:
            return self.patiently(lambda: self.once(api.job(submission_id)))
        except JobNotFoundError:
            return None

    def submit(self, submission: Submission, package: Package | None = None) -> bool:
        """Submit a job, or find that one with its id is there already and answer `False`.

        The package is looked for, and uploaded if it is missing, at each attempt: a Ray head that has died in between
        has lost it.
        """

        def attempt() -> bool:
            if package:
                self._provide(package)
            try:
                self.once(api.submit(submission))
            except JobExistsError:
                return False
            return True

        return self.patiently(attempt)

    def stop(self, submission_id: str) -> bool:
        """Stop a job, and tell whether it was running. One that is not there is not running."""
        try:
            return self.patiently(lambda: self.once(api.stop(submission_id)))
        except JobNotFoundError:
            return False

    def log_tail(self, submission_id: str, lines: int) -> list[str]:
        """Read the last lines of a job's log."""
        request = api.logs(submission_id)

        def attempt() -> list[str]:
            try:
                with self._http.stream(request.method, request.url_on(self.endpoint)) as response:
                    if not response.is_success:
                        response.read()
                    api.check(request, self.endpoint, response)
                    return log_tail(response.iter_bytes(), lines)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise request.unanswered(self.endpoint, error) from error
            except ValueError as error:
                words = f"the answer is not one of Ray: {error}"
                raise ServerError(request.doing, request.url_on(self.endpoint), words) from error

        return self.patiently(attempt)

    def _provide(self, package: Package) -> None:
        try:
            self.once(api.has_package(package.name))
        except ServerError as error:
            if not api.is_missing_package(error, package.name):
                raise
            content = package.zip()
            log.info("uploading the package %s, %d bytes", package.name, len(content))
            self.once(api.upload(package.name, content))
        else:
            log.info("the package %s is there already", package.name)


class AsyncClient:
    """The Jobs API of one Ray cluster, for an event loop. Each request is sent once."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open no connection yet."""
        self.endpoint = endpoint
        _quiet.urls.add(endpoint.url)
        self._http = httpx.AsyncClient(**endpoint.client_options())

    async def __aenter__(self) -> Self:
        """Be closed at the end of a block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def once(self, request: Request[T]) -> T:
        """Send a request and read the answer, or raise a `RequestError`."""
        try:
            response = await self._http.request(request.method, request.url_on(self.endpoint), **_body(request))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise request.unanswered(self.endpoint, error) from error
        return request.answer(self.endpoint, response)


def _body(request: Request[Any]) -> dict[str, Any]:
    return {"json": request.json} if request.json is not None else {"content": request.content}
