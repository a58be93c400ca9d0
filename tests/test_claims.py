"""All five verdicts at their edges, intervals that keep their promise, and rules that can fail."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats

from pipeline.claims.cells import COLUMNS as SUMS
from pipeline.claims.estimators import (
    EmployerSums,
    Estimate,
    difference,
    employer_weighted,
    lead,
    minimum_detectable,
    p_above,
    p_below,
    share,
    trend,
)
from pipeline.claims.finding import combine
from pipeline.claims.judge import judge
from pipeline.claims.pooling import pool
from pipeline.claims.registry import Claim, Part, parse_claim, read_claims
from pipeline.claims.tables import COLUMNS
from pipeline.claims.verdict import (
    decide,
    how_contradicted,
    of_parts,
    q_values,
    robustness,
    run_tests,
    smallest_shown,
)
from pipeline.edge import statements
from pipeline.errors import InputError

RULES = Path(__file__).resolve().parents[1] / "sql" / "claims"
AS_OF = date(2026, 7, 2)
SEED = 20261121


# Rules to judge by ----------------------------------------------------------------------------


def rule(claim_id: str = "some-claim", *, top: str = "", parts: str | None = None) -> Claim:
    """Return a claim whose rule is a lead above 3 points, unless told otherwise."""
    return parse_claim(f"{claim_id.replace('-', '_')}.toml", toml(claim_id, top, parts), b"select")


def toml(claim_id: str = "some-claim", top: str = "", parts: str | None = None) -> bytes:
    if parts is None:
        parts = part_toml()
    return f"""
id = "{claim_id}"
statement = "Oak is asked for more than elm."
topic = "market"
why = "Because."
registered_on = 2026-11-21
said_by = ["A"]
{top}
[needs]
frame = "any"
observes = ["full_text"]
{parts}
""".encode()


def part_toml(name: str = "all", estimator: str = "lead", rest: str = 'direction = "above"') -> str:
    return f"""
[[parts]]
name = "{name}"
estimator = "{estimator}"
title = "Trees"
measure = "Lead of oak over elm, points"
above = "Oak leads"
below = "Elm leads"
{rest}
"""


def part(estimator: str = "lead", rest: str = 'direction = "above"') -> Part:
    return rule(parts=part_toml("all", estimator, rest)).parts[0]


# Sums as the SQL gives them -------------------------------------------------------------------


def cells(
    *,
    source: str = "oakboard",
    family: str = "",
    name: str = "all",
    observes: str = "full_text",
    frame: str = "all_jobs",
    kind: str = "real",
    period: date | None = date(2026, 3, 1),
    employers: int = 40,
    each: int = 2,
    numerator: float = 1.0,
    nameless: bool = False,
    spread: bool = True,
) -> list[dict[str, object]]:
    """Return one row per employer, whose numerators differ a little around the one given."""
    return [
        {
            "part": name,
            "source": source,
            "source_family": family or source,
            "frame": frame,
            "observes": observes,
            "date_kind": kind,
            "period": period,
            "employer_id": None if nameless else f"employer-{at:03}",
            "n_postings": each,
            "numerator": numerator + (0.5 if at % 2 else -0.5) * spread,
            "denominator": each,
        }
        for at in range(employers)
    ]


def columns(rows: list[dict[str, object]]) -> dict[str, np.ndarray]:
    names = list(cells(employers=1)[0])
    return {name: np.array([row[name] for row in rows], dtype=object) for name in names}


def verdict_of(rows, *, claim: Claim | None = None, window: str = "last_24_months", name="all"):
    claim = claim or rule()
    found = judge([claim], {claim.claim_id: columns(rows)}, as_of=AS_OF, run_id="r1")
    primary = [r for r in found.verdicts if r["reading"] == "primary"]
    same = [r for r in primary if r["time_window"] == window and r["part"] == name]
    assert len(same) == 1
    return same[0]


def estimate(value: float, half: float, df: float = 30.0) -> Estimate:
    """Return an estimate whose 95 % interval is value minus and plus half."""
    se = half / float(stats.t.ppf(0.975, df))
    return Estimate(value, value - half, value + half, se, df, 31)


def decided(one: Part, *estimates: Estimate, q: float | None = None) -> str:
    finding = combine(one, estimates)
    tests = run_tests(one, finding) if finding.measured else None
    return decide(one, finding, tests, q if q is not None or tests is None else tests.p)


# Verdicts at their edges ------------------------------------------------------------------------


def test_a_lead_is_supported_only_when_its_lower_bound_lies_above_the_margin():
    assert decided(part(), estimate(5.01, 2)) == "supported"
    assert decided(part(), Estimate(5.0, 3.0, 7.0, 0.9, 30, 31)) == "inconclusive"


def test_a_lead_is_contradicted_only_when_its_upper_bound_lies_below_the_margin():
    assert decided(part(), estimate(0.99, 2)) == "contradicted"
    assert decided(part(), Estimate(1.0, -1.0, 3.0, 0.9, 30, 31)) == "inconclusive"


def test_a_q_of_five_percent_decides_nothing():
    assert decided(part(), estimate(20, 2), q=0.05) == "inconclusive"
    assert decided(part(), estimate(20, 2), q=0.0499) == "supported"
    assert decided(part(), estimate(-20, 2), q=0.05) == "inconclusive"
    assert decided(part(), estimate(-20, 2), q=0.0499) == "contradicted"


def test_nothing_measured_is_insufficient_data():
    assert decided(part()) == "insufficient_data"


def test_a_claim_of_the_other_direction_mirrors_margin_and_bounds():
    mirrored = part(rest='direction = "below"')
    assert decided(mirrored, estimate(-5.01, 2)) == "supported"
    assert decided(mirrored, estimate(-4.9, 2)) == "inconclusive"
    assert decided(mirrored, estimate(-0.99, 2)) == "contradicted"


def test_a_contradiction_is_the_reverse_only_beyond_the_margin_on_the_other_side():
    one = part()
    reverse, none = combine(one, [estimate(-6, 2)]), combine(one, [estimate(-1, 2)])
    assert how_contradicted(one, reverse, "contradicted") == "the reverse"
    assert how_contradicted(one, none, "contradicted") == "no material lead"
    assert how_contradicted(one, none, "inconclusive") == ""


def test_a_threshold_stands_in_place_of_the_margin():
    many = part("share", 'direction = "above"\nthreshold_pct = 25')
    assert decided(many, estimate(30.01, 5)) == "supported"
    assert decided(many, estimate(27, 5)) == "inconclusive"
    assert decided(many, estimate(19.9, 5)) == "contradicted"
    few = part("share", 'direction = "below"\nthreshold_pct = 25')
    assert decided(few, estimate(19.9, 5)) == "supported"
    assert decided(few, estimate(30.01, 5)) == "contradicted"


def test_equivalence_needs_both_one_sided_tests():
    even = part("equivalence", "margin_points = 10")
    assert decided(even, estimate(0, 5)) == "supported"
    assert decided(even, estimate(0, 13)) == "inconclusive"
    assert decided(even, estimate(9, 5)) == "inconclusive"  # above -10 for sure, below 10 not
    assert decided(even, estimate(16, 5)) == "contradicted"
    assert decided(even, estimate(-16, 5)) == "contradicted"
    assert decided(even, estimate(14, 5)) == "inconclusive"


def test_equivalence_is_measured_from_its_centre():
    sixty = part("equivalence", "margin_points = 5\ncentre_pct = 60")
    assert decided(sixty, estimate(61, 2)) == "supported"
    assert decided(sixty, estimate(0, 2)) == "contradicted"


def test_two_sources_must_both_say_it():
    assert decided(part(), estimate(10, 2), estimate(30, 2)) == "supported"
    assert decided(part(), estimate(4, 2), estimate(30, 2)) == "inconclusive"
    assert decided(part(), estimate(-10, 2), estimate(30, 2)) == "inconclusive"
    assert decided(part(), estimate(-10, 2), estimate(-30, 2)) == "contradicted"


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "contradicted"], "contradicted"),
        (["insufficient_data", "contradicted"], "contradicted"),
        (["supported", "inconclusive"], "inconclusive"),
        (["supported", "insufficient_data"], "inconclusive"),
        (["insufficient_data", "insufficient_data"], "insufficient_data"),
    ],
)
def test_the_whole_holds_if_every_part_does_and_fails_if_one_does(parts, whole):
    assert of_parts(parts) == whole


def test_an_inconclusive_verdict_says_what_could_have_been_shown():
    one = estimate(3, 4)
    expected = (stats.t.ppf(0.975, 30) + stats.t.ppf(0.8, 30)) * one.se
    assert minimum_detectable(one) == pytest.approx(expected)
    assert smallest_shown(combine(part(), [one]), "inconclusive") == pytest.approx(expected)
    assert smallest_shown(combine(part(), [one]), "supported") is None


def test_a_variant_that_turns_the_verdict_round_is_a_flip_and_one_that_loses_it_a_weakening():
    assert robustness("supported", ["supported", "contradicted"]) == "flips"
    assert robustness("contradicted", ["inconclusive"]) == "weakened"
    assert robustness("supported", ["supported"]) == "robust"
    assert robustness("inconclusive", ["supported", "contradicted"]) == "flips"
    assert robustness("insufficient_data", ["supported"]) == ""


def test_q_is_benjamini_and_hochbergs():
    # by hand: .01 * 4 / 1, min(.03 * 4 / 2, .04 * 4 / 3, …) = .0533…, .5 * 4 / 4
    assert q_values([0.03, 0.5, 0.01, 0.04]) == pytest.approx([0.16 / 3, 0.5, 0.04, 0.16 / 3])


# Estimators ---------------------------------------------------------------------------------------


def sums(numerator, denominator, employer=None, period=None, stratum=None) -> EmployerSums:
    employer = np.arange(len(numerator)) if employer is None else np.asarray(employer)
    return EmployerSums(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float), employer,
        period, stratum,
    )  # fmt: skip


def test_a_lead_of_equal_employers_is_the_textbook_t_interval_of_their_shares():
    named = np.array([0, 1, 1, 2, 3, 4.0])
    found = lead(sums(named, np.full(6, 4.0)))
    shares = 100 * named / 4
    se = shares.std(ddof=1) / 6**0.5
    half = stats.t.ppf(0.975, 5) * se
    expected = (shares.mean(), shares.mean() - half, shares.mean() + half, se, 5)
    assert found[:5] == pytest.approx(expected)


def test_five_hundred_ads_of_one_employer_are_one_voice():
    others = [1.0, 0.0] * 20
    narrow = share(sums(others, np.ones(40)))
    wide = share(sums([*others, 500.0], [*np.ones(40), 500.0]))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert wide.df < 2 < narrow.df


def test_an_employer_in_several_rows_is_one_employer():
    apart = share(sums([1, 0, 2, 1, 1], [2, 2, 3, 1, 2], [0, 0, 1, 2, 2]))
    together = share(sums([1, 2, 2], [4, 3, 3]))
    assert apart == pytest.approx(together)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_none_or_all_still_has_an_interval(value):
    found = share(sums(np.full(20, value * 3), np.full(20, 3)))
    half_an_employer = 0.5 / 21
    se = 100 * (half_an_employer * (1 - half_an_employer) / 20) ** 0.5
    assert found.value == 100 * value
    assert found.se == pytest.approx(se)
    assert 5 < found.high - found.low < 10


def test_a_lead_on_which_all_employers_agree_still_has_an_interval():
    found = lead(sums(np.full(20, -1.0), np.ones(20)))
    assert found.value == -100
    assert found.low == -100
    assert found.high > -99


def clustered(rng, employers: int):
    """Return counts (oak only, elm only, both, neither) of employers that differ in size."""
    size = np.maximum(1, np.round(rng.lognormal(0.7, 0.7, employers))).astype(int)
    leaning = rng.dirichlet([0.8, 0.4, 0.4, 0.4], employers)
    return rng.multinomial(size, leaning).astype(float)


def linearised_and_resampled(statistic, rows: int, rng, repeats: int = 3000):
    drawn = [statistic(rng.integers(0, rows, rows)) for _ in range(repeats)]
    return float(np.std(drawn, ddof=1))


def test_the_linearised_error_of_a_share_and_a_lead_is_that_of_resampled_employers():
    rng = np.random.default_rng(SEED)
    counts = clustered(rng, 120)
    total = counts.sum(axis=1)
    for estimator, numerator in (
        (share, counts[:, 0] + counts[:, 2]),
        (lead, counts[:, 0] - counts[:, 1]),
    ):
        resampled = linearised_and_resampled(
            lambda at, n=numerator: 100 * n[at].sum() / total[at].sum(), 120, rng
        )
        assert estimator(sums(numerator, total)).se == pytest.approx(resampled, rel=0.06)


def test_the_linearised_error_of_a_difference_is_that_of_resampled_employers():
    rng = np.random.default_rng(SEED)
    leaning = rng.beta(1.5, 1.5, 120)
    sizes = rng.poisson(2, 120) + 1, rng.poisson(3, 120) + 1
    named = [rng.binomial(size, leaning) for size in sizes]

    def statistic(at):
        shares = [n[at].sum() / d[at].sum() for n, d in zip(named, sizes, strict=True)]
        return 100 * (shares[0] - shares[1])

    found = difference(sums(named[0], sizes[0]), sums(named[1], sizes[1]))
    sides = [share(sums(n, d)).se for n, d in zip(named, sizes, strict=True)]
    apart = float(np.hypot(sides[0], sides[1]))
    resampled = linearised_and_resampled(statistic, 120, rng)
    assert found.se == pytest.approx(resampled, rel=0.08)
    assert found.se < 0.8 * apart  # the same employers stand on both sides


def panel(rng, employers: int, slope: float = 4.0):
    """Return rows of employers that post over eight years and keep their leaning."""
    employer = np.repeat(np.arange(employers), 8)
    year = np.tile(np.arange(2018, 2026), employers)
    leaning = np.repeat(rng.uniform(-0.2, 0.2, employers), 8)
    size = rng.poisson(np.repeat(rng.uniform(0.5, 4, employers), 8))
    chance = 0.5 + slope / 100 * (year - 2021.5) + leaning
    named = rng.binomial(size, chance)
    kept = size > 0
    return named[kept], size[kept], employer[kept], year[kept]


def test_the_linearised_error_of_a_trend_is_that_of_resampled_employers():
    rng = np.random.default_rng(SEED)
    named, size, employer, year = panel(rng, 80)
    rows_of = [np.flatnonzero(employer == one) for one in range(80)]

    def statistic(drawn):
        at = np.concatenate([rows_of[one] for one in drawn])
        return 100 * np.polyfit(year[at], named[at] / size[at], 1, w=np.sqrt(size[at]))[0]

    found = trend(sums(named, size, employer, year))
    assert found.value == pytest.approx(statistic(np.arange(80)))
    resampled = linearised_and_resampled(statistic, 80, rng, repeats=800)
    assert found.se == pytest.approx(resampled, rel=0.1)


def test_a_trend_is_read_within_each_source_and_not_from_one_to_the_next():
    year = np.repeat([2018, 2019, 2020, 2021, 2022, 2023], 10)
    low_then_high = np.where(year < 2021, 0, 1)  # two sources, each flat, at 20 and at 80 %
    named = np.where(low_then_high == 0, 2.0, 8.0)
    rows = (named, np.full(60, 10.0), np.tile(np.arange(10), 6), year)
    assert trend(sums(*rows)).value > 10
    assert trend(sums(*rows, low_then_high)).value == pytest.approx(0)


def test_a_share_that_no_posting_of_any_year_has_trends_nowhere_with_an_interval():
    year = np.tile(np.arange(2018, 2024), 20)
    found = trend(sums(np.zeros(120), np.ones(120), np.repeat(np.arange(20), 6), year))
    assert found.value == 0
    assert found.low < 0 < found.high


def test_employer_weighting_gives_every_employer_one_voice():
    found = share(employer_weighted(sums([100, 0, 0, 1], [100, 1, 1, 2])))
    assert found.value == pytest.approx(100 * (1 + 0 + 0 + 0.5) / 4)


@pytest.mark.parametrize("employers", [20, 80])
def test_95_percent_intervals_cover_the_truth_95_times_in_100(employers):
    rng = np.random.default_rng(SEED + employers)
    covered = {"share": 0, "lead": 0, "trend": 0}
    repeats = 2000
    for _ in range(repeats):
        counts = clustered(rng, employers)
        total = counts.sum(axis=1)
        one = share(sums(counts[:, 0] + counts[:, 2], total))  # truth: (.8 + .4) / 2
        two = lead(sums(counts[:, 0] - counts[:, 1], total))  # truth: (.8 - .4) / 2
        named, size, employer, year = panel(rng, employers)
        three = trend(sums(named, size, employer, year))
        covered["share"] += one.low <= 60 <= one.high
        covered["lead"] += two.low <= 20 <= two.high
        covered["trend"] += three.low <= 4 <= three.high
    for name, times in covered.items():
        assert 0.93 <= times / repeats <= 0.97, (name, times / repeats)


def test_both_one_sided_p_values_add_up_to_one():
    one = estimate(5, 2)
    assert p_above(one, 3) + p_below(one, 3) == pytest.approx(1)
    assert p_above(Estimate(0, 0, 0, 1, 10, 11), 0) == pytest.approx(0.5)


# Pooling ------------------------------------------------------------------------------------------


def test_pooling_is_random_effects_with_the_hartung_knapp_interval():
    values, errors = np.array([10.0, 12, 3, 8]), np.array([2.0, 1.5, 2.2, 1.0])
    found = pool([Estimate(v, v, v, e, 30, 20) for v, e in zip(values, errors, strict=True)])

    def weighted(tau2):
        weight = 1 / (errors**2 + tau2)
        mean = (weight * values).sum() / weight.sum()
        return weight, mean, (weight * (values - mean) ** 2).sum()

    # Paule and Mandel: the tau2 at which the weighted squares equal their expectation, k - 1.
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if weighted(middle)[2] > 3 else (low, middle)
    weight, mean, squares = weighted(low)
    se = (squares / 3 / weight.sum()) ** 0.5  # Hartung and Knapp's
    half = stats.t.ppf(0.975, 3) * se
    q = weighted(0)[2]
    assert found.tau2 == pytest.approx(low, rel=1e-4)
    assert found.estimate[:5] == pytest.approx((mean, mean - half, mean + half, se, 3), rel=1e-4)
    assert found.i_squared_pct == pytest.approx(100 * (q - 3) / q)
    reach = stats.t.ppf(0.975, 3) * (low + se**2) ** 0.5
    assert found.prediction_high == pytest.approx(mean + reach, rel=1e-4)


def test_families_that_agree_by_chance_do_not_shrink_the_interval_to_nothing():
    found = pool([Estimate(7, 5, 9, 1.0, 30, 20)] * 3)
    assert found.tau2 == 0
    assert found.i_squared_pct == 0
    assert found.estimate.se == pytest.approx((1 / 3) ** 0.5)


def test_a_pooled_share_stays_between_0_and_100():
    of_all = part("share", 'direction = "above"\nthreshold_pct = 25')
    found = combine(of_all, [estimate(2, 1), estimate(60, 5), estimate(99, 1)])
    assert (found.low, found.high) == (0, 100)
    assert found.pool is not None
    assert (found.pool.prediction_low, found.pool.prediction_high) == (0, 100)


def test_two_families_are_shown_and_one_stands_by_itself():
    one, two = estimate(5, 2), estimate(9, 2)
    assert combine(part(), [one]).shown == one
    assert combine(part(), [one, two]).shown is None
    assert (combine(part(), [one, two]).low, combine(part(), [one, two]).high) == pytest.approx(
        (3, 11)
    )
    assert combine(part(), [one, two, one]).pool is not None


# Judging ------------------------------------------------------------------------------------------


def boards(count: int, **given) -> list[dict[str, object]]:
    return [row for at in range(count) for row in cells(source=f"board{at}", **given)]


def test_a_claim_is_supported_contradicted_or_open_by_its_sums():
    assert verdict_of(cells(numerator=1))["verdict"] == "supported"
    assert verdict_of(cells(numerator=-1))["verdict"] == "contradicted"
    assert verdict_of(cells(numerator=0.2, employers=16))["verdict"] == "inconclusive"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"employers": 14, "each": 3}, "fewer than 15 employers"),
        ({"employers": 29, "each": 1}, "fewer than 30 postings"),
        ({"nameless": True}, "no employer names: shown, never pooled"),
        ({"observes": "snippet"}, "cannot speak: it shows snippet only"),
    ],
)
def test_a_source_below_the_rule_leaves_insufficient_data_and_says_why(given, why):
    found = judge([rule()], {"some-claim": columns(cells(**given))}, as_of=AS_OF, run_id="r1")
    headline = next(row for row in found.verdicts if row["time_window"] == "last_24_months")
    assert (headline["verdict"], headline["n_sources"]) == ("insufficient_data", 0)
    assert {row["pooled"] for row in found.estimates} == {why}


def test_fifteen_employers_with_thirty_postings_are_enough():
    assert verdict_of(cells(employers=15, each=2))["verdict"] == "supported"


def test_a_source_without_employer_names_is_shown_without_an_interval():
    found = judge([rule()], {"some-claim": columns(cells(nameless=True))}, as_of=AS_OF, run_id="r1")
    assert (found.estimates[0]["estimate"], found.estimates[0]["ci_low"]) == (50.0, None)


def test_postings_of_unknown_employers_are_left_out_of_a_source_that_names_most():
    rows = cells(employers=30) + cells(employers=5, nameless=True, numerator=-2)
    assert verdict_of(rows)["n_postings"] == 60


def test_a_source_sampled_otherwise_than_the_claim_needs_is_left_out():
    needs = toml().replace(b'frame = "any"', b'frame = "all_jobs"')
    claim = parse_claim("some_claim.toml", needs, b"select")
    rows = cells(frame="search_words")
    assert verdict_of(rows, claim=claim)["verdict"] == "insufficient_data"


def test_sources_of_one_family_are_one_voice_in_the_pool():
    rows = [row for at in range(3) for row in cells(source=f"board{at}", family="boards")]
    found = verdict_of(rows)
    assert (found["n_families"], found["n_sources"], found["pooling"]) == (1, 3, "one source")


def test_three_families_are_pooled_and_two_are_not():
    assert verdict_of(boards(2))["estimate"] is None
    assert verdict_of(boards(2))["verdict"] == "supported"
    three = verdict_of(boards(3))
    assert three["estimate"] == pytest.approx(50)
    assert three["n_families"] == 3
    assert three["n_employers"] == 40  # the same employers on every board
    assert three["prediction_low"] is not None


def test_the_headline_window_is_24_months_of_real_dates():
    inside = cells(period=date(2024, 8, 1), numerator=1)
    before = cells(period=date(2024, 7, 1), numerator=-1)
    proxy = cells(period=date(2026, 1, 1), numerator=-1, kind="proxy")
    undated = cells(period=None, numerator=-1, kind="none")
    after = cells(period=date(2026, 8, 1), numerator=-1)
    rows = inside + before + proxy + undated + after
    assert verdict_of(rows)["n_postings"] == 80
    assert verdict_of(rows, window="2026")["estimate"] == pytest.approx(-50)
    everything = verdict_of(rows, window="all_time")
    assert (everything["n_postings"], everything["verdict"]) == (320, None)
    assert everything["p_value"] is None


def test_a_year_is_there_only_where_the_sample_allows():
    rows = cells() + cells(period=date(2019, 3, 1), employers=5)
    found = judge([rule()], {"some-claim": columns(rows)}, as_of=AS_OF, run_id="r1")
    windows = {row["time_window"] for row in found.verdicts}
    assert windows == {"last_24_months", "2026", "all_time"}


TREND = part_toml("all", "trend")


def years(first: int, last: int, **given) -> list[dict[str, object]]:
    """Return yearly rows whose share rises by ten points a year."""
    return [
        row
        for year in range(first, last + 1)
        for row in cells(period=date(year, 5, 1), each=10, numerator=1.0 + year - first, **given)
    ]


def test_a_trend_reads_the_slope_of_five_years_and_says_so():
    claim = rule(parts=TREND)
    found = verdict_of(years(2020, 2024), claim=claim)
    assert found["verdict"] == "supported"
    assert found["estimate"] == pytest.approx(10)
    assert found["window_note"] == "slope over the years from 2018 to 2026"


@pytest.mark.parametrize(
    "rows",
    [
        years(2021, 2024),
        years(2020, 2024, kind="proxy"),
        years(2013, 2017),
        years(2020, 2023) + years(2024, 2024, employers=2),
        years(2018, 2020) + years(2021, 2023, source="elmboard"),
    ],
    ids=["four years", "proxy dates", "before 2018", "a thin fifth year", "two short sources"],
)
def test_a_trend_needs_five_full_years_of_real_dates_in_one_source(rows):
    assert verdict_of(rows, claim=rule(parts=TREND))["verdict"] == "insufficient_data"


def test_a_trend_has_no_yearly_windows():
    claim = rule(parts=TREND)
    rows = columns(years(2018, 2024))
    found = judge([claim], {"some-claim": rows}, as_of=AS_OF, run_id="r1")
    assert {row["time_window"] for row in found.verdicts} == {"last_24_months", "all_time"}


TWO = part_toml("cities") + part_toml("villages")


def test_a_claim_in_parts_has_a_row_for_each_and_one_for_the_whole():
    rows = cells(name="cities") + cells(name="villages", numerator=-1)
    claim = rule(parts=TWO)
    assert verdict_of(rows, claim=claim, name="cities")["verdict"] == "supported"
    assert verdict_of(rows, claim=claim, name="villages")["verdict"] == "contradicted"
    whole = verdict_of(rows, claim=claim)
    assert (whole["verdict"], whole["decided_by"]) == ("contradicted", "villages")
    assert whole["estimate"] == pytest.approx(-50)


def test_a_part_without_enough_data_is_named_in_the_whole():
    rows = cells(name="cities") + cells(name="villages", employers=3)
    whole = verdict_of(rows, claim=rule(parts=TWO))
    assert (whole["verdict"], whole["parts_without_data"]) == ("inconclusive", "villages")


DIFFERENCE = part_toml(
    "all", "difference", 'direction = "above"\npopulation = "small"\nminus = "large"'
)


def test_a_difference_compares_two_populations_of_the_same_sums():
    rows = cells(name="small", numerator=1.4) + cells(name="large", numerator=0.6)
    found = verdict_of(rows, claim=rule(parts=DIFFERENCE))
    assert (found["verdict"], found["n_postings"]) == ("supported", 160)
    assert found["estimate"] == pytest.approx(40)


def test_both_sides_of_a_difference_need_enough_data():
    rows = cells(name="small", employers=10, each=9) + cells(name="large", each=9)
    assert verdict_of(rows, claim=rule(parts=DIFFERENCE))["verdict"] == "insufficient_data"


def test_a_claim_that_cannot_be_tested_has_one_row_that_says_so():
    text = toml(top='testable = false\nreason_not_testable = "No data on trees."', parts="")
    claim = parse_claim("some_claim.toml", text, None)
    found = judge([claim], {}, as_of=AS_OF, run_id="r1")
    assert [row["verdict"] for row in found.verdicts] == ["not_testable"]
    assert found.claims[0]["reason_not_testable"] == "No data on trees."


def test_leaving_a_source_out_that_turns_the_verdict_round_is_not_robust():
    huge = cells(source="huge", employers=400, each=3, numerator=-2.4)
    small = cells(source="small", employers=40, numerator=1)
    found = judge([rule()], {"some-claim": columns(huge + small)}, as_of=AS_OF, run_id="r1")
    headline = next(row for row in found.verdicts if row["time_window"] == "last_24_months")
    variants = {
        row["variant"]: row["verdict"]
        for row in found.sensitivity
        if row["time_window"] == "last_24_months"
    }
    assert variants["without_huge"] == "supported"
    assert variants["without_small"] == "contradicted"
    assert (headline["verdict"], headline["is_robust"]) == ("inconclusive", False)


def test_an_employer_weighted_variant_may_turn_the_verdict_round():
    loud = cells(employers=12, each=400, numerator=300, spread=False)
    quiet = [{**row, "employer_id": f"quiet-{at}"} for at, row in enumerate(
        cells(employers=60, each=1, numerator=-0.5))]  # fmt: skip
    found = verdict_of(loud + quiet)
    assert (found["verdict"], found["robustness"]) == ("supported", "flips")


def test_other_sums_are_judged_as_variants_and_stay_outside_the_corrections():
    claim = rule()
    found = judge(
        [claim],
        {"some-claim": columns(cells())},
        as_of=AS_OF,
        run_id="r1",
        variants={"some-claim": {"required_only": columns(cells(numerator=-1))}},
    )
    row = next(row for row in found.sensitivity if row["variant"] == "required_only")
    assert row["verdict"] == "contradicted"
    headline = next(r for r in found.verdicts if r["time_window"] == "last_24_months")
    assert headline["is_robust"] is False


def test_q_is_taken_over_all_claims_of_a_window():
    names = [f"claim-{at}" for at in range(6)]
    claims = [rule(name) for name in names]
    given = {
        name: columns(cells(numerator=0.2 + 0.05 * at, employers=30))
        for at, name in enumerate(names)
    }
    found = judge(claims, given, as_of=AS_OF, run_id="r1")
    headlines = [row for row in found.verdicts if row["time_window"] == "last_24_months"]
    expected = q_values([float(str(row["p_value"])) for row in headlines])
    assert [row["q_value"] for row in headlines] == pytest.approx(expected, abs=2e-6)


def test_only_postings_after_the_registration_confirm():
    rows = cells(period=date(2026, 11, 1)) + cells(period=date(2026, 12, 1), employers=20)
    claim = rule()
    found = judge([claim], {"some-claim": columns(rows)}, as_of=date(2027, 1, 3), run_id="r1")
    headline = next(row for row in found.verdicts if row["time_window"] == "last_24_months")
    assert (headline["n_postings"], headline["n_confirmatory"]) == (120, 40)


def test_no_row_changes_when_the_sums_are_shuffled():
    rng = np.random.default_rng(SEED)
    claims = [rule("some-lead"), rule("some-trend", parts=TREND)]
    rows = {
        "some-lead": boards(4, employers=33, numerator=0.31),
        "some-trend": years(2018, 2024) + years(2019, 2024, source="elmboard"),
    }
    straight = judge(claims, {k: columns(v) for k, v in rows.items()}, as_of=AS_OF, run_id="r1")
    for _ in range(3):
        shuffled = {k: columns([v[i] for i in rng.permutation(len(v))]) for k, v in rows.items()}
        assert judge(claims[::-1], shuffled, as_of=AS_OF, run_id="r1") == straight


def test_every_row_has_the_columns_of_its_table_and_every_key_once():
    claims = [rule(parts=TWO)]
    rows = boards(3, name="cities") + boards(2, name="villages")
    found = judge(claims, {"some-claim": columns(rows)}, as_of=AS_OF, run_id="r1")
    for table, keys in (
        ("claims", ["claim_id"]),
        ("verdicts", ["claim_id", "part", "time_window", "reading", "run_id"]),
        ("estimates", ["claim_id", "part", "time_window", "source_family"]),
        ("sensitivity", ["claim_id", "part", "time_window", "variant"]),
    ):
        given = getattr(found, table)
        assert given
        assert all(list(row) == list(COLUMNS[table]) for row in given), table
        assert len({tuple(row[key] for key in keys) for row in given}) == len(given)


def test_the_sentence_says_the_verdict_and_the_number_in_words():
    assert verdict_of(cells(numerator=-1))["sentence"].startswith(
        "Contradicted (the reverse): Elm leads by 50.0 points (95 % interval "
    )
    assert verdict_of(cells(numerator=-1))["sentence"].endswith(
        "in 80 postings of 40 employers from 1 source."
    )


def test_two_sources_are_told_apart_in_the_sentence():
    rows = cells(source="oakboard") + cells(source="elmboard", numerator=-1)
    sentence = verdict_of(rows)["sentence"]
    assert sentence.startswith("Inconclusive: elmboard: Elm leads by 50.0 points")
    assert "; oakboard: Oak leads by 50.0 points" in sentence


def test_the_judge_is_loaded_without_the_slow_libraries():
    code = "import sys, pipeline.claims.judge; print({'statsmodels', 'pandas'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


# Rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"lead"', '"median"', "parts[0].estimator"),
        ('direction = "above"', 'direction = "up"', "parts[0].direction"),
        ('direction = "above"', "", "parts[0].direction"),
        ('estimator = "lead"', "", "parts[0].estimator"),
        ('direction = "above"', 'direction = "above"\nmargin_points = 100', "margin_points"),
        ('direction = "above"', 'direction = "above"\nmargin_points = -1', "margin_points"),
        ('direction = "above"', 'direction = "above"\nmargin = 5', "parts[0].margin"),
        ('"lead"', '"share"', "parts[0].threshold_pct"),
        ('"lead"', '"share"\nthreshold_pct = 0', "parts[0].threshold_pct"),
        ('"lead"', '"share"\nthreshold_pct = 100', "parts[0].threshold_pct"),
        ('"lead"', '"difference"', "parts[0].minus"),
        ('"lead"', '"difference"\nminus = "all"', "parts[0].minus"),
        ('name = "all"', 'name = "some"', "parts"),
        ('observes = ["full_text"]', 'observes = ["everything"]', "needs.observes"),
        ("2026-11-21", '"today"', "registered_on"),
        ('topic = "market"', 'topic = "market"\nwindows = ["years"]', "windows"),
        ('topic = "market"', 'topic = "market"\ntestable = "yes"', "testable"),
        ('id = "some-claim"', 'id = "another"', "id"),
        ('statement = "Oak is asked for more than elm."', "", "statement"),
    ],
)
def test_a_rule_that_is_none_is_refused_in_one_line_that_names_file_and_field(old, new, field):
    text = toml().decode()
    assert old in text
    with pytest.raises(InputError) as refused:
        parse_claim("some_claim.toml", text.replace(old, new, 1).encode(), b"select")
    message = str(refused.value)
    assert message.startswith("some_claim.toml: ")
    assert field in message
    assert "\n" not in message


def test_an_equivalence_wider_than_everything_is_refused():
    with pytest.raises(InputError, match=r"parts\[0\].margin_points"):
        part("equivalence", "margin_points = 100")


def test_a_rule_without_its_sql_and_sql_without_a_rule_are_refused():
    with pytest.raises(InputError, match=r"some_claim\.sql"):
        read_claims({"some_claim.toml": toml()})
    with pytest.raises(InputError, match=r"some_claim\.toml"):
        read_claims({"some_claim.sql": b"select 1"})


def test_sums_of_a_part_that_no_rule_knows_are_refused():
    with pytest.raises(InputError, match="forests"):
        verdict_of(cells(name="forests"))


def test_sums_without_a_column_are_refused_by_its_name():
    given = columns(cells())
    del given["denominator"]
    with pytest.raises(InputError, match="denominator"):
        judge([rule()], {"some-claim": given}, as_of=AS_OF, run_id="r1")


def test_the_hash_of_a_rule_changes_with_either_file():
    first = parse_claim("some_claim.toml", toml(), b"select 1").rule_hash
    assert parse_claim("some_claim.toml", toml(), b"select 1").rule_hash == first
    assert parse_claim("some_claim.toml", toml(), b"select 2").rule_hash != first
    assert parse_claim("some_claim.toml", toml() + b"#", b"select 1").rule_hash != first


# The registered claims ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def registered() -> dict[str, Claim]:
    files = {path.name: path.read_bytes() for path in sorted(RULES.iterdir())}
    return {claim.claim_id: claim for claim in read_claims(files)}


FRAMEWORKS = {"tensorflow": True, "pytorch": True, "keras": True, "jax": True, "xgboost": False}


def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema core")
    connection.execute(
        """create table core.postings (posting_id varchar, source varchar, source_family varchar,
        frame varchar, observes varchar, employer_id varchar, employer_kind varchar,
        industry varchar, posted_on date, date_kind varchar, duplicate_of varchar, is_ai boolean,
        salary_min_year double, salary_max_year double, salary_currency varchar,
        is_digest boolean, posting_no bigint)"""
    )
    for label in ("seniority", "domain", "tool", "skill"):
        table = label if label == "seniority" else f"{label}s"
        connection.execute(
            f"create table core.posting_{table} (posting_id varchar, {label} varchar)"
        )
    connection.execute(
        "create table core.posting_places (posting_id varchar, country varchar, region varchar, "
        "metro varchar)"
    )
    connection.execute(
        "create table core.mentions (posting_id varchar, kind varchar, term varchar, "
        "requirement varchar)"
    )
    connection.execute(
        "create table core.indicators (indicator varchar, entity varchar, framework varchar, "
        "period date, period_kind varchar, value double, n bigint)"
    )
    connection.execute(
        """create table core.posting_frameworks (posting_id varchar, framework varchar,
        requirement varchar, is_alternative boolean, is_joint boolean)"""
    )
    connection.execute("create table core.posting_roles (posting_id varchar, role varchar)")
    connection.execute(
        "create table core.frameworks (framework varchar, is_deep_learning boolean, title varchar)"
    )
    connection.executemany(
        "insert into core.frameworks values (?, ?, ?)",
        [(name, deep, name.title()) for name, deep in FRAMEWORKS.items()],
    )
    return connection


def given(connection, posting_id: str, named: str, **other) -> None:
    """Add a posting; named: frameworks, "-keras" negated, "keras+tensorflow" by one span."""
    posting = {
        "source": "board", "source_family": "board", "frame": "all_jobs",
        "observes": "full_text", "employer_id": "e1", "employer_kind": "enterprise",
        "industry": "other",
        "posted_on": date(2026, 3, 17), "date_kind": "real", "duplicate_of": None, "is_ai": True,
    } | other  # fmt: skip
    role = posting.pop("role", None)
    connection.execute(
        "insert into core.postings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null, null, null, "
        "false, (select count(*) from core.postings))",
        [posting_id, *posting.values()],
    )
    if role:
        connection.execute("insert into core.posting_roles values (?, ?)", [posting_id, role])
    for word in named.split():
        requirement = "negated" if word.startswith("-") else "required"
        for framework in word.lstrip("-").split("+"):
            connection.execute(
                "insert into core.posting_frameworks values (?, ?, ?, false, ?)",
                [posting_id, framework, requirement, "+" in word],
            )


def build_population(connection) -> None:
    """Build the table that the claims read from the postings given so far."""
    others = ("seniority", "domains", "tools", "skills", "countries", "regions", "metros")
    connection.execute(
        "create or replace table core.posting_labels as select posting_id, "
        "any_value(posting_no) as posting_no, list(role) as roles, "
        + ", ".join(f"null::varchar[] as {name}" for name in others)
        + " from core.posting_roles inner join core.postings using (posting_id) group by all"
    )
    select = statements.read(statements.SQL / "tables" / "judged_postings.sql").select
    connection.execute(f"create or replace table core.judged_postings as {select}")


def summed(connection, claim: Claim, *keys: str) -> set[tuple]:
    """Return (keys…, n_postings, numerator, denominator) of the claim's SQL."""
    names = ", ".join([*keys, "n_postings", "numerator", "denominator"])
    build_population(connection)
    return set(connection.sql(f"select {names} from ({claim.sql.rstrip().rstrip(';')})").fetchall())


def test_the_registry_reads_and_every_testable_claim_can_fail(registered):
    assert {
        "tf-most-demanded", "pt-rising", "pt-leads-research", "keras-secondary", "multi-common",
    } <= set(registered)  # fmt: skip
    for claim in registered.values():
        assert claim.statement.endswith(".")
        assert claim.said_by


def test_every_sql_file_gives_the_columns_of_the_sums_on_an_empty_warehouse(registered):
    connection = warehouse()
    build_population(connection)
    for claim in registered.values():
        if claim.sql:
            assert tuple(connection.sql(claim.sql).columns) == SUMS, claim.claim_id


def test_the_lead_of_tensorflow_counts_canonical_postings_that_name_a_framework(registered):
    connection = warehouse()
    given(connection, "both", "tensorflow pytorch")
    given(connection, "tf", "tensorflow")
    given(connection, "joint", "keras+tensorflow")
    given(connection, "jax", "jax xgboost")
    given(connection, "not deep", "xgboost")
    given(connection, "only negated", "-tensorflow")
    given(connection, "negated beside", "-tensorflow pytorch")
    given(connection, "again", "tensorflow", duplicate_of="tf")
    given(connection, "nobody's", "pytorch", employer_id=None)
    given(connection, "undated", "tensorflow", posted_on=None, date_kind="none")
    assert summed(connection, registered["tf-most-demanded"], "employer_id", "period") == {
        ("e1", date(2026, 3, 1), 5, 1, 5),
        (None, date(2026, 3, 1), 1, -1, 1),
        ("e1", None, 1, 1, 1),
    }


def test_the_share_of_pytorch_leaves_negated_mentions_out_on_both_sides(registered):
    connection = warehouse()
    given(connection, "a", "pytorch tensorflow")
    given(connection, "b", "-pytorch tensorflow")
    given(connection, "c", "-pytorch")
    given(connection, "d", "pytorch", source="other")
    assert summed(connection, registered["pt-rising"], "source") == {
        ("board", 2, 1, 2),
        ("other", 1, 1, 1),
    }


def test_research_is_told_by_role_and_by_employer_and_one_posting_may_be_both(registered):
    connection = warehouse()
    given(connection, "both", "pytorch", role="ml_researcher", employer_kind="research_lab")
    given(connection, "role", "tensorflow", role="ml_researcher")
    given(connection, "lab", "pytorch", employer_kind="research_lab")
    given(connection, "neither", "tensorflow", role="data_scientist")
    given(connection, "again", "pytorch", role="ml_researcher", duplicate_of="both")
    assert summed(connection, registered["pt-leads-research"], "part") == {
        ("research_roles", 2, 0, 2),
        ("research_employers", 2, -2, 2),
    }


def test_one_span_tf_keras_is_keras_by_itself(registered):
    connection = warehouse()
    given(connection, "span", "keras+tensorflow")
    given(connection, "two spans", "keras tensorflow")
    given(connection, "alone", "keras xgboost -tensorflow")
    given(connection, "span and torch", "keras+tensorflow pytorch")
    given(connection, "no keras", "tensorflow pytorch")
    given(connection, "negated", "-keras tensorflow")
    assert summed(connection, registered["keras-secondary"], "part") == {
        ("beside_tensorflow", 4, 0, 4),
        ("alone", 4, 2, 4),
    }


def test_a_name_of_its_own_beside_the_span_makes_two(registered):
    connection = warehouse()
    given(connection, "own", "tensorflow")  # tensorflow by itself …
    connection.execute(
        "insert into core.posting_frameworks values ('own', 'keras', 'required', false, true)"
    )  # … and keras only in tf.keras
    assert summed(connection, registered["multi-common"], "part") == {("all", 1, 1, 1)}
    assert ("beside_tensorflow", 1, 1, 1) in summed(
        connection, registered["keras-secondary"], "part"
    )


def test_naming_several_frameworks_means_two_that_count(registered):
    connection = warehouse()
    given(connection, "one", "tensorflow xgboost")
    given(connection, "two", "tensorflow jax")
    given(connection, "span", "keras+tensorflow")
    given(connection, "span and one", "keras+tensorflow pytorch")
    given(connection, "one left", "tensorflow -pytorch")
    assert summed(connection, registered["multi-common"], "part") == {("all", 5, 2, 5)}


def test_the_registered_claims_are_judged_from_what_duckdb_hands_over(registered):
    connection = warehouse()
    for at in range(40):
        month = date(2026, 1 + at % 6, 3)
        employer = {"employer_id": f"e{at}", "posted_on": month}
        given(connection, f"a{at}", "pytorch", role="ml_researcher", **employer)
        given(connection, f"b{at}", "tensorflow keras" if at % 4 == 0 else "pytorch", **employer)
    given(connection, "undated", "pytorch", posted_on=None, date_kind="none", employer_id=None)
    build_population(connection)
    tested = {name: claim for name, claim in registered.items() if claim.sql}
    handed = {name: connection.sql(claim.sql).fetchnumpy() for name, claim in tested.items()}
    frames = {name: connection.sql(claim.sql).df() for name, claim in tested.items()}
    found = judge(list(registered.values()), handed, as_of=AS_OF, run_id="r1")
    said = {
        (row["claim_id"], row["part"]): row["verdict"]
        for row in found.verdicts
        if row["time_window"] == "last_24_months"
    }
    assert said["tf-most-demanded", "all"] == "contradicted"
    assert said["pt-leads-research", "research_roles"] == "supported"
    assert said["pt-leads-research", "all"] == "inconclusive"  # no research labs among them
    assert said["keras-secondary", "all"] == "insufficient_data"
    assert said["pt-rising", "all"] == "insufficient_data"
    assert judge(list(registered.values()), frames, as_of=AS_OF, run_id="r1") == found


def test_a_trend_shows_the_share_of_each_year_and_judges_none_of_them(registered):
    connection = warehouse()
    for year in range(2018, 2026):
        for at in range(40):
            other = {"employer_id": f"e{year}-{at}", "posted_on": date(year, 5, 4)}
            named = "pytorch" if at < 4 * (year - 2016) else "tensorflow"
            given(connection, f"{year}-{at}", named, **other)
    build_population(connection)
    claim = registered["pt-rising"]
    sums = {claim.claim_id: connection.sql(claim.sql).fetchnumpy()}
    found = judge([claim], sums, as_of=AS_OF, run_id="r1")
    shares = {row["time_window"]: row["estimate"] for row in found.estimates}
    assert shares["2018"] == pytest.approx(20) and shares["2025"] == pytest.approx(90)
    assert shares["last_24_months"] == pytest.approx(10, abs=0.01)  # points a year
    windows = {row["time_window"] for row in found.verdicts}
    assert windows == {"last_24_months", "all_time"}
