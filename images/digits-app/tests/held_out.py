"""Digits that no training has seen, as files that a user could upload: dark on bright, large, with soft edges.

`python tests/held_out.py FOLDER` writes the first two of each digit.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from digits.samples import Digits
from PIL import Image

EACH = 2
SIDE = 160
MARGIN = 2
"""Cells of paper around a digit."""


def samples() -> Iterator[tuple[str, Image.Image]]:
    """Give each sample's file name, which begins with the digit, and the picture."""
    held_out = Digits.load(seed=0).held_out
    count: Counter[int] = Counter()
    for cells, label in zip(held_out.pictures, held_out.labels.tolist(), strict=True):
        count[label] += 1
        if count[label] <= EACH:
            paper = 255 - np.pad(np.round(cells * 255), MARGIN).astype(np.uint8)
            picture = Image.fromarray(paper).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
            yield f"{label}-{count[label]}.png", picture


if __name__ == "__main__":
    for name, picture in samples():
        picture.save(Path(sys.argv[1]) / name, optimize=True)
