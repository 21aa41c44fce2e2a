"""Makes a batch of handwritten digits with faults, and says exactly what must become of each file.

Pictures that are held out from training, to judge a model by, are not used.
"""

import io
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from digits.samples import Digits
from PIL import Image

from image_etl.batches import ANNOTATIONS, COMPLETE, each
from image_etl.rules import Outcome, Reason, Rules

SPLIT = 0
"""Seed of the division into pictures to train with and pictures held out."""
MARGIN = 1
"""Cells of paper around a digit."""
NOISE = 12
"""By how much the shades of a point may differ, of 255. It makes every picture unlike all others."""


@dataclass(frozen=True)
class Fault:
    """A way in which an upload is not as it should be, and what follows."""

    outcome: Outcome
    reason: Reason
    make: Callable[["Artist", str], bytes]
    """Gives the file, for a digit."""
    labels: tuple[str, ...] | None = None
    """What its annotations say, if not what it shows."""


@dataclass
class Batch:
    """Files, annotations, and what must become of them."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    expected: list[dict[str, str | None]] = field(default_factory=list)
    notes: dict[Reason, int] = field(default_factory=dict)

    def add(self, file: str, content: bytes, labels: Sequence[str], outcome: Outcome, reason: Reason | None) -> None:
        """Add a file."""
        self.files[file] = content
        self.lines.extend(json.dumps({"file": file, "label": label}) for label in labels)
        self.expected.append({"file": file, "outcome": str(outcome), "reason": reason and str(reason)})

    def expectation(self) -> dict[str, Any]:
        """Say what the report must say."""
        counts = Counter(file["outcome"] for file in self.expected)
        reasons = Counter(file["reason"] for file in self.expected if file["reason"])
        reasons.update({str(reason): count for reason, count in self.notes.items()})
        return {
            "batch": self.name,
            "counts": {str(outcome): counts[str(outcome)] for outcome in Outcome},
            "reasons": dict(sorted(reasons.items(), key=str)),
            "files": self.expected,
        }


class Artist:
    """Draws digits, each a little unlike all that it drew before."""

    def __init__(self, batch: str, seed: int) -> None:
        """Begin with what follows from the batch's name and the seed."""
        self.random = np.random.default_rng((seed, zlib.crc32(batch.encode())))
        self.sample = Digits.load(SPLIT).training
        self.left: defaultdict[str, list[int]] = defaultdict(list)
        """Which of the pictures have not been drawn yet, by what they show."""

    def labels(self, count: int) -> list[str]:
        """Choose what to draw, each digit as often as any other."""
        chosen = [str(number % 10) for number in range(count)]
        self.random.shuffle(chosen)
        return chosen

    def drawing(self, label: str, width: int = 32, height: int = 32) -> Image.Image:
        """Draw a digit, dark on white paper."""
        if not self.left[label]:
            self.left[label] = list(self.random.permutation(np.flatnonzero(self.sample.labels == int(label))))
        ink = np.pad(self.sample.pictures[self.left[label].pop()] * 255, MARGIN).astype(np.uint8)
        paper = Image.fromarray(255 - ink).resize((width, height), Image.Resampling.BICUBIC)
        shades = np.asarray(paper, dtype=np.int64).copy()
        shades += self.random.integers(-NOISE, NOISE + 1, shades.shape)
        return Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))

    def digit(self, label: str) -> bytes:
        """Draw a digit as it should be."""
        return png(self.drawing(label))


def png(picture: Image.Image) -> bytes:
    """Write a picture as a PNG file."""
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _sized(width: int, height: int) -> Callable[[Artist, str], bytes]:
    return lambda artist, label: png(artist.drawing(label, width, height))


def _as_it_is(artist: Artist, label: str) -> bytes:
    return artist.digit(label)


def _huge(artist: Artist, label: str) -> bytes:
    side = 4096
    return png(artist.drawing(label).resize((side, side), Image.Resampling.NEAREST))


QUARANTINED, REJECTED, RESIZED = Outcome.QUARANTINED, Outcome.REJECTED, Outcome.RESIZED
FAULTS: Mapping[str, Fault] = {
    "missing-annotation": Fault(QUARANTINED, Reason.MISSING_ANNOTATION, _as_it_is, labels=()),
    "unknown-label": Fault(QUARANTINED, Reason.UNKNOWN_LABEL, _as_it_is, labels=("seven",)),
    "conflicting-annotation": Fault(QUARANTINED, Reason.CONFLICTING_ANNOTATION, _as_it_is, labels=("1", "7")),
    "small": Fault(RESIZED, Reason.TOO_SMALL, _sized(16, 16)),
    "large": Fault(RESIZED, Reason.TOO_LARGE, _sized(96, 96)),
    "wide": Fault(RESIZED, Reason.NOT_SQUARE, _sized(48, 32)),
    "too-small": Fault(QUARANTINED, Reason.TOO_SMALL, _sized(8, 7)),
    "too-large": Fault(QUARANTINED, Reason.TOO_LARGE, _huge),
    "too-wide": Fault(QUARANTINED, Reason.NOT_SQUARE, _sized(96, 32)),
    "colours": Fault(QUARANTINED, Reason.WRONG_MODE, lambda artist, label: png(artist.drawing(label).convert("RGB"))),
    "too-many-bytes": Fault(
        REJECTED,
        Reason.TOO_MANY_BYTES,
        lambda artist, label: artist.digit(label) + artist.random.bytes(Rules().most_bytes),
    ),
    "zero-byte": Fault(REJECTED, Reason.ZERO_BYTE, lambda _artist, _label: b""),
    "truncated": Fault(REJECTED, Reason.CORRUPT, lambda artist, label: artist.digit(label)[:-200]),
    "no-picture": Fault(REJECTED, Reason.CORRUPT, lambda _artist, label: f"this is no {label}\n".encode()),
}
DUPLICATE = "duplicate"
"""The file of another name once more: it needs a good one before it."""


def generate(batch: str, images: int, faults: int, seed: int, kinds: Sequence[str] = (*FAULTS, DUPLICATE)) -> Batch:
    """Make a batch of `images` files, `faults` of which are faulty, each kind as often as any other."""
    artist = Artist(batch, seed)
    made = Batch(batch)
    plan: list[str | None] = [kinds[number % len(kinds)] for number in range(faults)]
    plan += [None] * (images - faults)
    artist.random.shuffle(plan)
    # There must be something to repeat before the first file that repeats one.
    if DUPLICATE in plan:
        good = plan.index(None)
        plan[0], plan[good] = plan[good], plan[0]
    goods: list[tuple[bytes, str]] = []
    for number, (kind, label) in enumerate(zip(plan, artist.labels(images), strict=True)):
        file = f"digit-{number:04}.png"
        if kind is None:
            goods.append((artist.digit(label), label))
            made.add(file, goods[-1][0], (label,), Outcome.ACCEPTED, None)
        elif kind == DUPLICATE:
            content, shown = goods[int(artist.random.integers(len(goods)))]
            made.add(file, content, (shown,), REJECTED, Reason.DUPLICATE)
        else:
            fault = FAULTS[kind]
            labels = (label,) if fault.labels is None else fault.labels
            made.add(file, fault.make(artist, label), labels, fault.outcome, fault.reason)
    if faults:
        made.lines += [json.dumps({"file": "forgotten.png", "label": "4"}), "this is no annotation"]
        made.notes |= {Reason.ORPHAN_ANNOTATION: 1, Reason.MALFORMED_ANNOTATION: 1}
    artist.random.shuffle(made.lines)
    return made


def upload(batch: Batch, put: Callable[[str, bytes], object]) -> None:
    """Write all of a batch, and that it is complete when it is."""
    each(lambda item: put(*item), batch.files.items())
    put(ANNOTATIONS, "".join(f"{line}\n" for line in batch.lines).encode())
    put(COMPLETE, b"")
