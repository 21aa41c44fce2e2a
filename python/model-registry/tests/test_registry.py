import json
import re

import pytest

from model_registry import (
    Aliases,
    Bucket,
    IntegrityError,
    Lineage,
    Reference,
    Registry,
    RegistryError,
    Version,
    artifacts,
)

LINEAGE = Lineage(job="train--1", run_id="scheduled__2026-11-24", code="c0ffee")


@pytest.fixture
def registry(bucket: Bucket, name: str) -> Registry:
    return Registry(bucket, name)


def register(registry: Registry, artifact: bytes, run_id: str = LINEAGE.run_id) -> Version:
    lineage = Lineage(LINEAGE.job, run_id, LINEAGE.code)
    return registry.register(artifact, metrics={"accuracy": 0.97}, dataset="0123456789ab", lineage=lineage)


def test_versions_are_numbered_and_found(registry: Registry, bucket: Bucket) -> None:
    assert registry.versions() == []
    versions = [register(registry, content) for content in (b"first", b"second")]
    assert [version.version for version in versions] == [1, 2]
    assert registry.versions() == versions
    assert [registry.load(number) for number in (1, 2)] == [b"first", b"second"]
    assert json.loads(bucket.get(f"models/{registry.model}/versions/1/metadata.json").content) == {
        "version": 1,
        "artifact": f"models/{registry.model}/versions/1/model.onnx",
        "sha256": "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e",
        "metrics": {"accuracy": 0.97},
        "dataset": "0123456789ab",
        "lineage": {"job": "train--1", "run_id": "scheduled__2026-11-24", "code": "c0ffee"},
        "created": versions[0].created,
    }


def test_a_run_that_is_tried_again_registers_nothing_twice(registry: Registry) -> None:
    first = register(registry, b"model")
    assert register(registry, b"model") == first
    assert register(registry, b"other").version == 2
    assert register(registry, b"model", run_id="another").version == 3


def test_a_number_without_metadata_is_no_version_and_is_not_taken_again(registry: Registry, bucket: Bucket) -> None:
    register(registry, b"first")
    bucket.put(f"models/{registry.model}/versions/2/model.onnx", b"its writer was killed")
    assert [version.version for version in registry.versions()] == [1]
    with pytest.raises(RegistryError, match="has no version 2"):
        registry.load(2)
    assert register(registry, b"third").version == 3
    assert bucket.get(f"models/{registry.model}/versions/2/model.onnx").content == b"its writer was killed"


def test_versions_after_the_ninth_are_in_order(registry: Registry) -> None:
    for number in range(1, 12):
        assert register(registry, b"%d" % number).version == number
    assert [version.version for version in registry.versions()] == list(range(1, 12))


def test_what_others_left_there_is_no_version(registry: Registry, bucket: Bucket) -> None:
    for stray in ("README", "latest/metadata.json", "007/metadata.json", "٣/metadata.json", "1/notes/metadata.json"):
        bucket.put(f"models/{registry.model}/versions/{stray}", b"{}")
    assert registry.versions() == []


def test_a_tampered_artifact_is_refused(registry: Registry, bucket: Bucket) -> None:
    version = register(registry, b"model")
    bucket.put(version.artifact, b"malice")
    refusal = (
        f"the sha256 of s3://pipeline/{version.artifact} is {artifacts.checksum(b'malice')}, and not {version.sha256}"
    )
    with pytest.raises(IntegrityError, match=refusal):
        registry.load(1)
    with pytest.raises(IntegrityError, match=refusal):
        artifacts.load(bucket, registry.uri(version), version.sha256)


def test_the_alias_moves_and_remembers(registry: Registry) -> None:
    first, second, third = (register(registry, content).reference for content in (b"first", b"second", b"third"))
    assert registry.aliases() == Aliases()
    assert registry.promote(1) == Aliases(champion=first)
    assert registry.promote(2) == Aliases(champion=second, previous=first)
    assert registry.promote(2) == Aliases(champion=second, previous=first)
    assert registry.promote(3) == Aliases(champion=third, previous=second)
    assert registry.aliases() == Aliases(champion=third, previous=second)


def test_a_roll_back_is_done_once_however_often_it_is_asked_for(registry: Registry) -> None:
    first, second = (register(registry, content).reference for content in (b"first", b"second"))
    registry.promote(1)
    with pytest.raises(RegistryError, match=r"there is no version of .* before 1 to go back to"):
        registry.roll_back(1)
    registry.promote(2)
    for _ in range(2):
        assert registry.roll_back(2) == Aliases(champion=first, previous=second)
    assert registry.roll_back(1) == Aliases(champion=second, previous=first)


def test_only_a_version_can_be_champion(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="has no version 1"):
        registry.promote(1)
    assert registry.roll_back(1) == Aliases()


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[]", "is [], and must be an object"),
        (b'{"champion": 1}', "champion in s3://"),
        (b'{"champion": {"version": 0, "sha256": "ab"}}', "is 0, and must be a whole number from 1"),
        (b'{"champion": {"version": true, "sha256": "ab"}}', "is True, and must be a whole number from 1"),
        (b'{"champion": {"version": 1, "sha256": "ab"}}', "is 'ab', and must be 64 hexadecimal digits"),
        (b'{"champion": {"version": 1}}', "is None, and must be a text"),
    ],
)
def test_aliases_that_are_none_are_refused(registry: Registry, bucket: Bucket, content: bytes, wrong: str) -> None:
    bucket.put(f"models/{registry.model}/aliases.json", content)
    with pytest.raises(IntegrityError, match=re.escape(wrong)):
        registry.aliases()
    with pytest.raises(IntegrityError, match=r"aliases\.json"):
        registry.roll_back(1)


def test_metadata_that_is_none_is_refused_and_the_next_version_comes(registry: Registry, bucket: Bucket) -> None:
    version = register(registry, b"first")
    key = f"models/{registry.model}/versions/1/metadata.json"
    whole = json.loads(bucket.get(key).content)
    for name, value in (("metrics", {"accuracy": "high"}), ("lineage", {}), ("created", 1), ("sha256", "x" * 64)):
        bucket.put(key, json.dumps(whole | {name: value}).encode())
        with pytest.raises(IntegrityError, match=f"{key} is"):
            registry.load(1)
    assert register(registry, b"second").version == 2
    assert Reference(version.version, version.sha256) == version.reference
