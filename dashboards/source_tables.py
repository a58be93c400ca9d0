"""Tables about the sources and the checks: how fresh, how many, under which terms.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboards import words
from dashboards.site_data import Row
from dashboards.tables import Column, Table


def freshness_table(found: Sequence[Row], as_of: str) -> Table:
    """Return when each source last answered and how old its newest posting is."""
    columns = (
        Column("Source"),
        Column("Last run"),
        Column("Last success", True),
        Column("Newest posting", True),
        Column("Age, days", True),
        Column("Postings held", True),
        Column("Employers", True),
    )
    lines = tuple(
        (
            words.name_of(row.get("source")),
            words.name_of(row.get("status") or "not_run"),
            str(row.get("last_success_on") or "–"),
            str(row.get("newest_posted_on") or "–"),
            _age(row.get("newest_posted_on"), as_of),
            words.count(row.get("n_postings")),
            words.count(row.get("n_employers")),
        )
        for row in found
    )
    return Table("How fresh every source is", columns, lines)


def records_table(found: Sequence[Row]) -> Table:
    """Return what became of the records each source gave in the newest run."""
    names = ("n_read", "n_kept", "n_rejected", "n_superseded")
    headings = ("Read", "Kept", "Set aside", "Replaced")
    lines = tuple(
        (words.name_of(row.get("source")), *(words.count(row.get(name)) for name in names))
        for row in found
    )
    columns = (Column("Source"), *(Column(heading, True) for heading in headings))
    return Table("What became of the records read", columns, lines)


def _age(newest: object, as_of: str) -> str:
    if not newest or not as_of:
        return "–"
    days = (date.fromisoformat(as_of[:10]) - date.fromisoformat(str(newest)[:10])).days
    return words.count(max(0, days))


def checks_table(found: Sequence[Row]) -> Table:
    """Return what every check of the newest run says and found."""
    columns = (
        Column("Check"),
        Column("What it looks for"),
        Column("Rows found", True),
        Column("Result"),
    )
    lines = tuple(
        (
            words.name_of(row.get("name")),
            str(row.get("sentence") or "–"),
            words.count(row.get("n_offending")),
            "look" if row.get("n_offending") else "passed",
        )
        for row in found
    )
    return Table("Checks of the newest run", columns, lines)


def licences_table(found: Sequence[Row]) -> Table:
    """Return every source with its licence, how it was sampled and what it shows."""
    columns = (
        Column("Source"),
        Column("Licence or terms"),
        Column("Sampled as"),
        Column("Shows"),
        Column("Postings", True),
    )
    lines = tuple(
        (
            words.name_of(row.get("source")),
            str(row.get("licence") or "the publisher’s terms"),
            words.name_of(row.get("frame")) if row.get("frame") else "–",
            words.name_of(row.get("observes")) if row.get("observes") else "–",
            words.count(row.get("n_postings")),
        )
        for row in found
    )
    return Table("Sources and their terms", columns, lines)
