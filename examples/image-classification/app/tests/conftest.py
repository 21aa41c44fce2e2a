"""A real S3 server, and stand-ins for the rest; the page's environment names them, and nothing is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import pytest
import streamlit as st
from model_registry import Bucket
from object_storage import ObjectStorage
from stand_ins import Airflow, Ray, Serve

VARIABLES = ("MODEL", "AWS_SESSION_TOKEN", "AWS_PROFILE")
numbers = count(1)


@dataclass(frozen=True)
class Backends:
    storage: ObjectStorage
    bucket: Bucket
    airflow: Airflow
    ray: Ray
    serve: Serve


@pytest.fixture(scope="session")
def storage() -> Iterator[ObjectStorage]:
    with ObjectStorage.running() as storage:
        yield storage


@pytest.fixture(scope="session")
def any_bucket(storage: ObjectStorage) -> Bucket:
    return storage.bucket()


@pytest.fixture
def bucket(storage: ObjectStorage, any_bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A bucket of the test's own."""
    bucket = replace(any_bucket, name=f"bucket-{next(numbers)}")
    bucket.client.create_bucket(Bucket=bucket.name)
    for variable, value in (storage.environment | {"BUCKET": bucket.name}).items():
        monkeypatch.setenv(variable, value)
    return bucket


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    with Airflow.running() as airflow:
        yield airflow


@pytest.fixture
def ray() -> Iterator[Ray]:
    with Ray.running() as ray:
        yield ray


@pytest.fixture
def serve() -> Iterator[Serve]:
    with Serve.running() as serve:
        yield serve


@pytest.fixture
def backends(  # noqa: PLR0913, PLR0917 - each is a server
    storage: ObjectStorage,
    bucket: Bucket,
    airflow: Airflow,
    ray: Ray,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> Backends:
    for variable, value in (airflow.environment | ray.environment | serve.environment).items():
        monkeypatch.setenv(variable, value)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return Backends(storage, bucket, airflow, ray, serve)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
