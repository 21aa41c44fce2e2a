"""The frame of what the user sees: a tab for each part, of which only the open one asks its sources."""

from importlib import resources

import streamlit as st

from pipeline_app.tabs import batches, model, predict, runs

REFRESH_SECONDS = 10
refreshed = st.fragment(run_every=REFRESH_SECONDS)
"""What others change is looked up again by itself, while it is open."""
TABS = {
    "Predict": predict.show,
    "Batches": refreshed(batches.show),
    "Runs": refreshed(runs.show),
    "Model": refreshed(model.show),
}


def show() -> None:
    """Show the page."""
    st.set_page_config(page_title="Digits pipeline", page_icon="✏️", layout="wide")
    st.html(f"<style>{resources.files(__package__).joinpath('page.css').read_text()}</style>")
    st.title("Digits pipeline", anchor=False)
    # The address names the tab, so that one can be sent to somebody.
    for tab, content in zip(st.tabs(list(TABS), key="tab", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                content()
