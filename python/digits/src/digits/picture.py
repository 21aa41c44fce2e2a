"""From a picture as users have it to the 8 by 8 cells that the model knows.

The model was trained with digits that a census office cut out of forms: each fills its frame from top to bottom,
stands in the middle, and has lines of one thickness. A picture is brought into that form before the model sees it.
"""

import base64
import binascii
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

Cells = NDArray[np.float32]
"""8 by 8 cells, each the share of the cell that is covered with ink, from 0 to 1."""
Grey = NDArray[np.float32]
"""A picture, each point from 0, black, to 255, white."""
Ink = NDArray[np.bool_]
"""Where on a picture there is ink."""

MOST_BYTES = 10 * 2**20
MOST_POINTS = 16_000_000
"""Points of a picture, some 50 MB in memory. Checked before anything is decoded."""
DRAWING_PREFIX = "data:image/png;base64,"

READ_AT = 256
"""Points on the longer side at which a picture is read: what is finer is paper and noise."""
LEAST_CONTRAST = 40
"""Difference between the darkest and the brightest point, of 255, below which nothing stands out."""
CELLS = 8
"""Cells on each side of what the model sees."""
FRAME = 32
"""Points on each side of the form that digits are brought into; 4 by 4 of them are one cell."""
WIDTH = 20
"""Points in width of a digit in the form."""
NARROW = 0.35
"""Width by height below which a digit is a stroke, and not stretched in width."""
INK = 0.31
"""Share of the form that is covered with ink, for every digit."""


class PictureError(Exception):
    """A picture that no digit can be read from. The message is for the user."""


def digit_of_upload(content: bytes) -> Cells:
    """Read the digit on an uploaded picture, PNG or JPEG; a `PictureError` says why there is none."""
    return _digit(content)


def digit_of_drawing(drawing: object) -> Cells:
    """Read the digit of a drawing as browsers send it, a data URL; a `PictureError` says why there is none."""
    if not isinstance(drawing, str) or not drawing.startswith(DRAWING_PREFIX):
        raise PictureError("The browser sent no drawing. Reload the page and draw again.")
    try:
        content = base64.b64decode(drawing.removeprefix(DRAWING_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureError("The browser sent a damaged drawing. Reload the page and draw again.") from error
    return _digit(content)


def _digit(content: bytes) -> Cells:
    return _cells(_ink(_decode(content)))


def _decode(content: bytes) -> Image.Image:
    """Decode a picture within bounds, upright and in shades of grey."""
    if len(content) > MOST_BYTES:
        raise PictureError(f"This file is too large: {MOST_BYTES // 2**20} MB is the most.")
    try:
        file = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except Image.DecompressionBombError as error:
        raise _too_many_points("hundreds of") from error
    # Damaged files fail in many ways, and not only in those that the library documents.
    except Exception as error:
        raise PictureError("This file is no picture. Upload a PNG or JPEG file.") from error
    width, height = file.size
    if width * height > MOST_POINTS:
        raise _too_many_points(f"{width * height / 1e6:.0f}")
    try:
        # A JPEG may be decoded smaller than it is; a PNG may not.
        file.draft("L", (READ_AT, READ_AT))
        picture: Image.Image = file.convert("RGBA" if file.has_transparency_data else "L")
        picture.thumbnail((READ_AT, READ_AT))
        picture = ImageOps.exif_transpose(picture)
        if picture.mode == "RGBA":
            # What is transparent shows the paper.
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        return picture.convert("L")
    except Exception as error:
        raise PictureError("This picture is damaged. Save it again as PNG or JPEG, and upload that.") from error


def _too_many_points(megapixels: str) -> PictureError:
    return PictureError(
        f"This picture has {megapixels} megapixels, and {MOST_POINTS // 1_000_000} is the most. "
        "Make it smaller, or upload only the part with the digit."
    )


def _ink(picture: Image.Image) -> Ink:
    """Tell ink from paper, whichever of the two is darker, and cut out what is inked."""
    grey = np.asarray(picture.filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    if grey.max() - grey.min() < LEAST_CONTRAST:
        raise PictureError("There is nothing on this picture. Draw a digit from 0 to 9.")
    bright = grey > _threshold(grey)
    edge = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    # Digits do not touch the edge much, so that is paper.
    ink = ~bright if edge.mean() > 1 / 2 else bright
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _threshold(grey: Grey) -> float:
    """Find the shade that divides a picture into two kinds of points that differ most (Otsu's method)."""
    counts, _ = np.histogram(grey, bins=256, range=(0, 256))
    shades = np.arange(256)
    below, sum_below = np.cumsum(counts), np.cumsum(counts * shades)
    above, sum_above = below[-1] - below, sum_below[-1] - sum_below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sum_below / below - sum_above / above) ** 2
    return float(np.argmax(np.nan_to_num(between)))


def _cells(ink: Ink) -> Cells:
    """Bring a digit into the form of the data set, and count its ink as that did."""
    height, width = ink.shape
    across = WIDTH if width >= NARROW * height else max(1, round(FRAME * width / height))
    down = FRAME if width <= 2 * height else max(1, round(WIDTH * height / width))
    digit = Image.fromarray(ink.astype(np.uint8) * 255).resize((across, down), Image.Resampling.BOX)
    form = Image.new("L", (FRAME, FRAME))
    form.paste(digit, ((FRAME - across) // 2, (FRAME - down) // 2))
    # Blurred, the points nearest to the lines are the brightest. To take a fixed number of them makes thick lines
    # thinner, and thin ones thicker.
    blurred = np.asarray(form.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float32)
    points: Ink = blurred > max(float(np.quantile(blurred, 1 - INK)), 1)
    squares = points.reshape(CELLS, FRAME // CELLS, CELLS, FRAME // CELLS)
    return np.asarray(squares.mean(axis=(1, 3)), dtype=np.float32)
