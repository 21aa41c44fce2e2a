"""The version that is to be served, the one before it, and the one that answers."""

from datetime import UTC, datetime

import streamlit as st
from model_registry import Version

from pipeline_app import known
from pipeline_app.sources.errors import SourceError
from pipeline_app.sources.runs import moment
from pipeline_app.sources.serve import Served
from pipeline_app.tabs import markup, words
from pipeline_app.tabs.runs import TRAINING

NO_MODEL = "There is no model yet. As soon as a batch of uploads has passed its checks, one is trained."
NO_PREVIOUS = "There is no version before it to go back to."


def show() -> None:
    """Show the two versions, and what of them is served."""
    ranking = known.ranking()
    if isinstance(ranking, SourceError):
        st.html(markup.failure(ranking))
        _served_alone(known.served())
        return
    if ranking.champion is None:
        st.info(NO_MODEL)
        return
    served = known.served()
    champion, previous = st.columns(2, gap="large")
    with champion:
        st.subheader("Champion", anchor=False, help="The version that is to be served")
        _version(ranking.champion, ranking.previous, served)
    with previous:
        st.subheader("Previous", anchor=False, help="The version that was served before, and can be again")
        if ranking.previous is None:
            st.html(markup.note(NO_PREVIOUS))
        else:
            _version(ranking.previous, None, served)
    if isinstance(served, SourceError):
        st.html(markup.failure(served))
    elif served.sha256 not in {version.sha256 for version in (ranking.champion, ranking.previous) if version}:
        st.html(markup.note(f"Version {served.version} answers, which is neither of the two.", "warning"))


def _version(version: Version, before: Version | None, served: Served | SourceError) -> None:
    now = datetime.now(UTC)
    created = moment(version.created)
    answers = isinstance(served, Served) and (served.version, served.sha256) == (version.version, version.sha256)
    lineage = version.lineage
    with st.container(border=True):
        st.html(
            markup.tag(
                "div",
                markup.tag("span", markup.text(f"Version {version.version}"), class_="version")
                + (markup.pill("serving", "good") if answers else ""),
                class_="heading",
            )
        )
        st.metric("Accuracy", _accuracy(version), _gain(version, before), help="Measured on pictures held out")
        st.html(
            markup.facts(
                [
                    ("Created", markup.time(created, now) if created else markup.text(version.created)),
                    ("Data set", markup.short(version.dataset)),
                    ("Artifact", markup.short(version.sha256)),
                    ("DAG run", markup.name(lineage.run_id, known.run_link(TRAINING, lineage.run_id))),
                    ("Ray job", markup.name(lineage.job, known.job_link(lineage.job))),
                    ("Code", markup.short(lineage.code)),
                ]
            )
        )


def _served_alone(served: Served | SourceError) -> None:
    if isinstance(served, Served):
        st.html(markup.note(f"Version {served.version} is served ({words.short(served.sha256)})."))
    else:
        st.html(markup.failure(served))


def _accuracy(version: Version) -> str:
    accuracy = version.metrics.get("accuracy")
    return "not measured" if accuracy is None else f"{accuracy:.2%}"


def _gain(version: Version, before: Version | None) -> str | None:
    """Say by how many points it is better than the one before."""
    if before is None:
        return None
    now, then = version.metrics.get("accuracy"), before.metrics.get("accuracy")
    if now is None or then is None:
        return None
    return f"{100 * (now - then):+.2f} points to version {before.version}"
