"""Real tables for pages: columns with a unit, rows of finished text, notes below.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.site_data import Row
from dashboards.words import (
    HEADLINE,
    SMALL_CELL_EMPLOYERS,
    SMALL_MARK,
    VERDICTS,
    count,
    employers,
    interval,
    is_small,
    name_of,
    number,
    window_name,
)

SMALL_NOTE = f"{SMALL_MARK} fewer than {SMALL_CELL_EMPLOYERS} employers: read it as an anecdote."


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether it holds numbers (set right, in tabular figures)."""

    heading: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it stands on the page; the first column heads its row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def is_figures(self) -> bool:
        """Whether most cells are numbers: those then need no class of their own."""
        return 2 * sum(column.is_number for column in self.columns) > len(self.columns)


def families_table(caption: str, found: Sequence[Row], unit: str) -> Table:
    """Return source families with estimate and sample, and why one was not pooled."""
    columns = (Column("Source family"), *_estimate_columns(unit), Column("Pooled"))
    lines = tuple(
        (name_of(row.get("source_family")), *_estimate_cells(row), pooled_words(row.get("pooled")))
        for row in found
    )
    return Table(caption, columns, lines, _small_note(found))


def years_table(caption: str, found: Sequence[Row], unit: str) -> Table:
    """Return the years of every source family with estimate and sample."""
    columns = (Column("Source family"), Column("Year", True), *_estimate_columns(unit))
    lines = tuple(
        (name_of(row.get("source_family")), str(row.get("time_window")), *_estimate_cells(row))
        for row in found
    )
    return Table(caption, columns, lines, _small_note(found))


def _estimate_columns(unit: str) -> tuple[Column, ...]:
    headings = (f"Estimate, {unit}" if unit else "Estimate", "95 % interval")
    return tuple(Column(heading, True) for heading in (*headings, "Postings", "Employers"))


def _estimate_cells(row: Row) -> tuple[str, ...]:
    return (
        number(row.get("estimate")),
        interval(row.get("ci_low"), row.get("ci_high")),
        count(row.get("n_postings")),
        employers(row.get("n_employers")),
    )


def pooled_words(pooled: object) -> str:
    """Return whether a family entered the pool, or the reason why it did not."""
    if pooled is None:
        return "–"
    if isinstance(pooled, bool):
        return "yes" if pooled else "no"
    text = str(pooled)
    return {"true": "yes", "false": "no"}.get(text.lower(), text.replace("_", " "))


def is_heard(pooled: object) -> bool:
    """Say whether `pooled` of claim.estimates means that the verdict rests on the family too."""
    # "yes", "one source: its own interval" and "two sources: shown, not pooled" all do
    return pooled_words(pooled).lower().startswith(("yes", "–", "one source", "two sources"))


def verdicts_table(found: Sequence[Row]) -> Table:
    """Return every part, window and reading of one claim, with its verdict and sample."""
    columns = (
        Column("Part"),
        Column("Window"),
        Column("Reading"),
        Column("Verdict"),
        Column("Estimate", True),
        Column("95 % interval", True),
        Column("q", True),
        Column("Postings", True),
        Column("Employers", True),
        Column("Sources", True),
    )
    lines = tuple(
        (
            part_name(row.get("part")),
            window_name(row.get("time_window")),
            name_of(row.get("reading")),
            verdict_label(row.get("verdict")),
            number(row.get("estimate")),
            interval(row.get("ci_low"), row.get("ci_high")),
            _q(row.get("q_value")),
            count(row.get("n_postings")),
            employers(row.get("n_employers")),
            count(row.get("n_sources")),
        )
        for row in found
    )
    return Table("Every part, window and reading", columns, lines, _small_note(found))


def sensitivity_table(caption: str, found: Sequence[Row]) -> Table:
    """Return what each variant of the rule would have said."""
    columns = (
        Column("Variant"),
        Column("Part"),
        Column("Window"),
        Column("Verdict"),
        Column("Estimate", True),
        Column("95 % interval", True),
    )
    lines = tuple(
        (
            name_of(row.get("variant")),
            part_name(row.get("part")),
            window_name(row.get("time_window")),
            verdict_label(row.get("verdict")),
            number(row.get("estimate")),
            interval(row.get("ci_low"), row.get("ci_high")),
        )
        for row in found
    )
    return Table(caption, columns, lines)


def rule_table(rule: Mapping[str, Any]) -> Table:
    """Return a registry entry as names and values; what the page already says is left out."""
    said_elsewhere = {"id", "statement", "said_by", "why", "sql", "reason_not_testable"}
    lines = tuple(
        (name.replace("_", " ").replace(".", ": "), value)
        for name, value in _flat(rule)
        if name.split(".")[0] not in said_elsewhere
    )
    return Table(
        "The rule, as it was registered", (Column("What"), Column("Registered value")), lines
    )


def _flat(rule: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in rule.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            for position, entry in enumerate(value, start=1):
                yield from _flat(entry, f"{prefix}{name}.{entry.get('name', position)}.")
        elif isinstance(value, (list, tuple)):
            yield prefix + name, ", ".join(str(item) for item in value)
        elif isinstance(value, bool):
            yield prefix + name, "yes" if value else "no"
        else:
            yield prefix + name, str(value)


def part_name(part: object) -> str:
    """Return a part's name; the part `all` is the claim as a whole."""
    return "the whole claim" if part == "all" else name_of(part)


def verdict_label(verdict: object) -> str:
    """Return a verdict's name, or what its absence means."""
    if verdict is None:
        return "no verdict"
    return VERDICTS[str(verdict)].label if str(verdict) in VERDICTS else name_of(verdict)


def as_csv(found: Sequence[Row], names: Sequence[str]) -> str:
    """Return rows as CSV with a heading; null is an empty field."""
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in found:
        plain = {name: row.get(name) for name in names}
        writer.writerow({name: "" if value is None else value for name, value in plain.items()})
    return text.getvalue()


def window_order(window: object) -> tuple[int, str]:
    """Return a sort key: the headline first, years newest first, everything else after."""
    text = str(window)
    if text == HEADLINE:
        return (0, "")
    if is_year(window):
        return (1, f"{9999 - int(text):04}")
    return (2, text)


def is_year(window: object) -> bool:
    """Say whether a window is one calendar year."""
    text = str(window)
    return len(text) == 4 and text.isdigit()


def _q(value: object) -> str:
    small = isinstance(value, (int, float)) and value < 0.0005
    return "< 0.001" if small else number(value, 3)


def _small_note(found: Sequence[Row]) -> str:
    return SMALL_NOTE if any(is_small(row.get("n_employers")) for row in found) else ""
