"""What the tests run in a real Airflow, on a real Ray."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_ray_jobs.compat import AIRFLOW_3
from airflow_provider_ray_jobs.operator import RayJobOperator

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk import DAG
else:
    from airflow import DAG

FLAGS = os.environ["RAY_JOBS_FLAGS"]
# A job that goes on until a file is there.
WAITS = f'echo started; while [ ! -e "{FLAGS}/$RAY_JOB_SUBMISSION_ID" ]; do sleep 0.1; done; echo done'


def options(dag_id: str) -> dict[str, Any]:
    return {"dag_id": dag_id, "start_date": datetime(2026, 1, 1), "schedule": None, "catchup": False}


defaults = {"poll_seconds": 0.3, "retries": 2, "retry_delay": timedelta(0)}

with DAG(**options("simple"), default_args=defaults):
    packed = RayJobOperator(
        task_id="packed",
        entrypoint="sh main.sh",
        working_dir=Path(__file__).parents[1] / "package",
        metadata={"team": "tests"},
        deferrable=True,
    )
    mapped = RayJobOperator.partial(task_id="mapped", deferrable=False).expand(entrypoint=["echo first", "echo second"])

with DAG(**options("failing"), default_args=defaults):
    RayJobOperator(
        task_id="fails_once",
        entrypoint='case $RAY_JOB_SUBMISSION_ID in *--2) echo better;; *) echo "it is broken"; exit 3;; esac',
    )

with DAG(**options("deferred"), default_args=defaults):
    for task in ("failed", "cleared", "lost", "watched"):
        RayJobOperator(task_id=task, entrypoint=WAITS, deferrable=True)

with DAG(**options("blocking"), default_args=defaults):
    for task in ("killed", "terminated", "lost"):
        RayJobOperator(task_id=task, entrypoint=WAITS, deferrable=False)
