"""How the champion gets served, and how one knows that it is.

The alias in the bucket is the one truth. What sends Ray Serve its configuration is a program in the image of Ray, the
same that runs when a Ray head has started, so that both send the same: it is run as a job of Ray.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from airflow_provider_ray_jobs import api
from airflow_provider_ray_jobs.api import Submission
from airflow_provider_ray_jobs.client import Client
from airflow_provider_ray_jobs.errors import RequestError
from model_registry import Reference

SEND = "python -m digits_serving.send"
PAUSE_SECONDS = 2.0
ANSWERS = 5
"""Right answers in a row that count: there may be several replicas, and one that is still another version."""
SILENCE_SECONDS = 10.0
DIGEST_LENGTH = 16
LOG_LINES = 30

log = logging.getLogger(__name__)


class DeploymentError(Exception):
    """The version is not served. The message says what was seen last."""


@dataclass(frozen=True)
class Deployment:
    """Where models are served, and how long to wait."""

    ray: Client
    serve_url: str
    patience: float
    """Seconds for the configuration to be sent, and as many for the new version to answer."""
    sleep: Callable[[float], None] = time.sleep

    def send(self, purpose: str) -> None:
        """Have the configuration sent. The same `purpose` has it sent once, be it asked for again."""
        digest = hashlib.sha256(purpose.encode()).hexdigest()[:DIGEST_LENGTH]
        submission = Submission(f"send-serve-configuration-{digest}", SEND, {}, {"purpose": purpose})
        self.ray.submit(submission)
        deadline = time.monotonic() + self.patience
        while True:
            job = self.ray.job(submission.submission_id)
            if job is None:
                # Its head is another one, and has sent the configuration itself when it started.
                log.warning("Ray has lost the job %s", submission.submission_id)
                return
            if job.ended:
                break
            if time.monotonic() > deadline:
                raise DeploymentError(f"the job {job.submission_id} is {job.status} after {self.patience:g} seconds")
            self.sleep(PAUSE_SECONDS)
        lines = self._log_tail(job.submission_id)
        for line in lines:
            log.info("  %s", line)
        if job.status != api.SUCCEEDED:
            last = lines[-1] if lines else job.message
            raise DeploymentError(f"the job {job.submission_id}, `{SEND}`, is {job.status}: {last}")

    def wait(self, wanted: Reference) -> None:
        """Wait until a version answers, and no other one any more."""
        deadline = time.monotonic() + self.patience
        right = 0
        with httpx.Client(timeout=SILENCE_SECONDS) as http:
            while True:
                seen = self._ask(http)
                right = right + 1 if seen == wanted else 0
                if right == ANSWERS:
                    return
                if time.monotonic() > deadline:
                    expected = _described(wanted)
                    found = seen if isinstance(seen, str) else _described(seen)
                    raise DeploymentError(
                        f"{self.serve_url}/model must say {expected}, and says after {self.patience:g} seconds: {found}"
                    )
                if not right:
                    self.sleep(PAUSE_SECONDS)

    def _ask(self, http: httpx.Client) -> Reference | str:
        """Give the version that answers, or why there is none."""
        try:
            response = http.get(f"{self.serve_url}/model")
            answer = response.json()
        except httpx.HTTPError as error:
            return f"{type(error).__name__}: {error}"
        except ValueError:
            return f"status {response.status_code}, and no JSON"
        if response.status_code != HTTPStatus.OK or not isinstance(answer, Mapping):
            return f"status {response.status_code}: {answer!r}"
        version, sha256 = answer.get("version"), answer.get("sha256")
        if not isinstance(version, int) or not isinstance(sha256, str):
            return f"{answer!r}, which names no version"
        return Reference(version, sha256)

    def _log_tail(self, submission_id: str) -> list[str]:
        try:
            return self.ray.log_tail(submission_id, LOG_LINES)
        except RequestError as error:
            log.warning("%s", error)
            return []


def _described(reference: Reference) -> str:
    return f"version {reference.version} with the sha256 {reference.sha256}"
