"""Every claim in every window: the rows of claim.claims, verdicts, estimates and sensitivity.

Layer:   claims (pure). Deterministic: the same sums give the same rows, in whatever order the
         sums come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.claims import rows
from pipeline.claims.cells import Columns
from pipeline.claims.outcomes import Outcome, decide_all, levels_of, outcomes_of
from pipeline.claims.registry import Claim
from pipeline.claims.rows import Row

PRIMARY = "primary"


class Judgement(NamedTuple):
    """Rows by table, with the columns of `tables.COLUMNS`, in key order."""

    claims: list[Row]
    verdicts: list[Row]
    estimates: list[Row]
    sensitivity: list[Row]


def judge(
    claims: Sequence[Claim],
    sums: Mapping[str, Columns],
    *,
    as_of: date,
    run_id: str,
    variants: Mapping[str, Mapping[str, Columns]] | None = None,
    provisional: bool = True,
) -> Judgement:
    """Return the rows of all claims.

    sums:      by claim id, the columns its SQL gave: DuckDB's `fetchnumpy()`, or a DataFrame
    as_of:     the newest real posting date not after the run; it ends the windows
    variants:  by claim id and variant name (required_only …), sums made otherwise
    Raises InputError for a testable claim without sums, or sums that do not fit their rule.
    """
    outcomes: list[Outcome] = []
    ordered = sorted(claims, key=lambda claim: claim.claim_id)
    for claim in ordered:
        if claim.testable:
            others = (variants or {}).get(claim.claim_id, {})
            outcomes += outcomes_of(claim, sums, others, as_of)
    decide_all(outcomes)

    by_claim: dict[str, dict[str, list[Outcome]]] = {claim.claim_id: {} for claim in ordered}
    for outcome in outcomes:
        by_claim[outcome.claim.claim_id].setdefault(outcome.window.name, []).append(outcome)
    run: Row = {"reading": PRIMARY, "run_id": run_id, "as_of": as_of}
    end: Row = {"provisional": provisional}
    found = Judgement([rows.claim_row(claim) for claim in ordered], [], [], [])
    for claim in ordered:
        if not claim.testable:
            found.verdicts.append(rows.not_testable(claim, run, end))
        for _, parts in sorted(by_claim[claim.claim_id].items()):
            if len(claim.parts) > 1:
                found.verdicts.append(rows.whole_row(claim, parts, run, end))
                found.sensitivity.extend(rows.whole_sensitivity(claim, parts))
            for outcome in parts:
                found.verdicts.append(rows.verdict_row(outcome, run, end))
                found.estimates.extend(rows.estimate_rows(outcome))
                found.sensitivity.extend(rows.sensitivity_rows(outcome))
        for level in levels_of(claim, sums, as_of) if claim.testable else ():
            found.estimates.extend(rows.estimate_rows(level))
    found.estimates.sort(key=lambda row: (row["claim_id"], row["time_window"]))
    return found
