"""The web side: security headers, readiness, the warm-up, and errors that keep their secrets."""

from __future__ import annotations

import asyncio
import gc
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cxdata.ui import data, document, faults, navigation, preparing

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

READY: Final = "/api/ready"
HIDDEN: Final = ("/_stcore/metrics",)
_HOST: Final = re.compile(rb"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")


class Layer(NamedTuple):
    """One layer of middleware, in the form in which Starlette unpacks it."""

    cls: type
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}  # noqa: RUF012 - never changed


def middleware() -> Any:
    """Return the layers around every request."""
    return [Layer(Guard)]


class Guard:
    """Puts the security headers on every answer, answers readiness, hides what is internal."""

    def __init__(self, app: Asgi) -> None:
        self.app = app
        self.base = "/" + str(st.get_option("server.baseUrlPath")).strip("/")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = "/" + str(scope["path"]).removeprefix(self.base).lstrip("/")
        dressed = _with_headers(scope, send)
        if path == READY:
            await _answer(dressed, *await asyncio.to_thread(readiness))
        elif path in HIDDEN:
            await _answer(dressed, 404, {"error": "not found"})
        elif self._is_page(scope):
            await _send(dressed, 200, b"text/html; charset=utf-8", document.document())
        else:
            await self.app(scope, receive, dressed)

    def _is_page(self, scope: Message) -> bool:
        """Whether a page of the menu is opened; the bare base path is none, it is redirected."""
        below = str(scope["path"]).removeprefix(self.base.rstrip("/"))
        return scope["method"] == "GET" and below in navigation.ADDRESSES


def readiness() -> tuple[int, dict[str, Any]]:
    """Return 200 when the data can be read, 503 when not, and what was found."""
    checks = data.checks()
    is_ready = all(check == "ok" for check in checks.values())
    return (200 if is_ready else 503), {"ready": is_ready, "checks": checks}


def _with_headers(scope: Message, send: Send) -> Send:
    host = dict(scope.get("headers", ())).get(b"host", b"")
    is_secure = scope.get("scheme") == "https"
    headers = security_headers(host)

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in headers}
            kept = [
                (name, _secured(value) if is_secure and name.lower() == b"set-cookie" else value)
                for name, value in message.get("headers", [])
                if name.lower() not in own
            ]
            message = {**message, "headers": [*kept, *headers]}
        await send(message)

    return dressed


def _secured(cookie: bytes) -> bytes:
    return cookie if b"secure" in cookie.lower() else cookie + b"; Secure"


def security_headers(host: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer to a request for ``host``."""
    return [
        (b"content-security-policy", content_security_policy(host).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    ]


def content_security_policy(host: bytes) -> str:
    """Return a policy under which nothing loads from, or talks to, anywhere else."""
    socket = f" ws://{host.decode()} wss://{host.decode()}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {' '.join(document.script_hashes())}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{socket}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]
    )


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    await _send(send, status, b"application/json", json.dumps(body).encode(), b"no-store")


async def _send(
    send: Send, status: int, kind: bytes, payload: bytes, kept: bytes = b"no-cache"
) -> None:
    headers: Iterable[tuple[bytes, bytes]] = [
        (b"content-type", kind),
        (b"content-length", str(len(payload)).encode()),
        (b"cache-control", kept),
    ]
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": payload})


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Pay the first page's costs before anybody waits for it."""
    _know_the_menu()
    preparing.offer()
    await asyncio.to_thread(_warm_up)
    yield {}


def _warm_up() -> None:
    """Import and open everything a page needs; then leave it out of every later collection.

    Streamlit collects garbage after each run; without the freeze that walk over all imported
    modules would be most of a rerun's cost.
    """
    data.warm_up()
    gc.collect()
    gc.freeze()


def on_script_error(error: Exception) -> bool:
    """Log an error in full and show only its reference; returns True for "handled"."""
    ref = faults.reference()
    faults.LOG.error("page failed, reference %s", ref, exc_info=error)
    st.error(
        f"This page could not be shown. Please load it again; if that does not help, "
        f"give support this reference: {ref}.",
        title="Something went wrong",
        icon=":material/error:",
    )
    return True


def _know_the_menu() -> None:
    """Say before the first visitor comes that the menu, not the folder, names the pages.

    Streamlit learns it from the first ``st.navigation`` of the process; a deep link that comes
    before would be told that its page does not exist.
    """
    PagesManager.uses_pages_directory = False
