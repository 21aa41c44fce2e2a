"""The hook against a real Ray, with its real token."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from airflow_provider_ray_jobs import api
from airflow_provider_ray_jobs.api import Endpoint, Submission
from airflow_provider_ray_jobs.client import Client
from airflow_provider_ray_jobs.errors import AuthenticationError, RayJobsError, RefusedError
from airflow_provider_ray_jobs.hook import RayJobsHook
from airflow_provider_ray_jobs.package import Package
from fake_ray import FakeRay, fake_ray
from processes import until
from ray_head import RayHead


def connect(monkeypatch: pytest.MonkeyPatch, **fields: object) -> RayJobsHook:
    monkeypatch.setenv("AIRFLOW_CONN_OTHER", json.dumps({"conn_type": "ray_jobs", **fields}))
    return RayJobsHook("other")


def ended(ray: Client, submission_id: str) -> bool:
    job = ray.job(submission_id)
    return job is not None and job.ended


@pytest.mark.usefixtures("ray_head")
def test_the_connection_leads_to_ray() -> None:
    works, message = RayJobsHook().test_connection()
    assert works, message
    assert message == "Ray 2.60.0 answers, and takes the token"


@pytest.mark.usefixtures("ray_head")
def test_an_event_loop_reads_the_same_connection() -> None:
    async def ask() -> str:
        async with await RayJobsHook().aget_conn() as ray:
            return await ray.once(api.version())

    assert asyncio.run(ask()) == "2.60.0"


@pytest.mark.parametrize("token", ["", "another token"])
def test_ray_wants_the_right_token(ray_head: RayHead, token: str) -> None:
    endpoint = Endpoint(ray_head.endpoint.url, token)
    with Client(endpoint) as ray, pytest.raises(AuthenticationError, match=r"HTTP status 40[13]: .*uthenti"):
        ray.jobs()


def test_a_job_runs_what_was_uploaded_once(ray: Client, ray_head: RayHead, tmp_path: Path) -> None:
    (tmp_path / "main.sh").write_text("echo from the package; echo $WORD\n")
    package = Package.of(tmp_path)
    environment = {"working_dir": package.uri, "env_vars": {"WORD": "from outside"}}
    for name in ("uploads", "finds"):
        assert ray.submit(Submission(name, "sh main.sh", environment, {"of": "the tests"}), package) is True
    for name in ("uploads", "finds"):
        until(lambda name=name: ended(ray, name), "the job ends")  # type: ignore[misc]
        assert {"from the package", "from outside"} <= set(ray.log_tail(name, 10))
    job = ray.job("uploads")
    assert job is not None
    assert (job.status, job.exit_code, job.metadata) == ("SUCCEEDED", 0, {"of": "the tests"})
    assert ray_head.endpoint.job_url("uploads").endswith("/#/jobs/uploads")


def test_a_job_is_submitted_once_and_stopped_once(ray: Client) -> None:
    submission = Submission("once", "sleep 60", {}, {})
    assert ray.submit(submission) is True
    assert ray.submit(submission) is False
    assert [job.submission_id for job in ray.jobs()].count("once") == 1
    assert ray.stop("once") is True
    until(lambda: ended(ray, "once"), "the job ends")
    # Ray says that the job is stopped a little before it finds no more to stop.
    until(lambda: not ray.stop("once"), "there is nothing to stop")
    assert ray.stop("never there") is False
    assert ray.job("never there") is None


def test_what_ray_does_not_understand_it_refuses(ray: Client) -> None:
    with pytest.raises(RefusedError, match="HTTP status 400"):
        ray.submit(Submission("refused", "true", {}, {"number": 1}))  # type: ignore[dict-item]


@pytest.fixture
def fake() -> Iterator[FakeRay]:
    with fake_ray() as server:
        yield server


def test_a_connection_that_does_not_work_says_why(monkeypatch: pytest.MonkeyPatch, fake: FakeRay) -> None:
    fake.answers["GET /api/version"] = [(503, "away")]
    works, message = connect(monkeypatch, host="127.0.0.1", port=fake.server_port).test_connection()
    assert not works
    assert message.endswith("/api/version: HTTP status 503: away")


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"host": "ray"}, "http://ray:8265"),
        ({"host": "ray", "port": 1}, "http://ray:1"),
        ({"host": "ray", "schema": "https", "port": 443}, "https://ray:443"),
        ({"host": "https://ray.example.com/cluster/", "port": 443}, "https://ray.example.com:443/cluster"),
        ({"host": "http://ray:2"}, "http://ray:2"),
        ({"host": "fd00::1"}, "http://[fd00::1]:8265"),
    ],
)
def test_a_connection_is_read(monkeypatch: pytest.MonkeyPatch, fields: dict[str, object], url: str) -> None:
    assert connect(monkeypatch, **fields).endpoint().url == url


def test_the_extra_of_a_connection_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"dashboard_url": "https://ray.example.com/", "verify": False, "timeout": 5}
    endpoint = connect(monkeypatch, host="ray", password="t0ken", extra=extra).endpoint()  # noqa: S106
    assert endpoint.job_url("a b") == "https://ray.example.com/#/jobs/a%20b"
    assert (endpoint.token, endpoint.verify, endpoint.timeout) == ("t0ken", False, 5.0)
    assert "t0ken" not in repr(endpoint)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "the Airflow connection other has no host"),
        ({"host": "ftp://ray"}, "does not lead to Ray"),
        ({"host": "http://user@ray"}, "does not lead to Ray"),
        ({"host": "http://:password@ray"}, "does not lead to Ray"),
        ({"host": "ray", "schema": "file"}, "does not lead to Ray"),
        ({"host": "ray", "extra": {"timeout": "5"}}, "`timeout` must be a number of seconds above 0"),
        ({"host": "ray", "extra": {"timeout": 0}}, "`timeout` must be a number"),
        ({"host": "ray", "extra": {"verify": 1}}, "`verify` must be a boolean or a file's name"),
    ],
)
def test_a_wrong_connection_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, object], message: str
) -> None:
    with pytest.raises(RayJobsError, match=message):
        connect(monkeypatch, **fields).endpoint()
