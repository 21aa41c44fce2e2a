"""Data sets of labelled pictures: content-addressed files, and manifests that name which of them belong together.

A manifest never changes: its version follows from what it says. Which one is current is said by one object, moved by
`If-Match`, so that of several who extend a data set at once none undoes what another has done.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from model_registry import artifacts
from model_registry.bucket import Bucket
from model_registry.errors import AbsentError, IntegrityError, PresentError, RegistryError
from model_registry.records import JSON, Record, encode
from model_registry.retry import until_first

VERSION_LENGTH = 12


@dataclass(frozen=True, order=True)
class Picture:
    """A picture of a data set."""

    sha256: str
    """Checksum of the file, which is its name too."""
    label: str
    batch: str
    """The upload that it came with."""


@dataclass(frozen=True)
class Manifest:
    """A version of a data set."""

    parent: str | None
    """The version that this one was made from."""
    batches: tuple[str, ...]
    images: tuple[Picture, ...]
    version: str = field(init=False)
    """The first digits of the checksum of all the rest."""

    def __post_init__(self) -> None:
        """Bring the content into its order, and name it."""
        object.__setattr__(self, "batches", tuple(sorted(self.batches)))
        object.__setattr__(self, "images", tuple(sorted(self.images)))
        object.__setattr__(self, "version", hashlib.sha256(canonical(self._content())).hexdigest()[:VERSION_LENGTH])

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """Read a manifest; an `IntegrityError` names the object, `where`, if it is none or was changed."""
        record = Record.parse(content, where)
        manifest = cls(
            parent=record.text("parent") if record.content.get("parent") is not None else None,
            batches=tuple(record.texts("batches")),
            images=tuple(
                Picture(image.sha256(), image.text("label"), image.text("batch")) for image in record.records("images")
            ),
        )
        if manifest.version != record.text("version"):
            raise IntegrityError(f"{where} says version {record.text('version')}, and is {manifest.version}")
        return manifest

    def encode(self) -> bytes:
        """Write the manifest."""
        return encode(self._content() | {"version": self.version})

    def _content(self) -> dict[str, Any]:
        return {
            "parent": self.parent,
            "batches": list(self.batches),
            "images": [asdict(image) for image in self.images],
        }


@dataclass(frozen=True)
class Dataset:
    """The data set called `name`, in `bucket`."""

    bucket: Bucket
    name: str

    def current(self) -> Manifest | None:
        """Give the current version, if there is one."""
        version, _ = self._current()
        return self.manifest(version) if version else None

    def manifest(self, version: str) -> Manifest:
        """Give a version; a `RegistryError` if there is none that is called so."""
        key = self.manifest_key(version)
        try:
            manifest = Manifest.parse(self.bucket.get(key).content, self.bucket.uri(key))
        except AbsentError as error:
            raise RegistryError(f"the data set {self.name} has no version {version}") from error
        if manifest.version != version:
            raise IntegrityError(f"{self.bucket.uri(key)} is version {manifest.version}")
        return manifest

    def image(self, sha256: str) -> bytes:
        """Read a picture; an `IntegrityError` if it is not the one of that checksum."""
        return artifacts.load(self.bucket, self.bucket.uri(self.image_key(sha256)), sha256)

    def store(self, image: bytes) -> str:
        """Store a picture, once however often it comes, and give its checksum."""
        sha256 = artifacts.checksum(image)
        with contextlib.suppress(PresentError):
            self.bucket.put_if_absent(self.image_key(sha256), image, "image/png")
        return sha256

    def extend(self, batch: str, images: Iterable[Picture]) -> Manifest:
        """Make a version with `images` added to the current one, and that the current one.

        Pictures that are in the data set already stay as they are there. A batch that is in it already adds nothing:
        a step of a pipeline that is tried again makes no further version.
        """
        added = {image.sha256: image for image in images}

        def extend() -> Manifest:
            version, etag = self._current()
            before = self.manifest(version) if version else None
            if before and batch in before.batches:
                return before
            merged = added | {image.sha256: image for image in (before.images if before else ())}
            manifest = Manifest(
                parent=version,
                batches=(*(before.batches if before else ()), batch),
                images=tuple(merged.values()),
            )
            # What nobody points to yet may be written again.
            self.bucket.put(self.manifest_key(manifest.version), manifest.encode(), JSON)
            pointer = encode({"version": manifest.version})
            if etag is None:
                self.bucket.put_if_absent(self._current_key, pointer, JSON)
            else:
                self.bucket.put_if_match(self._current_key, pointer, etag, JSON)
            return manifest

        return until_first(extend, f"extend the data set {self.name}")

    def image_key(self, sha256: str) -> str:
        """Give the key of a picture."""
        return f"datasets/{self.name}/images/{sha256}.png"

    def manifest_key(self, version: str) -> str:
        """Give the key of a manifest."""
        return f"datasets/{self.name}/manifests/{version}.json"

    def _current(self) -> tuple[str | None, str | None]:
        try:
            stored = self.bucket.get(self._current_key)
        except AbsentError:
            return None, None
        return Record.parse(stored.content, self.bucket.uri(self._current_key)).text("version"), stored.etag

    @property
    def _current_key(self) -> str:
        return f"datasets/{self.name}/current.json"


def canonical(content: object) -> bytes:
    """Write JSON in the one form that a checksum is made of."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
