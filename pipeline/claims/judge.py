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
from pipeline.errors import InputError

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

    sums:       by claim id, the columns its SQL gave: DuckDB's `fetchnumpy()`, or a DataFrame;
                asked for claim by claim, so that they need not all be in memory
    as_of:      the newest real posting date not after the run; it ends the windows
    variants:   by claim id and variant name (required_only …), sums made otherwise
    history:    rows of claim.verdicts of earlier runs that were published, in their order
    rules:      rows of claim.rules of earlier runs
    extractors: the extractor's version by run_id
    Raises InputError for a testable claim without sums, or sums that do not fit their rule.
    """
    ordered = sorted(claims, key=lambda claim: claim.claim_id)
    # of each claim's rows, which may be millions, only what was found is kept
    heard = {
        claim.claim_id: _heard(claim, sums, (variants or {}).get(claim.claim_id, {}), as_of)
        for claim in ordered
        if claim.testable
    }
    decide_all([outcome for one in heard.values() for outcome in one.outcomes])
    run: Row = {"reading": PRIMARY, "run_id": run_id, "as_of": as_of}
    end: Row = {"provisional": provisional}
    found = Judgement([rows.claim_row(claim) for claim in ordered], [], [], [], [], [], [], [])
    found.rules.extend(_all_rules(ordered, rules, run_id))
    for claim in ordered:
        if not claim.testable:
            found.verdicts.append(rows.not_testable(claim, run, end))
            continue
        for in_window in heard[claim.claim_id].by_window():
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
        for level in heard[claim.claim_id].levels:
            found.estimates.extend(rows.estimate_rows(level))
        found.flips.extend(heard[claim.claim_id].flips)
    for one in found.estimates:
        del one["reading"]
    found.estimates.sort(key=lambda row: (row["claim_id"], row["time_window"]))
    found.standing.extend(standing_rows([*history, *found.verdicts], extractors or {}))
    return found


class _Heard(NamedTuple):
    """What one claim's rows tell."""

    outcomes: list[Outcome]
    levels: list[Outcome]
    flips: list[Row]

    def by_window(self) -> list[list[Outcome]]:
        windows: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            windows.setdefault(outcome.window.name, []).append(outcome)
        return [some for _, some in sorted(windows.items())]


def _heard(
    claim: Claim, sums: Mapping[str, Columns], others: Mapping[str, Columns], as_of: date
) -> _Heard:
    if claim.claim_id not in sums:
        raise InputError(f"{claim.claim_id}: expected its sums, saw none; run its SQL first")
    cells = read_cells(claim, sums[claim.claim_id])
    other_cells = {name: read_cells(claim, columns) for name, columns in sorted(others.items())}
    outcomes = outcomes_of(claim, cells, other_cells, as_of)
    years = [outcome for outcome in outcomes if outcome.window.name.isdigit()]
    flips = flip_rows(years, cells) if years else []
    return _Heard(outcomes, levels_of(claim, cells, as_of), flips)


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
