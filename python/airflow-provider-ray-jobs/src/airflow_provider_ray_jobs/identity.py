"""Which job belongs to which task, known without a note of it anywhere.

The submission id follows from the task instance alone, and not from the number of its try: whoever runs the task again,
after whatever has died, finds the job that is there already. What else must be known stands in the job's metadata.

A task that was cleared must not find the job of before, and neither must one whose DAG run was deleted and made anew.
At a clear, Airflow raises `max_tries`; another run has another start. Both together are a life of the task, which its
retries share and the metadata hold.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

SLUG_LENGTH = 48
DIGEST_LENGTH = 16
RUN_STARTED = "airflow_run_started"
MAX_TRIES = "airflow_max_tries"
RESUBMISSION = "airflow_resubmission"

Life = tuple[str, int]
"""Later ones are greater."""


@dataclass(frozen=True)
class TaskIdentity:
    """A task instance, and which of its lives it is in."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    run_started: datetime | None
    max_tries: int

    @property
    def life(self) -> Life:
        """Tell whether two jobs are of the same life, and which one is of the earlier."""
        if self.run_started is None:
            return "", self.max_tries
        return self.run_started.astimezone(UTC).isoformat(timespec="microseconds"), self.max_tries

    @property
    def base(self) -> str:
        """Name its first job: readable, and unlike that of every other task instance."""
        fields = (self.dag_id, self.run_id, self.task_id, self.map_index)
        digest = hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:DIGEST_LENGTH]
        slug = re.sub(r"[^A-Za-z0-9_]+", "-", f"{self.dag_id}-{self.task_id}")[:SLUG_LENGTH].strip("-")
        return f"{slug}-{digest}"

    def nth(self, number: int) -> str:
        """Name its job number `number`, counted from 1."""
        return self.base if number == 1 else f"{self.base}--{number}"

    def latest(self, submission_ids: Iterable[str]) -> int:
        """Count which of its jobs is the latest among `submission_ids`, or 0 if there is none."""
        pattern = re.compile(re.escape(self.base) + r"(?:--([1-9][0-9]{0,8}))?")
        numbers = (int(match[1] or 1) for name in submission_ids if (match := pattern.fullmatch(name)))
        return max(numbers, default=0)

    def metadata(self, resubmission: int) -> dict[str, str]:
        """Say in a job's metadata whose it is."""
        return {
            "airflow_dag_id": self.dag_id,
            "airflow_run_id": self.run_id,
            "airflow_task_id": self.task_id,
            "airflow_map_index": str(self.map_index),
            RUN_STARTED: self.life[0],
            MAX_TRIES: str(self.max_tries),
            RESUBMISSION: str(resubmission),
        }


def life_of(metadata: Mapping[str, str]) -> Life:
    """Read the life that a job is of."""
    return metadata.get(RUN_STARTED, ""), number_in(metadata, MAX_TRIES)


def number_in(metadata: Mapping[str, str], key: str) -> int:
    """Read what `TaskIdentity.metadata` wrote, or -1 if it did not."""
    value = metadata.get(key, "")
    return int(value) if value.isdecimal() else -1
