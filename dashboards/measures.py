"""What a claim measures, read from its registered rule: the unit, the line to cross, the sides.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WHOLE = "all"
PRIMARY = "primary"
PANEL = "matched_panel"  # the second reading that every trend has, named in no rule
LEVELS = ("share", "median", "value")
MOVES = ("trend", "change")
UNITS = {"trend": "points a year", "adjusted": "log points"}
DEFAULT_MARGIN = 3.0  # points; the registry's own default

# "Lead of TensorFlow over PyTorch, points"
_LEAD = re.compile(r"\blead of (\w+) over (\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """How to draw and read one part's numbers.

    lines:   (value, its label or "") of every line an interval may have to clear, in `unit`
    leader:  the framework a positive estimate speaks for, and trailer a negative one; "" for none
    sign:    1 if the claim holds above its line, -1 below it
    is_band: the claim holds between two lines
    note:    the window of a reading, where it differs from the claim's own
    """

    title: str = ""
    measure: str = ""
    unit: str = ""
    lines: tuple[tuple[float, str], ...] = ()
    leader: str = ""
    trailer: str = ""
    estimator: str = ""
    sign: float = 1.0
    is_band: bool = False
    note: str = ""

    @property
    def bar(self) -> float:
        """Return the line that decides; of a band, its lower one."""
        return self.lines[0 if self.is_band else -1][0] if self.lines else 0.0

    @property
    def suffix(self) -> str:
        """Return the unit as it follows a number."""
        return {"percent": " %", "": ""}.get(self.unit, f" {self.unit}")


def measures_of(rule: Mapping[str, Any]) -> dict[str, Measure]:
    """Return the measure of every part a rule names, in its order."""
    margin = float(rule.get("margin_points", DEFAULT_MARGIN))
    return {
        str(part.get("name", WHOLE)): _measure(part, margin)
        for part in _parts(rule)
        if part.get("reading", PRIMARY) == PRIMARY
    }


def readings_of(rule: Mapping[str, Any]) -> dict[tuple[str, str], Measure]:
    """Return the measure of every other reading by (part, reading): those decide nothing."""
    margin = float(rule.get("margin_points", DEFAULT_MARGIN))
    found: dict[tuple[str, str], Measure] = {}
    for part in _parts(rule):
        name, reading = str(part.get("name", WHOLE)), str(part.get("reading", PRIMARY))
        if reading != PRIMARY:
            found[name, reading] = _measure(part, margin)
        elif part.get("estimator") == "trend":
            change = dict(part) | {"estimator": "change", "title": "The same employers a year on"}
            found[name, PANEL] = _measure(change, margin)
    return found


def _parts(rule: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    parts: Sequence[Mapping[str, Any]] = rule.get("parts", ())
    return parts


def _measure(part: Mapping[str, Any], default_margin: float) -> Measure:
    estimator = str(part.get("estimator", ""))
    margin = float(part.get("margin_points", default_margin))
    sign = -1.0 if part.get("direction") == "below" else 1.0
    is_band = estimator == "equivalence" or "direction" not in part
    said: dict[str, Any] = {
        "title": str(part.get("title", "")),
        "measure": str(part.get("measure", "")),
        "note": str(part.get("note", "")),
    }
    if is_band:
        centre = float(part.get("centre_pct", 0))
        is_even = estimator == "equivalence" and centre == 0
        label = "even between the lines" if is_even else "holds between the lines"
        lines: tuple[tuple[float, str], ...] = ((centre - margin, ""), (centre + margin, label))
        is_level = estimator in LEVELS or centre != 0
        unit = "percent" if is_level else "points"
        return Measure(**said, unit=unit, lines=lines, estimator=estimator, is_band=True)
    beyond = "holds beyond →" if sign > 0 else "← holds beyond"
    if estimator in LEVELS:
        bar = float(part.get("threshold_pct", 50))
        beyond = f"holds above {bar:g} % →" if sign > 0 else f"← holds below {bar:g} %"
        return Measure(
            **said, unit="percent", lines=((bar, beyond),), estimator=estimator, sign=sign
        )
    named = _LEAD.search(said["measure"])
    leader, trailer = (named[1].lower(), named[2].lower()) if named else ("", "")
    return Measure(
        **said,
        unit=UNITS.get(estimator, "points"),
        lines=((0.0, ""), (sign * margin, beyond)),
        leader=leader,
        trailer=trailer,
        estimator=estimator,
        sign=sign,
    )
