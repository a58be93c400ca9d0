"""A source that shows a fixed list of words says nothing of a framework the list leaves out."""

from __future__ import annotations

import json
from datetime import date

import pyarrow.parquet as pq
import pytest
import test_demand_page as demand_page
import warehouse_rows as given

from dashboards import demand
from dashboards.demand_scripts import demand_files
from dashboards.site_data import rows
from pipeline.edge import macros, reference
from pipeline.edge.lake_views import FrameworkRow
from pipeline.edge.site_files import read_demand
from pipeline.edge.statements import SQL
from pipeline.mentions.lexicon import load

FRAMEWORKS = [*given.FRAMEWORKS, FrameworkRow("jax", "JAX", True, unlisted_by=["words"])]
SCOPE = {"source_family": "all", "time_window": "all_time", "by_name": "all"}


def in_lists() -> list[dict]:
    """Return postings of a list that knows PyTorch and Keras, some of employers seen elsewhere."""
    return [
        given.posting(
            f"words:{number}",
            employer_id=f"firm-{number % 8}",
            observes="skill_list",
            posted_on=date(2025, 1 + number % 6, 9),
            frameworks=given.naming("pytorch", *["keras"][: number % 2]),
            roles=["ml_engineer"],
        )
        for number in range(24)
    ]


def in_full() -> list[dict]:
    """Return postings of a market in which some ask for JAX as well."""
    found = demand_page.market()
    for number, posting in enumerate(found):
        if number % 5 < 2 and posting["frameworks"]:
            posting["frameworks"] += given.naming("jax", requirement="preferred")
    return found


def built(folder, *postings):
    """Return the tables of some postings, with the macros and a run."""
    connection = given.tables(given.lake(folder, [*postings]), FRAMEWORKS)
    connection.execute("create schema if not exists ops")
    connection.execute(
        "create table ops.runs as select date '2026-07-01' as as_of, now() as started_at"
    )
    for macro in macros.read_macros():
        connection.execute(macro.select)
    return connection


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return built(tmp_path_factory.mktemp("mixed"), *in_full(), *in_lists())


@pytest.fixture(scope="module")
def without_lists(tmp_path_factory):
    return built(tmp_path_factory.mktemp("full"), *in_full())


@pytest.fixture(scope="module")
def found(warehouse):
    return read_demand(warehouse)


@pytest.fixture(scope="module")
def choices(warehouse):
    return demand.demand_of(rows(warehouse.execute(site_query()).df()))


def site_query() -> str:
    """Return the query of the page's first table."""
    return (SQL / "site" / "demand.sql").read_text(encoding="utf-8")


def asked(connection, query: str) -> list[tuple]:
    """Return the rows of a query."""
    return connection.execute(query).fetchall()


MEASURES = (
    "value, n_naming, n_could_show, n_could_show_employers, share_pct, ci_low_pct, ci_high_pct"
)


@pytest.mark.parametrize("by", ["all", "role", "year", "employer_kind", "country"])
def test_the_share_of_an_unlisted_framework_is_that_without_the_lists(warehouse, without_lists, by):
    query = f"select {MEASURES} from framework_share(by := '{by}') where framework = 'jax'"
    mixed = [row for row in asked(warehouse, query) if row[2]]
    assert mixed == asked(without_lists, query) != []


def test_the_share_of_a_listed_framework_counts_the_lists(warehouse, without_lists):
    query = "select n_could_show, n_dl_postings from framework_share() where framework = 'pytorch'"
    [(could, n)], [(_, fewer)] = asked(warehouse, query), asked(without_lists, query)
    assert could == n == fewer + len(in_lists())


def test_where_only_lists_stand_an_unlisted_framework_has_no_share(warehouse):
    query = (
        "select n_naming, n_dl_postings, n_could_show, share_pct, ci_low_pct, is_small"
        " from framework_share(by := 'source') where value = 'words' and framework = 'jax'"
    )
    assert asked(warehouse, query) == [(0, 24, 0, None, None, True)]


def test_the_mart_keeps_a_row_with_0_and_says_that_nothing_could_show_it(warehouse):
    query = (
        "select framework, sum(n_naming), sum(n_dl_postings), sum(n_could_show)"
        " from mart.framework_demand where source = '{}' and region = 'all' and country = 'all'"
        " and metro = 'all' and role = 'all' and employer_kind = 'all'"
        " and framework in ('jax', 'pytorch') group by all order by all"
    )
    assert asked(warehouse, query.format("words")) == [("jax", 0, 24, 0), ("pytorch", 24, 24, 24)]
    [(_, _, n, could), (_, _, _, all_of_them)] = asked(warehouse, query.format("all"))
    assert could == n - 24 and all_of_them == n


@pytest.mark.parametrize("by", ["role", "year", "quarter", "employer_kind"])
def test_a_cell_of_the_page_says_what_the_macro_says(warehouse, found, by):
    query = f"select {MEASURES} from framework_share(by := '{by}') where framework = 'jax'"
    cells = {
        row["and_value"]: row
        for row in found["cells"]
        if {name: row[name] for name in SCOPE} == SCOPE and row["and_name"] == by
    }
    for value, naming, could, behind, share, low, high in asked(warehouse, query):
        row = cells[value]
        place = row["frameworks"].index("jax")
        assert row["n_naming"][place] == naming
        assert row["n_could_show"][place] == could
        assert row["n_could_show_employers"][place] == behind
        margin = row["margins_pct"][place]
        if not could:
            assert (share, low, margin) == (None, None, None)
        else:
            ends = demand_page.ends(100 * naming / could, margin)
            assert ends == pytest.approx((low, high), abs=0.03)


def test_a_pair_is_a_share_of_the_postings_that_could_show_both(found):
    pairs = {
        (row["source_family"], row["framework"], row["other_framework"]): row
        for row in found["pairs"]
        if row["time_window"] == "all_time"
    }
    mixed = pairs["all", "pytorch", "jax"]
    whole = [pairs[family, "pytorch", "jax"] for family in ("hn", "board")]
    assert mixed["n_could_show"] == mixed["n_naming"] - 24
    assert mixed["n_could_show"] == sum(row["n_naming"] for row in whole)
    assert mixed["together_pct"] == round(100 * mixed["n_both"] / mixed["n_could_show"], 2)
    assert (
        pairs["all", "jax", "pytorch"]["n_could_show"] == pairs["all", "jax", "pytorch"]["n_naming"]
    )


def test_a_list_does_not_say_how_a_framework_is_asked_for(warehouse, without_lists):
    query = "from framework_share(by := 'requirement') order by value, framework"
    assert asked(warehouse, query) == asked(without_lists, query) != []


def test_the_script_files_say_how_many_postings_could_show_a_framework(found, choices):
    files = demand_files(choices, **found)
    text = files["data/demand/words.js"]
    part = json.loads(text[text.index("=", text.index("]")) + 1 : -2])
    _, _, n, _, naming, margins, hidden = part["single"]["all_time"]["role"]
    place = choices.frameworks.index("jax")
    assert hidden == [[[place], [0] * len(n), [0] * len(n)]]
    assert naming[place] == [0] * len(n) and margins[place] == [None] * len(n)


def test_the_first_table_says_what_cannot_be_seen_and_marks_what_is_of_fewer(choices):
    table = demand.demand_table(choices, "all", "source_family")
    column = [one.heading for one in table.columns].index("JAX, %")
    said = {row[0]: row[column] for row in table.rows}
    assert said["Words"] == "cannot be seen"
    assert "‡" not in said["Hacker News"]
    years = demand.demand_table(choices, "all", "year")
    assert [("‡" in row[column]) for row in years.rows if row[0] == "2025"] == [True]


def test_the_lists_of_the_corpus_name_known_frameworks_and_no_other():
    terms = {term.id for term in load().frameworks}
    lists = reference.lists()
    assert lists
    for source, known in lists.items():
        assert known < terms
        digests = pq.read_table(reference.folder() / f"{source}.parquet", columns=["frameworks"])
        named = {one["name"] for row in digests["frameworks"].to_pylist() for one in row}
        assert named <= known
