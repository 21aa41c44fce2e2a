import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_registry import Bucket, Dataset, IntegrityError, Manifest, Picture, RegistryError, artifacts

ONE, TWO, THREE = (
    Picture(artifacts.checksum(content), label, "first") for content, label in ((b"1", "1"), (b"2", "2"), (b"3", "3"))
)


@pytest.fixture
def dataset(bucket: Bucket, name: str) -> Dataset:
    return Dataset(bucket, name)


def test_the_version_follows_from_the_content_in_whatever_order() -> None:
    manifest = Manifest(parent=None, batches=("b", "a"), images=(ONE, TWO))
    assert manifest == Manifest(parent=None, batches=("a", "b"), images=(TWO, ONE))
    written = json.loads(manifest.encode())
    version = written.pop("version")
    assert written == {
        "parent": None,
        "batches": ["a", "b"],
        "images": sorted([vars(ONE), vars(TWO)], key=lambda image: str(image["sha256"])),
    }
    content = json.dumps(written, sort_keys=True, separators=(",", ":")).encode()
    assert version == manifest.version == hashlib.sha256(content).hexdigest()[:12]
    assert Manifest.parse(manifest.encode(), "here") == manifest
    assert Manifest(parent="0123456789ab", batches=("a", "b"), images=(ONE, TWO)).version != version


def test_a_data_set_grows_by_batches(dataset: Dataset, bucket: Bucket) -> None:
    assert dataset.current() is None
    first = dataset.extend("first", [ONE, TWO])
    assert (first.parent, first.batches) == (None, ("first",))
    relabelled = Picture(ONE.sha256, "7", "second")
    second = dataset.extend("second", [relabelled, THREE])
    assert (second.parent, second.batches) == (first.version, ("first", "second"))
    assert set(second.images) == {ONE, TWO, THREE}
    assert dataset.extend("first", [ONE, TWO]) == second
    assert dataset.current() == dataset.manifest(second.version) == second
    assert dataset.manifest(first.version) == first
    current = json.loads(bucket.get(f"datasets/{dataset.name}/current.json").content)
    assert current == {"version": second.version}


def test_no_batch_is_lost_among_thirty(dataset: Dataset) -> None:
    batches = [f"batch-{number:02}" for number in range(30)]

    def extend(batch: str) -> Manifest:
        return dataset.extend(batch, [Picture(artifacts.checksum(batch.encode()), "1", batch)])

    with ThreadPoolExecutor(30) as threads:
        versions = {manifest.version for manifest in threads.map(extend, batches)}
    current = dataset.current()
    assert current
    assert current.batches == tuple(batches)
    assert sorted(image.batch for image in current.images) == batches
    assert len(versions) == 30


def test_pictures_are_stored_once_and_read_as_they_were(dataset: Dataset, bucket: Bucket) -> None:
    assert dataset.store(b"1") == dataset.store(b"1") == ONE.sha256
    assert [entry.key for entry in bucket.list(f"datasets/{dataset.name}/")] == [dataset.image_key(ONE.sha256)]
    assert dataset.image(ONE.sha256) == b"1"
    bucket.put(dataset.image_key(ONE.sha256), b"7")
    with pytest.raises(IntegrityError, match="it is not what was registered"):
        dataset.image(ONE.sha256)


def test_a_version_that_is_not_there_is_named(dataset: Dataset) -> None:
    with pytest.raises(RegistryError, match=r"the data set .* has no version 0123456789ab"):
        dataset.manifest("0123456789ab")


def test_a_manifest_that_was_changed_is_refused(dataset: Dataset, bucket: Bucket) -> None:
    manifest = dataset.extend("first", [ONE])
    key = dataset.manifest_key(manifest.version)
    written = json.loads(manifest.encode())
    changed = {
        "says version": written | {"batches": ["other"]},
        "images in": written | {"images": [{"sha256": "x", "label": "1", "batch": "first"}]},
        "must be a list": written | {"images": {}},
        "must be a list of texts": written | {"batches": [1]},
    }
    for wrong, content in changed.items():
        bucket.put(key, json.dumps(content).encode())
        with pytest.raises(IntegrityError, match=re.escape(wrong)):
            dataset.current()
    bucket.put(dataset.manifest_key("0123456789ab"), manifest.encode())
    with pytest.raises(IntegrityError, match=f"is version {manifest.version}"):
        dataset.manifest("0123456789ab")
