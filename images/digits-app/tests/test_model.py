import re
from pathlib import Path

import pytest
from digits.samples import Digits

from digits_app.model import Model, ModelError, served_model


def test_the_stored_model_is_loaded_once(environment: dict[str, str]) -> None:
    model = served_model()
    assert model is served_model()
    assert (model.version, model.accuracy) == (environment["MODEL_VERSION"], 0.9876)


def test_probabilities_are_ten_and_add_up_to_one(model: Model) -> None:
    held_out = Digits.load(seed=0).held_out
    probabilities = model.probabilities(held_out.pictures[0])
    assert probabilities.shape == (10,)
    assert float(probabilities.sum()) == pytest.approx(1, abs=1e-5)
    assert int(probabilities.argmax()) == held_out.labels[0]


def test_another_file_than_was_trained_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"other")
    with pytest.raises(ModelError, match=re.escape(f"the sha256 of {other} is d9298a10")):
        Model.load(environment | {"MODEL_FILE": str(other)})


def test_a_file_that_is_no_model_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"other")
    sha256 = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"
    with pytest.raises(ModelError, match="the model is no ONNX that this runtime reads"):
        Model.load(environment | {"MODEL_FILE": str(other), "MODEL_SHA256": sha256})


def test_a_file_that_is_not_there_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No such file or directory: .*gone\.onnx"):
        Model.load(environment | {"MODEL_FILE": str(tmp_path / "gone.onnx")})


@pytest.mark.parametrize("name", ["MODEL_FILE", "MODEL_SHA256", "MODEL_VERSION", "MODEL_ACCURACY"])
def test_a_missing_variable_is_named(environment: dict[str, str], name: str) -> None:
    with pytest.raises(ModelError, match=f"the environment variable {name} is not set"):
        Model.load(environment | {name: ""})


def test_an_accuracy_that_is_no_number_is_quoted(environment: dict[str, str]) -> None:
    with pytest.raises(ModelError, match=r"MODEL_ACCURACY is no number: .*'high'"):
        Model.load(environment | {"MODEL_ACCURACY": "high"})
