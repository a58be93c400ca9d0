"""A verdict and its numbers in plain words, for readers who are not statisticians.

Layer:   claims (pure).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.claims.estimators import Estimate
from pipeline.claims.evidence import Family, employers_among
from pipeline.claims.finding import Finding
from pipeline.claims.registry import EMPLOYER, Claim, Part
from pipeline.claims.verdict import INSUFFICIENT

SMALLEST_SAID = 0.05  # points; what rounds to nothing leads nowhere
WIDE = 75.0  # I squared, percent: customarily called considerable
VERDICT_WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "inconclusive": "Inconclusive",
    "insufficient_data": "Not enough data",
    "not_testable": "Not testable here",
    "": "Over all dates",
}


def headline(
    part: Part,
    finding: Finding,
    families: Sequence[Family],
    *,
    verdict: str,
    manner: str,
    detectable: float | None,
    clusters: str = EMPLOYER,
) -> str:
    """Return one or two sentences: the verdict, the number, its interval and what it rests on.

    manner: "the reverse", "no material lead" or ""
    """
    word = VERDICT_WORDS[verdict] + (f" ({manner})" if manner else "")
    if verdict == INSUFFICIENT or not finding.measured:
        return f"{word}: {finding.how}."
    heard = [family for family in families if family.enters]
    if finding.values:
        return f"{word}: {_of_values(part, finding, heard)}."
    told = _told(part, finding, heard)
    more = _differ(part, finding, heard)
    if detectable is not None:
        more += f" {_could_show(part, detectable)}"
    return f"{word}: {told}, {_rests_on(heard, clusters)}.{more}"


def of_whole(claim: Claim, verdict: str, verdicts: dict[str, str], lacking: Sequence[str]) -> str:
    """Return the sentence of a claim of several parts; verdicts: by part name, in order."""
    titles = {part.name: part.title for part in claim.parts}
    each = "; ".join(
        f"{titles[name]}: {VERDICT_WORDS[one].lower()}" for name, one in verdicts.items() if one
    )
    if not each:
        return f"{VERDICT_WORDS[verdict]}: see the parts."
    missing = f" Without enough data: {', '.join(titles[name] for name in lacking)}."
    return f"{VERDICT_WORDS[verdict]}: {each}.{missing if lacking else ''}"


def _of_values(part: Part, finding: Finding, heard: Sequence[Family]) -> str:
    """Return the median of entities with their span, or the only figure."""
    middle = finding.measured[0].value
    if part.is_band:
        asked = f"asked for: {part.centre:g} within {part.margin:g}"
    else:
        asked = f"asked for: {part.direction} {part.threshold:g}"
    if len(finding.values) == 1:
        return f"{part.measure}: {middle:.1f} %; {asked}"
    named = sorted((one.estimate.value, one.name) for one in heard if one.estimate)
    (low, lowest), (high, highest) = named[0], named[-1]
    return (
        f"{part.measure}: {middle:.1f} %"
        f"{_between(finding.measured[0].low, finding.measured[0].high)}, the median of "
        f"{len(finding.values)} from {low:.1f} ({lowest}) to {high:.1f} ({highest}); {asked}"
    )


def _told(part: Part, finding: Finding, heard: Sequence[Family]) -> str:
    """Return the number, or those of two sources that are not pooled, each with its interval."""
    if finding.shown is not None:
        said = _value(part, finding.shown)
    else:
        pairs = zip(heard, finding.measured, strict=True)
        said = "; ".join(f"{family.name}: {_value(part, one)}" for family, one in pairs)
    if part.estimator == "share":
        return f"{part.measure}: {said}; asked for: {part.direction} {part.threshold:g} %"
    if part.estimator == "equivalence":
        low, high = part.centre - part.margin, part.centre + part.margin
        asked = "counts as even" if part.centre == 0 else "asked for:"
        unit = " %" if part.centre else ""
        return f"{part.measure}: {said}; {asked} from {low:g} to {high:g}{unit}"
    return said


def _value(part: Part, one: Estimate) -> str:
    if part.estimator == "share":
        return f"{one.value:.1f} %{_between(one.low, one.high)}"
    if part.estimator == "equivalence":
        unit = " %" if part.centre else ""
        return f"{one.value:.1f}{unit}{_between(one.low, one.high)}"
    if abs(one.value) < SMALLEST_SAID:
        return f"{part.measure}: {0:.1f}{_between(one.low, one.high)}"
    low, high = (one.low, one.high) if one.value >= 0 else (-one.high, -one.low)
    which = part.above if one.value >= 0 else part.below
    return f"{which} by {abs(one.value):.1f} {_unit(part)}{_between(low, high)}"


def _per_year(part: Part) -> str:
    return " a year" if part.estimator == "trend" else ""


def _unit(part: Part) -> str:
    return "log points" if part.estimator == "adjusted" else f"points{_per_year(part)}"


def _between(low: float, high: float) -> str:
    return "" if math.isnan(low) else f" (95 % interval {_said(low)} to {_said(high)})"


def _said(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}"  # what rounds to nothing has no sign


def _rests_on(heard: Sequence[Family], clusters: str) -> str:
    postings = sum(family.n_postings for family in heard)
    employers = len(employers_among([family.employers for family in heard]))
    sources = len({source for family in heard for source in family.sources})
    voices = f"{employers:,} employers"
    if clusters == "venue":
        return f"in {postings:,} papers of {employers:,} venues"
    if clusters != EMPLOYER:
        voices = f"this employer, all that were found ({employers:,} different by {clusters})"
    return (
        f"in {postings:,} postings of {voices} "
        f"from {sources} {'source' if sources == 1 else 'sources'}"
    )


def _differ(part: Part, finding: Finding, heard: Sequence[Family]) -> str:
    if finding.pool is None or finding.pool.i_squared_pct < WIDE:
        return ""
    # a lead is told from the side of the one who leads: below nothing the other does
    side = -1 if part.estimator != "equivalence" and finding.pool.estimate.value < 0 else 1
    known = [(side * one.estimate.value, one.name) for one in heard if one.estimate]
    low, high = min(known), max(known)
    unit = "%" if part.estimator == "share" else f"points{_per_year(part)}"
    return (
        f" The sources differ widely, from {_said(low[0])} {unit} ({low[1]}) "
        f"to {_said(high[0])} ({high[1]})."
    )


def _could_show(part: Part, detectable: float) -> str:
    size = "With data of this size"
    if part.estimator == "equivalence":
        return f"{size} it can be called neither even nor uneven."
    if part.estimator == "share":
        line = part.threshold + part.sign * detectable
        if not 0 < line < 100:
            return f"{size} no share would have shown."
        return f"{size} only a share {part.direction} {line:.1f} % would have shown."
    if part.estimator == "adjusted":
        return f"{size} only {part.margin + detectable:.1f} log points would have shown."
    least = part.margin + detectable
    if least > 100:
        return f"{size} no difference would have shown."
    return f"{size} only a difference of {least:.1f} points{_per_year(part)} would have shown."
