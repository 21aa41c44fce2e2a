import io
from datetime import UTC, datetime, timedelta

import pytest
from pictures import jpeg, png
from PIL import Image

from pipeline_app.sources import thumbnail
from pipeline_app.sources.runs import moment, moment_of_milliseconds
from pipeline_app.tabs import words

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86_400, "1 day ago"),
        (2 * 86_400, "2 days ago"),
        (3 * 86_400, "22 Nov 2026"),
    ],
)
def test_how_long_ago(seconds: int, expected: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (3720, "1 h 2 min")],
)
def test_how_long(seconds: float, expected: str) -> None:
    assert words.duration(seconds) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-25T12:00:00Z", NOW),
        ("2026-11-25T13:00:00+01:00", NOW),
        ("2026-11-25T12:00:00", NOW),
        ("yesterday", None),
        (None, None),
        (1, None),
    ],
)
def test_times_as_airflow_writes_them(value: object, expected: datetime | None) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(int(NOW.timestamp() * 1000), NOW), (0, None), (None, None), (10**30, None), (True, None)]
)
def test_times_as_ray_writes_them(value: object, expected: datetime | None) -> None:
    assert moment_of_milliseconds(value) == expected


@pytest.mark.parametrize(
    "content", [png(Image.new("RGB", (640, 480))), png(Image.new("RGBA", (20, 20))), jpeg(Image.new("L", (999, 999)))]
)
def test_pictures_become_small(content: bytes) -> None:
    small = thumbnail.make(content)
    assert small is not None
    with Image.open(io.BytesIO(small)) as picture:
        assert max(picture.size) <= thumbnail.SIDE


@pytest.mark.parametrize("content", [b"", b"text", png(Image.new("1", (6000, 5000))), png(Image.new("L", (9, 9)))[:40]])
def test_what_is_too_large_or_no_picture_becomes_none(content: bytes) -> None:
    assert thumbnail.make(content) is None
