"""One server and one Ray serve all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import uploads
from model_registry import Bucket, Dataset, Manifest
from object_storage import ObjectStorage
from ray_cluster import RayCluster

SHARED = Path(__file__).parents[4] / "python"


@pytest.fixture(scope="session")
def storage() -> Iterator[ObjectStorage]:
    with ObjectStorage.running() as storage:
        yield storage


@pytest.fixture(scope="session")
def bucket(storage: ObjectStorage) -> Bucket:
    return storage.bucket()


@pytest.fixture(scope="session")
def small(bucket: Bucket) -> Manifest:
    """Give a version of the data set that is read in a second."""
    return uploads.store(Dataset(bucket, "digits"), uploads.digits()[:300], "first")


@pytest.fixture(scope="session")
def whole(bucket: Bucket, small: Manifest) -> Manifest:
    """Give the version after it, with all digits."""
    assert small.batches == ("first",)
    return uploads.store(Dataset(bucket, "digits"), uploads.digits()[300:], "second")


@pytest.fixture(scope="session")
def cluster(storage: ObjectStorage) -> Iterator[RayCluster]:
    paths = [SHARED / "digits/src", SHARED / "model-registry/src"]
    with RayCluster.running(storage.environment, paths, nodes=2) as cluster:
        yield cluster


@pytest.fixture
def dataset(bucket: Bucket, request: pytest.FixtureRequest) -> Dataset:
    """Give a data set that no other test uses."""
    return Dataset(bucket, request.node.name)
