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
        if now - self._said >= _EVERY and total:
            self._said = now
            say(f"{self.stage}: {done:,} of {total:,} ({done / total:.0%})")


def say(line: str) -> None:
    """Write one plain line to stderr."""
    print(line, file=sys.stderr, flush=True)
