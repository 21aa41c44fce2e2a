"""The model that the tests ask is trained as the Job trains it, once."""

from pathlib import Path

import pytest
from digits.samples import Digits
from digits_training.classifier import train
from digits_training.store import StoredModel, store

from digits_app.model import Model, served_model


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def stored(models: Path) -> StoredModel:
    return store(train(Digits.load(seed=0).training, seed=0), models)


@pytest.fixture
def environment(models: Path, stored: StoredModel, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    environment = {
        "MODEL_FILE": str(models / stored.file),
        "MODEL_SHA256": stored.sha256,
        "MODEL_VERSION": stored.version,
        "MODEL_ACCURACY": "0.9876",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    served_model.cache_clear()
    return environment


@pytest.fixture
def model(environment: dict[str, str]) -> Model:
    return Model.load(environment)
