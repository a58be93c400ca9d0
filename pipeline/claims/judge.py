"""Every claim in every window: the rows of claim.claims, verdicts, estimates and sensitivity.

Layer:   claims (pure). Deterministic: the same sums give the same rows, in whatever order the
         sums come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.claims import rows
from pipeline.claims.cells import Columns, read_cells
from pipeline.claims.flips import flip_rows
from pipeline.claims.outcomes import Outcome, decide_all, levels_of, outcomes_of
from pipeline.claims.registry import PRIMARY, Claim
from pipeline.claims.rows import Row
from pipeline.claims.standing import standing_rows

History = Sequence[Mapping[str, object]]


class Judgement(NamedTuple):
    """Rows by table, with the columns of `tables.COLUMNS`, in key order."""

    claims: list[Row]
    rules: list[Row]
    verdicts: list[Row]
    standing: list[Row]
    estimates: list[Row]
    readings: list[Row]
    sensitivity: list[Row]
    flips: list[Row]


def judge(
    claims: Sequence[Claim],
    sums: Mapping[str, Columns],
    *,
    as_of: date,
    run_id: str,
    variants: Mapping[str, Mapping[str, Columns]] | None = None,
    provisional: bool = True,
    history: History = (),
    rules: History = (),
    extractors: Mapping[str, str] | None = None,
) -> Judgement:
    """Return the rows of all claims.

    sums:       by claim id, the columns its SQL gave: DuckDB's `fetchnumpy()`, or a DataFrame
    as_of:      the newest real posting date not after the run; it ends the windows
    variants:   by claim id and variant name (required_only …), sums made otherwise
    history:    rows of claim.verdicts of earlier runs that were published, in their order
    rules:      rows of claim.rules of earlier runs
    extractors: the extractor's version by run_id
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
    found = Judgement([rows.claim_row(claim) for claim in ordered], [], [], [], [], [], [], [])
    found.rules.extend(_all_rules(ordered, rules, run_id))
    for claim in ordered:
        if not claim.testable:
            found.verdicts.append(rows.not_testable(claim, run, end))
            continue
        for _, in_window in sorted(by_claim[claim.claim_id].items()):
            parts = [outcome for outcome in in_window if outcome.part.is_primary]
            if len(claim.primary) > 1 and parts:
                found.verdicts.append(rows.whole_row(claim, parts, run, end))
                found.sensitivity.extend(rows.whole_sensitivity(claim, parts))
            for outcome in in_window:
                found.verdicts.append(rows.verdict_row(outcome, run, end))
                shown = found.estimates if outcome.part.is_primary else found.readings
                shown.extend(rows.estimate_rows(outcome))
                if outcome.part.is_primary:
                    found.sensitivity.extend(rows.sensitivity_rows(outcome))
        for level in levels_of(claim, sums, as_of):
            found.estimates.extend(rows.estimate_rows(level))
        years = [one for w, some in by_claim[claim.claim_id].items() if w.isdigit() for one in some]
        if years:
            found.flips.extend(flip_rows(years, read_cells(claim, sums[claim.claim_id])))
    for one in found.estimates:
        del one["reading"]
    found.estimates.sort(key=lambda row: (row["claim_id"], row["time_window"]))
    found.standing.extend(standing_rows([*history, *found.verdicts], extractors or {}))
    return found


def _all_rules(claims: Sequence[Claim], earlier: History, run_id: str) -> list[Row]:
    """Return every version of every rule: a changed rule does not hide the one before it."""
    known: dict[tuple[object, object], Row] = {
        (row["claim_id"], row["rule_hash"]): {**row, "is_current": False} for row in earlier
    }
    for claim in claims:
        key = claim.claim_id, claim.rule_hash
        first = str(known[key]["first_run_id"]) if key in known else run_id
        known[key] = rows.rule_row(claim, first)
    return sorted(known.values(), key=lambda row: (str(row["claim_id"]), str(row["registered_on"])))
