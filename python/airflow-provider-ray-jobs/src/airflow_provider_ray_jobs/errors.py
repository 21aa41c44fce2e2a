"""What can go wrong, one type for each thing that a user would do something different about."""

from airflow_provider_ray_jobs.compat import AirflowException


class RayJobsError(AirflowException):
    """Anything that this provider raises."""


class PackageError(RayJobsError):
    """The working directory cannot be made a package."""


class RequestError(RayJobsError):
    """A request to Ray has failed."""

    def __init__(self, doing: str, url: str, words: str, *, status: int | None = None, advice: str = "") -> None:
        """Tell what was being done where, and what the server (or the lack of one) had to say."""
        self.doing = doing
        self.url = url
        self.status = status
        self.words = words
        answer = words if status is None else f"HTTP status {status}: {words}"
        super().__init__(f"failed to {doing} at {url}: {answer}{advice and '; '}{advice}")


class TransientError(RequestError):
    """The same request may well succeed later."""


class UnreachableError(TransientError):
    """There was no answer."""


class ServerError(TransientError):
    """The answer was that of a server in trouble, or not one of Ray at all."""


class AuthenticationError(RequestError):
    """Ray wants another token, or one at all."""


class RefusedError(RequestError):
    """Ray, or what stands before it, does not want this request."""


class JobNotFoundError(RequestError):
    """Ray says that it knows no such job."""


class JobExistsError(RequestError):
    """Ray has a job with this submission id already."""


class JobError(RayJobsError):
    """A job did not end well."""

    def __init__(self, submission_id: str, happened: str) -> None:
        """Tell which job it was."""
        self.submission_id = submission_id
        super().__init__(f"the Ray job {submission_id} {happened}")


class JobFailedError(JobError):
    """It failed by itself."""


class JobStoppedError(JobError):
    """Somebody stopped it."""


class JobLostError(JobError):
    """Ray lost it, more often than is put up with."""


class JobTimeoutError(JobError):
    """It took longer than the task may."""


class JobUnwatchedError(JobError):
    """Nothing is known of it any more."""

    def __init__(self, submission_id: str, why: str) -> None:
        """Tell why nobody waits for it any more."""
        super().__init__(submission_id, f"may go on, unwatched; another try of the task finds it. {why}")


class SupersededError(JobError):
    """The task was cleared, and a later run of it has a job of its own."""
