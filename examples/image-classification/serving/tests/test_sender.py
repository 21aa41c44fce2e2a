"""The sender against a Serve that does what a test wants; the bucket is real."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from model_registry import Registry
from models import model, register

from digits_serving import send
from digits_serving.ray_serve import AwayError, RayServe, State, configuration
from digits_serving.send import Sender, SendError
from digits_serving.settings import Settings
from digits_serving.wanted import Wanted

SETTINGS = Settings.from_environment({})


@dataclass(frozen=True)
class Pretended(RayServe):
    """Takes every configuration, and shows one state after the other."""

    settings: Settings = SETTINGS
    sent: list[Wanted] = field(default_factory=list)
    states: list[State | AwayError] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    after_send: list[Any] = field(default_factory=list)

    def send(self, wanted: Wanted) -> None:
        self.sent.append(wanted)
        if self.after_send:
            self.after_send.pop(0)()

    def state(self) -> State:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(state, AwayError):
            raise state
        return state

    def model(self) -> dict[str, Any]:
        if self.answers:
            return self.answers.pop(0)
        champion = self.sent[-1].champion
        return {"version": champion.version, "sha256": champion.sha256, "replica": "a", "refused": None}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(send, "FAILING_SECONDS", 0.02)


def state(status: str, deployed: float, *replicas: str, message: str = "") -> State:
    return State(status, message, deployed, frozenset(replicas))


def sender(serve: Pretended, registry: Registry, seconds: float = 5) -> Sender:
    return Sender(serve, registry, time.monotonic() + seconds)


def champion(registry: Registry, seed: int) -> int:
    number = register(registry, model(seed)).version
    registry.promote(number)
    return number


def test_what_serve_says_of_the_time_before_is_not_believed(registry: Registry) -> None:
    champion(registry, 1)
    old = {"version": 1, "sha256": "old", "replica": "a", "refused": None}
    serve = Pretended(
        states=[
            state("RUNNING", 1, "a"),
            state("DEPLOY_FAILED", 1, message="long ago"),
            state("RUNNING", 1, "a"),
            state("DEPLOY_FAILED", 2, message="for a moment"),
            state("DEPLOYING", 2, "a"),
            state("UNHEALTHY", 2, "a"),
            AwayError("for a moment"),
            state("RUNNING", 2, "a"),
        ],
        answers=[old],
    )
    served = sender(serve, registry).send()
    assert served
    assert served.version == 1
    assert (len(serve.states), serve.answers) == (1, [])


def test_every_running_replica_must_have_answered_right(registry: Registry) -> None:
    champion(registry, 1)
    sha256 = registry.version(1).sha256
    right, wrong = ({"version": 1, "sha256": sha, "refused": None} for sha in (sha256, "other"))
    answers = [right | {"replica": "a"}, wrong | {"replica": "b"}, right | {"replica": "a"}, right | {"replica": "b"}]
    serve = Pretended(states=[state("NOT_STARTED", 0), state("RUNNING", 1, "a", "b")], answers=answers)
    assert sender(serve, registry).send()
    assert serve.answers == []


def test_an_alias_that_moves_meanwhile_is_sent_again(registry: Registry) -> None:
    first = champion(registry, 1)
    serve = Pretended(
        states=[state("NOT_STARTED", 0), state("RUNNING", 1, "a"), state("RUNNING", 1, "a"), state("RUNNING", 2, "a")],
        after_send=[lambda: champion(registry, 2)],
    )
    served = sender(serve, registry).send()
    assert served
    assert served.version == first + 1
    assert [wanted.champion.version for wanted in serve.sent] == [first, first + 1]


def test_a_failure_is_quoted(registry: Registry) -> None:
    champion(registry, 1)
    failed = state("DEPLOY_FAILED", 1, message="no module named x")
    with pytest.raises(SendError, match="version 1 is not served: the application is DEPLOY_FAILED no module named x"):
        sender(Pretended(states=[state("NOT_STARTED", 0), failed]), registry).send()


def test_the_refusal_of_another_version_is_no_concern(registry: Registry) -> None:
    champion(registry, 1)
    sha256 = registry.version(1).sha256
    answer = {"version": 1, "sha256": sha256, "replica": "a"}
    other = {"version": 7, "sha256": sha256, "sent": "9", "error": "version 7 is refused"}
    before = {"version": 1, "sha256": sha256, "sent": "2020-01-01T00:00:00+00:00", "error": "it was bad then"}
    for refused in (other, before):
        serve = Pretended(
            states=[state("NOT_STARTED", 0), state("RUNNING", 1, "a")], answers=[answer | {"refused": refused}]
        )
        assert sender(serve, registry).send()


def test_a_refusal_is_quoted(registry: Registry) -> None:
    champion(registry, 1)
    refused = {"version": 1, "sha256": registry.version(1).sha256, "sent": "9", "error": "version 1 is refused: bad"}
    answer = {"version": 5, "sha256": "other", "replica": "a", "refused": refused}
    serve = Pretended(states=[state("NOT_STARTED", 0), state("RUNNING", 1, "a")], answers=[answer])
    with pytest.raises(SendError, match="version 1 is refused: bad; version 5 is served"):
        sender(serve, registry).send()


@pytest.mark.parametrize("last", [AwayError("connection refused"), state("DEPLOYING", 1, message="wait")])
def test_patience_ends_and_says_what_was_seen(registry: Registry, last: State | AwayError) -> None:
    champion(registry, 1)
    serve = Pretended(states=[state("NOT_STARTED", 0), last])
    with pytest.raises(SendError, match=r"version 1 is not served in time: (connection refused|.* DEPLOYING wait)"):
        sender(serve, registry, seconds=0.05).send()


def test_a_ray_that_does_not_come_is_given_up(registry: Registry) -> None:
    champion(registry, 1)
    with pytest.raises(SendError, match="Ray is not there in time: connection refused"):
        sender(Pretended(states=[AwayError("connection refused")]), registry, seconds=0.05).send()


def test_a_previous_version_that_is_lost_does_not_keep_the_champion(registry: Registry) -> None:
    for seed in (1, 2):
        champion(registry, seed)
    wanted = Wanted.by_alias(registry)
    assert wanted
    assert wanted.previous
    assert Wanted.parse(wanted.user_config()) == wanted
    registry.bucket.delete(f"models/{registry.model}/versions/1/metadata.json")
    wanted = Wanted.by_alias(registry)
    assert wanted
    assert (wanted.champion.version, wanted.previous) == (2, None)
    assert Wanted.parse(wanted.user_config()) == wanted


def test_the_whole_configuration_is_sent(registry: Registry) -> None:
    champion(registry, 1)
    by_alias = Wanted.by_alias(registry)
    assert by_alias
    wanted = replace(by_alias, sent="2026-11-24T00:00:00+00:00")
    sha256 = registry.version(1).sha256
    user_config = {
        "model_uri": f"s3://pipeline/models/{registry.model}/versions/1/model.onnx",
        "version": 1,
        "sha256": sha256,
        "previous": None,
        "sent": "2026-11-24T00:00:00+00:00",
    }
    assert configuration(Settings.from_environment({"SERVE_REPLICAS": "3"}), wanted) == {
        "proxy_location": "HeadOnly",
        "http_options": {"host": "0.0.0.0", "port": 8000},  # noqa: S104 - of a pod
        "applications": [
            {
                "name": "digits",
                "route_prefix": "/",
                "import_path": "digits_serving.app:application",
                "deployments": [{"name": "Digits", "num_replicas": 3, "user_config": user_config}],
            }
        ],
    }
