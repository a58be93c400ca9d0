"""A share, a lead, a difference or a trend, each with a 95 % interval that counts employers.

Layer:   claims (pure; numpy and scipy).

One company with 500 ads is one voice heard 500 times. Every estimate here is a ratio of sums
(or a slope of such ratios), and its variance is linearised: each employer's part in the error is
added up first and squared then, so that the ads of one employer may agree as much as they like.
Everything is in percent or percentage points (0-100).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

CONFIDENCE = 0.975  # of each side of a two-sided 95 % interval
POWER = 0.8  # the usual one of sample-size planning


@dataclass(frozen=True, slots=True)
class EmployerSums:
    """Counts of canonical postings; one row per employer, or several that are added up.

    employer:  any integer that is the same for the same employer
    period:    the year of the row; only a trend reads it
    stratum:   the source of the row; a trend is read within each, never across
    """

    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    employer: NDArray[np.int64]
    period: NDArray[np.int64] | None = None
    stratum: NDArray[np.int64] | None = None


class Estimate(NamedTuple):
    """One number with its 95 % interval, its standard error and the t degrees of freedom.

    is_share: between 0 and 100, so that its error depends on where the truth lies
    """

    value: float
    low: float
    high: float
    se: float
    df: float
    n_employers: int
    is_share: bool = False

    def se_at(self, bar: float) -> float:
        """Return the standard error if the truth were the bar.

        A sample in which few name a thing has little spread and thinks itself sure. What a truth
        at the bar would spread, by the same number of effective postings, is what tells.
        """
        if not self.is_share or not 0 < self.value < 100 or not 0 < bar < 100:
            return self.se
        return self.se * (bar * (100 - bar) / (self.value * (100 - self.value))) ** 0.5


def share(sums: EmployerSums) -> Estimate:
    """Return numerator over denominator, in percent, with Wilson's interval.

    Its bounds are the truths from which the finding lies a t quantile of their own errors away.
    """
    found = _ratio(sums, 0.0, 1.0)
    value = found.value / 100
    if not 0 < value < 1:  # all agree: the interval of half an employer at either end
        return found
    spread = (float(stats.t.ppf(CONFIDENCE, found.df)) * found.se / 100) ** 2
    pull = spread / (value * (1 - value))
    middle, half = value + pull / 2, (spread + pull**2 / 4) ** 0.5
    low, high = (100 * (middle + side * half) / (1 + pull) for side in (-1, 1))
    return found._replace(low=low, high=high, is_share=True)


def lead(sums: EmployerSums) -> Estimate:
    """Return a paired difference of two shares, in points; its numerator may be negative."""
    return _ratio(sums, -1.0, 1.0)


def difference(left: EmployerSums, right: EmployerSums) -> Estimate:
    """Return the left share minus the right one, in points; an employer may stand in both."""
    n_left = len(left.employer)
    employers, row = np.unique(np.concatenate([left.employer, right.employer]), return_inverse=True)
    size = len(employers)
    one = _influence(left, row[:n_left], size, 0.0, 1.0)
    two = _influence(right, row[n_left:], size, 0.0, 1.0)
    together = one.variance + two.variance
    # An employer's two sides move together; where they do so wholly, nothing would be left.
    variance = together - 2 * float(np.sum(one.parts * two.parts))
    variance = variance if variance > _NOTHING else together
    # Welch and Satterthwaite: each side has its own effective number of employers.
    df = together**2 / (one.variance**2 / one.df + two.variance**2 / two.df)
    return _interval(one.value - two.value, variance, df, size, (-1.0, 1.0))


def adjusted(sums: EmployerSums) -> Estimate:
    """Return a regression coefficient from its sums, in log points (times 100).

    numerator: of each employer the sum of d * y, denominator that of d * d, where d is what is
    asked about and y the outcome, both freed of everything adjusted for (Frisch, Waugh, Lovell).
    What is left over, y - value * d, is then the regression's own residual.
    """
    return _ratio(sums, -1.0, 1.0, is_bounded=False)


def trend(sums: EmployerSums) -> Estimate:
    """Return the slope of the share, in points per year, read within each source.

    It is the least-squares line through postings, so a year weighs as much as it has postings;
    an employer's errors are added up over all its years before they are squared.
    Needs `period`, with two different years in at least one stratum.
    """
    if sums.period is None:
        raise ValueError("a trend needs the period of every row")
    stratum = np.zeros_like(sums.employer) if sums.stratum is None else sums.stratum
    _, source = np.unique(stratum, return_inverse=True)
    total = np.bincount(source, sums.denominator)
    mean_year = np.bincount(source, sums.denominator * sums.period) / total
    mean_share = np.bincount(source, sums.numerator) / total
    year = np.asarray(sums.period - mean_year[source], dtype=np.float64)
    spread = float(np.sum(year**2 * sums.denominator))
    slope = float(np.sum(year * sums.numerator)) / spread
    residual = sums.numerator - (mean_share[source] + slope * year) * sums.denominator

    employers, row = np.unique(sums.employer, return_inverse=True)
    size = len(employers)
    leverage = np.bincount(row, year**2 * sums.denominator) / spread
    error = np.bincount(row, year * residual).astype(np.float64)
    parts = _inflated(error, leverage) / spread
    variance = float(np.sum(parts**2))
    if variance <= _NOTHING:
        # By row: an employer heard in every year alike would cancel out of its own slope.
        weight = year * sums.denominator / spread
        floor = -1.0 if np.any(sums.numerator < 0) else 0.0
        variance = _floor(sums, row, size, floor, 1.0) * float(np.sum(weight**2))
    return _interval(slope, variance, _effective(leverage) - 1, size, None)


def employer_weighted(sums: EmployerSums) -> EmployerSums:
    """Return the sums with every employer weighing 1, however many postings it has."""
    employers, row = np.unique(sums.employer, return_inverse=True)
    total = np.bincount(row, sums.denominator, minlength=len(employers))[row]
    weight = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return EmployerSums(
        sums.numerator * weight,
        sums.denominator * weight,
        sums.employer,
        sums.period,
        sums.stratum,
    )


def interval(value: float, se: float, df: float) -> tuple[float, float]:
    """Return the two-sided 95 % t interval."""
    half = float(stats.t.ppf(CONFIDENCE, df)) * se
    return value - half, value + half


def p_above(estimate: Estimate, bar: float) -> float:
    """Return the one-sided p of the test that the truth lies above the bar."""
    return float(stats.t.sf((estimate.value - bar) / estimate.se_at(bar), estimate.df))


def p_below(estimate: Estimate, bar: float) -> float:
    """Return the one-sided p of the test that the truth lies below the bar."""
    return float(stats.t.cdf((estimate.value - bar) / estimate.se_at(bar), estimate.df))


def minimum_detectable(estimate: Estimate) -> float:
    """Return how far from its bar a truth must lie to be shown in four samples out of five."""
    quantiles = stats.t.ppf(CONFIDENCE, estimate.df) + stats.t.ppf(POWER, estimate.df)
    return float(quantiles * estimate.se)


class _Influence(NamedTuple):
    value: float
    parts: NDArray[np.float64]  # each employer's part in the error, on the scale of 0-1
    variance: float
    df: float


_NOTHING = 1e-18  # a variance below this is rounding, not spread


def _ratio(sums: EmployerSums, low: float, high: float, *, is_bounded: bool = True) -> Estimate:
    employers, row = np.unique(sums.employer, return_inverse=True)
    found = _influence(sums, row, len(employers), low, high)
    bounds = (low, high) if is_bounded else None
    return _interval(found.value, found.variance, found.df, len(employers), bounds)


def _influence(
    sums: EmployerSums, row: NDArray[np.int64], size: int, low: float, high: float
) -> _Influence:
    numerator = np.bincount(row, sums.numerator, minlength=size)
    denominator = np.bincount(row, sums.denominator, minlength=size)
    total = float(denominator.sum())
    value = float(numerator.sum()) / total
    weight = denominator / total
    parts = _inflated(numerator - value * denominator, weight) / total
    variance = float(np.sum(parts**2))
    if variance <= _NOTHING:
        variance = _floor(sums, row, size, low, high) * float(np.sum(weight**2))
    return _Influence(value, parts, variance, _effective(weight) - 1)


def _inflated(residual: NDArray[np.float64], leverage: NDArray[np.float64]) -> NDArray[np.float64]:
    # A large employer pulls the estimate towards itself and so hides part of its own error.
    # With equal employers this is the familiar factor G / (G - 1) on the variance.
    room = np.sqrt(np.clip(1 - leverage, 0.0, 1.0))
    return np.divide(residual, room, out=np.zeros_like(residual), where=room > 1e-9)


def _effective(weight: NDArray[np.float64]) -> float:
    # Kish's effective number: as many equal employers would know as much. With equal employers
    # the degrees of freedom are G - 1; one that holds most of the postings brings them near 1.
    return max(1.0 / float(np.sum(weight**2)), 2.0)


def _floor(sums: EmployerSums, row: NDArray[np.int64], size: int, low: float, high: float) -> float:
    # All employers agree (a share of 0 or 1): add half an employer at either end of the scale.
    numerator = np.bincount(row, sums.numerator, minlength=size)
    denominator = np.bincount(row, sums.denominator, minlength=size)
    heard = denominator > 0
    values = np.concatenate([numerator[heard] / denominator[heard], [low, high]])
    weights = np.concatenate([np.ones(int(heard.sum())), [0.5, 0.5]])
    mean = np.average(values, weights=weights)
    return float(np.average((values - mean) ** 2, weights=weights))


def _interval(
    value: float, variance: float, df: float, size: int, bounds: tuple[float, float] | None
) -> Estimate:
    se = variance**0.5
    low, high = interval(value, se, df)
    if bounds is not None:  # a share above 100 % says nothing
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return Estimate(100 * value, 100 * low, 100 * high, 100 * se, df, size)
