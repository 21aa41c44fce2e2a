"""What is known of a batch between two steps: plain data, for Airflow hands it on as JSON."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from image_etl.rules import Outcome, Reason


@dataclass(frozen=True)
class File:
    """An uploaded file, and what is known of it so far."""

    name: str
    size: int = 0
    """Bytes."""
    upload_sha256: str | None = None
    """Checksum of what was uploaded, if it was read."""
    format: str | None = None
    width: int = 0
    height: int = 0
    mode: str | None = None
    label: str | None = None
    outcome: Outcome | None = None
    """None until a step has judged it; the first verdict stands."""
    reason: Reason | None = None
    sha256: str | None = None
    """Checksum of the picture in the data set."""

    @property
    def is_open(self) -> bool:
        """Tell whether nothing spoke against it so far."""
        return self.outcome is None or self.outcome.is_good

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> Self:
        """Read what `asdict` wrote."""
        return cls(
            **{
                **content,
                "outcome": Outcome(content["outcome"]) if content["outcome"] else None,
                "reason": Reason(content["reason"]) if content["reason"] else None,
            }
        )


@dataclass(frozen=True)
class State:
    """A batch, and what is known of it so far."""

    batch: str
    files: tuple[File, ...]
    """In the order of their names."""
    notes: Mapping[Reason, int] = field(default_factory=dict)
    """What is wrong with annotations, where no file is concerned."""
    dataset: str | None = None
    """Version of the data set with the batch in it."""
    error: str | None = None
    """Why nothing of the batch is taken."""

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> Self:
        """Read what `encode` wrote."""
        return cls(
            batch=content["batch"],
            files=tuple(File.parse(file) for file in content["files"]),
            notes={Reason(reason): count for reason, count in content["notes"].items()},
            dataset=content["dataset"],
            error=content["error"],
        )

    def encode(self) -> dict[str, Any]:
        """Write it as JSON knows it."""
        return {
            "batch": self.batch,
            "files": [_plain(asdict(file)) for file in self.files],
            "notes": {str(reason): count for reason, count in self.notes.items()},
            "dataset": self.dataset,
            "error": self.error,
        }

    @property
    def counts(self) -> dict[str, int]:
        """Count the files by their outcome."""
        found = Counter(file.outcome for file in self.files)
        return {str(outcome): found[outcome] for outcome in Outcome}

    @property
    def reasons(self) -> dict[str, int]:
        """Count what was wrong by its reason: files, and annotations without a file."""
        found = Counter(str(file.reason) for file in self.files if file.reason)
        found.update({str(reason): count for reason, count in self.notes.items() if count})
        return dict(sorted(found.items()))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Outcome | Reason) else value for name, value in values.items()}
