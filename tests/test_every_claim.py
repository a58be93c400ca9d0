"""Every registered claim on the embedded corpus, and three of them recomputed by hand in pandas."""

from __future__ import annotations

import re
import shlex
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_data import Place, ads, files_entry, write_csv
from tutorial_page import not_printed, step_of, steps

from pipeline.claims.registry import CHANGE, COMPARISONS, Claim, read_claims
from pipeline.claims.sayings import articles
from pipeline.claims.verdict import (
    CONTRADICTED,
    INCONCLUSIVE,
    INSUFFICIENT,
    NOT_TESTABLE,
    SUPPORTED,
)
from pipeline.edge import statements
from pipeline.edge.findings import README, findings, placed
from pipeline.edge.judging import judge_all

RULES = statements.SQL / "claims"
WORDS = (SUPPORTED, CONTRADICTED, INCONCLUSIVE, INSUFFICIENT)
HEADLINE = "time_window = 'last_24_months' and reading = 'primary'"


@pytest.fixture(scope="module")
def registry() -> dict[str, Claim]:
    files = {path.name: path.read_bytes() for path in sorted(RULES.iterdir())}
    return {claim.claim_id: claim for claim in read_claims(files)}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """Return the file that a run on the embedded corpus publishes."""
    place = Place(tmp_path_factory.mktemp("corpus"))
    done = place.run("run", "--source", "reference", patience=900)
    assert done.code == 0, done.err
    return place.data / "jobmarket.duckdb"


def asked(warehouse: Path, sql: str) -> pd.DataFrame:
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        return connection.execute(sql).df()


# The registry ----------------------------------------------------------------------------------


def listed(shared: Path) -> dict[str, tuple[str, str]]:
    """Return by claim the section that lists it and the articles that say it."""
    found, section = {}, ""
    for line in (shared / "claims" / "CLAIMS.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if (
            line.startswith("| ")
            and len(cells) == 4
            and re.fullmatch(r"[a-z][a-z0-9-]{2,}", cells[0])
        ):
            found[cells[0]] = section, cells[2]
    found.pop("letter")  # the heading of the table of articles
    return found


def test_every_claim_that_is_listed_is_registered_and_no_other(registry, shared):
    claims = listed(shared)
    assert set(claims) == set(registry)
    untestable = {name for name, (section, _) in claims.items() if "not testable" in section}
    assert untestable == {name for name, claim in registry.items() if not claim.testable}
    assert (len(claims) - len(untestable), len(untestable)) == (65, 6)


def test_every_claim_names_the_articles_that_say_it(registry, shared):
    for name, (_, letters) in listed(shared).items():
        said = {saying.article for saying in registry[name].said_by}
        assert said == set(re.findall(r"\b[A-E]\b", letters)), name


def test_every_rule_names_claims_that_are_there_and_says_why(registry):
    for claim in registry.values():
        assert {*claim.beside, *claim.rivals} <= set(registry), claim.claim_id
        assert claim.statement.endswith("."), claim.claim_id
        assert {saying.article for saying in claim.said_by} <= set(articles())
        assert len(claim.why or claim.reason_not_testable) > 60, claim.claim_id


def test_rivals_name_each_other(registry):
    for claim in registry.values():
        for rival in claim.rivals:
            assert claim.claim_id in registry[rival].rivals


def test_every_rule_reads_only_what_a_variant_can_replace(registry):
    with closing(duckdb.connect()) as connection:
        for claim in registry.values():
            if claim.sql:
                read = connection.get_table_names(claim.sql, qualified=True)
                names = {name.partition(" AS ")[0] for name in read}
                assert names <= {"core.judged_postings", "core.indicators"}, claim.claim_id


def test_no_rule_shares_its_hash(registry):
    assert len({claim.rule_hash for claim in registry.values()}) == len(registry)


# The verdicts ----------------------------------------------------------------------------------


def test_every_claim_has_one_headline_verdict(warehouse, registry):
    rows = asked(
        warehouse, f"select claim_id, verdict from claim.verdicts where part = 'all' and {HEADLINE}"
    )
    assert sorted(rows.claim_id) == sorted(registry)
    for name, verdict in zip(rows.claim_id, rows.verdict, strict=True):
        expected = WORDS if registry[name].testable else (NOT_TESTABLE,)
        assert verdict in expected, name


def test_every_part_has_a_row_and_the_whole_follows_from_them(warehouse, registry):
    rows = asked(warehouse, f"select claim_id, part, verdict from claim.verdicts where {HEADLINE}")
    for name, claim in registry.items():
        of_claim = rows[rows.claim_id == name].set_index("part").verdict
        if len(claim.primary) > 1:
            parts = [of_claim[part.name] for part in claim.primary]
            if CONTRADICTED in parts:
                assert of_claim["all"] == CONTRADICTED
            if of_claim["all"] == SUPPORTED:
                assert set(parts) == {SUPPORTED}


def test_a_verdict_obeys_its_line_its_interval_and_its_q(warehouse, registry):
    rows = asked(
        warehouse,
        "select * from claim.verdicts where q_value is not null and verdict is not null "
        "and decided_by is null and n_families = 1",
    )
    assert len(rows) > 100
    for row in rows.itertuples():
        part = next(one for one in registry[row.claim_id].primary if one.name == row.part)
        if part.estimator in (*COMPARISONS, "share") and "reversed" not in str(row.finding):
            low, high = (row.ci_low, row.ci_high) if part.sign > 0 else (-row.ci_high, -row.ci_low)
            if row.verdict == SUPPORTED:
                assert low > part.bar and row.q_value < 0.05
            elif row.verdict == CONTRADICTED:
                assert high < part.bar and row.q_value < 0.05
            else:
                assert not (row.q_value < 0.05 and (low > part.bar or high < part.bar))
                assert row.minimum_detectable > 0


def test_q_is_taken_over_all_parts_of_all_claims_in_a_window(warehouse):
    rows = asked(
        warehouse,
        "select time_window, p_value, q_value from claim.verdicts "
        "where p_value is not null and decided_by is null and reading = 'primary'",
    )
    assert len(rows[rows.time_window == "last_24_months"]) > 50
    for _, of_window in rows.groupby("time_window"):
        expected = stats.false_discovery_control(of_window.p_value)
        assert np.allclose(of_window.q_value, expected, atol=2e-6)


def test_outside_series_have_no_postings_and_no_p(warehouse, registry):
    rows = asked(warehouse, f"select * from claim.verdicts where {HEADLINE}")
    outside = [name for name, claim in registry.items() if claim.evidence != "postings"]
    of_series = rows[rows.claim_id.isin(outside) & rows.verdict.ne(NOT_TESTABLE)]
    assert len(of_series) >= 5
    assert of_series[["n_postings", "n_employers", "p_value", "q_value"]].isna().all(axis=None)
    assert of_series.window_note.notna().all()


def test_a_source_that_cannot_speak_is_named_and_left_out(warehouse):
    rows = asked(
        warehouse,
        "select pooled, estimate from claim.estimates where claim_id = 'communication' "
        "and source_family = 'google_jobs_luke' and time_window = 'last_24_months'",
    )
    assert list(rows.pooled) == ["cannot speak: it shows skill list only"]
    assert rows.estimate.isna().all()


def test_every_variant_a_rule_names_is_tried_where_there_are_data(warehouse, registry):
    tried = asked(warehouse, "select distinct claim_id, variant from claim.sensitivity").itertuples(
        index=False
    )
    found: dict[str, set[str]] = {}
    for name, variant in tried:
        found.setdefault(name, set()).add(variant)
    assert {"required_only", "unambiguous", "with_copies", "employer_weighted"} <= found[
        "tf-most-demanded"
    ]
    assert {"strict_roles", "wide_roles"} <= found["role-data-scientist-keras-tf"]
    for name, variants in found.items():
        known = {*registry[name].variants, "employer_weighted"}
        assert all(one in known or one.startswith("without_") for one in variants), name


def test_a_variant_changes_the_population_it_says(warehouse):
    rows = asked(
        warehouse,
        "select variant, estimate, ci_low from claim.sensitivity where part = 'all' "
        "and claim_id = 'pt-rising' and time_window = 'last_24_months'",
    ).set_index("variant")
    assert rows.loc["with_copies", "estimate"] != rows.loc["unambiguous", "estimate"]
    assert rows.loc["with_copies", "estimate"] != rows.loc["employer_weighted", "estimate"]


def test_the_findings_of_the_readme_are_those_of_the_corpus(warehouse):
    readme = README.read_text(encoding="utf-8")
    assert placed(readme, findings(warehouse)) == readme, (
        "run `python -m pipeline.edge.findings DATA` on a data folder that `make run` has written"
    )
    assert len(re.findall(r"95 % interval", readme)) >= 3


def test_how_far_sources_differ_is_told_from_the_side_of_the_one_who_leads(warehouse):
    told = asked(
        warehouse,
        "select distinct verdicts.sentence, verdicts.estimate from claim.verdicts as verdicts"
        " where sentence like '%by % points (95 %differ widely%'",
    )
    assert (told["estimate"] < 0).any() and (told["estimate"] > 0).any()
    for sentence in told["sentence"]:
        lead = float(re.search(r"by ([\d.]+) points", sentence)[1])
        low, high = re.search(
            r"from (-?[\d.]+) points[^()]*\([^)]*\) to (-?[\d.]+)", sentence
        ).groups()
        assert float(low) <= lead <= float(high), sentence
        assert "-0.0" not in sentence


def test_the_lead_of_tensorflow_has_turned_and_the_crossing_has_an_interval(warehouse):
    rows = asked(warehouse, "select * from claim.flips where claim_id = 'tf-most-demanded'")
    hn = rows[rows.source_family == "hn"].iloc[0]
    assert hn.above_before
    assert hn.ci_low < hn.crossed_on < hn.ci_high
    assert hn.crossing_pct > 95


def test_a_trend_is_shown_over_a_matched_panel_too(warehouse, registry):
    trends = {
        name
        for name, claim in registry.items()
        if any(part.estimator == "trend" for part in claim.primary)
    }
    rows = asked(
        warehouse, "select distinct claim_id from claim.verdicts where reading = 'matched_panel'"
    )
    assert set(rows.claim_id) == trends and CHANGE


# Three claims by hand --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frames(warehouse) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return canonical postings, and which of the three frameworks each of them names."""
    postings = asked(warehouse, "select * from core.postings where duplicate_of is null")
    named = asked(
        warehouse,
        "select posting_id, framework from core.posting_frameworks inner join core.frameworks "
        "using (framework) where is_deep_learning and requirement <> 'negated'",
    )
    wide = pd.crosstab(named.posting_id, named.framework).clip(upper=1)
    wide["n"] = wide.sum(axis=1)
    joint = asked(
        warehouse,
        "select posting_id from core.posting_frameworks where is_joint and requirement <> 'negated'"
        " and framework in ('keras', 'tensorflow') group by all having count(*) = 2",
    )
    wide["n"] -= wide.index.isin(joint.posting_id).astype(int)
    merged = postings.merge(wide.reset_index(), on="posting_id")
    merged["posted_on"] = pd.to_datetime(merged.posted_on)
    return merged, postings


def newest_two_years(rows: pd.DataFrame, everything: pd.DataFrame) -> pd.DataFrame:
    newest = pd.to_datetime(everything[everything.date_kind == "real"].posted_on).max()
    start = (newest.to_period("M") - 23).to_timestamp()
    return rows[(rows.date_kind == "real") & (rows.posted_on >= start) & (rows.posted_on <= newest)]


def by_employer(rows: pd.DataFrame, measure: pd.Series) -> tuple[float, float, float]:
    """Return a ratio and its 95 % interval, employers as clusters, from first principles."""
    sums = (
        rows.assign(measure=measure)
        .groupby("employer_id")
        .agg(y=("measure", "sum"), n=("measure", "size"))
    )
    ratio = sums.y.sum() / sums.n.sum()
    weight = sums.n / sums.n.sum()
    variance = ((sums.y - ratio * sums.n) ** 2 / (1 - weight)).sum() / sums.n.sum() ** 2
    reach = stats.t.ppf(0.975, 1 / (weight**2).sum() - 1) * variance**0.5
    return 100 * ratio, 100 * (ratio - reach), 100 * (ratio + reach)


def wilson(ratio: float, low: float, high: float) -> tuple[float, float]:
    """Return the bounds of a share whose error is that of the bound, not of the finding."""
    share, reach = ratio / 100, (high - low) / 200
    pull = reach**2 / (share * (1 - share))
    # the roots of (share - x)^2 = pull * x * (1 - x)
    roots = np.roots([1 + pull, -(2 * share + pull), share**2])
    return tuple(100 * np.sort(roots.real))


def estimate_of(warehouse: Path, claim: str, family: str) -> tuple[float, float, float]:
    rows = asked(
        warehouse,
        "select estimate, ci_low, ci_high from claim.estimates where part = 'all' and "
        f"claim_id = '{claim}' and source_family = '{family}' and time_window = 'last_24_months'",
    )
    return tuple(rows.iloc[0])


def test_by_hand_enterprises_ask_for_tensorflow(warehouse, frames):
    merged, everything = frames
    rows = newest_two_years(merged, everything)
    rows = rows[(rows.employer_kind == "enterprise") & rows.employer_id.notna()]
    for family in ("google_jobs_luke", "ml_jobs_us"):
        some = rows[rows.source_family == family]
        expected = by_employer(some, some.tensorflow - some.pytorch)
        found = estimate_of(warehouse, "tf-leads-enterprise", family)
        assert found == pytest.approx(expected, abs=2e-6)


def test_by_hand_many_postings_name_several_frameworks_pooled(warehouse, frames):
    merged, everything = frames
    rows = newest_two_years(merged, everything)
    rows = rows[rows.employer_id.notna() & rows.observes.isin(["full_text", "skill_list"])]
    families = {}
    for family, some in rows.groupby("source_family"):
        named = everything[everything.source_family == family].employer_id.notna().mean()
        if len(some) >= 30 and some.employer_id.nunique() >= 15 and named >= 0.5:
            families[family] = by_employer(some, (some.n >= 2).astype(float))
    row = asked(
        warehouse,
        f"select * from claim.verdicts where claim_id = 'multi-common' and {HEADLINE}",
    ).iloc[0]
    assert row.n_families == len(families)
    values = np.array([one[0] for one in families.values()])
    for family, one in families.items():
        found = estimate_of(warehouse, "multi-common", family)
        assert found[0] == pytest.approx(one[0], abs=2e-6)
        assert found[1:] == pytest.approx(wilson(*one), abs=2e-6)
    # the pooled value lies between the families' own, and the spread between them is in it
    assert values.min() < row.estimate < values.max()
    assert row.ci_high - row.ci_low > values.std()


def test_by_hand_the_share_of_pytorch_rises_from_year_to_year(warehouse, frames):
    merged, _ = frames
    rows = merged[
        (merged.source_family == "hn")
        & (merged.date_kind == "real")
        & merged.employer_id.notna()
        & (merged.posted_on >= "2018-01-01")
    ]
    year = rows.posted_on.dt.year
    enough = year.map(year.value_counts()) >= 30
    rows, year = rows[enough], year[enough]
    slope = np.polyfit(year, rows.pytorch, 1)[0]
    found = estimate_of(warehouse, "pt-rising", "hn")
    assert found[0] == pytest.approx(100 * slope, abs=2e-6)
    centred = year - year.mean()
    residual = rows.pytorch - rows.pytorch.mean() - slope * centred
    spread = (centred**2).sum()
    parts = pd.DataFrame(
        {"score": centred * residual, "pull": centred**2 / spread, "employer": rows.employer_id}
    )
    by = parts.groupby("employer").sum()
    variance = (by.score**2 / (1 - by["pull"])).sum() / spread**2
    reach = stats.t.ppf(0.975, 1 / (by["pull"] ** 2).sum() - 1) * variance**0.5
    assert found[1:] == pytest.approx((100 * (slope - reach), 100 * (slope + reach)), abs=2e-6)


# What the tutorial shows ------------------------------------------------------------------------


def test_the_tutorial_shows_what_its_commands_print_of_the_corpus(warehouse):
    place = Place(warehouse.parents[1])
    for command in ("jobmarket claims pt-rising", "jobmarket sql"):
        step = step_of(command)
        done = place.call(*shlex.split(step.commands[0])[1:], "--data", str(warehouse.parent))
        assert not_printed(step.shown, done.out) == [], command


def test_the_verdict_that_the_tutorial_shows_is_that_of_the_corpus(warehouse):
    files = {one.file: one.body.encode() for one in steps() if "docker_third" in one.file}
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        # variants need a table in memory beside the file, which a file only read cannot have
        claims = [replace(one, variants=()) for one in read_claims(files)]
        judged = judge_all(connection, claims, run_id="tried", today=date(2026, 11, 21))
    shown = " ".join(step_of("jobmarket run").shown)
    (verdict,) = [one for one in judged.verdicts if one["time_window"] == "last_24_months"]
    assert verdict["sentence"] in re.sub(" +", " ", shown)
    found = {
        one["source_family"]: f"{one['estimate']:.1f} {one['ci_low']:.1f} to {one['ci_high']:.1f} "
        f"{one['n_postings']:,} {one['n_employers']:,}".split()
        for one in judged.estimates
        if one["time_window"] == "last_24_months" and one["pooled"] == "yes"
    }
    rows = [line.split() for line in step_of("jobmarket run").shown if line.endswith(" yes")]
    assert {row[0]: row[1:-1] for row in rows} == found


# A night with nothing new ------------------------------------------------------------------------


def test_a_run_with_nothing_new_gives_the_verdicts_of_the_run_before(tmp_path):
    place = Place(tmp_path)
    write_csv(place.folder / "ads.csv", ads(60))
    place.config(files_entry("board", "ads.csv"))
    for _ in range(2):
        done = place.run("run")
        assert done.code == 0, done.err
    rows = asked(place.data / "jobmarket.duckdb", "select * from claim.verdicts")
    first, second = (some.drop(columns="run_id") for _, some in rows.groupby("run_id", sort=True))
    assert len(first) > 100
    pd.testing.assert_frame_equal(
        *(some.sort_values(list(some)).reset_index(drop=True) for some in (first, second))
    )
    standing = asked(place.data / "jobmarket.duckdb", "select * from claim.standing")
    assert standing.reason.isna().all()
