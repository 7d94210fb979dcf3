"""No test leaves this machine: the guard that all others rely on."""

import socket
from pathlib import Path

import pytest

from tests.conftest import NetworkIsClosed


@pytest.mark.parametrize("verb", ["connect", "connect_ex"])
@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("192.0.2.1", 443)),
        (socket.AF_INET, ("graph.facebook.com", 443)),
        (socket.AF_INET6, ("2001:db8::1", 443, 0, 0)),
        (socket.AF_INET6, ("fe80::1%eth0", 443, 0, 2)),
    ],
)
def test_what_is_far_is_out_of_reach(
    family: socket.AddressFamily, address: tuple[str, int], verb: str
) -> None:
    with socket.socket(family) as far, pytest.raises(NetworkIsClosed, match="tried to reach"):
        getattr(far, verb)(address)


def test_loopback_is_near() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        assert near.getpeername() == server.getsockname()


def test_a_unix_socket_is_near(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as near:
        server.bind(str(tmp_path / "s"))
        server.listen()
        near.connect(str(tmp_path / "s"))
