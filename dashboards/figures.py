"""A claim's figures of intervals: a forest of source families, and a strip of other choices.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboards.drawing import Drawing, Figure, axis_title
from dashboards.measures import Measure
from dashboards.palette import light
from dashboards.points import Point, rounded, span_of
from dashboards.words import name_of, plural

ROW = 68  # pixels a row of a forest takes: two lines of label above the interval
LINE = 44  # pixels a row of a strip takes: one line of label above the interval


def forest(
    div_id: str,
    points: Sequence[Point],
    pooled: Point | None,
    measure: Measure,
    pool_name: str = "Pooled",
) -> Figure:
    """Draw one row per source family, and the pooled estimate as a diamond below them.

    A family that the verdict does not rest on is hollow. Labels stand above their row, so that
    the figure reads on a phone and on paper, and no number needs hovering.
    """
    n_rows = len(points) + (pooled is not None)
    drawing = Drawing()
    for position, point in enumerate(points):
        y = n_rows - 1 - position
        _mark(drawing, point, y, point.tone(measure), is_filled=point.is_heard)
        drawing.row_label(y, name_of(point.where), point.value, point.sample)
    if pooled is not None:
        _diamond(drawing, pooled, pooled.tone(measure))
        drawing.row_label(0, f"<b>{pool_name}</b>", pooled.value, pooled.sample)
    span = _lines(drawing, [*points, *([pooled] if pooled else [])], measure)
    label = plural(len(points), "source family", "source families")
    return drawing.finish(
        div_id,
        28 + (ROW if any(point.sample for point in points) else LINE) * n_rows + 40,
        f"Forest plot of {label}" + (f"; {pool_name.lower()} {pooled.value}." if pooled else "."),
        xaxis={"range": span, "title": axis_title(measure.axis)},
        yaxis={"visible": False, "range": [-0.35, n_rows - 0.35]},
        margin={"l": 2, "r": 2, "t": 28, "b": 40},
    )


def strip(
    div_id: str, points: Sequence[Point], measure: Measure, label: str, band: Point | None = None
) -> Figure:
    """Draw one row per choice; `where` is its name as it stands, its tone is its verdict's.

    band: the headline, whose interval is shaded behind all rows; a row whose verdict is another
    one is hollow. Without it every row is filled.
    """
    n_rows = len(points)
    drawing = Drawing()
    if band is not None and band.bounds:
        drawing.area(band.bounds, [0, 1])
    for position, point in enumerate(points):
        y = n_rows - 1 - position
        tone = light(point.verdict) if point.verdict in _TONED else light("mark")
        is_filled = band is None or point.verdict == band.verdict
        _mark(drawing, point, y, tone, is_filled=is_filled)
        is_first = band is not None and position == 0
        drawing.row_label(y, f"<b>{point.where}</b>" if is_first else point.where, point.value)
    span = _lines(drawing, points, measure)
    return drawing.finish(
        div_id,
        28 + LINE * n_rows + 40,
        label,
        xaxis={"range": span, "title": axis_title(measure.axis), "showgrid": False},
        yaxis={"visible": False, "range": [-0.4, n_rows - 0.4]},
        margin={"l": 2, "r": 2, "t": 28, "b": 40},
    )


_TONED = ("supported", "contradicted", "inconclusive")


def _mark(drawing: Drawing, point: Point, y: float, tone: str, *, is_filled: bool) -> None:
    if point.bounds:
        drawing.whisker(point.bounds, [y, y], tone)
    if point.estimate is not None:
        size = round(8 + min(8.0, math.sqrt(point.n_employers or 0) / 4), 1)
        drawing.point((rounded(point.estimate), y), tone, is_filled, size)


def _lines(drawing: Drawing, points: Sequence[Point], measure: Measure) -> list[float]:
    """Draw the lines to clear, named above; returns the range of the axis."""
    low, high = span_of(points, measure)
    for value, meaning in measure.lines:
        drawing.rule([value, value], [0, 1], "paper", is_solid=value == 0)
        # The words stay inside the axis: they lie on the side that has more room.
        side = "right" if value - low > high - value else "left"
        drawing.faint(meaning, value, 1, xref="x", yref="paper", xanchor=side, yanchor="bottom")
    return [low, high]


def _diamond(drawing: Drawing, point: Point, tone: str) -> None:
    middle = rounded(point.estimate or 0.0)
    low, high = point.bounds or [middle, middle]
    x, y = [low, middle, high, middle, low], [0, 0.13, 0, -0.13, 0]
    drawing.line(x, y, tone, fill="toself", fillcolor=tone)
