import pytest

from image_etl.annotations import Annotations, check
from image_etl.rules import Outcome, Reason, Rules
from image_etl.state import File, State
from uploads import lines


def checked(content: bytes, *names: str, ratio: float = 1.0) -> State:
    state = State("batch", tuple(File(name, 1) for name in names))
    return check(state, Annotations.parse(content), Rules(max_missing_ratio=ratio)).state


def test_each_file_has_its_label() -> None:
    state = checked(lines([("a.png", "7"), ("b.png", "0"), ("a.png", "7")]), "a.png", "b.png")
    assert [(file.label, file.outcome) for file in state.files] == [("7", None), ("0", None)]
    assert state.reasons == {}


def test_what_is_wrong_has_its_reason() -> None:
    content = lines([("a", "seven"), ("b", "1"), ("b", "2"), ("c", "3"), ("gone", "4")])
    state = checked(content, "a", "b", "c", "d")
    assert [file.reason for file in state.files] == [
        Reason.UNKNOWN_LABEL,
        Reason.CONFLICTING_ANNOTATION,
        None,
        Reason.MISSING_ANNOTATION,
    ]
    assert state.reasons == {
        "conflicting-annotation": 1,
        "missing-annotation": 1,
        "orphan-annotation": 1,
        "unknown-label": 1,
    }


@pytest.mark.parametrize(
    "line",
    [
        *[b"seven", b"[]", b"{}", b"\xff", b"[" * 100_000],
        *[
            b'{"file": "a"}',
            b'{"file": 1, "label": "7"}',
            b'{"file": "", "label": "7"}',
            b'{"file": "a", "label": true}',
        ],
    ],
)
def test_a_line_that_is_no_annotation_spoils_no_other(line: bytes) -> None:
    state = checked(line + b"\r\n\n" + lines([("a", "7")]), "a")
    assert [file.label for file in state.files] == ["7"]
    assert state.notes[Reason.MALFORMED_ANNOTATION] == 1


def test_a_number_is_a_label_too() -> None:
    assert checked(b'\xef\xbb\xbf{"file": "a", "label": 7}', "a").files[0].label == "7"


def test_what_was_judged_stays_judged() -> None:
    state = State("batch", (File("a", 0, outcome=Outcome.REJECTED, reason=Reason.ZERO_BYTE),))
    assert check(state, Annotations.parse(b""), Rules(max_missing_ratio=1)).state.files == state.files


def test_too_many_missing_ones_refuse_the_batch() -> None:
    content = lines([("a", "7")])
    assert checked(content, "a", "b", ratio=0.5).error is None
    error = checked(content, "a", "b", "c", ratio=0.5).error
    assert error is not None
    assert "2 of 3 files" in error
    assert "max_missing_ratio" in error
