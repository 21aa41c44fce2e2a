"""What the environment says of where to send, and what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

LAST_PORT = 65535
MOST_REPLICAS = 100
MOST_SECONDS = 3600


class SettingsError(Exception):
    """A variable of the environment has a value that is none."""


@dataclass(frozen=True)
class Settings:
    """The settings of sending."""

    dashboard: str
    """Address of Ray's dashboard, `RAY_DASHBOARD_ADDRESS`; on this machine if it is not set."""
    token: str = field(repr=False)
    """What Ray wants to be shown, `RAY_AUTH_TOKEN`; nothing if it is not set."""
    model: str
    """Name of the model in the registry, `MODEL`; `digits` if it is not set."""
    host: str
    """Address at which Serve answers, `SERVE_HOST`; every one of the machine if it is not set."""
    port: int
    """Where Serve answers, `SERVE_PORT`; 8000 if it is not set."""
    replicas: int
    """How many replicas answer, `SERVE_REPLICAS`; 2 if it is not set."""
    patience_seconds: int
    """How long to wait for Ray, and for the version to be served, `SERVE_PATIENCE_SECONDS`; 180 if it is not set."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; a `SettingsError` names the variable."""
        return cls(
            dashboard=(environment.get("RAY_DASHBOARD_ADDRESS") or "http://127.0.0.1:8265").rstrip("/"),
            token=environment.get("RAY_AUTH_TOKEN", ""),
            model=environment.get("MODEL") or "digits",
            # Who may come, policies of the network say.
            host=environment.get("SERVE_HOST") or "0.0.0.0",  # noqa: S104
            port=_number(environment, "SERVE_PORT", 8000, LAST_PORT),
            replicas=_number(environment, "SERVE_REPLICAS", 2, MOST_REPLICAS),
            patience_seconds=_number(environment, "SERVE_PATIENCE_SECONDS", 180, MOST_SECONDS),
        )


def _number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise SettingsError(f"the environment variable {name} is {text!r}, and must be a whole number from 1 to {most}")
    return int(text)
