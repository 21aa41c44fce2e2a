"""What Airflow and Ray have done lately, and are doing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from pipeline_app import known
from pipeline_app.sources.errors import SourceError
from pipeline_app.sources.runs import Run
from pipeline_app.tabs import markup, words

CHECKS, TRAINING = "image_etl", "train_on_ray"
DAGS = {CHECKS: "Uploads are checked and stored", TRAINING: "A model is trained, and promoted if it is good enough"}


def show() -> None:
    """Show the runs of the DAGs, and the jobs."""
    known_runs = known.dag_runs(tuple(DAGS))
    checks, training = st.columns(2, gap="large")
    with checks:
        _dag(CHECKS, known_runs)
    with training:
        _dag(TRAINING, known_runs)
        st.subheader("Ray jobs", anchor=False, help="What the training runs on Ray")
        _runs(known.jobs(), "No job was submitted yet.")


def _dag(dag: str, known_runs: Mapping[str, Sequence[Run]] | SourceError) -> None:
    st.subheader(f"DAG {dag}", anchor=False, help=DAGS[dag])
    _runs(known_runs if isinstance(known_runs, SourceError) else known_runs[dag], "There was no run yet.")


def _runs(runs: Sequence[Run] | SourceError, nothing: str) -> None:
    if isinstance(runs, SourceError):
        st.html(markup.failure(runs))
    elif not runs:
        st.html(markup.note(nothing))
    else:
        now = datetime.now(UTC)
        st.html(markup.tag("ul", "".join(_row(run, now) for run in runs), class_="runs"))


def _row(run: Run, now: datetime) -> str:
    seconds = run.seconds(now)
    about = [
        markup.time(run.began, now) if run.began else "not begun",
        markup.text(words.duration(seconds)) if seconds is not None else "",
        markup.text(run.note),
    ]
    return markup.tag(
        "li",
        markup.state(run.state)
        + markup.tag(
            "div",
            markup.name(run.name, run.link)
            + markup.tag("span", " · ".join(part for part in about if part), class_="quiet"),
        ),
    )
