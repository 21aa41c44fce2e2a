import pytest
from model_registry import Bucket, Dataset

from image_etl.batches import discover, ingest
from image_etl.errors import BatchError
from image_etl.rules import Rules
from uploads import png, put, reasons, run


def test_complete_batches_without_a_report_are_found(bucket: Bucket) -> None:
    for name in ("b", "a", "reported", "Not-A-Name"):
        put(bucket, name, {"a.png": png()})
    bucket.put("uploads/incomplete/a.png", png())
    bucket.put("reports/reported.json", b"{}")
    found = discover(bucket)
    assert found.batches == ("a", "b")
    assert found.ignored == ("Not-A-Name",)
    assert discover(bucket, most=1).batches == ("a",)


def test_a_batch_that_is_asked_for_is_looked_at_again(bucket: Bucket) -> None:
    put(bucket, "a", {"a.png": png()})
    bucket.put("reports/a.json", b"{}")
    assert discover(bucket, "a").batches == ("a",)


def test_a_batch_that_cannot_be_is_refused(bucket: Bucket) -> None:
    with pytest.raises(BatchError, match="no name"):
        discover(bucket, "../a")
    with pytest.raises(BatchError, match="_SUCCESS: upload it"):
        discover(bucket, "absent")


def test_files_are_looked_at_in_their_order(bucket: Bucket) -> None:
    put(bucket, "a", {"c.png": png(), "folder/b.png": b"", "a.png": png(9, 9)})
    state = ingest(bucket, "a", Rules())
    assert [(file.name, file.width) for file in state.files] == [("a.png", 9), ("c.png", 32), ("folder/b.png", 0)]


def test_a_batch_may_have_no_files_or_too_many(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "empty", {})
    put(bucket, "large", {f"{number}.png": png() for number in range(3)})
    for batch in ("empty", "large"):
        report = run(bucket, dataset, batch, Rules(most_files=2))
        assert batch in report["error"]
        assert (report["files"], report["dataset"]) == ([], None)


def test_without_annotations_all_are_missing(bucket: Bucket, dataset: Dataset) -> None:
    put(bucket, "a", {"a.png": png()})
    bucket.delete("uploads/a/annotations.jsonl")
    report = run(bucket, dataset, "a", Rules(max_missing_ratio=1))
    assert reasons(report) == {"a.png": ("quarantined", "missing-annotation")}
