"""What a training ended with, as its job has written it into the bucket."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from model_registry import AbsentError, Bucket, IntegrityError
from model_registry.records import Record


@dataclass(frozen=True)
class Result:
    """The result of a training job."""

    submission_id: str
    dataset: str
    """Version of the data set."""
    code: str
    """Names the sources of the job."""
    artifact: str
    """Key of the model."""
    sha256: str
    accuracy: float
    """Share of the pictures held out that the model recognises, from 0 to 1."""

    @classmethod
    def load(cls, bucket: Bucket, submission_id: str) -> Self:
        """Read it; an `IntegrityError` if there is none, or none of this job."""
        key = f"results/{submission_id}.json"
        try:
            content = bucket.get(key).content
        except AbsentError as error:
            raise IntegrityError(f"the job {submission_id} has succeeded, and left no {bucket.uri(key)}") from error
        record = Record.parse(content, bucket.uri(key))
        result = cls(
            **{name: record.text(name) for name in ("submission_id", "dataset", "code", "artifact")},
            sha256=record.sha256(),
            accuracy=record.fraction("accuracy"),
        )
        if result.submission_id != submission_id:
            raise IntegrityError(f"{bucket.uri(key)} is the result of the job {result.submission_id}")
        return result

    @classmethod
    def parse(cls, content: dict[str, Any]) -> Self:
        """Read what `encode` wrote."""
        return cls(**content)

    def encode(self) -> dict[str, Any]:
        """Write it as JSON knows it."""
        return asdict(self)
