"""The demand page's figures, empty: site.js fills them from the counts of the chosen family.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.drawing import Drawing, Figure
from dashboards.palette import light
from dashboards.words import name_of


def overview(div_id: str, frameworks: Sequence[str]) -> Figure:
    """Return the chart of every framework's share, with room for names at the line ends."""
    drawing = Drawing([_series(framework) for framework in frameworks])
    return drawing.finish(
        div_id,
        380,
        "Share of deep-learning postings naming each framework.",
        yaxis={"ticksuffix": " %", "nticks": 6},
        margin={"l": 44, "r": 116, "t": 12, "b": 36},
    )


def panel(div_id: str, framework: str) -> Figure:
    """Return the panel of one framework: a band for many intervals, whiskers for few."""
    tone = light(framework)
    band = {"fill": "toself", "fillcolor": tone, "opacity": 0.22, "mode": "none"}
    whiskers = {"type": "data", "symmetric": False, "thickness": 1.4, "width": 0, "color": tone}
    drawing = Drawing(
        [
            {"type": "scatter", "x": [], "y": [], **band},
            _series(framework) | {"error_y": whiskers},
        ]
    )
    return drawing.finish(
        div_id,
        230,
        f"Share naming {name_of(framework)}, with 95 % intervals.",
        yaxis={"ticksuffix": " %", "nticks": 5},
        margin={"l": 44, "r": 12, "t": 8, "b": 30},
    )


def base(div_id: str) -> Figure:
    """Return the chart of how many postings and employers stand behind each share."""
    empty: dict[str, Any] = {"x": [], "y": []}
    bars = {"type": "bar", "name": "postings", "marker": {"color": light("edge")}}
    dot = {"color": light("ink"), "size": 5, "line": {"width": 0}}
    dots = {"type": "scatter", "name": "employers", "mode": "markers", "marker": dot}
    return Drawing([bars | empty, dots | empty]).finish(
        div_id,
        230,
        "Postings and employers behind each period.",
        yaxis={"rangemode": "tozero", "nticks": 5},
        margin={"l": 52, "r": 12, "t": 8, "b": 30},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
    )


def _series(framework: str) -> dict[str, Any]:
    tone = light(framework)
    return {
        "type": "scatter",
        "x": [],
        "y": [],
        "name": name_of(framework),
        "mode": "lines+markers",
        "line": {"color": tone, "width": 2},
        "marker": {"color": tone, "size": 6, "line": {"color": tone, "width": 1.5}},
        "hoverinfo": "all",
    }
