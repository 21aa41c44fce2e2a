"""The Serve application: digits on pictures, by the version of the model that was asked for last and is good.

Serve stops a replica whose `reconfigure` fails, and starts another one with what the first had refused. So a bad
version is no failure here while there is a good one: the replica keeps that, and says what it has refused.
"""

import asyncio
import logging
import os
from http import HTTPStatus
from typing import Any

from digits.picture import MOST_BYTES, PictureError, digit_of_upload
from model_registry import Bucket, IntegrityError
from ray import serve
from starlette.requests import Request
from starlette.responses import JSONResponse

from digits_serving.model import Model, ModelError
from digits_serving.ray_serve import DEPLOYMENT
from digits_serving.wanted import Artifact, Wanted

CPUS = 0.1
"""Processors that a replica claims: it computes for a millisecond at a time, and training wants the rest."""
REQUESTS = 16
"""Requests that a replica works on at once."""

log = logging.getLogger("ray.serve")


class Digits:
    """A replica."""

    def __init__(self) -> None:
        """Serve nothing, until `reconfigure` says what."""
        self.bucket = Bucket.from_environment(os.environ)
        self.model: Model | None = None
        self.refused: dict[str, Any] | None = None
        self.loading = asyncio.Lock()

    async def reconfigure(self, user_config: object) -> None:
        """Load and verify what is wanted, and exchange the model only then; requests are answered meanwhile.

        Raises a `ModelError` if that cannot be served, and nothing else either.
        """
        async with self.loading:
            try:
                wanted = Wanted.parse(user_config)
                model = await self._loaded(wanted.champion)
            except (IntegrityError, ModelError) as error:
                self.refused = _refusal(user_config, error)
                log.error("%s", error)  # noqa: TRY400 - the message says it all
                if self.model is None:
                    self.model = await self._fallback(user_config, error)
            else:
                self.model, self.refused = model, None
                log.info("version %d is served, sha256 %s", model.artifact.version, model.artifact.sha256)

    async def __call__(self, request: Request) -> JSONResponse:
        """Answer a request."""
        routes = {
            ("POST", "/predict"): self._predict,
            ("GET", "/model"): self._model,
            ("GET", "/healthz"): self._health,
        }
        answer = routes.get((request.method, request.url.path))
        if answer is None:
            return _error(HTTPStatus.NOT_FOUND, f"There is {', '.join(' '.join(route) for route in routes)}.")
        # The one that is there now, for the whole of the answer.
        model = self.model
        if model is None:
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, "There is no model yet.")
        return await answer(request, model)

    async def _predict(self, request: Request, model: Model) -> JSONResponse:
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            # One more is enough to be refused.
            if len(content) > MOST_BYTES:
                break
        try:
            cells = await asyncio.to_thread(digit_of_upload, bytes(content))
        except PictureError as error:
            return _error(HTTPStatus.BAD_REQUEST, str(error))
        probabilities = [float(share) for share in model.probabilities(cells)]
        answer = {
            "digit": max(range(len(probabilities)), key=probabilities.__getitem__),
            "probabilities": probabilities,
        }
        return JSONResponse(answer | _name(model.artifact))

    async def _model(self, _request: Request, model: Model) -> JSONResponse:
        replica = serve.get_replica_context().replica_id.unique_id
        return JSONResponse(_name(model.artifact) | {"replica": replica, "refused": self.refused})

    async def _health(self, _request: Request, _model: Model) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def _loaded(self, artifact: Artifact) -> Model:
        return await asyncio.to_thread(Model.load, self.bucket, artifact)

    async def _fallback(self, user_config: object, error: Exception) -> Model:
        """Load the version that was served before, which a replica that has just started does not have."""
        try:
            previous = Wanted.parse(user_config).previous
        except IntegrityError:
            previous = None
        if previous is None:
            raise ModelError(str(error)) from error
        try:
            model = await self._loaded(previous)
        except ModelError as also:
            raise ModelError(f"{error}; {also}") from error
        log.warning("version %d is served in its place", previous.version)
        return model


def _name(artifact: Artifact) -> dict[str, Any]:
    return {"version": artifact.version, "sha256": artifact.sha256}


def _refusal(user_config: object, error: Exception) -> dict[str, Any]:
    asked = user_config if isinstance(user_config, dict) else {}
    return {name: asked.get(name) for name in ("version", "sha256", "sent")} | {"error": str(error)}


def _error(status: HTTPStatus, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status_code=status)


application = serve.deployment(name=DEPLOYMENT, ray_actor_options={"num_cpus": CPUS}, max_ongoing_requests=REQUESTS)(
    Digits
).bind()
