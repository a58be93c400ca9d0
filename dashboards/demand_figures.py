"""The demand page's figures, empty: demand.js fills them with the cells that are asked for.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.drawing import Drawing, Figure
from dashboards.words import name_of


def overview(div_id: str, frameworks: Sequence[str]) -> Figure:
    """Return the chart of rows: a point and its interval on a line, with room for the numbers."""
    names = ", ".join(name_of(framework) for framework in frameworks)
    return Drawing().finish(
        div_id,
        380,
        f"Share of deep-learning postings naming {names}.",
        xaxis={"ticksuffix": " %", "nticks": 6, "side": "top"},
        yaxis={"showgrid": False, "ticklen": 0},
        margin={"l": 84, "r": 122, "t": 26, "b": 4},
    )


def panel(div_id: str, framework: str) -> Figure:
    """Return the chart of years: lines with whiskers, and room for names at their ends."""
    return Drawing().finish(
        div_id,
        340,
        f"Share naming {name_of(framework)} by year, with 95 % intervals.",
        xaxis={"type": "linear", "showgrid": False},
        yaxis={"ticksuffix": " %", "nticks": 6},
        margin={"l": 44, "r": 126, "t": 12, "b": 44},
    )


def base(div_id: str) -> Figure:
    """Return the chart of pay: the middle half of the stated pay on a line, its median marked."""
    return Drawing().finish(
        div_id,
        300,
        "Stated pay by framework: median and quartiles.",
        xaxis={"nticks": 5, "side": "top", "tickformat": "~s"},
        yaxis={"showgrid": False, "ticklen": 0, "showticklabels": False},
        margin={"l": 10, "r": 132, "t": 26, "b": 4},
    )
