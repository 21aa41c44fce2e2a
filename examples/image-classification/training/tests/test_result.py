import json
from typing import Any

import pytest
from model_registry import Bucket

from digits_job import result


def outcome(submission_id: str, **changes: Any) -> result.Result:
    whole: dict[str, Any] = {
        "submission_id": submission_id,
        "dataset": "0123456789ab",
        "code": result.code(),
        "seed": 0,
        "artifact": result.artifact_key(submission_id),
        "sha256": "0" * 64,
        "accuracy": 0.97,
        "training": 4,
        "held_out": 1,
        "unreadable": 0,
        "nodes": ["a", "b"],
        "rounds": 10,
        "resumed_from": None,
        "losses": 0,
        "seconds": 1.5,
    }
    return result.Result(**(whole | changes))


def test_only_the_same_job_is_done(bucket: Bucket) -> None:
    def done(submission_id: str = "same", dataset: str = "0123456789ab", seed: int = 0) -> bool:
        return result.is_done(bucket, submission_id, dataset, seed)

    assert not done()
    outcome("same").store(bucket)
    assert done()
    assert not done(submission_id="other")
    assert not done(dataset="ba9876543210")
    assert not done(seed=1)
    outcome("same", code="c0ffee").store(bucket)
    assert not done()


@pytest.mark.parametrize("content", [b"", b"[]", b'"done"'])
def test_what_is_no_result_is_none(bucket: Bucket, content: bytes) -> None:
    bucket.put("results/damaged.json", content)
    assert not result.is_done(bucket, "damaged", "0123456789ab", 0)


def test_a_result_names_its_model(bucket: Bucket) -> None:
    outcome("named").store(bucket)
    assert json.loads(bucket.get("results/named.json").content)["artifact"] == "results/named/model.onnx"
