"""The limits of one question: how long it may take, and how much memory.

Layer:   edge (clock, threads).
Quirk:   the database's own memory limit does not see the texts a query makes (`repeat`), and a
         single function call (`levenshtein` of two long texts) cannot be interrupted; so the
         process itself is limited too, and a caller may say how to give up (DuckDB 1.5).
"""

from __future__ import annotations

import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

SECONDS = 60.0
MEMORY = "2GB"
MARGIN = 2 << 30  # of addresses beyond the database's own limit: threads, texts, the result
_GRACE = 3.0  # seconds that an interrupted query may take to stop
_STEP = 0.1
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


class Clock:
    """Whether a question's time is up."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.is_up = False

    def __str__(self) -> str:
        return (
            f"expected an answer within {self.seconds:g} s, saw none; narrow the query, "
            "or give it longer with --timeout"
        )


@contextmanager
def limited_time(
    connection: duckdb.DuckDBPyConnection,
    seconds: float,
    give_up: Callable[[str], object] | None = None,
) -> Iterator[Clock]:
    """Interrupt what runs on a connection after so long; 0 is for ever.

    give_up: called with a sentence if the interrupted query does not stop either
    """
    clock = Clock(seconds)
    ended = threading.Event()

    def watch() -> None:
        if ended.wait(seconds):
            return
        clock.is_up = True
        for _ in range(int(_GRACE / _STEP)):
            connection.interrupt()
            if ended.wait(_STEP):
                return
        if give_up is not None:
            give_up(f"sql: {clock}")

    watcher = threading.Thread(target=watch, daemon=True)
    if seconds > 0:
        watcher.start()
    try:
        yield clock
    finally:
        ended.set()
        if seconds > 0:
            watcher.join()


@contextmanager
def limited_memory(limit: str) -> Iterator[None]:
    """Let this process take no more addresses than a limit such as 2GB and a margin (Linux)."""
    held = _addresses()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = held + _bytes(limit) + MARGIN
    if held == 0 or (soft != resource.RLIM_INFINITY and soft <= most):
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _addresses() -> int:
    """Return how many bytes of addresses this process holds; 0 where nobody says."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _bytes(limit: str) -> int:
    number = limit.rstrip("BKMGIbkmgi ")
    return int(float(number) * _UNITS.get(limit[len(number) :].strip().upper() or "B", 10**9))
