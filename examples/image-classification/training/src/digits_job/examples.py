"""The pictures of a data set as the network sees them, in the part to train with and the part held out.

Which part a picture is in follows from its content alone. So what is held out from one version of the data set is held
out from the next one too, and the accuracies of their models can be compared.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from digits.picture import Cells, PictureError, digit_of_upload
from digits.samples import Sample
from model_registry import Dataset, Manifest, Picture

DIGITS = 10
ONE_IN = 5
"""One of so many pictures is held out."""
READERS = 16
"""Pictures that are read at once."""


class ExamplesError(Exception):
    """A data set that nothing can be trained with."""


@dataclass(frozen=True)
class Examples:
    """A data set in two parts, of which training never sees the second."""

    training: Sample
    held_out: Sample
    unreadable: int
    """Pictures without a digit that could be read from them: blank ones, for example."""

    @classmethod
    def load(cls, dataset: Dataset, version: str) -> "Examples":
        """Read all pictures of a version and verify them; an `ExamplesError` if too few are left."""
        manifest = dataset.manifest(version)
        labels = [_label(picture, manifest) for picture in manifest.images]
        with ThreadPoolExecutor(READERS) as readers:
            cells = list(readers.map(lambda picture: _cells(dataset.image(picture.sha256)), manifest.images))
        parts: dict[bool, list[tuple[Cells, int]]] = {True: [], False: []}
        for picture, label, read in zip(manifest.images, labels, cells, strict=True):
            if read is not None:
                parts[is_held_out(picture.sha256)].append((read, label))
        if not all(parts.values()):
            raise ExamplesError(
                f"version {version} of the data set has {len(parts[False])} readable pictures to train with and "
                f"{len(parts[True])} to hold out: some of both are needed, so upload more"
            )
        return cls(_sample(parts[False]), _sample(parts[True]), unreadable=sum(read is None for read in cells))


def is_held_out(sha256: str) -> bool:
    """Tell whether a picture is never trained with."""
    return int(sha256[:8], 16) % ONE_IN == 0


def _label(picture: Picture, manifest: Manifest) -> int:
    if len(picture.label) != 1 or picture.label not in "0123456789":
        raise ExamplesError(
            f"version {manifest.version} of the data set says that {picture.sha256} shows {picture.label!r}, "
            "which is no digit"
        )
    return int(picture.label)


def _cells(content: bytes) -> Cells | None:
    try:
        return digit_of_upload(content)
    except PictureError:
        return None


def _sample(examples: Sequence[tuple[Cells, int]]) -> Sample:
    return Sample(
        pictures=np.stack([cells for cells, _ in examples]),
        labels=np.array([label for _, label in examples], dtype=np.int64),
    )
