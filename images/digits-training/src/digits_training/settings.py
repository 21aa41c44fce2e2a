"""What the environment says the training is to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class SettingsError(Exception):
    """A variable of the environment is missing, or has a value that is none."""


@dataclass(frozen=True)
class Settings:
    """The settings of one training."""

    model_directory: Path
    """Where models are stored, `MODEL_DIRECTORY`."""
    config_map: str
    """The ConfigMap that says which model is there, `CONFIG_MAP`."""
    seed: int
    """What every random choice follows from, `SEED`; 0 if it is not set."""
    least_accuracy: float
    """The accuracy, from 0 to 1, below which no model is stored, `LEAST_ACCURACY`; 0.9 if it is not set."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings, or raise a `SettingsError` that names the variable."""
        return cls(
            model_directory=Path(_required(environment, "MODEL_DIRECTORY")),
            config_map=_required(environment, "CONFIG_MAP"),
            seed=int(_number(environment, "SEED", default=0, most=2**32 - 1, whole=True)),
            least_accuracy=_number(environment, "LEAST_ACCURACY", default=0.9, most=1, whole=False),
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"the environment variable {name} is not set")
    return value


def _number(environment: Mapping[str, str], name: str, *, default: float, most: float, whole: bool) -> float:
    text = environment.get(name) or str(default)
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= most:
        kind = "a whole number" if whole else "a number"
        raise SettingsError(f"the environment variable {name} is {text!r}, and must be {kind} from 0 to {most}")
    return value
