"""Turns: which thread may ask which host when, and for how long a source may take.

Layer:   edge (the clock). All waiting of a run is done here, so that all of it can be stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import OutOfTime, SourceUnavailable

LATER = "what we have of it stays; try again later"
SILENCES = 3  # in a row; then a host is left alone for the rest of the run
_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True)
class _Host:
    """What we know of a host; times are time.monotonic()'s.

    spacing:  seconds between the starts of two requests; None until somebody named a rate
    free_at:  when it may be asked again
    asked_to: when it may be asked again by its own words, a Retry-After
    """

    spacing: float | None = None
    free_at: float = 0.0
    asked_to: float = 0.0
    is_busy: bool = False
    n_silent: int = 0


class Turns:
    """One request at a time and host, spaced by the slowest rate that anybody named for it."""

    def __init__(self) -> None:
        """Start without hosts, budgets and rates."""
        self._changed = Condition()
        self._hosts: dict[str, _Host] = {}
        self._ends: dict[str, tuple[float, float]] = {}
        self._is_stopped = False
        self._in_work: set[Hashable] = set()

    def start(self, source: str, budget: float) -> None:
        """Start a source's clock: it has that many seconds."""
        with self._changed:
            self._ends[source] = (time.monotonic() + budget, budget)

    def stop(self) -> None:
        """End every wait, now and later, with OutOfTime."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def is_stopped(self) -> bool:
        """Tell whether the run was stopped."""
        return self._is_stopped

    def left(self, source: str) -> float:
        """Return the seconds a source still has, without end if it was never started."""
        if self._is_stopped:
            raise OutOfTime(f"{source}: the run was stopped; what was read so far stands")
        ends, budget = self._ends.get(source, (float("inf"), 0.0))
        left = ends - time.monotonic()
        if left <= 0:
            raise self._spent(source, budget)
        return left

    def slow_down(self, url: str, per_second: float) -> None:
        """Let a host be asked at most that often; where two rates are named, the lower holds."""
        with self._changed:
            host = self._host(url)
            host.spacing = max(1 / per_second, host.spacing or 0.0)

    def has_rate(self, url: str) -> bool:
        """Tell whether somebody named a rate for a host."""
        with self._changed:
            return self._host(url).spacing is not None

    def rest(self, url: str, seconds: float, *, asked: bool = False) -> None:
        """Leave a host alone for a while; asked: by its own words."""
        with self._changed:
            host, until = self._host(url), time.monotonic() + seconds
            host.free_at = max(host.free_at, until)
            host.asked_to = max(host.asked_to, until if asked else 0.0)

    def heard(self, url: str, answered: bool) -> None:
        """Count whether a host answered."""
        with self._changed:
            host = self._host(url)
            host.n_silent = 0 if answered else host.n_silent + 1

    @contextmanager
    def turn(self, source: str, url: str, patience: float) -> Iterator[None]:
        """Wait until a host may be asked, and keep it to ourselves for one request.

        Raises SourceUnavailable where it asks to be left alone for longer than `patience`
        seconds or has kept silent, OutOfTime where the source's time would not last.
        """
        with self._changed:
            host = self._host(url)
            while (pause := self._pause(source, url, host, patience)) is not None:
                self._changed.wait(pause)
            host.is_busy = True
            host.free_at = time.monotonic() + (host.spacing or 0.0)
        try:
            yield
        finally:
            with self._changed:
                host.is_busy = False
                self._changed.notify_all()

    def once(self, source: str, known: dict[Any, Any], key: Any, read: Callable[[], Any]) -> Any:
        """Return what is known under a key; one thread reads it, the others wait for it."""
        with self._changed:
            while key not in known and (id(known), key) in self._in_work:
                left = self.left(source)
                self._changed.wait(None if left == float("inf") else left)
            if key in known:
                return known[key]
            self._in_work.add((id(known), key))
        try:
            known[key] = read()
        finally:
            with self._changed:
                self._in_work.discard((id(known), key))
                self._changed.notify_all()
        return known[key]

    def _pause(self, source: str, url: str, host: _Host, patience: float) -> float | None:
        """Return how long to wait before we look again, or None if it is our turn."""
        left = self.left(source)
        now = time.monotonic()
        if host.n_silent >= SILENCES:
            raise SourceUnavailable(
                f"{source}: {root(url)} did not answer {host.n_silent} times in a row, so it is "
                f"not asked again in this run and {url} was not fetched; {LATER}"
            )
        if host.asked_to - now > patience:
            raise SourceUnavailable(
                f"{source}: {root(url)} asks us to wait {host.asked_to - now:.0f} s, we wait at "
                f"most {patience:g} s, so {url} was not fetched; {LATER}"
            )
        pause = host.free_at - now
        if pause >= left:
            raise self._spent(source, self._ends[source][1])
        if pause <= 0 and not host.is_busy:
            return None
        wait = min(left, pause if pause > 0 else float("inf"))
        return 3600.0 if wait == float("inf") else wait  # until the one before us is done

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(root(url), _Host())

    def _spent(self, source: str, budget: float) -> OutOfTime:
        return OutOfTime(
            f"{source}: its time budget of {budget:g} s is spent; what was read so far stands, "
            "raise its budget or let it ask for less"
        )


def root(url: str) -> str:
    """Return a URL's scheme, host and port, the port left out where it is the usual one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{parts.scheme}://{host}" + (
        "" if port in (None, _PORTS.get(parts.scheme)) else f":{port}"
    )
