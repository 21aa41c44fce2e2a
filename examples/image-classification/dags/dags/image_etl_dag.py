"""The DAG `image_etl`: batches of uploads become versions of the data set.

It looks for batches every minute. Each goes its way by itself: one that cannot be used fails the run, and keeps no
other one from the data set.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowFailException

from image_etl import annotations, batches, pictures, reports, storage
from image_etl.errors import BatchError
from image_etl.rules import Rules
from image_etl.state import State
from pipeline import DAG_OPTIONS, DATASET, bucket, dataset

log = logging.getLogger(__name__)
NAMED = "{{ batch_name }}"
"""How a mapped task is called in the grid."""
DEFAULTS = Rules()


@task
def discover() -> list[str]:
    """Find the batches that there are."""
    try:
        found = batches.discover(bucket(), get_current_context()["params"]["batch"])
    except BatchError as error:
        raise AirflowFailException(str(error)) from error
    for name in found.ignored:
        log.warning("uploads/%s is no batch: lower-case letters, digits and '-' make a name, up to 63", name)
    log.info("batches to look at: %s", ", ".join(found.batches) or "none")
    return list(found.batches)


@task(map_index_template=NAMED)
def ingest(name: str) -> dict[str, Any]:
    """Look at every file of the batch."""
    _name(name)
    return batches.ingest(bucket(), name, _rules()).encode()


@task(map_index_template=NAMED)
def check_annotations(content: dict[str, Any]) -> dict[str, Any]:
    """Give each file its label."""
    state = _state(content)
    lines = annotations.Annotations.parse(batches.annotations(bucket(), state.batch))
    checked = annotations.check(state, lines, _rules())
    for name in checked.orphans:
        log.warning("there is an annotation of %r, and no such file", name)
    for number in checked.malformed:
        log.warning("line %s of the annotations is none", number)
    return checked.state.encode()


@task(map_index_template=NAMED)
def enforce_size(content: dict[str, Any]) -> dict[str, Any]:
    """Judge each picture by its sides and mode."""
    state = _state(content)
    return replace(state, files=tuple(pictures.enforce(file, _rules()) for file in state.files)).encode()


# One batch after the other, so that they agree on what is a duplicate of what.
@task(map_index_template=NAMED, max_active_tis_per_dag=1)
def upload(content: dict[str, Any]) -> dict[str, Any]:
    """Put aside what is quarantined, and add what is good to the data set."""
    try:
        return storage.upload(bucket(), dataset(), _state(content), _rules()).encode()
    except BatchError as error:
        raise AirflowFailException(str(error)) from error


@task(map_index_template=NAMED, outlets=[DATASET])
def report(content: dict[str, Any]) -> dict[str, Any]:
    """Say what became of the batch. If it added nothing to the data set, this fails, and no asset is updated."""
    context = get_current_context()
    state = _state(content)
    written = reports.report(state, context["run_id"])
    reports.write(bucket(), written)
    if state.error:
        raise AirflowFailException(state.error)
    summary = {name: written[name] for name in ("batch", "dataset", "counts", "reasons")}
    context["outlet_events"][DATASET].extra = {"batch": state.batch, "dataset": state.dataset}
    log.info("%s", summary)
    return summary


@task_group
def batch(name: str) -> None:
    """Look at one batch."""
    report(upload(enforce_size(check_annotations(ingest(name)))))


def _state(content: Mapping[str, Any]) -> State:
    state = State.parse(content)
    _name(state.batch)
    return state


def _name(batch: str) -> None:
    get_current_context()["batch_name"] = batch  # type: ignore[typeddict-unknown-key]


def _rules() -> Rules:
    return replace(DEFAULTS, max_missing_ratio=get_current_context()["params"]["max_missing_ratio"])


@dag(
    dag_id="image_etl",
    description="Uploads become a data set: annotations, sizes, duplicates.",
    schedule=timedelta(minutes=1),
    params={
        "batch": Param(
            None,
            type=["null", "string"],
            pattern=f"^{batches.NAME.pattern}$",
            title="Batch",
            description="The one batch to look at, be it again. Without one: all complete batches without a report.",
        ),
        "max_missing_ratio": Param(
            DEFAULTS.max_missing_ratio,
            type="number",
            minimum=0,
            maximum=1,
            title="Missing annotations",
            description="The share of a batch's files without an annotation beyond which the whole batch is refused.",
        ),
    },
    tags=["image-classification"],
    doc_md=__doc__,
    **DAG_OPTIONS,
)
def image_etl() -> None:
    """Look at all batches that wait."""
    batch.expand(name=discover())


image_etl()
