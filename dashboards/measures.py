"""What a claim measures, read from its registered rule: the unit, the line to cross, the sides.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WHOLE = "all"
DEFAULT_MARGIN = 3.0  # points; the registry's own default

# "Lead of TensorFlow over PyTorch, points"
_LEAD = re.compile(r"\blead of (\w+) over (\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """How to draw and read one part's numbers.

    lines:  (value, its label or "") of every line an interval may have to clear, in `unit`
    leader: the framework a positive estimate speaks for, and trailer a negative one; "" for none
    """

    title: str = ""
    measure: str = ""
    unit: str = ""
    lines: tuple[tuple[float, str], ...] = ()
    leader: str = ""
    trailer: str = ""


def measures_of(rule: Mapping[str, Any]) -> dict[str, Measure]:
    """Return the measure of every part a rule names, in its order."""
    margin = float(rule.get("margin_points", DEFAULT_MARGIN))
    parts: Sequence[Mapping[str, Any]] = rule.get("parts", ())
    return {str(part.get("name", WHOLE)): _measure(part, margin) for part in parts}


def _measure(part: Mapping[str, Any], default_margin: float) -> Measure:
    estimator = str(part.get("estimator", ""))
    margin = float(part.get("margin_points", default_margin))
    sign = -1.0 if part.get("direction") == "below" else 1.0
    title, measure = str(part.get("title", "")), str(part.get("measure", ""))
    if estimator == "share":
        bar = float(part.get("threshold_pct", 50))
        label = f"holds above {bar:g} % →" if sign > 0 else f"← holds below {bar:g} %"
        return Measure(title, measure, "percent", ((bar, label),))
    if estimator == "equivalence":
        centre = float(part.get("centre_pct", 0))
        lines = ((centre - margin, ""), (centre + margin, "even between the lines"))
        return Measure(title, measure, "points", lines)
    unit = "points a year" if estimator == "trend" else "points"
    named = _LEAD.search(measure)
    leader, trailer = (named[1].lower(), named[2].lower()) if named else ("", "")
    lines = ((0.0, ""), (sign * margin, "holds beyond →" if sign > 0 else "← holds beyond"))
    return Measure(title, measure, unit, lines, leader, trailer)
