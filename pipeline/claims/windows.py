"""The windows a claim is judged in, and the rows that belong to each.

Layer:   claims (pure; numpy). Sums come by month, so a window is made of whole months.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from pipeline.claims.cells import NONE, PROXY, REAL, UNDATED, Cells
from pipeline.claims.registry import ALL_TIME, CHANGE, HEADLINE, OF_ENTITIES, YEARS, Claim, Part


class Window(NamedTuple):
    """A stretch of time: months from first to last, the kinds of date that count, undated or not.

    name: last_24_months, a year, or all_time
    """

    name: str
    first: int
    last: int
    kinds: tuple[int, ...]
    undated: bool = False
    note: str = ""

    def of(self, cells: Cells) -> Cells:
        """Return the rows of this window."""
        dated = (cells.month != UNDATED) & (cells.kind != NONE)
        inside = dated & (cells.month >= self.first) & (cells.month <= self.last)
        inside &= np.isin(cells.kind, self.kinds)
        return cells.where(inside | ~dated if self.undated else inside)


def month_number(day: date) -> int:
    """Return the months since January 1970."""
    return (day.year - 1970) * 12 + day.month - 1


def window_of(name: str, claim: Claim, part: Part, as_of: date) -> Window | None:
    """Return the window of that name for one part, or None where it has none.

    The headline is the 24 calendar months that end with the month of as_of. A trend cannot be
    read in two years: its headline runs over the years since the rule's first one.
    """
    last = month_number(as_of)
    if claim.evidence != "postings" or part.estimator in OF_ENTITIES:
        # outside series end when their publishers stopped: the rule says which years it reads
        note = part.note or claim.window_note
        whole = Window(name, UNDATED + 1, last, (REAL, PROXY), undated=True, note=note)
        return whole if name == HEADLINE else None
    if part.estimator == CHANGE:
        note = "newest 12 months against the 12 before, over employers heard in both"
        return Window(name, last - 23, last, (REAL,), note=note) if name == HEADLINE else None
    if part.estimator == "lasting" and name == HEADLINE:
        first = (claim.first_year - 1970) * 12
        return Window(name, first, last, (REAL, PROXY))
    if name == ALL_TIME:
        if part.estimator == "trend":
            return Window(name, UNDATED + 1, last, (REAL,), note="slope over every dated year")
        return Window(name, UNDATED + 1, last, (REAL, PROXY), undated=True)
    if part.estimator == "trend":
        if name != HEADLINE:
            return None  # one year has no slope
        first = (claim.first_year - 1970) * 12
        note = f"slope over the years from {claim.first_year} to {as_of.year}"
        return Window(name, first, last, (REAL,), note=note)
    if name == HEADLINE:
        return Window(name, last - 23, last, (REAL,))
    first = (int(name) - 1970) * 12
    return Window(name, first, min(first + 11, last), (REAL, PROXY))


def years_of(
    claim: Claim, cells: Cells, as_of: date, kinds: tuple[int, ...] = (REAL,)
) -> list[Window]:
    """Return the single years since the rule's first one; for a trend, of real dates only."""
    last = month_number(as_of)
    dated = (cells.month != UNDATED) & np.isin(cells.kind, kinds) & (cells.month <= last)
    years = [int(year) for year in np.unique(cells.year[dated]) if year >= claim.first_year]
    starts = {year: (year - 1970) * 12 for year in years}
    return [Window(str(y), at, min(at + 11, last), kinds) for y, at in starts.items()]


def names_of(claim: Claim, cells: Cells, as_of: date) -> list[str]:
    """Return the names of a claim's windows: the headline, every year with dated rows, all_time."""
    if claim.evidence != "postings":
        return [HEADLINE]
    dated = (cells.month != UNDATED) & (cells.kind != NONE) & (cells.month <= month_number(as_of))
    years = [str(year) for year in np.unique(cells.year[dated])] if YEARS in claim.windows else []
    return [HEADLINE, *years, *([ALL_TIME] if ALL_TIME in claim.windows else [])]
