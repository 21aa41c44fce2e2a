"""A bucket of an S3 server: whole objects, and writes that happen only if nobody else was faster.

Everything that several writers share is kept right by the two conditions that S3 knows for a PUT: `If-None-Match: *`,
the key must be new, and `If-Match`, the object must still be the one that was read. There is no lock anywhere.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnectionError

from model_registry.errors import (
    AbsentError,
    BucketError,
    ChangedError,
    PresentError,
    RefusedError,
    UnreachableError,
)

Answer = TypeVar("Answer")

PATIENCE_SECONDS = 90.0
"""How long a server may be away before a call fails: longer than it takes to start again on another node."""
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
TIMEOUT_SECONDS = 20
CONNECTIONS = 32
BINARY = "application/octet-stream"

BUSY = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""Answers of a server that may be able to do it later."""
BUSY_CODES = {"RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"}


@dataclass(frozen=True)
class Stored:
    """An object as it was read."""

    content: bytes
    etag: str
    """Names this state of the object; what `put_if_match` takes."""


@dataclass(frozen=True)
class Entry:
    """An object as it was listed."""

    key: str
    size: int
    """Bytes of its content."""
    etag: str


@dataclass(frozen=True)
class Bucket:
    """A bucket, by its name, and the client that reaches it. Threads may share one."""

    name: str
    client: Any = field(repr=False)
    patience: float = PATIENCE_SECONDS
    """Seconds for which a call is tried again while the server is away or busy."""

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str],
        *,
        patience: float = PATIENCE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
        connections: int = CONNECTIONS,
    ) -> Self:
        """Take what the variables of AWS's own tools say, and `BUCKET`; a `BucketError` names the one that is missing.

        `timeout` is for how many seconds a server may say nothing before it counts as away, and `connections` how
        many calls of several threads may be under way at once.
        """
        configuration = Config(
            # Names of buckets are no names of hosts in a cluster.
            s3={"addressing_style": "path"},
            # Not every server knows the checksums that the client would add by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # Tried again here and nowhere else: who writes under a condition must know that it was a retry.
            retries={"total_max_attempts": 1},
            connect_timeout=timeout,
            read_timeout=timeout,
            max_pool_connections=connections,
        )
        try:
            client = boto3.session.Session().client(
                "s3",
                endpoint_url=_required(environment, "AWS_ENDPOINT_URL_S3"),
                aws_access_key_id=_required(environment, "AWS_ACCESS_KEY_ID"),
                aws_secret_access_key=_required(environment, "AWS_SECRET_ACCESS_KEY"),
                region_name=environment.get("AWS_REGION") or "us-east-1",
                config=configuration,
            )
        except (BotoCoreError, ValueError) as error:
            raise BucketError(f"the environment describes no bucket: {error}") from error
        return cls(_required(environment, "BUCKET"), client, patience)

    def get(self, key: str) -> Stored:
        """Read an object; an `AbsentError` if there is none."""

        def read(_retry: bool) -> Stored:
            answer = self.client.get_object(Bucket=self.name, Key=key)
            return Stored(answer["Body"].read(), answer["ETag"])

        return self._call(f"failed to read {self.uri(key)}", read)

    def put(self, key: str, content: bytes, content_type: str = BINARY) -> str:
        """Write an object, whatever was there before, and give its ETag."""
        return self._call(
            f"failed to write {self.uri(key)}", lambda _retry: self._put(key, content, content_type=content_type)
        )

    def put_if_absent(self, key: str, content: bytes, content_type: str = BINARY) -> str:
        """Write an object that must be new, and give its ETag; a `PresentError` if there is one already.

        If an answer gets lost and the object is found with just this content, the write counts as ours. So writers of
        whom only one may win write what no other one does.
        """

        def write(retry: bool) -> str:
            try:
                return self._put(key, content, content_type=content_type, IfNoneMatch="*")
            except ClientError as error:
                if _status(error) != HTTPStatus.PRECONDITION_FAILED:
                    raise
                if retry and (etag := self._etag_of(key, content)):
                    return etag
                raise PresentError(f"{self.uri(key)} is there already") from error

        return self._call(f"failed to write {self.uri(key)}", write)

    def put_if_match(self, key: str, content: bytes, etag: str, content_type: str = BINARY) -> str:
        """Write an object that must still be the one with `etag`, and give the new ETag; a `ChangedError` if it is not.

        If an answer gets lost and the object is found with just this content, the write counts as ours.
        """

        def write(retry: bool) -> str:
            try:
                return self._put(key, content, content_type=content_type, IfMatch=etag)
            except ClientError as error:
                if _status(error) not in {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.NOT_FOUND} or (
                    _code(error) == "NoSuchBucket"
                ):
                    raise
                if retry and (etag_now := self._etag_of(key, content)):
                    return etag_now
                raise ChangedError(f"{self.uri(key)} has changed since it was read") from error

        return self._call(f"failed to write {self.uri(key)}", write)

    def list(self, prefix: str) -> Iterator[Entry]:
        """Give all objects whose keys begin with `prefix`, in the order of their keys."""
        for page in self._pages(Prefix=prefix):
            for item in page.get("Contents", []):
                yield Entry(item["Key"], item["Size"], item["ETag"])

    def folders(self, prefix: str) -> Iterator[str]:
        """Give the names, up to the next slash, with which keys go on after `prefix`; each once, in their order."""
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            for item in page.get("CommonPrefixes", []):
                yield item["Prefix"].removeprefix(prefix).removesuffix("/")

    def delete(self, key: str) -> None:
        """Take an object away, if it is there."""
        self._call(
            f"failed to delete {self.uri(key)}",
            lambda _retry: self.client.delete_object(Bucket=self.name, Key=key),
        )

    def uri(self, key: str) -> str:
        """Name an object as people and configurations do."""
        return f"s3://{self.name}/{key}"

    def key(self, uri: str) -> str:
        """Give the key of an object that `uri` names; a `BucketError` if it is in no bucket or in another one."""
        scheme, separator, rest = uri.partition("://")
        name, slash, key = rest.partition("/")
        if (scheme, separator, slash) != ("s3", "://", "/") or not key:
            raise BucketError(f"{uri!r} names no object: a URI such as s3://{self.name}/models/1/model.onnx does")
        if name != self.name:
            raise BucketError(f"{uri} is in the bucket {name}, and only {self.name} can be read here")
        return key

    def _pages(self, **query: str) -> Iterator[dict[str, Any]]:
        more = True
        while more:

            def read(_retry: bool) -> dict[str, Any]:
                page: dict[str, Any] = self.client.list_objects_v2(Bucket=self.name, **query)
                return page

            page = self._call(f"failed to list {self.uri(query['Prefix'])}", read)
            yield page
            more = bool(page.get("IsTruncated"))
            if more:
                query["ContinuationToken"] = page["NextContinuationToken"]

    def _put(self, key: str, content: bytes, *, content_type: str, **condition: str) -> str:
        answer = self.client.put_object(Bucket=self.name, Key=key, Body=content, ContentType=content_type, **condition)
        return str(answer["ETag"])

    def _etag_of(self, key: str, content: bytes) -> str | None:
        """Give the ETag of an object if it is there with just this content."""
        try:
            answer = self.client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if _status(error) == HTTPStatus.NOT_FOUND:
                return None
            raise
        return str(answer["ETag"]) if answer["Body"].read() == content else None

    def _call(self, failed: str, call: Callable[[bool], Answer]) -> Answer:
        """Do what `call` does until it is done or refused, or patience ends. It is told whether it is a retry."""
        deadline = time.monotonic() + self.patience
        longest_pause = FIRST_PAUSE_SECONDS
        retry = False
        while True:
            try:
                return call(retry)
            except (BotoCoreError, ClientError) as error:
                if not _is_passing(error):
                    raise _refusal(failed, error) from error
                # Many that wait for the same server do not come back all at once.
                pause = random.uniform(longest_pause / 2, longest_pause)  # noqa: S311 - no secret
                if time.monotonic() + pause > deadline:
                    raise UnreachableError(f"{failed}, tried for {self.patience:g} seconds: {error}") from error
            time.sleep(pause)
            longest_pause = min(2 * longest_pause, LONGEST_PAUSE_SECONDS)
            retry = True


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise BucketError(f"the environment variable {name} is not set")
    return value


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_passing(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        # A conflict is no verdict: two conditional writes met, and neither was done.
        return (
            _status(error) in BUSY
            or _code(error) in BUSY_CODES
            or (_status(error) == HTTPStatus.CONFLICT and _code(error) == "ConditionalRequestConflict")
        )
    return isinstance(error, HTTPClientError | NoConnectionError | IncompleteReadError)


def _refusal(failed: str, error: BotoCoreError | ClientError) -> BucketError:
    if isinstance(error, ClientError) and _code(error) == "NoSuchKey":
        return AbsentError(f"{failed}: there is no such object")
    return RefusedError(f"{failed}: {error}")
