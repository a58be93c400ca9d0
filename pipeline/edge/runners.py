"""Runners: who does the work of a stage, job by job; each job has three tries, then it is lost.

Layer:   edge (processes). A runner takes jobs and hands back futures; it is the one thing that
         a stage knows of the processes of this machine, or of a cluster (flows/dask_runner.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

from pipeline.edge import workers
from pipeline.edge.disk_space import is_full
from pipeline.errors import PipelineError

log = logging.getLogger(__name__)

Job = tuple[Any, ...]
PAUSES = (1.0, 5.0)  # seconds before the second and third try: what was a hiccup has passed
TRIES = len(PAUSES) + 1


class Runner(Protocol):
    """Runs jobs somewhere else."""

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Start a job; its future ends with what the work returned or raised."""

    def at_once(self, *, last_try: bool) -> int:
        """Return how many jobs to have under way now."""


Opened = Callable[[], AbstractContextManager[Runner]]


class Lost(NamedTuple):
    """A job that failed at every try, and why it did at the last."""

    job: Job
    reason: str


class Processes:
    """The worker processes of this machine."""

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Start a job in a worker."""
        return workers.submit(work, *job)

    def at_once(self, *, last_try: bool) -> int:
        """Return two a worker, and one in the last try.

        A worker that is killed breaks the pool for all that are under way, and none can tell
        whose fault it was: alone, it can only be that one's.
        """
        return 1 if last_try else 2 * workers.count()


@contextmanager
def processes() -> Iterator[Runner]:
    """Run jobs in the worker processes of this machine."""
    yield Processes()


def done(
    runner: Runner, work: Callable[..., Any], jobs: Iterable[Job], lost: list[Lost]
) -> Iterator[Any]:
    """Yield the result of each job as it is done; those that failed three times go into `lost`.

    What another try cannot help is raised at once: an error of ours, and a full disk.
    """
    for number in range(1, TRIES + 1):
        failed: list[Lost] = []
        for job, future in _ended(runner, work, jobs, last_try=number == TRIES):
            error = _error_of(future)
            if error is None:
                yield future.result()
            elif isinstance(error, PipelineError) or is_full(error):
                raise error
            else:
                failed.append(Lost(job, _in_a_line(error)))
        if not failed:
            return
        jobs = [one.job for one in failed]
        log.info("%d jobs failed at try %d; one: %s", len(failed), number, failed[0].reason)
        if number < TRIES:
            time.sleep(PAUSES[number - 1])
    lost += failed


def _ended(
    runner: Runner, work: Callable[..., Any], jobs: Iterable[Job], *, last_try: bool
) -> Iterator[tuple[Job, Future[Any]]]:
    """Yield each job with its future when that has ended, whether well or not."""
    under_way: dict[Future[Any], Job] = {}
    try:
        for job in jobs:
            under_way[runner.submit(work, job)] = job
            while len(under_way) >= runner.at_once(last_try=last_try):
                yield from _first_of(under_way)
        while under_way:
            yield from _first_of(under_way)
    finally:
        for future in under_way:
            future.cancel()


def _first_of(under_way: dict[Future[Any], Job]) -> list[tuple[Job, Future[Any]]]:
    """Wait until something ends, and take out all that has."""
    ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
    return [(under_way.pop(future), future) for future in ended]


def _error_of(future: Future[Any]) -> BaseException | None:
    if future.cancelled():
        return PipelineError(
            "the cluster that the work was given to is gone; what it finished is kept: "
            "start it again, then run again"
        )
    return future.exception()


def _in_a_line(error: BaseException) -> str:
    """Return what an error says, on one line and not for ever."""
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return words if len(words) <= 300 else f"{words[:297]}..."
