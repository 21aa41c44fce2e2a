"""The model's versions that count: the one that is to be served, and the one before it."""

from dataclasses import dataclass
from typing import Self

from model_registry import Bucket, Registry, Version

from pipeline_app.sources.storage import told

DEFAULT_MODEL = "digits"


@dataclass(frozen=True)
class Ranking:
    """What the aliases name."""

    champion: Version | None
    previous: Version | None


@dataclass(frozen=True)
class Models:
    """The registry of the model."""

    registry: Registry

    @classmethod
    def of(cls, bucket: Bucket, model: str) -> Self:
        """Read the model called `model`."""
        return cls(Registry(bucket, model))

    def ranking(self) -> Ranking:
        """Say what is champion, and what was before."""
        with told():
            aliases = self.registry.aliases()
            champion, previous = (
                self.registry.version(reference.version) if reference else None
                for reference in (aliases.champion, aliases.previous)
            )
        return Ranking(champion, previous)
