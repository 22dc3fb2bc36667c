"""Handing over: the files of a story or a page, made while the reader does something else."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from cxdata.exports.archive import zipped
from cxdata.ui.intake import watching
from cxdata.ui.meeting.packs import Order
from cxdata.ui.text import plain
from cxdata.ui.work import WORK

_KINDS: Final = {
    "pptx": ("Slides", "PowerPoint; the charts can be edited", "application/vnd.ms-powerpoint"),
    "pdf": ("PDF", "to print or to send", "application/pdf"),
    "html": ("Web page", "opens without a network", "text/html"),
    "xlsx": ("Workbook", "every figure, a sheet a view", "application/vnd.ms-excel"),
    "csv": ("CSV", "every figure, for a program", "text/csv"),
    "json": ("Seal", "shows later whether anything was changed", "application/json"),
}
"""What each file is called, what it is for, and its type."""

_STEPS: Final = {
    "telling": "Reading the figures",
    "writing pptx": "Drawing the slides",
    "writing xlsx": "Writing the workbook",
    "writing csv": "Writing the CSV",
    "writing pdf": "Drawing the PDF",
    "writing html": "Writing the web page",
    "sealing": "Sealing",
}


def hand_over(order: Order) -> None:
    """Offer the files of an order: begin to make them, show how far they are, or hand them out.

    The work belongs to the server, so the reader may leave; whoever asks for the same again, in
    whatever session, finds the same files.
    """
    st.caption(
        "Slides, PDF, web page, workbook and CSV with the same figures, each with its definitions "
        "and where it comes from."
    )
    if watching.under_way(order.work, _STEPS, otherwise=f"{order.name} is being made"):
        return
    why = watching.fault(order.work)
    if why:
        st.warning(plain(why), title="This could not be made", icon=":material/error:")
    files = order.files
    if files:
        _offer(order, files)
        return
    if st.button(
        "Try again" if why else "Make the files",
        type="primary",
        key=f"make-{order.key}",
        icon=":material/inventory_2:",
    ):
        watching.forgive(order.work)
        WORK.start(order.work, order.command())
        st.rerun(scope="fragment")


def _offer(order: Order, files: tuple[Path, ...]) -> None:
    st.download_button(
        "All in one",
        data=partial(_all, files),
        file_name=f"{files[0].stem}.zip",
        mime="application/zip",
        type="primary",
        icon=":material/folder_zip:",
        on_click="ignore",
        key=f"zip-{order.key}",
    )
    for path in files:
        label, meant, mime = _KINDS[path.suffix[1:]]
        size = path.stat().st_size / 1000
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.download_button(
                label,
                data=path.read_bytes,
                file_name=path.name,
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"file-{order.key}-{path.suffix[1:]}",
            )
            st.caption(f"{meant} · {size:,.0f} kB")
    for line in order.left_out:
        st.caption(plain(f"Left out. {line}"))


def _all(files: tuple[Path, ...]) -> bytes:
    return zipped({path.name: path.read_bytes() for path in files})
