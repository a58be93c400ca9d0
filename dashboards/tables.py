"""Real tables for pages: columns with a unit, rows of finished text, notes below.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.site_data import Row
from dashboards.words import (
    HEADLINE,
    SMALL_CELL_EMPLOYERS,
    SMALL_MARK,
    VERDICTS,
    name_of,
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
