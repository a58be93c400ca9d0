"""What every test may rely on: no network beyond loopback; the folder of real postings."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
_LOOPBACK = ("127.", "::1", "localhost")

# a shell has what runs in its background ignore Ctrl-C; what the tests start must hear it
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection but those to loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture
def shared() -> Path:
    """Return the folder beside the project that holds real postings; skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real postings is not beside this checkout")
    return SHARED
