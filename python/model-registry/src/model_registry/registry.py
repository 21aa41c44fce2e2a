"""The registry of one model: numbered versions that never change, and two aliases that move between them.

A version comes to be in two steps. Its artifact is written under a number that is free, which takes the number; its
metadata is written last, which makes it a version. Who is interrupted in between leaves a number that nobody has.
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from model_registry import artifacts
from model_registry.bucket import Bucket
from model_registry.errors import AbsentError, IntegrityError, RegistryError
from model_registry.records import JSON, Aliases, Lineage, Version
from model_registry.retry import until_first

ARTIFACT = "model.onnx"
METADATA = "metadata.json"
NUMBER = re.compile("[1-9][0-9]*")
LATEST = 10
"""Versions among which a registration that is tried again looks for itself."""


@dataclass(frozen=True)
class Registry:
    """The versions of the model called `model`, in `bucket`."""

    bucket: Bucket
    model: str

    def register(self, artifact: bytes, *, metrics: Mapping[str, float], dataset: str, lineage: Lineage) -> Version:
        """Store `artifact` as the next version.

        Where it is among the latest versions already, with the same lineage, that one is given: a step of a pipeline
        that is tried again registers nothing twice.
        """
        sha256 = artifacts.checksum(artifact)

        def register() -> Version:
            number = self._latest() + 1
            version = Version(
                version=number,
                artifact=self._key(number, ARTIFACT),
                sha256=sha256,
                metrics=dict(metrics),
                dataset=dataset,
                lineage=lineage,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            # Takes the number.
            self.bucket.put_if_absent(version.artifact, artifact)
            self.bucket.put_if_absent(self._key(number, METADATA), version.encode(), JSON)
            return version

        return self._known(sha256, lineage) or until_first(register, f"register a version of {self.model}")

    def versions(self) -> list[Version]:
        """Give all versions, oldest first."""
        return [self.version(number) for number in self._numbers()]

    def version(self, number: int) -> Version:
        """Give a version; a `RegistryError` if there is none with this number."""
        key = self._key(number, METADATA)
        try:
            return Version.parse(self.bucket.get(key).content, self.bucket.uri(key))
        except AbsentError as error:
            raise RegistryError(f"{self.model} has no version {number}") from error

    def uri(self, version: Version) -> str:
        """Name the artifact of a version as configurations do."""
        return self.bucket.uri(version.artifact)

    def load(self, number: int) -> bytes:
        """Read the artifact of a version; an `IntegrityError` if it is not what was registered."""
        version = self.version(number)
        return artifacts.load(self.bucket, self.uri(version), version.sha256)

    def aliases(self) -> Aliases:
        """Say what is to be served, and what was before."""
        return self._aliases()[0]

    def promote(self, number: int) -> Aliases:
        """Make a version the champion, and the champion the previous one. Nothing changes if it is champion already."""
        reference = self.version(number).reference

        def promoted(aliases: Aliases) -> Aliases:
            if aliases.champion == reference:
                return aliases
            return Aliases(champion=reference, previous=aliases.champion or aliases.previous)

        return self._move(promoted)

    def roll_back(self, number: int) -> Aliases:
        """Make the previous version champion in place of the version `number`, which becomes the previous one.

        Nothing changes if another version is champion: a roll-back that is tried again does not undo itself. A
        `RegistryError` if there is no previous version.
        """

        def rolled_back(aliases: Aliases) -> Aliases:
            if aliases.champion is None or aliases.champion.version != number:
                return aliases
            if aliases.previous is None:
                raise RegistryError(f"there is no version of {self.model} before {number} to go back to")
            return Aliases(champion=aliases.previous, previous=aliases.champion)

        return self._move(rolled_back)

    def _known(self, sha256: str, lineage: Lineage) -> Version | None:
        for number in reversed(self._numbers()[-LATEST:]):
            # What is wrong with an earlier version must not keep the next one from coming.
            with contextlib.suppress(IntegrityError):
                version = self.version(number)
                if (version.sha256, version.lineage) == (sha256, lineage):
                    return version
        return None

    def _numbers(self) -> list[int]:
        """Give the numbers of all versions, in their order."""
        keys = (entry.key.removeprefix(self._prefix).partition("/") for entry in self.bucket.list(self._prefix))
        return sorted(int(number) for number, _, file in keys if file == METADATA and NUMBER.fullmatch(number))

    def _latest(self) -> int:
        """Give the highest number that is taken, be it by a version or by what did not become one."""
        folders = self.bucket.folders(self._prefix)
        return max((int(folder) for folder in folders if NUMBER.fullmatch(folder)), default=0)

    def _move(self, change: Callable[[Aliases], Aliases]) -> Aliases:
        def move() -> Aliases:
            aliases, etag = self._aliases()
            changed = change(aliases)
            if changed == aliases:
                return aliases
            if etag is None:
                self.bucket.put_if_absent(self._aliases_key, changed.encode(), JSON)
            else:
                self.bucket.put_if_match(self._aliases_key, changed.encode(), etag, JSON)
            return changed

        return until_first(move, f"move an alias of {self.model}")

    def _aliases(self) -> tuple[Aliases, str | None]:
        try:
            stored = self.bucket.get(self._aliases_key)
        except AbsentError:
            return Aliases(), None
        return Aliases.parse(stored.content, self.bucket.uri(self._aliases_key)), stored.etag

    @property
    def _aliases_key(self) -> str:
        return f"models/{self.model}/aliases.json"

    @property
    def _prefix(self) -> str:
        return f"models/{self.model}/versions/"

    def _key(self, number: int, file: str) -> str:
        return f"{self._prefix}{number}/{file}"
