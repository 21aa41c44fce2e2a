from datetime import UTC, datetime, timedelta

import pytest
from conftest import Backends
from opened import opened, read, source
from stand_ins import Airflow as AirflowStandIn
from stand_ins import Ray as RayStandIn

from pipeline_app.sources.airflow import RUNS, Airflow
from pipeline_app.sources.errors import AwayError, RefusedError, StrangeError
from pipeline_app.sources.ray import JOBS, Ray
from pipeline_app.sources.runs import State


def minutes_ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def test_runs_and_jobs_are_shown_with_states_durations_and_links(backends: Backends) -> None:
    backends.airflow.add_run("image_etl", "scheduled__1", "success", minutes_ago(5.2), 65)
    backends.airflow.add_run("image_etl", "scheduled__2", "queued", None)
    backends.airflow.add_run("train_on_ray", "manual__a+b", "failed", minutes_ago(61), 4.2)
    backends.ray.add_job("train--1", "FAILED", minutes_ago(3.2), 100, code=137)
    app = opened("Runs")
    assert [subheader.value for subheader in app.subheader] == ["DAG image_etl", "DAG train_on_ray", "Ray jobs"]
    assert read(app) == (
        "waiting scheduled__2 not begun "
        "succeeded scheduled__1 5 min ago · 1 min 5 s "
        "failed manual__a+b 1 h ago · 4.2 s "
        "failed train--1 3 min ago · 1 min 40 s · exit code 137"
    )
    for link in (
        "http://airflow.example.com/dags/image_etl/runs/scheduled__1",
        "http://airflow.example.com/dags/train_on_ray/runs/manual__a%2Bb",
        "http://ray.example.com/#/jobs/train--1",
    ):
        assert f'href="{link}"' in source(app)
    for tone in ("waiting", "good", "bad"):
        assert f'class="pill {tone}"' in source(app)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "http://"])
def test_without_public_addresses_there_are_no_links(
    backends: Backends, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("AIRFLOW_PUBLIC_URL", url)
    monkeypatch.setenv("RAY_PUBLIC_URL", url)
    backends.airflow.add_run("image_etl", "scheduled__1", "running", minutes_ago(1))
    backends.ray.add_job("train--1", "RUNNING", minutes_ago(1))
    assert "href" not in source(opened("Runs"))


@pytest.mark.usefixtures("backends")
def test_before_there_is_a_run_it_says_so() -> None:
    assert read(opened("Runs")) == "There was no run yet. There was no run yet. No job was submitted yet."


def test_airflow_is_asked_for_few_runs_newest_first(airflow: AirflowStandIn) -> None:
    for number in range(20):
        airflow.add_run("image_etl", f"run-{number}", "success", minutes_ago(number), 1)
    runs = Airflow.from_environment(airflow.environment).runs("image_etl")
    assert [run.name for run in runs] == [f"run-{number}" for number in range(RUNS)]


def test_the_token_is_asked_for_once_and_when_it_is_needed(airflow: AirflowStandIn) -> None:
    client = Airflow.from_environment(airflow.environment)
    assert airflow.requests == []
    client.runs("image_etl")
    client.runs("train_on_ray")
    assert [request.path for request in airflow.requests].count("/auth/token") == 1


def test_a_token_that_has_expired_is_renewed(airflow: AirflowStandIn) -> None:
    airflow.add_run("image_etl", "run", "success", minutes_ago(0), 1)
    client = Airflow.from_environment(airflow.environment)
    client.runs("image_etl")
    airflow.expired |= airflow.tokens
    assert [run.name for run in client.runs("image_etl")] == ["run"]


def test_a_token_of_a_key_that_has_changed_is_renewed(airflow: AirflowStandIn) -> None:
    airflow.add_run("image_etl", "run", "success", minutes_ago(0), 1)
    client = Airflow.from_environment(airflow.environment)
    client.runs("image_etl")
    airflow.tokens.clear()
    assert [run.name for run in client.runs("image_etl")] == ["run"]


def test_a_token_is_renewed_once_and_not_for_ever(airflow: AirflowStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow, "tokens", frozenset())
    monkeypatch.setattr(airflow, "_token", lambda _: (201, {"access_token": "never-taken"}))
    with pytest.raises(RefusedError, match="does not let the account of AIRFLOW_USERNAME read runs"):
        Airflow.from_environment(airflow.environment).runs("image_etl")
    assert [request.path for request in airflow.requests].count("/auth/token") == 2


def test_a_wrong_password_is_said_so_without_telling_it(airflow: AirflowStandIn) -> None:
    client = Airflow.from_environment(airflow.environment | {"AIRFLOW_PASSWORD": "of-somebody-else"})
    with pytest.raises(RefusedError, match="AIRFLOW_USERNAME and AIRFLOW_PASSWORD") as raised:
        client.runs("image_etl")
    assert "of-somebody-else" not in f"{raised.value} {client}"


@pytest.mark.parametrize("answer", ["<html>", [], {"dag_runs": 1}, {"dag_runs": ["run"]}, {"dag_runs": [{}]}])
def test_an_answer_that_is_not_airflows_is_said_so(
    airflow: AirflowStandIn, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr(airflow, "_runs", lambda *_: (200, answer))
    with pytest.raises(StrangeError):
        Airflow.from_environment(airflow.environment).runs("image_etl")


def test_nothing_that_lets_in_follows_a_redirection(airflow: AirflowStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow, "reply", lambda _: (307, {}))
    with pytest.raises(StrangeError, match="307"):
        Airflow.from_environment(airflow.environment).runs("image_etl")
    assert len(airflow.requests) == 1


def test_jobs_are_those_that_were_submitted_newest_first(ray: RayStandIn) -> None:
    ray.add_job(None, "RUNNING", minutes_ago(0))
    for number, status in enumerate(["SUCCEEDED", "STOPPED", "PENDING", "RUNNING", "NEVER_HEARD_OF"] * 3):
        ray.add_job(f"job-{number:02}", status, minutes_ago(30 - number), 1)
    jobs = Ray.from_environment(ray.environment).jobs()
    assert [job.name for job in jobs] == [f"job-{number:02}" for number in range(14, 14 - JOBS, -1)]
    assert [job.state for job in jobs[:5]] == [
        State.UNKNOWN,
        State.RUNNING,
        State.WAITING,
        State.STOPPED,
        State.SUCCEEDED,
    ]


@pytest.mark.parametrize("token", ["", "of-another-cluster"])
def test_a_wrong_token_is_said_so_without_telling_it(ray: RayStandIn, token: str) -> None:
    client = Ray.from_environment(ray.environment | {"RAY_AUTH_TOKEN": token})
    with pytest.raises(RefusedError, match="RAY_AUTH_TOKEN must be that of the cluster") as raised:
        client.jobs()
    assert "of-another-cluster" not in f"{raised.value} {client}"


def test_a_server_that_cannot_is_away(ray: RayStandIn) -> None:
    ray.fails_with = 502
    with pytest.raises(AwayError, match=r"Ray cannot answer at the moment \(502\)"):
        Ray.from_environment(ray.environment).jobs()
