"""The bytes of a picture: what they hold, and how they are brought into the form of the data set.

Uploads come from anywhere. No file is decoded that says of itself that it is too large, and no error of a decoder,
documented or not, gets further than to the file that it is about.
"""

import hashlib
import io
from dataclasses import replace

from PIL import Image, ImageOps

from image_etl.rules import Outcome, Reason, Remedy, Rules
from image_etl.state import File

FORMATS = ("PNG", "JPEG")
PNG = "PNG"
MODE = "L"
"""Shades of grey, one byte a point."""
MOST_KEPT = 8 * 2**10
"""Bytes of a file that is kept as it is. A larger one carries other things than its picture."""


def checksum(content: bytes) -> str:
    """Give the sha256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def examine(name: str, size: int, content: bytes | None, rules: Rules) -> File:
    """Say what a file is: its checksum, sides and mode, or why it is no picture.

    `content` is not needed of a file that is empty, or too large by its `size`.
    """
    file = File(name, size)
    if size == 0 or content == b"":
        return _judged(file, Outcome.REJECTED, Reason.ZERO_BYTE)
    if content is None or max(size, len(content)) > rules.most_bytes:
        return _judged(file, Outcome.REJECTED, Reason.TOO_MANY_BYTES)
    file = replace(file, size=len(content), upload_sha256=checksum(content))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            file = replace(file, format=picture.format, width=width, height=height, mode=picture.mode)
            if max(width, height) <= rules.most_side:
                picture.load()
    except Image.DecompressionBombError:
        return _judged(file, Outcome.QUARANTINED, Reason.TOO_LARGE)
    # Damaged files fail in many ways, and not only in those that the library documents.
    except Exception:
        return _judged(file, Outcome.REJECTED, Reason.CORRUPT)
    return file


def enforce(file: File, rules: Rules) -> File:
    """Judge a picture by its sides and mode, unless something else spoke against it."""
    if not file.is_open:
        return file
    shorter, longer = sorted((file.width, file.height))
    limits = {
        Reason.TOO_SMALL: shorter < rules.least_side,
        Reason.TOO_LARGE: longer > rules.most_side,
        Reason.NOT_SQUARE: longer > rules.most_aspect * shorter,
    }
    remedies = {
        Reason.WRONG_MODE: (file.mode != MODE, rules.wrong_mode),
        Reason.NOT_SQUARE: (shorter != longer, rules.not_square),
        Reason.TOO_SMALL: (longer < rules.side, rules.wrong_size),
        Reason.TOO_LARGE: (longer > rules.side, rules.wrong_size),
    }
    wrong = [reason for reason, (applies, _) in remedies.items() if applies]
    beyond = [reason for reason, applies in limits.items() if applies]
    beyond += [reason for reason in wrong if remedies[reason][1] is Remedy.QUARANTINE]
    if beyond:
        return _judged(file, Outcome.QUARANTINED, beyond[0])
    if wrong:
        return _judged(file, Outcome.RESIZED, wrong[0])
    return replace(file, outcome=Outcome.ACCEPTED)


def picture_of(file: File, content: bytes, rules: Rules) -> bytes:
    """Give the picture as the data set keeps it. What has its form already stays as it is, byte for byte."""
    if file.outcome is Outcome.ACCEPTED and file.format == PNG and len(content) <= MOST_KEPT:
        return content
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        picture: Image.Image = ImageOps.exif_transpose(opened)
        if picture.has_transparency_data:
            # What is transparent shows the paper.
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        picture = picture.convert(MODE)
    if picture.width != picture.height:
        longer = max(picture.size)
        square = Image.new(picture.mode, (longer, longer), _edge(picture))
        square.paste(picture, ((longer - picture.width) // 2, (longer - picture.height) // 2))
        picture = square
    written = io.BytesIO()
    picture.resize((rules.side, rules.side), Image.Resampling.LANCZOS).save(written, PNG)
    return written.getvalue()


def _edge(picture: Image.Image) -> int:
    """Give the shade that is in the middle of those along the edge: that of the paper."""
    width, height = picture.size
    points = picture.tobytes()
    columns = [points[row * width + column] for row in range(height) for column in (0, width - 1)]
    shades: list[int] = sorted([*points[:width], *points[-width:], *columns])
    return shades[len(shades) // 2]


def _judged(file: File, outcome: Outcome, reason: Reason) -> File:
    return replace(file, outcome=outcome, reason=reason)
