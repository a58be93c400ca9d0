"""Intervals that hold what they promise, and numbers that published packages give as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.sandwich_covariance import cov_cluster
from statsmodels.stats.weightstats import DescrStatsW
from test_claims import cells, columns, part, part_toml, rule, verdict_of, years

from pipeline.claims import verdict
from pipeline.claims.cells import COLUMNS as SUMS
from pipeline.claims.cells import read_cells
from pipeline.claims.estimators import (
    EmployerSums,
    Estimate,
    adjusted,
    difference,
    lead,
    minimum_detectable,
    p_above,
    p_below,
    share,
    trend,
)
from pipeline.claims.evidence import gather
from pipeline.claims.finding import combine
from pipeline.claims.judge import judge
from pipeline.claims.pooling import pool
from pipeline.claims.registry import CHANGE, parse_claim
from pipeline.claims.standing import standing_rows
from pipeline.edge import simulated, simulated_cases, simulation
from pipeline.edge.simulated_turns import turns

SEED = 20261122
EXACT = {"rel": 1e-6, "abs": 1e-9}
AS_OF = date(2026, 7, 2)


def unequal(employers: int = 60) -> EmployerSums:
    """Return shares of employers whose numbers of postings have a long tail."""
    rng = np.random.default_rng(SEED)
    size = simulated.sizes(rng, 1, employers)
    named = simulated.named(rng, size, 0.3)
    return EmployerSums(named[0] * 1.0, size[0] * 1.0, np.arange(employers))


def panel(employers: int = 40, *, balanced: bool = False) -> EmployerSums:
    """Return rows by employer and year, in two sources."""
    rng = np.random.default_rng(SEED)
    year = np.tile(simulated.YEARS, employers)
    employer = np.repeat(np.arange(employers), len(simulated.YEARS))
    size = np.full(len(year), 4) if balanced else rng.geometric(0.4, len(year))
    named = rng.binomial(size, np.clip(rng.beta(2, 2, employers)[employer], 0.1, 0.9))
    source = np.zeros(len(year), dtype=int) if balanced else employer % 2
    return EmployerSums(named * 1.0, size * 1.0, employer, year, source)


# Agreement with published packages ----------------------------------------------------------------


@pytest.mark.parametrize("estimator", [share, lead])
def test_a_share_or_lead_is_statsmodels_weighted_mean_of_employers_with_its_hc2_error(estimator):
    sums = unequal()
    values = sums.numerator / sums.denominator
    fit = sm.WLS(values, np.ones(len(values)), sums.denominator).fit(cov_type="HC2")
    found = estimator(sums)
    assert found.value == pytest.approx(100 * fit.params[0], **EXACT)
    assert found.se == pytest.approx(100 * fit.bse[0], **EXACT)
    assert found.df + 1 == pytest.approx(sums.denominator.sum() ** 2 / (sums.denominator**2).sum())


def test_a_lead_has_the_t_interval_of_its_error_on_kishs_degrees_of_freedom():
    found = lead(unequal())
    low, high = stats.t.interval(0.95, found.df, found.value, found.se)
    assert (found.low, found.high) == pytest.approx((low, high), **EXACT)


def test_a_share_of_single_postings_has_statsmodels_wilson_interval(monkeypatch):
    # with a normal quantile, and the binomial's own variance in place of that with G - 1
    monkeypatch.setattr(stats.t, "ppf", lambda p, df: stats.norm.ppf(p))
    found = share(EmployerSums(np.repeat([1.0, 0], [7, 43]), np.ones(50), np.arange(50)))
    of = 7 + 43 - 1
    expected = proportion_confint(0.14 * of, of, method="wilson")
    assert (found.low, found.high) == pytest.approx(100 * np.array(expected), **EXACT)


def test_the_p_of_a_share_is_a_half_of_five_percent_where_its_interval_ends():
    found = share(unequal())
    assert p_above(found, found.low) == pytest.approx(0.025, **EXACT)
    assert p_below(found, found.high) == pytest.approx(0.025, **EXACT)


def test_a_difference_of_employers_apart_is_statsmodels_contrast_of_two_means():
    one, two = unequal(40), unequal(70)
    two = replace(two, employer=two.employer + 1000)
    weight = np.concatenate([one.denominator, two.denominator])
    values = np.concatenate([one.numerator, two.numerator]) / weight
    is_one = np.arange(len(values)) < 40
    fit = sm.WLS(values, np.column_stack([is_one, ~is_one]).astype(float), weight)
    test = fit.fit(cov_type="HC2").t_test([1, -1])
    found = difference(one, two)
    assert found.value == pytest.approx(100 * test.effect.item(), **EXACT)
    assert found.se == pytest.approx(100 * test.sd.item(), **EXACT)


def test_a_trend_is_statsmodels_slope_within_sources_with_its_scores_added_up_by_employer():
    sums = panel()
    design = np.column_stack([sums.period, sums.stratum == 0, sums.stratum == 1]).astype(float)
    fit = sm.WLS(sums.numerator / sums.denominator, design, sums.denominator).fit()
    of_source = sm.WLS(sums.period.astype(float), design[:, 1:], sums.denominator).fit()
    d, e = of_source.wresid, fit.wresid  # both already times the root of the weight
    score, part_of = (np.bincount(sums.employer, x) for x in (d * e, d * d))
    error = (np.sum(score**2 / (1 - part_of / part_of.sum())) ** 0.5) / part_of.sum()
    found = trend(sums)
    assert found.value == pytest.approx(100 * fit.params[0], **EXACT)
    assert found.se == pytest.approx(100 * error, **EXACT)


def test_a_trend_of_equal_employers_has_statsmodels_cluster_error():
    sums = panel(balanced=True)
    fit = sm.WLS(
        sums.numerator / sums.denominator,
        sm.add_constant(sums.period.astype(float) - 2020),
        sums.denominator,
    ).fit()
    plain = cov_cluster(fit, sums.employer, use_correction=False)[1, 1]
    assert trend(sums).se == pytest.approx(100 * (plain * 40 / 39) ** 0.5, **EXACT)


def regression(employers: int = 50, each: int = 4):
    """Return pay, what is asked about, what is adjusted for, and employers."""
    rng = np.random.default_rng(SEED)
    employer = np.repeat(np.arange(employers), each)
    role = rng.integers(0, 4, len(employer))
    several = (rng.random(len(employer)) < 0.3 + 0.1 * role).astype(float)
    y = 0.1 * several + 0.2 * role + rng.normal(0, 0.2, employers)[employer]
    y += rng.normal(0, 0.2, len(employer))
    others = np.column_stack([role == one for one in range(4)]).astype(float)
    return y, several, others, employer


def adjusted_sums(y, d, others, employer) -> EmployerSums:
    """Return the sums of residuals that such a claim's SQL gives."""
    d, y = sm.OLS(d, others).fit().resid, sm.OLS(y, others).fit().resid
    above, below = np.bincount(employer, d * y), np.bincount(employer, d * d)
    return EmployerSums(above, below, np.arange(len(above)))


def test_an_adjusted_effect_is_statsmodels_coefficient_with_its_cluster_scores():
    y, d, others, employer = regression()
    fit = sm.OLS(y, np.column_stack([d, others])).fit()
    freed = sm.OLS(d, others).fit().resid
    score, part_of = (np.bincount(employer, x) for x in (freed * fit.resid, freed**2))
    plain = np.sum(score**2) / part_of.sum() ** 2
    assert plain == pytest.approx(cov_cluster(fit, employer, use_correction=False)[0, 0], **EXACT)
    error = np.sum(score**2 / (1 - part_of / part_of.sum())) ** 0.5 / part_of.sum()
    found = adjusted(adjusted_sums(y, d, others, employer))
    assert found.value == pytest.approx(100 * fit.params[0], **EXACT)
    assert found.se == pytest.approx(100 * error, **EXACT)


# 13 trials of a vaccine (events and rest, treated and not), on which meta-analysis packages are
# shown; what R's metafor gives for their log risk ratios is in its documentation.
TRIALS = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
], dtype=float)  # fmt: skip


def trials() -> list[Estimate]:
    a, b, c, d = TRIALS.T
    value = np.log(a / (a + b) / (c / (c + d)))
    error = (1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) ** 0.5
    return [Estimate(v, v, v, e, 30, 20) for v, e in zip(value, error, strict=True)]


def test_pooling_is_statsmodels_meta_analysis_with_hartung_and_knapps_interval():
    given = trials()
    values, variances = np.array([e.value for e in given]), np.array([e.se**2 for e in given])
    other = combine_effects(values, variances, method_re="iterated", use_t=True)
    found = pool(given)
    assert found.tau2 == pytest.approx(other.tau2, **EXACT)
    assert found.i_squared_pct == pytest.approx(100 * other.i2, **EXACT)
    assert found.estimate.value == pytest.approx(other.mean_effect_re, **EXACT)
    assert found.estimate.se == pytest.approx(other.sd_eff_w_re_hksj, **EXACT)
    *_, interval = other.conf_int(use_t=True)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(interval, **EXACT)


def test_pooling_gives_what_metafor_publishes_for_the_same_trials():
    found = pool(trials())
    assert found.tau2 == pytest.approx(0.3181, abs=5e-5)  # Paule and Mandel
    assert found.i_squared_pct == pytest.approx(100 * (152.2330 - 12) / 152.2330, abs=1e-3)


def test_q_is_what_scipy_gives_for_sixty_five_claims():
    p_values = np.random.default_rng(SEED).beta(0.4, 1, 65)
    expected = stats.false_discovery_control(p_values, method="bh")
    assert verdict.q_values(list(p_values)) == pytest.approx(list(expected), **EXACT)


def test_an_equivalence_of_equal_employers_is_statsmodels_two_one_sided_tests():
    values = np.random.default_rng(SEED).normal(0.02, 0.3, 40)
    found = lead(EmployerSums(values * 3, np.full(40, 3.0), np.arange(40)))
    even = part("equivalence", "margin_points = 10")
    expected = DescrStatsW(values).ttost_mean(-0.1, 0.1)[0]
    tests = verdict.run_tests(even, combine(even, [found]))
    assert tests.support == pytest.approx(expected, **EXACT)


def test_what_could_have_been_shown_has_the_usual_power():
    one = share(EmployerSums(np.tile([1.0, 0], 20), np.ones(40), np.arange(40)))
    effect = minimum_detectable(one) / one.se / 40**0.5
    power = TTestPower().power(effect, 40, 0.05)
    assert power == pytest.approx(0.8, abs=0.01)


# Employers drawn anew -----------------------------------------------------------------------------


def test_the_error_of_an_adjusted_effect_is_that_of_resampled_employers():
    sums = adjusted_sums(*regression(100))
    weights = drawn(100, 4000)
    resampled = 100 * (weights @ sums.numerator) / (weights @ sums.denominator)
    assert adjusted(sums).se == pytest.approx(resampled.std(ddof=1), rel=0.06)


def drawn(employers: int, times: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    return rng.multinomial(employers, np.full(employers, 1 / employers), times)


def change_of(rows: list[dict[str, object]]):
    claim = rule(parts=part_toml("all", "trend"))
    given = read_cells(claim, columns(rows))
    return gather(claim, replace(claim.parts[0], estimator=CHANGE), given, 0)[0]


def changing(employers: int) -> list[dict[str, object]]:
    """Return postings of employers in both years, who keep their leaning."""
    rng = np.random.default_rng(SEED)
    leaning = rng.beta(2, 3, employers)
    found = []
    for period, more in ((date(2025, 3, 1), 0.0), (date(2026, 3, 1), 0.1)):
        size = rng.geometric(0.4, employers)
        named = rng.binomial(size, np.clip(leaning + more, 0, 1))
        for row, n, y in zip(cells(period=period, employers=employers), size, named, strict=True):
            found.append({**row, "n_postings": n, "denominator": n, "numerator": y})
    return found


@pytest.mark.parametrize(("factor", "is_new"), [(1 + 4e-16, False), (1 + 1e-6, True)])
def test_the_last_digits_of_a_sum_are_no_new_data(factor, is_new):
    claim = rule(parts=part_toml("all", "trend"))
    rows = [{**row, "numerator": row["numerator"] / 3} for row in changing(40)]
    moved = [{**row, "numerator": row["numerator"] * factor} for row in rows]
    one, other = (read_cells(claim, columns(each)).digest() for each in (rows, moved))
    assert (one != other) == is_new


def test_the_error_of_a_change_is_that_of_resampled_employers():
    rows = changing(150)
    old, new = (np.array([(r["numerator"], r["denominator"]) for r in rows[at : at + 150]], float)
                for at in (0, 150))  # fmt: skip
    found = change_of(rows).estimate
    weights = drawn(150, 4000)
    shares = [(weights @ side[:, 0]) / (weights @ side[:, 1]) for side in (new, old)]
    assert found.value == pytest.approx(
        100 * (new[:, 0].sum() / new[:, 1].sum() - old[:, 0].sum() / old[:, 1].sum())
    )
    assert found.se == pytest.approx(100 * (shares[0] - shares[1]).std(ddof=1), rel=0.06)


def test_a_change_counts_only_employers_heard_in_both_halves():
    rows = changing(40)
    once = cells(period=date(2026, 3, 1), employers=90, each=5, numerator=5, spread=False)
    strangers = [{**row, "employer_id": f"new-{at}"} for at, row in enumerate(once)]
    gone = [{**row, "period": date(2025, 3, 1), "employer_id": f"old-{at}"}
            for at, row in enumerate(once)]  # fmt: skip
    alone, among = change_of(rows), change_of(rows + strangers + gone)
    assert among.estimate == pytest.approx(alone.estimate)
    assert (among.n_postings, len(among.employers)) == (alone.n_postings, 40)


def test_the_newer_half_of_a_change_is_twelve_months_long():
    last = cells(period=date(2026, 3, 1), numerator=0.5)
    eleven_before = cells(period=date(2025, 4, 1), numerator=1.5)
    twelve_before = cells(period=date(2025, 3, 1), numerator=0.5)
    found = change_of(last + eleven_before + twelve_before).estimate
    assert found.value == pytest.approx(50 - 25)


# Coverage and wrong verdicts ----------------------------------------------------------------------

# With 1,000 samples, an interval that covers 95 % is found to cover 93 to 97 % in 996 of 1,000
# seeds. Shares of 10 % and less cover less; docs/methods.md says how much.
KEPT = (93.0, 97.0)
SAMPLES = 1000


@pytest.mark.parametrize("employers", [30, 100, 400])
@pytest.mark.parametrize(
    "name",
    [
        "share of 10 %",
        "share of 30 %",
        "lead of 3 points",
        "difference, 30 from 30 %",
        "trend of 1 point a year at 30 %",
        "adjusted effect of 10 log points",
    ],
)
def test_intervals_hold_the_truth_of_employers_as_unequal_as_real_ones(name, employers):
    rate = simulated_cases.rate(name, employers, SAMPLES)
    assert KEPT[0] <= rate.covered <= KEPT[1]
    assert max(rate.supported, rate.contradicted) <= 5.0
    assert rate.supported + rate.contradicted == pytest.approx(100 - rate.covered)


@pytest.mark.parametrize("employers", [15, 100])
def test_a_lead_that_is_none_is_seldom_taken_for_one(employers):
    assert simulated_cases.no_lead(employers, SAMPLES).supported <= 2.5


def test_an_equivalence_at_its_edge_is_seldom_taken_for_one():
    assert simulated_cases.at_the_edge(100, SAMPLES).supported <= 7.0


@pytest.mark.parametrize("families", [3, 5, 8])
@pytest.mark.parametrize("spread", [0, 8])
def test_pooled_intervals_are_never_shorter_than_they_promise(families, spread):
    rate, inside = simulated_cases.pooled(families, spread, 300)
    assert rate.covered >= 92
    assert max(rate.supported, rate.contradicted) <= 5
    assert inside >= 80


def test_of_the_verdicts_on_many_claims_few_are_wrong():
    rng = simulated_cases.generator("test")
    found = np.array([simulated_cases.world(rng, 20) for _ in range(60)])
    reached, wrong = found.T
    assert reached.mean() > 12  # most of the 20 that are true
    assert np.mean(wrong / np.maximum(reached, 1)) < 0.06


def test_what_could_have_been_shown_is_shown_four_times_in_five():
    smallest, shown = simulated_cases.power(100, SAMPLES)
    assert 10 < smallest < 30
    assert 72 <= shown <= 88


def test_the_day_of_a_turn_lies_within_its_interval():
    reported, held = turns(400, 60)
    assert reported > 60
    assert held > 85


def test_the_page_has_the_numbers_of_a_simulation_done_again():
    page = simulation.TARGET.read_text(encoding="utf-8")
    written = page.partition(simulation.BEGIN)[2].partition(simulation.END)[0]
    names = ("share of 10 %", "lead of 3 points", "difference, 30 from 30 %")
    rows = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]]
        for line in reversed(written.splitlines())
        if line.startswith("|")
    }
    at = simulation.EMPLOYERS.index(30)
    for name in names:
        again = simulation.cell(simulated_cases.rate(name, 30, simulation.DRAWS))
        assert rows[name][at] == again, "run `python -m pipeline.edge.simulation`"


# When a lead turned -------------------------------------------------------------------------------


def leads_of(by_year: dict[int, float], **given) -> list[dict[str, object]]:
    """Return postings with the yearly leads given, in points; employers differ a little."""
    return [
        row
        for year, points in by_year.items()
        for row in cells(period=date(year, 5, 1), each=10, numerator=points / 10, **given)
    ]


def turns_of(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return judge([rule()], {"some-claim": columns(rows)}, as_of=AS_OF, run_id="r1").flips


def test_a_turn_is_where_the_line_through_the_middles_of_the_years_crosses_zero():
    (row,) = turns_of(leads_of({2020: -40, 2021: -10, 2022: 20, 2023: 50}))
    # a third of the way from the middle of 2021 to that of 2022: 1 November
    assert row["crossed_on"] == date(2021, 11, 1)
    assert date(2021, 10, 1) < row["ci_low"] < row["crossed_on"] < row["ci_high"]
    assert row["ci_high"] < date(2021, 12, 1)
    assert (row["last_before"], row["first_after"]) == ("2021", "2022")
    assert (row["crossing_pct"], row["above_before"]) == (100, False)


def test_of_two_turns_the_last_is_told():
    (row,) = turns_of(leads_of({2019: 20, 2020: -20, 2021: -20, 2022: 20, 2023: 40}))
    assert row["crossed_on"] == date(2022, 1, 1)
    (back,) = turns_of(leads_of({2020: -20, 2021: 20, 2022: -20}))
    assert (back["crossed_on"], back["above_before"]) == (date(2022, 1, 1), True)


def test_a_lead_that_stays_on_its_side_has_no_turn():
    assert turns_of(leads_of({2020: 10, 2021: 30, 2022: 20})) == []


def test_a_year_that_may_be_on_either_side_is_no_turn_but_may_lie_between():
    assert turns_of(leads_of({2020: -20, 2021: 0.5, 2022: -0.5})) == []
    (row,) = turns_of(leads_of({2020: -20, 2021: 0.5, 2022: 20}))
    assert (row["last_before"], row["first_after"]) == ("2020", "2022")


def test_each_source_family_turns_by_itself():
    rows = leads_of({2020: -40, 2021: 40}) + leads_of({2020: 30, 2021: 60}, source="elmboard")
    assert [row["source_family"] for row in turns_of(rows)] == ["oakboard"]


# The verdict that stands --------------------------------------------------------------------------


def runs(nights: str, *, rules: str = "", same: str = "") -> list[dict[str, object]]:
    """Return verdict rows: a letter a night: s for supported, c contradicted, i inconclusive.

    rules: the rule's version, a letter a night;  same: "=" on nights without new data
    """
    said = {"s": "supported", "c": "contradicted", "i": "inconclusive"}
    found, mark = [], 0
    for at, letter in enumerate(nights):
        mark += (same + " " * len(nights))[at] != "="
        found.append({
            "claim_id": "a", "part": "all", "time_window": "last_24_months",
            "reading": "primary", "run_id": f"r{at}", "as_of": date(2026, 1, 1 + at),
            "verdict": said[letter], "rule_hash": (rules or "x" * len(nights))[at],
            "sums_hash": str(mark), "estimate": float(at),
        })  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("nights", "given", "stands", "since", "before", "agreeing"),
    [
        ("s", {}, "supported", "r0", None, 0),
        ("ssss", {}, "supported", "r0", None, 0),
        ("sc", {}, "supported", "r0", None, 1),
        ("scc", {}, "supported", "r0", None, 2),
        ("sccc", {}, "contradicted", "r3", "supported", 0),
        ("scccs", {}, "contradicted", "r3", "supported", 1),
        ("scscscsc", {}, "supported", "r0", None, 1),  # now one, now the other
        ("sccscc", {}, "supported", "r0", None, 2),  # one that agrees begins the count anew
        ("sccicc", {}, "supported", "r0", None, 2),  # a third word does as well
        ("siccc", {}, "contradicted", "r4", "supported", 0),
        ("scccc", {"same": "  =="}, "supported", "r0", None, 2),  # the same data again is no run
        ("sccccc", {"same": "  == "}, "contradicted", "r5", "supported", 0),
        ("scccsss", {}, "supported", "r6", "contradicted", 0),
        ("sccc", {"rules": "xxyy"}, "contradicted", "r2", None, 0),  # another question
        ("sscc", {"rules": "xyyy"}, "supported", "r1", None, 2),
        ("sccscc", {"rules": "xxxyyy"}, "supported", "r3", None, 2),
    ],
)
def test_a_verdict_changes_when_three_runs_with_new_data_agree(
    nights, given, stands, since, before, agreeing
):
    (row,) = standing_rows(runs(nights, **given), {})
    found = row["verdict"], row["since_run_id"], row["before"], row["n_agreeing"]
    assert found == (stands, since, before, agreeing)
    assert row["tonight"] == runs(nights)[-1]["verdict"]


@pytest.mark.parametrize(
    ("given", "extractors", "reason"),
    [
        ({}, {"r0": "1", "r1": "1"}, "new data"),
        ({}, {"r0": "1", "r1": "2"}, "a new extractor"),
        ({"rules": "xy"}, {"r0": "1", "r1": "2"}, "a new rule"),
        ({"same": " ="}, {"r0": "1", "r1": "2"}, "a new method"),
    ],
)
def test_numbers_that_differ_say_why(given, extractors, reason):
    (row,) = standing_rows(runs("ss", **given), extractors)
    assert (row["reason"], row["estimate_before"]) == (reason, 0.0)


def test_only_the_headline_of_the_whole_stands_and_only_of_claims_still_judged():
    rows = runs("ss")
    others = [
        {**rows[-1], "part": "villages", "verdict": "contradicted"},
        {**rows[-1], "time_window": "2025", "verdict": "contradicted"},
        {**rows[-1], "reading": "matched_panel", "verdict": "contradicted"},
    ]
    dropped = {**rows[0], "claim_id": "dropped"}
    found = standing_rows([dropped, *rows, *others], {})
    assert [(row["claim_id"], row["verdict"]) for row in found] == [("a", "supported")]
    assert standing_rows([], {}) == []


# A lead that lasts --------------------------------------------------------------------------------

LASTING = part_toml("all", "lasting")


def lasts(by_year: dict[int, float], **newest) -> dict[str, object]:
    rows = leads_of(by_year)
    if newest:
        rows += cells(period=date(2026, 5, 1), **newest)
    return verdict_of(rows, claim=rule(parts=LASTING))


def test_a_lead_lasts_where_no_year_reverses_it_and_the_newest_shows_it():
    found = lasts({2019: 20, 2022: 1, 2025: 30})
    assert found["verdict"] == "supported"
    assert found["estimate"] == pytest.approx(30)


def test_a_lead_that_one_year_reversed_does_not_last_however_large_it_is_now():
    found = lasts({2019: 20, 2022: -20, 2025: 60})
    assert (found["verdict"], found["finding"]) == ("contradicted", "reversed in 2022")


def test_a_small_reversal_within_the_margin_is_none():
    assert lasts({2019: 20, 2022: -2, 2025: 30})["verdict"] == "supported"


def test_a_lead_whose_newest_year_is_too_weak_is_open():
    weak = {"employers": 16, "each": 2, "numerator": 0.2}
    assert lasts({2019: 20, 2022: 10}, **weak)["verdict"] == "inconclusive"


def test_a_reversal_before_the_first_year_of_the_rule_does_not_count():
    assert lasts({2016: -60, 2019: 20, 2025: 30})["verdict"] == "supported"


def test_a_newest_year_below_the_margin_contradicts_a_lasting_lead():
    found = lasts({2019: 20, 2025: 0})
    assert (found["verdict"], found["finding"]) == ("contradicted", "no material lead")


# Medians of entities, and arithmetic --------------------------------------------------------------


def series_rule(rest: str, *, evidence: str = "series", estimator: str = "median"):
    text = f"""
id = "some-claim"
statement = "Oak grew by 61 %."
topic = "market"
why = "Because."
registered_on = 2026-11-21
said_by = ["A"]
evidence = "{evidence}"
windows = ["last_24_months"]
window_note = "from outside series"
{part_toml("all", estimator, rest)}
"""
    return parse_claim("some_claim.toml", text.encode(), b"select")


def entities(*values: float) -> list[dict[str, object]]:
    row = dict.fromkeys(SUMS) | cells(employers=1, observes="series", nameless=True)[0]
    return [
        {**row, "source_family": f"country-{at}", "numerator": value, "denominator": 100.0}
        for at, value in enumerate(values)
    ]


BAND = "centre_pct = 61\nmargin_points = 10"
BEYOND = 'direction = "above"\nthreshold_pct = 3'


@pytest.mark.parametrize(
    ("rest", "values", "expected"),
    [
        (BAND, (51, 51, 51), "supported"),  # the edges belong to the band
        (BAND, (0, 71, 200), "supported"),  # the one in the middle decides
        (BAND, (0, 10, 51), "inconclusive"),  # one country reaches the band
        (BAND, (0, 10, 50.9), "contradicted"),
        (BAND, (71.1, 80, 300), "contradicted"),
        (BAND, (40, 72, 300), "inconclusive"),
        (BEYOND, (4, 5, 6, 7, 8, 9), "supported"),  # from six on, the extremes bound the middle
        (BEYOND, (3, 5, 6, 7, 8, 9), "inconclusive"),
        (BEYOND, (-9, -5, 0, 1, 2, 2.9), "contradicted"),
        (BEYOND, (-9, -5, 0, 1, 2, 3), "inconclusive"),
        (BEYOND, (3.1,), "supported"),  # an only figure has no interval
        (BEYOND, (3.0,), "contradicted"),
    ],
)
def test_the_median_of_entities_is_judged_by_its_band_or_beyond_its_bar(rest, values, expected):
    assert verdict_of(entities(*values), claim=series_rule(rest))["verdict"] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(38.7, "supported"), (38.85, "supported"), (38.69, "contradicted"), (38.92, "contradicted")],
)
def test_arithmetic_holds_within_its_margin_and_fails_beyond_it(value, expected):
    claim = series_rule(
        "centre_pct = 38.8\nmargin_points = 0.1", evidence="arithmetic", estimator="value"
    )
    assert verdict_of(entities(value), claim=claim)["verdict"] == expected


@pytest.mark.parametrize("size", [6, 9, 25])
def test_the_interval_of_a_median_holds_it_at_least_95_times_in_100(size):
    rng = np.random.default_rng(SEED)
    one = part_of_median()
    found = [combine(one, [Estimate(v, v, v, 1, 1, 1) for v in row])
             for row in rng.lognormal(0, 1, (1500, size))]  # fmt: skip
    assert np.mean([f.low <= 1 <= f.high for f in found]) >= 0.94


def part_of_median():
    return series_rule(BEYOND).parts[0]


def test_a_trend_reads_employers_heard_in_both_halves_as_a_second_reading():
    claim = rule(parts=part_toml("all", "trend"))
    found = judge([claim], {"some-claim": columns(years(2020, 2026))}, as_of=AS_OF, run_id="r1")
    (row,) = [row for row in found.readings if row["reading"] == "matched_panel"]
    assert row["estimate"] == pytest.approx(10)
    assert row["n_postings"] == 800
