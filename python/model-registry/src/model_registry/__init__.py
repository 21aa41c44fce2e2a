"""Data sets and models in a bucket, and which version of them counts: kept right by conditional writes alone."""

from model_registry.bucket import Bucket, Entry, Stored
from model_registry.datasets import Dataset, Manifest, Picture
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
    "Dataset",
    "Entry",
    "IntegrityError",
    "Lineage",
    "Manifest",
    "Picture",
    "PresentError",
    "Reference",
    "RefusedError",
    "Registry",
    "RegistryError",
    "Stored",
    "UnreachableError",
    "Version",
]
