"""Shows the page on stand-ins and a real S3 server, to look at: `python testing/shown.py [PORT]`."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

APP = Path(__file__).parents[1]
FOLDERS = ["src", "testing", *(f"../../../python/{name}" for name in ("digits/src", "digits/testing"))]
FOLDERS += [f"../../../python/model-registry/{name}" for name in ("src", "testing")]
sys.path[:0] = [str((APP / folder).resolve()) for folder in FOLDERS]

import content  # noqa: E402 - the path is set above
from model_registry import Registry  # noqa: E402
from object_storage import ObjectStorage  # noqa: E402
from stand_ins import Airflow, Answers, Ray, Serve  # noqa: E402


def lively(airflow: Airflow, ray: Ray) -> None:
    now = datetime.now(UTC)
    for number in range(6):
        began = now - timedelta(minutes=number, seconds=17)
        state, seconds = (
            ("running", None) if number == 0 else ("failed" if number == 5 else "success", 11 + 5.3 * number)
        )
        airflow.add_run("image_etl", f"scheduled__{began:%Y-%m-%dT%H:%M}:00+00:00", state, began, seconds)
    airflow.add_run("train_on_ray", f"asset_triggered__{now:%Y-%m-%dT%H:%M:%S}.331402+00:00_Jx3kQ0aB", "queued", None)
    for number, state in enumerate(["success", "success", "failed", "success"], 1):
        began = now - timedelta(hours=5 * number)
        name = f"asset_triggered__{began:%Y-%m-%dT%H:%M:%S}.331402+00:00_Jx3kQ0aB"
        airflow.add_run("train_on_ray", name, state, began, 71.5)
    for number, (status, code) in enumerate([("RUNNING", None), ("SUCCEEDED", 0), ("FAILED", 1), ("STOPPED", None)]):
        seconds = None if status == "RUNNING" else 48.2
        ray.add_job(
            f"train_on_ray--train--5f2a9c81d07e{number}",
            status,
            now - timedelta(hours=number, seconds=32),
            seconds,
            code,
        )


def main(port: str) -> None:
    with (
        ObjectStorage.running() as storage,
        Airflow.running() as airflow,
        Ray.running() as ray,
        Serve.running() as serve,
    ):
        content.fill(storage.bucket())
        champion = Registry(storage.bucket(), content.MODEL).version(3)
        serve.answers = Answers(version=champion.version, sha256=champion.sha256)
        lively(airflow, ray)
        environment = storage.environment | airflow.environment | ray.environment | serve.environment
        environment["PYTHONPATH"] = os.pathsep.join(sys.path[: len(FOLDERS)])
        options = {"STREAMLIT_SERVER_PORT": port, "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}
        command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "pipeline_app"]
        subprocess.run(command, check=False, cwd=APP, env=os.environ | environment | options)  # noqa: S603 - ours


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "8501")
