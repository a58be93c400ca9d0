"""What a claim's page and the list of claims both say of it: verdict, numbers, sample, notes.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards import tables, words
from dashboards.measures import WHOLE, Measure, measures_of
from dashboards.site_data import Row


@dataclass(frozen=True)
class ClaimRows:
    """All rows about one claim, already in the order in which they are shown."""

    claim: Row
    rule: Mapping[str, Any] = field(default_factory=dict)
    sql: str = ""
    verdicts: Sequence[Row] = ()
    estimates: Sequence[Row] = ()
    sensitivity: Sequence[Row] = ()
    examples: Sequence[Row] = ()

    def headline(self, part: str = WHOLE) -> Row:
        """Return a part's verdict of the headline window, else of the first window judged."""
        of_part = [
            row
            for row in self.verdicts
            if row.get("part") == part and row.get("reading") in ("primary", None)
        ]
        judged = [row for row in of_part if row.get("verdict") is not None]
        return (judged or of_part or [{}])[0]


def summary(found: ClaimRows) -> dict[str, Any]:
    """Return what both the list of claims and the claim's own page say of it."""
    claim, row = found.claim, found.headline()
    is_testable = claim.get("testable") is not False
    verdict = str(row.get("verdict") or ("insufficient_data" if is_testable else "not_testable"))
    measures = measures_of(found.rule)
    unit = _unit(measures.get(str(row.get("decided_by") or WHOLE), Measure()))
    has_estimate = row.get("estimate") is not None
    return {
        "claim_id": claim["claim_id"],
        "statement": claim["statement"],
        "said_by": words.said_by(claim.get("said_by")),
        "said_by_short": words.said_by_short(claim.get("said_by")),
        "topic": str(claim.get("topic") or found.rule.get("topic") or ""),
        "group": _topic(claim.get("topic") or found.rule.get("topic")),
        "is_testable": is_testable,
        "verdict": verdict,
        "verdict_label": tables.verdict_label(verdict) + manner(row),
        "sentence": _sentence(claim, row, verdict),
        "estimate": words.number(row["estimate"]) + unit if has_estimate else "–",
        "interval": words.interval(row.get("ci_low"), row.get("ci_high"))
        if row.get("ci_low") is not None
        else "",
        "sample": _sample(row) if is_testable else ["–"],
        "facts": _facts(row, unit),
        "notes": _notes(claim, row, {name: one.title for name, one in measures.items()}),
    }


def _unit(measure: Measure) -> str:
    return {"percent": " %", "": ""}.get(measure.unit, f" {measure.unit}")


def _topic(topic: object) -> str:
    return words.TOPICS.get(str(topic), words.name_of(topic)) if topic else ""


def manner(row: Row) -> str:
    return f": {row['finding']}" if row.get("finding") else ""


def _sentence(claim: Row, row: Row, verdict: str) -> str:
    if claim.get("testable") is False and claim.get("reason_not_testable"):
        return str(claim["reason_not_testable"])
    if row.get("sentence"):
        return words.without_verdict(str(row["sentence"]))
    known = words.VERDICTS.get(verdict)
    return known.meaning if known else ""


def _sample(row: Row) -> list[str]:
    if row.get("n_postings") is None:
        return ["outside series"]
    few = f" {words.SMALL_MARK}" if words.is_small(row.get("n_employers")) else ""
    return [
        words.plural(row["n_postings"], "posting"),
        words.plural(row.get("n_employers"), "employer") + few,
        words.plural(row.get("n_sources"), "source"),
    ]


def _facts(row: Row, unit: str) -> list[tuple[str, str]]:
    facts = []
    if row.get("estimate") is not None:
        facts.append((words.number(row["estimate"]) + unit, "Estimate"))
    if row.get("ci_low") is not None:
        facts.append((words.interval(row["ci_low"], row.get("ci_high")), "95 % interval"))
    if row.get("bar") is not None:
        facts.append((words.number(row["bar"]) + unit, "Line to clear"))
    facts.append((words.count(row.get("n_postings")), "Postings"))
    facts.append((words.employers(row.get("n_employers")), "Employers"))
    facts.append((words.count(row.get("n_sources")), "Sources"))
    return facts


def _notes(claim: Row, row: Row, titles: Mapping[str, str]) -> list[str]:
    window = row.get("window_note") or (
        words.window_name(row["time_window"]) if row.get("time_window") else ""
    )
    as_of = f", as of {row['as_of']}" if row.get("as_of") else ""
    notes = [f"Window: {window}{as_of}."] if window and claim.get("testable") is not False else []
    if row.get("decided_by"):
        decider = titles.get(str(row["decided_by"])) or tables.part_name(row["decided_by"])
        notes.append(f"The numbers above are those of the part that decides: {decider}.")
    if row.get("provisional"):
        notes.append("Provisional: no rule has been confirmed on newer postings yet.")
    robust = row.get("robustness")
    if robust == "weakened":
        notes.append("Weakened: under some other choice it loses its significance.")
    elif row.get("is_robust") is False:
        notes.append("Not robust: some other choice turns the verdict round.")
    elif row.get("is_robust"):
        notes.append("Robust: no other choice with enough data turns it round.")
    least = row.get("minimum_detectable")
    if least is not None and not row.get("sentence"):  # a sentence says it itself
        shown = words.number(least)
        notes.append(f"These data would have shown a truth {shown} points from the line or more.")
    if row.get("n_confirmatory") is not None and claim.get("registered_on"):
        notes.append(
            f"The rule was registered on {claim['registered_on']}; "
            f"{words.plural(row['n_confirmatory'], 'posting')} later than that "
            f"{'confirms' if row['n_confirmatory'] == 1 else 'confirm'}, the rest explore."
        )
    if words.is_small(row.get("n_employers")):
        notes.append(tables.SMALL_NOTE)
    return notes
