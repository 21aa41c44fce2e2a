"""One Ray head and one home of Airflow for all tests. Nothing of the user's environment reaches either."""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

for name in [name for name in os.environ if name.startswith(("AIRFLOW", "RAY"))]:
    del os.environ[name]

HERE = Path(__file__).parent
HOME = Path(tempfile.mkdtemp(prefix="airflow-"))
FLAGS = HOME / "flags"
FLAGS.mkdir()
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

# Before the first import of Airflow, which reads this once.
os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME}/airflow.db",
    # So long is a triggerer taken for alive that is not.
    "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "1",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "3",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "RAY_JOBS_FLAGS": str(FLAGS),
    "PYTHONPATH": os.pathsep.join([str(HERE.parent / "src"), str(HERE)]),
}

from airflow_provider_ray_jobs.client import Client  # noqa: E402
from ray_head import RayHead  # noqa: E402
from triggerers import Airflow  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _start_early(request: pytest.FixtureRequest) -> None:
    """Let Ray start while the tests run that do not need it."""
    if any("starting_ray" in item.fixturenames for item in request.session.items if isinstance(item, pytest.Function)):
        request.getfixturevalue("starting_ray")


@pytest.fixture(scope="session")
def starting_ray() -> Iterator[RayHead]:
    """Start Ray, and do not wait for it."""
    head = RayHead()
    head.start()
    try:
        yield head
    finally:
        head.close()


@pytest.fixture(scope="session")
def ray_head(starting_ray: RayHead) -> RayHead:
    connect(starting_ray)
    starting_ray.wait()
    return starting_ray


def connect(head: RayHead) -> None:
    """Tell Airflow where Ray is, in this process and in those that it starts."""
    connection = {
        "conn_type": "ray_jobs",
        "host": "127.0.0.1",
        "port": head.port,
        "password": head.endpoint.token,
        "extra": {"dashboard_url": "https://ray.example.com"},
    }
    os.environ["AIRFLOW_CONN_RAY_DEFAULT"] = json.dumps(connection)


@pytest.fixture
def ray(ray_head: RayHead) -> Iterator[Client]:
    with ray_head.client() as client:
        yield client


@pytest.fixture(scope="session")
def airflow(starting_ray: RayHead, request: pytest.FixtureRequest) -> Iterator[Airflow]:
    """Make Airflow's database while Ray starts, and hand out what starts triggerers."""
    assert starting_ray
    import harness  # noqa: PLC0415 - this imports the whole of Airflow, which few tests need

    harness.migrate()
    connect(starting_ray)
    airflow = Airflow(HOME)
    try:
        request.getfixturevalue("ray_head")
        yield airflow
    finally:
        airflow.close()
