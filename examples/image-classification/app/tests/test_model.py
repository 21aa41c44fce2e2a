import pytest
from conftest import Backends
from content import register
from opened import opened, read, source
from stand_ins import Answers
from streamlit.testing.v1 import AppTest

from pipeline_app.tabs import model


def accuracies(app: AppTest) -> list[tuple[str, str]]:
    return [(metric.value, metric.delta) for metric in app.metric]


@pytest.mark.usefixtures("backends")
def test_before_there_is_a_model_it_says_so() -> None:
    assert [info.value for info in opened("Model").info] == [model.NO_MODEL]


def test_the_first_champion_has_none_before_it(backends: Backends) -> None:
    version = register(backends.bucket, b"first", 0.9512)
    backends.serve.answers = Answers(version=1, sha256=version.sha256)
    app = opened("Model")
    assert accuracies(app) == [("95.12%", "")]
    assert read(app) == (
        f"Version 1 serving Created just now Data set 0123456789ab Artifact {version.sha256[:12]} "
        f"DAG run {version.lineage.run_id} Ray job {version.lineage.job} Code {version.lineage.code[:12]} "
        f"{model.NO_PREVIOUS}"
    )


def test_champion_and_previous_are_shown_and_what_is_better(backends: Backends) -> None:
    register(backends.bucket, b"first", 0.9512)
    champion = register(backends.bucket, b"second", 0.9624)
    register(backends.bucket, b"third", 0.99, promote=False)
    backends.serve.answers = Answers(version=2, sha256=champion.sha256)
    app = opened("Model")
    assert accuracies(app) == [("96.24%", "+1.12 points to version 1"), ("95.12%", "")]
    shown = read(app)
    assert "Version 2 serving" in shown
    assert "Version 1 Created" in shown
    assert "Version 3" not in shown
    assert f'href="http://ray.example.com/#/jobs/{champion.lineage.job}"' in source(app)
    assert 'href="http://airflow.example.com/dags/train_on_ray/runs/asset_triggered__' in source(app)


def test_while_the_previous_version_answers_still_that_is_seen(backends: Backends) -> None:
    first = register(backends.bucket, b"first", 0.9512)
    register(backends.bucket, b"second", 0.9624)
    backends.serve.answers = Answers(version=1, sha256=first.sha256)
    shown = read(opened("Model"))
    assert "Version 1 serving" in shown
    assert "Version 2 Created" in shown


def test_another_version_that_answers_is_named(backends: Backends) -> None:
    register(backends.bucket, b"first", 0.9512)
    backends.serve.answers = Answers(version=9)
    assert read(opened("Model")).endswith("Version 9 answers, which is neither of the two.")


def test_metadata_that_is_none_is_said_so(backends: Backends) -> None:
    register(backends.bucket, b"first", 0.9512)
    backends.bucket.put("models/digits/versions/1/metadata.json", b"{}")
    shown = read(opened("Model"))
    assert shown.startswith("What the bucket holds is not right: lineage in s3://")
    assert "Version 3 is served" in shown


def test_the_model_is_the_one_that_the_environment_names(backends: Backends, monkeypatch: pytest.MonkeyPatch) -> None:
    register(backends.bucket, b"first", 0.9512)
    monkeypatch.setenv("MODEL", "letters")
    assert [info.value for info in opened("Model").info] == [model.NO_MODEL]
