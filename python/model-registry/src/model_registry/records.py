"""What the registry writes down, and how it reads it again: JSON, of which nothing is believed unseen."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from model_registry.errors import IntegrityError

JSON = "application/json"
HEXADECIMAL = set("0123456789abcdef")
SHA256_LENGTH = 64


@dataclass(frozen=True)
class Lineage:
    """Where a model comes from."""

    job: str
    """What trained it: the id of a Ray job."""
    run_id: str
    """What had it trained: a run of a DAG."""
    code: str
    """Which code that was: a checksum or a commit."""


@dataclass(frozen=True)
class Version:
    """A version of a model. It does not change, and neither does its artifact."""

    version: int
    artifact: str
    """Key of the model's file in the bucket."""
    sha256: str
    """Checksum of the file, in hexadecimal digits."""
    metrics: Mapping[str, float]
    """What was measured of it, by name."""
    dataset: str
    """Version of the data set that it was trained with."""
    lineage: Lineage
    created: str
    """When it was registered, as ISO 8601 writes it."""

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """Read the metadata of a version, or raise an `IntegrityError` that names the object, `where`."""
        record = Record.parse(content, where)
        lineage = record.record("lineage")
        metrics = record.record("metrics")
        return cls(
            version=record.number("version"),
            artifact=record.text("artifact"),
            sha256=record.sha256(),
            metrics={name: metrics.fraction(name) for name in metrics.content},
            dataset=record.text("dataset"),
            lineage=Lineage(**{name: lineage.text(name) for name in ("job", "run_id", "code")}),
            created=record.text("created"),
        )

    def encode(self) -> bytes:
        """Write the metadata."""
        return encode(asdict(self) | {"metrics": dict(self.metrics)})

    @property
    def reference(self) -> "Reference":
        """Name this version, and no other content under its number."""
        return Reference(self.version, self.sha256)


@dataclass(frozen=True)
class Reference:
    """A version, and the checksum that its artifact must have."""

    version: int
    sha256: str


@dataclass(frozen=True)
class Aliases:
    """Names that move from version to version."""

    champion: Reference | None = None
    """What is to be served."""
    previous: Reference | None = None
    """What was served before it, and can be again."""

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """Read the aliases, or raise an `IntegrityError` that names the object, `where`."""
        record = Record.parse(content, where)
        return cls(record.reference("champion"), record.reference("previous"))

    def encode(self) -> bytes:
        """Write the aliases."""
        return encode(asdict(self))


def encode(record: Mapping[str, object]) -> bytes:
    """Write JSON that is the same for the same content, and that people can read."""
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()


@dataclass(frozen=True)
class Record:
    """A JSON object, and where it is found. What is asked of it is there in its type, or an `IntegrityError`."""

    content: Mapping[str, Any]
    where: str

    @classmethod
    def parse(cls, content: bytes, where: str) -> Self:
        """Read an object from JSON, or raise an `IntegrityError`."""
        try:
            return cls.of(json.loads(content), where)
        except ValueError as error:
            raise IntegrityError(f"{where} is no JSON: {error}") from error

    @classmethod
    def of(cls, value: object, where: str) -> Self:
        """Take what was read already, or raise an `IntegrityError`."""
        if not isinstance(value, dict):
            raise IntegrityError(f"{where} is {value!r}, and must be an object")
        return cls(value, where)

    def record(self, name: str) -> "Record":
        """Give an object in it."""
        return Record.of(self.content.get(name), f"{name} in {self.where}")

    def records(self, name: str) -> list["Record"]:
        """Give the objects of a list in it."""
        return [Record.of(value, f"{name} in {self.where}") for value in self._list(name)]

    def texts(self, name: str) -> list[str]:
        """Give the texts of a list in it."""
        values = self._list(name)
        if not all(isinstance(value, str) and value for value in values):
            raise self._wrong(name, "a list of texts")
        return values

    def reference(self, name: str) -> Reference | None:
        """Give a version that it names, if it names one."""
        if self.content.get(name) is None:
            return None
        record = self.record(name)
        return Reference(record.number("version"), record.sha256())

    def text(self, name: str) -> str:
        """Give a text in it, which is not empty."""
        value = self.content.get(name)
        if not isinstance(value, str) or not value:
            raise self._wrong(name, "a text")
        return value

    def number(self, name: str) -> int:
        """Give a whole number in it, from 1."""
        value = self.content.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(name, "a whole number from 1")
        return value

    def fraction(self, name: str) -> float:
        """Give a number in it."""
        value = self.content.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._wrong(name, "a number")
        return float(value)

    def sha256(self) -> str:
        """Give the checksum in it."""
        value = self.text("sha256")
        if len(value) != SHA256_LENGTH or not HEXADECIMAL.issuperset(value):
            raise self._wrong("sha256", "64 hexadecimal digits")
        return value

    def _list(self, name: str) -> list[Any]:
        value = self.content.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def _wrong(self, name: str, expected: str) -> IntegrityError:
        return IntegrityError(f"{name} in {self.where} is {self.content.get(name)!r}, and must be {expected}")
