"""What a claim measures, read from its registered rule: the unit, the line to cross, the sides.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import words

WHOLE = "all"
PRIMARY = "primary"
PANEL = "matched_panel"  # the second reading that every trend has, named in no rule
LEVELS = ("share", "median", "value")
MOVES = ("trend", "change")
UNITS = {"trend": "points a year", "adjusted": "log points"}
DEFAULT_MARGIN = 3.0  # points; the registry's own default

# "Lead of TensorFlow over PyTorch, points", "Change of TensorFlow's lead over PyTorch"
_LEAD = re.compile(r"\b(?:lead of (\w+)|(\w+)'s lead) over (\w+)", re.IGNORECASE)


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

    @property
    def axis(self) -> str:
        """Return the title of the axis: the unit, and on a lead's two sides who is ahead there."""
        if not (self.leader and self.trailer):
            return self.unit
        return f"← {words.name_of(self.trailer)}   {self.unit}   {words.name_of(self.leader)} →"

    def told(self, *values: float) -> str:
        """Return one number, or two, with the unit; of a lead, with the name of who leads."""
        side = self._side(values)
        if not side:
            return " and ".join(map(words.number, values)) + self.suffix
        numbers = " and ".join(words.number(abs(value)) for value in values)
        towards = "towards " if self.estimator in MOVES else ""
        return f"{towards}{self._name(side)} by {numbers}{self.suffix}"

    def fact(self, what: str, value: float) -> tuple[str, str]:
        """Return a number with its unit, and what it is; of a lead, also whose it is."""
        side = self._side([value])
        if not side:
            return words.number(value) + self.suffix, what
        whose = f"towards {self._name(side)}" if self.estimator in MOVES else self._name(side)
        ahead = "" if self.estimator in MOVES else " ahead"
        return words.number(abs(value)) + self.suffix, f"{what}, {whose}{ahead}"

    def said(self, value: float) -> str:
        """Return a value in words: a lead as who is ahead, anything else with its unit."""
        number, whose = self.fact("", value)
        if not whose:
            return number
        whose = whose.removeprefix(", ")
        return f"{number} {whose}" if self.estimator in MOVES else f"{whose} by {number}"

    def ends(self, low: float, high: float | None, *values: float) -> tuple[float, float | None]:
        """Return an interval's ends from the side that `told` tells its values from."""
        if self._side(values) >= 0 or high is None:
            return low, high
        return -high, -low

    def _side(self, values: Sequence[float]) -> int:
        """Return 1 if all values speak for the leader, -1 if all for the other, else 0."""
        if not (self.leader and self.trailer and values):
            return 0
        return int(all(value > 0 for value in values)) - int(all(value < 0 for value in values))

    def _name(self, side: int) -> str:
        return words.name_of(self.leader if side > 0 else self.trailer)


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
    named = _LEAD.search(str(part.get("measure", "")))
    leader = (named[1] or named[2]).lower() if named else ""
    trailer = named[3].lower() if named else ""
    said: dict[str, Any] = {
        "leader": leader,
        "trailer": trailer,
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
    return Measure(
        **said,
        unit=UNITS.get(estimator, "points"),
        lines=((0.0, ""), (sign * margin, beyond)),
        estimator=estimator,
        sign=sign,
    )
