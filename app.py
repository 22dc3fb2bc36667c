"""CX Outcomes: the entry. A server imports it for the web application, a session runs it.

``make run``, ``streamlit run app.py`` and ``uvicorn app:app`` all start here.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from cxdata.ui import server

    app = st.App(
        __file__,
        lifespan=server.lifespan,
        middleware=server.middleware(),
        on_script_error=server.on_script_error,
    )
else:
    from cxdata.ui import frame

    frame.show()
