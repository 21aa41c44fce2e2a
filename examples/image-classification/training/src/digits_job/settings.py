"""What the command line says the job is to do."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

SUBMISSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True)
class Settings:
    """The settings of one training."""

    dataset: str
    """Version of the data set."""
    submission_id: str
    """Names the training: submitted again under the same id, it goes on where it was."""
    workers: int
    """How many workers share the work, each on a node of its own."""
    rounds: int
    """Steps of the training."""
    checkpoint_rounds: int
    """Steps from one checkpoint to the next."""
    seed: int
    """What every random choice follows from."""
    patience_seconds: int
    """How long to wait for as many nodes as there are workers."""

    @classmethod
    def from_arguments(cls, arguments: Sequence[str]) -> Self:
        """Read the settings, or end the program with a usage that names the argument."""
        parser = argparse.ArgumentParser("digits_job", allow_abbrev=False)
        parser.add_argument("--dataset", required=True, metavar="VERSION", help="version of the data set")
        parser.add_argument(
            "--submission-id",
            required=True,
            type=_submission_id,
            metavar="ID",
            help="id of this job, for ever the same",
        )
        for name, default, least, text in (
            ("workers", 2, 2, "workers, each on a node of its own"),
            ("rounds", 1000, 1, "steps of the training"),
            ("checkpoint-rounds", 100, 1, "steps from one checkpoint to the next"),
            ("seed", 0, 0, "what every random choice follows from"),
            ("patience-seconds", 180, 0, "how long to wait for the nodes"),
        ):
            parser.add_argument(
                f"--{name}", default=default, type=_Number(least), metavar="N", help=f"{text} (default: {default})"
            )
        return cls(**vars(parser.parse_args(arguments)))


def _submission_id(text: str) -> str:
    if not SUBMISSION_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no id: letters, digits, '.', '_' and '-' make one")
    return text


@dataclass(frozen=True)
class _Number:
    least: int

    def __call__(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()) or int(text) < self.least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {self.least}")
        return int(text)
