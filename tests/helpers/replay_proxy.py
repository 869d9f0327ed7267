"""An HTTP proxy on loopback."""

from __future__ import annotations

import asyncio
import contextlib

from tests.helpers.replay_server import LoopbackServer, Received, read_request


class ReplayProxy(LoopbackServer):
    """An HTTP proxy. Whatever host is wanted, it leads to `target_port` on this computer, or it refuses with `status`."""

    def __init__(self, target_port: int, status: int = 200) -> None:
        super().__init__()
        self.requests: list[Received] = []
        self._target_port, self._status = target_port, status

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        if request is None:
            return
        self._note(requests=[*self.requests, request])
        writer.write(b"HTTP/1.1 %d x\r\n%b\r\n" % (self._status, b"" if self._status == 200 else b"Content-Length: 0\r\n"))
        if self._status != 200:
            return await writer.drain()
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            await asyncio.wait([asyncio.ensure_future(_pump(reader, far_writer)), asyncio.ensure_future(_pump(far_reader, writer))])
        finally:
            far_writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
