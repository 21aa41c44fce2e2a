"""The DAGs as Airflow sees them, and as they run: on a real S3 server, and on a stand-in for Ray."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
from airflow.models.asset import AssetEvent
from airflow.sdk.definitions.dag import DAG
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from airflow.utils.db import upgradedb
from airflow.utils.session import create_session
from airflow.utils.types import DagRunType
from model_registry import Aliases, Bucket, Dataset, Lineage, Registry
from object_storage import ObjectStorage
from sqlalchemy import select

from image_etl import batches
from pipeline import DATASET
from ray_stand_in import RayStandIn, ray_stand_in
from uploader.generate import generate, upload
from uploads import png, put, reasons

BUNDLE = "dags-folder"


@pytest.fixture(scope="session")
def dags() -> dict[str, DAG]:
    """Make Airflow's database, and read the DAGs as its processor does."""
    upgradedb()
    manager: Any = DagBundlesManager
    manager().sync_bundles_to_db()
    folder = Path(__file__).parents[1] / "dags"
    bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name=BUNDLE)
    assert not bag.import_errors, bag.import_errors
    sync_bag_to_db(bag, BUNDLE, None)
    return dict(bag.dags)


@pytest.fixture
def etl(dags: dict[str, DAG], storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> DAG:
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)
    return dags["image_etl"]


def run(dag: DAG, **params: Any) -> Any:
    return dag.test(logical_date=datetime.now(UTC), run_conf=params)


def states(run: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for ti in run.get_task_instances():
        found.setdefault(ti.task_id, []).append(str(ti.state))
    return found


def events() -> list[dict[str, Any]]:
    with create_session() as session:
        return [event.extra for event in session.scalars(select(AssetEvent).order_by(AssetEvent.id))]


def test_the_dags_are_as_agreed(dags: dict[str, DAG]) -> None:
    assert set(dags) == {"image_etl", "train_on_ray"}
    for dag in dags.values():
        assert dag.max_active_runs == 1
        assert not dag.catchup
        assert dag.is_paused_upon_creation is False
    steps = [
        "discover",
        *[f"batch.{step}" for step in ("ingest", "check_annotations", "enforce_size", "upload", "report")],
    ]
    assert chain(dags["image_etl"]) == steps
    assert dags["image_etl"].get_task("batch.report").outlets == [DATASET]
    training = ["choose_dataset", "train", "evaluate", "register", "promote", "deploy", "roll_back"]
    assert chain(dags["train_on_ray"]) == training
    assert dags["train_on_ray"].schedule == [DATASET]
    assert dags["train_on_ray"].get_task("roll_back").is_teardown


def test_every_task_survives_a_minute(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        tasks: list[Any] = list(dag.tasks)
        for task in tasks:
            pauses = [
                min(task.retry_delay * task.retry_exponential_backoff**number, task.max_retry_delay)
                for number in range(task.retries)
            ]
            # Deployment waits by itself, for as long as that.
            assert sum(pause.total_seconds() for pause in pauses) > (20 if task.task_id == "deploy" else 150), task


def chain(dag: DAG) -> list[str]:
    """Give the tasks in an order in which they can run."""
    left = {task.task_id: set(task.upstream_task_ids) for task in dag.tasks}
    found: list[str] = []
    while left:
        (ready, *_) = sorted(task for task, upstream in left.items() if upstream <= set(found))
        found.append(ready)
        del left[ready]
    return found


def test_batches_become_a_data_set(etl: DAG, bucket: Bucket, dataset: Dataset) -> None:
    before = len(events())
    made = generate("generated", 40, 20, 3)
    upload(made, lambda name, content: bucket.put(f"uploads/generated/{name}", content))
    put(bucket, "bad", {"a.png": b"", "b.png": b"?"})
    finished = run(etl)
    report = reports_of(bucket)
    assert str(finished.state) == "failed"
    assert sorted(states(finished)["batch.report"]) == ["failed", "success"]
    assert sorted(states(finished)["batch.upload"]) == ["success", "success"]
    assert {name: report["generated"][name] for name in ("counts", "reasons")} == {
        name: made.expectation()[name] for name in ("counts", "reasons")
    }
    assert report["generated"]["run_id"] == finished.run_id
    assert reasons(report["bad"]) == {"a.png": ("rejected", "zero-byte"), "b.png": ("rejected", "corrupt")}
    assert "no file of the batch bad can be used" in report["bad"]["error"]
    manifest = dataset.current()
    assert manifest is not None
    assert (manifest.batches, manifest.version) == (("generated",), report["generated"]["dataset"])
    assert events()[before:] == [{"batch": "generated", "dataset": manifest.version}]
    names = {ti.rendered_map_index for ti in finished.get_task_instances() if ti.task_id == "batch.ingest"}
    assert names == {"bad", "generated"}


def test_without_a_batch_nothing_happens(etl: DAG, bucket: Bucket) -> None:
    before = len(events())
    bucket.put("uploads/incomplete/a.png", png())
    finished = run(etl)
    assert str(finished.state) == "success"
    assert states(finished)["batch.report"] == ["skipped"]
    assert len(events()) == before


def test_one_batch_with_another_threshold(etl: DAG, bucket: Bucket, dataset: Dataset) -> None:
    for batch in ("one", "two"):
        put(bucket, batch, {"a.png": png(shade=1), "b.png": png(shade=2)}, {"a.png": "1"})
    assert str(run(etl, batch="one", max_missing_ratio=0.2).state) == "failed"
    assert "1 of 2 files" in reports_of(bucket)["one"]["error"]
    assert str(run(etl, batch="one", max_missing_ratio=0.5).state) == "success"
    assert set(reports_of(bucket)) == {"one"}
    manifest = dataset.current()
    assert manifest is not None
    assert manifest.batches == ("one",)


def reports_of(bucket: Bucket) -> dict[str, Any]:
    keys = [entry.key for entry in bucket.list(batches.REPORTS)]
    return {content["batch"]: content for content in (json.loads(bucket.get(key).content) for key in keys)}


@pytest.fixture
def stand_in(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[RayStandIn]:
    with ray_stand_in(bucket) as server:
        monkeypatch.setenv("AIRFLOW_CONN_RAY_DEFAULT", server.connection)
        monkeypatch.setenv("SERVE_URL", server.endpoint.url)
        yield server


def test_a_data_set_becomes_a_model(
    etl: DAG, dags: dict[str, DAG], bucket: Bucket, dataset: Dataset, stand_in: RayStandIn
) -> None:
    dag = dags["train_on_ray"]
    train: Any = dag.get_task("train")
    train.working_dir = str(Path(__file__).parents[2] / "training/src")
    dag.get_task("deploy").retries = 0
    registry = Registry(bucket, "digits")
    put(bucket, "one", {"a.png": png()})
    assert str(run(etl).state) == "success"

    first = run(dag)
    assert str(first.state) == "success", states(first)
    version = registry.version(1)
    assert version.dataset == dataset.current().version  # type: ignore[union-attr]
    assert version.lineage.run_id == first.run_id
    assert version.lineage.job in stand_in.jobs
    assert stand_in.served == version.reference == registry.aliases().champion

    stand_in.accuracy = 0.9
    worse = run(dag)
    assert str(worse.state) == "failed"
    assert states(worse)["evaluate"] == ["failed"]
    assert [version.version for version in registry.versions()] == [1]

    stand_in.accuracy = 0.98
    stand_in.refused.add(2)
    refused = run(dag)
    assert str(refused.state) == "failed"
    assert (states(refused)["deploy"], states(refused)["roll_back"]) == (["failed"], ["success"])
    assert registry.aliases() == Aliases(version.reference, registry.version(2).reference)
    assert stand_in.served == version.reference


def test_a_data_set_is_trained_with_once(
    etl: DAG, dags: dict[str, DAG], bucket: Bucket, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket, "one", {"a.png": png()})
    with pytest.raises(AirflowFailException, match="no data set yet"):
        choose(dags, monkeypatch, DagRunType.ASSET_TRIGGERED)
    assert str(run(etl).state) == "success"
    current = dataset.current()
    assert current is not None
    assert choose(dags, monkeypatch, DagRunType.ASSET_TRIGGERED) == current.version
    registry = Registry(bucket, "digits")
    lineage = Lineage(job="job", run_id="run", code="code")
    registry.register(b"model", metrics={"accuracy": 1}, dataset=current.version, lineage=lineage)
    registry.promote(1)
    with pytest.raises(AirflowSkipException, match="version 1 was trained with"):
        choose(dags, monkeypatch, DagRunType.ASSET_TRIGGERED)
    assert choose(dags, monkeypatch, DagRunType.MANUAL) == current.version


def choose(dags: dict[str, DAG], monkeypatch: pytest.MonkeyPatch, run_type: DagRunType) -> str:
    task: Any = dags["train_on_ray"].get_task("choose_dataset")
    context = {"params": {"dataset": None}, "dag_run": SimpleNamespace(run_type=run_type)}
    monkeypatch.setitem(task.python_callable.__globals__, "get_current_context", lambda: context)
    return str(task.python_callable())
