"""What Streamlit runs for every visitor, and again at every change."""

from pipeline_app import page

page.show()
