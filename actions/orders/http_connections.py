"""Connections on which nothing is read past the deadline of the call.

The time-outs of `requests` count anew with every byte, so that a server which sends one byte a
second would never be given up.
"""

from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from actions.orders.deadline import current_deadline


class _TimedReader(RawIOBase):
    """Reads from a socket, each time with what is left of the deadline."""

    def __init__(self, stream: RawIOBase, connection: socket) -> None:
        self._stream = stream
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        deadline = current_deadline()
        if deadline is not None:
            if deadline.remaining_s <= 0:
                raise TimeoutError("the deadline of the call has passed")
            self._connection.settimeout(deadline.remaining_s)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """What `http.client` reads status, headers and body with."""

    def __init__(self, sock: socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp: BufferedReader = BufferedReader(_TimedReader(self.fp.detach(), sock))


class _TimedConnection(HTTPConnection):
    response_class = _TimedResponse


class _TimedTlsConnection(HTTPSConnection):
    response_class = _TimedResponse


class _TimedPool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _TimedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTlsConnection


_POOLS: Final = {"http": _TimedPool, "https": _TimedTlsPool}


class DeadlineAdapter(HTTPAdapter):
    """Keeps connections open between calls, and ends each call by its deadline."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager
