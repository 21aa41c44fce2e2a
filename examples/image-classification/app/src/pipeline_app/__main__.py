"""Serves the page."""

from pathlib import Path

# Imported here for the first visitor, who would otherwise wait for them.
import altair as _altair  # noqa: F401
import model_registry as _model_registry  # noqa: F401
from streamlit.web import cli

if __name__ == "__main__":
    cli.main(["run", str(Path(__file__).with_name("script.py"))], prog_name="streamlit")
