"""What a picture must be like to be trained with, and what becomes of one that is not."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of an uploaded file."""

    ACCEPTED = "accepted"
    RESIZED = "resized"
    """Accepted, after it was brought into the form that all pictures of the data set have."""
    QUARANTINED = "quarantined"
    """Put aside: somebody can look at it, correct it, and upload it again."""
    REJECTED = "rejected"
    """There is nothing to correct."""

    @property
    def is_good(self) -> bool:
        """Tell whether it is in the data set."""
        return self in {Outcome.ACCEPTED, Outcome.RESIZED}


class Reason(StrEnum):
    """Why a file was not accepted as it is, or what is wrong with an annotation."""

    ZERO_BYTE = "zero-byte"
    TOO_MANY_BYTES = "too-many-bytes"
    CORRUPT = "corrupt"
    MISSING_ANNOTATION = "missing-annotation"
    CONFLICTING_ANNOTATION = "conflicting-annotation"
    """The file, or its picture, is said to show two different things."""
    UNKNOWN_LABEL = "unknown-label"
    WRONG_MODE = "wrong-mode"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    NOT_SQUARE = "not-square"
    DUPLICATE = "duplicate"
    BATCH_REFUSED = "batch-refused"
    """The file is good, and too many others of the batch are not."""
    ORPHAN_ANNOTATION = "orphan-annotation"
    """An annotation of a file that is not there."""
    MALFORMED_ANNOTATION = "malformed-annotation"
    """A line that is no annotation."""


class Remedy(StrEnum):
    """What is done about a picture that has another form than the data set."""

    RESIZE = "resize"
    """Bring it into the form."""
    QUARANTINE = "quarantine"
    """Put it aside."""


@dataclass(frozen=True)
class Rules:
    """Limits, and what is done beyond them."""

    labels: frozenset[str] = frozenset("0123456789")
    side: int = 32
    """Points on each side of a picture of the data set."""
    most_bytes: int = 2**20
    """Larger files are rejected unread."""
    least_side: int = 8
    """A picture with a shorter side shows nothing: it is quarantined, and not resized."""
    most_side: int = 1024
    """A picture with a longer side is no single digit: it is quarantined, and not resized."""
    most_aspect: float = 2.0
    """The longer side by the shorter: beyond it, a picture is quarantined, and not resized."""
    wrong_size: Remedy = Remedy.RESIZE
    """For a square picture between these limits that is smaller or larger than those of the data set."""
    not_square: Remedy = Remedy.RESIZE
    """For a picture between these limits whose sides differ: it gets margins in the colour of its edge."""
    wrong_mode: Remedy = Remedy.QUARANTINE
    """For a picture that is not in shades of grey, such as one in colours."""
    most_files: int = 10_000
    """Files that a batch may have."""
    max_missing_ratio: float = 0.5
    """The share of a batch's files without an annotation beyond which the whole batch is refused."""

    def __post_init__(self) -> None:
        """Refuse limits that nothing can meet."""
        if not 1 <= self.least_side <= self.side <= self.most_side:
            raise ValueError(
                f"least_side, side and most_side are {self.least_side}, {self.side} and {self.most_side}, "
                "and must not become smaller in this order"
            )
        if self.most_aspect < 1:
            raise ValueError(f"most_aspect is {self.most_aspect}, and must be at least 1")
        if not 0 <= self.max_missing_ratio <= 1:
            raise ValueError(f"max_missing_ratio is {self.max_missing_ratio}, and must be from 0 to 1")
