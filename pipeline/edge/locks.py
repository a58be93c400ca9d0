"""Locks: one writer at a time, and long work that gives way to it after every piece.

Layer:   edge (disk). Locks of the kernel: whoever holds one and is killed lets go of it.

    .lock       held by whoever writes the data folder
    .piece      held as well by a piece of long work: a run waits for its end, which is near
    .backfill   held by a whole backfill, so that there is one at a time
"""

from __future__ import annotations

import fcntl
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

from pipeline.errors import Locked

PIECE_SECONDS = 15 * 60.0  # the longest that a run waits for the end of a piece
_LOOK, _GIVE_WAY = 0.05, 0.25  # seconds: whoever looks that often finds the pause between pieces


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, after the end of a piece of long work; raises Locked beside a run."""
    with _opened(folder / ".lock") as lock:
        if not _is_ours(lock):
            with _opened(folder / ".piece") as piece:  # held: no further piece begins
                until = time.monotonic() + PIECE_SECONDS
                while not _is_ours(piece) and time.monotonic() < until:
                    time.sleep(_LOOK)
                if not _is_ours(lock):
                    raise Locked(
                        f"{folder}: another run is writing here; wait for it to end, then run again"
                    )
        yield


@contextmanager
def piece(folder: Path) -> Iterator[None]:
    """Hold the folder's lock for one piece of long work; a run that is under way is waited for."""
    while True:
        with _opened(folder / ".piece") as piece_lock, _opened(folder / ".lock") as lock:
            if _is_ours(piece_lock) and _is_ours(lock):
                yield
                break
        time.sleep(_GIVE_WAY)
    time.sleep(_GIVE_WAY)


@contextmanager
def only_backfill(folder: Path) -> Iterator[None]:
    """Be the only backfill of a folder; raises Locked beside another one."""
    with _opened(folder / ".backfill") as lock:
        if not _is_ours(lock):
            raise Locked(
                f"{folder}: another backfill is under way here; `jobmarket status` says how far it "
                "is, wait for it to end"
            )
        yield


def owner(folder: Path) -> str:
    """Return what tells a data folder from every other, for whoever holds its lock.

    The lock's file keeps an id: the folder may be moved, and another may take its place.
    """
    lock = folder / ".lock"
    if not lock.read_text():
        lock.write_text(uuid4().hex)
    return f"{platform.node()}:{folder.resolve()} ({lock.read_text()[:8]})"


def _opened(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+")


def _is_ours(lock: IO[str]) -> bool:
    """Take a lock if nobody else holds it; it is let go of when the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
