"""What Airflow finds of this package when it is installed."""

import configparser
import json
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from pkgutil import resolve_name

import jsonschema  # type: ignore[import-untyped]
import pytest

from airflow_provider_ray_jobs import __version__, get_provider_info
from airflow_provider_ray_jobs.hook import RayJobsHook

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from flit_core import buildapi; print(buildapi.build_wheel({str(folder)!r}))"
    built = subprocess.run([sys.executable, "-c", build], cwd=PROJECT, check=True, capture_output=True, text=True)
    return zipfile.ZipFile(folder / built.stdout.strip())


def test_what_it_tells_keeps_to_airflows_schema() -> None:
    info = get_provider_info()
    jsonschema.validate(info, json.loads((files("airflow") / "provider_info.schema.json").read_text()))
    (connection_type,) = info["connection-types"]
    assert resolve_name(connection_type["hook-class-name"]) is RayJobsHook
    assert connection_type["connection-type"] == RayJobsHook.conn_type
    assert connection_type["hook-name"] == RayJobsHook.hook_name
    for link in info["extra-links"]:
        resolve_name(link)


def test_airflow_2_names_the_fields_as_airflow_3_does() -> None:
    behaviour = get_provider_info()["connection-types"][0]["ui-field-behaviour"]
    assert RayJobsHook.get_ui_field_behaviour() == {
        "hidden_fields": behaviour["hidden-fields"],
        "relabeling": behaviour["relabeling"],
        "placeholders": behaviour["placeholders"],
    }


def test_the_wheel_has_the_entry_point_and_the_version(wheel: zipfile.ZipFile) -> None:
    name = f"airflow_provider_ray_jobs-{__version__}.dist-info"
    points = configparser.ConfigParser()
    points.read_string(wheel.read(f"{name}/entry_points.txt").decode())
    assert dict(points["apache_airflow_provider"]) == {"provider_info": "airflow_provider_ray_jobs:get_provider_info"}
    metadata = wheel.read(f"{name}/METADATA").decode().splitlines()
    assert "License-Expression: Apache-2.0" in metadata
    assert not [line for line in metadata if line.startswith("Requires-Dist: ray")]
    assert "airflow_provider_ray_jobs/py.typed" in wheel.namelist()


def test_airflow_finds_the_installed_provider(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    find = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from airflow.providers_manager import ProvidersManager\n"
        "manager = ProvidersManager()\n"
        "assert manager.hooks['ray_jobs'].hook_name == 'Ray Jobs'\n"
        "assert 'airflow_provider_ray_jobs.link.RayJobLink' in manager.extra_links_class_names\n"
        "assert manager.field_behaviours['ray_jobs']['relabeling']['password'] == 'Token'\n"
    )
    subprocess.run([sys.executable, "-c", find], check=True)
