"""What is on record of a claim: who could not speak, what stands, every run, every rule, all rows.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import tables, words
from dashboards.claim_summaries import ClaimRows
from dashboards.measures import WHOLE
from dashboards.site_data import Row
from dashboards.tables import Column, Table
from dashboards.words import HEADLINE

CSV_COLUMNS = (
    "claim_id",
    "of",
    "part",
    "time_window",
    "reading",
    "source_family",
    "variant",
    "run_id",
    "as_of",
    "verdict",
    "estimate",
    "ci_low",
    "ci_high",
    "bar",
    "q_value",
    "n_postings",
    "n_employers",
    "n_sources",
    "pooled",
)
# What a reason means, by how it begins; numbers in it are the rule's own.
REASONS = (
    ("no employer names", "Their ads cannot be told apart by employer, so no interval is honest."),
    ("cannot speak", "What they show or how they were sampled cannot answer this claim."),
    ("fewer than", "Too small a sample says more about chance than about a market."),
)


def silent_table(found: ClaimRows) -> Table | None:
    """Return the source families whose numbers the verdict does not rest on, by the reason why."""
    why: dict[str, dict[str, int]] = {}
    parts = set()
    for row in found.estimates:
        if row.get("time_window") != (found.headline().get("time_window") or HEADLINE):
            continue
        parts.add(row.get("part"))
        if not tables.is_heard(row.get("pooled")):
            reason = tables.pooled_words(row.get("pooled"))
            families = why.setdefault(reason, {})
            name = words.name_of(row.get("source_family"))
            families[name] = families.get(name, 0) + 1
    if not why:
        return None
    lines = tuple(
        (_begin(reason), _names(families, len(parts)), _because(reason))
        for reason, families in sorted(why.items(), key=lambda one: (-len(one[1]), one[0]))
    )
    columns = (Column("Why"), Column("Source families"), Column("What that means"))
    return Table("Sources that the verdict does not rest on", columns, lines)


def _begin(reason: str) -> str:
    return reason[:1].upper() + reason[1:]


def _names(families: Mapping[str, int], n_parts: int) -> str:
    return ", ".join(
        name if n == n_parts else f"{name} ({n} of {n_parts} parts)"
        for name, n in sorted(families.items(), key=lambda one: one[0].lower())
    )


def _because(reason: str) -> str:
    return next((told for start, told in REASONS if reason.startswith(start)), "")


def standing_words(standing: Row) -> str:
    """Return what stands, since when, and what the newest run says of it."""
    if not standing:
        return ""
    since = words.day_name(standing["since"]) if standing.get("since") else "an unknown day"
    said = f"{tables.verdict_label(standing.get('verdict'))} stands since {since}"
    if standing.get("before"):
        said += f", and {tables.verdict_label(standing['before']).lower()} before that"
    said += "."
    if standing.get("tonight") not in (None, standing.get("verdict")):
        said += (
            f" The newest run finds {tables.verdict_label(standing['tonight']).lower()}: "
            f"{words.count(standing.get('n_agreeing'))} of the "
            f"{words.count(standing.get('n_needed'))} runs that must agree."
        )
    if standing.get("reason"):
        said += f" Its numbers differ from those of the run before because of {standing['reason']}."
    return said


def history_table(found: ClaimRows) -> Table:
    """Return what each run found, newest first."""
    columns = (
        Column("Run"),
        Column("Data until"),
        Column("Verdict"),
        Column("Estimate", True),
        Column("95 % interval", True),
        Column("Postings", True),
        Column("Rule"),
    )
    lines = tuple(
        (
            str(row.get("run_id")),
            str(row.get("as_of") or "–"),
            tables.verdict_label(row.get("verdict")),
            words.number(row.get("estimate")),
            words.interval(row.get("ci_low"), row.get("ci_high")),
            words.count(row.get("n_postings")),
            str(row.get("rule_hash") or "")[:12],
        )
        for row in found.history
    )
    return Table("The headline verdict, run by run", columns, lines)


def versions_view(found: ClaimRows) -> list[dict[str, Any]]:
    """Return every version of the rule, the one in force first; its text is that of its file."""
    return [
        {
            "hash": str(row.get("rule_hash") or ""),
            "registered_on": str(row.get("registered_on") or "an unknown day"),
            "first_run": str(row.get("first_run_id") or ""),
            "is_current": bool(row.get("is_current")),
            "text": "" if row.get("is_current") else str(row.get("rule") or "").strip(),
        }
        for row in found.versions
    ]


def claim_csv(found: ClaimRows) -> str:
    """Return all rows of one claim as one CSV; `of` says which table a row is from."""
    rows: list[Row] = []
    for name, given in (
        ("verdicts", found.verdicts),
        ("estimates", found.estimates),
        ("readings", found.readings),
        ("sensitivity", found.sensitivity),
        ("history", _whole(found)),
    ):
        rows += [{**row, "of": name} for row in given]
    return tables.as_csv(rows, CSV_COLUMNS)


def _whole(found: ClaimRows) -> Sequence[Row]:
    # the newest run is among the verdicts already
    told = {row.get("run_id") for row in found.verdicts}
    return [
        {**row, "part": WHOLE, "time_window": HEADLINE}
        for row in found.history
        if row.get("run_id") not in told
    ]
