"""The wire: connections that keep a deadline, can be stopped, and check whom they reached.

Layer:   edge.
Quirk:   a socket's timeout is one silence long: a server that sends a byte now and then, in the
         header block or in the body, holds a reader for as long as it likes (urllib3 2.8).
Quirk:   a name may resolve anew between a look and the connection, so the look comes after it.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.edge.addresses import is_private_by_name, is_public, parsed
from pipeline.errors import SourceUnavailable

_SLICE = 0.25  # seconds between two looks at whether we were stopped
_HOSTS = 256  # kept connections; with requests' 10 a night would connect anew all the time


class PrivateAddress(SourceUnavailable):
    """A connection that reached a private network through a public name; says which address."""


@dataclass(slots=True)
class Limits:
    """What holds for one request of this thread, from the connection to the last byte.

    ends:    time.monotonic() when it is over, whatever still comes
    silence: seconds without a byte
    private: hosts that may stand at a private address, beside those whose name says so
    """

    ends: float
    silence: float
    is_stopped: Callable[[], bool]
    private: tuple[str, ...] = ()


LIMITS: ContextVar[Limits] = ContextVar("limits of the request")


def polite_adapter() -> HTTPAdapter:
    """Return the adapter for every host; it does not try again, and threads may share it."""
    adapter = HTTPAdapter(pool_connections=_HOSTS, pool_maxsize=1)
    adapter.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return adapter


class _TimedReader(io.RawIOBase):
    """What a response is read from: every single read looks at the clock."""

    def __init__(self, connected: socket.socket, limits: Limits):
        self._socket = connected
        # It counts as open use of the socket: a connection may be closed before its reply is read.
        self._use = connected.makefile("rb", buffering=0)
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        limits = self._limits
        ends = min(limits.ends, time.monotonic() + limits.silence)
        while (left := ends - time.monotonic()) > 0 and not limits.is_stopped():
            self._socket.settimeout(min(left, _SLICE))
            try:
                return self._socket.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError("timed out")

    def close(self) -> None:
        if not self.closed:
            self._use.close()
        super().close()


class _TimedSocket:
    """What http.client asks for its file."""

    def __init__(self, connected: socket.socket):
        self._socket = connected

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._socket, LIMITS.get()))


def _timed_response(connected: socket.socket, **how: Any) -> HTTPResponse:
    return HTTPResponse(_TimedSocket(connected), **how)  # type: ignore[arg-type]  # its makefile


def _checked(connected: socket.socket, host: str) -> socket.socket:
    """Return a new connection; raise PrivateAddress before a byte is sent to a private one."""
    there = parsed(connected.getpeername()[0])
    if is_public(there) or is_private_by_name(host) or host.lower() in LIMITS.get().private:
        return connected
    connected.close()
    raise PrivateAddress(str(there))


class _HttpConnection(HTTPConnection):
    response_class = staticmethod(_timed_response)  # type: ignore[assignment]  # only called

    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self.host)


class _HttpsConnection(HTTPSConnection):
    response_class = staticmethod(_timed_response)  # type: ignore[assignment]  # only called

    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self.host)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
