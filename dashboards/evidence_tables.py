"""The tables of a claim's page: sources, years, verdicts, readings, other choices, the rule.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.measures import Measure
from dashboards.site_data import Row
from dashboards.tables import SMALL_NOTE, Column, Table, part_name, pooled_words, verdict_label
from dashboards.words import (
    count,
    employers,
    interval,
    is_small,
    name_of,
    number,
    variant_name,
    window_name,
)


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


def readings_table(found: Sequence[tuple[Row, Measure]]) -> Table:
    """Return the readings that decide nothing, and what each would have said."""
    columns = (
        Column("Reading"),
        Column("What it reads"),
        Column("It would say"),
        Column("Estimate", True),
        Column("95 % interval", True),
        Column("Postings", True),
    )
    lines = tuple(
        (
            name_of(row.get("reading")),
            (measure.title or measure.measure or "–")
            + (f" ({measure.note})" if measure.note else "")
            + ("" if row.get("part") == "all" else f": {part_name(row.get('part')).lower()}"),
            verdict_label(row.get("verdict")),
            number(row.get("estimate"))
            + (measure.suffix if row.get("estimate") is not None else ""),
            interval(row.get("ci_low"), row.get("ci_high")),
            count(row.get("n_postings")),
        )
        for row, measure in found
    )
    return Table("Other readings of the same claim", columns, lines)


def reading_families_table(found: Sequence[Row]) -> Table:
    """Return what each source, country or venue says under each other reading."""
    columns = (
        Column("Reading"),
        Column("Part"),
        Column("Source, country or venue"),
        Column("Estimate", True),
        Column("95 % interval", True),
        Column("Postings", True),
        Column("Counted in"),
    )
    lines = tuple(
        (
            name_of(row.get("reading")),
            part_name(row.get("part")),
            name_of(row.get("source_family")),
            number(row.get("estimate")),
            interval(row.get("ci_low"), row.get("ci_high")),
            count(row.get("n_postings")),
            pooled_words(row.get("pooled")),
        )
        for row in found
    )
    return Table("What stands behind each reading", columns, lines)


def verdicts_table(found: Sequence[Row]) -> Table:
    """Return every part and window of one claim, with its verdict and sample."""
    columns = (
        Column("Part"),
        Column("Window"),
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
    return Table("Every part and window", columns, lines, _small_note(found))


def sensitivity_table(caption: str, found: Sequence[Row]) -> Table:
    """Return what each variant of the rule would have said of one part and window."""
    columns = (
        Column("Choice"),
        Column("Verdict"),
        Column("Estimate", True),
        Column("95 % interval", True),
    )
    lines = tuple(
        (
            variant_name(row.get("variant")),
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


def _q(value: object) -> str:
    small = isinstance(value, (int, float)) and value < 0.0005
    return "< 0.001" if small else number(value, 3)


def _small_note(found: Sequence[Row]) -> str:
    return SMALL_NOTE if any(is_small(row.get("n_employers")) for row in found) else ""
