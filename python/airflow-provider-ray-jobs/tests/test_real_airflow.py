"""A real Airflow, with a triggerer and workers that are killed, and a real Ray, whose head is killed."""

import shutil

import httpx
import pytest

import harness
from airflow_provider_ray_jobs.api import Job
from airflow_provider_ray_jobs.client import Client
from conftest import FLAGS
from processes import until
from ray_head import RayHead
from triggerers import Airflow, Triggerer


def jobs_of(ray: Client, dag_id: str, run_id: str, task_id: str) -> list[Job]:
    wanted = {"airflow_dag_id": dag_id, "airflow_run_id": run_id, "airflow_task_id": task_id}
    found = [job for job in ray.jobs() if wanted.items() <= job.metadata.items()]
    return sorted(found, key=lambda job: job.submission_id)


def only_job(ray: Client, dag_id: str, run_id: str, task_id: str) -> Job:
    (job,) = jobs_of(ray, dag_id, run_id, task_id)
    return job


def is_now(ray: Client, job: Job, status: str) -> bool:
    found = ray.job(job.submission_id)
    return found is not None and found.status == status


def end(job: Job) -> None:
    """Let a job that waits succeed."""
    (FLAGS / job.submission_id).touch()


def run(dag_id: str, run_id: str, task_id: str) -> None:
    assert task_id in harness.scheduled(dag_id, run_id)
    harness.run_task(dag_id, run_id, task_id)


def has_resumed(dag_id: str, run_id: str, task_id: str) -> bool:
    return bool(harness.state(dag_id, run_id, task_id) == "scheduled")


@pytest.fixture
def triggerer(airflow: Airflow) -> Triggerer:
    return airflow.triggerer


def defer(dag_id: str, run_id: str, task_id: str, ray: Client, triggerer: Triggerer) -> Job:
    harness.start(dag_id, run_id)
    run(dag_id, run_id, task_id)
    assert harness.state(dag_id, run_id, task_id) == "deferred"
    job = only_job(ray, dag_id, run_id, task_id)
    triggerer.until_it_says(f"/{run_id}/{task_id}/", "starting")
    until(lambda: is_now(ray, job, "RUNNING"), "the job runs")
    return job


@pytest.mark.usefixtures("airflow")
def test_a_run_of_a_dag_succeeds(ray: Client) -> None:
    run_id = harness.dag("simple").test().run_id
    job = only_job(ray, "simple", run_id, "packed")
    assert f"job {job.submission_id} says hello from the package" in ray.log_tail(job.submission_id, 20)
    assert job.metadata["team"] == "tests"
    assert harness.xcom("simple", run_id, "packed", "return_value")["submission_id"] == job.submission_id
    mapped = jobs_of(ray, "simple", run_id, "mapped")
    assert sorted(job.metadata["airflow_map_index"] for job in mapped) == ["0", "1"]
    assert {job.status for job in [job, *mapped]} == {"SUCCEEDED"}


def test_a_killed_triggerer_changes_nothing(airflow: Airflow, ray: Client) -> None:
    job = defer("deferred", "killed", "watched", ray, airflow.triggerer)
    airflow.triggerer.kill()
    assert is_now(ray, job, "RUNNING")
    end(job)
    airflow.start_triggerer()
    until(lambda: has_resumed("deferred", "killed", "watched"), "the next triggerer resumes the task")
    harness.run_task("deferred", "killed", "watched")
    assert harness.state("deferred", "killed", "watched") == "success"
    only_job(ray, "deferred", "killed", "watched")


@pytest.mark.usefixtures("airflow")
def test_a_job_that_has_failed_is_submitted_anew_by_the_next_try(ray: Client) -> None:
    harness.start("failing", "run")
    run("failing", "run", "fails_once")
    assert harness.state("failing", "run", "fails_once") == "up_for_retry"
    run("failing", "run", "fails_once")
    assert harness.state("failing", "run", "fails_once") == "success"
    first, second = jobs_of(ray, "failing", "run", "fails_once")
    assert (first.status, second.status) == ("FAILED", "SUCCEEDED")
    assert second.submission_id == f"{first.submission_id}--2"
    url = f"https://ray.example.com/#/jobs/{second.submission_id}"
    assert harness.xcom("failing", "run", "fails_once", "submission_id") == second.submission_id
    assert harness.xcom("failing", "run", "fails_once", "return_value")["status"] == "SUCCEEDED"
    assert harness.link("failing", "run", "fails_once") == url


@pytest.mark.usefixtures("airflow")
def test_a_killed_worker_leaves_a_job_that_the_next_try_finds(ray: Client) -> None:
    harness.start("blocking", "killed")
    assert "killed" in harness.scheduled("blocking", "killed")
    worker = harness.Worker("blocking", "killed", "killed")
    until(lambda: jobs_of(ray, "blocking", "killed", "killed"), "the job is submitted")
    job = only_job(ray, "blocking", "killed", "killed")
    until(lambda: is_now(ray, job, "RUNNING"), "the job runs")
    worker.kill()
    assert is_now(ray, job, "RUNNING")
    harness.worker_lost("blocking", "killed", "killed")
    assert harness.state("blocking", "killed", "killed") == "up_for_retry"
    end(job)
    run("blocking", "killed", "killed")
    assert harness.state("blocking", "killed", "killed") == "success"
    assert only_job(ray, "blocking", "killed", "killed").submission_id == job.submission_id


@pytest.mark.usefixtures("airflow")
def test_a_terminated_worker_stops_its_job(ray: Client) -> None:
    harness.start("blocking", "terminated")
    assert "terminated" in harness.scheduled("blocking", "terminated")
    worker = harness.Worker("blocking", "terminated", "terminated")
    until(lambda: jobs_of(ray, "blocking", "terminated", "terminated"), "the job is submitted")
    job = only_job(ray, "blocking", "terminated", "terminated")
    until(lambda: is_now(ray, job, "RUNNING"), "the job runs")
    worker.terminate()
    until(lambda: is_now(ray, job, "STOPPED"), "the job is stopped")
    assert harness.state("blocking", "terminated", "terminated") == "up_for_retry"


def test_who_fails_a_deferred_task_stops_its_job(ray: Client, triggerer: Triggerer) -> None:
    job = defer("deferred", "failed", "failed", ray, triggerer)
    harness.mark_failed("deferred", "failed", "failed")
    until(lambda: is_now(ray, job, "STOPPED"), "the job is stopped")


def test_who_clears_a_deferred_task_stops_its_job_and_gets_another(ray: Client, triggerer: Triggerer) -> None:
    job = defer("deferred", "cleared", "cleared", ray, triggerer)
    # SQLite gives the number of the last trigger away again, and so takes the next one for the one that is gone.
    run("deferred", "cleared", "watched")
    harness.clear("deferred", "cleared", "cleared")
    # At once: the new run must not take the old job for its own, whoever is faster.
    run("deferred", "cleared", "cleared")
    assert harness.state("deferred", "cleared", "cleared") == "deferred"
    first, second = jobs_of(ray, "deferred", "cleared", "cleared")
    assert (first.submission_id, first.status) == (job.submission_id, "STOPPED")
    end(second)
    until(lambda: has_resumed("deferred", "cleared", "cleared"), "the task is resumed")
    harness.run_task("deferred", "cleared", "cleared")
    assert harness.state("deferred", "cleared", "cleared") == "success"


def test_jobs_that_a_killed_ray_head_has_lost_are_submitted_again_under_their_own_ids(
    ray: Client, ray_head: RayHead, triggerer: Triggerer
) -> None:
    deferred = defer("deferred", "lost", "lost", ray, triggerer)
    harness.start("blocking", "lost")
    assert "lost" in harness.scheduled("blocking", "lost")
    worker = harness.Worker("blocking", "lost", "lost")
    until(lambda: jobs_of(ray, "blocking", "lost", "lost"), "the job is submitted")
    blocking = only_job(ray, "blocking", "lost", "lost")
    ray_head.kill()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{ray_head.endpoint.url}/api/version")
    # The worker as well, which asks as often.
    triggerer.until_it_says(deferred.submission_id, "asking again")
    shutil.rmtree(FLAGS)
    FLAGS.mkdir()
    ray_head.start()
    ray_head.wait()
    for job in (deferred, blocking):
        end(job)
    until(lambda: has_resumed("deferred", "lost", "lost"), "the task is resumed")
    harness.run_task("deferred", "lost", "lost")
    until(lambda: has_resumed("deferred", "lost", "lost"), "the task is resumed once more")
    harness.run_task("deferred", "lost", "lost")
    assert harness.state("deferred", "lost", "lost") == "success"
    worker.wait()
    assert harness.state("blocking", "lost", "lost") == "success"
    for before, task in ((deferred, "deferred"), (blocking, "blocking")):
        after = only_job(ray, task, "lost", "lost")
        assert (after.submission_id, after.status) == (before.submission_id, "SUCCEEDED")
        assert after.metadata["airflow_resubmission"] == "1"


def test_a_triggerer_that_shuts_down_leaves_the_job(ray: Client, triggerer: Triggerer) -> None:
    job = defer("deferred", "shutdown", "watched", ray, triggerer)
    triggerer.terminate()
    assert is_now(ray, job, "RUNNING")
    assert harness.state("deferred", "shutdown", "watched") == "deferred"
