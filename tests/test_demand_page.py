"""The demand page: its cells are those of the macros, and its files say what the cells do."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
import warehouse_rows as given
from scipy import stats

from dashboards import demand
from dashboards.demand_scripts import demand_files
from dashboards.site_data import rows
from pipeline.edge import macros
from pipeline.edge.site_files import read_demand
from pipeline.edge.statements import SQL

SINCE = date(2024, 8, 1)  # the 24 calendar months up to July 2026
OWN = (
    "country region metro role seniority employer_kind industry domain requirement year quarter"
).split()


def market() -> list[dict]:
    """Return postings of eleven employers and two sources, one of them with few employers."""
    names = ("pytorch", "tensorflow", "keras", "scikit_learn")
    places = [given.place("US", "boston", "north_america"), given.place("DE", "berlin", "europe")]
    found = []
    for number in range(60):
        source = "board" if number % 6 == 5 else "hn"
        named = [name for at, name in enumerate(names) if (number * 7 // 3 + at) % (at + 3) < 2]
        ask = ("required", "preferred", "mentioned")[number % 3]
        pay = {"min": 90_000.0 + 1000 * number, "max": None, "currency": "USD", "period": "year"}
        employer = f"firm-{number % 3 if source == 'board' else number % 11}"
        found.append(
            given.posting(
                f"{source}:{number}",
                employer=employer,
                employer_id=None if number % 13 == 0 else employer,
                posted_on=date(2023 + number % 4, 1 + number % 6, 3),
                date_kind="none" if number % 17 == 0 else "real",
                frameworks=given.naming(*named, requirement=ask, joint=number % 5 == 0),
                places=[places[number % 2], places[0]][: 1 + number % 3 // 2],
                roles=["ml_engineer", "data_scientist"][: 1 + number % 2],
                seniority=["senior"] if number % 2 else ["entry"],
                domains=["nlp"] if number % 3 else ["fraud", "nlp"],
                industry=("finance", "retail")[number % 2],
                salary=pay if number % 4 else None,
            )
        )
    naming = given.naming("pytorch", "keras", requirement="required")
    edges = [("hn:july", date(2024, 7, 31)), ("hn:august", SINCE), ("hn:copy", SINCE)]
    pay = {"min": 1.0e6, "max": 1.0e6, "currency": "USD", "period": "year"}
    for name, on in edges:
        found.append(given.posting(name, posted_on=on, frameworks=naming, salary=pay))
    return [*found, given.posting("hn:cook", is_ai=False, salary=pay, frameworks=naming)]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Return the market's tables with the macros, and a run."""
    copies = [("hn:copy", "hn:august", "exact_copy")]
    folder = tmp_path_factory.mktemp("market")
    connection = given.tables(given.lake(folder, market(), duplicates=copies))
    connection.execute("create schema if not exists ops")
    connection.execute(
        "create table ops.runs as select date '2026-07-01' as as_of, now() as started_at"
    )
    for macro in macros.read_macros():
        connection.execute(macro.select)
    return connection


@pytest.fixture(scope="module")
def found(warehouse):
    return read_demand(warehouse)


@pytest.fixture(scope="module")
def choices(warehouse):
    frame = warehouse.execute((SQL / "site" / "demand.sql").read_text(encoding="utf-8")).df()
    return demand.demand_of(rows(frame))


@pytest.fixture(scope="module")
def files(found, choices):
    return demand_files(choices, **found)


def ends(share, margin):
    """Return Wilson's interval of a share whose margin is given: the page works it out so."""
    if not 0 < share < 100:
        return (max(share - margin, 0), min(share + margin, 100))
    part, pull = share / 100, (margin / 100) ** 2 / (share / 100 * (1 - share / 100))
    roots = np.roots([1 + pull, -(2 * part + pull), part**2]).real
    return tuple(100 * np.sort(roots))


def cells_of(found, **wanted):
    """Return (n_naming, n_dl_postings, n_dl_employers, low, high) by value and framework."""
    cells = {}
    for row in found["cells"]:
        if any(row[name] != value for name, value in wanted.items()):
            continue
        for place, framework in enumerate(row["frameworks"]):
            share = 100 * row["n_naming"][place] / row["n_dl_postings"]
            margin = row["margins_pct"][place]
            bounds = (None, None)
            if margin is not None:
                bounds = ends(share, margin)
            counts = (row["n_naming"][place], row["n_dl_postings"], row["n_dl_employers"])
            cells[row["value"], row["and_value"], framework] = (*counts, *bounds)
    return cells


def shares_of(warehouse, by, family=None, since=None, until=None):
    """Return what the macro says, in the same shape."""
    result = warehouse.execute(
        f"from framework_share(by := '{by}', family := $family, since := $since, until := $until)"
        " where share_pct is not null",
        {"family": family, "since": since, "until": until},
    )
    names = [column[0] for column in result.description]
    lines = [dict(zip(names, line, strict=True)) for line in result.fetchall()]
    measures = ("n_naming", "n_dl_postings", "n_dl_employers", "ci_low_pct", "ci_high_pct")
    return {(line["value"], line["framework"]): tuple(map(line.get, measures)) for line in lines}


def same(cell, said) -> bool:
    # the macro rounds its bounds, a cell its margin: to a hundredth of a point each
    return cell[:3] == said[:3] and cell[3:] == pytest.approx(said[3:], abs=0.03)


@pytest.mark.parametrize("by", ["all", *OWN])
@pytest.mark.parametrize("family", ["all", "hn", "board"])
@pytest.mark.parametrize("window", ["all_time", "last_24_months"])
def test_a_cell_of_one_dimension_says_what_the_macro_says(warehouse, found, by, family, window):
    scope = {"source_family": family, "time_window": window, "by_name": "all", "and_name": by}
    cells = cells_of(found, **scope)
    since = SINCE if window == "last_24_months" else None
    said = shares_of(warehouse, by, None if family == "all" else family, since)
    assert said
    assert {(value, framework) for _, value, framework in cells} == set(said)
    assert all(same(cells["all", *key], said[key]) for key in said)


@pytest.mark.parametrize("by", [name for name in OWN if name not in demand.TIMES])
def test_a_dimension_crossed_with_years_is_the_macro_held_to_that_year(warehouse, found, by):
    scope = {"source_family": "all", "time_window": "all_time", "by_name": by, "and_name": "year"}
    cells = cells_of(found, **scope)
    compared = 0
    for year in ("2023", "2024", "2025", "2026"):
        said = shares_of(warehouse, by, None, f"{year}-01-01", f"{year}-12-31")
        for (value, framework), line in said.items():
            cell = cells.get((value, year, framework))
            assert (cell is None) == (line[1] < 5)
            if cell is None:
                continue
            assert cell[:3] == line[:3]
            assert cell[3] is None if line[2] < 5 else same(cell, line)
            compared += line[2] >= 5
    assert compared


@pytest.mark.parametrize("by", OWN)
def test_a_dimension_crossed_with_sources_is_each_source_by_itself(warehouse, found, by):
    scope = {"source_family": "all", "time_window": "all_time", "by_name": by}
    cells = cells_of(found, **scope, and_name="source_family")
    said = {k: line for k, line in shares_of(warehouse, by, "hn").items() if line[1] >= 5}
    assert said
    for (value, framework), line in said.items():
        cell = cells[value, "hn", framework]
        assert same(cell, line) if line[2] >= 5 else cell[:3] == line[:3]


def test_a_requirement_crossed_is_a_part_of_those_that_name_it(found):
    parts = cells_of(found, source_family="all", time_window="all_time", and_name="requirement")
    whole = cells_of(found, source_family="all", time_window="all_time", by_name="all")
    total = sum(
        parts["senior", ask, "pytorch"][0] for ask in ("required", "preferred", "mentioned")
    )
    assert total == whole["all", "senior", "pytorch"][0] > 0


def test_crossed_cells_of_few_employers_have_counts_and_no_interval(found):
    small = [
        row
        for row in found["cells"]
        if row["by_name"] != "all" and row["n_dl_employers"] < demand.SMALL_CELL_EMPLOYERS
    ]
    assert small
    assert all(set(row["margins_pct"]) == {None} for row in small)
    assert all(row["n_dl_postings"] >= 5 for row in found["cells"] if row["by_name"] != "all")


def test_pairs_are_those_of_the_mart_and_of_the_macro(warehouse, found):
    mine = {
        (row["source_family"], row["framework"], row["other_framework"]): row
        for row in found["pairs"]
        if row["time_window"] == "all_time"
    }
    mart = warehouse.execute(
        "select source_family, framework, other_framework, n_both, n_naming, together_pct"
        " from mart.framework_pairs semi join core.frameworks using (framework)"
        " where time_window = 'all_time' and n_both > 0 and framework <> 'scikit_learn'"
    ).fetchall()
    whole = warehouse.execute(
        "select 'all', framework, other_framework, n_both, n_naming, together_pct"
        " from pairs_with('pytorch')"
    ).fetchall()
    assert len(mart) > 4 and whole
    for family, framework, other, *counts in mart + whole:
        row = mine[family, framework, other]
        assert [row["n_both"], row["n_naming"], row["together_pct"]] == counts
    assert {key for key in mine if key[0] != "all"} == {line[:3] for line in mart}


def test_the_interval_of_a_pair_is_that_of_a_share_among_those_who_name_the_first(found):
    row = next(
        r
        for r in found["pairs"]
        if (r["source_family"], r["time_window"]) == ("all", "all_time")
        and (r["framework"], r["other_framework"]) == ("pytorch", "tensorflow")
    )
    clusters: dict[str, list[int]] = {}
    for posting in market():
        named = {one["name"]: one["joint"] for one in posting["frameworks"]}
        if "pytorch" in named and posting["posting_id"] != "hn:copy":
            both = "tensorflow" in named and not (named["pytorch"] and named["tensorflow"])
            key = posting["employer_id"] or posting["posting_id"]
            tally = clusters.setdefault(key, [0, 0])
            tally[0] += 1
            tally[1] += both
    n = sum(one for one, _ in clusters.values())
    share = sum(both for _, both in clusters.values()) / n
    squared = sum((both - share * one) ** 2 / (1 - one / n) for one, both in clusters.values())
    kish = n * n / sum(one * one for one, _ in clusters.values())
    margin = 100 * stats.t.ppf(0.975, kish - 1) * squared**0.5 / n
    assert row["margin_pct"] == pytest.approx(margin, rel=0.003)


@pytest.mark.parametrize("family", ["all", "hn"])
def test_pay_is_that_of_the_macro(warehouse, found, family):
    mine = [
        tuple(row.values())[3:]
        for row in found["pay"]
        if (row["source_family"], row["time_window"]) == (family, "last_24_months")
    ]
    said = warehouse.execute(
        "select framework, n_paid_postings, n_employers, pay_p25_year, pay_median_year,"
        " pay_p75_year from salary_by_framework(currency := 'USD', family := $family,"
        " since := $since)",
        {"family": None if family == "all" else family, "since": SINCE},
    ).fetchall()
    assert said and sorted(mine) == sorted(said)


def loaded(text):
    """Return what a script file sets."""
    match = re.fullmatch(
        r'\(window\.JOBMARKET_DEMAND=window\.JOBMARKET_DEMAND\|\|\{\}\)\["([\w-]+)"\]=(.*);\n', text
    )
    assert match, text[:90]
    return match[1], json.loads(match[2])


def test_a_script_file_sets_its_own_name_and_holds_every_cell(files, found, choices):
    scripts = {p: loaded(text) for p, text in files.items() if p.startswith("data/demand/")}
    assert {p: name for p, (name, _) in scripts.items()} == {p: p[12:-3] for p in scripts}
    parts = dict(scripts.values())
    n_cells = sum(
        len(packed[2])
        for part in parts.values()
        for window in part.get("single", part).values()
        for packed in window.values()
    )
    assert n_cells == len(found["cells"])
    for family in choices.families:
        assert all(file in parts for file in parts[family]["files"])


def test_a_cell_read_back_from_its_columns_has_its_counts_and_margin(files, found, choices):
    _, part = loaded(files["data/demand/all-role.js"])
    values, others, n, e, naming, margins, hidden = part["all_time"]["role|year"]
    assert hidden == []
    measured = [at for at, known in enumerate(e) if known >= demand.SMALL_CELL_EMPLOYERS]
    cells = {
        (row["value"], row["and_value"]): row
        for row in found["cells"]
        if (row["source_family"], row["time_window"]) == ("all", "all_time")
        and (row["by_name"], row["and_name"]) == ("role", "year")
    }
    assert len(cells) == len(n) and measured
    for at, (value, other) in enumerate(zip(values, others, strict=True)):
        row = cells[choices.values["role"][value], choices.values["year"][other]]
        assert (n[at], e[at]) == (row["n_dl_postings"], row["n_dl_employers"])
        for place, framework in enumerate(choices.frameworks):
            column = row["frameworks"].index(framework)
            assert naming[place][at] == row["n_naming"][column]
            if at in measured:
                margin = margins[place][measured.index(at)] / 100
                assert margin == pytest.approx(row["margins_pct"][column])


def test_the_same_rows_give_the_same_bytes(warehouse, files, choices):
    assert demand_files(choices, **read_demand(warehouse)) == files


def test_choices_are_the_same_whatever_the_order_of_the_rows(warehouse, choices):
    frame = warehouse.execute((SQL / "site" / "demand.sql").read_text(encoding="utf-8")).df()
    again = demand.demand_of(rows(frame.sample(frac=1, random_state=3)))
    assert demand.counts_json(again) == demand.counts_json(choices)


def test_the_whole_market_comes_first_and_then_the_largest_source(choices):
    assert choices.families == ("all", "hn", "board")
    assert choices.size("all") == choices.size("hn") + choices.size("board")


def test_only_deep_learning_frameworks_are_offered_in_their_fixed_order(choices):
    assert choices.frameworks == ("pytorch", "tensorflow", "keras")


def test_the_first_table_has_every_year_with_intervals_and_marks_the_small(choices):
    table = demand.demand_table(choices, "all", "year")
    assert [row[0] for row in table.rows] == ["2026", "2025", "2024", "2023"]
    assert re.fullmatch(r"\d+\.\d \(\d+\.\d–\d+\.\d\)", table.rows[0][3])
    few = demand.demand_table(choices, "all", "source_family")
    assert {row[0]: "†" in row[2] for row in few.rows} == {"Hacker News": False, "Board": True}


def test_nothing_a_source_is_called_can_end_the_script_element(choices):
    text = demand.counts_json(
        demand.demand_of(
            [
                row | {"value": "</script>"} if row["by_name"] == "role" else row
                for row in itertools.chain(*choices.rows.values())
            ]
        )
    )
    assert "<" not in text and "/script>" in text


def test_no_shares_leave_nothing_to_choose():
    assert demand.demand_of(rows(pd.DataFrame())).families == ()


def test_places_have_the_names_people_write():
    assert demand.value_name("metro", "new_york") == "New York"
    assert demand.value_name("role", "ml_engineer") == "ML engineer"
    assert demand.value_name("metro", "sf_bay_area") == "San Francisco Bay Area"


def test_the_page_asks_for_nothing_but_its_own_script_files(files):
    script = files["assets/demand.js"]
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|import\(", script)
    assert "data/demand/" in script
