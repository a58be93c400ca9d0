"""Progress on stderr: a bar on a terminal, a plain line now and then anywhere else.

Layer:   edge (terminal, clock).
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

_EVERY = 5.0  # seconds between plain lines


class Progress:
    """Show how far one stage is: use as a context manager, call with (done, total)."""

    def __init__(self, stage: str):
        self.stage = stage
        self._said = 0.0
        self._first: tuple[int, float] | None = None
        self._bar = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                "{task.description}",
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(stage, total=None)

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)
            return
        now = time.monotonic()
        begun, since = self._first = self._first or (done, now)
        if now - self._said >= _EVERY and total:
            self._said = now
            left = seconds_left(done - begun, total - done, now - since)
            so = "" if left is None or done == total else f", {duration(left)} left"
            say(f"{self.stage}: {done:,} of {total:,} ({done / total:.0%}){so}")


def seconds_left(n_done: int, n_left: int, seconds: float) -> float | None:
    """Return how long the rest takes if it goes on as so far, None before anything is done."""
    return seconds * n_left / n_done if n_done > 0 else None


def duration(seconds: float) -> str:
    """Return a time as a person would say it: about 40 s, about 12 min, about 3 h 20 min."""
    if seconds < 90:
        return f"about {seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"about {minutes} min"
    return (
        f"about {minutes // 60} h {minutes % 60} min"
        if minutes < 48 * 60
        else (f"about {minutes // (24 * 60)} days")
    )


def say(line: str) -> None:
    """Write one plain line to stderr."""
    print(line, file=sys.stderr, flush=True)
