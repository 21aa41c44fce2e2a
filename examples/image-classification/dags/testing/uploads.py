"""Batches for the tests."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from model_registry import Bucket, Dataset
from PIL import Image

from image_etl import annotations, batches, reports, storage
from image_etl.pictures import enforce
from image_etl.rules import Rules
from image_etl.state import State


def png(width: int = 32, height: int = 32, shade: int = 0, mode: str = "L") -> bytes:
    """Make a picture: white, with one point of `shade`."""
    picture = Image.new("L", (width, height), 255)
    picture.putpixel((width // 2, height // 2), shade)
    written = io.BytesIO()
    picture.convert(mode).save(written, "PNG")
    return written.getvalue()


def put(bucket: Bucket, batch: str, files: Mapping[str, bytes], labels: Mapping[str, str] | None = None) -> None:
    """Upload a batch, all of it showing sevens if nothing else is said."""
    for name, content in files.items():
        bucket.put(f"uploads/{batch}/{name}", content)
    labels = dict.fromkeys(files, "7") if labels is None else labels
    bucket.put(f"uploads/{batch}/annotations.jsonl", lines(list(labels.items())))
    bucket.put(f"uploads/{batch}/_SUCCESS", b"")


def lines(labels: Sequence[tuple[str, str]]) -> bytes:
    return "".join(json.dumps({"file": file, "label": label}) + "\n" for file, label in labels).encode()


def judge(bucket: Bucket, batch: str, rules: Rules = Rules()) -> State:  # noqa: B008 - it never changes
    """Do all that comes before something is written. What is handed on goes through JSON, as in Airflow."""
    state = State.parse(batches.ingest(bucket, batch, rules).encode())
    read = annotations.Annotations.parse(batches.annotations(bucket, batch))
    state = State.parse(annotations.check(state, read, rules).state.encode())
    return State.parse(replace(state, files=tuple(enforce(file, rules) for file in state.files)).encode())


def run(bucket: Bucket, dataset: Dataset, batch: str, rules: Rules = Rules()) -> dict[str, Any]:  # noqa: B008
    """Do all that is to be done with a batch, and give its report."""
    state = storage.upload(bucket, dataset, judge(bucket, batch, rules), rules)
    report = reports.report(state, "run")
    reports.write(bucket, report)
    return report


def reasons(report: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Give outcome and reason of each file."""
    return {file["file"]: (file["outcome"], file["reason"]) for file in report["files"]}
