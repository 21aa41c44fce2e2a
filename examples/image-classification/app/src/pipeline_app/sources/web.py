"""Requests to services, and what they mean when they fail. Nothing that was sent is ever quoted, nor an address."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests

from pipeline_app.sources.errors import AbsentError, AwayError, RefusedError, StrangeError

TIMEOUT_SECONDS = (2.0, 5.0)
"""How long a connection may take, and then each part of the answer: a visitor waits for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What a service said."""

    service: str
    status: int
    content: bytes

    def record(self) -> Mapping[str, Any]:
        """Read it as a JSON object."""
        content = self._json()
        if not isinstance(content, dict):
            raise self._unread()
        return content

    def records(self) -> list[Mapping[str, Any]]:
        """Read it as a list of JSON objects."""
        content = self._json()
        if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
            raise self._unread()
        return content

    def _json(self) -> object:
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise self._unread() from error

    def _unread(self) -> StrangeError:
        return StrangeError(f"{self.service} answers with something that cannot be read.")

    def check(self) -> "Answer":
        """Give the answer if it is one to what was asked, and raise what its status means if it is not."""
        if self.status < HTTPStatus.MULTIPLE_CHOICES:
            return self
        if self.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise RefusedError(f"{self.service} does not let this page in ({self.status}).")
        if self.status == HTTPStatus.NOT_FOUND:
            raise AbsentError(f"{self.service} does not have what was asked for ({self.status}).")
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise AwayError(f"{self.service} cannot answer at the moment ({self.status}).")
        raise StrangeError(f"{self.service} answers with the status {self.status}, which was not expected.")


@dataclass(frozen=True)
class Service:
    """A service that is asked over HTTP."""

    name: str
    """What visitors know it as."""
    url: str = field(repr=False)

    def ask(  # noqa: PLR0913 - each is a part of a request
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        json: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, and give the answer, whatever its status is; an `AwayError` if there is none."""
        with requests.Session() as session:
            # Neither proxies nor accounts of whoever has started this.
            session.trust_env = False
            try:
                answer = session.request(
                    method,
                    self.url + path,
                    headers=dict(headers or {}),
                    params=dict(query or {}),
                    data=content,
                    json=None if json is None else dict(json),
                    timeout=TIMEOUT_SECONDS,
                    # What lets this page in is sent nowhere else.
                    allow_redirects=False,
                )
            except requests.Timeout as error:
                log.warning("%s: %s %s: %s", self.name, method, path, type(error).__name__)
                raise AwayError(f"{self.name} does not answer in time.") from error
            except (requests.RequestException, ValueError) as error:
                log.warning("%s: %s %s: %s", self.name, method, path, type(error).__name__)
                raise AwayError(f"{self.name} does not answer.") from error
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            log.warning("%s: %s %s: status %d", self.name, method, path, answer.status_code)
        return Answer(self.name, answer.status_code, answer.content)
