"""What several source families say together: random effects with a Hartung-Knapp interval.

Layer:   claims (pure; scipy, and statsmodels inside the function because its import is slow).
Quirk:   where families agree better than chance lets them, the plain Hartung-Knapp interval
         shrinks without limit (to nothing where all say 0 %). Its scale is therefore never below
         1: the interval is never shorter than the families' own sampling errors allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from pipeline.claims.estimators import CONFIDENCE, Estimate, interval

INF = float("inf")
FEWEST_POOLED = 3  # the spread between two families cannot be told from chance


class Pool(NamedTuple):
    """A pooled estimate, how much the families differ, and where a new family would lie.

    tau2:            variance between families, in points squared (Paule and Mandel)
    i_squared_pct:   share of all spread that is between families
    prediction_low, prediction_high: 95 % prediction interval for one more family
    """

    estimate: Estimate
    tau2: float
    i_squared_pct: float
    prediction_low: float
    prediction_high: float


def pool(estimates: Sequence[Estimate], scale: tuple[float, float] = (-INF, INF)) -> Pool:
    """Return the random-effects mean of three families or more, on k - 1 degrees of freedom.

    scale: the ends of the measure, beyond which no bound says anything (a share: 0 and 100)
    """
    from statsmodels.stats.meta_analysis import combine_effects

    values = np.array([estimate.value for estimate in estimates])
    variances = np.array([estimate.se**2 for estimate in estimates])
    df = len(values) - 1
    with np.errstate(divide="ignore", invalid="ignore"):  # families that agree exactly: Q = 0
        found = combine_effects(values, variances, method_re="iterated", use_t=True)
    q = float(np.sum((values - found.mean_effect_fe) ** 2 / variances))
    value = float(found.mean_effect_re)
    se = max(float(found.sd_eff_w_re_hksj), float(found.sd_eff_w_re))
    low, high = interval(value, se, df)
    reach = float(stats.t.ppf(CONFIDENCE, df)) * (float(found.tau2) + se**2) ** 0.5
    n_employers = sum(estimate.n_employers for estimate in estimates)
    return Pool(
        Estimate(value, max(low, scale[0]), min(high, scale[1]), se, float(df), n_employers),
        float(found.tau2),
        100 * max(0.0, 1 - df / q) if q > 0 else 0.0,
        max(value - reach, scale[0]),
        min(value + reach, scale[1]),
    )
