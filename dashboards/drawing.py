"""A figure in the making: traces, shapes and words in the site's style, checked by plotly once.

Layer:   dashboards (pure). Every figure is JSON in light tones with a fixed id; site.js draws it.
Quirk:   to_html's own script needs plotly loaded before it runs; pages stay fast because site.js
         draws from the JSON once the one deferred plotly.min.js is there and the figure is near.
         Adding traces one by one costs plotly a check of all of them each time: it sees them once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboards.palette import light

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Figure:
    """One drawn figure: its div's id, plotly's JSON, its height, and what it shows in words."""

    div_id: str
    json: str
    height: int
    label: str


_FAINT = {"size": 11.5, "color": light("muted")}

# What figures have in common stands once, in site.js: a page with many strips would otherwise be
# mostly repetition.
TEMPLATE: dict[str, Any] = {
    "data": {
        "scatter": [
            {
                "hoverinfo": "skip",
                "cliponaxis": False,
                "marker": {"opacity": 1, "line": {"width": 2}},
            }
        ]
    },
    "layout": {
        "font": {"family": FONT, "size": 13, "color": light("ink")},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"font": {"family": FONT}},
        "meta": {"faint": _FAINT},
        "annotationdefaults": {
            "showarrow": False,
            "xref": "paper",
            "yref": "y",
            "xanchor": "left",
            "bgcolor": light("paper"),
            "font": {"size": 13, "color": light("ink")},
        },
        "shapedefaults": {
            "type": "line",
            "xref": "x",
            "layer": "below",
            "line": {"width": 1, "color": light("edge"), "dash": "dot"},
        },
        **{
            # dragging a chart must scroll the page, not the axis
            f"{name}axis": {
                "fixedrange": True,
                "gridcolor": light("rule"),
                "linecolor": light("edge"),
                "tickfont": {"color": light("muted"), "size": 12},
                "zeroline": False,
            }
            for name in "xy"
        },
    },
}


class Drawing:
    """What is drawn so far; `finish` makes it a figure. `y` names the axis that is drawn on."""

    def __init__(self, traces: Sequence[dict[str, Any]] = ()) -> None:
        self.traces = list(traces)
        self.shapes: list[dict[str, Any]] = []
        self.words: list[dict[str, Any]] = []
        self._whiskers: dict[tuple[str, str], dict[str, Any]] = {}
        self._points: dict[str, dict[str, Any]] = {}
        self._labels: list[list[Any]] = []

    def line(self, xs: Sequence[float], ys: Sequence[float | None], tone: str, **more: Any) -> None:
        """Draw a line through points; None leaves a gap."""
        stroke = {"color": tone, "width": more.pop("width", 2)}
        self.traces.append(_scatter(xs, ys, mode="lines", line=stroke, **more))

    def whisker(self, xs: Sequence[float], ys: Sequence[float], tone: str, y: str = "y") -> None:
        """Draw an interval; those of one tone and axis are one trace, with gaps."""
        stroke = {"color": tone, "width": 2}
        trace = self._whiskers.setdefault(
            (y, tone), _scatter([], [], mode="lines", line=stroke, yaxis=y)
        )
        trace["x"] += [*xs, None]
        trace["y"] += [*ys, None]

    def point(
        self, at: tuple[float, float], tone: str, is_filled: bool, size: float, y: str = "y"
    ) -> None:
        """Draw an estimate, hollow if not filled; those of one axis are one trace."""
        marker: dict[str, Any] = {"size": [], "color": [], "line": {"color": []}}
        trace = self._points.setdefault(y, _scatter([], [], mode="markers", marker=marker, yaxis=y))
        trace["x"].append(at[0])
        trace["y"].append(at[1])
        trace["marker"]["size"].append(size)
        trace["marker"]["color"].append(tone if is_filled else light("paper"))
        trace["marker"]["line"]["color"].append(tone)

    def row_label(self, y: float, left: str, value: str, sample: str = "") -> None:
        """Write above a row its name and its numbers, and below those the sample behind them."""
        self._labels.append([y, left, value, *([sample] if sample else [])])

    def text(self, text: str, x: float, y: float, **more: Any) -> None:
        """Write words that start at a place, unless told otherwise; none, if they are empty."""
        if text:
            self.words.append({"text": text, "x": x, "y": y} | more)

    def faint(self, text: str, x: float, y: float, **more: Any) -> None:
        """Write smaller, paler words."""
        self.text(text, x, y, font=_FAINT, **more)

    def rule(self, xs: Sequence[float], ys: Sequence[float], y: str, *, is_solid: bool) -> None:
        """Draw a thin line behind everything else; `y` may be paper, for the whole height."""
        ends = {"x0": xs[0], "x1": xs[1], "y0": ys[0], "y1": ys[1], "yref": y}
        self.shapes.append(ends | ({"line": {"dash": "solid"}} if is_solid else {}))

    def area(self, xs: Sequence[float], ys: Sequence[float], y: str = "paper") -> None:
        """Shade an interval behind everything else."""
        self.shapes.append(
            {
                "type": "rect",
                "x0": xs[0],
                "x1": xs[1],
                "y0": ys[0],
                "y1": ys[1],
                "yref": y,
                "fillcolor": light("rule"),
                "opacity": 0.45,
                "line": {"width": 0},
            }
        )

    def finish(self, div_id: str, height: int, label: str, **layout: Any) -> Figure:
        """Return the figure as JSON; plotly raises ValueError for what it does not know.

        The labels of rows stand in it as `rows`, [y, name, numbers, sample]: site.js writes them.
        """
        figure = go.Figure(
            data=[*self.traces, *self._whiskers.values(), *self._points.values()],
            layout={
                "template": TEMPLATE,
                "height": height,
                "shapes": self.shapes,
                "annotations": self.words,
                **layout,
            },
        )
        # No "<" may stand in it: "</" would end the script element that carries the JSON.
        plain = figure.to_plotly_json()
        del plain["layout"]["template"]
        for trace in plain["data"]:
            if trace["type"] == "scatter":  # what plotly takes a trace for anyway
                del trace["type"]
        parts = {"data": plain["data"], "layout": plain["layout"], "rows": self._labels}
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return Figure(div_id, text.replace("<", "\\u003c"), height, label)


def _scatter(xs: Sequence[float], ys: Sequence[float | None], **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "x": list(xs), "y": list(ys)} | {
        name: value for name, value in more.items() if (name, value) != ("yaxis", "y")
    }


def axis_title(text: str) -> dict[str, Any]:
    """Return an axis title in the site's style."""
    return {"text": text, "standoff": 4, "font": {"size": 12, "color": light("muted")}}
