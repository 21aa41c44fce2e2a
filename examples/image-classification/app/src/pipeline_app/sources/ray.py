"""Ray: which jobs there were. Their environments and logs are read by nobody here, for secrets may be in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote

from pipeline_app.sources.environment import public, service
from pipeline_app.sources.errors import RefusedError
from pipeline_app.sources.runs import Run, State, moment_of_milliseconds
from pipeline_app.sources.web import Service

NOT_BEGUN = datetime.max.replace(tzinfo=UTC)
JOBS = 6
"""How many jobs are given."""
STATES = {
    "PENDING": State.WAITING,
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "FAILED": State.FAILED,
    "STOPPED": State.STOPPED,
}


@dataclass(frozen=True)
class Ray:
    """The dashboard of a Ray cluster, which answers for its jobs."""

    service: Service
    token: str = field(repr=False)
    public_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Take what `RAY_DASHBOARD_URL`, `RAY_AUTH_TOKEN` and `RAY_PUBLIC_URL` say; a cluster may want no token."""
        return cls(
            Service("Ray", service(environment, "RAY_DASHBOARD_URL")),
            environment.get("RAY_AUTH_TOKEN", ""),
            public(environment, "RAY_PUBLIC_URL"),
        )

    def jobs(self) -> list[Run]:
        """Give the latest jobs that were submitted, newest first."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = self.service.ask("GET", "/api/jobs/", headers=headers).check().records()
        except RefusedError as error:
            raise RefusedError("Ray does not know the token: RAY_AUTH_TOKEN must be that of the cluster.") from error
        # Ray counts its own drivers as jobs too. Nobody has submitted those.
        runs = [self._run(job) for job in answer if job.get("submission_id")]
        # What has not begun yet is the newest.
        return sorted(runs, key=lambda run: run.began or NOT_BEGUN, reverse=True)[:JOBS]

    def link(self, submission_id: str) -> str | None:
        """Give the page of a job."""
        return None if self.public_url is None else f"{self.public_url}/#/jobs/{quote(submission_id, safe='')}"

    def _run(self, job: Mapping[str, object]) -> Run:
        name = str(job["submission_id"])
        code = job.get("driver_exit_code")
        return Run(
            name=name,
            state=STATES.get(str(job.get("status")), State.UNKNOWN),
            began=moment_of_milliseconds(job.get("start_time")),
            ended=moment_of_milliseconds(job.get("end_time")),
            note=f"exit code {code}" if isinstance(code, int) and code else "",
            link=self.link(name),
        )
