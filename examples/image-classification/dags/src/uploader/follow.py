"""Follows a batch: to its report, to the champion that was trained with it, and until that one answers."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from model_registry import AbsentError, Bucket, Dataset, Reference, Registry, Version

from image_etl import reports

Found = TypeVar("Found")

PAUSE_SECONDS = 0.5
ANSWER_SECONDS = 5


class FollowError(Exception):
    """The batch does not get to its end. The message says how far it is."""


@dataclass(frozen=True)
class Journey:
    """A batch on its way."""

    bucket: Bucket
    batch: str
    model: str
    serve_url: str
    patience: float
    """Seconds that the whole way may take."""
    begun: float = field(default_factory=time.monotonic)

    def report(self) -> Mapping[str, Any]:
        """Wait for the report; a `FollowError` if it says that nothing of the batch was taken."""

        def written() -> Mapping[str, Any] | None:
            try:
                content = self.bucket.get(reports.key(self.batch)).content
            except AbsentError:
                return None
            report: Mapping[str, Any] = json.loads(content)
            return report

        return self._wait(written, "there is no report of it: the runs of `image_etl` in Airflow tell why")

    def champion(self) -> Version:
        """Wait until the champion was trained with the batch."""
        registry = Registry(self.bucket, self.model)
        dataset = Dataset(self.bucket, self.model)

        def promoted() -> Version | None:
            champion = registry.aliases().champion
            if champion is None:
                return None
            version = registry.version(champion.version)
            return version if self.batch in dataset.manifest(version.dataset).batches else None

        return self._wait(promoted, "no champion was trained with it: the runs of `train_on_ray` in Airflow tell why")

    def training(self, version: Version) -> Mapping[str, Any]:
        """Give what the job wrote that trained a version."""
        result: Mapping[str, Any] = json.loads(self.bucket.get(f"results/{version.lineage.job}.json").content)
        return result

    def served(self, version: Version) -> None:
        """Wait until that version, or a later one, answers."""

        def answering() -> Reference | None:
            served = self._model()
            return served if served and served.version >= version.version else None

        self._wait(answering, f"version {version.version} does not answer at {self.serve_url}")

    def seconds(self) -> float:
        """Say for how long the batch has been on its way."""
        return round(time.monotonic() - self.begun, 1)

    def _model(self) -> Reference | None:
        try:
            with urllib.request.urlopen(f"{self.serve_url}/model", timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                content = json.load(answer)
        except (urllib.error.URLError, TimeoutError, ValueError):
            return None
        return Reference(content["version"], content["sha256"])

    def _wait(self, look: Callable[[], Found | None], otherwise: str) -> Found:
        while (found := look()) is None:
            if self.seconds() > self.patience:
                raise FollowError(f"after {self.seconds()} s {self.batch} is not at its end: {otherwise}")
            time.sleep(PAUSE_SECONDS)
        return found
