"""What the client makes of the errors of a server, which is a fake since a real one makes none on demand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from airflow_provider_ray_jobs import api
from airflow_provider_ray_jobs.api import Endpoint, Submission
from airflow_provider_ray_jobs.client import Client
from airflow_provider_ray_jobs.errors import (
    AuthenticationError,
    JobNotFoundError,
    RefusedError,
    RequestError,
    ServerError,
    UnreachableError,
)
from airflow_provider_ray_jobs.package import Package
from fake_ray import FakeRay, fake_ray, says
from processes import free_ports

SUBMISSION = Submission("a", "true", {"env_vars": {"PASSWORD": "hunter2"}}, {})


@pytest.fixture
def fake() -> Iterator[FakeRay]:
    with fake_ray() as server:
        yield server


@pytest.fixture
def client(fake: FakeRay) -> Iterator[Client]:
    with Client(fake.endpoint, patience=5, sleep=lambda _: None) as client:
        yield client


def hasty(endpoint: Endpoint) -> Client:
    return Client(endpoint, patience=0)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(fake: FakeRay, client: Client, status: int) -> None:
    fake.answers["GET /api/version"] = [(status, "busy"), (status, "busy"), says(ray_version="2.60.0")]
    assert client.version() == "2.60.0"
    assert fake.asked("GET /api/version") == 3


def test_an_error_names_url_status_and_the_servers_words(fake: FakeRay) -> None:
    fake.answers["GET /api/version"] = [(503, "the backend\n is away\n")]
    with hasty(fake.endpoint) as client, pytest.raises(ServerError) as caught:
        client.version()
    url = f"{fake.endpoint.url}/api/version"
    assert str(caught.value) == f"failed to ask for Ray's version at {url}: HTTP status 503: the backend is away"
    assert (caught.value.url, caught.value.status, caught.value.words) == (url, 503, "the backend is away")


def test_of_a_traceback_the_end_is_told(fake: FakeRay) -> None:
    traceback = 'Traceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\nValueError: it is so.\n.\n'
    fake.answers["POST /api/jobs/"] = [(500, traceback)]
    with hasty(fake.endpoint) as client, pytest.raises(ServerError, match=r"HTTP status 500: ValueError: it is so\.$"):
        client.submit(SUBMISSION)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_token_is_not_tried_twice(fake: FakeRay, client: Client, status: int) -> None:
    fake.answers["GET /api/version"] = [(status, "Forbidden: t0ken is wrong")]
    with pytest.raises(AuthenticationError, match=r"\*\*\* is wrong; the password of the Airflow connection") as caught:
        client.version()
    assert "t0ken" not in str(caught.value)
    assert fake.asked("GET /api/version") == 1


def test_no_secret_is_in_what_is_shown(fake: FakeRay) -> None:
    fake.answers["POST /api/jobs/"] = [(400, "no")]
    with hasty(fake.endpoint) as client, pytest.raises(RefusedError) as caught:
        client.submit(SUBMISSION)
    shown = f"{caught.value} {caught.value!r} {fake.endpoint!r}"
    assert "hunter2" not in shown
    assert "t0ken" not in shown
    assert fake.requests[0][1]["Authorization"] == "Bearer t0ken"


def test_a_login_page_is_no_ray(fake: FakeRay, client: Client) -> None:
    fake.answers["GET /api/version"] = [(302, "")]
    with pytest.raises(RefusedError, match=r"a redirection to https://login.example.com/; does a proxy"):
        client.version()
    assert fake.asked("GET /api/version") == 1


@pytest.mark.parametrize("body", ["<html>", "[]", "null", '"text"', "{}"])
def test_an_answer_that_is_not_one_of_ray_may_pass(fake: FakeRay, client: Client, body: str) -> None:
    fake.answers["GET /api/version"] = [(200, body), says(ray_version="2.60.0")]
    assert client.version() == "2.60.0"
    fake.answers["GET /api/jobs/a"] = [(200, body)]
    with hasty(fake.endpoint) as impatient, pytest.raises(ServerError, match="the answer is not one of Ray"):
        impatient.job("a")


def test_only_ray_itself_can_say_that_a_job_is_gone(fake: FakeRay) -> None:
    with hasty(fake.endpoint) as client:
        fake.answers["GET /api/jobs/a"] = [(404, "default backend - 404")]
        with pytest.raises(ServerError):
            client.job("a")
        fake.answers["GET /api/jobs/a"] = [(404, "Job a does not exist")]
        assert client.job("a") is None
        with pytest.raises(JobNotFoundError):
            client.once(api.job("a"))


def test_a_server_that_is_not_there_is_waited_for_so_long_and_no_longer() -> None:
    endpoint = Endpoint(f"http://127.0.0.1:{free_ports(1)[0]}")
    with Client(endpoint, patience=0.6) as client, pytest.raises(UnreachableError, match="Connection refused"):
        client.version()
    slept: list[float] = []
    with Client(endpoint, patience=0.2, sleep=slept.append) as client, pytest.raises(UnreachableError):
        client.version()
    assert max(slept) <= 0.2


def test_a_server_that_does_not_answer_in_time_is_unreachable(fake: FakeRay) -> None:
    fake.shutdown()
    with hasty(Endpoint(fake.endpoint.url, timeout=0.2)) as client, pytest.raises(UnreachableError, match="Timeout"):
        client.version()


def test_a_job_that_is_there_already_is_not_an_error(fake: FakeRay, client: Client) -> None:
    fake.answers["POST /api/jobs/"] = [
        (500, "ValueError: Job with submission_id a already exists. Please use another.")
    ]
    assert client.submit(SUBMISSION) is False
    assert fake.asked("POST /api/jobs/") == 1


def test_another_job_that_is_there_already_is_one(fake: FakeRay) -> None:
    fake.answers["POST /api/jobs/"] = [(500, "ValueError: Job with submission_id a--2 already exists.")]
    with hasty(fake.endpoint) as client, pytest.raises(ServerError):
        client.submit(SUBMISSION)


def test_the_package_is_looked_for_again_when_the_submission_is_tried_again(
    fake: FakeRay, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text("1")
    package = Package.of(tmp_path)
    path = f"/api/packages/gcs/{package.name}"
    missing = (404, f"Package gcs://{package.name} does not exist")
    # The head dies between the upload and the submission, and forgets the package.
    fake.answers = {
        f"GET {path}": [missing, missing, (200, "")],
        f"PUT {path}": [(200, "")],
        "POST /api/jobs/": [(502, "away"), says(submission_id="a")],
    }
    assert client.submit(SUBMISSION, package) is True
    assert fake.asked(f"PUT {path}") == 2


def test_a_package_that_a_proxy_does_not_know_is_not_uploaded(fake: FakeRay, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("1")
    package = Package.of(tmp_path)
    fake.answers[f"GET /api/packages/gcs/{package.name}"] = [(404, "default backend - 404")]
    with hasty(fake.endpoint) as client, pytest.raises(ServerError, match="default backend"):
        client.submit(SUBMISSION, package)


def test_a_stop_of_what_is_not_there_is_none(fake: FakeRay, client: Client) -> None:
    fake.answers["POST /api/jobs/a/stop"] = [(404, "Job a does not exist")]
    assert client.stop("a") is False


@pytest.mark.parametrize("answer", [(200, '{"logs": null}'), (200, "{"), (500, "no log")])
def test_a_log_that_is_not_to_be_had_is_an_error_of_its_own(fake: FakeRay, answer: tuple[int, str]) -> None:
    fake.answers["GET /api/jobs/a/logs"] = [answer]
    with hasty(fake.endpoint) as client, pytest.raises(RequestError, match="failed to read the log of the job a"):
        client.log_tail("a", 10)
