"""All sources at once: a thread each, none waits for another, and one that hangs is left behind.

Layer:   edge (threads, clock).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import TypeVar

from pipeline.edge.fetch import Fetcher
from pipeline.errors import SourceUnavailable

_LEFT = "what we have of it stays; raise `budget` in the config if it needs more"
Ended = TypeVar("Ended")


def all_at_once(
    fetcher: Fetcher,
    jobs: Mapping[str, Callable[[], Ended]],
    budgets: Mapping[str, float],
    grace: float = 30.0,
) -> Iterator[tuple[str, float, Ended | BaseException]]:
    """Yield (source, seconds, result or error) as the jobs end; none waits for another one.

    grace: seconds beyond its budget that a job gets to end by itself; then it is left behind.
    This thread only waits, so that Ctrl-C reaches it wherever the others are.
    """
    pool = ThreadPoolExecutor(len(jobs), thread_name_prefix="source")
    began = monotonic()
    waiting: dict[Future[Ended], str] = {
        pool.submit(_started, fetcher, name, job): name for name, job in jobs.items()
    }
    try:
        while waiting:
            done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            spent = monotonic() - began
            for one in done:
                yield waiting.pop(one), spent, one.exception() or one.result()
            for one, name in list(waiting.items()):
                if spent > budgets[name] + grace:
                    del waiting[one]
                    why = f"{name}: did not end within its {budgets[name]:g} s; {_LEFT}"
                    yield name, spent, SourceUnavailable(why)
    finally:
        if waiting:
            fetcher.stop()
        pool.shutdown(wait=False, cancel_futures=True)


def _started(fetcher: Fetcher, name: str, job: Callable[[], Ended]) -> Ended:
    fetcher.start(name)
    return job()
