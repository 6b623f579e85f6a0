"""A network between browser and gateway that breaks at every worst moment."""

import asyncio
import random
from typing import Self

_End = tuple[asyncio.StreamReader, asyncio.StreamWriter]

REQUEST, ANSWER, CONNECTION = "request", "answer", "connection"
# Each way to cut, and what the moment for it is.
_WAYS = {
    "before the request": REQUEST,
    "behind the request": REQUEST,
    "before the answer": ANSWER,
    "within the answer": ANSWER,
    "behind the answer": ANSWER,
    "refused": CONNECTION,
}
# How much passes between two cuts at most, in pieces of what is sent.
_MOST_PASSING = 7


class CuttingProxy:
    """Passes bytes on to one port, and cuts every connection at once when a moment has come.

    Attributes:
        cuts: How often connections were broken or refused, by the way it was done.
    """

    def __init__(self, upstream_port: int, dice: random.Random) -> None:
        self._upstream_port = upstream_port
        self._dice = dice
        self._server: asyncio.Server
        self._links: set[_Link] = set()
        self._cuts_left = 0
        self._passing = 0
        self._way = ""
        self.port = 0
        self.cuts = dict.fromkeys(_WAYS, 0)

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()
        self._cut_all()

    async def cut(self, times: int) -> None:
        """Cut so often from now on."""
        self._cuts_left = times
        self._choose()

    @property
    def is_done(self) -> bool:
        return self._cuts_left == 0

    def pass_on(self, moment: str, data: bytes) -> bytes:
        """Return how much of some data passes; less than all is cut off after it."""
        if not self._has_come(moment):
            return data
        way = self._way
        self._count()
        if way.startswith("behind"):
            asyncio.get_running_loop().call_soon(self._cut_all)
            return data
        return data[: self._dice.randrange(len(data))] if way == "within the answer" else b""

    def _has_come(self, moment: str) -> bool:
        if self._cuts_left == 0:
            return False
        self._passing -= 1
        return self._passing < 0 and _WAYS[self._way] == moment

    def _count(self) -> None:
        self.cuts[self._way] += 1
        self._cuts_left -= 1
        self._choose()

    def _choose(self) -> None:
        self._passing = self._dice.randrange(_MOST_PASSING)
        self._way = self._dice.choice(list(_WAYS))
        if self._way == "refused":
            self._cut_all()

    def _cut_all(self) -> None:
        for link in list(self._links):
            link.cut()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._has_come(CONNECTION):
            self._count()
            writer.transport.abort()
            return
        upstream = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        link = _Link(self, (reader, writer), upstream)
        self._links.add(link)
        await link.run()
        self._links.discard(link)


class _Link:
    """One connection of the browser and its other half."""

    def __init__(self, proxy: CuttingProxy, browser: _End, gateway: _End) -> None:
        self._browser = browser
        self._gateway = gateway
        self._pass_on = proxy.pass_on

    def cut(self) -> None:
        for _, writer in (self._browser, self._gateway):
            writer.transport.abort()

    async def run(self) -> None:
        """Pass on both ways until one of them ends."""
        await asyncio.gather(
            self._run(REQUEST, self._browser[0], self._gateway[1]),
            self._run(ANSWER, self._gateway[0], self._browser[1]),
        )

    async def _run(
        self, moment: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await reader.read(65536):
                passed = self._pass_on(moment, data)
                writer.write(passed)
                await writer.drain()
                if len(passed) < len(data):
                    break
        except OSError:
            pass  # whoever was cut off
        self.cut()
