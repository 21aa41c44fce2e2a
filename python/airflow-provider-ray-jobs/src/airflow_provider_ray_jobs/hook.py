"""The Airflow connection to a Ray cluster."""

import asyncio
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async

from airflow_provider_ray_jobs import get_provider_info
from airflow_provider_ray_jobs.api import Endpoint
from airflow_provider_ray_jobs.client import AsyncClient, Client
from airflow_provider_ray_jobs.compat import AIRFLOW_3, BaseHook
from airflow_provider_ray_jobs.errors import RayJobsError

DEFAULT_PORT = 8265


class RayJobsHook(BaseHook):
    """Opens clients of the Jobs API that an Airflow connection of the type `ray_jobs` points to."""

    conn_name_attr = "ray_conn_id"
    default_conn_name = "ray_default"
    conn_type = "ray_jobs"
    hook_name = "Ray Jobs"

    def __init__(self, ray_conn_id: str = default_conn_name, **kwargs: Any) -> None:  # noqa: ANN401 - Airflow's
        """Look nothing up yet."""
        super().__init__(**kwargs)
        self.ray_conn_id = ray_conn_id

    def endpoint(self) -> Endpoint:
        """Read the connection."""
        return endpoint_of(self.ray_conn_id, self.get_connection(self.ray_conn_id))

    async def aendpoint(self) -> Endpoint:
        """Read the connection, in an event loop."""
        if AIRFLOW_3 and hasattr(self, "aget_connection"):
            connection = await self.aget_connection(self.ray_conn_id)
        else:
            connection = await sync_to_async(self.get_connection)(self.ray_conn_id)
        return endpoint_of(self.ray_conn_id, connection)

    def get_conn(self, patience: float = 30.0) -> Client:
        """Open a client that tries again, for so many seconds, what fails but may pass."""
        return Client(self.endpoint(), patience)

    async def aget_conn(self) -> AsyncClient:
        """Open a client for an event loop."""
        # In a thread, for it may read files.
        return await asyncio.to_thread(AsyncClient, await self.aendpoint())

    def test_connection(self) -> tuple[bool, str]:
        """Tell whether Ray answers and takes the token."""
        try:
            with self.get_conn(patience=0) as ray:
                version = ray.version()
        except RayJobsError as error:
            return False, str(error)
        return True, f"Ray {version} answers, and takes the token"

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Tell Airflow 2 what Airflow 3 reads in `get_provider_info`."""
        behaviour = get_provider_info()["connection-types"][0]["ui-field-behaviour"]
        return {name.replace("-", "_"): value for name, value in behaviour.items()}


def endpoint_of(name: str, connection: Any) -> Endpoint:  # noqa: ANN401 - two classes, by Airflow's version
    """Read a connection, or raise a `RayJobsError` that says what is wrong with it."""
    host = (connection.host or "").strip().rstrip("/")
    if not host:
        raise RayJobsError(f"the Airflow connection {name} has no host")
    if "://" not in host:
        host = f"{connection.schema or 'http'}://{_bracketed(host)}"
    parts = urlsplit(host)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise RayJobsError(
            f"the Airflow connection {name} does not lead to Ray: its host must be a name, an address, or a URL that "
            "begins with http:// or https:// and has neither user nor query"
        )
    port = f":{connection.port or DEFAULT_PORT}" if parts.port is None else ""
    extra = connection.extra_dejson
    return Endpoint(
        url=f"{parts.scheme}://{parts.netloc}{port}{parts.path}",
        token=connection.password or "",
        verify=_verify(name, extra.get("verify", True)),
        timeout=_seconds(name, extra.get("timeout", 30)),
        dashboard_url=str(extra.get("dashboard_url") or "").rstrip("/"),
    )


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host  # noqa: PLR2004 - IP's version
    except ValueError:
        return host


def _verify(name: str, value: object) -> bool | str:
    if isinstance(value, bool | str):
        return value
    raise RayJobsError(f"in the extra of the Airflow connection {name}, `verify` must be a boolean or a file's name")


def _seconds(name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise RayJobsError(f"in the extra of the Airflow connection {name}, `timeout` must be a number of seconds above 0")
