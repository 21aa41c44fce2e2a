"""One server and one Ray serve all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from model_registry import Bucket, Registry
from object_storage import ObjectStorage
from ray_cluster import RayCluster, free_port
from serving import Serving

SHARED = Path(__file__).parents[4] / "python"
SOURCES = Path(__file__).parents[1] / "src"


@pytest.fixture(scope="session")
def storage() -> Iterator[ObjectStorage]:
    with ObjectStorage.running() as storage:
        yield storage


@pytest.fixture(scope="session")
def bucket(storage: ObjectStorage) -> Bucket:
    return storage.bucket()


@pytest.fixture
def registry(bucket: Bucket, request: pytest.FixtureRequest) -> Registry:
    """Give a registry that no other test uses."""
    return Registry(bucket, request.node.name)


@pytest.fixture(scope="session")
def serving(storage: ObjectStorage) -> Iterator[Serving]:
    environment = storage.environment | {"SERVE_HOST": "127.0.0.1", "SERVE_PORT": str(free_port())}
    paths = [SHARED / "digits/src", SHARED / "model-registry/src", SOURCES]
    with RayCluster.running(environment, paths, nodes=1) as cluster:
        # What the head's own environment says in a pod, where the dashboard is where it always is.
        cluster.environment["RAY_DASHBOARD_ADDRESS"] = cluster.dashboard
        yield Serving(cluster, Registry(storage.bucket(), "digits"))
