"""On a real Ray: what is served, and what becomes of it when versions, replicas and the head are exchanged or lost."""

import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest
from model_registry import Version
from models import expected, model, picture, register
from ray_cluster import wait_until
from serving import Serving

# The tests come in this order: a later one finds served what an earlier one has left.


def test_without_a_champion_nothing_is_sent(serving: Serving) -> None:
    assert serving.send() == (0, "there is no champion of digits yet: nothing is sent")
    assert serving.cluster.ask("GET", "/api/serve/applications/")["applications"] == {}


def test_a_wrong_token_is_said_so_at_once(serving: Serving) -> None:
    serving.registry.promote(register(serving.registry, model(1)).version)
    code, last = serving.send(RAY_AUTH_TOKEN="guessed")  # noqa: S106 - it is wrong
    assert code == 1
    assert "HTTP Error 4" in last
    assert serving.cluster.token not in last


def test_a_first_champion_that_is_bad_is_not_served(serving: Serving) -> None:
    version = serving.registry.version(1)
    serving.registry.bucket.put(version.artifact, b"tampered")
    code, _ = serving.send()
    assert code == 1
    application = serving.application()
    assert application["status"] == "DEPLOY_FAILED"
    assert f"not {version.sha256}: it is not what was registered" in json.dumps(application)
    assert serving.replicas() == {}


def test_the_champion_is_served_by_all_replicas(serving: Serving) -> None:
    serving.registry.bucket.put(serving.registry.version(1).artifact, model(1))
    assert serving.send() == (0, "version 1 is served by all replicas: 2")
    assert len(serving.replicas()) == 2
    answer = serving.model()
    assert (answer["version"], answer["sha256"]) == (1, serving.registry.version(1).sha256)
    assert answer["refused"] is None
    assert serving.ask("/healthz") == (200, {"status": "ok"})


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_answers_are_the_models_own(serving: Serving, kind: str) -> None:
    content = picture(kind)
    status, answer = serving.ask("/predict", content)
    wanted = expected(model(1), content)
    assert status == 200
    assert answer == {
        "digit": wanted.index(max(wanted)),
        "probabilities": pytest.approx(wanted, abs=1e-6),
        "version": 1,
        "sha256": serving.registry.version(1).sha256,
    }


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "This file is no picture. Upload a PNG or JPEG file."),
        (b"digit\n7\n", "This file is no picture. Upload a PNG or JPEG file."),
        (picture()[:200], "This picture is damaged. Save it again as PNG or JPEG, and upload that."),
        (bytes(11 * 2**20), "This file is too large: 10 MB is the most."),
    ],
)
def test_a_bad_picture_is_said_so(serving: Serving, content: bytes, error: str) -> None:
    assert serving.ask("/predict", content) == (400, {"error": error})


def test_other_paths_are_not_there(serving: Serving) -> None:
    error = {"error": "There is POST /predict, GET /model, GET /healthz."}
    assert serving.ask("/") == (404, error)
    assert serving.ask("/predict") == (404, error)
    assert serving.ask("/model", b"") == (404, error)


def test_a_new_champion_is_taken_without_a_restart_and_no_request_fails(serving: Serving) -> None:
    register(serving.registry, model(2))
    before = serving.replicas()
    content = picture()
    right = {number: expected(model(number), content) for number in (1, 2)}
    checksums = {number: serving.registry.version(number).sha256 for number in (1, 2)}
    versions = []
    with ThreadPoolExecutor(1) as other:
        promoted = other.submit(serving.promote, 2)
        while not promoted.done():
            status, answer = serving.ask("/predict", content)
            assert status == 200
            versions.append(answer["version"])
            # Whichever version answers, it is one and not a mixture.
            assert answer["sha256"] == checksums[answer["version"]]
            assert answer["probabilities"] == pytest.approx(right[answer["version"]], abs=1e-6)
        promoted.result()
    assert {1, 2} == set(versions)
    assert serving.replicas() == before
    assert {serving.model()["version"] for _ in range(20)} == {2}


def tampered(serving: Serving, version: Version) -> None:
    serving.registry.bucket.put(version.artifact, model(99))


def missing(serving: Serving, version: Version) -> None:
    serving.registry.bucket.delete(version.artifact)


def as_it_is(_serving: Serving, _version: Version) -> None:
    pass


def other_model() -> bytes:
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Relu", ["x"], ["y"])],
        "other",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])],
    )
    opset = onnx.helper.make_opsetid("", 21)
    return bytes(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10).SerializeToString())


@pytest.mark.parametrize(
    ("content", "harm", "error"),
    [
        pytest.param(model(3), tampered, "it is not what was registered", id="tampered"),
        pytest.param(model(4), missing, "there is no such object", id="missing"),
        pytest.param(b"no model", as_it_is, "it is no ONNX that this runtime reads", id="no-onnx"),
        pytest.param(other_model(), as_it_is, "it is no model of digits", id="another-model"),
    ],
)
def test_a_bad_champion_is_refused_and_the_old_one_stays(
    serving: Serving, content: bytes, harm: Callable[[Serving, Version], None], error: str
) -> None:
    before = serving.replicas()
    version = register(serving.registry, content)
    harm(serving, version)
    serving.registry.promote(version.version)
    code, last = serving.send()
    assert code == 1
    assert last.startswith(f"version {version.version} is refused: ")
    assert error in last
    assert last.endswith("; version 2 is served")
    status, answer = serving.ask("/predict", picture())
    assert (status, answer["version"]) == (200, 2)
    assert serving.replicas() == before
    serving.registry.roll_back(version.version)


def test_the_old_one_stays_even_if_a_replica_is_lost_meanwhile(serving: Serving) -> None:
    version = register(serving.registry, b"no model")
    serving.registry.promote(version.version)
    assert serving.send()[0] == 1
    before = serving.replicas()
    lost, process = next(iter(before.items()))
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: lost not in serving.replicas() and len(serving.replicas()) == 2, "another replica", 60)
    (new,) = serving.replicas().keys() - before.keys()
    answers: dict[str, dict[str, object]] = {}

    def new_one_answers() -> bool:
        answer = serving.model()
        answers[answer["replica"]] = answer
        return new in answers

    wait_until(new_one_answers, "an answer of the new replica", 30)
    assert {answer["version"] for answer in answers.values()} == {2}
    assert "version" in str(answers[new]["refused"])
    serving.registry.roll_back(version.version)


def test_the_pipelines_way_is_a_job(serving: Serving, tmp_path: Path) -> None:
    before = serving.replicas()
    serving.cluster.submit(
        "python -m digits_serving.send", "deploy", tmp_path, RAY_DASHBOARD_ADDRESS=serving.cluster.dashboard
    )
    assert serving.cluster.finished("deploy") == "SUCCEEDED", serving.cluster.log("deploy")
    assert "version 2 is served by all replicas: 2" in serving.cluster.log("deploy")
    assert serving.model()["refused"] is None
    assert serving.replicas() == before


def test_after_the_head_was_lost_the_alias_is_served_again(serving: Serving) -> None:
    for name in list(serving.cluster.processes):
        serving.cluster.kill(name)
    began = time.monotonic()
    # It has been started with the head, and waits for it.
    sending = serving.sending()
    try:
        serving.cluster.start_head()
        serving.cluster.start_node("node-0")
        out, err = sending.communicate(timeout=120)
    finally:
        sending.kill()
    assert sending.returncode == 0, err
    assert out.strip().splitlines()[-1] == "version 2 is served by all replicas: 2"
    assert serving.model()["version"] == 2
    assert time.monotonic() - began < 120
