"""The face: the only place, beside ``app.py`` and the pages, that knows Streamlit."""
