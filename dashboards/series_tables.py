"""The tables behind the figures of the outside series, and the rows they are made of.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import tables, words
from dashboards.site_data import Row
from dashboards.tables import Column, Table

Z = 1.959964
GROUPS = {
    "all_answering": "all who answered",
    "ml_engineers": "machine-learning engineers",
    "research_scientists": "research scientists",
}


@dataclass(frozen=True)
class Paper:
    """The papers of one venue and year: those that name just one framework, and all."""

    venue: str
    year: int
    n_pytorch: float
    n_tensorflow: float
    n_papers: float

    def of_either(self) -> tuple[float, float]:
        """Return PyTorch's papers and those that name just one of the two."""
        return self.n_pytorch, self.n_pytorch + self.n_tensorflow

    def of_all(self) -> tuple[float, float]:
        """Return PyTorch's papers and all papers."""
        return self.n_pytorch, self.n_papers


def wilson_pct(share: float, n: float) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval in percent of a share (0-1) of n; None of nothing."""
    if n <= 0:
        return None
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def papers_of(found: Sequence[Row]) -> list[Paper]:
    """Return the counts by venue and year; submitted papers are a venue of their own."""
    counts: dict[tuple[str, int], dict[str, float]] = {}
    for row in found:
        is_submitted = row["indicator"] == "conference_submissions"
        venue = f"{row['entity']}{', submitted' if is_submitted else ''}"
        cell = counts.setdefault((venue, int(str(row["period"])[:4])), {"n": row["n"] or 0})
        cell[str(row["framework"])] = row["value"]
    return [
        Paper(venue, year, cell.get("pytorch", 0), cell.get("tensorflow", 0), cell["n"])
        for (venue, year), cell in sorted(counts.items())
    ]


def papers_table(papers: Sequence[Paper]) -> Table:
    """Return every venue and year with its counts and both shares of PyTorch."""
    headings = ("PyTorch only", "TensorFlow only", "All papers", "PyTorch of the two, %")
    more = ("95 % interval", "PyTorch of all, %", "95 % interval")
    columns = (
        Column("Venue"),
        Column("Year", True),
        *(Column(heading, True) for heading in (*headings, *more)),
    )
    lines = tuple(
        (
            paper.venue,
            str(paper.year),
            words.count(paper.n_pytorch),
            words.count(paper.n_tensorflow),
            words.count(paper.n_papers),
            *_share(*paper.of_either()),
            *_share(*paper.of_all()),
        )
        for paper in papers
    )
    note = "Papers that name both frameworks are in neither count."
    return Table("Papers that name PyTorch or TensorFlow", columns, lines, note)


def _share(part: float, n: float) -> tuple[str, str]:
    if not n:
        return "–", "–"
    return words.number(100 * part / n), words.interval(*(wilson_pct(part / n, n) or (None, None)))


def readings_of(
    estimates: Sequence[Row], others: Sequence[Row], claim_id: str
) -> dict[str, dict[str, float]]:
    """Return what each country says under each reading of a claim, the deciding one first."""
    found: dict[str, dict[str, float]] = {}
    own = [e for e in estimates if e.get("time_window") == words.HEADLINE]
    for row in [*sorted(own, key=lambda e: str(e["source_family"])), *others]:
        if row.get("claim_id") == claim_id and row.get("estimate") is not None:
            reading = str(row.get("reading") or "primary")
            found.setdefault(reading, {})[str(row["source_family"])] = row["estimate"]
    return found


def reading_titles(rule: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of each reading, as the rule words it."""
    parts = rule.get("parts", ())
    return {str(part.get("reading", "primary")): str(part.get("title", "")) for part in parts}


def readings_table(
    readings: Mapping[str, Mapping[str, float]],
    verdicts: Mapping[str, Row],
    titles: Mapping[str, str],
) -> Table:
    """Return a row per reading: verdict, median with its range, and every country."""
    countries = sorted({country for values in readings.values() for country in values})
    columns = (
        Column("Reading"),
        Column("Verdict"),
        Column("Median, %", True),
        Column("95 % interval", True),
        *(Column(country, True) for country in countries),
    )
    lines = tuple(
        (
            titles.get(name, words.name_of(name)),
            tables.verdict_label(verdicts.get(name, {}).get("verdict")),
            words.number(verdicts.get(name, {}).get("estimate")),
            words.interval(
                verdicts.get(name, {}).get("ci_low"), verdicts.get(name, {}).get("ci_high")
            ),
            *(words.number(values.get(country)) for country in countries),
        )
        for name, values in readings.items()
    )
    return Table("Rise in percent, by reading and country", columns, lines)


def months_table(caption: str, found: Sequence[Row], digits: int) -> Table:
    """Return months as rows, newest first, and countries as columns."""
    countries = list(dict.fromkeys(str(row["entity"]) for row in found))
    cells = {(str(row["period"])[:7], row["entity"]): row["value"] for row in found}
    months = sorted({month for month, _ in cells}, reverse=True)
    columns = (Column("Month"), *(Column(country, True) for country in countries))
    lines = tuple(
        (month, *(words.number(cells.get((month, country)), digits) for country in countries))
        for month in months
    )
    return Table(caption, columns, lines)


def lightcast_table(
    order: Sequence[str], by_country: Mapping[str, Mapping[str, float]], years: Sequence[str]
) -> Table:
    """Return countries as rows and years as columns."""
    lines = tuple(
        (
            words.name_of(country),
            *(words.number(by_country[country].get(year), 2) for year in years),
        )
        for country in order
    )
    columns = (Column("Country"), *(Column(f"{year}, %", True) for year in years))
    return Table("AI share of postings, percent", columns, lines)


def surveys_table(answers: Sequence[Row]) -> Table:
    """Return every survey figure with its interval and the people behind it."""
    columns = (
        Column("Survey and group"),
        Column("Framework"),
        Column("Use it, %", True),
        Column("95 % interval", True),
        Column("Answered", True),
    )
    lines = tuple(
        (
            survey_name(row),
            words.name_of(row["framework"]),
            words.number(row["value"]),
            words.interval(*(wilson_pct(row["value"] / 100, row["n"] or 0) or (None, None))),
            words.count(row["n"]),
        )
        for row in sorted(answers, key=survey_order)
    )
    return Table("Frameworks used, by survey and group", columns, lines)


def survey_order(row: Row) -> tuple[bool, str, str, str]:
    """Return a sort key: all who answered before the professions, then by year."""
    return (
        row["entity"] != "all_answering",
        str(row["period"]),
        str(row["entity"]),
        str(row["framework"]),
    )


def survey_name(row: Row) -> str:
    """Return which survey and whom a figure speaks of."""
    past = " (past five years)" if "past 5 years" in str(row["unit"]) else ""
    return f"{str(row['period'])[:4]}, {GROUPS.get(row['entity'], row['entity'])}{past}"


def downloads_table(found: Sequence[Row]) -> Table:
    """Return the ratio of downloads by month."""
    lines = tuple((str(row["period"])[:7], words.number(row["value"], 2)) for row in found)
    columns = (Column("Month"), Column("torch per tensorflow", True))
    return Table("Downloads of torch for each one of tensorflow", columns, lines)


def in_years(day: object) -> float:
    """Return a day as years with a fraction: the middle of its month."""
    year, month = (int(part) for part in str(day).split("-")[:2])
    return round(year + (month - 0.5) / 12, 3)
