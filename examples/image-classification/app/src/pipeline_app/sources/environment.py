"""What the environment says."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pipeline_app.sources.errors import NotSetError


def required(environment: Mapping[str, str], name: str) -> str:
    """Give a variable, which is not empty."""
    value = environment.get(name, "")
    if not value:
        raise NotSetError(f"The environment variable {name} is not set.")
    return value


def service(environment: Mapping[str, str], name: str) -> str:
    """Give the address of a service, without a slash at its end."""
    url = required(environment, name)
    if not _is_web(url):
        raise NotSetError(f"The environment variable {name} is no address: http://name:port is one.")
    return url.rstrip("/")


def public(environment: Mapping[str, str], name: str) -> str | None:
    """Give the address under which visitors' browsers reach a service, if there is one."""
    url = environment.get(name, "")
    return url.rstrip("/") if _is_web(url) else None


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
