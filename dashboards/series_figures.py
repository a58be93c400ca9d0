"""Figures of the outside series: strips over time, one per entity, and rows of dots.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.drawing import Drawing, Figure, axis_title
from dashboards.palette import light

STRIP = 110  # pixels an entity's strip takes, its name included
NAME = 30  # pixels of those that the name takes
ROW = 50  # pixels a row of dots takes, its label included
KEY = 30  # pixels of the line that says which tone is what


@dataclass(frozen=True)
class Course:
    """One series in a strip: what it is called, and its values at their times in years."""

    name: str
    tone: str
    at: Sequence[float]
    values: Sequence[float]
    bounds: Sequence[tuple[float, float] | None] = ()
    is_filled: bool = True

    @property
    def is_dense(self) -> bool:
        """Whether there are too many values for a point each; they are then months in a row."""
        return len(self.at) > 24


@dataclass(frozen=True)
class Dot:
    """One value in a row, with its interval if it has one."""

    name: str
    tone: str
    value: float
    bounds: tuple[float, float] | None = None
    is_filled: bool = True
    lift: float = 0.0  # so that intervals of one row do not cover each other


def strips(
    div_id: str,
    label: str,
    found: Mapping[str, Sequence[Course]],
    *,
    span: tuple[float, float],
    suffix: str = "",
    line: float | None = None,
) -> Figure:
    """Draw a strip per entity over shared axes; `span` is the range of values, `line` a rule."""
    drawing = Drawing()
    each = 1 / len(found)
    times = [at for courses in found.values() for course in courses for at in course.at]
    first, last = round(min(times) - 0.4, 2), round(max(times) + 0.4, 2)
    axes: dict[str, Any] = {}
    height = STRIP * len(found) + KEY + 38
    for index, (entity, courses) in enumerate(found.items()):
        y = f"y{index + 1 if index else ''}"
        top = round(1 - index * each - each * NAME / STRIP, 4)
        low = max(0.0, 1 - (index + 1) * each)
        axes[f"yaxis{y[1:]}"] = {
            "domain": [round(low, 4), top],
            "range": [span[0], span[1]],
            "nticks": 4,
            "ticksuffix": suffix,
        }
        drawing.text(f"<b>{entity}</b>", 0, top, yref="paper", yanchor="bottom")
        for course in courses:
            _course(drawing, course, y)
        if line is not None:
            drawing.rule([first, last], [line, line], y, is_solid=False)
    _key(drawing, [(c.name, c.tone, c.is_filled) for one in found.values() for c in one], 4)
    return drawing.finish(
        div_id,
        height,
        label,
        xaxis={
            "range": [first, last],
            "anchor": "free",
            "position": 0,
            "tickformat": "d",
            "dtick": 1 if last - first < 5 else 2,
            "tick0": int(last),
            "tickangle": 0,
            "ticklabelstandoff": 4,  # clear of the lowest value beside the axis
        },
        margin={"l": 48, "r": 8, "t": KEY, "b": 34},
        **axes,
    )


def _course(drawing: Drawing, course: Course, y: str) -> None:
    values = [round(value, 3) for value in course.values]
    at = [round(place, 3) for place in course.at]
    if course.is_dense:
        # months in a row: where they begin and how far apart they are says it all, in fewer bytes
        stroke = {"color": course.tone, "width": 1.8}
        step = round((at[-1] - at[0]) / (len(at) - 1), 6)
        drawing.traces.append(
            {"type": "scatter", "mode": "lines", "line": stroke, "yaxis": y}
            | {"x0": at[0], "dx": step, "y": values}
        )
        return
    drawing.line(at, values, course.tone, width=1, yaxis=y)
    for place, bounds in zip(at, course.bounds, strict=False):
        if bounds:
            drawing.whisker([place, place], [round(b, 1) for b in bounds], course.tone, y)
    for place, value in zip(at, values, strict=True):
        drawing.point((place, value), course.tone, course.is_filled, 7, y)


def dots(
    div_id: str,
    label: str,
    found: Mapping[str, Sequence[Dot]],
    *,
    unit: str,
    lines: Sequence[tuple[float, str]] = (),
    row_height: int = ROW,
) -> Figure:
    """Draw a row of dots per name, and the lines they are held against."""
    drawing = Drawing()
    height = row_height * len(found) + KEY + 60
    for index, (name, row) in enumerate(found.items()):
        y = len(found) - 1 - index
        drawing.text(name, 0, y, yshift=round(0.4 * row_height))
        for dot in row:
            if dot.bounds:
                ends = [round(bound, 2) for bound in dot.bounds]
                drawing.whisker(ends, [y + dot.lift] * 2, dot.tone)
            at = (round(dot.value, 2), y + dot.lift)
            drawing.point(at, dot.tone, dot.is_filled, 9 if dot.is_filled else 8)
    values = [v for row in found.values() for dot in row for v in (dot.value, *(dot.bounds or ()))]
    values += [value for value, _ in lines] + [0.0]
    low, high = min(values), max(values)
    air = 0.05 * (high - low or 1)
    for value, meaning in lines:
        drawing.rule([value, value], [0, 1], "paper", is_solid=False)
        side = "right" if value - low > high - value else "left"
        drawing.faint(meaning, value, 1, xref="x", yref="paper", xanchor=side, yanchor="bottom")
    _key(
        drawing,
        [(d.name, d.tone, d.is_filled) for row in found.values() for d in row],
        22 if lines else 4,
    )
    return drawing.finish(
        div_id,
        height,
        label,
        xaxis={
            "range": [round(low - air, 2), round(high + air, 2)],
            "title": axis_title(unit),
            "nticks": 7,
        },
        yaxis={"visible": False, "range": [-0.4, len(found) - 0.2]},
        margin={"l": 6, "r": 10, "t": KEY + (20 if lines else 0), "b": 44},
    )


def _key(drawing: Drawing, named: Sequence[tuple[str, str, bool]], lift: int) -> None:
    """Say above the figure which tone is what, where there is more than one."""
    once = list(dict.fromkeys(named))
    if len({name for name, _, _ in once}) < 2:
        return
    words = "   ".join(
        f'<span style="color:{tone}">{"●" if is_filled else "○"}</span> {name}'
        for name, tone, is_filled in once
    )
    drawing.text(
        words,
        0,
        1,
        yref="paper",
        yanchor="bottom",
        yshift=lift,
        font={"size": 12, "color": light("ink")},
    )
