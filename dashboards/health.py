"""The page on the data's health: what answered, what it holds, how full it is, what it can show.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards import source_tables, words
from dashboards.site_data import Row, SiteData, rows
from dashboards.tables import Column, Table

FILLED = (
    ("employer_pct", "Employer"),
    ("kind_pct", "Kind of employer"),
    ("industry_pct", "Industry"),
    ("real_date_pct", "Real date"),
    ("place_pct", "Place"),
    ("role_pct", "Role"),
    ("workplace_pct", "Workplace"),
    ("pay_pct", "Pay"),
    ("language_pct", "Language"),
)
REASONS = {
    "exact_copy": "Same text",
    "near_copy": "Nearly the same",
    "city_copy": "Another city",
    "repost": "Posted again",
    "other_source": "On another source",
}
_SHOWS = {
    "full_text": "whole ads",
    "snippet": "the first lines of ads: what is further down is unknown",
    "skill_list": "lists of skills: not how an ad asks for them, and only skills its maker knew",
    "titles": "titles: nothing of what an ad asks for",
}
_FOUND = {
    "all_jobs": "all jobs of its place",
    "search_words": "what somebody found with search words",
}
LEAST_NAMED = 50  # percent of postings with an employer; a source below it is not pooled


def page_values(data: SiteData) -> dict[str, Any]:
    """Return what the template of the page shows."""
    sources, checks, filled = rows(data.sources), rows(data.checks), rows(data.fill)
    broken = sum(1 for check in checks if check.get("n_offending"))
    ok = "all checks of the run passed" if not broken else f"{broken} checks found rows to look at"
    return {
        "summary": f"{words.plural(len(sources), 'source')}, as of {data.as_of or 'unknown'}; "
        + (f"{ok}." if checks else "no check has reported."),
        "freshness": source_tables.freshness_table(sources, data.as_of),
        "records": source_tables.records_table(sources),
        "capabilities": capabilities_table(sources, filled),
        "fill": fill_table(filled),
        "fields": fields_table(rows(data.fields)),
        "copies": copies_table(filled, rows(data.copies)),
        "runs": runs_table(rows(data.runs)),
        "messages": [
            (words.name_of(row.get("source")), str(row["message"]))
            for row in sources
            if row.get("message")
        ],
        "checks": source_tables.checks_table(checks),
        "least_named": LEAST_NAMED,
    }


def capabilities_table(sources: Sequence[Row], filled: Sequence[Row]) -> Table:
    """Return what each source can show and what it cannot, from how it was made."""
    by_source = {row["source"]: row for row in filled}
    columns = (Column("Source"), Column("Holds"), Column("Shows"), Column("Cannot show"))
    lines = tuple(
        (
            words.name_of(row["source"]),
            _FOUND.get(str(row.get("frame")), "–"),
            _SHOWS.get(str(row.get("observes")), "–"),
            "; ".join(_limits(row, by_source.get(row["source"], {}))) or "–",
        )
        for row in sources
        if row.get("frame")
    )
    return Table("What each source can and cannot show", columns, lines)


def _limits(source: Row, filled: Row) -> list[str]:
    limits = []
    if source.get("frame") == "all_jobs":
        limits.append("jobs elsewhere: only employers that post on it")
    if source.get("frame") == "search_words":
        limits.append("how common a kind of job is")
    if filled.get("real_date_pct") == 0:
        limits.append("when: it has no day of posting, so no trend and no headline")
    if (filled.get("employer_pct") or 0) < LEAST_NAMED and filled:
        limits.append("one employer’s weight: too few are named, so it is never pooled")
    return limits


def fill_table(found: Sequence[Row]) -> Table:
    """Return how many of each source's canonical postings tell each thing."""
    columns = (
        Column("Source"),
        Column("Postings", True),
        *(Column(f"{title}, %", True) for _, title in FILLED),
    )
    lines = tuple(
        (
            words.name_of(row["source"]),
            words.count(row.get("n_postings")),
            *(_percent(row.get(name)) for name, _ in FILLED),
        )
        for row in found
    )
    return Table("How many postings tell what, percent", columns, lines)


def _percent(value: object) -> str:
    """Return a percentage to whole points; what is not quite none or all does not look so."""
    if not isinstance(value, (int, float)):
        return "–"
    if 0 < value < 0.5:
        return "< 1"
    return "> 99" if 99.5 <= value < 100 else words.number(value, 0)


def fields_table(found: Sequence[Row]) -> Table:
    """Return how many of the postings a live source listed last have each field of theirs."""
    lines = tuple(
        (words.name_of(row["source"]), words.name_of(row["field"]), _percent(row["fill_pct"]))
        for row in found
    )
    columns = (Column("Live source"), Column("Field"), Column("Filled, %", True))
    return Table("Fields of the newest answer of each live source", columns, lines)


def copies_table(filled: Sequence[Row], copies: Sequence[Row]) -> Table:
    """Return how many of each source's postings repeat another one, by reason."""
    counts = {(row["source"], row["duplicate_reason"]): row["n_copies"] for row in copies}
    reasons = [*REASONS, *sorted({str(reason) for _, reason in counts} - REASONS.keys())]
    columns = (
        Column("Source"),
        Column("Kept", True),
        *(Column(REASONS.get(reason, words.name_of(reason)), True) for reason in reasons),
        Column("Jobs", True),
        Column("Copies, %", True),
    )
    lines = []
    for row in filled:
        repeats = [counts.get((row["source"], reason), 0) for reason in reasons]
        stored = row.get("n_stored") or 0
        share = 100 * sum(repeats) / stored if stored else None
        cells = [stored, *repeats, row.get("n_postings")]
        line = (*(words.count(cell) for cell in cells), _percent(share))
        lines.append((words.name_of(row["source"]), *line))
    return Table("Postings that repeat another one, by reason", columns, tuple(lines))


def runs_table(found: Sequence[Row]) -> Table:
    """Return the newest runs with their length and how their sources ended."""
    columns = (
        Column("Run"),
        Column("Ended as"),
        Column("As of", True),
        Column("Sources whole", True),
        Column("New postings", True),
        Column("Seconds", True),
        Column("Version", True),
    )
    lines = tuple(
        (
            str(row.get("run_id") or "–"),
            words.name_of(row.get("status") or "unknown"),
            str(row.get("as_of") or "–"),
            f"{words.count(row.get('n_whole'))} of {words.count(row.get('n_sources'))}",
            words.count(row.get("n_new")),
            words.count(row.get("seconds")),
            str(row.get("version") or "–"),
        )
        for row in found
    )
    return Table("Runs, newest first", columns, lines)
