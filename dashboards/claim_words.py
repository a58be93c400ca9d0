"""What a verdict means, for those who are no statisticians.

Layer:   dashboards (pure). Made from the rule and the row that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.measures import MOVES, Measure
from dashboards.site_data import Row
from dashboards.words import number, plural

SMALLEST = {"postings": 30, "employers": 15, "periods": 5}  # the registry's own defaults


@dataclass(frozen=True)
class Decision:
    """What the words are made from.

    row:     the claim's headline row; decider: the row of the part that its numbers are those of
    measure: of that part;  rule: the registered rule
    """

    claim: Row
    row: Row
    decider: Row
    measure: Measure
    rule: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """Return the verdict of the whole."""
        return str(self.row.get("verdict") or "insufficient_data")

    @property
    def ends(self) -> tuple[float, float] | None:
        """Return the interval, seen in the claim's direction: (cautious end, generous end)."""
        low, high = self.row.get("ci_low"), self.row.get("ci_high")
        if low is None or high is None:
            return None
        return (low, high) if self.measure.sign > 0 else (high, low)

    @property
    def line(self) -> str:
        """Return the line, or the band, that was drawn beforehand, with its unit."""
        lines, suffix = self.measure.lines, self.measure.suffix
        if self.measure.is_band:
            return f"{number(lines[0][0])} to {number(lines[1][0])}{suffix}"
        return self.said(self.measure.bar)

    def said(self, value: float) -> str:
        """Return a value in words: a lead as who is ahead, anything else with its unit."""
        return self.measure.said(value)

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies wholly on one side of the line, or of the band's lines."""
        if self.ends is None:
            return False
        low, high = sorted(self.ends)
        lines = [value for value, _ in self.measure.lines] if self.measure.is_band else []
        return not any(low <= value <= high for value in lines or [self.measure.bar])


def meaning(one: Decision) -> str:
    """Return what the verdict means, in one or two sentences without a technical word."""
    says = {
        "supported": _supported,
        "contradicted": _contradicted,
        "inconclusive": _inconclusive,
        "insufficient_data": _insufficient,
    }.get(one.verdict)
    return says(one) if says else str(one.claim.get("reason_not_testable") or "")


def _supported(one: Decision) -> str:
    if one.ends is None:
        return "The sum comes out as the article gives it."
    head = "What the claim says is what the data show"
    if one.measure.is_band:
        return f"{head}: all of the likely range lies between the lines, {one.line}."
    each = "; two sources say it, each by itself" if one.row.get("n_families") == 2 else ""
    return (
        f"{head}, clearly enough to matter. Even the cautious end of the likely range, "
        f"{one.said(one.ends[0])}, is past the line, "
        f"{one.line}, that was drawn beforehand{each}."
    )


def _contradicted(one: Decision) -> str:
    part = ""
    if one.row.get("decided_by") and one.row["decided_by"] != "all":
        part = f"The claim has several parts, and one that fails is enough: {one.measure.title}. "
    found = str(one.decider.get("finding") or one.row.get("finding") or "")
    if found.startswith("reversed"):
        return f"{part}What it says to last has turned round: {found}."
    if found == "the reverse":
        return (
            f"{part}It is the other way round, and by more than chance or a trifle would explain."
        )
    if one.ends is None:
        return f"{part}The sum does not come out as the article gives it."
    if one.measure.estimator == "median":
        return f"{part}It would hold from {one.line}, and every country lies outside of that."
    if one.measure.is_band:
        return f"{part}What the data show lies clearly outside {one.line}, where it would hold."
    if found:
        what = "change" if one.measure.estimator in MOVES else "lead"
        return (
            f"{part}There is no {what} of the size that would matter: even the end of the likely "
            f"range that is kindest to the claim, {one.said(one.ends[1])}, "
            f"does not reach the line, {one.line}."
        )
    return (
        f"{part}Even the end of the likely range that is kindest to the claim, "
        f"{one.said(one.ends[1])}, does not reach the line, {one.line}."
    )


def _inconclusive(one: Decision) -> str:
    if one.row.get("decided_by") and one.row["decided_by"] != "all":
        head = "No part of the claim fails, but not every part is shown to hold."
        return f"{head} The closest call is this one: {one.measure.title}. {_open(one)}".strip()
    return f"There are enough postings to look, but they do not settle it. {_open(one)}".strip()


def _open(one: Decision) -> str:
    if one.ends is None:
        return ""
    if one.is_clear:
        return (
            f"By itself the likely range clears the line, {one.line},, but many claims are tested "
            "at once, and some would do so by chance."
        )
    low, high = sorted(one.ends)
    first = one.said(low) if one.measure.leader else number(low)
    way = "lies partly in and partly out of" if one.measure.is_band else "lies on both sides of"
    return (
        f"The truth may be anywhere from {first} to {one.said(high)}, and that range {way} "
        f"{one.line}, where the claim would begin to hold."
    )


def _insufficient(one: Decision) -> str:
    found = one.row.get("n_postings")
    seen = (
        f" All sources together hold {plural(found, 'posting')} that bear on it." if found else ""
    )
    return f"There is too little to look at. It takes {needed(one)}; no source has that.{seen}"


def needed(one: Decision) -> str:
    """Return how many postings and employers a source must hold to be heard."""
    least = SMALLEST | dict(one.rule.get("smallest", {}))
    many = f"{least['postings']} postings of {least['employers']} employers in one source"
    if one.measure.estimator == "trend":
        return f"{many}, in each of {least['periods']} years"
    return many
