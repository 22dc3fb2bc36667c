"""Many sessions at once, without their browsers: clients of the server's own protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.process import Server

SECONDS = 120
_PROTOCOL = Subprotocol("streamlit")


@dataclass(frozen=True)
class Crowd:
    """Seconds until the median and the last session had its page, and what it cost the server."""

    median: float
    last: float
    cpu: float


def crowd(server: Server, periods: Sequence[str], sessions: int) -> Crowd:
    """Open so many sessions at once, each asking for the next period."""
    before = server.cpu
    waits = sorted(asyncio.run(_all(server, periods, sessions)))
    return Crowd(waits[len(waits) // 2], waits[-1], server.cpu - before)


def reruns(server: Server, period: str, count: int) -> float:
    """Return the server's processor seconds a rerun of a page whose figures were read before."""
    return asyncio.run(_reruns(server, period, count))


async def _all(server: Server, periods: Sequence[str], sessions: int) -> list[float]:
    asked = [periods[at % len(periods)] for at in range(sessions)]
    return await asyncio.gather(*(_wait(server, period) for period in asked))


async def _wait(server: Server, period: str) -> float:
    started = time.perf_counter()
    async with connect(_address(server), subprotocols=[_PROTOCOL], max_size=None) as socket:
        await _run(socket, period)
        return time.perf_counter() - started


async def _reruns(server: Server, period: str, count: int) -> float:
    async with connect(_address(server), subprotocols=[_PROTOCOL], max_size=None) as socket:
        await _run(socket, period)
        before = server.cpu
        for _ in range(count):
            await _run(socket, period)
        return (server.cpu - before) / count


def _address(server: Server) -> str:
    return f"ws://localhost:{server.port}/_stcore/stream"


async def _run(socket: ClientConnection, period: str) -> None:
    """Ask for one run of the script and wait for its end."""
    ask = BackMsg()
    ask.rerun_script.query_string = urlencode({"period": period})
    await socket.send(ask.SerializeToString())
    async with asyncio.timeout(SECONDS):
        while True:
            answer = ForwardMsg.FromString(await socket.recv())
            if answer.WhichOneof("type") == "script_finished":
                return
