"""Samples to train with: of one's own, or the 1,797 digits of 43 people that ship with scikit-learn."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Pictures = NDArray[np.float32]
"""Pictures of 8 by 8 cells, each the share of the cell that is covered with ink, from 0 to 1."""

SIDE = 8
"""Cells on each side of a picture."""
FULL = 16
"""What the data set writes for a cell that is covered with ink: it counts a square of 4 by 4 points."""


@dataclass(frozen=True)
class Sample:
    """Pictures and the digits that they show."""

    pictures: Pictures
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self.pictures)

    def rows(self) -> Pictures:
        """Give each picture as one row of 64 numbers, as classifiers want it."""
        return self.pictures.reshape(len(self), SIDE * SIDE)


@dataclass(frozen=True)
class Digits:
    """The data set in two parts, of which training never sees the second."""

    training: Sample
    held_out: Sample

    @classmethod
    def load(cls, seed: int) -> Self:
        """Hold out a quarter of the pictures, as many of each digit as it has in the whole."""
        # A second's work, and nothing for those who bring their own pictures.
        from sklearn.datasets import load_digits  # noqa: PLC0415
        from sklearn.model_selection import train_test_split  # noqa: PLC0415

        data = load_digits()
        pictures = (data.images / FULL).astype(np.float32)
        training, held_out, training_labels, held_out_labels = train_test_split(
            pictures, data.target, test_size=0.25, stratify=data.target, random_state=seed
        )
        return cls(Sample(training, training_labels), Sample(held_out, held_out_labels))


def vary(sample: Sample, times: int, seed: int) -> Sample:
    """Add `times` variations of every picture: turned, slanted, stretched, moved, with a thicker or thinner pen.

    The people who wrote the data set wrote into the boxes of a form. What others draw with a mouse varies more.
    """
    random = np.random.default_rng(seed)
    varied = [_variation(picture, random) for _ in range(times) for picture in sample.pictures]
    return Sample(
        pictures=np.concatenate([sample.pictures, np.stack(varied)]),
        labels=np.tile(sample.labels, times + 1),
    )


def _variation(picture: Pictures, random: np.random.Generator) -> Pictures:
    angle, slant = random.normal(0, 0.12, 2)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slanted = np.array([[1, 0], [slant, 1]])
    stretched = np.diag(random.uniform(0.85, 1.2, 2))
    matrix = turned @ slanted @ stretched
    middle = np.full(2, (SIDE - 1) / 2)
    moved = middle - matrix @ middle + random.normal(0, 0.35, 2)
    placed = ndimage.affine_transform(picture, matrix, moved, order=1)
    pen = random.uniform(0.7, 1.5)
    return np.asarray(np.clip(placed, 0, 1) ** pen, dtype=np.float32)
