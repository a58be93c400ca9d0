"""Demand by source family and period: the counts site.js draws from, and their first table.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.palette import FRAMEWORK_ORDER
from dashboards.site_data import Row
from dashboards.tables import SMALL_NOTE, Column, Table
from dashboards.words import SMALL_CELL_EMPLOYERS, count, employers, is_small, name_of

GRANULARITIES = ("month", "quarter", "year")
MOST_FRAMEWORKS = 6  # panels, and columns of a table that must fit a page
Z = 1.959964  # of a two-sided 95 % interval


@dataclass(frozen=True)
class Periods:
    """One family at one granularity: parallel lists over every period from first to last."""

    periods: list[str]
    n_dl_postings: list[int]
    n_dl_employers: list[int]
    n_naming: dict[str, list[int | None]]


@dataclass(frozen=True)
class Demand:
    """Everything the demand page draws; families come largest first."""

    families: tuple[str, ...]
    frameworks: tuple[str, ...]
    cells: dict[str, dict[str, Periods]]

    def size(self, family: str) -> int:
        """Return how many deep-learning postings a family holds in all."""
        return sum(self.cells[family]["year"].n_dl_postings)


def demand_of(found: Sequence[Row]) -> Demand:
    """Return the counts by family and granularity; periods without postings are filled with 0."""
    known = [row for row in found if row.get("granularity") in GRANULARITIES]
    frameworks = _frameworks(known)
    by_family: dict[str, dict[str, list[Row]]] = {}
    for row in known:
        cell = by_family.setdefault(str(row["source_family"]), {g: [] for g in GRANULARITIES})
        cell[str(row["granularity"])].append(row)
    cells = {
        family: {g: _periods(g, rows, frameworks) for g, rows in by_granularity.items()}
        for family, by_granularity in by_family.items()
    }
    demand = Demand((), frameworks, cells)
    ordered = sorted(cells, key=lambda family: (-demand.size(family), family))
    return Demand(tuple(ordered), frameworks, cells)


def wilson(n_naming: float, n_postings: float, n_effective: float) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval of a share in percent, at an effective sample size.

    n_effective: employers behind the denominator, at most its postings; None if there are none
    """
    n = min(n_postings, n_effective)
    if n <= 0:
        return None
    share = n_naming / n_postings
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def counts_json(demand: Demand) -> str:
    """Return the counts as JSON for site.js, in lists parallel to the periods."""
    plain: dict[str, Any] = {
        "frameworks": [{"id": f, "name": name_of(f)} for f in demand.frameworks],
        "small": SMALL_CELL_EMPLOYERS,
        "families": {
            family: {
                granularity: {
                    "p": cell.periods,
                    "d": cell.n_dl_postings,
                    "e": cell.n_dl_employers,
                    "n": cell.n_naming,
                }
                for granularity, cell in demand.cells[family].items()
            }
            for family in demand.families
        },
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")  # nothing in it may end the script element


def demand_table(demand: Demand, family: str, granularity: str) -> Table:
    """Return one family's shares with their intervals, the newest period first."""
    cell = demand.cells[family][granularity]
    columns = (
        Column("Period"),
        Column("Postings", True),
        Column("Employers", True),
        *(Column(f"{name_of(framework)}, %", True) for framework in demand.frameworks),
    )
    lines = []
    for index in reversed(range(len(cell.periods))):
        base, voices = cell.n_dl_postings[index], cell.n_dl_employers[index]
        if not base:
            continue
        shares = [_share(cell.n_naming[f][index], base, voices) for f in demand.frameworks]
        few = count(0) if not voices else employers(voices)
        lines.append((cell.periods[index], count(base), few, *shares))
    small = any(is_small(voices) and base for voices, base in _pairs(cell))
    title = f"{name_of(family)}, by {granularity}: postings that name a deep-learning framework"
    note = "Shares in percent of those postings, with 95 % intervals."
    return Table(title, columns, tuple(lines), f"{note} {SMALL_NOTE}" if small else note)


def _pairs(cell: Periods) -> Iterable[tuple[int, int]]:
    return zip(cell.n_dl_employers, cell.n_dl_postings, strict=True)


def _share(n_naming: int | None, base: int, voices: int) -> str:
    if n_naming is None:
        return "not measured"
    bounds = wilson(n_naming, base, voices)
    interval = f" ({bounds[0]:.1f}–{bounds[1]:.1f})" if bounds else ""
    return f"{100 * n_naming / base:.1f}{interval}"


def _frameworks(found: Sequence[Row]) -> tuple[str, ...]:
    """Return the frameworks to draw: those named most over all years, in the fixed order."""
    named: dict[str, int] = {}
    for row in found:
        if row["granularity"] == "year":
            framework = str(row["framework"])
            named[framework] = named.get(framework, 0) + int(row.get("n_naming") or 0)
    most = sorted((f for f in named if named[f]), key=lambda f: (-named[f], f))[:MOST_FRAMEWORKS]
    fixed = {framework: place for place, framework in enumerate(FRAMEWORK_ORDER)}
    return tuple(sorted(most, key=lambda f: (fixed.get(f, len(fixed)), f)))


def _periods(granularity: str, found: Sequence[Row], frameworks: Sequence[str]) -> Periods:
    base = {str(row["period"]): row for row in found}
    periods = list(_between(granularity, min(base), max(base))) if base else []
    naming = {(row["framework"], row["period"]): row.get("n_naming") for row in found}
    return Periods(
        periods,
        [int(base.get(p, {}).get("n_dl_postings") or 0) for p in periods],
        [int(base.get(p, {}).get("n_dl_employers") or 0) for p in periods],
        {f: [_whole(naming.get((f, p))) for p in periods] for f in frameworks},
    )


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def _between(granularity: str, first: str, last: str) -> Iterable[str]:
    # "2024-03", "2024-Q1" and "2024" all sort and count as year * steps + step
    steps = {"month": 12, "quarter": 4, "year": 1}[granularity]
    low, high = (_ordinal(period, steps) for period in (first, last))
    for ordinal in range(low, high + 1):
        year, step = divmod(ordinal, steps)
        yield {
            "month": f"{year:04}-{step + 1:02}",
            "quarter": f"{year:04}-Q{step + 1}",
            "year": f"{year:04}",
        }[granularity]


def _ordinal(period: str, steps: int) -> int:
    year, _, step = period.partition("-")
    return int(year) * steps + (int(step.lstrip("Q")) - 1 if step else 0)
