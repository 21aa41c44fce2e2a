import json
from pathlib import Path

import pytest
from model_registry import Bucket, Dataset
from object_storage import ObjectStorage

from image_etl.rules import Outcome
from uploader.__main__ import main
from uploader.generate import DUPLICATE, FAULTS, generate
from uploads import run


def test_the_report_says_exactly_what_was_expected(
    bucket: Bucket,
    dataset: Dataset,
    storage: ObjectStorage,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)
    total = 0
    for batch in ("first", "second"):
        main(["--batch", batch, "--images", "200", "--faults", "40", "--seed", "1"])
        expected = json.loads(capsys.readouterr().out)["expected"]
        report = run(bucket, dataset, batch)
        kept = ("file", "outcome", "reason")
        files = [{name: file[name] for name in kept} for file in report["files"]]
        assert {"batch": batch, "counts": report["counts"], "reasons": report["reasons"], "files": files} == expected
        assert sum(expected["counts"].values()) == 200
        assert sum(file["reason"] is None for file in expected["files"]) == 160
        total += expected["counts"]["accepted"] + expected["counts"]["resized"]
    manifest = dataset.current()
    assert manifest is not None
    assert len(manifest.images) == total


def test_every_fault_is_among_forty() -> None:
    made = generate("batch", 200, 40, 1)
    reasons = {(fault.outcome, fault.reason) for fault in FAULTS.values()} | {(Outcome.REJECTED, DUPLICATE)}
    assert {(file["outcome"], file["reason"]) for file in made.expected if file["reason"]} == reasons


def test_a_batch_follows_from_its_name_and_seed() -> None:
    assert generate("a", 20, 5, 1) == generate("a", 20, 5, 1)
    assert not set(generate("a", 20, 0, 1).files.values()) & set(generate("b", 20, 0, 1).files.values())


def test_duplicates_come_after_what_they_repeat() -> None:
    for seed in range(10):
        made = generate("batch", 6, 5, seed, (DUPLICATE,))
        assert [file["outcome"] for file in made.expected] == ["accepted", *["rejected"] * 5]


def test_a_batch_is_written_to_a_folder(tmp_path: Path) -> None:
    main(
        [
            "--batch",
            "bad",
            "--images",
            "4",
            "--faults",
            "4",
            "--kinds",
            "zero-byte,truncated",
            "--folder",
            str(tmp_path),
        ]
    )
    assert len(list((tmp_path / "bad").glob("*.png"))) == 4
    assert (tmp_path / "bad/_SUCCESS").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--batch", "Not A Name"], "is no name"),
        (["--batch", "a", "--faults", "300"], "--faults from 0"),
        (["--batch", "a", "--kinds", "small,ugly"], "there is no ugly"),
        (["--batch", "a", "--images", "5", "--faults", "5"], "a duplicate needs"),
        (["--batch", "a", "--folder", "b", "--follow", "1"], "goes nowhere"),
        (["--batch", "a", "--follow", "1"], "lacks MODEL and SERVE_URL"),
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert message in capsys.readouterr().err
