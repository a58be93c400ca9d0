"""How far a verdict can be trusted, and what new data would have to show to change it.

Layer:   dashboards (pure). Made from the rule, the row that decides and the verdict that stands.
"""

from __future__ import annotations

import math

from dashboards.claim_words import Decision, needed
from dashboards.measures import MOVES, Measure
from dashboards.site_data import Row
from dashboards.words import count, is_small, name_of, number

# I squared, percent: customarily called considerable, and moderate
SPREADS = (
    (75.0, "differ far more than chance explains"),
    (40.0, "differ more than chance explains"),
    (0.0, "differ no more than chance explains"),
)
FEWEST_POOLED = 3
KINDS = {
    "full_text": "whole texts",
    "snippet": "snippets",
    "skill_list": "lists of skills",
    "titles": "titles",
}
MOST_TIMES = 50  # more data than that is no plan


def sureness(one: Decision) -> list[str]:
    """Return how far the verdict can be trusted, strongest doubt first."""
    row, said = one.row, []
    families = row.get("n_families")
    is_posted = row.get("n_postings") is not None
    if one.verdict in ("insufficient_data", "not_testable"):
        return []
    if one.claim.get("evidence") == "arithmetic":
        return [
            "It is arithmetic on the article's own figures, and does not say if they are right."
        ]
    if families == 1 and is_posted:
        said.append("Only one source can speak; what holds there need not hold elsewhere.")
    elif families == 2 and is_posted:
        said.append("Two sources are too few to average, so both must say it.")
    elif families and is_posted:
        spread = float(row.get("i_squared_pct") or one.decider.get("i_squared_pct") or 0)
        differ = next(told for least, told in SPREADS if spread >= least)
        said.append(f"{count(families)} sources speak, and they {differ}.{_next_source(one)}")
    if is_posted and one.ends is not None:
        said.append(f"The likely range is a 95 % interval: one in twenty misses. {_voices(one)}")
    elif one.ends is not None:
        of = "venues" if one.claim.get("clusters") == "venue" else "countries"
        said.append(f"The likely range is a 95 % interval over {of}.")
    said += _robust(row)
    if row.get("provisional"):
        said.append(
            "It is provisional: the rule was written when most of these data were there already, "
            "and no rule has been confirmed on newer ones yet."
        )
    if is_small(row.get("n_employers")):
        said.append("Fewer than 5 employers stand behind it: read it as an anecdote.")
    return said


def _voices(one: Decision) -> str:
    voices = str(one.claim.get("clusters") or "employer")
    if voices == "employer":
        return (
            "It counts employers, not postings, because the ads of one employer resemble each "
            "other."
        )
    return f"What counts in it as one voice is not a posting but each {voices}."


def _next_source(one: Decision) -> str:
    low, high = one.row.get("prediction_low"), one.row.get("prediction_high")
    if low is None or high is None:
        return ""
    return (
        " One more source of the kind would probably say something between "
        f"{one.said(low)} and {one.said(high)}."
    )


def _robust(row: Row) -> list[str]:
    robust = row.get("robustness")
    if robust == "weakened":
        return ["Under some other choice it is no longer certain: see below which."]
    if robust == "flips" or row.get("is_robust") is False:
        return ["Under some other choice the verdict turns round: see below which."]
    if row.get("is_robust"):
        return ["No other choice that has enough data turns it round."]
    return []


def would_change(one: Decision, standing: Row) -> list[str]:
    """Return what new data would have to show for another verdict, and when it would be said."""
    if one.verdict == "not_testable":
        return []
    said = [*_conditions(one), *_more_data(one)]
    fixed, newer = one.claim.get("registered_on"), one.row.get("n_confirmatory")
    if fixed and one.row.get("n_postings") is not None and newer is not None:
        said.append(
            f"Postings newer than the rule, of {fixed}, count as a test of it; so far there "
            f"{'is' if newer == 1 else 'are'} {count(newer)}."
        )
    n_needed = standing.get("n_needed")
    if n_needed:
        said.append(
            f"A verdict that is published changes only when {count(n_needed)} runs in a row, each "
            "with new data, find the same other one."
        )
    return said


def _conditions(one: Decision) -> list[str]:
    if one.verdict == "insufficient_data":
        return [f"Any verdict: {needed(one)}."]
    if one.ends is None:
        return ["Other figures in the article: this one is arithmetic."]
    supported, contradicted, inconclusive = _when(one)
    said = {
        "supported": f"Supported: if {supported}.",
        "contradicted": f"Contradicted: if {contradicted}.",
        "inconclusive": f"Inconclusive: if {inconclusive}.",
    }
    return [text for verdict, text in said.items() if verdict != one.verdict]


def _when(one: Decision) -> tuple[str, str, str]:
    """Return what would make it supported, contradicted and inconclusive."""
    by_chance = "and more surely than chance gives where many claims are tested at once"
    if one.measure.estimator == "median":
        return (
            f"the country in the middle lay within {one.line}",
            "every country lay outside of that",
            "the country in the middle lay outside, but not every one",
        )
    if one.measure.is_band:
        edge = "an edge of the band lay inside the likely range"
        return (
            f"the whole likely range lay within {one.line}, {by_chance}",
            f"none of the likely range lay within {one.line}",
            edge,
        )
    if one.measure.leader:
        beyond = _beyond(one.measure)
        return (
            f"the whole likely range had {beyond}, {by_chance}",
            f"none of the likely range had {beyond}",
            f"part of the likely range had {beyond}, and part had not",
        )
    side = "above" if one.measure.sign > 0 else "below"
    across = f"part of the likely range lay {side} {one.line}, and part did not"
    return (
        f"the whole likely range lay {side} {one.line}, {by_chance}",
        f"none of the likely range lay {side} {one.line}",
        across,
    )


def _beyond(measure: Measure) -> str:
    number, whose = measure.fact("", measure.bar)
    whose = whose.removeprefix(", ")
    if measure.estimator in MOVES:
        return f"more than {number} {whose}"
    return f"{whose} by more than {number}"


def _more_data(one: Decision) -> list[str]:
    """Return how much more data would settle an open verdict, if the estimate stayed."""
    least, estimate = one.row.get("minimum_detectable"), one.row.get("estimate")
    if least is None or one.verdict != "inconclusive":
        return []
    shown = f"{number(least)}{one.measure.suffix.replace(' %', ' points')}"
    said = f"Data of this size would show a truth that lies {shown} or more from the line"
    if estimate is None or one.measure.is_band:
        return [f"{said}; nearer ones take more."]
    distance = abs(float(estimate) - one.measure.bar)
    times = math.ceil((float(least) / distance) ** 2) if distance else MOST_TIMES + 1
    if times <= 1:
        return [f"{said}."]
    is_pooled = (one.row.get("n_families") or 0) >= FEWEST_POOLED
    what = "sources" if is_pooled else "employers"
    many = (
        f"about {times} times as many {what}"
        if times <= MOST_TIMES
        else f"far more {what} than can be had"
    )
    why = ", because it is the sources that differ" if is_pooled else ""
    return [f"{said}. If the estimate stays where it is, it takes {many}{why}."]


def who_is_heard(one: Decision) -> str:
    """Return which kinds of source the rule lets speak."""
    shown = str(one.claim.get("needs_observes") or "").split()
    if not shown or one.claim.get("evidence") not in ("postings", None):
        return ""
    frame = str(one.claim.get("needs_frame") or "any")
    asked = "" if frame == "any" else f", sampled as {name_of(frame).lower()},"
    named = [KINDS.get(kind, name_of(kind).lower()) for kind in shown]
    kinds = " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return f"The rule hears sources{asked} that show {kinds}."
