"""Ray Serve from outside: its REST API, and the replicas' own answers."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from digits_serving.settings import Settings
from digits_serving.wanted import Wanted

APPLICATION = "digits"
IMPORT_PATH = "digits_serving.app:application"
DEPLOYMENT = "Digits"
APPLICATIONS = "/api/serve/applications/"
SILENCE_SECONDS = 10


class AwayError(Exception):
    """Ray does not answer, or not yet."""


class RefusedError(Exception):
    """Ray answers, and will not do it. No retry helps."""


@dataclass(frozen=True)
class State:
    """What Serve says of the application."""

    status: str
    message: str
    deployed: float
    """When it was told what to serve last, in seconds since 1970."""
    replicas: frozenset[str]
    """Ids of those that answer."""

    @property
    def failed(self) -> bool:
        """Tell whether Serve has given up. One that is unhealthy is brought back by Serve itself."""
        return self.status == "DEPLOY_FAILED"


@dataclass(frozen=True)
class RayServe:
    """Serve on the Ray cluster whose head this machine is."""

    settings: Settings

    def send(self, wanted: Wanted) -> None:
        """Send the whole configuration. Serve takes it, and sees to it in its own time."""
        self._ask("PUT", APPLICATIONS, configuration(self.settings, wanted))

    def state(self) -> State:
        """Ask how the application is."""
        content = self._ask("GET", APPLICATIONS)
        application = content.get("applications", {}).get(APPLICATION, {})
        deployments = application.get("deployments", {})
        messages = [application.get("message", ""), *(part.get("message", "") for part in deployments.values())]
        return State(
            status=str(application.get("status", "NOT_STARTED")),
            message="; ".join(message.strip() for message in messages if message.strip()),
            deployed=float(application.get("last_deployed_time_s", 0)),
            replicas=frozenset(
                replica["replica_id"]
                for deployment in deployments.values()
                for replica in deployment.get("replicas", [])
                if replica.get("state") == "RUNNING"
            ),
        )

    def model(self) -> dict[str, Any]:
        """Ask some replica what it serves."""
        url = f"http://127.0.0.1:{self.settings.port}/model"
        try:
            with urllib.request.urlopen(url, timeout=SILENCE_SECONDS) as response:
                return _object(response.read(), url)
        except OSError as error:
            raise AwayError(f"{url}: {error}") from error

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = self.settings.dashboard + path
        headers = {"Content-Type": "application/json"}
        if self.settings.token:
            headers["Authorization"] = f"Bearer {self.settings.token}"
        request = urllib.request.Request(  # noqa: S310 - the scheme is the administrator's
            url, method=method, data=None if body is None else json.dumps(body).encode(), headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=SILENCE_SECONDS) as response:  # noqa: S310
                content = response.read()
        except urllib.error.HTTPError as error:
            reason = f"{method} {url}: {error}: {error.read().decode(errors='replace').strip()}"
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code != HTTPStatus.NOT_FOUND:
                raise RefusedError(reason) from error
            raise AwayError(reason) from error
        except OSError as error:
            raise AwayError(f"{method} {url}: {error}") from error
        return _object(content, url) if method == "GET" else {}


def configuration(settings: Settings, wanted: Wanted) -> dict[str, Any]:
    """Give all that Serve is told. What is not in it is taken away."""
    deployment = {"name": DEPLOYMENT, "num_replicas": settings.replicas, "user_config": wanted.user_config()}
    application = {
        "name": APPLICATION,
        "route_prefix": "/",
        "import_path": IMPORT_PATH,
        "deployments": [deployment],
    }
    return {
        "proxy_location": "HeadOnly",
        "http_options": {"host": settings.host, "port": settings.port},
        "applications": [application],
    }


def _object(content: bytes, url: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise AwayError(f"{url} answered no JSON") from error
    if not isinstance(value, dict):
        raise AwayError(f"{url} answered {value!r}")
    return value
