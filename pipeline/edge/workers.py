"""A pool of processes for the work that is heavy in Python: parsing and extraction.

Layer:   edge (processes). One pool a process, started when first needed; each worker holds half a
         gigabyte, the lexicon and the gazetteer, until `end`.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from typing import Any

from pipeline.errors import WorkerLost


def count() -> int:
    """Return how many workers to run: the cores this process may use, at most 8."""
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)


@cache
def _pool() -> ProcessPoolExecutor:
    # spawn: a forked child would inherit DuckDB's and Prefect's threads and locks half-way
    pool = ProcessPoolExecutor(
        count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
        initargs=(os.getpid(),),
    )
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)
    return pool


def end() -> None:
    """Let the workers end, for the memory they hold; the next job starts others."""
    if not _pool.cache_info().currsize:
        return
    pool = _pool()
    _pool.cache_clear()
    atexit.unregister(pool.shutdown)
    # waited for, though it takes half a second: a process that ends meanwhile might hang
    pool.shutdown()


def stop() -> None:
    """End the workers now, whatever they are at; the next job starts others."""
    _pool.cache_clear()
    for worker in multiprocessing.active_children():
        worker.kill()


def _end_with_parent(parent: int) -> None:
    """End this worker when its parent is killed: nobody else would. Ctrl-C is for the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def submit(work: Callable[..., Any], *job: Any) -> Future[Any]:
    """Start one job; where a worker was killed, which ends them all, in new workers."""
    try:
        return _pool().submit(work, *job)
    except BrokenProcessPool:
        _pool.cache_clear()
        return _pool().submit(work, *job)


def _submit_beside(
    waiting: Collection[Future[Any]], work: Callable[..., Any], job: tuple[Any, ...]
) -> Future[Any]:
    """Start one job; a pool that broke while none of ours was under way is no loss of ours."""
    return (_pool().submit if waiting else submit)(work, *job)


@contextmanager
def _losses_told() -> Iterator[None]:
    """Say in one line that a worker was killed, and let the next job start others."""
    try:
        yield
    except BrokenProcessPool:
        _pool.cache_clear()
        raise WorkerLost(
            "a worker process was killed, often by the kernel for want of memory; what the others "
            "finished is kept: run again, with fewer cores (`taskset -c 0`) if it happens again"
        ) from None


def run(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the result of each job as it is done; at most two a worker wait in memory."""
    waiting: set[Future[Any]] = set()
    with _losses_told():
        for job in jobs:
            waiting.add(_submit_beside(waiting, work, job))
            if len(waiting) >= 2 * count():
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


def run_in_order(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the result of each job in the jobs' order; at most three a worker are under way."""
    waiting: deque[Future[Any]] = deque()
    with _losses_told():
        for job in jobs:
            waiting.append(_submit_beside(waiting, work, job))
            if len(waiting) >= 3 * count():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
