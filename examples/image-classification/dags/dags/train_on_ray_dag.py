"""The DAG `train_on_ray`: a new version of the data set becomes a model that is served.

Ray trains; a model that is not worse than the champion is registered and promoted, and Ray Serve takes it. If it does
not, the alias moves back to the champion of before, and the run fails.
"""

import logging
import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from airflow_provider_ray_jobs.hook import RayJobsHook
from airflow_provider_ray_jobs.operator import RayJobOperator
from model_registry import Lineage, RegistryError, artifacts

from model_release.deployment import Deployment
from model_release.gate import Gate, GateError
from model_release.result import Result
from pipeline import DAG_OPTIONS, DATASET, bucket, dataset, registry

log = logging.getLogger(__name__)
CODE = "/opt/jobs/training"
"""What is sent to Ray: the package `digits_job`."""
RAY_PATIENCE_SECONDS = 120.0
SERVE_PATIENCE_SECONDS = 240.0
"""Longer than it takes until a Ray head is another one, and has sent the configuration."""


@task
def choose_dataset() -> str:
    """Fix what is trained with, for the whole run."""
    context = get_current_context()
    asked = context["params"]["dataset"]
    manifest = dataset().manifest(asked) if asked else dataset().current()
    if manifest is None:
        raise AirflowFailException("there is no data set yet: upload a batch, which image_etl makes one of")
    champion = registry().aliases().champion
    triggered = context["dag_run"].run_type == "asset_triggered"
    if triggered and champion and registry().version(champion.version).dataset == manifest.version:
        # Several batches were stored before the run for the first of them had begun.
        raise AirflowSkipException(f"version {champion.version} was trained with {manifest.version} already")
    log.info("version %s of the data set has %d pictures", manifest.version, len(manifest.images))
    return manifest.version


@task
def evaluate(submission_id: str) -> dict[str, Any]:
    """Compare the model with the champion; one that is worse ends the run here."""
    params = get_current_context()["params"]
    gate = Gate(least_accuracy=params["least_accuracy"], max_accuracy_loss=params["max_accuracy_loss"])
    try:
        result = Result.load(bucket(), submission_id)
        log.info("%s", gate.admit(result.accuracy, registry()))
    except (GateError, RegistryError) as error:
        raise AirflowFailException(str(error)) from error
    return result.encode()


@task
def register(content: dict[str, Any]) -> int:
    """Make the model a version."""
    result = Result.parse(content)
    store = bucket()
    run_id = get_current_context()["run_id"]
    try:
        version = registry().register(
            artifacts.load(store, store.uri(result.artifact), result.sha256),
            metrics={"accuracy": result.accuracy},
            dataset=result.dataset,
            lineage=Lineage(job=result.submission_id, run_id=run_id, code=result.code),
        )
    except RegistryError as error:
        raise AirflowFailException(str(error)) from error
    log.info("version %d, sha256 %s", version.version, version.sha256)
    return version.version


@task
def promote(version: int) -> int:
    """Make the version the champion."""
    aliases = registry().promote(version)
    log.info("champion: %s; previous: %s", aliases.champion, aliases.previous)
    return version


@task(retries=2)
def deploy(version: int) -> int:
    """Have Ray Serve take the champion, and wait until it answers."""
    champion = registry().aliases().champion
    if champion is None or champion.version != version:
        raise AirflowFailException(f"version {version} is not the champion any more: {champion} is")
    ti = get_current_context()["ti"]
    with RayJobsHook().get_conn(RAY_PATIENCE_SECONDS) as ray:
        deployment = Deployment(ray, os.environ["SERVE_URL"], SERVE_PATIENCE_SECONDS)
        deployment.send(f"deploy {ti.id}")
        deployment.wait(champion)
    return version


@task
def roll_back(version: int) -> str:
    """Move the alias back if the version is not served, and have Ray Serve take the champion of before."""
    ti = get_current_context()["ti"]
    if ti.xcom_pull(task_ids="deploy") == version:
        return f"version {version} is served"
    try:
        aliases = registry().roll_back(version)
    except RegistryError as error:
        raise AirflowFailException(str(error)) from error
    log.warning("champion: %s; previous: %s", aliases.champion, aliases.previous)
    with RayJobsHook().get_conn(RAY_PATIENCE_SECONDS) as ray:
        deployment = Deployment(ray, os.environ["SERVE_URL"], SERVE_PATIENCE_SECONDS)
        deployment.send(f"roll_back {ti.id}")
        if aliases.champion:
            deployment.wait(aliases.champion)
    return f"version {version} is not served; the champion is {aliases.champion}"


@dag(
    dag_id="train_on_ray",
    description="A data set becomes a model: trained on Ray, compared with the champion, registered, served.",
    schedule=[DATASET],
    params={
        "dataset": Param(
            None,
            type=["null", "string"],
            pattern="^[0-9a-f]{12}$",
            title="Data set",
            description="The version to train with. Without one: the current one.",
        ),
        # A data set that has just begun holds few pictures out, and other ones at each version: so much is chance.
        "max_accuracy_loss": Param(
            0.05,
            type="number",
            minimum=0,
            maximum=1,
            title="Accuracy loss",
            description="By how much the accuracy may be below that of the champion.",
        ),
        "least_accuracy": Param(
            0.5, type="number", minimum=0, maximum=1, title="Accuracy", description="What is asked of any model."
        ),
    },
    tags=["image-classification"],
    doc_md=__doc__,
    **DAG_OPTIONS,
)
def train_on_ray() -> None:
    """Train, and serve what came of it."""
    train = RayJobOperator(
        task_id="train",
        entrypoint="python -m digits_job --dataset {{ ti.xcom_pull(task_ids='choose_dataset') }}"
        ' --submission-id "$RAY_JOB_SUBMISSION_ID"',
        working_dir=CODE,
        deferrable=True,
        poll_seconds=2,
        execution_timeout=timedelta(minutes=30),
    )
    choose_dataset() >> train
    version = register(evaluate(train.output["submission_id"]))
    promoted = promote(version)
    # As a teardown, it has no say in how the run ends; and whoever clears `deploy` clears `promote` with it.
    promoted >> deploy(version) >> roll_back(version).as_teardown(setups=promoted)


train_on_ray()
