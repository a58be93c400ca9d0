"""When a lead changed sides: the crossing within one source family, with its interval.

Layer:   claims (pure; numpy).

Yearly leads of one source are joined by straight lines, each year standing at its middle. Where the
line crosses zero for the last time is the crossing; its interval comes from drawing the employers
anew, so that what one employer says in several years stays together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.claims.cells import NOBODY, Cells
from pipeline.claims.outcomes import Outcome
from pipeline.claims.tables import COLUMNS

DRAWS = 1000
_SEED = 20180101
Floats = NDArray[np.float64]


def flip_rows(outcomes: Sequence[Outcome], cells: Cells) -> list[dict[str, object]]:
    """Return the rows of claim.flips of one claim: one per part and family whose lead turned.

    outcomes: those of its yearly windows;  cells: all its rows
    """
    yearly: dict[tuple[str, str], dict[int, tuple[float, float]]] = {}
    for outcome in outcomes:
        if outcome.part.is_primary and outcome.part.estimator in ("lead", "lasting"):
            for one in outcome.heard:
                if one.estimate and one.estimate.se > 0:
                    bounds = one.estimate.low, one.estimate.high
                    of_family = yearly.setdefault((outcome.part.name, one.name), {})
                    of_family[int(outcome.window.name)] = bounds
    parts = {outcome.part.name: outcome for outcome in outcomes}
    rows = []
    for (name, family), ends in sorted(yearly.items()):
        turn = _turn(ends)
        if turn is None:
            continue
        of_part = cells.of(parts[name].part.population)
        streams = [at for at, one in enumerate(cells.streams) if one.family == family]
        chosen = of_part.where(np.isin(of_part.stream, streams) & (of_part.employer != NOBODY))
        row = _crossing(chosen, sorted(ends))
        if row:
            first, last = turn
            found = {
                "claim_id": parts[name].claim.claim_id,
                "part": name,
                "source_family": family,
                "last_before": str(first),
                "first_after": str(last),
                **row,
                "above_before": ends[first][0] > 0,
            }
            rows.append({column: found[column] for column in COLUMNS["flips"]})
    return rows


def _turn(ends: dict[int, tuple[float, float]]) -> tuple[int, int] | None:
    """Return the last year wholly on one side of zero and the first one wholly on the other."""
    sides = {year: low > 0 for year, (low, high) in ends.items() if low > 0 or high < 0}
    for first, last in reversed(list(pairwise(sorted(sides)))):
        if sides[first] != sides[last]:
            return first, last
    return None


def _crossing(cells: Cells, years: Sequence[int]) -> dict[str, object] | None:
    employers, row = np.unique(cells.employer, return_inverse=True)
    shape = len(employers), len(years)
    numerator, denominator = np.zeros(shape), np.zeros(shape)
    for at, year in enumerate(years):
        inside = cells.year == year
        numerator[:, at] = np.bincount(row[inside], cells.numerator[inside], len(employers))
        denominator[:, at] = np.bincount(row[inside], cells.denominator[inside], len(employers))
    middles = np.array(years, dtype=np.float64) + 0.5
    point = _last_zero(middles, numerator.sum(0) / denominator.sum(0))
    if point is None:
        return None
    draw = np.random.default_rng(_SEED)
    even = np.full(len(employers), 1 / len(employers))
    found = []
    for _ in range(DRAWS):  # one at a time: all of them at once take gigabytes
        weights = draw.multinomial(len(employers), even).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(_last_zero(middles, (weights @ numerator) / (weights @ denominator)))
    crossed = [one for one in found if one is not None]
    low, high = np.quantile(crossed, [0.025, 0.975]) if crossed else (point, point)
    return {
        "crossed_on": _day(point),
        "ci_low": _day(min(float(low), point)),
        "ci_high": _day(max(float(high), point)),
        "crossing_pct": round(100 * len(crossed) / DRAWS, 1),
    }


def _last_zero(middles: Floats, leads: Floats) -> float | None:
    """Return where the line through the leads crosses zero for the last time."""
    known = np.isfinite(leads)
    at, lead = middles[known], leads[known]
    turns = np.flatnonzero(lead[:-1] * lead[1:] < 0)
    if not len(turns):
        return None
    last = int(turns[-1])
    part = lead[last] / (lead[last] - lead[last + 1])
    return float(at[last] + part * (at[last + 1] - at[last]))


def _day(year: float) -> date:
    whole = int(year)
    return date(whole, 1, 1) + timedelta(days=round((year - whole) * 365))
