"""The job as the pipeline runs it: on a real Ray, of which parts get lost. No loss may change what is learned."""

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from digits.picture import digit_of_upload
from model_registry import Bucket, Dataset, Manifest
from model_registry.artifacts import checksum
from pictures import png
from ray_cluster import RayCluster, wait_until
from strokes import draw
from threadpoolctl import threadpool_limits

from digits_job.examples import Examples
from digits_job.member import Member
from digits_job.model import export
from digits_job.network import Learner

SOURCES = Path(__file__).parents[1] / "src"
ROUNDS = 1000


def submit(cluster: RayCluster, submission_id: str, version: str, arguments: str = "") -> None:
    entrypoint = f"python -m digits_job --dataset {version} --submission-id {submission_id} {arguments}"
    cluster.submit(entrypoint, submission_id, SOURCES)


def result(bucket: Bucket, submission_id: str) -> Any:
    return json.loads(bucket.get(f"results/{submission_id}.json").content)


def wait_for_checkpoint(bucket: Bucket, submission_id: str) -> None:
    prefix = f"checkpoints/{submission_id}/"
    wait_until(lambda: any(bucket.list(prefix)), "a checkpoint", 90)


def must_succeed(cluster: RayCluster, submission_id: str) -> None:
    assert cluster.finished(submission_id) == "SUCCEEDED", cluster.log(submission_id)


@pytest.fixture(scope="session")
def undisturbed(bucket: Bucket, small: Manifest) -> str:
    """Train in this process, without Ray, and give the checksum of what comes of it."""
    sample = Examples.load(Dataset(bucket, "digits"), small.version).training
    learner = Learner.new(seed=0)
    # One thread, as Ray's workers have: sums are added in the same order.
    with threadpool_limits(1):
        members = [
            Member(type(sample)(sample.pictures[index::2], sample.labels[index::2]), seed=index) for index in range(2)
        ]
        for number in range(1, ROUNDS + 1):
            slopes = [member.gradient(learner.vector, number)[0] for member in members]
            learner.step(np.mean(slopes, axis=0, dtype=np.float32), ROUNDS)
    return checksum(export(learner.vector))


def test_two_nodes_train_on_all_digits(cluster: RayCluster, bucket: Bucket, whole: Manifest) -> None:
    submit(cluster, "whole", whole.version)
    must_succeed(cluster, "whole")
    found = result(bucket, "whole")
    assert len(found["nodes"]) == 2
    assert set(found["nodes"]) < cluster.nodes()
    assert found["accuracy"] >= 0.96
    assert (found["training"], found["held_out"], found["unreadable"]) == (1417, 380, 0)
    assert (found["resumed_from"], found["losses"]) == (None, 0)
    model = bucket.get(found["artifact"]).content
    assert checksum(model) == found["sha256"]
    assert list(bucket.list("checkpoints/whole/")) == []
    drawn_digits_are_recognised(model)


def drawn_digits_are_recognised(model: bytes) -> None:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    drawn = [digit_of_upload(png(draw(digit, random))).reshape(-1) for digit in range(10) for _ in range(30)]
    (labels,) = session.run(["label"], {"pixels": np.stack(drawn)})
    assert float(np.mean(labels == np.repeat(np.arange(10), 30))) >= 0.93


def test_what_is_done_is_not_done_again(cluster: RayCluster, bucket: Bucket, whole: Manifest) -> None:
    before = bucket.get("results/whole.json")
    # Ray knows the id, and would refuse it: as after the loss of its head, the job comes under a new one.
    entrypoint = f"python -m digits_job --dataset {whole.version} --submission-id whole"
    cluster.submit(entrypoint, "whole-again", SOURCES)
    must_succeed(cluster, "whole-again")
    assert "s3://pipeline/results/whole.json is there already: nothing is left to do" in cluster.log("whole-again")
    assert bucket.get("results/whole.json") == before


def test_a_killed_worker_is_replaced(cluster: RayCluster, bucket: Bucket, small: Manifest, undisturbed: str) -> None:
    submit(cluster, "worker-killed", small.version)
    wait_for_checkpoint(bucket, "worker-killed")
    (process,) = re.findall(r"worker 1 is process (\d+)", cluster.log("worker-killed"))
    os.kill(int(process), signal.SIGKILL)
    must_succeed(cluster, "worker-killed")
    found = result(bucket, "worker-killed")
    assert found["losses"] >= 1, cluster.log("worker-killed")
    assert found["sha256"] == undisturbed
    assert len(re.findall(r"worker 1 is process", cluster.log("worker-killed"))) >= 2


def test_a_lost_node_is_waited_for(cluster: RayCluster, bucket: Bucket, small: Manifest, undisturbed: str) -> None:
    submit(cluster, "node-lost", small.version)
    wait_for_checkpoint(bucket, "node-lost")
    cluster.kill("node-1")
    waiting = "2 workers need as many nodes with 0.5 processors free, and the cluster has 2: "
    wait_until(lambda: waiting in cluster.log("node-lost"), "the job to miss a node", 60)
    cluster.start_node("node-2")
    must_succeed(cluster, "node-lost")
    found = result(bucket, "node-lost")
    assert len(found["nodes"]) == 3
    assert found["losses"] >= 1
    assert found["sha256"] == undisturbed


def test_too_few_nodes_are_said_so(cluster: RayCluster, small: Manifest) -> None:
    submit(cluster, "too-few", small.version, "--workers 3 --patience-seconds 1")
    assert cluster.finished("too-few") == "FAILED"
    log = cluster.log("too-few")
    assert "3 workers need as many nodes with 0.5 processors free, and the cluster has 3: " in log
    assert "waited 1 seconds: add nodes to the cluster, or wait until other jobs have ended" in log
    assert "Traceback" not in log


def test_a_job_goes_on_after_the_head_was_lost(
    cluster: RayCluster, bucket: Bucket, small: Manifest, undisturbed: str
) -> None:
    submit(cluster, "head-lost", small.version)
    wait_for_checkpoint(bucket, "head-lost")
    for name in list(cluster.processes):
        cluster.kill(name)
    cluster.start_head()
    for number in range(2):
        cluster.start_node(f"node-{number}")
    # The new head has never heard of it.
    submit(cluster, "head-lost", small.version)
    must_succeed(cluster, "head-lost")
    found = result(bucket, "head-lost")
    assert found["resumed_from"] >= 100
    assert len(found["nodes"]) == 2
    assert found["sha256"] == undisturbed
