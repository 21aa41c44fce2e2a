"""A bucket as some days of the pipeline leave it."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from model_registry import Bucket, Lineage, Registry, Version
from pictures import png
from PIL import Image
from strokes import draw

MODEL = "digits"
FAULTS = {
    "missing-annotation": "quarantined",
    "unknown-label": "quarantined",
    "wrong-mode": "quarantined",
    "too-large": "resized",
    "too-small": "resized",
    "zero-byte": "rejected",
    "corrupt": "rejected",
    "duplicate": "rejected",
    "too-many-bytes": "rejected",
}
SIDE = 32


def file(name: str, outcome: str = "accepted", reason: str | None = None, label: str | None = "7") -> dict[str, Any]:
    return {"file": name, "outcome": outcome, "reason": reason, "label": label}


def report(
    batch: str,
    files: list[dict[str, Any]],
    created: datetime,
    *,
    dataset: str | None = "0123456789ab",
    error: str | None = None,
    **reasons: int,
) -> dict[str, Any]:
    """Make a report of files; `reasons` are those that are no file's, with underscores for hyphens."""
    found = Counter(file["reason"] for file in files if file["reason"])
    outcomes = Counter(file["outcome"] for file in files)
    return {
        "batch": batch,
        "run_id": f"scheduled__{created.isoformat()}",
        "created": created.isoformat(timespec="seconds"),
        "counts": {outcome: outcomes[outcome] for outcome in ("accepted", "resized", "quarantined", "rejected")},
        "reasons": dict(found) | {name.replace("_", "-"): count for name, count in reasons.items()},
        "files": files,
        "dataset": dataset,
        "error": error,
    }


def put_report(bucket: Bucket, content: dict[str, Any]) -> None:
    bucket.put(f"reports/{content['batch']}.json", json.dumps(content).encode(), "application/json")


def put_quarantined(bucket: Bucket, batch: str, name: str, digit: int = 3, seed: int = 0) -> None:
    picture = draw(digit, np.random.default_rng(seed)).resize((SIDE, SIDE), Image.Resampling.BOX)
    bucket.put(f"quarantine/{batch}/{name}", png(picture), "image/png")


def register(bucket: Bucket, content: bytes, accuracy: float, *, promote: bool = True) -> Version:
    registry = Registry(bucket, MODEL)
    number = len(registry.versions()) + 1
    lineage = Lineage(
        job=f"train-on-ray-train-{'5f2a9c81d07e'}-{number}",
        run_id=f"asset_triggered__2026-11-2{number}T10:12:09.331402+00:00_Jx3kQ0aB",
        code="9b1c7e55d2f84a6e",
    )
    version = registry.register(content, metrics={"accuracy": accuracy}, dataset="0123456789ab", lineage=lineage)
    if promote:
        registry.promote(version.version)
    return version


def batch(bucket: Bucket, name: str, created: datetime, seed: int, size: int = 200) -> None:
    """Put the report of a batch with some of each fault, and what of it is in quarantine."""
    random = np.random.default_rng(seed)
    files = []
    for fault, outcome in FAULTS.items():
        for number in range(int(random.integers(1, 7))):
            faulty = file(f"{fault}-{number:03}.png", outcome, fault, None if fault == "missing-annotation" else "7")
            files.append(faulty)
            if outcome == "quarantined":
                put_quarantined(bucket, name, faulty["file"], int(random.integers(10)), int(random.integers(1000)))
    files += [file(f"digit-{number:04}.png", label=str(number % 10)) for number in range(size - len(files))]
    files.sort(key=lambda each: str(each["file"]))
    put_report(bucket, report(name, files, created, dataset=f"{seed:x}4c81fe02b97d"[:12], orphan_annotation=2))


def fill(bucket: Bucket) -> None:
    """Put what some days of the pipeline leave."""
    now = datetime.now(UTC)
    for number in range(1, 7):
        batch(
            bucket, f"batch-{number:04}", now - timedelta(hours=7 * (7 - number), minutes=11), number, 120 + 20 * number
        )
    scans = [file(f"scan-{number:03}.png", "rejected", "corrupt", None) for number in range(25)]
    error = "all 25 files are bad: nothing was stored"
    put_report(bucket, report("scanner-test", scans, now - timedelta(minutes=12), dataset=None, error=error))
    register(bucket, b"first", 0.9512)
    register(bucket, b"second", 0.9624)
    register(bucket, b"third", 0.9731)
