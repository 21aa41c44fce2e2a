"""Loads the model, and serves the page only if that is the right one."""

import sys
from pathlib import Path

# Imported here for the first visitor, who would otherwise wait for it.
import altair as _altair  # noqa: F401
from streamlit.web import cli

from digits_app import page
from digits_app.model import ModelError, served_model

if __name__ == "__main__":
    try:
        model = served_model()
    except ModelError as error:
        sys.exit(str(error))
    print(f"serving model {model.version}", flush=True)
    cli.main(["run", str(Path(page.__file__).with_name("script.py"))], prog_name="streamlit")
