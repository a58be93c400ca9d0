"""A claim over the years: one strip per source family, with the day on which a lead turned.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.drawing import Drawing, Figure
from dashboards.measures import Measure
from dashboards.palette import light
from dashboards.points import Point, rounded, span_of
from dashboards.site_data import Row
from dashboards.words import day_name, month_name, name_of, plural

STRIP = 122  # pixels a family's strip of a timeline takes, its name included
NAME = 30  # pixels of those that the name takes
MOST_STRIPS = 8  # more would be a wall of single dots; the table beside it holds every family


@dataclass(frozen=True)
class Flip:
    """The day on which a lead changed sides within one source family, with its 95 % interval."""

    where: str
    crossed_on: str
    low: str
    high: str
    was_above: bool
    crossing_pct: float | None = None

    def words(self, measure: Measure) -> str:
        """Return when it turned and from whom to whom."""
        sides = [name_of(measure.leader), name_of(measure.trailer)]
        if not self.was_above:
            sides.reverse()
        named = f"from {sides[0]} to {sides[1]}" if measure.leader else "to the other side"
        held = (
            f"; it turned in {self.crossing_pct:.0f} of 100 draws of the employers"
            if self.crossing_pct is not None
            else ""
        )
        return (
            f"{name_of(self.where)}: the lead went {named} in {month_name(self.crossed_on)} "
            f"(95 % interval {day_name(self.low)} to {day_name(self.high)}{held})."
        )


def flip_of(row: Row) -> Flip:
    """Return the flip of a row of claim.flips."""
    return Flip(
        where=str(row["source_family"]),
        crossed_on=str(row["crossed_on"]),
        low=str(row.get("ci_low") or row["crossed_on"]),
        high=str(row.get("ci_high") or row["crossed_on"]),
        was_above=bool(row.get("above_before")),
        crossing_pct=row.get("crossing_pct"),
    )


def timeline(
    div_id: str, points: Sequence[Point], measure: Measure, flips: Sequence[Flip] = ()
) -> Figure:
    """Draw a strip per source family over a shared axis of years, of the longest histories."""
    turned = {flip.where: flip for flip in flips}
    by_family = _longest(points, turned)
    points = [point for family in by_family.values() for point in family]
    years = sorted({int(p.when) for p in points})
    first, last = years[0] - 0.6, years[-1] + 0.6
    low, high = span_of(points, measure)
    each = 1 / len(by_family)
    drawing = Drawing()
    axes: dict[str, Any] = {}
    for index, (family, found) in enumerate(by_family.items()):
        y = f"y{index + 1 if index else ''}"
        top = 1 - index * each - each * NAME / STRIP
        domain = [round(max(0.0, 1 - (index + 1) * each), 4), round(top, 4)]
        axes[f"yaxis{y[1:]}"] = {"domain": domain, "range": [low, high], "nticks": 4}
        drawing.text(f"<b>{name_of(family)}</b>", 0, top, yref="paper", yanchor="bottom")
        if family in turned:
            _turn(drawing, turned[family], f"{y} domain", (first, last), top)
        _strip(drawing, found, measure, y)
        for value, _ in measure.lines:
            drawing.rule([first, last], [value, value], y, is_solid=value == 0)
    place = {"range": [first, last], "anchor": "free", "position": 0, "tickformat": "d"}
    steps = {"dtick": 1 if len(years) < 9 else 2, "tick0": years[-1], "tickangle": 0}
    label = f"{plural(len(by_family), 'source family', 'source families')}, {years[0]}–{years[-1]}"
    return drawing.finish(
        div_id,
        STRIP * len(by_family) + 34,
        " ".join([f"Estimates by year: {label}.", *(flip.words(measure) for flip in flips)]),
        xaxis=place | steps,
        margin={"l": 40, "r": 8, "t": 4, "b": 30},
        **axes,
    )


def _longest(points: Sequence[Point], turned: Mapping[str, Flip]) -> dict[str, list[Point]]:
    """Return the points of the families that are drawn; one whose lead turned goes first."""
    by_family: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda p: (p.where, int(p.when))):
        by_family.setdefault(point.where, []).append(point)
    order = sorted(
        by_family,
        key=lambda f: (
            f not in turned,
            -len(by_family[f]),
            -sum(point.n_postings or 0 for point in by_family[f]),
            f,
        ),
    )
    return {family: by_family[family] for family in order[:MOST_STRIPS]}


def _turn(drawing: Drawing, flip: Flip, y: str, ends: tuple[float, float], top: float) -> None:
    """Shade the days on which the lead may have turned, and mark the likeliest."""
    low, high = (min(max(_place(day), ends[0]), ends[1]) for day in (flip.low, flip.high))
    drawing.area([low, high], [0, 1], y)
    at = _place(flip.crossed_on)
    drawing.rule([at, at], [0, 1], y, is_solid=True)
    said = f"lead turned {month_name(flip.crossed_on)}"
    drawing.faint(said, 1, top, yref="paper", xanchor="right", yanchor="bottom")


def _place(day: str) -> float:
    """Return where a day lies on an axis on which a year's mark stands at its middle."""
    when = date.fromisoformat(day)
    return rounded(when.year + (when - date(when.year, 1, 1)).days / 365 - 0.5)


def _strip(drawing: Drawing, points: Sequence[Point], measure: Measure, y: str) -> None:
    # Neighbouring years are joined; a year without enough postings leaves a gap.
    by_year = {int(p.when): (rounded(p.estimate or 0.0), p) for p in points}
    span = range(min(by_year), max(by_year) + 1)
    path = [by_year[year][0] if year in by_year else None for year in span]
    if len(points) > 1:
        drawing.line(list(span), path, light("edge"), width=1, yaxis=y)
    for year, (at, point) in by_year.items():
        tone = point.tone(measure)
        if point.bounds:
            drawing.whisker([year, year], point.bounds, tone, y)
        drawing.point((year, at), tone, point.is_clear(measure), 8, y)
