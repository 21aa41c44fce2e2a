"""Versions of models in a bucket, and which of them is served: kept right by conditional writes alone."""

from model_registry.bucket import Bucket, Entry, Stored
from model_registry.errors import (
    AbsentError,
    BucketError,
    ChangedError,
    IntegrityError,
    PresentError,
    RefusedError,
    RegistryError,
    UnreachableError,
)
from model_registry.records import Aliases, Lineage, Reference, Version
from model_registry.registry import Registry

__all__ = [
    "AbsentError",
    "Aliases",
    "Bucket",
    "BucketError",
    "ChangedError",
    "Entry",
    "IntegrityError",
    "Lineage",
    "PresentError",
    "Reference",
    "RefusedError",
    "Registry",
    "RegistryError",
    "Stored",
    "UnreachableError",
    "Version",
]
