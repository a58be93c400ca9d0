"""Outcomes as rows of the claim tables, with the columns of `tables.COLUMNS`.

Layer:   claims (pure). Numbers are rounded here, at the end, and nowhere before.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from pipeline.claims import sentences
from pipeline.claims import verdict as verdicts
from pipeline.claims.evidence import employers_among
from pipeline.claims.finding import Finding
from pipeline.claims.outcomes import Outcome
from pipeline.claims.registry import HEADLINE, WHOLE, Claim
from pipeline.claims.tables import COLUMNS

Row = dict[str, object]
DIGITS = 6
P_DIGITS = 12  # of many claims the smallest p decides: q multiplies it by their number


def claim_row(claim: Claim) -> Row:
    """Return the row of claim.claims."""
    return {
        "claim_id": claim.claim_id,
        "statement": claim.statement,
        "said_by": "; ".join(str(saying) for saying in claim.said_by),
        "rule_hash": claim.rule_hash,
        "registered_on": claim.registered_on,
        "testable": claim.testable,
        "reason_not_testable": claim.reason_not_testable or None,
        "topic": claim.topic,
        "articles": " ".join(saying.article for saying in claim.said_by),
        "why": claim.why or None,
        "needs_frame": claim.frame if claim.evidence == "postings" else None,
        "needs_observes": " ".join(claim.observes) if claim.evidence == "postings" else None,
        "evidence": claim.evidence if claim.testable else None,
        "clusters": claim.clusters if claim.testable else None,
        "variants": " ".join(claim.variants) or None,
        "beside": " ".join(claim.beside) or None,
        "rivals": " ".join(claim.rivals) or None,
    }


def rule_row(claim: Claim, run_id: str) -> Row:
    """Return the row of claim.rules of the version of a rule that is judged by now."""
    return {
        "claim_id": claim.claim_id,
        "rule_hash": claim.rule_hash,
        "registered_on": claim.registered_on,
        "statement": claim.statement,
        "rule": claim.rule,
        "sql": claim.sql or None,
        "first_run_id": run_id,
        "is_current": True,
    }


def verdict_row(outcome: Outcome, run: Row, end: Row) -> Row:
    """Return the row of claim.verdicts of one part in one window."""
    part, finding = outcome.part, outcome.finding
    manner = verdicts.how_contradicted(part, finding, outcome.verdict)
    detectable = verdicts.smallest_shown(finding, outcome.verdict)
    robust = _robustness(outcome, outcome.verdict, outcome.by_variant.values())
    of_postings = outcome.claim.evidence == "postings"
    decides = outcome.verdict != "" and outcome.tests is not None and of_postings
    known = {
        "claim_id": outcome.claim.claim_id,
        "part": part.name,
        "time_window": outcome.window.name,
        **run,
        "reading": part.reading,
        "verdict": outcome.verdict or None,
        **_numbers(finding),
        "p_value": _round(outcome.tests.two_sided, P_DIGITS) if decides and outcome.tests else None,
        "q_value": _round(outcome.q, P_DIGITS) if decides and outcome.is_tested else None,
        **_sizes(outcome),
        "is_robust": robust != "flips" if robust else None,
        "minimum_detectable": _round(detectable),
        "robustness": robust or None,
        "finding": manner or None,
        "bar": None if part.is_band else _round(part.sign * part.bar),
        "pooling": finding.how,
        "n_families": finding.n_families,
        **_spread(finding),
        "n_confirmatory": sum(family.n_confirmatory for family in outcome.heard),
        "decided_by": None,
        "parts_without_data": None,
        "window_note": outcome.window.note or None,
        **end,
        "rule_hash": outcome.claim.rule_hash,
        "sums_hash": outcome.sums_hash,
        "sentence": sentences.headline(
            part,
            finding,
            outcome.families,
            verdict=outcome.verdict,
            manner=manner,
            detectable=detectable,
            clusters=outcome.claim.clusters,
        ),
    }
    return {name: known[name] for name in COLUMNS["verdicts"]}


def whole_row(claim: Claim, parts: Sequence[Outcome], run: Row, end: Row) -> Row:
    """Return the row of a claim in parts: its numbers are those of the part that decides."""
    said = {outcome.part.name: outcome.verdict for outcome in parts}
    verdict = verdicts.of_parts(said.values())
    decider = _decider(parts, verdict)
    lacking = [o.part.name for o in parts if not o.finding.measured]
    by_variant = [str(row["verdict"]) for row in whole_sensitivity(claim, parts)]
    robust = _robustness(decider, verdict, by_variant)
    return {
        **verdict_row(decider, run, end),
        "part": WHOLE,
        "verdict": verdict or None,
        "is_robust": robust != "flips" if robust else None,
        "robustness": robust or None,
        "decided_by": decider.part.name,
        "parts_without_data": " ".join(lacking) or None,
        "sentence": sentences.of_whole(claim, verdict, said, lacking),
    }


def _robustness(outcome: Outcome, verdict: str, by_variant: Collection[str]) -> str:
    # in years, which describe, not everything is tried: nothing is said of them
    if outcome.window.name != HEADLINE:
        return ""
    return verdicts.robustness(verdict, by_variant)


def _decider(parts: Sequence[Outcome], verdict: str) -> Outcome:
    """Return the weakest of the parts that have the whole's verdict (or else of those measured)."""
    same = [outcome for outcome in parts if outcome.verdict == verdict]
    measured = [outcome for outcome in parts if outcome.finding.measured]
    return max(same or measured or parts, key=lambda outcome: outcome.weakness)


def estimate_rows(outcome: Outcome) -> list[Row]:
    """Return the rows of claim.estimates: one per source family, heard or not."""
    heard = len(outcome.heard)
    alone = "one source: its own interval"
    two = "two sources: shown, not pooled"
    is_whole = outcome.finding.pool is not None or bool(outcome.finding.values)
    entered = "yes" if is_whole else (alone if heard == 1 else two)
    is_series = outcome.is_series
    return [
        {
            **_key(outcome),
            "reading": outcome.part.reading,
            "source_family": family.name,
            "estimate": _round(family.estimate.value if family.estimate else None),
            "ci_low": _round(family.estimate.low if family.estimate else None),
            "ci_high": _round(family.estimate.high if family.estimate else None),
            "n_postings": None if is_series else family.n_postings,
            "n_employers": None if is_series else _voices(outcome, len(family.employers)),
            "pooled": entered if family.enters else family.status,
            "sources": " ".join(family.sources),
        }
        for family in outcome.families
    ]


def sensitivity_rows(outcome: Outcome) -> list[Row]:
    """Return the rows of claim.sensitivity: one per variant with enough data."""
    return [
        {
            **_key(outcome),
            "variant": name,
            "verdict": outcome.by_variant[name],
            **_numbers(outcome.variants[name]),
            "n_families": outcome.variants[name].n_families,
        }
        for name in sorted(outcome.by_variant)
    ]


def whole_sensitivity(claim: Claim, parts: Sequence[Outcome]) -> list[Row]:
    """Return the whole under each variant; a part that has no such variant keeps its verdict."""
    names = sorted({name for outcome in parts for name in outcome.by_variant})
    return [
        {
            "claim_id": claim.claim_id,
            "part": WHOLE,
            "time_window": parts[0].window.name,
            "variant": name,
            "verdict": verdicts.of_parts([o.by_variant.get(name, o.verdict) for o in parts]),
            **_numbers(Finding()),
            "n_families": None,
        }
        for name in names
    ]


def not_testable(claim: Claim, run: Row, end: Row) -> Row:
    """Return the only verdict of a claim that our data cannot speak to."""
    known = {
        "claim_id": claim.claim_id,
        "part": WHOLE,
        "time_window": HEADLINE,
        **run,
        "verdict": verdicts.NOT_TESTABLE,
        **end,
        "rule_hash": claim.rule_hash,
        "sentence": f"Not testable here: {claim.reason_not_testable}",
    }
    return {name: known.get(name) for name in COLUMNS["verdicts"]}


def _key(outcome: Outcome) -> Row:
    return {
        "claim_id": outcome.claim.claim_id,
        "part": outcome.part.name,
        "time_window": outcome.window.name,
    }


def _numbers(finding: Finding) -> Row:
    shown = finding.shown
    return {
        "estimate": _round(shown.value if shown else None),
        "ci_low": _round(finding.low if finding.measured else None),
        "ci_high": _round(finding.high if finding.measured else None),
    }


def _voices(outcome: Outcome, employers: int) -> int:
    # a census counts the ads of one named employer: its clusters are no employers
    return min(1, employers) if outcome.claim.is_census else employers


def _sizes(outcome: Outcome) -> Row:
    # Without enough data the counts say what there was.
    families = outcome.heard or outcome.families
    employers = len(employers_among([family.employers for family in families]))
    is_series = outcome.is_series
    return {
        "n_postings": None if is_series else sum(family.n_postings for family in families),
        "n_employers": None if is_series else _voices(outcome, employers),
        "n_clusters": None if is_series and outcome.finding.values else employers,
        "n_sources": len({source for family in outcome.heard for source in family.sources}),
    }


def _spread(finding: Finding) -> Row:
    pool = finding.pool
    return {
        "tau2": _round(pool.tau2 if pool else None),
        "i_squared_pct": _round(pool.i_squared_pct if pool else None),
        "prediction_low": _round(pool.prediction_low if pool else None),
        "prediction_high": _round(pool.prediction_high if pool else None),
    }


def _round(value: float | None, digits: int = DIGITS) -> float | None:
    """Return the value to so many decimals; None for NaN, and never a negative zero."""
    if value is None or math.isnan(value):
        return None
    return round(value, digits) + 0.0
