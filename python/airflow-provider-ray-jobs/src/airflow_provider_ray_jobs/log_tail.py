"""The end of a job's log. Ray sends only the whole, which may be longer than what a worker has memory for."""

import json
import re
from collections.abc import Iterable

MOST_BYTES = 256 * 1024
# The escape of a line's end in JSON, and not the letter n after an escaped backslash.
_LINE_END = re.compile(rb"[^\\](?:\\\\)*\\n")


def log_tail(body: Iterable[bytes], lines: int, most_bytes: int = MOST_BYTES) -> list[str]:
    """Find the last lines in the body `{"logs": "…"}` of an answer, of which no more than its end is kept.

    Raises a `ValueError` if the body is another one.
    """
    end, cut = b"", False
    for chunk in body:
        end += chunk
        if len(end) > most_bytes:
            end, cut = end[-most_bytes:], True
    if not cut:
        answer = json.loads(end)
        text = answer.get("logs") if isinstance(answer, dict) else None
    elif match := _LINE_END.search(end):
        text = json.loads(b'"' + end[match.end() :].rstrip().removesuffix(b"}"))
    else:
        text = "(one line that is too long to be shown)"
    if not isinstance(text, str):
        raise ValueError("no log is in it")  # noqa: TRY004 - it is the body that is wrong
    return text.splitlines()[-lines:] if lines > 0 else []
