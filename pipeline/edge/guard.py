"""A guard beside a run that nobody watches: it ends one that hangs, and speaks for one that died.

Layer:   edge (processes, signals, clock). The guard is a process of its own, since a run that
         hangs in compiled code, or was killed for want of memory, can do neither itself.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the guard itself starts within a moment: it loads them when it must speak
    from datetime import datetime

    from pipeline.edge.settings import Settings

GRACE = 60.0  # seconds for a run to end by itself once its time is spent
_LONGEST = 30 * 86_400.0  # seconds: select takes no endless ones
_ENDED = b"ended\n"


class _TimeSpent(BaseException):
    """Raised in the run when its time is spent; no handler of errors on the way up takes it."""


@contextmanager
def night(
    settings: Settings, *after: Callable[[Settings, str], None], now: datetime | None = None
) -> Iterator[str]:
    """Open a run, guard it, and tell of it when it has ended; yields its id.

    after: called at last with settings and id, whatever became of the run
    now:   when it began, if not now
    """
    from pipeline.edge import notify, runs

    told = (notify.tell, *after)
    with runs.running(settings, after=told, now=now) as run_id, guarded(settings, run_id):
        yield run_id


@contextmanager
def guarded(settings: Settings, run_id: str, grace: float = GRACE) -> Iterator[None]:
    """Let a guard watch this process; raises PipelineError when the time budget is spent."""
    from pipeline.edge import workers
    from pipeline.errors import PipelineError

    hours = settings.time_budget_hours
    config = settings.config.resolve() if settings.config else ""
    known = [settings.data.resolve(), config, run_id, os.getpid(), hours * 3600, grace]
    guard = subprocess.Popen(
        [sys.executable, "-m", "pipeline.edge.guard", *map(str, known)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the run
    )
    try:
        with _interruptible():
            yield
    except _TimeSpent:
        workers.stop()  # one of them may be what hangs
        raise PipelineError(_over(settings, run_id, "was ended")) from None
    finally:
        with suppress(BrokenPipeError):
            guard.communicate(_ENDED)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn the guard's signal into _TimeSpent; outside the main thread the run just dies of it."""

    def spent(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # once is enough
        raise _TimeSpent

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGUSR1, spent)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def _over(settings: Settings, run_id: str, how: str) -> str:
    return (
        f"the run was still under way after its time budget of {settings.time_budget_hours:g} "
        f"hours and {how}; what is done stays done; see what it waits for in runs/{run_id}.json, "
        "or raise time_budget_hours in the config"
    )


def watch(data: str, config: str, run_id: str, process: int, seconds: float, grace: float) -> None:
    """Wait for a run to end, end it when its time is spent, and speak for it if it cannot."""
    # systemd sends it to what is left of a unit whose main process died; the guard ends by itself
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if _waited(seconds or _LONGEST):
        if not sys.stdin.readline():
            _speak(data, config, run_id, lambda settings: _LOST)
        return
    os.kill(process, signal.SIGUSR1)  # it lives: its end of the pipe is open
    if _waited(grace) and sys.stdin.readline():
        return
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    _speak(data, config, run_id, lambda settings: _over(settings, run_id, "had to be killed"))


_LOST = (
    "its process ended without a word: killed by somebody, or by the kernel for want of memory "
    "(`journalctl -k`); what is done stays done"
)


def _waited(seconds: float) -> bool:
    """Return whether the run said something or hung up within so many seconds."""
    return bool(select.select([sys.stdin], [], [], seconds)[0])


def _speak(data: str, config: str, run_id: str, words: Callable[[Settings], str]) -> None:
    """Close the log of a run that cannot do so itself, and tell of it."""
    from pipeline.edge import notify, runs
    from pipeline.edge.settings import read_settings

    settings = read_settings(data, config or None)
    if runs.outcome(settings, run_id)["status"] == "running":
        runs.finish(settings, run_id, "failed", words(settings))
        notify.tell(settings, run_id)


if __name__ == "__main__":
    folder, file, run, number, budget, patience = sys.argv[1:]
    watch(folder, file, run, int(number), float(budget), float(patience))
