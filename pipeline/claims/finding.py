"""What the source families say together of one part in one window.

Layer:   claims (pure; numpy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.claims.estimators import Estimate
from pipeline.claims.pooling import FEWEST_POOLED, INF, Pool, pool
from pipeline.claims.registry import OF_ENTITIES, OF_NUMBERS, Part


@dataclass(frozen=True, slots=True)
class Finding:
    """What the families that are heard say together.

    measured:  the pooled estimate, that of an only family, or both of two; none without data
    values:    of entities of a series (countries): the value of each
    broken:    of a lead that must last: the years in which it was reversed
    """

    measured: tuple[Estimate, ...] = ()
    pool: Pool | None = None
    how: str = ""
    n_families: int = 0
    values: tuple[float, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def shown(self) -> Estimate | None:
        """Return the one number to show; two families have none in common."""
        return self.measured[0] if len(self.measured) == 1 else None

    @property
    def low(self) -> float:
        """Return the lowest lower bound."""
        return min(estimate.low for estimate in self.measured)

    @property
    def high(self) -> float:
        """Return the highest upper bound."""
        return max(estimate.high for estimate in self.measured)


_NO_ENDS = (-INF, INF)
# the others are points from -100 to 100
_SCALE = {"share": (0.0, 100.0), "trend": _NO_ENDS, "adjusted": _NO_ENDS}


def combine(part: Part, estimates: Sequence[Estimate]) -> Finding:
    """Return what the families say together: pooled from three on, both of two, or the only one."""
    if not estimates:
        return Finding(how="no source with enough data")
    if part.estimator in (*OF_ENTITIES, *OF_NUMBERS):
        return _of_entities([estimate.value for estimate in estimates])
    if len(estimates) == 1:
        return Finding((estimates[0],), how="one source", n_families=1)
    size = len(estimates)
    if size < FEWEST_POOLED:
        return Finding(tuple(estimates), how="two sources, shown and not pooled", n_families=size)
    found = pool(estimates, _SCALE.get(part.estimator, (-100.0, 100.0)))
    return Finding((found.estimate,), found, f"random effects over {size} families", size)


def _of_entities(values: Sequence[float]) -> Finding:
    """Return the median of values; its interval is that of order statistics (binomial)."""
    ordered = np.sort(np.array(values))
    size = len(ordered)
    nan = float("nan")
    low = high = nan
    if size > 1:
        # the largest rank whose both tails hold at most 2.5 % together with its mirror image
        rank = max(int(stats.binom.ppf(0.025, size, 0.5)) - 1, 0)
        low, high = float(ordered[rank]), float(ordered[size - 1 - rank])
    middle = Estimate(float(np.median(ordered)), low, high, nan, nan, size)
    how = f"median of {size}" if size > 1 else "one figure"
    return Finding((middle,), how=how, n_families=size, values=tuple(map(float, ordered)))
