"""What each source family says of one part in one window, and why it is or is not heard.

Layer:   claims (pure; numpy).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.claims import estimators
from pipeline.claims.cells import NOBODY, Cells, Stream, stacked
from pipeline.claims.estimators import EmployerSums, Estimate
from pipeline.claims.registry import CHANGE, OF_ENTITIES, OF_NUMBERS, Claim, Part

ENTERS = "yes"
# Below this a source counts as one without employer names: what it names is the exception.
LEAST_NAMED = 0.5
MONTHS_OF_CHANGE = 12
SERIES = "series"


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """One source family's word on one part in one window.

    employers: the positions of those it heard, in order
    status:    "yes" if it is heard in the verdict, else why not
    estimate:  None where nothing can be measured; without an interval (NaN) where no employers
               are known or only one is
    weighted:  the same with every employer weighing 1
    """

    name: str
    sources: tuple[str, ...]
    status: str
    estimate: Estimate | None
    weighted: Estimate | None = None
    n_postings: int = 0
    n_confirmatory: int = 0
    employers: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def enters(self) -> bool:
        """Return whether the family is heard."""
        return self.status == ENTERS


def gather(claim: Claim, part: Part, cells: Cells, registered: int) -> list[Family]:
    """Return one Family per source family with rows in these cells, by name.

    cells: the rows of one window;  registered: the month number of the rule's registration
    """
    left = cells.of(part.population)
    right = cells.of(part.minus) if part.minus else None
    if part.estimator == CHANGE:
        left, right = _matched(left)
    present = set(left.stream.tolist()) | set(right.stream.tolist() if right is not None else [])
    by_family: dict[str, list[int]] = {}
    for stream in sorted(present):
        by_family.setdefault(cells.streams[stream].family, []).append(stream)
    return [
        _family(claim, part, name, _streams(claim, part, left, right, streams), registered)
        for name, streams in sorted(by_family.items())
    ]


def _matched(cells: Cells) -> tuple[Cells, Cells]:
    """Return the newer and the older half of a window, of employers a source has in both."""
    if not len(cells.month):
        return cells, cells
    is_new = cells.month > int(cells.month.max()) - MONTHS_OF_CHANGE
    voice = cells.stream * (int(cells.employer.max()) + 2) + cells.employer + 1
    counted = (cells.denominator > 0) & (cells.employer != NOBODY)
    both = np.intersect1d(voice[counted & is_new], voice[counted & ~is_new])
    matched = counted & np.isin(voice, both)
    return cells.where(matched & is_new), cells.where(matched & ~is_new)


@dataclass(frozen=True, slots=True)
class _Sides:
    """One source's rows: of the population, and of the one it is compared with, if any."""

    stream: Stream
    status: str
    rows: list[Cells]

    @property
    def size(self) -> int:
        return sum(int(side.n_postings.sum()) for side in self.rows)


def _family(
    claim: Claim, part: Part, name: str, found: Sequence[_Sides], registered: int
) -> Family:
    if claim.is_census:  # the ads of all sources together are the census
        found = _together(claim, part, found)
    heard = [one for one in found if one.status == ENTERS]
    # Where no source of the family is heard, all that can speak are shown together.
    shown = heard or [one for one in found if not one.status.startswith(_CANNOT)]
    rows = _stacked(shown or found)
    if heard and part.estimator not in (*OF_ENTITIES, *OF_NUMBERS):
        # a posting without an employer cannot be counted by employers
        rows = [side.where(side.employer != NOBODY) for side in rows]
        if part.estimator == "trend":
            rows = [_full_years(claim, side) for side in rows]
    return Family(
        name=name,
        sources=tuple(sorted({one.stream.source for one in (shown or found)})),
        status=ENTERS if heard else max(found, key=lambda one: (one.size, one.stream)).status,
        estimate=_estimate(part, rows) if shown else None,
        weighted=_estimate(part, rows, weighted=True) if heard else None,
        n_postings=sum(int(side.n_postings.sum()) for side in rows),
        n_confirmatory=sum(int(side.n_postings[side.month > registered].sum()) for side in rows),
        employers=employers_among([side.employer for side in rows]),
    )


def employers_among(each: Sequence[NDArray[np.int64 | np.int32]]) -> NDArray[np.int32]:
    """Return the employers among several rows of them, each once and in order."""
    # a claim keeps them for each family and window: four bytes each, not a set's sixty
    found = np.unique(np.concatenate([*each, np.zeros(0, np.int32)]))
    return found[found != NOBODY].astype(np.int32)


_CANNOT = "cannot speak: "


def _together(claim: Claim, part: Part, found: Sequence[_Sides]) -> Sequence[_Sides]:
    can_speak = [one for one in found if not one.status.startswith(_CANNOT)]
    if not can_speak:
        return found
    status = _size_status(claim, part, _stacked(can_speak))
    return [_Sides(one.stream, status, one.rows) for one in can_speak]


def _streams(
    claim: Claim, part: Part, left: Cells, right: Cells | None, streams: Sequence[int]
) -> list[_Sides]:
    found = []
    for stream in streams:
        both = [left] if right is None else [left, right]
        rows = [side.where(side.stream == stream) for side in both]
        named = left.streams[stream]
        found.append(_Sides(named, _status(claim, part, rows, named), rows))
    return found


def _status(claim: Claim, part: Part, sides: Sequence[Cells], stream: Stream) -> str:
    """Return "yes", or why this source is not heard: what it cannot show, then its size."""
    if SERIES in (stream.observes, claim.evidence) or claim.evidence == "arithmetic":
        belongs = claim.evidence != "postings" or part.estimator in OF_ENTITIES
        has_any = all(float(side.denominator.sum()) > 0 for side in sides)
        return ENTERS if belongs and has_any else f"{_CANNOT}it holds no postings"
    if stream.observes not in claim.observes:
        return f"{_CANNOT}it shows {stream.observes.replace('_', ' ')} only"
    if claim.frame not in ("any", stream.frame):
        return f"{_CANNOT}it was sampled as {stream.frame}, not {claim.frame}".replace("_", " ")
    return _size_status(claim, part, sides)


def _size_status(claim: Claim, part: Part, sides: Sequence[Cells]) -> str:
    postings = sum(float(side.n_postings.sum()) for side in sides)
    named = [side.where(side.employer != NOBODY) for side in sides]
    if sum(float(side.n_postings.sum()) for side in named) < LEAST_NAMED * postings:
        return "no employer names: shown, never pooled"
    if part.estimator == "trend":
        named = [_full_years(claim, named[0])]
        if len(np.unique(named[0].year)) < claim.min_periods:
            return f"fewer than {claim.min_periods} years of {claim.min_postings} postings"
    if min(float(side.n_postings.sum()) for side in named) < claim.min_postings:
        return f"fewer than {claim.min_postings} postings"
    if min(len(np.unique(side.employer)) for side in named) < claim.min_employers:
        return f"fewer than {claim.min_employers} employers"
    return ENTERS


def _full_years(claim: Claim, rows: Cells) -> Cells:
    """Return the rows of those source years that have enough postings."""
    key = rows.stream * 10_000 + rows.year
    keys, row = np.unique(key, return_inverse=True)
    enough = np.bincount(row, rows.n_postings, minlength=len(keys)) >= claim.min_postings
    return rows.where(enough[row])


def _stacked(sources: Sequence[_Sides]) -> list[Cells]:
    """Return the rows of several sources under one another, side by side of a comparison."""
    sides = zip(*(one.rows for one in sources), strict=True)
    return [stacked(list(side)) for side in sides]


def _estimate(part: Part, rows: Sequence[Cells], *, weighted: bool = False) -> Estimate | None:
    sums = [_sums(side) for side in rows]
    if not sums or any(float(side.denominator.sum()) <= 0 for side in sums):
        return None
    if part.estimator == "trend" and not _has_slope(rows[0]):
        return None
    if part.estimator in (*OF_ENTITIES, *OF_NUMBERS):
        value = 100 * float(sums[0].numerator.sum()) / float(sums[0].denominator.sum())
        nan = float("nan")
        return None if weighted else Estimate(value, nan, nan, nan, nan, 0)
    employers = np.unique(np.concatenate([side.employer for side in sums]))
    if weighted:
        sums = [estimators.employer_weighted(side) for side in sums]
    estimate = _ESTIMATE[part.estimator](*sums)
    if NOBODY in employers or len(employers) < 2:  # no telling how far one ad speaks for another
        nan = float("nan")
        return estimate._replace(low=nan, high=nan, se=nan, df=nan)
    return estimate


_ESTIMATE: dict[str, Callable[..., Estimate]] = {
    "share": estimators.share,
    "lead": estimators.lead,
    "equivalence": estimators.lead,
    "difference": estimators.difference,
    "trend": estimators.trend,
    "lasting": estimators.lead,
    "adjusted": estimators.adjusted,
    CHANGE: estimators.difference,
}


def _has_slope(rows: Cells) -> bool:
    return any(len(np.unique(rows.year[rows.stream == one])) > 1 for one in np.unique(rows.stream))


def _sums(rows: Cells) -> EmployerSums:
    counted = rows.where(rows.denominator > 0)
    return EmployerSums(
        counted.numerator, counted.denominator, counted.employer, counted.year, counted.stream
    )
