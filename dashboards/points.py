"""One estimate with its interval: its tone, its bounds, and how it is said beside its mark.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.measures import Measure
from dashboards.palette import light
from dashboards.words import interval, number, plural


@dataclass(frozen=True)
class Point:
    """One estimate with its 95 % interval; `where` is a source family, `when` a year or "".

    estimate: None for two sources that are not pooled: the interval then holds those of both
    """

    where: str
    estimate: float | None
    low: float | None
    high: float | None
    n_postings: int | None = None
    n_employers: int | None = None
    is_heard: bool = True
    when: str = ""
    verdict: str = ""

    @property
    def bounds(self) -> list[float]:
        """Return the interval's two ends, or nothing where there is no interval."""
        if self.low is None or self.high is None:
            return []
        return [rounded(self.low), rounded(self.high)]

    @property
    def value(self) -> str:
        """Return the estimate and its interval in words."""
        if self.estimate is None:
            return interval(self.low, self.high)
        text = number(self.estimate)
        return f"{text} ({interval(self.low, self.high)})" if self.bounds else text

    @property
    def sample(self) -> str:
        """Return the postings and employers behind it."""
        if self.n_postings is None:
            return "" if self.is_heard else "not counted in"
        # none at all: a source that names no employers
        many = f", {plural(self.n_employers, 'employer')}" if self.n_employers else ""
        alone = "" if self.is_heard else " · not counted in"
        return f"{plural(self.n_postings, 'posting')}{many}{alone}"

    def is_clear(self, measure: Measure) -> bool:
        """Say whether the interval lies on one side of the first line (zero where none is)."""
        line = measure.lines[0][0] if measure.lines else 0.0
        return bool(self.bounds) and not self.bounds[0] <= line <= self.bounds[1]

    def tone(self, measure: Measure) -> str:
        """Return whose lead it shows: a framework's own tone beyond zero, else the neutral one."""
        if measure.leader and self.is_clear(Measure()):
            return light(measure.leader if self.bounds[0] > 0 else measure.trailer)
        return light("mark")


def span_of(points: Sequence[Point], measure: Measure) -> tuple[float, float]:
    """Return an axis range that holds every interval and every line, with a little air."""
    values = [v for p in points for v in (p.low, p.estimate, p.high) if v is not None]
    values += [value for value, _ in measure.lines] or [0.0]
    low, high = min(values), max(values)
    air = 0.06 * (high - low or 1)
    return rounded(low - air), rounded(high + air)


def rounded(value: float) -> float:
    """Return a value as precise as a figure needs it."""
    return round(value, 2)
