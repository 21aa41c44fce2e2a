"""One source that fails says so itself, and leaves the others alone. No secret is ever told."""

import logging
import re
import socket
import time
from datetime import UTC, datetime

import content
import pytest
from conftest import Backends
from opened import everything, opened, read

NOBODY = "http://127.0.0.1:1"
TABS = ("Predict", "Batches", "Runs", "Model")


@pytest.fixture(autouse=True)
def _filled(backends: Backends) -> None:
    now = datetime.now(UTC)
    content.put_report(backends.bucket, content.report("monday", [content.file("a.png")], now))
    content.register(backends.bucket, b"first", 0.9512)
    backends.airflow.add_run("image_etl", "run", "success", now, 1)
    backends.ray.add_job("job", "SUCCEEDED", now, 1)


def test_airflow_away_leaves_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_URL", NOBODY)
    shown = read(opened("Runs"))
    assert shown.count("Airflow does not answer. It is asked again in a few seconds.") == 2
    assert "succeeded job" in shown


def test_ray_away_leaves_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_DASHBOARD_URL", NOBODY)
    shown = read(opened("Runs"))
    assert "Ray does not answer." in shown
    assert "succeeded run" in shown


def test_the_bucket_away_leaves_runs_and_what_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", NOBODY)
    away = "The bucket does not answer. It is asked again in a few seconds."
    assert read(opened("Batches")) == away
    assert read(opened("Model")) == f"{away} Version 3 is served (abababababab)."
    assert "succeeded run" in read(opened("Runs"))


def test_serve_away_leaves_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVE_URL", NOBODY)
    shown = read(opened("Model"))
    assert "Version 1 Created" in shown
    assert "The model does not answer." in shown


def test_wrong_credentials_of_the_bucket_are_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-somebody-else")
    assert read(opened("Batches")).startswith("The bucket does not let this page in")


@pytest.mark.parametrize(
    ("variable", "tab"),
    [
        ("AWS_ENDPOINT_URL_S3", "Batches"),
        ("AWS_ACCESS_KEY_ID", "Batches"),
        ("AWS_SECRET_ACCESS_KEY", "Model"),
        ("BUCKET", "Model"),
        ("AIRFLOW_URL", "Runs"),
        ("AIRFLOW_USERNAME", "Runs"),
        ("AIRFLOW_PASSWORD", "Runs"),
        ("RAY_DASHBOARD_URL", "Runs"),
        ("SERVE_URL", "Model"),
    ],
)
def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, tab: str) -> None:
    monkeypatch.delenv(variable)
    assert f"The environment variable {variable} is not set." in read(opened(tab))


@pytest.mark.parametrize("url", ["serve.example.com", "ftp://serve", "http://"])
def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SERVE_URL", url)
    assert "The environment variable SERVE_URL is no address" in read(opened("Model"))


def test_who_says_nothing_is_waited_for_some_seconds_and_not_at_every_click(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("RAY_DASHBOARD_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr("pipeline_app.sources.web.TIMEOUT_SECONDS", (0.3, 0.3))
        app = opened("Runs")
        assert "Ray does not answer in time." in read(app)
        began = time.monotonic()
        app.run()
        assert time.monotonic() - began < 0.3
        assert "Ray does not answer in time." in read(app)


@pytest.mark.parametrize("fails_with", [None, 401, 500])
def test_no_secret_is_told_to_the_browser_or_the_log(
    backends: Backends, caplog: pytest.LogCaptureFixture, fails_with: int | None
) -> None:
    caplog.set_level(logging.DEBUG, "pipeline_app")
    for server in (backends.airflow, backends.ray, backends.serve):
        server.fails_with = fails_with
    told = "".join(everything(opened(tab)) for tab in TABS) + caplog.text
    for secret in (
        backends.airflow.password,
        backends.ray.token,
        backends.storage.secret,
        "a-secret-of-the-job",
        *backends.airflow.tokens,
    ):
        assert secret not in told
    # The addresses within the cluster are nobody's business either.
    assert not re.search(r"127\.0\.0\.1", told)
