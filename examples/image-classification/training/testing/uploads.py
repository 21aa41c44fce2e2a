"""Digits of scikit-learn as the pipeline stores them: PNG files of 32 by 32 points, dark on bright."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from digits.picture import Cells
from model_registry import Dataset, Manifest, Picture
from PIL import Image
from sklearn.datasets import load_digits

SIDE = 32
MARGIN = 1
"""Cells of paper around a digit."""
FULL = 16
"""What the data set writes for a cell that is covered with ink."""


def png(cells: Cells) -> bytes:
    """Give a file with a picture of cells, each the share that is covered with ink."""
    paper = 255 - np.pad(np.round(cells * 255), MARGIN).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(paper).resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


def digits() -> list[tuple[bytes, str]]:
    """Give all 1,797 digits, as files, and what they show."""
    data = load_digits()
    return [(png(cells / FULL), str(label)) for cells, label in zip(data.images, data.target, strict=True)]


def store(dataset: Dataset, files: list[tuple[bytes, str]], batch: str) -> Manifest:
    """Extend a data set by files and their labels."""
    with ThreadPoolExecutor(16) as writers:
        checksums = list(writers.map(dataset.store, [content for content, _ in files]))
    pictures = [Picture(sha256, label, batch) for sha256, (_, label) in zip(checksums, files, strict=True)]
    return dataset.extend(batch, pictures)
