"""What is to be served, as it travels from the alias in the bucket through Ray to the replicas: `user_config`."""

import contextlib
from dataclasses import dataclass
from typing import Any, Self

from model_registry import Reference, Registry, RegistryError
from model_registry.records import Record

WHERE = "user_config"


@dataclass(frozen=True)
class Artifact:
    """A version of the model: where it is, and what it must be."""

    model_uri: str
    version: int
    sha256: str

    @classmethod
    def of(cls, registry: Registry, reference: Reference) -> Self:
        """Find a version. Of its metadata only the place is taken: what it must be, the alias says."""
        return cls(registry.uri(registry.version(reference.version)), reference.version, reference.sha256)

    @classmethod
    def read(cls, record: Record) -> Self:
        """Read it; an `IntegrityError` if it is none."""
        return cls(record.text("model_uri"), record.number("version"), record.sha256())

    def encode(self) -> dict[str, Any]:
        """Write it."""
        return {"model_uri": self.model_uri, "version": self.version, "sha256": self.sha256}


@dataclass(frozen=True)
class Wanted:
    """The champion, and what to serve if that cannot be and nothing else is loaded."""

    champion: Artifact
    previous: Artifact | None
    sent: str = ""
    """When it was sent, as ISO 8601 writes it. Serve does nothing about a configuration that it knows, though an
    artifact that was bad may have been put right."""

    @classmethod
    def by_alias(cls, registry: Registry) -> Self | None:
        """Read what the aliases say; None if there is no champion yet."""
        aliases = registry.aliases()
        if aliases.champion is None:
            return None
        previous = None
        if aliases.previous is not None:
            # That it is lost must not keep the champion from being served.
            with contextlib.suppress(RegistryError):
                previous = Artifact.of(registry, aliases.previous)
        return cls(Artifact.of(registry, aliases.champion), previous)

    @classmethod
    def parse(cls, user_config: object) -> Self:
        """Read what Ray passes on; an `IntegrityError` if it is none."""
        record = Record.of(user_config, WHERE)
        previous = record.record("previous") if record.content.get("previous") is not None else None
        return cls(
            Artifact.read(record),
            Artifact.read(previous) if previous else None,
            record.text("sent") if record.content.get("sent") else "",
        )

    def user_config(self) -> dict[str, Any]:
        """Write it as Ray passes it on."""
        previous = self.previous.encode() if self.previous else None
        return self.champion.encode() | {"previous": previous, "sent": self.sent}
