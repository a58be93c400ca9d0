"""Tests, verdicts, parts, false discoveries and robustness: where a finding becomes a word.

Layer:   claims (pure; statsmodels inside the function because its import is slow).

Two families that cannot be pooled must both say it: the larger p and the outer bounds decide.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipeline.claims.estimators import minimum_detectable, p_above, p_below
from pipeline.claims.finding import Finding
from pipeline.claims.registry import CHANGE, Part

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"
INSUFFICIENT, NOT_TESTABLE = "insufficient_data", "not_testable"
ALPHA = 0.05  # of q


class OneSided(NamedTuple):
    """The two one-sided tests of a rule: that the claim holds, and that it does not.

    is_equivalence: that it holds is itself shown by two tests, both of which must succeed
    """

    support: float
    against: float
    is_equivalence: bool = False

    @property
    def p(self) -> float:
        """Return the p of the side on which the estimate lies."""
        return min(self.support, self.against)

    @property
    def two_sided(self) -> float:
        """Return the p that q is taken over: the side was seen first, so it counts twice."""
        return self.p if self.is_equivalence and self.is_for else min(1.0, 2 * self.p)

    @property
    def is_for(self) -> bool:
        """Return whether the estimate lies on the claim's side."""
        return self.support <= self.against


def run_tests(part: Part, finding: Finding) -> OneSided:
    """Return both one-sided p values of a finding with data."""
    measured = finding.measured
    if part.estimator == "equivalence":
        low, high = part.centre - part.margin, part.centre + part.margin
        # Two one-sided tests: above the lower margin and below the upper one, by every family.
        within = max(max(p_above(one, low), p_below(one, high)) for one in measured)
        outside = min(
            max(p_above(one, high) for one in measured), max(p_below(one, low) for one in measured)
        )
        return OneSided(within, outside, is_equivalence=True)
    bar = part.sign * part.bar
    above = max(p_above(one, bar) for one in measured)
    below = max(p_below(one, bar) for one in measured)
    return OneSided(above, below) if part.sign > 0 else OneSided(below, above)


def decide(part: Part, finding: Finding, tests: OneSided | None, q: float | None) -> str:
    """Return the verdict; q belongs to the side of `tests.p`."""
    if finding.values:
        return _of_values(part, finding)
    if tests is None or q is None or not finding.measured:
        return INSUFFICIENT
    if not q < ALPHA and not finding.broken:
        return INCONCLUSIVE
    if part.estimator == "equivalence":
        if tests.is_for:
            return SUPPORTED
        low, high = part.centre - part.margin, part.centre + part.margin
        lies_above = all(one.low > high for one in finding.measured)
        lies_below = all(one.high < low for one in finding.measured)
        return CONTRADICTED if lies_above or lies_below else INCONCLUSIVE
    low, high = towards(part, finding)
    if finding.broken:
        return CONTRADICTED
    if low > part.bar:
        return SUPPORTED
    return CONTRADICTED if high < part.bar else INCONCLUSIVE


def _of_values(part: Part, finding: Finding) -> str:
    """Return the verdict of a median (or an only figure), by its band or beyond its bar."""
    (middle,) = finding.measured
    if part.is_band:
        low, high = part.centre - part.margin, part.centre + part.margin
        if low <= middle.value <= high:
            return SUPPORTED
        beyond = max(finding.values) < low or min(finding.values) > high
        return CONTRADICTED if beyond else INCONCLUSIVE
    if math.isnan(middle.low):  # an only figure
        return SUPPORTED if part.sign * middle.value > part.bar else CONTRADICTED
    low, high = towards(part, finding)
    if low > part.bar:
        return SUPPORTED
    return CONTRADICTED if high < part.bar else INCONCLUSIVE


def towards(part: Part, finding: Finding) -> tuple[float, float]:
    """Return the bounds seen in the claim's direction: larger is more as it says."""
    if part.sign > 0:
        return finding.low, finding.high
    return -finding.high, -finding.low


def how_contradicted(part: Part, finding: Finding, verdict: str) -> str:
    """Return "the reverse" or "no material lead" for a contradicted comparison, else ""."""
    if verdict != CONTRADICTED or not part.is_comparison:
        return ""
    if finding.broken:
        return f"reversed in {', '.join(finding.broken)}"
    _, high = towards(part, finding)
    if high < -part.margin:
        return "the reverse"
    moves = part.estimator in ("trend", CHANGE)
    return "no material change" if moves else "no material lead"


def smallest_shown(finding: Finding, verdict: str) -> float | None:
    """Return, for an inconclusive finding, the distance from the bar it could have shown."""
    if verdict != INCONCLUSIVE or not finding.measured or finding.values:
        return None
    return max(minimum_detectable(one) for one in finding.measured)


def q_values(p_values: Sequence[float]) -> list[float]:
    """Return Benjamini and Hochberg's q of each p, in the order given."""
    from statsmodels.stats.multitest import multipletests

    if not p_values:
        return []
    return [float(q) for q in multipletests(p_values, method="fdr_bh")[1]]


def of_parts(verdicts: Collection[str]) -> str:
    """Return the verdict of the whole: every part must hold, and one that fails is enough."""
    if CONTRADICTED in verdicts:
        return CONTRADICTED
    distinct = set(verdicts)
    if len(distinct) == 1:
        return distinct.pop()
    return INCONCLUSIVE


def robustness(verdict: str, variants: Collection[str]) -> str:
    """Return robust, weakened or flips; "" where there is no verdict to hold or lose.

    variants: the verdicts of the variants with enough data
    """
    if verdict not in (SUPPORTED, CONTRADICTED, INCONCLUSIVE):
        return ""
    if {SUPPORTED, CONTRADICTED} <= {verdict, *variants}:
        return "flips"
    if verdict != INCONCLUSIVE and INCONCLUSIVE in variants:
        return "weakened"
    return "robust"
