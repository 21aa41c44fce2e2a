import dataclasses
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from airflow_provider_ray_jobs.identity import RESUBMISSION, TaskIdentity, life_of, number_in

TASK = TaskIdentity("train", "manual__2026-01-01T00:00:00+00:00", "fit.model", -1, datetime(2026, 1, 1, tzinfo=UTC), 2)


def test_the_id_follows_from_the_task_instance_and_nothing_else() -> None:
    assert TASK.base == dataclasses.replace(TASK, max_tries=7).base
    assert TASK.base == "train-fit-model-a089d5eb4506b44b"
    assert TASK.nth(1) == TASK.base
    assert TASK.nth(3) == f"{TASK.base}--3"


@pytest.mark.parametrize("field", ["dag_id", "run_id", "task_id"])
def test_other_task_instances_have_other_ids(field: str) -> None:
    assert dataclasses.replace(TASK, **{field: "other"}).base != TASK.base  # type: ignore[arg-type]
    assert dataclasses.replace(TASK, map_index=0).base != TASK.base
    moved = dataclasses.replace(TASK, dag_id="train-fit", task_id="model")
    assert moved.base != TASK.base


@pytest.mark.parametrize("dag_id", ["a" * 250, "ä/../b c", "...", "", "--", "a--2"])
def test_any_name_makes_an_id_that_is_fit_for_a_file_and_a_url(dag_id: str) -> None:
    base = dataclasses.replace(TASK, dag_id=dag_id).base
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,65}", base)
    assert "--" not in base


def test_the_latest_job_is_found_among_others() -> None:
    base = TASK.base
    assert TASK.latest([]) == 0
    assert TASK.latest(["raysubmit_x", f"{base}x", f"x{base}", f"{base}--", f"{base}--x", f"{base}--02"]) == 0
    assert TASK.latest([base]) == 1
    assert TASK.latest([f"{base}--2", base, f"{base}--10", f"{base}--9"]) == 10


def test_metadata_are_read_as_they_were_written() -> None:
    metadata = TASK.metadata(resubmission=1)
    assert all(isinstance(value, str) for value in metadata.values())
    assert life_of(metadata) == TASK.life == ("2026-01-01T00:00:00.000000+00:00", 2)
    assert number_in(metadata, RESUBMISSION) == 1
    assert number_in({}, RESUBMISSION) == -1
    assert number_in({RESUBMISSION: "x"}, RESUBMISSION) == -1


def test_lives_follow_one_another() -> None:
    started = datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    elsewhere = started.astimezone(timezone(timedelta(hours=5)))
    lives = [
        life_of({}),
        dataclasses.replace(TASK, run_started=None).life,
        TASK.life,
        dataclasses.replace(TASK, max_tries=3).life,
        dataclasses.replace(TASK, run_started=started, max_tries=0).life,
        dataclasses.replace(TASK, run_started=started + timedelta(microseconds=1), max_tries=0).life,
    ]
    assert lives == sorted(set(lives))
    assert dataclasses.replace(TASK, run_started=elsewhere).life == dataclasses.replace(TASK, run_started=started).life
