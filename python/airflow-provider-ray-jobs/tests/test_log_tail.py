import json
from collections.abc import Iterator

import pytest

from airflow_provider_ray_jobs.log_tail import log_tail


def chunks(text: str, size: int) -> Iterator[bytes]:
    body = json.dumps({"logs": text}).encode()
    return (body[start : start + size] for start in range(0, len(body), size))


def test_a_short_log_is_shown_as_it_is() -> None:
    assert log_tail(chunks("one\ntwo\nthree\n", 4), 2) == ["two", "three"]
    assert log_tail(chunks("", 4), 2) == []
    assert log_tail(chunks("one", 4), 0) == []


@pytest.mark.parametrize("kept", range(20, 120))
def test_of_a_long_one_no_more_than_the_end_is_kept_wherever_it_is_cut(kept: int) -> None:
    lines = ['a "quoted" thing', "a path C:\\new\\\\n", "tab\tand ümlaut 🙂", "}", 'ends with "}', "\\"] * 30
    tail = log_tail(chunks("\n".join(lines), 7), 1000, most_bytes=kept)
    if tail != ["(one line that is too long to be shown)"]:
        assert tail == lines[len(lines) - len(tail) :]


def test_a_line_that_is_longer_than_all_that_is_kept_is_not_shown() -> None:
    assert log_tail(chunks("x" * 1000, 10), 5, most_bytes=100) == ["(one line that is too long to be shown)"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"logs": null}', b'{"other": ""}'])
def test_another_body_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no log is in it|line 1 column 1"):
        log_tail([body], 5)
