"""What Streamlit runs for every visitor, and again at every change."""

from digits_app import page
from digits_app.model import served_model

page.show(served_model())
