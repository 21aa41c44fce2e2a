"""Between the client and the real server stands a relay that loses answers, or answers as a busy server does."""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from object_storage import ObjectStorage

from model_registry import Bucket, ChangedError, PresentError, UnreachableError


class Relay(ThreadingHTTPServer):
    """Passes requests on; the next ones as `faults` says, one each."""

    daemon_threads = True

    def __init__(self, storage: ObjectStorage) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.storage = storage
        self.faults: list[str] = []

    def bucket(self, patience: float = 10) -> Bucket:
        environment = self.storage.environment
        environment["AWS_ENDPOINT_URL_S3"] = f"http://127.0.0.1:{self.server_port}"
        return Bucket.from_environment(environment, patience=patience)


class Handler(BaseHTTPRequestHandler):
    server: Relay
    # The client asks whether it may send what it has.
    protocol_version = "HTTP/1.1"

    def relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault.isdigit():
            self.answer(int(fault), {}, b"")
            return
        request = urllib.request.Request(  # noqa: S310 - the scheme is ours
            f"{self.server.storage.environment['AWS_ENDPOINT_URL_S3']}{self.path}",
            method=self.command,
            data=body if self.command == "PUT" else None,
            headers={name: value for name, value in self.headers.items() if name != "Expect"},
        )
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310
                status, headers, content = response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            status, headers, content = error.code, dict(error.headers), error.read()
        if fault == "answer lost":
            self.close_connection = True
            return
        if fault == "answer cut":
            self.close_connection = True
            self.answer(status, headers, content[:1])
            return
        self.answer(status, headers, content)

    do_GET = do_PUT = relay  # noqa: N815 - the names are the library's

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name not in {"Date", "Server", "Transfer-Encoding"}:
                self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@pytest.fixture
def relay(storage: ObjectStorage) -> Iterator[Relay]:
    with Relay(storage) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("fault", ["500", "503", "429", "answer lost", "answer cut"])
def test_what_passes_is_tried_again(relay: Relay, name: str, fault: str) -> None:
    relay.bucket().put(name, b"content")
    relay.faults = [fault, fault]
    assert relay.bucket().get(name).content == b"content"
    assert relay.faults == []


def test_a_server_that_stays_busy_is_given_up(relay: Relay, name: str) -> None:
    relay.faults = ["503"] * 100
    with pytest.raises(UnreachableError, match=r"tried for 1 seconds: .*503"):
        relay.bucket(patience=1).put(name, b"content")


def test_a_lost_answer_does_not_lose_the_object_that_is_ours(relay: Relay, name: str) -> None:
    relay.faults = ["answer lost"]
    etag = relay.bucket().put_if_absent(name, b"ours")
    relay.faults = ["answer lost"]
    etag = relay.bucket().put_if_match(name, b"ours again", etag)
    assert relay.bucket().get(name).etag == etag


def test_a_lost_answer_does_not_make_ours_what_is_somebody_elses(relay: Relay, name: str) -> None:
    etag = relay.bucket().put_if_absent(name, b"theirs")
    relay.faults = ["answer lost"]
    with pytest.raises(PresentError):
        relay.bucket().put_if_absent(name, b"ours")
    theirs = relay.bucket().put(name, b"theirs again")
    relay.faults = ["answer lost"]
    with pytest.raises(ChangedError):
        relay.bucket().put_if_match(name, b"ours", etag)
    assert relay.bucket().get(name).etag == theirs


def test_a_server_that_comes_back_is_found_again() -> None:
    with ObjectStorage.running() as storage, ThreadPoolExecutor(1) as thread:
        bucket = storage.bucket()
        bucket.put("key", b"content")
        storage.stop()
        answer = thread.submit(bucket.get, "key")
        time.sleep(1)
        assert not answer.done()
        storage.start()
        assert answer.result(10).content == b"content"


def test_a_server_that_says_nothing_is_away_after_the_timeout(storage: ObjectStorage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = {"AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        bucket = Bucket.from_environment(storage.environment | address, patience=0, timeout=0.3)
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            bucket.get("anything")
        assert time.monotonic() - began < 5
