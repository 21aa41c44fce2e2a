"""Pictures as files."""

import base64
import io
from typing import Any

from PIL import Image


def png(picture: Image.Image) -> bytes:
    return saved(picture, "PNG")


def jpeg(picture: Image.Image) -> bytes:
    return saved(picture, "JPEG")


def saved(picture: Image.Image, format_name: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format_name, **options)
    return file.getvalue()


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()
