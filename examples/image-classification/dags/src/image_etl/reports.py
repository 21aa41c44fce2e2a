"""The report of a batch: what became of each file, and why. A batch that has one is done with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from model_registry import Bucket
from model_registry.records import JSON, encode

from image_etl.batches import REPORT_SUFFIX, REPORTS
from image_etl.state import File, State


def report(state: State, run_id: str, created: datetime | None = None) -> dict[str, Any]:
    """Say what became of a batch."""
    return {
        "batch": state.batch,
        "run_id": run_id,
        "created": (created or datetime.now(UTC)).isoformat(timespec="seconds"),
        "counts": state.counts,
        "reasons": state.reasons,
        "files": [_line(file) for file in state.files],
        "dataset": state.dataset,
        "error": state.error,
    }


def key(batch: str) -> str:
    """Give the key of a batch's report."""
    return f"{REPORTS}{batch}{REPORT_SUFFIX}"


def write(bucket: Bucket, content: Mapping[str, Any]) -> None:
    """Write a report, in place of one of an earlier run if there is any."""
    bucket.put(key(content["batch"]), encode(content), JSON)


def _line(file: File) -> dict[str, Any]:
    line = {
        "file": file.name,
        "outcome": file.outcome and str(file.outcome),
        "reason": file.reason and str(file.reason),
    }
    if file.sha256:
        line["sha256"] = file.sha256
    if file.label:
        line["label"] = file.label
    return line
