"""What the DAGs share: the asset between them, how their tasks are tried again, and where they find the bucket."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset
from model_registry import Bucket, Dataset, Registry

MODEL = os.environ.get("MODEL", "digits")
"""Name of the model, and of the data set that it is trained with."""
DATASET = Asset(name="digits-dataset", uri=f"s3://{os.environ.get('BUCKET', 'pipeline')}/datasets/{MODEL}")
"""Is updated when the data set has got new pictures."""

RETRIES: dict[str, Any] = {
    # Together more than three minutes: the bucket, the Ray head, or Airflow's database may be away for one.
    "retries": 5,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=1),
}
DAG_OPTIONS: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    # One at a time: what one run decides by, no other one changes meanwhile.
    "max_active_runs": 1,
    "is_paused_upon_creation": False,
    "default_args": RETRIES,
}


def bucket() -> Bucket:
    """Open the bucket that the environment names."""
    return Bucket.from_environment(os.environ)


def dataset() -> Dataset:
    """Open the data set."""
    return Dataset(bucket(), MODEL)


def registry() -> Registry:
    """Open the registry of the model."""
    return Registry(bucket(), MODEL)
