"""A small scheduler for the tests: it decides by Airflow's own functions, and runs a task when it is told to.

`Worker` runs one in a process of its own, for a test to kill.
"""

import multiprocessing
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from airflow import settings
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance, clear_task_instances
from airflow.utils.db import upgradedb
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from airflow.utils.types import DagRunType

from airflow_provider_ray_jobs.compat import AIRFLOW_3, AirflowException
from airflow_provider_ray_jobs.link import RayJobLink
from processes import die_with_the_tests, until

DAGS = Path(__file__).parent / "dags"
BUNDLE = "dags-folder"

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.models.xcom import XComModel
    from airflow.sdk.api.datamodels._generated import TaskInstance as WorkerTaskInstance
    from airflow.sdk.execution_time.supervisor import in_process_api_server, run_task_in_process
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.utils.types import DagRunTriggeredByType

    def _load(dag_id: str) -> Any:
        bag = BundleDagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name=BUNDLE)
        assert not bag.import_errors, bag.import_errors
        return bag, bag.dags[dag_id]

    def start(dag_id: str, run_id: str) -> None:
        manager: Any = DagBundlesManager
        manager().sync_bundles_to_db()
        bag, dag = _load(dag_id)
        sync_bag_to_db(bag, BUNDLE, None)
        now = datetime.now(UTC)
        with create_session() as session:
            scheduler_dag = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
            scheduler_dag.create_dagrun(
                run_id=run_id,
                logical_date=now,
                data_interval=(now, now),
                run_after=now,
                run_type=DagRunType.MANUAL,
                triggered_by=DagRunTriggeredByType.TEST,
                state=DagRunState.RUNNING,
                start_date=now,
                session=session,
            )

    def _decide(dag_id: str, run_id: str, session: Any) -> None:
        run = _dag_run(dag_id, run_id, session)
        _, dag = _load(dag_id)
        run.dag = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        schedulable, _ = run.update_state(session=session, execute_callbacks=False)
        run.schedule_tis(schedulable, session=session)

    def run_task(dag_id: str, run_id: str, task_id: str) -> None:
        _, dag = _load(dag_id)
        with create_session() as session:
            ti = task_instance(dag_id, run_id, task_id, session)
            ti.set_state(TaskInstanceState.QUEUED, session=session)
            worker = WorkerTaskInstance(
                id=UUID(str(ti.id)),
                task_id=ti.task_id,
                dag_id=ti.dag_id,
                run_id=ti.run_id,
                try_number=ti.try_number,
                map_index=ti.map_index,
                dag_version_id=UUID(str(ti.dag_version_id)),
            )
        run_task_in_process(ti=worker, task=dag.get_task(task_id))

    def xcom(dag_id: str, run_id: str, task_id: str, key: str) -> Any:
        with create_session() as session:
            row = session.query(XComModel).filter_by(dag_id=dag_id, run_id=run_id, task_id=task_id, key=key).first()
            return None if row is None else XComModel.deserialize_value(row)

    def link(dag_id: str, run_id: str, task_id: str) -> str:
        """Read what the button leads to, as Airflow's page does."""
        return str(xcom(dag_id, run_id, task_id, RayJobLink().xcom_key))

else:
    from airflow.models.dagbag import DagBag
    from airflow.models.xcom import XCom

    def _load(dag_id: str) -> Any:
        bag = DagBag(DAGS, include_examples=False)
        assert not bag.import_errors, bag.import_errors
        return bag, bag.dags[dag_id]

    def start(dag_id: str, run_id: str) -> None:
        bag, dag = _load(dag_id)
        bag.sync_to_db()
        now = datetime.now(UTC)
        dag.create_dagrun(
            run_id=run_id,
            execution_date=now,
            data_interval=(now, now),
            run_type=DagRunType.MANUAL,
            state=DagRunState.RUNNING,
            start_date=now,
        )

    def _decide(dag_id: str, run_id: str, session: Any) -> None:
        run = _dag_run(dag_id, run_id, session)
        _, run.dag = _load(dag_id)
        schedulable, _ = run.update_state(session=session, execute_callbacks=False)
        run.schedule_tis(schedulable, session=session)

    def run_task(dag_id: str, run_id: str, task_id: str) -> None:
        _, dag = _load(dag_id)
        # SQLite locks no rows, and what follows would write down a trigger that is removed meanwhile.
        until(lambda: not has_trigger(dag_id, run_id, task_id), "the task has no trigger")
        with create_session() as session:
            ti = task_instance(dag_id, run_id, task_id, session)
            ti.set_state(TaskInstanceState.QUEUED, session=session)
            session.commit()
            session.refresh(ti)
            session.expunge(ti)
        ti.task = dag.get_task(task_id)
        # Its state says how it went.
        with suppress(AirflowException):
            ti.run()

    def xcom(dag_id: str, run_id: str, task_id: str, key: str) -> Any:
        return XCom.get_one(dag_id=dag_id, run_id=run_id, task_id=task_id, key=key)

    def link(dag_id: str, run_id: str, task_id: str) -> str:
        with create_session() as session:
            ti = task_instance(dag_id, run_id, task_id, session)
            return RayJobLink().get_link(_load(dag_id)[1].get_task(task_id), ti_key=ti.key)


def migrate() -> None:
    """Make the database."""
    upgradedb()


def dag(dag_id: str) -> Any:
    return _load(dag_id)[1]


def _dag_run(dag_id: str, run_id: str, session: Any) -> Any:
    return session.query(DagRun).filter_by(dag_id=dag_id, run_id=run_id).one()


def task_instance(dag_id: str, run_id: str, task_id: str, session: Any) -> Any:
    return session.query(TaskInstance).filter_by(dag_id=dag_id, run_id=run_id, task_id=task_id).one()


def scheduled(dag_id: str, run_id: str) -> list[str]:
    """Decide what runs next, and tell what waits to be run."""
    with create_session() as session:
        _decide(dag_id, run_id, session)
        session.flush()
        rows = session.query(TaskInstance).filter_by(dag_id=dag_id, run_id=run_id).all()
        return sorted(row.task_id for row in rows if row.state == TaskInstanceState.SCHEDULED)


def has_trigger(dag_id: str, run_id: str, task_id: str) -> bool:
    with create_session() as session:
        return task_instance(dag_id, run_id, task_id, session).trigger_id is not None


def state(dag_id: str, run_id: str, task_id: str) -> str | None:
    with create_session() as session:
        found = task_instance(dag_id, run_id, task_id, session).state
        return None if found is None else str(getattr(found, "value", found))


def mark_failed(dag_id: str, run_id: str, task_id: str) -> None:
    """Do what the button does."""
    with create_session() as session:
        task_instance(dag_id, run_id, task_id, session).set_state(TaskInstanceState.FAILED, session=session)


def clear(dag_id: str, run_id: str, task_id: str) -> None:
    """Do what the button does."""
    with create_session() as session:
        clear_task_instances([task_instance(dag_id, run_id, task_id, session)], session)


def worker_lost(dag_id: str, run_id: str, task_id: str) -> None:
    """Do what the scheduler does when a worker gives no sign of life."""
    with create_session() as session:
        ti = task_instance(dag_id, run_id, task_id, session)
        ti.task = _load(dag_id)[1].get_task(task_id)
        ti.handle_failure("the worker is lost", session=session)


class Worker:
    """A process that runs one task. It is forked, for Airflow takes seconds to be imported."""

    def __init__(self, dag_id: str, run_id: str, task_id: str) -> None:
        fork = multiprocessing.get_context("fork")
        self._process = fork.Process(target=_work, args=(dag_id, run_id, task_id))
        self._process.start()

    def kill(self) -> None:
        self._process.kill()
        self.wait()

    def terminate(self) -> None:
        self._process.terminate()
        self.wait()

    def wait(self) -> None:
        self._process.join(60)
        assert self._process.exitcode is not None


def _work(dag_id: str, run_id: str, task_id: str) -> None:
    die_with_the_tests()
    # Neither connections nor threads are there after a fork.
    assert settings.engine is not None
    settings.engine.dispose(close=False)
    if TYPE_CHECKING or AIRFLOW_3:
        in_process_api_server.cache_clear()
    run_task(dag_id, run_id, task_id)
