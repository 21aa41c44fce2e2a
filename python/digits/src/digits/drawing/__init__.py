"""A canvas to draw a digit on, as a component of Streamlit."""

from importlib import resources

import streamlit as st


def canvas(key: str) -> object:
    """Show the canvas and return what was drawn when the pen was last lifted, as a data URL, or None before that."""
    # Registered on each run: a registration belongs to the running server, and an equal one costs nothing.
    component = st.components.v2.component(
        "digit_canvas",
        html=_asset("canvas.html"),
        css=_asset("canvas.css"),
        js=_asset("canvas.js"),
        # In the page's own tree, so that what reads or drives pages finds it.
        isolate_styles=False,
    )
    return component(key=key, width="content", on_picture_change=lambda: None).picture


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text()
