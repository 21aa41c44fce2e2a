"""Runs of something, whoever runs it: DAG runs and jobs look alike on the page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class State(StrEnum):
    """How a run is doing."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Run:
    """A run of a DAG, or a job."""

    name: str
    state: State
    began: datetime | None
    ended: datetime | None
    note: str = ""
    """What else visitors may want to know, in a few words."""
    link: str | None = None
    """Its own page, for visitors' browsers."""

    def seconds(self, now: datetime) -> float | None:
        """Say how long it took, or has taken so far."""
        if self.began is None:
            return None
        return max(((self.ended or now) - self.began).total_seconds(), 0.0)


def moment(value: object) -> datetime | None:
    """Read a time as ISO 8601 writes it, if it is one; without a zone, it is that of Greenwich."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def moment_of_milliseconds(value: object) -> datetime | None:
    """Read a time as Ray writes it, if it is one."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
