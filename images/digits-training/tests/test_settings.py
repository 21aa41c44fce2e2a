import re
from pathlib import Path

import pytest

from digits_training.settings import Settings, SettingsError

LEAST = {"MODEL_DIRECTORY": "models", "CONFIG_MAP": "model"}


def test_what_is_not_set_has_a_default() -> None:
    assert Settings.from_environment(LEAST) == Settings(Path("models"), "model", seed=0, least_accuracy=0.9)


def test_everything_can_be_set() -> None:
    settings = Settings.from_environment(LEAST | {"SEED": "7", "LEAST_ACCURACY": "0.5"})
    assert (settings.seed, settings.least_accuracy) == (7, 0.5)


@pytest.mark.parametrize("missing", ["MODEL_DIRECTORY", "CONFIG_MAP"])
def test_a_missing_variable_is_named(missing: str) -> None:
    with pytest.raises(SettingsError, match=f"the environment variable {missing} is not set"):
        Settings.from_environment(LEAST | {missing: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEED", "x"),
        ("SEED", "-1"),
        ("SEED", "1.5"),
        ("SEED", "4294967296"),
        ("LEAST_ACCURACY", "nan"),
        ("LEAST_ACCURACY", "2"),
    ],
)
def test_a_value_that_is_none_is_quoted(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"the environment variable {name} is {value!r}, and must be")):
        Settings.from_environment(LEAST | {name: value})
