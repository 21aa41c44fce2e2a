import json
from collections.abc import Iterator
from typing import Any

import pytest
from airflow_provider_ray_jobs.client import Client
from model_registry import Bucket, IntegrityError, Lineage, Reference, Registry

from model_release.deployment import Deployment, DeploymentError
from model_release.gate import Gate, GateError
from model_release.result import Result
from ray_stand_in import RayStandIn, ray_stand_in

GATE = Gate(least_accuracy=0.5, max_accuracy_loss=0.02)
RESULT = {
    "submission_id": "job",
    "dataset": "0123456789ab",
    "code": "c0de",
    "artifact": "results/job/model.onnx",
    "sha256": "0" * 64,
    "accuracy": 0.97,
}


@pytest.fixture
def registry(bucket: Bucket) -> Registry:
    return Registry(bucket, "digits")


def champion(registry: Registry, metrics: dict[str, float], number: int = 1) -> Reference:
    lineage = Lineage(job=f"job {number}", run_id="run", code="code")
    version = registry.register(f"model {number}".encode(), metrics=metrics, dataset="d", lineage=lineage)
    registry.promote(version.version)
    return version.reference


def test_a_result_is_read(bucket: Bucket) -> None:
    bucket.put("results/job.json", json.dumps(RESULT | {"nodes": ["a", "b"]}).encode())
    result = Result.load(bucket, "job")
    assert result.encode() == RESULT
    assert Result.parse(result.encode()) == result


@pytest.mark.parametrize(
    ("change", "message"),
    [({"accuracy": "good"}, "accuracy"), ({"sha256": "no"}, "sha256"), ({"submission_id": "other"}, "the job other")],
)
def test_a_wrong_result_is_refused(bucket: Bucket, change: dict[str, str], message: str) -> None:
    bucket.put("results/job.json", json.dumps(RESULT | change).encode())
    with pytest.raises(IntegrityError, match=message):
        Result.load(bucket, "job")


def test_a_missing_result_is_told(bucket: Bucket) -> None:
    with pytest.raises(IntegrityError, match=r"left no s3://pipeline/results/job\.json"):
        Result.load(bucket, "job")


def test_the_first_model_must_be_good(registry: Registry) -> None:
    assert "no champion yet" in GATE.admit(0.5, registry)
    with pytest.raises(GateError, match=r"must be at least 0\.5000"):
        GATE.admit(0.49, registry)


def test_a_model_must_not_be_worse_than_the_champion(registry: Registry) -> None:
    champion(registry, {"accuracy": 0.96})
    assert "the champion, 0.9600" in GATE.admit(0.9401, registry)
    with pytest.raises(GateError, match=r"version 1, is 0\.9600"):
        GATE.admit(0.93, registry)


def test_a_champion_without_accuracy_is_no_measure(registry: Registry) -> None:
    champion(registry, {})
    with pytest.raises(IntegrityError, match="version 1"):
        GATE.admit(0.97, registry)


@pytest.fixture
def stand_in(bucket: Bucket) -> Iterator[RayStandIn]:
    with ray_stand_in(bucket) as server:
        yield server


@pytest.fixture
def deployment(stand_in: RayStandIn) -> Iterator[Deployment]:
    with Client(stand_in.endpoint, 1) as ray:
        yield Deployment(ray, stand_in.endpoint.url, patience=0.2, sleep=lambda _: None)


def test_the_champion_gets_served(deployment: Deployment, registry: Registry, stand_in: RayStandIn) -> None:
    reference = champion(registry, {})
    for _ in range(2):
        deployment.send("deploy")
    deployment.wait(reference)
    assert len(stand_in.jobs) == 1


def test_what_does_not_answer_is_told(deployment: Deployment, registry: Registry, stand_in: RayStandIn) -> None:
    with pytest.raises(DeploymentError, match="status 503, and no JSON"):
        deployment.wait(Reference(1, "0" * 64))
    first = champion(registry, {})
    deployment.send("deploy")
    with pytest.raises(DeploymentError, match=f"version 1 with the sha256 {first.sha256}"):
        deployment.wait(Reference(2, first.sha256))
    stand_in.shutdown()
    stand_in.server_close()
    with pytest.raises(DeploymentError, match="ConnectError"):
        deployment.wait(first)


def test_one_right_answer_is_not_enough(deployment: Deployment, registry: Registry, stand_in: RayStandIn) -> None:
    first, second = champion(registry, {}), champion(registry, {}, 2)
    answers = iter([second, second, first, *[second] * 5])
    stand_in.answer = lambda *_: (200, vars(next(answers)))  # type: ignore[method-assign]
    deployment.wait(second)
    assert next(answers, None) is None


def test_a_refused_configuration_is_told(deployment: Deployment, registry: Registry, stand_in: RayStandIn) -> None:
    champion(registry, {})
    stand_in.refused.add(1)
    with pytest.raises(DeploymentError, match="is FAILED: version 1 is refused"):
        deployment.send("deploy")


def test_a_ray_head_that_forgets_its_jobs_has_sent_by_itself(deployment: Deployment, stand_in: RayStandIn) -> None:
    submit = stand_in.submit

    def forget(submission: dict[str, Any]) -> tuple[int, Any]:
        answer = submit(submission)
        stand_in.jobs.clear()
        return answer

    stand_in.submit = forget  # type: ignore[method-assign]
    deployment.send("deploy")
