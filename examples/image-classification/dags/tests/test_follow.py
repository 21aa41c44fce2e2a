"""A batch is followed to its report, its model, and until that model answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from model_registry import Bucket, Dataset, Lineage, Registry
from object_storage import ObjectStorage

from uploader.__main__ import main
from uploader.follow import FollowError
from uploads import run


@contextmanager
def serving(version: int) -> Iterator[str]:
    """Answer as the model does, and give the address."""

    class Model(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"version": version, "sha256": "0" * 64}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Model) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MODEL", "digits")
    return monkeypatch


def follow(batch: str, seconds: float, *more: str) -> None:
    main(
        [
            "--batch",
            batch,
            "--images",
            "20",
            "--faults",
            "2",
            "--kinds",
            "small,zero-byte",
            "--follow",
            str(seconds),
            *more,
        ]
    )


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_batch_is_followed_until_its_model_answers(
    bucket: Bucket, dataset: Dataset, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(bucket, "digits")

    def pipeline() -> None:
        while not list(bucket.list("uploads/first/_SUCCESS")):
            pass
        report = run(bucket, dataset, "first")
        version = registry.register(
            b"model", metrics={"accuracy": 0.9}, dataset=report["dataset"], lineage=Lineage("job", "run", "code")
        )
        bucket.put("results/job.json", b'{"nodes": ["a", "b"]}')
        registry.promote(version.version)

    with serving(1) as url:
        environment.setenv("SERVE_URL", url)
        thread = threading.Thread(target=pipeline)
        thread.start()
        follow("first", 20)
        thread.join()
    uploaded, report, champion, served = events(capsys)
    assert uploaded["expected"]["counts"] == report["report"]["counts"]
    assert (champion["version"], champion["accuracy"], champion["training"]) == (1, 0.9, {"nodes": ["a", "b"]})
    assert served["version"] == 1
    assert served["seconds"] >= champion["seconds"] >= report["seconds"]


def test_who_waits_too_long_is_told_what_for(
    bucket: Bucket, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bucket.name
    environment.setenv("SERVE_URL", "http://127.0.0.1:9")
    with pytest.raises(FollowError, match=r"not at its end: there is no report of it"):
        follow("first", 0)
    assert [event["event"] for event in events(capsys)] == ["uploaded"]
