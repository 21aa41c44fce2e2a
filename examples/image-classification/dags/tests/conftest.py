"""One S3 server and one home of Airflow for all tests. Nothing of the user's environment reaches either."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_registry import Bucket, Dataset
from object_storage import ObjectStorage

for name in [name for name in os.environ if name.startswith(("AIRFLOW", "AWS_"))]:
    del os.environ[name]

HERE = Path(__file__).parent
HOME = Path(tempfile.mkdtemp(prefix="airflow-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

# Before the first import of Airflow, which reads this once.
os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(HERE.parent / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME}/airflow.db",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}


@pytest.fixture(scope="session")
def storage() -> Iterator[ObjectStorage]:
    with ObjectStorage.running() as storage:
        yield storage


@pytest.fixture
def bucket(storage: ObjectStorage) -> Bucket:
    """Give a bucket with nothing in it."""
    for entry in list((bucket := storage.bucket()).list("")):
        bucket.delete(entry.key)
    return bucket


@pytest.fixture
def dataset(bucket: Bucket) -> Dataset:
    return Dataset(bucket, "digits")
