"""The page as its visitors get it, but for the browser."""

import html
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from pipeline_app import page

SCRIPT = Path(page.__file__).with_name("script.py")
SECONDS = 30


def opened(tab: str = "Predict") -> AppTest:
    app = AppTest.from_file(SCRIPT, default_timeout=SECONDS)
    app.query_params["tab"] = tab
    app.run()
    assert not app.exception, app.exception
    return app


def source(app: AppTest) -> str:
    """All HTML on the page, but for its style."""
    return "\n".join(element.proto.body for element in app.get("html") if "<style>" not in element.proto.body)


def read(app: AppTest) -> str:
    """All that is to be read in that HTML."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", source(app))).split())


def everything(app: AppTest) -> str:
    """All that is sent to the browser, and not only what it shows."""
    messages = (getattr(node, "proto", None) for node in app.main)
    return "\n".join(sent(message) for message in messages if message is not None)


def sent(message: Any) -> str:
    """What is sent of an element, texts in it readable."""
    content: bytes = message.SerializeToString()
    return content.decode(errors="replace")
