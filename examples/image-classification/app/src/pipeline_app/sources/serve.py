"""The model that is served: what it takes a picture for."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from pipeline_app.sources.environment import service
from pipeline_app.sources.errors import SourceError, StrangeError
from pipeline_app.sources.web import Answer, Service

DIGITS = 10
JPEG_START = b"\xff\xd8"


class RejectedError(SourceError):
    """The model is there, and could not read the picture. The message is its own."""


@dataclass(frozen=True)
class Served:
    """A version of the model, as it answers."""

    version: int
    sha256: str


@dataclass(frozen=True)
class Prediction:
    """What a model takes a picture for."""

    digit: int
    probabilities: tuple[float, ...]
    """Of each digit from 0 to 9."""
    model: Served


@dataclass(frozen=True)
class Serve:
    """The application on Ray Serve."""

    service: Service

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Take what `SERVE_URL` says."""
        return cls(Service("The model", service(environment, "SERVE_URL")))

    def predict(self, picture: bytes) -> Prediction:
        """Ask what is on a picture, PNG or JPEG; a `RejectedError` if the model cannot read it."""
        kind = "image/jpeg" if picture.startswith(JPEG_START) else "image/png"
        answer = self.service.ask("POST", "/predict", content=picture, headers={"Content-Type": kind})
        if answer.status == HTTPStatus.BAD_REQUEST:
            raise RejectedError(_reason(answer))
        return _prediction(answer.check().record())

    def model(self) -> Served:
        """Ask which version answers."""
        return _served(self.service.ask("GET", "/model").check().record())


def _reason(answer: Answer) -> str:
    reason = answer.record().get("error")
    return reason if isinstance(reason, str) and reason else "The model could not read this picture."


def _prediction(content: Mapping[str, Any]) -> Prediction:
    model = _served(content)
    digit, probabilities = content.get("digit"), content.get("probabilities")
    if not isinstance(probabilities, list) or len(probabilities) != DIGITS or not all(map(_is_share, probabilities)):
        raise StrangeError("The model's answer is no prediction.")
    if not isinstance(digit, int) or digit not in range(DIGITS):
        raise StrangeError("The model's answer is no digit.")
    return Prediction(digit, tuple(map(float, probabilities)), model)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _served(content: Mapping[str, Any]) -> Served:
    version, sha256 = content.get("version"), content.get("sha256")
    if not isinstance(version, int) or not isinstance(sha256, str):
        raise StrangeError("The model's answer does not say which version it is.")
    return Served(version, sha256)
