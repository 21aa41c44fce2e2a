"""The bucket, asked with little patience: a visitor waits for it."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import model_registry as registry
from model_registry import Bucket

from pipeline_app.sources.environment import required, service
from pipeline_app.sources.errors import AbsentError, AwayError, RefusedError, SourceError, StrangeError

PATIENCE_SECONDS = 1.0
TIMEOUT_SECONDS = 3.0

log = logging.getLogger(__name__)


def bucket(environment: Mapping[str, str]) -> Bucket:
    """Connect to the bucket that the variables of AWS's tools and `BUCKET` name."""
    service(environment, "AWS_ENDPOINT_URL_S3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "BUCKET"):
        required(environment, name)
    with told():
        return Bucket.from_environment(environment, patience=PATIENCE_SECONDS, timeout=TIMEOUT_SECONDS)


@contextmanager
def told() -> Iterator[None]:
    """Turn what went wrong with the bucket into what visitors may read; the log has the details."""
    try:
        yield
    except (registry.BucketError, registry.RegistryError) as error:
        log.warning("%s: %s", type(error).__name__, error)
        raise _told(error) from error


def _told(error: Exception) -> SourceError:
    match error:
        case registry.AbsentError():
            return AbsentError("The bucket does not have what was asked for.")
        case registry.UnreachableError():
            return AwayError("The bucket does not answer.")
        case registry.RefusedError():
            return RefusedError("The bucket does not let this page in: its name or the credentials are not right.")
        case registry.RegistryError():
            # Its messages name objects and what is in them.
            return StrangeError(f"What the bucket holds is not right: {error}.")
        case _:
            return StrangeError("The bucket cannot be used as the environment describes it.")
