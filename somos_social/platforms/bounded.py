"""An answer is whole within its time and its size, however slowly or endlessly it is sent."""

import io
import socket
from http.client import HTTPResponse
from ipaddress import ip_address
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

MOST_BYTES = 8 * 1024 * 1024
"""No answer to our questions is larger, unpacked."""

_BLOCK = 64 * 1024


class TooLarge(requests.RequestException):
    """An answer that goes on and on."""


class _Until(io.RawIOBase):
    """What a socket receives within the time it is given now; then TimeoutError.

    A socket's own timeout begins anew with each byte.
    """

    def __init__(self, taken: socket.socket, received: io.RawIOBase) -> None:
        self._socket = taken
        self._received = received
        patience = taken.gettimeout()
        self._end = None if patience is None else monotonic() + patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> Any:
        if self._end is not None:
            left = self._end - monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._socket.settimeout(left)
        return self._received.readinto(buffer)

    def close(self) -> None:
        self._received.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Until(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Astray(requests.exceptions.InvalidURL):
    """An address that leads into this machine or its own network."""


class _OfTheWorld:
    """A connection that ends before a byte is sent, where it would lead astray.

    A name may lead elsewhere each time it is asked for, so the other end is looked at as well.
    """

    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        for *_, where in socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM):
            _check(str(where[0]))
        opened: socket.socket = super()._new_conn()  # type: ignore[misc]  # it is mixed in
        try:
            _check(str(opened.getpeername()[0]))
        except BaseException:
            opened.close()
            raise
        return opened


def _check(address: str) -> None:
    """Raises Astray unless anybody could reach the address."""
    found = ip_address(address.partition("%")[0])
    if not found.is_global or found.is_multicast:
        raise Astray("it leads into a network that is not public")


class _OpenConnection(_OfTheWorld, _Connection):
    pass


class _OpenSecureConnection(_OfTheWorld, _SecureConnection):
    pass


class _OpenPool(HTTPConnectionPool):
    ConnectionCls = _OpenConnection


class _OpenSecurePool(HTTPSConnectionPool):
    ConnectionCls = _OpenSecureConnection


class Bounded(HTTPAdapter):
    """Reads each answer to its end; raises ReadTimeout, ConnectionError or TooLarge instead.

    A body goes out piece by piece, each with the time that opening a connection has: as one piece,
    a large one would never get through a slow line.
    """

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        body: Any = request.body
        if isinstance(body, bytes):
            request = request.copy()
            request.body = io.BytesIO(body)  # type: ignore[assignment]  # it takes files as well
        response = super().send(request, *args, **kwargs)
        body = bytearray()
        for block in response.iter_content(_BLOCK):
            body += block
            if len(body) > MOST_BYTES:
                response.close()
                raise TooLarge("the answer has no end")
        # Where requests would have put it, had it read without looking at the length.
        response._content = bytes(body)
        return response


class Outward(Bounded):
    """Reaches only what anybody could; raises Astray for this machine and its own network."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _OpenPool, "https": _OpenSecurePool}
