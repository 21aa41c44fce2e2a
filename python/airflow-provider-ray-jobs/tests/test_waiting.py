"""Tasks and triggers that wait for a job of a fake Ray, which forgets, refuses and fails when a test wants it to."""

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.triggers.base import BaseTrigger

from airflow_provider_ray_jobs import task_state, trigger
from airflow_provider_ray_jobs.errors import (
    JobFailedError,
    JobLostError,
    JobStoppedError,
    JobTimeoutError,
    JobUnwatchedError,
    RayJobsError,
    SupersededError,
)
from airflow_provider_ray_jobs.identity import TaskIdentity
from airflow_provider_ray_jobs.operator import RayJobOperator
from airflow_provider_ray_jobs.trigger import RayJobTrigger
from fake_ray import Answer, FakeRay, fake_ray, says

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
TASK = TaskIdentity("dag", "run", "task", -1, STARTED, 2)
BASE = TASK.base
GONE: Answer = (404, f"Job {BASE} does not exist")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRay]:
    with fake_ray() as server:
        connection = {"conn_type": "ray_jobs", "host": "127.0.0.1", "port": server.server_port}
        monkeypatch.setenv("AIRFLOW_CONN_RAY_DEFAULT", json.dumps(connection))
        server.answers["GET /api/jobs/"] = [jobs()]
        server.answers["POST /api/jobs/"] = [says(submission_id="it")]
        server.answers[f"GET /api/jobs/{BASE}/logs"] = [says(logs="first\nlast\n")]
        yield server


def job(  # noqa: PLR0913 - all but two have names
    status: str,
    number: int = 1,
    *,
    run_started: datetime = STARTED,
    max_tries: int = 2,
    resubmission: int = 0,
    message: str = "",
) -> dict[str, Any]:
    metadata = replace(TASK, run_started=run_started, max_tries=max_tries).metadata(resubmission)
    return {"submission_id": TASK.nth(number), "status": status, "metadata": metadata, "message": message}


def jobs(*found: dict[str, Any]) -> Answer:
    driver = {"submission_id": None, "status": "RUNNING", "job_id": "01000000"}
    return 200, json.dumps([*found, driver])


class Run:
    """A run of a task, and what it leaves."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"poll_seconds": 0.01, "patience": timedelta(seconds=1), "deferrable": False}
        self.operator = RayJobOperator(task_id="task", entrypoint="true", **{**defaults, **options})
        self.xcoms: dict[str, Any] = {}
        self.context: Any = {
            "ti": SimpleNamespace(
                dag_id="dag", run_id="run", task_id="task", map_index=-1, max_tries=2, xcom_push=self._push
            ),
            "dag_run": SimpleNamespace(start_date=STARTED),
        }

    def _push(self, key: str, value: Any) -> None:
        self.xcoms[key] = value

    def execute(self) -> dict[str, Any]:
        return self.operator.execute(self.context)

    def complete(self, **event: Any) -> dict[str, Any]:
        known = {"submission_id": BASE, "resubmission": 0, "deadline": None}
        return self.operator.execute_complete(self.context, {**known, **event})


def submitted(fake: FakeRay) -> list[dict[str, Any]]:
    return [json.loads(body) for request, _, body in fake.requests if request == "POST /api/jobs/"]


def test_a_job_is_submitted_and_waited_for(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("PENDING")), says(**job("RUNNING")), says(**job("SUCCEEDED"))]
    run = Run(
        entrypoint_num_cpus=1,
        entrypoint_resources={"a": 2},
        runtime_env={"env_vars": {"A": "b"}},
        metadata={"team": "tests"},
    )
    result = run.execute()
    assert (result["submission_id"], result["status"]) == (BASE, "SUCCEEDED")
    assert run.xcoms["submission_id"] == BASE
    (body,) = submitted(fake)
    assert body["entrypoint_num_cpus"] == 1
    assert body["entrypoint_resources"] == {"a": 2}
    assert body["runtime_env"] == {"env_vars": {"RAY_JOB_SUBMISSION_ID": BASE, "A": "b"}}
    assert body["metadata"] == {"team": "tests", **TASK.metadata(0)}


def test_the_end_of_the_log_and_the_message_are_shown(
    fake: FakeRay, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "it is broken with exit code 3, last available logs (truncated to 20,000 chars):\nfirst\nlast\n"
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("FAILED", message=message))]
    run = Run(log_lines=1)
    with caplog.at_level(logging.INFO), pytest.raises(JobFailedError, match=r"it is broken with exit code 3$"):
        run.execute()
    # Airflow 3 writes past Python's logging, once it has run a task.
    shown = caplog.text + capsys.readouterr().out
    assert "  last" in shown
    assert "  first" not in shown


def test_a_log_that_is_not_to_be_had_changes_nothing(fake: FakeRay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_provider_ray_jobs.operator.LOG_PATIENCE", 0)
    fake.answers[f"GET /api/jobs/{BASE}/logs"] = [(500, "no agent")]
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("SUCCEEDED"))]
    assert Run().execute()["status"] == "SUCCEEDED"


@pytest.mark.parametrize("status", ["PENDING", "RUNNING", "SUCCEEDED", "A_NEW_ONE"])
def test_a_job_of_an_earlier_try_is_found(fake: FakeRay, status: str) -> None:
    fake.answers["GET /api/jobs/"] = [jobs(job("FAILED"), job(status, 2))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}"] = [says(**job("SUCCEEDED", 2))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}/logs"] = [says(logs="")]
    assert Run().execute()["submission_id"] == TASK.nth(2)
    assert not submitted(fake)


@pytest.mark.parametrize("status", ["FAILED", "STOPPED"])
def test_after_a_job_that_did_not_end_well_comes_the_next(fake: FakeRay, status: str) -> None:
    fake.answers["GET /api/jobs/"] = [jobs(job("FAILED"), job(status, 2))]
    fake.answers[f"GET /api/jobs/{TASK.nth(3)}"] = [says(**job("SUCCEEDED", 3))]
    fake.answers[f"GET /api/jobs/{TASK.nth(3)}/logs"] = [says(logs="")]
    assert Run().execute()["submission_id"] == TASK.nth(3)


@pytest.mark.parametrize("before", [{"max_tries": 1}, {"run_started": STARTED - timedelta(1), "max_tries": 3}])
def test_a_task_that_was_cleared_or_is_of_a_run_made_anew_does_not_take_the_result_of_before(
    fake: FakeRay, before: dict[str, Any]
) -> None:
    fake.answers["GET /api/jobs/"] = [jobs(job("SUCCEEDED", **before))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}"] = [says(**job("SUCCEEDED", 2))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}/logs"] = [says(logs="")]
    assert Run().execute()["submission_id"] == TASK.nth(2)


def test_a_cleared_task_stops_the_job_of_before_and_waits_until_it_is(fake: FakeRay) -> None:
    fake.answers["GET /api/jobs/"] = [jobs(job("RUNNING", max_tries=1))]
    fake.answers[f"POST /api/jobs/{BASE}/stop"] = [says(stopped=True)]
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), says(**job("STOPPED"))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}"] = [says(**job("SUCCEEDED", 2))]
    fake.answers[f"GET /api/jobs/{TASK.nth(2)}/logs"] = [says(logs="")]
    assert Run().execute()["submission_id"] == TASK.nth(2)
    order = [request for request, _, _ in fake.requests]
    assert order.index("POST /api/jobs/") > order.index(f"POST /api/jobs/{BASE}/stop")
    assert fake.asked(f"GET /api/jobs/{BASE}") == 2


def test_a_run_that_a_clear_has_made_old_touches_nothing(fake: FakeRay) -> None:
    fake.answers["GET /api/jobs/"] = [jobs(job("RUNNING", max_tries=3))]
    with pytest.raises(SupersededError):
        Run().execute()
    assert [request for request, _, _ in fake.requests] == ["GET /api/jobs/"]


def test_a_job_that_another_worker_has_just_submitted_is_waited_for(fake: FakeRay) -> None:
    fake.answers["POST /api/jobs/"] = [(500, f"ValueError: Job with submission_id {BASE} already exists.")]
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("SUCCEEDED"))]
    assert Run().execute()["submission_id"] == BASE


def test_a_lost_job_is_submitted_again_so_often_and_no_more(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), GONE]
    with pytest.raises(JobLostError, match="was lost by Ray 3 times"):
        Run(resubmissions=2).execute()
    assert [body["submission_id"] for body in submitted(fake)] == [BASE] * 3
    assert [body["metadata"]["airflow_resubmission"] for body in submitted(fake)] == ["0", "1", "2"]


def test_a_stopped_job_fails_the_task(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("STOPPED", message="by hand"))]
    with pytest.raises(JobStoppedError, match="was stopped: by hand"):
        Run().execute()


def test_a_head_that_is_away_is_waited_for_so_long_and_no_longer(fake: FakeRay) -> None:
    away = (503, "away")
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), *[away] * 20, says(**job("SUCCEEDED"))]
    assert Run().execute()["status"] == "SUCCEEDED"
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), away]
    with pytest.raises(JobUnwatchedError, match="may go on, unwatched; another try of the task finds it"):
        Run(patience=timedelta(seconds=0.1)).execute()


@pytest.mark.parametrize("stops", [True, False])
def test_a_killed_task_stops_its_job_and_ends(fake: FakeRay, stops: bool) -> None:
    run = Run(stop_on_kill=stops)
    fake.answers[f"POST /api/jobs/{BASE}/stop"] = [says(stopped=True)]
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING"))]
    sleep = run.operator._sleep

    def killed(seconds: float) -> None:
        run.operator.on_kill()
        sleep(seconds)

    run.operator._sleep = killed  # type: ignore[method-assign]
    with pytest.raises(JobStoppedError, match="the task is killed"):
        run.execute()
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == stops


def test_what_ray_would_quote_is_refused_here(fake: FakeRay) -> None:
    with pytest.raises(RayJobsError, match="the value of PASSWORD must be text, and is of the type int") as caught:
        Run(runtime_env={"env_vars": {"PASSWORD": 12345}}).execute()
    assert "12345" not in str(caught.value)
    with pytest.raises(RayJobsError, match="`working_dir` is given twice"):
        Run(working_dir="s3://bucket/a.zip", runtime_env={"working_dir": "."}).execute()
    assert not submitted(fake)


def test_a_working_directory_elsewhere_is_left_to_ray(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("SUCCEEDED"))]
    Run(working_dir="s3://bucket/a.zip").execute()
    assert submitted(fake)[0]["runtime_env"]["working_dir"] == "s3://bucket/a.zip"


def test_what_the_trigger_has_seen_ends_the_task(fake: FakeRay) -> None:
    run = Run(execution_timeout=timedelta(hours=1))
    assert run.complete(kind=trigger.ENDED, job=job("SUCCEEDED"))["status"] == "SUCCEEDED"
    with pytest.raises(JobFailedError):
        run.complete(kind=trigger.ENDED, job=job("FAILED"))
    with pytest.raises(JobTimeoutError, match="took longer than 1:00:00; it was stopped"):
        run.complete(kind=trigger.LATE, message="it was stopped")
    with pytest.raises(JobUnwatchedError, match="no answer"):
        run.complete(kind=trigger.GIVEN_UP, message="no answer")
    with pytest.raises(JobLostError):
        run.complete(kind=trigger.LOST, resubmission=3)
    assert not submitted(fake)


def waiting(**options: Any) -> RayJobTrigger:
    defaults = {"ray_conn_id": "ray_default", "resubmission": 0, "poll_seconds": 0.01, "patience_seconds": 1.0}
    waits = RayJobTrigger(submission_id=BASE, **{**defaults, **options})
    waits.task_instance = SimpleNamespace(dag_id="dag", run_id="run", task_id="task", map_index=-1)  # type: ignore[assignment]
    return waits


def fired(waits: RayJobTrigger) -> dict[str, Any]:
    async def all_events() -> list[Any]:
        return [event.payload async for event in waits.run()]

    (payload,) = asyncio.run(all_events())
    json.dumps(payload)
    return dict(payload)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Answer for Airflow what the task's state is."""
    states: list[str | None] = ["deferred"]

    async def answer(_: object) -> str | None:
        return states[0]

    monkeypatch.setattr(trigger, "task_state", answer)
    return states


@pytest.mark.usefixtures("state")
def test_a_trigger_survives_being_written_down() -> None:
    waits = waiting(deadline="2026-01-01T00:00:00+00:00", resubmission=2, stop_on_kill=False)
    path, options = waits.serialize()
    assert path == "airflow_provider_ray_jobs.trigger.RayJobTrigger"
    assert RayJobTrigger(**json.loads(json.dumps(options))).serialize() == (path, options)


@pytest.mark.usefixtures("state")
def test_a_trigger_fires_with_what_it_has_seen(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), (503, "away"), says(**job("SUCCEEDED"))]
    event = fired(waiting())
    assert (event["kind"], event["job"]["status"]) == (trigger.ENDED, "SUCCEEDED")
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING")), GONE]
    assert fired(waiting(resubmission=1))["kind"] == trigger.LOST
    fake.answers[f"GET /api/jobs/{BASE}"] = [(503, "away")]
    event = fired(waiting(patience_seconds=0.1))
    assert event["kind"] == trigger.GIVEN_UP
    assert "HTTP status 503: away" in event["message"]
    fake.answers[f"GET /api/jobs/{BASE}"] = [(401, "no")]
    assert fired(waiting())["kind"] == trigger.GIVEN_UP


@pytest.mark.usefixtures("state")
def test_a_trigger_stops_a_job_that_is_late(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING"))]
    fake.answers[f"POST /api/jobs/{BASE}/stop"] = [(503, "busy"), says(stopped=True)]
    deadline = (datetime.now(UTC) + timedelta(seconds=0.1)).isoformat()
    assert fired(waiting(deadline=deadline))["kind"] == trigger.LATE
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == 2


def cancel(waits: RayJobTrigger) -> None:
    """Take a trigger away as Airflow does: 3.3 calls `on_kill` after it has cancelled, earlier ones do not."""

    async def cancelled() -> None:
        task = asyncio.ensure_future(anext(waits.run()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        if hasattr(BaseTrigger, "on_kill"):
            await waits.on_kill()

    asyncio.run(cancelled())


@pytest.mark.parametrize("now", ["failed", "success", "running", "queued", task_state.GONE, None])
def test_a_job_that_nobody_waits_for_is_stopped(fake: FakeRay, state: list[str | None], now: str | None) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING"))]
    fake.answers[f"POST /api/jobs/{BASE}/stop"] = [says(stopped=True)]
    state[0] = now
    cancel(waiting())
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == 1


@pytest.mark.usefixtures("state")
def test_a_job_that_is_still_waited_for_goes_on(fake: FakeRay) -> None:
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING"))]
    cancel(waiting())
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == 0


def test_a_job_goes_on_when_nobody_knows_whether_it_is_waited_for(
    fake: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(_: object) -> str | None:
        raise RuntimeError("no database")

    monkeypatch.setattr(trigger, "task_state", unknown)
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING"))]
    cancel(waiting())
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == 0


def test_neither_a_job_that_was_submitted_again_nor_one_that_may_not_be_stopped_is(
    fake: FakeRay, state: list[str | None]
) -> None:
    state[0] = "running"
    fake.answers[f"GET /api/jobs/{BASE}"] = [says(**job("RUNNING", resubmission=1))]
    cancel(waiting(resubmission=0))
    cancel(waiting(resubmission=1, stop_on_kill=False))
    assert fake.asked(f"POST /api/jobs/{BASE}/stop") == 0
