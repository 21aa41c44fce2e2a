import io
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from image_etl.pictures import enforce, examine, picture_of
from image_etl.rules import Outcome, Reason, Remedy, Rules
from image_etl.state import File
from uploads import png

RULES = Rules()


def judge(content: bytes, rules: Rules = RULES) -> File:
    return enforce(examine("a.png", len(content), content, rules), rules)


def bomb() -> bytes:
    """Make a small file that says it is a picture of many gigabytes."""
    header = b"IHDR" + (100_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return png()[:8] + (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big") + png()[33:]


def test_what_has_the_form_stays_as_it_is() -> None:
    content = png()
    file = judge(content)
    assert (file.outcome, file.reason) == (Outcome.ACCEPTED, None)
    assert picture_of(file, content, RULES) == content


def test_what_is_behind_a_picture_is_left_out() -> None:
    content = png() + bytes(10_000)
    file = judge(content)
    assert file.outcome is Outcome.ACCEPTED
    assert len(picture_of(file, content, RULES)) < 1000


@pytest.mark.parametrize(
    ("content", "outcome", "reason"),
    [
        (b"", Outcome.REJECTED, Reason.ZERO_BYTE),
        (png() + bytes(2**20), Outcome.REJECTED, Reason.TOO_MANY_BYTES),
        (png()[:-30], Outcome.REJECTED, Reason.CORRUPT),
        (b"GIF89a is no format of ours", Outcome.REJECTED, Reason.CORRUPT),
        (png()[:8], Outcome.REJECTED, Reason.CORRUPT),
        (png(8, 7), Outcome.QUARANTINED, Reason.TOO_SMALL),
        (png(8, 8), Outcome.RESIZED, Reason.TOO_SMALL),
        (png(31, 31), Outcome.RESIZED, Reason.TOO_SMALL),
        (png(33, 33), Outcome.RESIZED, Reason.TOO_LARGE),
        (png(1024, 1024), Outcome.RESIZED, Reason.TOO_LARGE),
        (png(1025, 1025), Outcome.QUARANTINED, Reason.TOO_LARGE),
        (png(64, 32), Outcome.RESIZED, Reason.NOT_SQUARE),
        (png(65, 32), Outcome.QUARANTINED, Reason.NOT_SQUARE),
        (png(mode="RGB"), Outcome.QUARANTINED, Reason.WRONG_MODE),
        (png(mode="1"), Outcome.QUARANTINED, Reason.WRONG_MODE),
        (bomb(), Outcome.QUARANTINED, Reason.TOO_LARGE),
    ],
)
def test_each_fault_has_its_verdict(content: bytes, outcome: Outcome, reason: Reason) -> None:
    file = judge(content)
    assert (file.outcome, file.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("content", "rules", "outcome", "reason"),
    [
        (png(mode="RGB"), replace(RULES, wrong_mode=Remedy.RESIZE), Outcome.RESIZED, Reason.WRONG_MODE),
        (png(40, 32), replace(RULES, not_square=Remedy.QUARANTINE), Outcome.QUARANTINED, Reason.NOT_SQUARE),
        (png(16, 16), replace(RULES, wrong_size=Remedy.QUARANTINE), Outcome.QUARANTINED, Reason.TOO_SMALL),
        (png(64, 64), replace(RULES, most_side=32), Outcome.QUARANTINED, Reason.TOO_LARGE),
        (png(), replace(RULES, most_bytes=10), Outcome.REJECTED, Reason.TOO_MANY_BYTES),
    ],
)
def test_rules_change_verdicts(content: bytes, rules: Rules, outcome: Outcome, reason: Reason) -> None:
    file = judge(content, rules)
    assert (file.outcome, file.reason) == (outcome, reason)


def test_rules_that_nothing_can_meet_are_refused() -> None:
    for rules in ({"side": 4}, {"most_side": 16}, {"most_aspect": 0.5}, {"max_missing_ratio": 1.5}):
        with pytest.raises(ValueError, match=next(iter(rules))):
            Rules(**rules)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("size", [(8, 8), (32, 32), (64, 33), (1024, 1024)])
def test_what_is_resized_has_the_form(mode: str, size: tuple[int, int]) -> None:
    rules = replace(RULES, wrong_mode=Remedy.RESIZE)
    content = png(*size, mode=mode)
    file = judge(content, rules)
    assert file.is_open
    with Image.open(io.BytesIO(picture_of(file, content, rules))) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (32, 32), "L")


def test_margins_have_the_colour_of_the_paper() -> None:
    content = png(60, 32)
    with Image.open(io.BytesIO(picture_of(judge(content), content, RULES))) as picture:
        assert picture.getpixel((16, 0)) == 255


def test_a_jpeg_is_stored_as_png() -> None:
    written = io.BytesIO()
    Image.new("L", (32, 32), 200).save(written, "JPEG")
    file = judge(written.getvalue())
    assert file.outcome is Outcome.ACCEPTED
    assert picture_of(file, written.getvalue(), RULES).startswith(b"\x89PNG")


@pytest.mark.parametrize("change", [lambda content, at: content[:at], lambda content, at: content[:at] + b"\xff" * 9])
def test_no_damage_gets_further_than_to_its_file(change: Callable[[bytes, int], bytes]) -> None:
    content = png(40, 40)
    for at in range(len(content)):
        damaged = change(content, at)
        file = judge(damaged)
        if file.is_open:
            assert picture_of(file, damaged, RULES)
