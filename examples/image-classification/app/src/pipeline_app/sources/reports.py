"""Reports of batches: what became of each file that somebody uploaded, and why."""

import json
import logging
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

from model_registry import Bucket, Entry
from model_registry import RegistryError as NotRightError

from pipeline_app.sources.runs import moment
from pipeline_app.sources.storage import told

PREFIX = "reports/"
SUFFIX = ".json"
READERS = 8
OUTCOMES = ("accepted", "resized", "quarantined", "rejected")
NO_FILE = "reported"
"""Outcome of what is no file: an annotation without one, for example."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class File:
    """A file of a batch."""

    name: str
    outcome: str
    reason: str | None
    """Why it was not accepted as it is."""
    label: str | None


@dataclass(frozen=True)
class Report:
    """The report of a batch."""

    batch: str
    created: datetime
    run_id: str
    counts: Mapping[str, int]
    """Files, by their outcome."""
    reasons: Mapping[tuple[str, str], int]
    """Files, by reason and outcome."""
    dataset: str | None
    """Version of the data set with the batch in it."""
    error: str | None
    """Why nothing of the batch was taken."""
    files: tuple[File, ...]

    @classmethod
    def parse(cls, content: bytes, key: str) -> Self:
        """Read a report; a `ValueError` if it is none."""
        try:
            record = json.loads(content)
            files = tuple(_file(file) for file in record["files"])
            found = Counter((file.reason, file.outcome) for file in files if file.reason)
            in_files = Counter(file.reason for file in files if file.reason)
            # Some reasons are no file's.
            found.update(
                {
                    (reason, NO_FILE): count - in_files[reason]
                    for reason, count in record["reasons"].items()
                    if count > in_files[reason]
                }
            )
            return cls(
                batch=str(record["batch"]),
                created=moment(record.get("created")) or datetime.fromtimestamp(0, UTC),
                run_id=str(record.get("run_id") or ""),
                counts={outcome: int(record["counts"].get(outcome, 0)) for outcome in OUTCOMES},
                reasons={(str(reason), outcome): count for (reason, outcome), count in found.items()},
                dataset=_text(record.get("dataset")),
                error=_text(record.get("error")),
                files=files,
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{key} is no report: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Recent:
    """The latest reports."""

    reports: tuple[Report, ...]
    """Newest first, without their files."""
    unreadable: tuple[str, ...]
    """Batches whose reports cannot be read."""


@dataclass
class Reports:
    """All reports. What was read is kept, but for the files: a report does not change unless its ETag does."""

    bucket: Bucket
    _known: dict[Entry, Report | None] = field(default_factory=dict, repr=False)
    _alone: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def recent(self, most: int) -> Recent:
        """Give the latest reports. Names of batches say nothing of their age, so all are read, each once."""
        with self._alone, told():
            entries = [entry for entry in self.bucket.list(PREFIX) if entry.key.endswith(SUFFIX)]
            with ThreadPoolExecutor(READERS) as readers:
                unknown = [entry for entry in entries if entry not in self._known]
                self._known.update(zip(unknown, readers.map(self._read, unknown), strict=True))
            # What is no longer listed is forgotten.
            self._known = {entry: self._known[entry] for entry in entries}
            reports = [report for report in self._known.values() if report is not None]
            unreadable = tuple(_batch(entry.key) for entry, report in self._known.items() if report is None)
        reports.sort(key=lambda report: (report.created, report.batch), reverse=True)
        return Recent(tuple(reports[:most]), unreadable)

    def report(self, batch: str) -> Report:
        """Give one report, with its files."""
        key = f"{PREFIX}{batch}{SUFFIX}"
        with told():
            content = self.bucket.get(key).content
            try:
                return Report.parse(content, key)
            except ValueError as error:
                raise NotRightError(str(error)) from error

    def quarantined(self, batch: str, file: str) -> bytes:
        """Read a file that was put aside."""
        with told():
            return self.bucket.get(f"quarantine/{batch}/{file}").content

    def _read(self, entry: Entry) -> Report | None:
        content = self.bucket.get(entry.key).content
        try:
            return replace(Report.parse(content, entry.key), files=())
        except ValueError as error:
            log.warning("%s", error)
            return None


def _file(file: Mapping[str, Any]) -> File:
    return File(str(file["file"]), str(file["outcome"]), _text(file.get("reason")), _text(file.get("label")))


def _text(value: object) -> str | None:
    return str(value) if value not in {None, ""} else None


def _batch(key: str) -> str:
    return key.removeprefix(PREFIX).removesuffix(SUFFIX)
