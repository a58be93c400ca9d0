"""Runners: who does the work of a stage, job by job; each job has three tries, then it is lost.

Layer:   edge (processes). A runner takes jobs and hands back futures; it is the one thing that
         a stage knows of the processes of this machine, or of a cluster (flows/dask_runner.py).
"""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

from pipeline.edge import workers
from pipeline.edge.disk_space import is_full
from pipeline.errors import PipelineError

log = logging.getLogger(__name__)

Job = tuple[Any, ...]
PAUSES = (1.0, 5.0)  # seconds before the second and third try: what was a hiccup has passed
TRIES = len(PAUSES) + 1
LOOK = 10.0  # seconds after which to look whether anybody is there to end a job
PATIENCE = 300.0  # seconds for somebody to come back: a machine may have to be rented


class Runner(Protocol):
    """Runs jobs somewhere else.

    deaths:  what a future ends with whose worker died, or one beside it
    waiting: what to say, and to do, where nobody is there
    """

    deaths: tuple[type[BaseException], ...]
    waiting: str

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Start a job; its future ends with what the work returned or raised."""

    def at_once(self) -> int:
        """Return how many jobs to have under way now, 0 where nobody is there to do any."""


Opened = Callable[[], AbstractContextManager[Runner]]


class Lost(NamedTuple):
    """A job that failed at every try, and why it did at the last."""

    job: Job
    reason: str


class Processes:
    """The worker processes of this machine."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)
    waiting = "no worker process is there"

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Start a job in a worker."""
        return workers.submit(work, *job)

    def at_once(self) -> int:
        """Return two a worker."""
        return 2 * workers.count()


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
    alone: list[Job] = []
    for number in range(1, TRIES + 1):
        failed: list[Lost] = []
        died: list[Lost] = []
        for job, future in itertools.chain(
            _ended(runner, work, jobs), _ended(runner, work, alone, most=1)
        ):
            error = _error_of(future)
            if error is None:
                yield future.result()
            elif isinstance(error, PipelineError) or is_full(error):
                raise error
            else:
                among = died if isinstance(error, runner.deaths) else failed
                among.append(Lost(job, _in_a_line(error)))
        if not failed and not died:
            return
        if number < TRIES:
            log.info("%d jobs failed at try %d; one: %s", len(failed + died), number,
                     (failed + died)[0].reason)  # fmt: skip
            time.sleep(PAUSES[number - 1])
        jobs, alone = [one.job for one in failed], [one.job for one in died]
        if number < TRIES - 1:
            # each alone in the last try: of what died together none can tell whose fault it was
            jobs, alone = [*jobs, *alone], []
    lost += [*failed, *died]


def _ended(
    runner: Runner, work: Callable[..., Any], jobs: Iterable[Job], most: float = math.inf
) -> Iterator[tuple[Job, Future[Any]]]:
    """Yield each job with its future when that has ended, whether well or not.

    most: how many to have under way, if the runner would take more
    """
    under_way: dict[Future[Any], Job] = {}
    try:
        for job in jobs:
            under_way[runner.submit(work, job)] = job
            while len(under_way) >= max(1, min(most, runner.at_once())):
                yield from _first_of(under_way, runner)
        while under_way:
            yield from _first_of(under_way, runner)
    finally:
        for future in under_way:
            future.cancel()


def _first_of(under_way: dict[Future[Any], Job], runner: Runner) -> list[tuple[Job, Future[Any]]]:
    """Wait until something ends, and take out all that has.

    Raises PipelineError where nobody was there for so long that nothing can end.
    """
    nobody_since = None
    while True:
        ended, _ = wait(under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
        if ended:
            return [(under_way.pop(future), future) for future in ended]
        if runner.at_once():
            nobody_since = None
        elif nobody_since is None:
            nobody_since = time.monotonic()
            log.warning("%s; waiting for %g minutes", runner.waiting, PATIENCE / 60)
        elif time.monotonic() - nobody_since > PATIENCE:
            raise PipelineError(
                f"{runner.waiting}, then run again; none came within {PATIENCE / 60:g} minutes, "
                "and what was finished is kept"
            )


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
