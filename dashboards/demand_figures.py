"""The demand page's figures, empty: demand.js fills them with the cells that are asked for.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from dashboards.drawing import Drawing, Figure


def rows(div_id: str) -> Figure:
    """Return the chart of rows: a point and its interval on a line, with room for the numbers."""
    return Drawing().finish(
        div_id,
        380,
        "Share of deep-learning postings naming each framework, with 95 % intervals.",
        xaxis={"ticksuffix": " %", "nticks": 6, "side": "top"},
        yaxis={"showgrid": False, "ticklen": 0},
        margin={"l": 84, "r": 122, "t": 26, "b": 4},
    )


def years(div_id: str) -> Figure:
    """Return the chart of times: lines with whiskers, and room for names at their ends."""
    return Drawing().finish(
        div_id,
        340,
        "Share naming each framework over time, with 95 % intervals.",
        # ticks nobody sees keep the names clear of the lowest percent
        xaxis={
            "type": "linear",
            "showgrid": False,
            "ticks": "outside",
            "ticklen": 7,
            "tickcolor": "rgba(0,0,0,0)",
        },
        yaxis={"ticksuffix": " %", "nticks": 6},
        margin={"l": 44, "r": 126, "t": 12, "b": 50},
    )


def sums(div_id: str) -> Figure:
    """Return the chart of pay: the middle half of the stated pay on a line, its median marked."""
    return Drawing().finish(
        div_id,
        300,
        "Stated pay by framework: median and quartiles.",
        xaxis={"nticks": 5, "side": "top", "tickformat": "~s"},
        yaxis={"showgrid": False, "ticklen": 0, "showticklabels": False},
        margin={"l": 10, "r": 132, "t": 26, "b": 4},
    )
