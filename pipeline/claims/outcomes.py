"""Every part of a claim in every window: what was found, and what was made of it.

Layer:   claims (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.claims import verdict as verdicts
from pipeline.claims.cells import Cells, Columns, read_cells
from pipeline.claims.evidence import Family, Finding, combine, gather
from pipeline.claims.registry import ALL_TIME, HEADLINE, Claim, Part
from pipeline.claims.verdict import OneSided
from pipeline.claims.windows import Window, month_number, names_of, window_of, years_of
from pipeline.errors import InputError


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

    @property
    def heard(self) -> list[Family]:
        return [family for family in self.families if family.enters]

    @property
    def weakness(self) -> float:
        """Return how little it speaks for the claim: the p of the test that it holds."""
        return self.tests.support if self.tests else -1.0


def outcomes_of(
    claim: Claim, sums: Mapping[str, Columns], others: Mapping[str, Columns], as_of: date
) -> list[Outcome]:
    """Return one outcome per window and part of a claim, not yet decided.

    others: by variant name, sums made otherwise.  Raises InputError without its sums.
    """
    if claim.claim_id not in sums:
        raise InputError(f"{claim.claim_id}: expected its sums, saw none; run its SQL first")
    cells = read_cells(claim, sums[claim.claim_id])
    other_cells = {name: read_cells(claim, columns) for name, columns in sorted(others.items())}
    found: list[Outcome] = []
    for name in names_of(claim, cells, as_of):
        parts = [
            _outcome(claim, part, window, cells, other_cells)
            for part in claim.parts
            if (window := window_of(name, claim, part, as_of)) is not None
        ]
        # A year is there where the sample allows; the headline and all_time always are.
        if name in (HEADLINE, ALL_TIME) or any(outcome.heard for outcome in parts):
            found += parts
    return found


def levels_of(claim: Claim, sums: Mapping[str, Columns], as_of: date) -> list[Outcome]:
    """Return the share in every single year of each trend: what the slope runs through.

    They describe and are never judged: one year has no slope.
    """
    trends = [part for part in claim.parts if part.estimator == "trend"]
    if not trends:
        return []
    cells = read_cells(claim, sums[claim.claim_id])
    found = []
    for window in years_of(claim, cells, as_of):
        for part in trends:
            share = replace(part, estimator="share")
            families = gather(claim, share, window.of(cells), month_number(claim.registered_on))
            finding = combine(share, [f.estimate for f in families if f.enters and f.estimate])
            level = Outcome(claim, part, window, families, finding, {})
            if level.heard:
                found.append(level)
    return found


def _outcome(
    claim: Claim, part: Part, window: Window, cells: Cells, others: Mapping[str, Cells]
) -> Outcome:
    registered = month_number(claim.registered_on)
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


def decide_all(outcomes: Sequence[Outcome]) -> None:
    """Fill in tests, q and verdicts; q is over all parts tested in one window, and no variant."""
    families: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.finding.measured:
            outcome.tests = verdicts.run_tests(outcome.part, outcome.finding)
            families.setdefault(outcome.window.name, []).append(outcome)
    for tested in families.values():
        p_values = [outcome.tests.p for outcome in tested if outcome.tests]
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
    tests = verdicts.run_tests(part, finding)
    return verdicts.decide(part, finding, tests, tests.p)
