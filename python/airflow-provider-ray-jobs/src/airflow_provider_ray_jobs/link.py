"""The button in Airflow that leads to the job in Ray's dashboard."""

from airflow_provider_ray_jobs.compat import BaseOperator, BaseOperatorLink, TaskInstanceKey, XCom

URL_KEY = "ray_job_url"


class RayJobLink(BaseOperatorLink):
    """Leads to the task's latest job."""

    name = "Ray job"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002 - Airflow's
        """Read where it is, which the task has written when it submitted the job."""
        return XCom.get_value(key=URL_KEY, ti_key=ti_key) or ""
