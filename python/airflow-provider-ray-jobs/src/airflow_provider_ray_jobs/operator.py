"""The Airflow operator: one task, one Ray job."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from airflow_provider_ray_jobs import api, trigger
from airflow_provider_ray_jobs.api import Endpoint, Job, Submission
from airflow_provider_ray_jobs.client import Client
from airflow_provider_ray_jobs.compat import BaseOperator, Context, conf
from airflow_provider_ray_jobs.errors import (
    JobFailedError,
    JobLostError,
    JobNotFoundError,
    JobStoppedError,
    JobTimeoutError,
    JobUnwatchedError,
    RayJobsError,
    RequestError,
    SupersededError,
    TransientError,
)
from airflow_provider_ray_jobs.hook import RayJobsHook
from airflow_provider_ray_jobs.identity import RESUBMISSION, TaskIdentity, life_of, number_in
from airflow_provider_ray_jobs.link import URL_KEY, RayJobLink
from airflow_provider_ray_jobs.package import MAX_BYTES, Package
from airflow_provider_ray_jobs.patience import Patience
from airflow_provider_ray_jobs.trigger import RayJobTrigger

SUBMISSION_ID_KEY = "submission_id"
SUBMISSION_ID_VARIABLE = "RAY_JOB_SUBMISSION_ID"
STOP_PATIENCE = 10.0
LOG_PATIENCE = 10.0
_MOST_OF_A_MESSAGE = 2000


class RayJobOperator(BaseOperator):
    """Runs a command as a job of a Ray cluster, and succeeds if the job does.

    However often Airflow tries the task, and whatever is killed meanwhile, there is one job at a time: a try that finds
    the job of an earlier one waits for that, and submits another only if that has failed or was stopped.
    """

    template_fields: Sequence[str] = ("ray_conn_id", "entrypoint", "working_dir", "runtime_env", "metadata")
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "entrypoint": "bash",
        "runtime_env": "json",
        "metadata": "json",
    }
    operator_extra_links = (RayJobLink(),)
    ui_color = "#e0efff"

    def __init__(  # noqa: PLR0913 - all of them have names
        self,
        *,
        entrypoint: str,
        ray_conn_id: str = RayJobsHook.default_conn_name,
        working_dir: str | Path | None = None,
        excludes: Sequence[str] = (),
        max_package_bytes: int = MAX_BYTES,
        runtime_env: Mapping[str, Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        entrypoint_num_cpus: float | None = None,
        entrypoint_num_gpus: float | None = None,
        entrypoint_memory: int | None = None,
        entrypoint_resources: Mapping[str, float] | None = None,
        deferrable: bool | None = None,
        poll_seconds: float = 5.0,
        patience: timedelta = timedelta(minutes=10),
        resubmissions: int = 3,
        stop_on_kill: bool = True,
        log_lines: int = 100,
        **kwargs: Any,  # noqa: ANN401 - Airflow's
    ) -> None:
        """Take the parameters that the README explains."""
        super().__init__(**kwargs)
        self.entrypoint = entrypoint
        self.ray_conn_id = ray_conn_id
        self.working_dir = None if working_dir is None else str(working_dir)
        self.excludes = tuple(excludes)
        self.max_package_bytes = max_package_bytes
        self.runtime_env = dict(runtime_env or {})
        self.metadata = dict(metadata or {})
        self.entrypoint_num_cpus = entrypoint_num_cpus
        self.entrypoint_num_gpus = entrypoint_num_gpus
        self.entrypoint_memory = entrypoint_memory
        self.entrypoint_resources = None if entrypoint_resources is None else dict(entrypoint_resources)
        if deferrable is None:
            deferrable = conf.getboolean("operators", "default_deferrable", fallback=False)
        self.deferrable = deferrable
        self.poll_seconds = poll_seconds
        self.patience = patience
        self.resubmissions = resubmissions
        self.stop_on_kill = stop_on_kill
        self.log_lines = log_lines
        self._endpoint: Endpoint | None = None
        self._submission_id: str | None = None
        self._killed = False

    def execute(self, context: Context) -> dict[str, Any]:
        """Submit the job or find it, and wait for it."""
        deadline = None
        if self.execution_timeout:
            deadline = (datetime.now(UTC) + self.execution_timeout).isoformat()
        with self._client() as ray:
            job = self._begin(context, ray)
            return self._go_on(context, ray, job, deadline)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Go on with what the trigger has seen."""
        submission_id = self._submission_id = event["submission_id"]
        kind, message = event["kind"], event.get("message", "")
        with self._client() as ray:
            if kind == trigger.ENDED:
                return self._finish(ray, Job(**event["job"]))
            if kind == trigger.LOST:
                job = self._resubmit(context, ray, submission_id, event["resubmission"])
                return self._go_on(context, ray, job, event.get("deadline"))
            if kind == trigger.LATE:
                self._log_tail(ray, submission_id)
                raise JobTimeoutError(submission_id, f"took longer than {self.execution_timeout}; {message}")
        raise JobUnwatchedError(submission_id, message)

    def on_kill(self) -> None:
        """Stop the job."""
        self._killed = True
        if self._submission_id and self._endpoint and self.stop_on_kill:
            self.log.info("the task is killed: stopping the Ray job %s", self._submission_id)
            # Airflow calls this from a signal's handler, maybe in the midst of talking to its own server, of which
            # nothing can be asked here.
            with Client(self._endpoint, STOP_PATIENCE) as ray:
                ray.stop(self._submission_id)

    def _client(self) -> Client:
        self._endpoint = RayJobsHook(self.ray_conn_id).endpoint()
        return Client(self._endpoint, self.patience.total_seconds(), self._sleep)

    def _sleep(self, seconds: float) -> None:
        """Sleep. Airflow 3 lets a task that it has killed go on, which then must end by itself."""
        time.sleep(seconds)
        self._end_if_killed()

    def _end_if_killed(self) -> None:
        if self._killed:
            raise JobStoppedError(self._submission_id or "", "is not waited for: the task is killed")

    def _begin(self, context: Context, ray: Client) -> Job:
        """Find the job of this task instance, or submit one."""
        task = self._identity(context)
        jobs = {job.submission_id: job for job in ray.jobs()}
        number = task.latest(jobs)
        if not number:
            return self._submit(context, ray, task.base)
        job = jobs[task.nth(number)]
        life = life_of(job.metadata)
        if life > task.life:
            raise SupersededError(job.submission_id, "is that of a later run of this task, which was cleared")
        if life == task.life and job.status not in {api.FAILED, api.STOPPED}:
            self.log.info("the Ray job %s is there already, and %s", job.submission_id, job.status)
            self._announce(context, ray, job.submission_id)
            return job
        if not job.ended:
            self.log.info("the task was cleared: the Ray job %s is stopped", job.submission_id)
            self._stop_and_wait(ray, job)
        return self._submit(context, ray, task.nth(number + 1))

    def _submit(self, context: Context, ray: Client, submission_id: str, resubmission: int = 0) -> Job:
        runtime_env = dict(self.runtime_env)
        package = None
        if self.working_dir:
            if "working_dir" in runtime_env:
                raise RayJobsError("`working_dir` is given twice: in the operator's parameters and in `runtime_env`")
            if "://" in self.working_dir:
                runtime_env["working_dir"] = self.working_dir
            else:
                directory = Path(self.working_dir)
                package = Package.of(directory, excludes=self.excludes, max_bytes=self.max_package_bytes)
                runtime_env["working_dir"] = package.uri
        runtime_env["env_vars"] = {SUBMISSION_ID_VARIABLE: submission_id, **_texts(runtime_env.get("env_vars"))}
        options = {
            "entrypoint_num_cpus": self.entrypoint_num_cpus,
            "entrypoint_num_gpus": self.entrypoint_num_gpus,
            "entrypoint_memory": self.entrypoint_memory,
            "entrypoint_resources": self.entrypoint_resources,
        }
        metadata = {**_texts(self.metadata), **self._identity(context).metadata(resubmission)}
        submission = Submission(
            submission_id,
            self.entrypoint,
            runtime_env,
            metadata,
            {name: value for name, value in options.items() if value is not None},
        )
        # First, for it may be there from the moment on that it is asked for.
        self._announce(context, ray, submission_id)
        if ray.submit(submission, package):
            self.log.info("submitted the Ray job %s", submission_id)
        else:
            self.log.info("the Ray job %s is there already", submission_id)
        if self._killed and self.stop_on_kill:
            # The kill came between the request and its answer.
            ray.stop(submission_id)
        self._end_if_killed()
        return Job(submission_id, "PENDING", metadata=metadata)

    def _resubmit(self, context: Context, ray: Client, submission_id: str, resubmission: int) -> Job:
        """Submit a job again, under its own id, that Ray has lost."""
        if resubmission >= self.resubmissions:
            times = f"{resubmission + 1} times" if resubmission else "once"
            raise JobLostError(submission_id, f"was lost by Ray {times}; does its head die, and forget its jobs?")
        self.log.warning("Ray has lost the job %s: submitting it again", submission_id)
        return self._submit(context, ray, submission_id, resubmission + 1)

    def _announce(self, context: Context, ray: Client, submission_id: str) -> None:
        self._submission_id = submission_id
        url = ray.endpoint.job_url(submission_id)
        self.log.info("the Ray job's page: %s", url)
        context["ti"].xcom_push(key=SUBMISSION_ID_KEY, value=submission_id)
        context["ti"].xcom_push(key=URL_KEY, value=url)

    def _go_on(self, context: Context, ray: Client, job: Job, deadline: str | None) -> dict[str, Any]:
        if self.deferrable and not job.ended:
            self.defer(
                trigger=RayJobTrigger(
                    ray_conn_id=self.ray_conn_id,
                    submission_id=job.submission_id,
                    resubmission=max(number_in(job.metadata, RESUBMISSION), 0),
                    poll_seconds=self.poll_seconds,
                    patience_seconds=self.patience.total_seconds(),
                    deadline=deadline,
                    stop_on_kill=self.stop_on_kill,
                ),
                method_name="execute_complete",
            )
        while not job.ended:
            try:
                job = self._wait(ray, job.submission_id)
            except JobNotFoundError:
                job = self._resubmit(context, ray, job.submission_id, max(number_in(job.metadata, RESUBMISSION), 0))
        return self._finish(ray, job)

    def _wait(self, ray: Client, submission_id: str) -> Job:
        """Wait until the job has ended, or raise a `JobNotFoundError` when Ray has lost it."""
        patience = Patience(self.patience.total_seconds())
        while True:
            try:
                job = ray.once(api.job(submission_id))
                patience.recover()
                if job.ended:
                    return job
            except TransientError as error:
                if patience.left <= 0:
                    raise JobUnwatchedError(submission_id, str(error)) from error
                patience.bear(error)
                self.log.warning("%s; asking again", error)
            self._sleep(self.poll_seconds)

    def _stop_and_wait(self, ray: Client, job: Job) -> None:
        ray.stop(job.submission_id)
        with contextlib.suppress(JobNotFoundError):
            self._wait(ray, job.submission_id)

    def _finish(self, ray: Client, job: Job) -> dict[str, Any]:
        """Show the end of the log, and answer or raise by how the job has ended."""
        self._log_tail(ray, job.submission_id)
        message = _without_log(job.message)
        if job.status == api.STOPPED:
            raise JobStoppedError(job.submission_id, f"was stopped: {message}")
        if job.status != api.SUCCEEDED:
            raise JobFailedError(job.submission_id, f"has failed: {message}")
        self.log.info("the Ray job %s has succeeded: %s", job.submission_id, message)
        return {
            "submission_id": job.submission_id,
            "status": job.status,
            "message": message,
            "start_time": job.start_time,
            "end_time": job.end_time,
        }

    def _log_tail(self, ray: Client, submission_id: str) -> None:
        """Show the end of the job's log. A log that is not to be had changes nothing about how the job has ended."""
        if self.log_lines <= 0:
            return
        try:
            with Client(ray.endpoint, LOG_PATIENCE) as hasty:
                lines = hasty.log_tail(submission_id, self.log_lines)
        except RequestError as error:
            self.log.warning("%s", error)
            return
        self.log.info("the last lines of the Ray job's log:")
        for line in lines:
            self.log.info("  %s", line)

    def _identity(self, context: Context) -> TaskIdentity:
        ti: Any = context["ti"]
        run_started = context["dag_run"].start_date
        return TaskIdentity(ti.dag_id, ti.run_id, ti.task_id, ti.map_index, run_started, ti.max_tries)


def _texts(values: Mapping[str, object] | None) -> dict[str, str]:
    """Check what Ray wants as text: it quotes what it refuses, and this may be a secret."""
    texts = {}
    for key, value in (values or {}).items():
        if not isinstance(value, str):
            raise RayJobsError(f"the value of {key} must be text, and is of the type {type(value).__name__}")
        texts[key] = value
    return texts


def _without_log(message: str) -> str:
    """Leave out the log that Ray puts into its message: its end is shown beside it."""
    return message.partition(", last available logs")[0].strip()[:_MOST_OF_A_MESSAGE] or "Ray tells no reason"
