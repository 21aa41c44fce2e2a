import pytest

from digits_job.settings import Settings

LEAST = ["--dataset", "0123456789ab", "--submission-id", "train--1.x_y"]


def test_what_is_not_set_has_a_default() -> None:
    assert Settings.from_arguments(LEAST) == Settings("0123456789ab", "train--1.x_y", 2, 1000, 100, 0, 180)


def test_everything_can_be_set() -> None:
    further = ["--workers", "3", "--rounds", "4", "--checkpoint-rounds", "5", "--seed", "6", "--patience-seconds", "7"]
    assert Settings.from_arguments(LEAST + further) == Settings("0123456789ab", "train--1.x_y", 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (LEAST[:2], "the following arguments are required: --submission-id"),
        (LEAST[2:], "the following arguments are required: --dataset"),
        ([*LEAST, "--submission-id", "../other"], "'../other' is no id"),
        ([*LEAST, "--workers", "1"], "argument --workers: '1' is not a whole number from 2"),
        ([*LEAST, "--seed", "-1"], "argument --seed: '-1' is not a whole number from 0"),
        ([*LEAST, "--rounds", "1.5"], "argument --rounds: '1.5' is not a whole number from 1"),
        ([*LEAST, "--rounds", "²"], "argument --rounds: '²' is not a whole number from 1"),
        ([*LEAST, "--round", "5"], "unrecognized arguments: --round 5"),
    ],
)
def test_what_is_wrong_is_named(arguments: list[str], wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Settings.from_arguments(arguments)
    assert wrong in capsys.readouterr().err
