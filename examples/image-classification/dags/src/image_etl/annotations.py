"""Annotations: which file shows what, as whoever uploaded it says. A line is `{"file": "a.png", "label": "7"}`."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace

from image_etl.rules import Outcome, Reason, Rules
from image_etl.state import File, State


@dataclass(frozen=True)
class Annotations:
    """What the lines say."""

    labels: dict[str, frozenset[str]]
    """By the name of the file; more than one where they contradict each other."""
    malformed: tuple[int, ...]
    """Numbers of the lines that are no annotations, from 1."""

    @classmethod
    def parse(cls, content: bytes) -> "Annotations":
        """Read them. A line that is none spoils no other."""
        labels: defaultdict[str, set[str]] = defaultdict(set)
        malformed = []
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
            if not line.strip():
                continue
            annotation = _annotation(line)
            if annotation is None:
                malformed.append(number)
            else:
                file, label = annotation
                labels[file].add(label)
        return cls({file: frozenset(found) for file, found in labels.items()}, tuple(malformed))


@dataclass(frozen=True)
class Checked:
    """A batch with its labels, and what to tell of those that belong to no file."""

    state: State
    orphans: tuple[str, ...]
    malformed: tuple[int, ...]


def check(state: State, annotations: Annotations, rules: Rules) -> Checked:
    """Give each file its label. The whole batch is refused where too many have none."""
    names = {file.name for file in state.files}
    orphans = tuple(sorted(annotations.labels.keys() - names))
    missing = len(names - annotations.labels.keys())
    error = state.error
    if not error and names and missing / len(names) > rules.max_missing_ratio:
        error = (
            f"{missing} of {len(names)} files of the batch {state.batch} have no annotation, and the most is a share "
            f"of {rules.max_missing_ratio:g}: complete the annotations, or raise max_missing_ratio, and run it again"
        )
    checked = replace(
        state,
        files=tuple(_labelled(file, annotations, rules) for file in state.files),
        notes={
            Reason.ORPHAN_ANNOTATION: len(orphans),
            Reason.MALFORMED_ANNOTATION: len(annotations.malformed),
        },
        error=error,
    )
    return Checked(checked, orphans, annotations.malformed)


def _labelled(file: File, annotations: Annotations, rules: Rules) -> File:
    labels = annotations.labels.get(file.name, frozenset())
    if len(labels) == 1:
        file = replace(file, label=next(iter(labels)))
    if not file.is_open:
        return file
    reason = None
    if not labels:
        reason = Reason.MISSING_ANNOTATION
    elif len(labels) > 1:
        reason = Reason.CONFLICTING_ANNOTATION
    elif not labels <= rules.labels:
        reason = Reason.UNKNOWN_LABEL
    return file if reason is None else replace(file, outcome=Outcome.QUARANTINED, reason=reason)


def _annotation(line: bytes) -> tuple[str, str] | None:
    try:
        record = json.loads(line)
    # Nested too deeply is no annotation either.
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    file, label = record.get("file"), record.get("label")
    if isinstance(label, int) and not isinstance(label, bool):
        label = str(label)
    if not isinstance(file, str) or not isinstance(label, str) or not file:
        return None
    return file, label
