"""Small pictures of what was put aside, which may be anything: also too large, or no picture at all."""

import io
import threading

from PIL import Image

SIDE = 96
MOST_BYTES = 10 * 2**20
MOST_POINTS = 25_000_000
"""Points that are decoded, some 75 MB in memory; one picture at a time."""

_alone = threading.Lock()


def make(content: bytes) -> bytes | None:
    """Make a PNG of at most 96 points on each side; None of what cannot be read."""
    if len(content) > MOST_BYTES:
        return None
    with _alone:
        try:
            file = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            width, height = file.size
            if width * height > MOST_POINTS:
                return None
            file.draft("RGB", (SIDE, SIDE))
            # Before the conversion, which would make a copy of the whole.
            file.thumbnail((SIDE, SIDE))
            small = file.convert("RGBA" if file.has_transparency_data else "RGB")
            png = io.BytesIO()
            small.save(png, "PNG")
        # Damaged files fail in many ways, and not only in those that the library documents.
        except Exception:
            return None
    return png.getvalue()
