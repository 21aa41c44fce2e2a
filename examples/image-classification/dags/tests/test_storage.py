import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from model_registry import Bucket, Dataset

from image_etl import storage
from image_etl.errors import BatchError
from image_etl.rules import Rules
from uploads import judge, png, put, reasons, run


def test_good_files_are_in_the_data_set(bucket: Bucket, dataset: Dataset) -> None:
    put(
        bucket,
        "one",
        {"a.png": png(shade=1), "b.png": png(64, 64), "c.png": b""},
        {"a.png": "1", "b.png": "2", "c.png": "3"},
    )
    report = run(bucket, dataset, "one")
    manifest = dataset.current()
    assert manifest is not None
    assert report["dataset"] == manifest.version
    assert report["counts"] == {"accepted": 1, "resized": 1, "quarantined": 0, "rejected": 1}
    assert {image.label for image in manifest.images} == {"1", "2"}
    assert {image.sha256 for image in manifest.images} == {file["sha256"] for file in report["files"][:2]}
    assert report["files"][0]["sha256"] == hashlib.sha256(png(shade=1)).hexdigest()
    assert [len(dataset.image(image.sha256)) > 0 for image in manifest.images] == [True, True]
    assert json.loads(bucket.get("reports/one.json").content) == report


def test_quarantined_files_are_put_aside(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "one", {"a.png": png(), "b.png": png(9, 9, mode="RGB"), "c.png": b"?"})
    run(bucket, dataset, "one")
    assert [entry.key for entry in bucket.list("quarantine/")] == ["quarantine/one/b.png"]
    assert bucket.get("quarantine/one/b.png").content == png(9, 9, mode="RGB")


def test_duplicates_are_rejected(bucket: Bucket, dataset: Dataset) -> None:
    first = run_of(bucket, dataset, "one", {"a.png": png(shade=1), "b.png": png(shade=1), "c.png": png(shade=2)})
    assert reasons(first)["b.png"] == ("rejected", "duplicate")
    second = run_of(bucket, dataset, "two", {"a.png": png(shade=2), "b.png": png(shade=3)})
    assert reasons(second) == {"a.png": ("rejected", "duplicate"), "b.png": ("accepted", None)}


def test_a_picture_without_annotation_is_no_original(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "one", {"a.png": png(), "b.png": png()}, {"b.png": "7"})
    assert reasons(run(bucket, dataset, "one")) == {
        "a.png": ("quarantined", "missing-annotation"),
        "b.png": ("accepted", None),
    }


def test_one_picture_shows_one_thing(bucket: Bucket, dataset: Dataset) -> None:
    files = {"a.png": png(shade=1), "b.png": png(shade=1), "c.png": png(shade=2)}
    put(bucket, "one", files, {"a.png": "1", "b.png": "2", "c.png": "3"})
    conflict = ("quarantined", "conflicting-annotation")
    assert reasons(run(bucket, dataset, "one")) == {"a.png": conflict, "b.png": conflict, "c.png": ("accepted", None)}
    put(bucket, "two", {"a.png": png(shade=2), "b.png": png(shade=3)}, {"a.png": "4", "b.png": "5"})
    assert reasons(run(bucket, dataset, "two")) == {"a.png": conflict, "b.png": ("accepted", None)}


@pytest.mark.parametrize("files", [{"a.png": b"", "b.png": b"?", "c.png": png(2, 2)}, {"a.png": png(shade=9)}])
def test_a_batch_that_is_all_bad_changes_no_data_set(bucket: Bucket, dataset: Dataset, files: dict[str, bytes]) -> None:
    run_of(bucket, dataset, "one", {"a.png": png(shade=9)})
    before = contents(bucket, "datasets/")
    report = run_of(bucket, dataset, "bad", files)
    assert "no file of the batch bad can be used" in report["error"]
    assert report["dataset"] is None
    assert contents(bucket, "datasets/") == before
    assert bucket.get("reports/bad.json")


def test_a_refused_batch_is_put_aside_as_a_whole(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "one", {"a.png": png(shade=1), "b.png": png(shade=2), "c.png": b""}, {"a.png": "7"})
    report = run(bucket, dataset, "one")
    assert "2 of 3 files" in report["error"]
    assert reasons(report) == {
        "a.png": ("quarantined", "batch-refused"),
        "b.png": ("quarantined", "missing-annotation"),
        "c.png": ("rejected", "zero-byte"),
    }
    assert dataset.current() is None
    assert run(bucket, dataset, "one", Rules(max_missing_ratio=1))["counts"]["accepted"] == 1


def test_a_batch_that_is_run_again_ends_the_same(bucket: Bucket, dataset: Dataset) -> None:
    first = run_of(bucket, dataset, "one", {"a.png": png(shade=1), "b.png": png(shade=1)})
    run_of(bucket, dataset, "two", {"a.png": png(shade=2)})
    before = contents(bucket, "datasets/")
    assert without_time(run(bucket, dataset, "one")) == without_time(first)
    assert contents(bucket, "datasets/") == before


def test_a_batch_in_the_data_set_does_not_change(bucket: Bucket, dataset: Dataset) -> None:
    run_of(bucket, dataset, "one", {"a.png": png(shade=1)})
    before = contents(bucket, "datasets/digits/manifests/")
    report = run_of(bucket, dataset, "one", {"a.png": png(shade=1), "b.png": png(shade=2)})
    assert "is in the data set already" in report["error"]
    assert contents(bucket, "datasets/digits/manifests/") == before


def test_a_file_that_changes_meanwhile_is_not_taken(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "one", {"a.png": png(shade=1)})
    state = judge(bucket, "one")
    bucket.put("uploads/one/a.png", png(shade=2))
    with pytest.raises(BatchError, match="has changed since"):
        storage.upload(bucket, dataset, state, Rules())
    assert dataset.current() is None


class CrashError(Exception):
    """The end of a process."""


@dataclass
class Crashing:
    """A client that fails for ever, before or after its write number `at`."""

    client: Any
    at: int
    after: bool
    writes: int = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return getattr(self.client, name)  # type: ignore[no-any-return]

    def put_object(self, **arguments: Any) -> Any:
        self.writes += 1
        if self.writes > self.at or (self.writes == self.at and not self.after):
            raise CrashError
        answer = self.client.put_object(**arguments)
        if self.writes == self.at:
            raise CrashError
        return answer


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_write_changes_nothing_in_the_end(bucket: Bucket, dataset: Dataset, *, after: bool) -> None:
    files = {"a.png": png(shade=1), "b.png": png(64, 64), "c.png": png(mode="RGB"), "d.png": png(shade=1), "e.png": b""}
    ends = []
    crashes = 0
    for at in range(100):
        for prefix in ("datasets/", "reports/", "quarantine/"):
            for entry in list(bucket.list(prefix)):
                bucket.delete(entry.key)
        run_of(bucket, dataset, "zero", {"a.png": png(shade=5)})
        put(bucket, "one", files)
        crashing = Bucket(bucket.name, Crashing(bucket.client, at, after))
        try:
            if at:
                run(crashing, Dataset(crashing, "digits"), "one")
                break
        except CrashError:
            crashes += 1
        ends.append(
            (without_time(run(bucket, dataset, "one")), contents(bucket, "datasets/"), contents(bucket, "quar"))
        )
    # Two images, a manifest, the pointer, a file put aside, the report.
    assert crashes == 6
    assert all(end == ends[0] for end in ends)


def run_of(bucket: Bucket, dataset: Dataset, batch: str, files: dict[str, bytes]) -> dict[str, Any]:
    put(bucket, batch, files)
    return run(bucket, dataset, batch)


def contents(bucket: Bucket, prefix: str) -> dict[str, bytes]:
    return {entry.key: bucket.get(entry.key).content for entry in bucket.list(prefix)}


def without_time(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "created"}
