"""The proof that the server keeps its word: of two hundred who write at once under a condition, one is first."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from model_registry import Aliases, Bucket, BucketError, ChangedError, Lineage, PresentError, Registry, Version

WRITERS = 200
ROUNDS = 5


def at_once(write: Callable[[int], object]) -> list[int]:
    """Have all writers begin at one moment, and give those whose write was done."""
    barrier = threading.Barrier(WRITERS)

    def attempt(writer: int) -> bool:
        barrier.wait()
        try:
            write(writer)
        except (ChangedError, PresentError):
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as threads:
        done = list(threads.map(attempt, range(WRITERS)))
    return [writer for writer, was_done in enumerate(done) if was_done]


def content_of(writer: int) -> bytes:
    """Give every writer a content of its own, and a length too: no mix of two could pass for one of them."""
    return f"{writer:03}".encode() * (writer + 1)


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_one_of_two_hundred_creates_an_object(bucket: Bucket, name: str, round_number: int) -> None:
    key = f"{name}/{round_number}"
    winners = at_once(lambda writer: bucket.put_if_absent(key, content_of(writer)))
    assert len(winners) == 1
    assert bucket.get(key).content == content_of(winners[0])


def test_one_of_two_hundred_changes_an_object(bucket: Bucket, name: str) -> None:
    def change(etag: str, writer: int) -> str:
        return bucket.put_if_match(name, content_of(writer), etag)

    etag = bucket.put(name, b"first")
    for _ in range(ROUNDS):
        winners = at_once(partial(change, etag))
        assert len(winners) == 1
        stored = bucket.get(name)
        assert stored.content == content_of(winners[0])
        # The next round begins with what this one has left.
        etag = stored.etag


def test_two_hundred_registrations_are_two_hundred_versions(bucket: Bucket, name: str) -> None:
    registry = Registry(bucket, name)
    barrier = threading.Barrier(WRITERS)

    def register(writer: int) -> Version:
        barrier.wait()
        lineage = Lineage(job=f"job-{writer}", run_id="run", code="code")
        return registry.register(content_of(writer), metrics={"accuracy": 0.9}, dataset="d", lineage=lineage)

    with ThreadPoolExecutor(WRITERS) as threads:
        versions = list(threads.map(register, range(WRITERS)))
    assert sorted(version.version for version in versions) == list(range(1, WRITERS + 1))
    for writer, version in enumerate(versions):
        assert registry.version(version.version) == version
        assert registry.load(version.version) == content_of(writer)


def test_no_promotion_is_lost_among_twenty(bucket: Bucket, name: str) -> None:
    registry = Registry(bucket, name)
    for number in range(1, 21):
        lineage = Lineage(job=f"job-{number}", run_id="run", code="code")
        registry.register(content_of(number), metrics={}, dataset="d", lineage=lineage)
    seen: list[Aliases] = []
    with ThreadPoolExecutor(20) as threads:
        seen = list(threads.map(registry.promote, range(1, 21)))
    # Each was champion once, and the one after it names it as the previous one: a chain without a fork.
    champions = [aliases.champion for aliases in seen]
    predecessors = [aliases.previous for aliases in seen]
    assert len(set(champions)) == 20
    assert len(set(predecessors)) == 20
    assert set(champions) - set(predecessors) == {registry.aliases().champion}


def test_a_failure_is_no_win(bucket: Bucket, name: str) -> None:
    with pytest.raises(BucketError):
        at_once(lambda _writer: bucket.get(name))
