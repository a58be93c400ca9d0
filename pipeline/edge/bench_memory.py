"""The most that a stretch of work takes of something: memory of this process and its workers, disk.

Layer:   edge (clock, processes; used by bench_* only).
Quirk:   the kernel keeps the peak of each process, not of all together, so all are asked again
         and again; pages that processes share count for each of them. Without /proc it is this
         process's own peak.
"""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path

_EVERY = 0.05  # seconds
_PROCESSES = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Peak:
    """Use as a context manager; `mb` (10^6 bytes) is the most that was seen at a time."""

    def __init__(self, measure: Callable[[], int] | None = None) -> None:
        self.mb = 0.0
        self._measure = measure or in_memory
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.mb = max(self.mb, self._measure() / 1e6)
            if self._ended.wait(_EVERY):
                return


def in_memory() -> int:
    """Return the bytes in memory of this process and its workers."""
    if not (_PROCESSES / "self/statm").exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    children = [
        child
        for thread in (_PROCESSES / "self/task").glob("*/children")
        for child in _words(thread)
    ]
    return _PAGE * sum(
        int(pages)
        for one in ("self", *children)
        for pages in _words(_PROCESSES / one / "statm")[1:2]
    )


def _words(file: Path) -> list[str]:
    """Return what a file of /proc says; nothing if its process has just ended."""
    try:
        return file.read_text(encoding="ascii").split()
    except OSError:
        return []
