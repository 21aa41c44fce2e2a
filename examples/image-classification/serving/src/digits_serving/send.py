"""Sends Ray Serve its whole configuration, as the alias in the bucket says, and waits until that is what is served.

A Ray head that has started runs this, and so does a pipeline that has moved the alias: both send the same.
"""

import os
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from model_registry import Bucket, BucketError, Registry, RegistryError

from digits_serving.ray_serve import AwayError, RayServe, RefusedError, State
from digits_serving.settings import Settings, SettingsError
from digits_serving.wanted import Artifact, Wanted

PAUSE_SECONDS = 0.5
FAILING_SECONDS = 3.0
"""How long Serve must say that it has failed: at first it may still speak of what it was told before."""


class SendError(Exception):
    """The champion is not served. The message says why."""


@dataclass
class Sender:
    """What is done with one configuration after the other, until the last one is that of the alias."""

    serve: RayServe
    registry: Registry
    deadline: float
    right: set[str] = field(default_factory=set)
    """Replicas that were seen to serve what is wanted."""

    def send(self) -> Artifact | None:
        """Have the champion served, and give it; None if there is none. A `SendError` says why it is not."""
        sent = None
        # Who has read the alias before it moved may have sent after it.
        while (wanted := Wanted.by_alias(self.registry)) != sent:
            if wanted is None:
                return None
            self._serve(replace(wanted, sent=datetime.now(UTC).isoformat()))
            sent = wanted
        return sent.champion if sent else None

    def _serve(self, wanted: Wanted) -> None:
        champion = wanted.champion
        before = self._sent(wanted)
        print(f"sent version {champion.version}, sha256 {champion.sha256}", flush=True)
        self.right.clear()
        news = ""
        failing_since: float | None = None
        while True:
            try:
                state = self.serve.state()
                # Until Serve has taken it up, it speaks of what it was told before.
                if state.deployed > before and self._is_served(wanted, state):
                    return
                seen = f"{len(state.replicas & self.right)} of {len(state.replicas)} replicas were seen to serve it"
                news = f"the application is {state.status} {state.message}".strip() + f", and {seen}"
                failing_since = (failing_since or time.monotonic()) if state.failed else None
            except AwayError as error:
                news = str(error)
            if failing_since and time.monotonic() - failing_since >= FAILING_SECONDS:
                raise SendError(f"version {champion.version} is not served: {news}")
            if time.monotonic() > self.deadline:
                raise SendError(f"version {champion.version} is not served in time: {news}")
            time.sleep(PAUSE_SECONDS)

    def _sent(self, wanted: Wanted) -> float:
        """Send a configuration, and give the time at which Serve was told something before."""
        while True:
            try:
                before = self.serve.state().deployed
                self.serve.send(wanted)
            except AwayError as error:
                if time.monotonic() > self.deadline:
                    raise SendError(f"Ray is not there in time: {error}") from error
                time.sleep(PAUSE_SECONDS)
            else:
                return before

    def _is_served(self, wanted: Wanted, state: State) -> bool:
        champion = wanted.champion
        if state.status != "RUNNING":
            return False
        answer = self.serve.model()
        refused = answer.get("refused")
        if (
            refused
            and (refused["version"], refused["sha256"]) == (champion.version, champion.sha256)
            and (
                # Not what somebody sent before.
                refused["sent"] >= wanted.sent
            )
        ):
            raise SendError(f"{refused['error']}; version {answer['version']} is served")
        if (answer["version"], answer["sha256"]) == (champion.version, champion.sha256):
            self.right.add(answer["replica"])
        else:
            self.right.discard(answer["replica"])
        return bool(state.replicas) and state.replicas <= self.right


def main() -> None:
    """Send, wait, and say what came of it."""
    settings = Settings.from_environment(os.environ)
    registry = Registry(Bucket.from_environment(os.environ), settings.model)
    sender = Sender(RayServe(settings), registry, time.monotonic() + settings.patience_seconds)
    served = sender.send()
    if served is None:
        print(f"there is no champion of {settings.model} yet: nothing is sent", flush=True)
    else:
        print(f"version {served.version} is served by all replicas: {len(sender.right)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (BucketError, RegistryError, RefusedError, SendError, SettingsError) as error:
        sys.exit(str(error))
