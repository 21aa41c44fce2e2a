"""Against a server that keeps what it is asked, and answers what a test wants."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from digits_training.cluster import Cluster, ClusterError


class Recorder(HTTPServer):
    """Answers every request alike and remembers it."""

    status = 200
    answer = b"{}"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def cluster(recorder: Recorder) -> Cluster:
    return Cluster(f"http://127.0.0.1:{recorder.server_port}", "digits", "a token")


def test_what_is_published_is_applied_under_our_own_name(recorder: Recorder) -> None:
    cluster(recorder).publish("model", {"version": "1"})
    (path, headers, body), *others = recorder.requests
    assert not others
    assert path == "/api/v1/namespaces/digits/configmaps/model?fieldManager=digits-training&force=true"
    assert headers["Authorization"] == "Bearer a token"
    assert headers["Content-Type"] == "application/apply-patch+yaml"
    assert json.loads(body) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "model", "namespace": "digits"},
        "data": {"version": "1"},
    }


def test_a_refusal_quotes_the_server(recorder: Recorder) -> None:
    recorder.status = 403
    recorder.answer = b'{"kind": "Status", "message": "configmaps \\"model\\" is forbidden"}'
    with pytest.raises(ClusterError, match='the ConfigMap model: configmaps "model" is forbidden'):
        cluster(recorder).publish("model", {})


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"{}"])
def test_an_answer_that_is_no_status_is_an_error_too(recorder: Recorder, answer: bytes) -> None:
    recorder.status, recorder.answer = 502, answer
    with pytest.raises(ClusterError, match="the ConfigMap model: HTTP Error 502"):
        cluster(recorder).publish("model", {})


def test_a_server_that_is_not_there_is_named() -> None:
    with Recorder() as gone:
        unreachable = cluster(gone)
    with pytest.raises(ClusterError, match=r"failed to reach the Kubernetes API at http://127\.0\.0\.1:"):
        unreachable.publish("model", {})


def test_outside_of_a_pod_there_is_no_cluster(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="this is no pod"):
        Cluster.of_this_pod({})
    environment = {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    with pytest.raises(ClusterError, match="no token of a service account"):
        Cluster.of_this_pod(environment, tmp_path)
