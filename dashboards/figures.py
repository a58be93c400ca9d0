"""A claim's two figures: a forest of source families, and a timeline of strips, one per family.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.drawing import Drawing, Figure, axis_title
from dashboards.measures import Measure
from dashboards.palette import light
from dashboards.words import interval, name_of, number, plural

ROW = 68  # pixels a row of a forest takes: two lines of label above the interval
STRIP = 118  # pixels a family's strip of a timeline takes, its name included
NAME = 26  # pixels of those that the name takes
MOST_STRIPS = 8  # more would be a wall of single dots; the table beside it holds every family


@dataclass(frozen=True)
class Point:
    """One estimate with its 95 % interval; `where` is a source family, `when` a year or ""."""

    where: str
    estimate: float
    low: float | None
    high: float | None
    n_postings: int | None = None
    n_employers: int | None = None
    is_heard: bool = True
    when: str = ""


def forest(div_id: str, points: Sequence[Point], pooled: Point | None, measure: Measure) -> Figure:
    """Draw one row per source family, and the pooled estimate as a diamond below them.

    A family that the verdict does not rest on is hollow. Labels stand above their row, so that
    the figure reads on a phone and on paper, and no number needs hovering.
    """
    n_rows = len(points) + (pooled is not None)
    drawing = Drawing()
    for position, point in enumerate(points):
        y = n_rows - 1 - position
        tone = _tone(point, measure)
        if bounds := _bounds(point):
            drawing.whisker(bounds, [y, y], tone)
        size = round(8 + min(8.0, math.sqrt(point.n_employers or 0) / 4), 1)
        drawing.point((_rounded(point.estimate), y), tone, point.is_heard, size)
        drawing.row_label(y, name_of(point.where), _sample(point), _value(point))
    if pooled is not None:
        _diamond(drawing, pooled, _tone(pooled, measure))
        drawing.row_label(0, "<b>Pooled</b>", _sample(pooled), _value(pooled))
    low, high = _span([*points, *([pooled] if pooled else [])], measure)
    for value, meaning in measure.lines:
        drawing.rule([value, value], [0, 1], "paper", is_solid=value == 0)
        # The words stay inside the axis: they lie on the side that has more room.
        side = "right" if value - low > high - value else "left"
        drawing.faint(meaning, value, 1, xref="x", yref="paper", xanchor=side, yanchor="bottom")
    label = plural(len(points), "source family", "source families")
    return drawing.finish(
        div_id,
        28 + ROW * n_rows + 40,
        f"Forest plot of {label}" + (f"; pooled {_value(pooled)}." if pooled else "."),
        xaxis={"range": [low, high], "title": axis_title(measure.unit)},
        yaxis={"visible": False, "range": [-0.35, n_rows - 0.35]},
        margin={"l": 2, "r": 2, "t": 28, "b": 40},
    )


def timeline(div_id: str, points: Sequence[Point], measure: Measure) -> Figure:
    """Draw a strip per source family over a shared axis of years, of the longest histories."""
    by_family: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda p: (p.where, int(p.when))):
        by_family.setdefault(point.where, []).append(point)
    families = sorted(by_family, key=lambda f: (-len(by_family[f]), -_size(by_family[f]), f))
    points = [p for family in families[:MOST_STRIPS] for p in by_family[family]]
    families = families[:MOST_STRIPS]
    years = sorted({int(p.when) for p in points})
    first, last = years[0] - 0.6, years[-1] + 0.6
    low, high = _span(points, measure)
    each = 1 / len(families)
    drawing = Drawing()
    axes: dict[str, Any] = {}
    for index, family in enumerate(families):
        y = f"y{index + 1 if index else ''}"
        top = 1 - index * each - each * NAME / STRIP
        domain = [round(max(0.0, 1 - (index + 1) * each), 4), round(top, 4)]
        axes[f"yaxis{y[1:]}"] = {"domain": domain, "range": [low, high], "nticks": 4}
        _strip(drawing, by_family[family], measure, y)
        drawing.text(f"<b>{name_of(family)}</b>", 0, top, yref="paper", yanchor="bottom")
        for value, _ in measure.lines:
            drawing.rule([first, last], [value, value], y, is_solid=value == 0)
    place = {"range": [first, last], "anchor": "free", "position": 0, "tickformat": "d"}
    steps = {"dtick": 1 if len(years) < 9 else 2, "tick0": years[-1], "tickangle": 0}
    label = f"{plural(len(families), 'source family', 'source families')}, {years[0]}–{years[-1]}"
    return drawing.finish(
        div_id,
        STRIP * len(families) + 34,
        f"Estimates by year: {label}.",
        xaxis=place | steps,
        margin={"l": 40, "r": 8, "t": 4, "b": 30},
        **axes,
    )


def _strip(drawing: Drawing, points: Sequence[Point], measure: Measure, y: str) -> None:
    # Neighbouring years are joined; a year without enough postings leaves a gap.
    by_year = {int(p.when): p for p in points}
    span = range(min(by_year), max(by_year) + 1)
    path = [_rounded(by_year[year].estimate) if year in by_year else None for year in span]
    if len(points) > 1:
        drawing.line(list(span), path, light("edge"), width=1, yaxis=y)
    for year, point in by_year.items():
        tone, bounds = _tone(point, measure), _bounds(point)
        if bounds:
            drawing.whisker([year, year], bounds, tone, y)
        drawing.point((year, _rounded(point.estimate)), tone, _is_clear(point, measure), 8, y)


def _size(points: Sequence[Point]) -> int:
    return sum(point.n_postings or 0 for point in points)


def _diamond(drawing: Drawing, point: Point, tone: str) -> None:
    middle = _rounded(point.estimate)
    low, high = _bounds(point) or [middle, middle]
    x, y = [low, middle, high, middle, low], [0, 0.16, 0, -0.16, 0]
    drawing.line(x, y, tone, fill="toself", fillcolor=tone)


def _tone(point: Point, measure: Measure) -> str:
    """Return whose lead an interval shows: a framework's own tone beyond zero, else neutral."""
    if measure.leader and _is_clear(point, Measure()):
        return light(measure.leader if point.estimate > 0 else measure.trailer)
    return light("mark")


def _is_clear(point: Point, measure: Measure) -> bool:
    """Say whether the interval lies on one side of the first line (zero where none is named)."""
    line = measure.lines[0][0] if measure.lines else 0.0
    bounds = _bounds(point)
    return bool(bounds) and not bounds[0] <= line <= bounds[1]


def _bounds(point: Point) -> list[float]:
    """Return the interval's two ends, or nothing where there is no interval."""
    if point.low is None or point.high is None:
        return []
    return [_rounded(point.low), _rounded(point.high)]


def _span(points: Sequence[Point], measure: Measure) -> tuple[float, float]:
    """Return an axis range that holds every interval and every line, with a little air."""
    values = [v for p in points for v in (p.low, p.estimate, p.high) if v is not None]
    values += [value for value, _ in measure.lines] or [0.0]
    low, high = min(values), max(values)
    air = 0.06 * (high - low or 1)
    return _rounded(low - air), _rounded(high + air)


def _value(point: Point) -> str:
    text = number(point.estimate)
    return f"{text} ({interval(point.low, point.high)})" if _bounds(point) else text


def _sample(point: Point) -> str:
    if point.n_postings is None:
        return ""
    many = f", {plural(point.n_employers, 'employer')}" if point.n_employers is not None else ""
    alone = "" if point.is_heard else " · not counted in"
    return f"{plural(point.n_postings, 'posting')}{many}{alone}"


def _rounded(value: float) -> float:
    return round(value, 2)
