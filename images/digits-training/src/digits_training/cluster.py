"""The Kubernetes API, as far as one ConfigMap goes."""

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
FIELD_MANAGER = "digits-training"
TIMEOUT_SECONDS = 30


class ClusterError(Exception):
    """The cluster was not reached, or refused."""


@dataclass(frozen=True)
class Cluster:
    """A namespace of a cluster, and the account to act as."""

    server: str
    namespace: str
    token: str
    trust: ssl.SSLContext | None = None

    @classmethod
    def of_this_pod(cls, environment: Mapping[str, str], account: Path = ACCOUNT) -> Self:
        """Find what Kubernetes tells every pod, or raise a `ClusterError`."""
        host = environment.get("KUBERNETES_SERVICE_HOST")
        port = environment.get("KUBERNETES_SERVICE_PORT")
        if not host or not port:
            raise ClusterError("KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set: this is no pod")
        if ":" in host:
            host = f"[{host}]"
        try:
            return cls(
                server=f"https://{host}:{port}",
                namespace=(account / "namespace").read_text().strip(),
                token=(account / "token").read_text().strip(),
                trust=ssl.create_default_context(cafile=account / "ca.crt"),
            )
        except OSError as error:
            raise ClusterError(f"the pod has no token of a service account: {error}") from error

    def publish(self, config_map: str, data: Mapping[str, str]) -> None:
        """Own `data` in a ConfigMap that is there, by server-side apply. Fields of others are left alone.

        Needs the right to `patch` this one object. Raises a `ClusterError` that quotes the server.
        """
        path = f"/api/v1/namespaces/{self.namespace}/configmaps/{urllib.parse.quote(config_map)}"
        query = urllib.parse.urlencode({"fieldManager": FIELD_MANAGER, "force": "true"})
        desired = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": config_map, "namespace": self.namespace},
            "data": dict(data),
        }
        request = urllib.request.Request(  # noqa: S310 - the scheme is ours
            f"{self.server}{path}?{query}",
            method="PATCH",
            data=json.dumps(desired).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                # JSON is YAML as well, and not every server takes the JSON type.
                "Content-Type": "application/apply-patch+yaml",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=self.trust):  # noqa: S310
                pass
        except urllib.error.HTTPError as error:
            raise ClusterError(f"failed to write the ConfigMap {config_map}: {_message(error)}") from error
        except OSError as error:
            raise ClusterError(f"failed to reach the Kubernetes API at {self.server}: {error}") from error


def _message(error: urllib.error.HTTPError) -> str:
    """Find the server's own words in a `Status`, if it is one."""
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return str(error)
