"""One server serves all tests; each has prefixes or models of its own."""

from collections.abc import Iterator

import pytest
from object_storage import ObjectStorage

from model_registry import Bucket


@pytest.fixture(scope="session")
def storage() -> Iterator[ObjectStorage]:
    with ObjectStorage.running() as storage:
        yield storage


@pytest.fixture(scope="session")
def bucket(storage: ObjectStorage) -> Bucket:
    return storage.bucket(connections=200)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Name what no other test uses."""
    return str(request.node.name).replace("[", "-").replace("]", "")
