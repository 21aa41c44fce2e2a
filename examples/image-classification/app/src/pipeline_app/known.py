"""What the page knows of its sources. It is kept for some seconds, failures too, however many visitors there are.

Nothing here raises a `SourceError`: a failure is what is known, and the rest of the page goes on.
"""

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st
from model_registry import Bucket

from pipeline_app.sources import storage, thumbnail
from pipeline_app.sources.airflow import Airflow
from pipeline_app.sources.errors import SourceError
from pipeline_app.sources.models import DEFAULT_MODEL, Models, Ranking
from pipeline_app.sources.ray import Ray
from pipeline_app.sources.reports import Recent, Report, Reports
from pipeline_app.sources.runs import Run
from pipeline_app.sources.serve import Prediction, Serve, Served

FRESH_SECONDS = 5
REPORTS = 20
"""How many batches are shown."""
KEPT = 200
"""How many answers of a kind are kept at most."""

Arguments = ParamSpec("Arguments")
Known = TypeVar("Known")

fresh = st.cache_data(ttl=FRESH_SECONDS, max_entries=KEPT, show_spinner=False)
once = st.cache_resource(show_spinner=False)


def _or_failure(ask: Callable[Arguments, Known]) -> Callable[Arguments, Known | SourceError]:
    """Give the failure instead of raising it."""

    @functools.wraps(ask)
    def told(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Known | SourceError:
        try:
            return ask(*arguments, **keywords)
        except SourceError as error:
            # Without what it was raised from, which is for the log.
            return type(error)(str(error))

    return told


@once
def _airflow() -> Airflow:
    return Airflow.from_environment(os.environ)


@once
def _bucket() -> Bucket:
    return storage.bucket(os.environ)


@once
def _reports() -> Reports:
    return Reports(_bucket())


@fresh
@_or_failure
def prediction(picture: bytes) -> Prediction:
    """Say what the model takes a picture for."""
    return Serve.from_environment(os.environ).predict(picture)


@fresh
@_or_failure
def served() -> Served:
    """Say which version answers."""
    return Serve.from_environment(os.environ).model()


@fresh
@_or_failure
def ranking() -> Ranking:
    """Give the champion and the previous version."""
    return Models.of(_bucket(), os.environ.get("MODEL") or DEFAULT_MODEL).ranking()


@fresh
@_or_failure
def recent() -> Recent:
    """Give the latest reports."""
    return _reports().recent(REPORTS)


@fresh
@_or_failure
def report(batch: str) -> Report:
    """Give a report with its files."""
    return _reports().report(batch)


@fresh
@_or_failure
def small(batch: str, file: str) -> bytes | None:
    """Give a small picture of a file that was put aside, if it is a picture."""
    return thumbnail.make(_reports().quarantined(batch, file))


@fresh
@_or_failure
def dag_runs(dags: tuple[str, ...]) -> dict[str, list[Run]]:
    """Give the latest runs of some DAGs."""
    airflow = _airflow()
    return {dag: airflow.runs(dag) for dag in dags}


@fresh
@_or_failure
def jobs() -> list[Run]:
    """Give the latest jobs on Ray."""
    return Ray.from_environment(os.environ).jobs()


def run_link(dag: str, run: str) -> str | None:
    """Give the page of a DAG's run, if visitors can reach it."""
    try:
        return _airflow().link(dag, run)
    except SourceError:
        return None


def job_link(submission_id: str) -> str | None:
    """Give the page of a job, if visitors can reach it."""
    try:
        return Ray.from_environment(os.environ).link(submission_id)
    except SourceError:
        return None
