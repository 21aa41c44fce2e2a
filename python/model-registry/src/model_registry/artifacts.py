"""Artifacts: the bytes that were registered, and no others."""

import hashlib

from model_registry.bucket import Bucket
from model_registry.errors import IntegrityError


def checksum(content: bytes) -> str:
    """Give the sha256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def load(bucket: Bucket, uri: str, sha256: str) -> bytes:
    """Read the artifact that `uri` names; an `IntegrityError` if its checksum is another than `sha256`."""
    content = bucket.get(bucket.key(uri)).content
    found = checksum(content)
    if found != sha256:
        raise IntegrityError(f"the sha256 of {uri} is {found}, and not {sha256}: it is not what was registered")
    return content
