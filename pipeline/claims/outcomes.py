"""Every part of a claim in every window: what was found, and what was made of it.

Layer:   claims (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from pipeline.claims import verdict as verdicts
from pipeline.claims.cells import PROXY, REAL, Cells
from pipeline.claims.evidence import Family, gather
from pipeline.claims.finding import Finding, combine
from pipeline.claims.registry import ALL_TIME, CHANGE, HEADLINE, OF_ENTITIES, Claim, Part
from pipeline.claims.verdict import OneSided
from pipeline.claims.windows import Window, month_number, names_of, window_of, years_of


@dataclass(slots=True)
class Outcome:
    """One part in one window: what was found, and what was made of it."""

    claim: Claim
    part: Part
    window: Window
    families: list[Family]
    finding: Finding
    variants: dict[str, Finding]
    tests: OneSided | None = None
    q: float | None = None
    verdict: str = ""  # "" in all_time, which has none
    by_variant: dict[str, str] = field(default_factory=dict)
    sums_hash: str = ""

    @property
    def is_tested(self) -> bool:
        """Return whether it stands in the family of tests that q is taken over."""
        return self.part.is_primary and self.claim.evidence == "postings"

    @property
    def is_series(self) -> bool:
        """Return whether it rests on outside series or arithmetic, not on postings."""
        return self.claim.evidence != "postings" or self.part.estimator in OF_ENTITIES

    @property
    def heard(self) -> list[Family]:
        return [family for family in self.families if family.enters]

    @property
    def weakness(self) -> float:
        """Return how little it speaks for the claim: the p of the test that it holds."""
        return self.tests.support if self.tests else -1.0


def outcomes_of(
    claim: Claim, cells: Cells, others: Mapping[str, Cells], as_of: date
) -> list[Outcome]:
    """Return one outcome per window and part of a claim, not yet decided.

    others: by variant name, its rows made otherwise
    """
    mark = cells.digest()
    found: list[Outcome] = []
    for name in names_of(claim, cells, as_of):
        parts = [
            # years describe: what rests on other tables is tried for the headline only
            _outcome(claim, part, window, cells, others if name == HEADLINE else {}, as_of)
            for part in (*claim.parts, *_matched_panels(claim))
            if (window := window_of(name, claim, part, as_of)) is not None
        ]
        for outcome in parts:
            outcome.sums_hash = mark
        # A year is there where the sample allows; the headline and all_time always are.
        if name in (HEADLINE, ALL_TIME) or any(outcome.heard for outcome in parts):
            found += parts
    return found


def _matched_panels(claim: Claim) -> list[Part]:
    """Return a second reading of every trend: the change over employers heard in both years."""
    return [
        replace(part, estimator=CHANGE, reading="matched_panel")
        for part in claim.primary
        if part.estimator == "trend"
    ]


def levels_of(claim: Claim, cells: Cells, as_of: date) -> list[Outcome]:
    """Return the share in every single year of each trend: what the slope runs through.

    They describe and are never judged: one year has no slope.
    """
    trends = [part for part in claim.primary if part.estimator == "trend"]
    if not trends:
        return []
    found = []
    for window in years_of(claim, cells, as_of):
        for part in trends:
            is_lead = bool(np.any(cells.of(part.population).numerator < 0))
            share = replace(part, estimator="lead" if is_lead else "share")
            families = gather(claim, share, window.of(cells), month_number(claim.registered_on))
            finding = combine(share, [f.estimate for f in families if f.enters and f.estimate])
            level = Outcome(claim, part, window, families, finding, {})
            if level.heard:
                found.append(level)
    return found


def _outcome(
    claim: Claim,
    part: Part,
    window: Window,
    cells: Cells,
    others: Mapping[str, Cells],
    as_of: date,
) -> Outcome:
    if part.estimator == "lasting" and window.name == HEADLINE:
        return _lasting(claim, part, window, cells, others, as_of)
    registered = month_number(claim.registered_on)
    if not part.is_primary:  # a second reading is shown, not tried out further
        others = {}
    families = gather(claim, part, window.of(cells), registered)
    heard = [family for family in families if family.enters]
    varied = {"employer_weighted": combine(part, [f.weighted for f in heard if f.weighted])}
    if len(heard) > 1:
        for left_out in heard:
            rest = [f.estimate for f in heard if f is not left_out and f.estimate]
            varied[f"without_{left_out.name}"] = combine(part, rest)
    for name, other in others.items():
        again = gather(claim, part, window.of(other), registered)
        varied[name] = combine(part, [f.estimate for f in again if f.enters and f.estimate])
    finding = combine(part, [f.estimate for f in heard if f.estimate])
    enough = {name: one for name, one in varied.items() if one.measured}
    return Outcome(claim, part, window, families, finding, enough)


def _lasting(
    claim: Claim,
    part: Part,
    window: Window,
    cells: Cells,
    others: Mapping[str, Cells],
    as_of: date,
) -> Outcome:
    """Return the lead of the newest year that has one, and the years in which it was reversed."""
    years = years_of(claim, cells, as_of, (REAL, PROXY))
    each = [_outcome(claim, part, year, cells, others, as_of) for year in years]
    heard = [outcome for outcome in each if outcome.heard]
    if not heard:
        return Outcome(claim, part, window, [], combine(part, []), {})
    newest = heard[-1]

    def lasts(finding: Finding, before: Sequence[Finding]) -> Finding:
        told = [
            outcome.window.name
            for outcome, one in zip(heard, before, strict=True)
            if one.measured and verdicts.towards(part, one)[1] < -part.margin
        ]
        return replace(finding, broken=tuple(told))

    newest.finding = lasts(newest.finding, [outcome.finding for outcome in heard])
    newest.variants = {
        name: lasts(one, [outcome.variants.get(name, Finding()) for outcome in heard])
        for name, one in newest.variants.items()
    }
    since = f"no year since {claim.first_year} may reverse it"
    note = f"the newest year heard, {newest.window.name}; {since}"
    newest.window = window._replace(note=note)
    return newest


def decide_all(outcomes: Sequence[Outcome]) -> None:
    """Fill in tests, q and verdicts; q is over all parts tested in one window, and no variant."""
    families: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.finding.measured and not outcome.finding.values:
            outcome.tests = verdicts.run_tests(outcome.part, outcome.finding)
            if outcome.is_tested:
                families.setdefault(outcome.window.name, []).append(outcome)
            else:
                outcome.q = outcome.tests.p
    for tested in families.values():
        p_values = [outcome.tests.two_sided for outcome in tested if outcome.tests]
        for outcome, q in zip(tested, verdicts.q_values(p_values), strict=True):
            outcome.q = q
    for outcome in outcomes:
        if outcome.window.name != ALL_TIME:
            outcome.verdict = verdicts.decide(
                outcome.part, outcome.finding, outcome.tests, outcome.q
            )
            outcome.by_variant = {
                name: _uncorrected(outcome.part, one) for name, one in outcome.variants.items()
            }


def _uncorrected(part: Part, finding: Finding) -> str:
    if finding.values:
        return verdicts.decide(part, finding, None, None)
    tests = verdicts.run_tests(part, finding)
    return verdicts.decide(part, finding, tests, tests.p)
