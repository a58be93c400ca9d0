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

TWO = 2  # sources are too few to pool: each keeps its own number


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
    readings: Sequence[Row] = ()
    flips: Sequence[Row] = ()
    standing: Row = field(default_factory=dict)
    history: Sequence[Row] = ()
    versions: Sequence[Row] = ()

    def headline(self, part: str = WHOLE) -> Row:
        """Return a part's verdict of the headline window, else of the first window judged."""
        of_part = [
            row
            for row in self.verdicts
            if row.get("part") == part and row.get("reading") in ("primary", None)
        ]
        judged = [row for row in of_part if row.get("verdict") is not None]
        return (judged or of_part or [{}])[0]

    @property
    def families(self) -> set[str]:
        """Return the source families that have anything to say."""
        return {str(row.get("source_family")) for row in self.estimates}

    def heard(self, part: str) -> list[Row]:
        """Return what each source says that the headline of a part rests on."""
        window = self.headline(part).get("time_window")
        return [
            row
            for row in self.estimates
            if row.get("part") == part
            and row.get("time_window") == window
            and row.get("estimate") is not None
            and tables.is_heard(row.get("pooled"))
        ]


def summary(found: ClaimRows) -> dict[str, Any]:
    """Return what both the list of claims and the claim's own page say of it."""
    claim, row = found.claim, found.headline()
    is_testable = claim.get("testable") is not False
    verdict = str(row.get("verdict") or ("insufficient_data" if is_testable else "not_testable"))
    measures = measures_of(found.rule)
    decider = str(row.get("decided_by") or WHOLE)
    measure = measures.get(decider, Measure())
    two = found.heard(decider) if row.get("estimate") is None else []
    estimate, interval = _numbers(row, verdict, two, measure)
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
        "sentence": words.named(_sentence(claim, row, verdict), found.families),
        "estimate": estimate,
        "interval": interval,
        "order": _order(row, two),
        "n": row.get("n_postings"),
        "by_letter": _by_letter(claim),
        "articles": " ".join(letter for letter, _ in _by_letter(claim)),
        "rivals": str(claim.get("rivals") or "").split(),
        "sample": _sample(row) if is_testable else ["–"],
        "facts": _facts(row, measure, two),
        "notes": _notes(claim, row, {name: one.title for name, one in measures.items()}),
    }


def _numbers(row: Row, verdict: str, two: Sequence[Row], measure: Measure) -> tuple[str, str]:
    """Return the estimate and its interval as the list shows them, or why there is none."""
    values = [float(one["estimate"]) for one in (two or [row]) if _has(one)]
    ends = ""
    if row.get("ci_low") is not None:
        ends = words.interval(*measure.ends(row["ci_low"], row.get("ci_high"), *values))
    if _has(row):
        return measure.told(*values), ends
    if len(two) > 1 and ends:
        return measure.told(*values), f"two sources, {ends}"
    return {
        "insufficient_data": ("too few postings", ""),
        "not_testable": ("not in job ads", ""),
    }.get(verdict, ("no single number", ends))


def _order(row: Row, two: Sequence[Row]) -> float | None:
    """Return what the list is sorted by when it goes by size; of two sources their middle."""
    if row.get("estimate") is not None:
        return round(float(row["estimate"]), 2)
    return round(sum(float(one["estimate"]) for one in two) / len(two), 2) if two else None


def _by_letter(claim: Row) -> list[tuple[str, str]]:
    """Return the articles that say it: (letter, name), in the order of claim.claims."""
    letters = str(claim.get("articles") or "").split()
    named = [words.short_name(one) for one in words.said_by(claim.get("said_by"))]
    return list(zip(letters, named, strict=False))


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


def _has(row: Row) -> bool:
    return row.get("estimate") is not None


def _facts(row: Row, measure: Measure, two: Sequence[Row]) -> list[tuple[str, str]]:
    facts = []
    values = [float(one["estimate"]) for one in (two or [row]) if _has(one)]
    if _has(row):
        facts.append(measure.fact("Estimate", *values))
        if measure.unit == "log points":
            facts.append((words.as_percent(row["estimate"]), "which is, in money"))
    for one in two if len(two) == TWO else ():
        facts.append(measure.fact(words.name_of(one["source_family"]), one["estimate"]))
    if row.get("ci_low") is not None:
        of = "95 % interval, of both" if len(two) == TWO else "95 % interval"
        ends = measure.ends(row["ci_low"], row.get("ci_high"), *values)
        facts.append((words.interval(*ends), of))
    if row.get("bar") is not None:
        facts.append(measure.fact("Line to clear", row["bar"]))
    if row.get("n_postings") is not None:
        facts.append((words.count(row["n_postings"]), "Postings"))
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
    if words.is_small(row.get("n_employers")):
        notes.append(tables.SMALL_NOTE)
    return notes
