"""CX Outcomes: the entry. A server imports it for the web application, a session runs it.

``make run``, ``streamlit run app.py`` and ``uvicorn app:app`` all start here.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cxdata.ui import frame, server

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        middleware=server.middleware(),
        on_script_error=server.on_script_error,
    )
else:
    frame.show()
