"""What Airflow says of a task's state, asked from within a trigger."""

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

from airflow_provider_ray_jobs.compat import AIRFLOW_3

DEFERRED = "deferred"
GONE = "gone"

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    def _state(ti: Any) -> str | None:  # noqa: ANN401 - several classes, by Airflow's version
        tasks = RuntimeTaskInstance.get_task_states(
            dag_id=ti.dag_id, task_ids=[ti.task_id], run_ids=[ti.run_id], map_index=ti.map_index
        ).get(ti.run_id, {})
        key = ti.task_id if ti.map_index < 0 else f"{ti.task_id}_{ti.map_index}"
        return _text(tasks[key]) if key in tasks else GONE

else:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session

    def _state(ti: Any) -> str | None:  # noqa: ANN401
        with create_session() as session:
            row = (
                session.query(TaskInstance.state)
                .filter_by(dag_id=ti.dag_id, task_id=ti.task_id, run_id=ti.run_id, map_index=ti.map_index)
                .one_or_none()
            )
        return GONE if row is None else _text(row.state)


async def task_state(ti: Any) -> str | None:  # noqa: ANN401
    """Look up the state of a task instance. `None` is a state, that of a task that waits for its turn."""
    return await sync_to_async(_state)(ti)


def _text(state: Any) -> str | None:  # noqa: ANN401
    return None if state is None else str(getattr(state, "value", state))
