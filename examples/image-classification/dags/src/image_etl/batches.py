"""Batches in the bucket: which are complete, what is in them, and which are still to be looked at."""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from model_registry import AbsentError, Bucket

from image_etl.errors import BatchError
from image_etl.pictures import examine
from image_etl.rules import Rules
from image_etl.state import File, State

Item = TypeVar("Item")
Answer = TypeVar("Answer")

UPLOADS = "uploads/"
REPORTS = "reports/"
QUARANTINE = "quarantine/"
REPORT_SUFFIX = ".json"
ANNOTATIONS = "annotations.jsonl"
COMPLETE = "_SUCCESS"
"""Written last by whoever uploads a batch."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MOST_AT_ONCE = 20
"""Batches that one run looks at; the next run takes the others."""
CONNECTIONS = 16
"""Files that are read or written at once."""


@dataclass(frozen=True)
class Found:
    """What there is to do."""

    batches: tuple[str, ...]
    ignored: tuple[str, ...]
    """Folders that no batch may be called like."""


def discover(bucket: Bucket, batch: str | None = None, most: int = MOST_AT_ONCE) -> Found:
    """Find complete batches without a report, or say that `batch` is to be looked at, be it again.

    A `BatchError` says what is wrong with the batch that is asked for.
    """
    if batch:
        if not NAME.fullmatch(batch):
            raise BatchError(f"{batch!r} is no name of a batch: lower-case letters, digits and '-' make one, up to 63")
        if not is_complete(bucket, batch):
            raise BatchError(f"there is no {bucket.uri(f'{UPLOADS}{batch}/{COMPLETE}')}: upload it after all others")
        return Found((batch,), ())
    reported = {entry.key.removeprefix(REPORTS).removesuffix(REPORT_SUFFIX) for entry in bucket.list(REPORTS)}
    waiting: list[str] = []
    ignored: list[str] = []
    for folder in bucket.folders(UPLOADS):
        if not NAME.fullmatch(folder):
            ignored.append(folder)
        elif folder not in reported and len(waiting) < most and is_complete(bucket, folder):
            waiting.append(folder)
    return Found(tuple(waiting), tuple(ignored))


def is_complete(bucket: Bucket, batch: str) -> bool:
    """Tell whether all of a batch is uploaded."""
    key = f"{UPLOADS}{batch}/{COMPLETE}"
    return any(entry.key == key for entry in bucket.list(key))


def ingest(bucket: Bucket, batch: str, rules: Rules) -> State:
    """Look at every file of a batch once. A file that is too large by its bytes is not even read."""
    prefix = f"{UPLOADS}{batch}/"
    entries = {entry.key.removeprefix(prefix): entry.size for entry in bucket.list(prefix)}
    names = sorted(name for name in entries if name not in {ANNOTATIONS, COMPLETE} and not name.endswith("/"))
    if not names:
        return State(batch, (), error=f"the batch {batch} has no files")
    if len(names) > rules.most_files:
        return State(
            batch,
            (),
            error=f"the batch {batch} has {len(names)} files, and {rules.most_files} is the most: upload it in parts",
        )

    def look(name: str) -> File:
        size = entries[name]
        content = bucket.get(prefix + name).content if 0 < size <= rules.most_bytes else None
        return examine(name, size, content, rules)

    return State(batch, tuple(each(look, names)))


def annotations(bucket: Bucket, batch: str) -> bytes:
    """Read the annotations of a batch. None at all are as good as an empty file."""
    try:
        return bucket.get(f"{UPLOADS}{batch}/{ANNOTATIONS}").content
    except AbsentError:
        return b""


def each(work: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Do the same for all items, several at a time, and give the answers in their order."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return list(threads.map(work, items))
