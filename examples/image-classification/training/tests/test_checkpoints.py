import numpy as np
import pytest
from model_registry import Bucket

from digits_job.checkpoints import Checkpoints
from digits_job.network import Learner, Vector


@pytest.fixture
def checkpoints(bucket: Bucket, request: pytest.FixtureRequest) -> Checkpoints:
    return Checkpoints(bucket, request.node.name, "purpose")


def learner(rounds_done: int) -> Learner:
    def values() -> Vector:
        return np.random.default_rng(rounds_done).normal(0, 1, Learner.new(0).vector.shape).astype(np.float32)

    return Learner(values(), values(), values(), rounds_done)


def keys(checkpoints: Checkpoints) -> list[str]:
    return [entry.key for entry in checkpoints.bucket.list(f"checkpoints/{checkpoints.submission_id}/")]


def test_the_latest_is_resumed_and_the_last_two_are_kept(checkpoints: Checkpoints) -> None:
    assert checkpoints.resume() is None
    for rounds_done in (90, 100, 110):
        checkpoints.save(learner(rounds_done))
    resumed = checkpoints.resume()
    assert resumed
    assert resumed.rounds_done == 110
    for name in ("vector", "mean", "square"):
        assert (getattr(resumed, name) == getattr(learner(110), name)).all()
    assert keys(checkpoints) == [f"checkpoints/{checkpoints.submission_id}/{number}.npz" for number in (100, 110)]
    checkpoints.clear()
    assert keys(checkpoints) == []


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive", None])
def test_a_damaged_one_is_passed_over(checkpoints: Checkpoints, damage: bytes | None) -> None:
    checkpoints.save(learner(100))
    checkpoints.save(learner(200))
    key = f"checkpoints/{checkpoints.submission_id}/200.npz"
    whole = checkpoints.bucket.get(key).content
    checkpoints.bucket.put(key, whole[: len(whole) // 2] if damage is None else damage)
    resumed = checkpoints.resume()
    assert resumed
    assert resumed.rounds_done == 100


def test_one_for_another_purpose_is_passed_over(checkpoints: Checkpoints) -> None:
    checkpoints.save(learner(100))
    assert Checkpoints(checkpoints.bucket, checkpoints.submission_id, "other").resume() is None


def test_what_others_left_there_is_left_alone(checkpoints: Checkpoints) -> None:
    checkpoints.bucket.put(f"checkpoints/{checkpoints.submission_id}/notes.txt", b"")
    assert checkpoints.resume() is None
    checkpoints.clear()
    assert len(keys(checkpoints)) == 1
