"""What a job ends with, in the bucket: for whoever submitted it, and for the job itself if it is submitted again."""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import resources

from model_registry import AbsentError, Bucket
from model_registry.records import JSON, encode

CODE_LENGTH = 12


@dataclass(frozen=True)
class Result:
    """The result of a job."""

    submission_id: str
    dataset: str
    """Version of the data set."""
    code: str
    """Names the job's own sources: the first digits of their checksum."""
    seed: int
    artifact: str
    """Key of the model in the bucket, until it is registered."""
    sha256: str
    accuracy: float
    """Share of the pictures held out that the model recognises, from 0 to 1."""
    training: int
    """Pictures that it was trained with."""
    held_out: int
    unreadable: int
    nodes: list[str]
    """Ids of the nodes that took part."""
    rounds: int
    resumed_from: int | None
    losses: int
    seconds: float

    def store(self, bucket: Bucket) -> None:
        """Write the result."""
        bucket.put(key(self.submission_id), encode(asdict(self)), JSON)


def key(submission_id: str) -> str:
    """Give the key of a job's result."""
    return f"results/{submission_id}.json"


def artifact_key(submission_id: str) -> str:
    """Give the key of a job's model."""
    return f"results/{submission_id}/model.onnx"


def is_done(bucket: Bucket, submission_id: str, dataset: str, seed: int) -> bool:
    """Tell whether there is a result of the same job, by the same code."""
    try:
        found = json.loads(bucket.get(key(submission_id)).content)
    except (AbsentError, ValueError):
        return False
    wanted = {"dataset": dataset, "code": code(), "seed": seed}
    return isinstance(found, dict) and all(found.get(name) == value for name, value in wanted.items())


def code() -> str:
    """Name the sources of this package."""
    digest = hashlib.sha256()
    for file in sorted(resources.files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:CODE_LENGTH]
