"""The whole of it, but for the cluster, and with a model that was trained before."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from digits_training import __main__ as program
from digits_training.cluster import Cluster


@pytest.fixture
def published(model: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Mapping[str, str]]:
    published: dict[str, Mapping[str, str]] = {}

    def publish(_self: Cluster, config_map: str, data: Mapping[str, str]) -> None:
        published[config_map] = data

    monkeypatch.setattr(Cluster, "of_this_pod", lambda _environment: Cluster("", "", ""))
    monkeypatch.setattr(Cluster, "publish", publish)
    monkeypatch.setattr(program, "train", lambda _sample, seed: model if seed == 0 else b"")
    monkeypatch.setenv("MODEL_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("CONFIG_MAP", "model")
    return published


def test_what_is_published_is_what_is_stored(published: dict[str, Mapping[str, str]], tmp_path: Path) -> None:
    program.main()
    facts = published["model"]
    assert set(facts) == {"accuracy", "file", "sha256", "version"}
    assert hashlib.sha256((tmp_path / facts["file"]).read_bytes()).hexdigest() == facts["sha256"]
    assert 0.98 <= float(facts["accuracy"]) <= 1


def test_a_model_that_is_not_good_enough_is_not_stored(
    published: dict[str, Mapping[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LEAST_ACCURACY", "1")
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == program.NOT_GOOD_ENOUGH
    assert "is less than 1.0, the least that is wanted" in capsys.readouterr().err
    assert published == {}
    assert list(tmp_path.iterdir()) == []
