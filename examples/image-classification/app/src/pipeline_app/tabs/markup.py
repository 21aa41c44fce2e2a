"""HTML for what Streamlit has no element for. All text goes through here, and comes out harmless."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from pipeline_app.sources.errors import AwayError, SourceError
from pipeline_app.sources.runs import State
from pipeline_app.tabs import words

TONES = {
    State.WAITING: "waiting",
    State.RUNNING: "running",
    State.SUCCEEDED: "good",
    State.FAILED: "bad",
    State.STOPPED: "warning",
    State.UNKNOWN: "waiting",
}


def text(content: object) -> str:
    """Write text as HTML."""
    return escape(str(content))


def tag(element: str, content: str = "", **attributes: str) -> str:
    """Write an element, of which the content is HTML already."""
    # Python's own words, and names with hyphens in them, are written otherwise there.
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return f"<{element}{given}>" + ("" if element == "img" else f"{content}</{element}>")


def pill(content: object, tone: str) -> str:
    """Write a word with a colour."""
    return tag("span", text(content), class_=f"pill {tone}")


def state(of: State) -> str:
    """Write how a run is doing."""
    return pill(of.value, TONES[of])


def name(content: str, link: str | None) -> str:
    """Write a name, which may be a link to what it names."""
    if link is None:
        return tag("span", text(content), class_="name", title=content)
    return tag("a", text(content), class_="name", title=content, href=link, target="_blank", rel="noopener")


def short(checksum: str) -> str:
    """Write the beginning of a checksum, all of which shows up under a mouse."""
    return tag("code", text(words.short(checksum)), title=checksum)


def time(moment: datetime, now: datetime) -> str:
    """Write how long ago something was; exactly when shows up under a mouse."""
    exactly = moment.astimezone(UTC)
    shown = text(words.ago(moment, now))
    return tag("time", shown, datetime=exactly.isoformat(), title=words.at(exactly))


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a list of names and values, of which the values are HTML already."""
    return tag("dl", "".join(tag("dt", text(key)) + tag("dd", value) for key, value in pairs), class_="facts")


def note(content: object, tone: str = "") -> str:
    """Write a sentence in a box of its own."""
    return tag("p", text(content), class_=f"note {tone}".strip(), role="status")


def failure(error: SourceError) -> str:
    """Write what is wrong with a source."""
    later = " It is asked again in a few seconds." if isinstance(error, AwayError) else ""
    return note(f"{error}{later}", "bad")
