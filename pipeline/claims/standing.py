"""The verdict that stands: tonight's is published as changed when three runs with new data agree.

Layer:   claims (pure).

A verdict near its line would change from night to night and back. What was published stands until
three consecutive runs, each on sums that the run before it did not have, find the same other one.
A new version of a rule asks another question: what stood under the old one ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.claims.registry import HEADLINE, PRIMARY, WHOLE

AGREEING_RUNS = 3

Row = Mapping[str, object]


def standing_rows(
    verdicts: Sequence[Row], extractors: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return the row of claim.standing of every claim.

    verdicts:   rows of claim.verdicts of all runs that were published and of the newest, in the
                order of the runs
    extractors: the extractor's version by run_id
    """
    by_claim: dict[str, list[Row]] = {}
    for row in verdicts:
        key = row["part"], row["time_window"], row["reading"]
        if key == (WHOLE, HEADLINE, PRIMARY):
            by_claim.setdefault(str(row["claim_id"]), []).append(row)
    newest = verdicts[-1]["run_id"] if verdicts else None
    return [
        _standing(claim_id, rows, extractors)
        for claim_id, rows in sorted(by_claim.items())
        if rows[-1]["run_id"] == newest
    ]


def _standing(
    claim_id: str, rows: Sequence[Row], extractors: Mapping[str, str]
) -> dict[str, object]:
    stands, before = rows[0], None
    waiting: Row | None = None
    agreeing = 0
    for earlier, row in pairwise(rows):
        if row["rule_hash"] != stands["rule_hash"]:
            stands, before, waiting, agreeing = row, None, None, 0
        elif row["verdict"] == stands["verdict"]:
            waiting, agreeing = None, 0
        elif row["sums_hash"] != earlier["sums_hash"]:
            same = waiting is not None and row["verdict"] == waiting["verdict"]
            agreeing = agreeing + 1 if same else 1
            waiting = row
            if agreeing == AGREEING_RUNS:
                stands, before, waiting, agreeing = row, stands["verdict"], None, 0
    last = rows[-1]
    previous = rows[-2] if len(rows) > 1 else None
    found: dict[str, object] = {
        "claim_id": claim_id,
        "verdict": stands["verdict"],
        "since_run_id": stands["run_id"],
        "since": stands["as_of"],
        "before": before,
        "tonight": last["verdict"],
        "n_agreeing": agreeing,
        "n_needed": AGREEING_RUNS,
        "reason": _reason(previous, last, extractors),
        "estimate_before": previous["estimate"] if previous else None,
    }
    return found | {"sentence": _sentence(found)}


def _reason(previous: Row | None, last: Row, extractors: Mapping[str, str]) -> str | None:
    """Return why the numbers differ from those of the run before; None where they do not."""
    if previous is None:
        return None
    if previous["rule_hash"] != last["rule_hash"]:
        return "a new rule"
    if previous["sums_hash"] == last["sums_hash"]:
        told = ("verdict", "estimate", "ci_low", "ci_high")
        return None if all(previous[name] == last[name] for name in told) else "a new method"
    runs = str(previous["run_id"]), str(last["run_id"])
    same_reader = extractors.get(runs[0]) == extractors.get(runs[1])
    return "new data" if same_reader else "a new extractor"


def _sentence(found: Row) -> str:
    said = str(found["verdict"]).replace("_", " ")
    told = f"Stands as {said} since {found['since']}"
    if found["before"]:
        told += f", before that {str(found['before']).replace('_', ' ')}"
    if found["tonight"] == found["verdict"]:
        return f"{told}."
    tonight = str(found["tonight"]).replace("_", " ")
    return (
        f"{told}. The newest run finds {tonight}: {found['n_agreeing']} of the "
        f"{found['n_needed']} runs with new data that must agree before it is published as changed."
    )
