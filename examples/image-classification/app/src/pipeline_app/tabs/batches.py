"""What became of the batches that users uploaded."""

import base64
from collections import Counter
from collections.abc import Sequence, Set
from datetime import UTC, datetime

import altair as alt
import streamlit as st

from pipeline_app import known
from pipeline_app.sources.errors import SourceError
from pipeline_app.sources.reports import NO_FILE, OUTCOMES, File, Report
from pipeline_app.tabs import markup, words

COLOURS = {
    "accepted": "#3f9b6c",
    "resized": "#4a86c5",
    "quarantined": "#d59a3a",
    "rejected": "#c9605a",
    NO_FILE: "#8a8f98",
}
NOTHING = "There is no report yet. A batch gets one some time after its file _SUCCESS was uploaded."
EVERYTHING = "all files"
NOTABLE = "with a reason"
FILES = 60
"""How many files are listed at once."""
PICTURES = 24
ROW_HEIGHT = 26


def show() -> None:
    """Show the reports, the reasons in them, and one of them at length if the user chooses one."""
    recent = known.recent()
    if isinstance(recent, SourceError):
        st.html(markup.failure(recent))
        return
    if recent.unreadable:
        st.html(markup.note(f"Not readable: the report of {', '.join(recent.unreadable[:5])}.", "warning"))
    if not recent.reports:
        st.info(NOTHING)
        return
    now = datetime.now(UTC)
    st.html(_table(recent.reports, now))
    reasons: Counter[tuple[str, str]] = Counter()
    for report in recent.reports:
        reasons.update(report.reasons)
    if reasons:
        st.subheader("Reasons", anchor=False, help="Why files of these batches were not taken as they are")
        st.altair_chart(_chart(reasons), width="stretch", alt="How many files there are of each reason")
    st.subheader("Files of a batch", anchor=False)
    batch = st.selectbox(
        "Batch", [report.batch for report in recent.reports], index=None, placeholder="Choose a batch", key="batch"
    )
    if batch:
        _batch(batch)


def _table(reports: Sequence[Report], now: datetime) -> str:
    head = ["Batch", *(outcome.capitalize() for outcome in OUTCOMES), "Data set"]
    rows = "".join(_row(report, now) for report in reports)
    body = markup.tag("tbody", rows)
    return markup.tag(
        "table",
        markup.tag(
            "thead", markup.tag("tr", "".join(markup.tag("th", markup.text(cell), scope="col") for cell in head))
        )
        + body,
        class_="batches",
    )


def _row(report: Report, now: datetime) -> str:
    title = markup.tag("span", markup.text(report.batch), class_="name", title=report.batch) + markup.tag(
        "span", markup.time(report.created, now), class_="quiet"
    )
    if report.error:
        title += markup.pill("failed", "bad") + markup.tag("span", markup.text(report.error), class_="quiet error")
    cells = [markup.tag("th", title, scope="row")]
    for outcome in OUTCOMES:
        count = report.counts[outcome]
        cells.append(
            markup.tag(
                "td",
                markup.tag("span", markup.text(words.number(count)), class_=f"count {outcome}" if count else "zero"),
                data_label=outcome,
            )
        )
    dataset = markup.short(report.dataset) if report.dataset else markup.tag("span", "unchanged", class_="quiet")
    cells.append(markup.tag("td", dataset, class_="dataset", data_label="data set"))
    return markup.tag("tr", "".join(cells))


def _chart(reasons: Counter[tuple[str, str]]) -> alt.Chart:
    rows = [
        {"reason": words.plain(reason), "outcome": outcome, "files": count}
        for (reason, outcome), count in reasons.items()
    ]
    outcomes = [outcome for outcome in COLOURS if any(row["outcome"] == outcome for row in rows)]
    kinds = len({row["reason"] for row in rows})
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=ROW_HEIGHT * kinds + 110)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=alt.Y(
                "reason:N",
                title=None,
                sort="-x",
                axis=alt.Axis(ticks=False, domain=False, labelLimit=150, labelOverlap=False),
            ),
            x=alt.X("sum(files):Q", title="Files", axis=alt.Axis(tickMinStep=1, tickCount=6)),
            color=alt.Color(
                "outcome:N",
                title=None,
                scale=alt.Scale(domain=outcomes, range=[COLOURS[outcome] for outcome in outcomes]),
                legend=alt.Legend(orient="top", columns=2),
            ),
            tooltip=["reason:N", "outcome:N", "files:Q"],
        )
    )
    return chart


def _batch(batch: str) -> None:
    report = known.report(batch)
    if isinstance(report, SourceError):
        st.html(markup.failure(report))
        return
    if report.error:
        st.html(markup.note(report.error, "bad"))
    kinds = _kinds(report.files)
    kind = st.pills(
        "Files",
        list(kinds),
        default=next(iter(kinds)),
        required=True,
        format_func=lambda kind: f"{words.plain(kind)} · {len(kinds[kind])}",
        label_visibility="collapsed",
        key=f"kind {batch}",
    )
    files = kinds.get(kind or EVERYTHING, [])
    _pictures(batch, [file for file in files if file.outcome == "quarantined"])
    st.html(markup.tag("ul", "".join(_file(file) for file in files[:FILES]), class_="files"))
    if len(files) > FILES:
        st.caption(f"The first {FILES} of {len(files)} files.")


def _kinds(files: Sequence[File]) -> dict[str, list[File]]:
    """Sort files by outcome and reason, and name what comes of it."""
    outcomes = Counter(reason for reason, _ in {(file.reason, file.outcome) for file in files})
    several = {reason for reason, count in outcomes.items() if count > 1}
    ordered = sorted(files, key=lambda file: (_rank(file.outcome), file.reason or "", file.name))
    notable = [file for file in ordered if file.reason]
    kinds = {NOTABLE: notable} if notable else {}
    for file in ordered:
        kinds.setdefault(_kind(file, several), []).append(file)
    return kinds | {EVERYTHING: list(files)}


def _kind(file: File, several: Set[str | None]) -> str:
    """Name files by their reason, if it says the outcome too."""
    if file.reason is None:
        return file.outcome
    return f"{file.reason}, {file.outcome}" if file.reason in several else file.reason


def _rank(outcome: str) -> int:
    """Put the worst first."""
    return -OUTCOMES.index(outcome) if outcome in OUTCOMES else 1


def _file(file: File) -> str:
    reason = words.plain(file.reason) if file.reason else ""
    label = f"label {file.label}" if file.label is not None else ""
    about = " · ".join(part for part in (reason, label) if part)
    return markup.tag(
        "li",
        markup.pill(file.outcome, file.outcome if file.outcome in COLOURS else NO_FILE)
        + markup.tag(
            "span",
            markup.tag("span", markup.text(file.name), class_="name")
            + markup.tag("span", markup.text(about), class_="quiet"),
        ),
    )


def _pictures(batch: str, files: Sequence[File]) -> None:
    if not files:
        return
    shown = files[:PICTURES]
    with st.spinner("Reading the pictures …"):
        figures = []
        for file in shown:
            picture = known.small(batch, file.name)
            figures.append(_figure(file, picture))
            if isinstance(picture, SourceError):
                # The next one would be waited for as long.
                st.html(markup.failure(picture))
                break
    more = f", the first {PICTURES} of {len(files)}" if len(files) > PICTURES else ""
    st.caption(f"In quarantine{more}")
    st.html(markup.tag("div", "".join(figures), class_="pictures"))


def _figure(file: File, picture: bytes | SourceError | None) -> str:
    if isinstance(picture, bytes):
        source = "data:image/png;base64," + base64.b64encode(picture).decode()
        shown = markup.tag("img", src=source, alt=file.name)
    else:
        shown = markup.tag("span", "no picture", class_="none")
    return markup.tag(
        "figure",
        shown + markup.tag("figcaption", markup.text(words.plain(file.reason or "")), title=file.name),
    )
