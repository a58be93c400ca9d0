"""Given a few postings, the marts hold these rows."""

from __future__ import annotations

from datetime import date

import pytest
from warehouse_rows import lake, mention, naming, place, posting, tables

MAY = date(2026, 5, 1)
DIMENSIONS = ("source", "region", "country", "metro", "role", "employer_kind")


@pytest.fixture
def given(tmp_path):
    """Return a function that builds core and mart from postings."""

    def build(*postings, **more):
        return tables(lake(tmp_path, postings, **more))

    return build


def demand(connection, framework="pytorch", columns="n_naming", **fixed):
    """Return the one row of framework_demand that fixes these values, or None."""
    fixed = {**dict.fromkeys(DIMENSIONS, "all"), "month": MAY, "framework": framework, **fixed}
    where = " and ".join(f"{name} = ?" for name in fixed)
    rows = connection.execute(
        f"select {columns} from mart.framework_demand where {where}", list(fixed.values())
    ).fetchall()
    assert len(rows) <= 1
    return rows[0] if rows else None


def test_a_posting_counts_once_however_often_it_names_a_framework(given):
    found = [mention(start) for start in (4, 40, 400)]
    connection = given(posting(frameworks=naming("pytorch"), mentions=found))
    assert demand(connection, columns="n_naming, n_postings, n_dl_postings") == (1, 1, 1)


def test_a_framework_that_nobody_names_is_a_row_with_zero_in_every_cell(given):
    connection = given(posting(frameworks=naming("pytorch"), roles=["ml_engineer"]))
    assert demand(connection, "keras", "n_naming, n_dl_postings") == (0, 1)
    assert demand(connection, "keras", role="ml_engineer", source="hn") == (0,)
    assert demand(connection, "keras", role="data_scientist") is None


def test_a_posting_that_only_negates_a_framework_does_not_name_it(given):
    connection = given(posting(frameworks=naming("pytorch", requirement="negated")))
    assert demand(connection, columns="n_naming, n_postings, n_dl_postings") == (0, 1, 0)


def test_required_and_preferred_are_parts_of_naming(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch", requirement="required")),
        posting("hn:2", frameworks=naming("pytorch", requirement="preferred")),
        posting("hn:3", frameworks=naming("pytorch", requirement="mentioned")),
    )
    assert demand(connection, columns="n_naming, n_required, n_preferred") == (3, 1, 1)


def test_a_framework_outside_the_deep_learning_set_is_no_part_of_the_denominator(given):
    connection = given(posting(frameworks=naming("scikit_learn")))
    assert demand(connection, "scikit_learn", "n_naming, n_dl_postings") == (1, 0)


def test_a_duplicate_is_not_counted(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch")),
        posting("hn:2", frameworks=naming("pytorch")),
        duplicates=[("hn:2", "hn:1", "repost")],
    )
    assert demand(connection, columns="n_naming, n_postings") == (1, 1)


@pytest.mark.parametrize("date_kind", ["proxy", "none"])
def test_a_posting_without_a_real_date_is_in_no_month(given, date_kind):
    connection = given(posting(date_kind=date_kind, frameworks=naming("pytorch")))
    assert connection.execute("select count(*) from mart.framework_demand").fetchone() == (0,)


def test_months_are_apart(given):
    connection = given(
        posting("hn:1", posted_on=date(2026, 5, 31), frameworks=naming("pytorch")),
        posting("hn:2", posted_on=date(2026, 6, 1), frameworks=naming("pytorch")),
    )
    assert demand(connection, columns="n_postings") == (1,)
    assert demand(connection, columns="n_postings", month=date(2026, 6, 1)) == (1,)


def test_one_employer_counts_once_and_an_unknown_one_not_at_all(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch")),
        posting("hn:2", frameworks=naming("pytorch")),
        posting("hn:3", frameworks=naming("keras"), employer_id="red-roof"),
        posting("hn:4", frameworks=naming("pytorch"), employer="", employer_id=""),
    )
    columns = "n_naming, n_employers, n_dl_postings, n_dl_employers"
    assert demand(connection, columns=columns) == (3, 1, 4, 2)


def test_a_cell_is_small_below_five_employers(given):
    postings = [
        posting(f"hn:{number}", employer_id=f"e{number}", frameworks=naming("keras"))
        for number in range(5)
    ]
    connection = given(*postings, posting("lever:1", frameworks=naming("keras")))
    assert demand(connection, columns="n_dl_employers, is_small", source="hn") == (5, False)
    assert demand(connection, columns="n_dl_employers, is_small", source="lever") == (1, True)


def test_a_posting_in_two_countries_stands_in_both_and_once_in_all(given):
    places = [place("US", "boston", "north_america"), place("DE", "berlin", "europe")]
    connection = given(posting(places=places))
    assert demand(connection, columns="n_postings", country="US") == (1,)
    assert demand(connection, columns="n_postings", country="DE") == (1,)
    assert demand(connection, columns="n_postings") == (1,)


def test_two_fixed_places_are_parts_of_one_place(given):
    places = [place("US", "boston", "north_america"), place("DE", "berlin", "europe")]
    connection = given(posting(places=places))
    assert demand(connection, columns="n_postings", country="DE", metro="berlin") == (1,)
    assert demand(connection, columns="n_postings", country="DE", metro="boston") is None
    assert demand(connection, columns="n_postings", region="europe", metro="boston") is None


def test_two_cities_of_one_country_count_once_for_the_country(given):
    places = [place("US", "boston", "north_america"), place("US", "austin", "north_america")]
    connection = given(posting(places=places))
    assert demand(connection, columns="n_postings", country="US") == (1,)
    assert demand(connection, columns="n_postings", country="US", region="north_america") == (1,)


def test_an_unknown_place_or_role_makes_no_cell(given):
    connection = given(posting(places=[place("US")]))
    cells = connection.execute("select distinct metro, role from mart.framework_demand").fetchall()
    assert cells == [("all", "all")]


def test_a_row_fixes_at_most_two_values_and_every_pair_has_a_row(given):
    connection = given(posting(places=[place("US", "boston", "north_america")], roles=["academic"]))
    fixed = " + ".join(f"({name} <> 'all')::integer" for name in DIMENSIONS)
    rows = connection.execute(f"""
        select {fixed} as n_fixed, count(*) from mart.framework_demand
        where framework = 'keras' group by all order by all
    """).fetchall()
    assert rows == [(0, 1), (1, 6), (2, 15)]


def test_demand_by_month_has_no_share_without_a_denominator(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch", "scikit_learn")),
        posting("hn:2", frameworks=naming("keras")),
        posting("lever:1"),
    )
    rows = connection.execute("""
        select source_family, framework, n_naming, n_postings, n_dl_postings, share_pct
        from mart.demand_by_month where framework in ('pytorch', 'scikit_learn') order by all
    """).fetchall()
    assert rows == [
        ("hn", "pytorch", 1, 2, 2, 50.0),
        ("hn", "scikit_learn", 1, 2, 2, None),
        ("lever", "pytorch", 0, 1, 0, None),
        ("lever", "scikit_learn", 0, 1, 0, None),
    ]


def test_traits_give_the_share_of_the_framework_and_what_is_needed_for_that_of_the_trait(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch"), tools=["aws", "docker"]),
        posting("hn:2", frameworks=naming("keras"), tools=["aws"]),
        posting("hn:3", frameworks=naming("pytorch")),
    )
    row = connection.execute("""
        select n_naming, n_postings, n_dl_postings, n_framework, share_pct
        from mart.framework_traits
        where time_window = '2026' and trait = 'tool' and label = 'aws' and framework = 'pytorch'
    """).fetchone()
    assert row == (1, 2, 2, 2, 50.0)


def test_all_time_holds_undated_postings_and_a_year_those_with_a_proxy_date(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch")),
        posting("hn:2", frameworks=naming("pytorch"), date_kind="proxy"),
        posting("hn:3", frameworks=naming("pytorch"), date_kind="none", posted_on=None),
    )
    rows = connection.execute("""
        select time_window, n_naming from mart.framework_traits
        where trait = 'industry' and framework = 'pytorch' order by all
    """).fetchall()
    assert rows == [("2026", 2), ("all_time", 3)]


def test_pairs_stand_in_both_orders(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch", "keras")),
        posting("hn:2", frameworks=naming("pytorch")),
    )
    rows = connection.execute("""
        select framework, other_framework, n_both, n_naming, together_pct
        from mart.framework_pairs where time_window = 'all_time' order by all
    """).fetchall()
    assert rows == [("keras", "pytorch", 1, 1, 100.0), ("pytorch", "keras", 1, 2, 50.0)]


def test_two_frameworks_in_one_span_are_no_pair(given):
    joint = naming("keras", "tensorflow", joint=True)
    connection = given(posting(frameworks=[*joint, *naming("pytorch")]))
    pairs = connection.execute(
        "select distinct framework, other_framework from mart.framework_pairs order by all"
    ).fetchall()
    assert pairs == [
        ("keras", "pytorch"),
        ("pytorch", "keras"),
        ("pytorch", "tensorflow"),
        ("tensorflow", "pytorch"),
    ]


def test_pay_is_the_middle_of_the_range_per_year_and_currency(given):
    def paid(low, high, currency="USD", period="year"):
        return {"min": low, "max": high, "currency": currency, "period": period}

    connection = given(
        posting("hn:1", frameworks=naming("pytorch"), salary=paid(100_000, 140_000)),
        posting("hn:2", frameworks=naming("pytorch"), salary=paid(50, 50, period="hour")),
        posting("hn:3", frameworks=naming("keras"), salary=paid(90_000, None, "EUR")),
        posting("hn:4", salary=paid(80_000, 80_000), is_ai=False),
    )
    rows = connection.execute("""
        select salary_currency, framework, n_paid_postings, pay_median_year
        from mart.framework_pay where time_window = 'all_time' order by all
    """).fetchall()
    assert rows == [
        ("EUR", "all", 1, 90_000),
        ("EUR", "keras", 1, 90_000),
        ("USD", "all", 2, 112_000),
        ("USD", "pytorch", 2, 112_000),
    ]


UNSEEN = """
    select name, n_postings, n_employers, n_sources, first_seen_on, last_seen_on, beside,
        example_posting_id
    from mart.unseen_names
"""


def listing(number, *names, **given):
    """Return a posting of an employer of its own that lists names nobody knows."""
    given = {"employer_id": f"e{number}", "frameworks": naming("pytorch"), **given}
    return posting(f"hn:{number}", unseen=list(names), **given)


def test_an_unseen_name_is_counted_under_its_most_common_spelling(given):
    connection = given(
        listing(1, "Zorp ML", last_seen_on=date(2026, 6, 9)),
        listing(2, "ZorpML", "Rare", first_seen_on=date(2026, 2, 3)),
        listing(3, "Zorp ML", employer_id="e1", frameworks=naming("keras", "pytorch")),
    )
    assert connection.execute(UNSEEN).fetchall() == [
        ("Zorp ML", 3, 2, 1, date(2026, 2, 3), date(2026, 6, 9), "pytorch", "hn:1")
    ]


def test_an_unseen_name_of_one_employer_or_of_two_postings_is_no_news(given):
    connection = given(
        *(listing(number, "House", employer_id="e1") for number in (1, 2, 3)),
        *(listing(number, "Pair") for number in (4, 5)),
    )
    assert connection.execute(UNSEEN).fetchall() == []


def test_where_no_employer_is_known_two_sources_stand_for_two(given):
    nameless = {"employer": "", "employer_id": ""}
    lever = posting("lever:1", unseen=["Zorp"], **nameless)
    one = [listing(number, "Zorp", **nameless) for number in (1, 2, 3)]
    assert given(*one).execute(UNSEEN).fetchall() == []
    assert [row[:4] for row in given(*one, lever).execute(UNSEEN).fetchall()] == [("Zorp", 4, 0, 2)]


def test_a_duplicate_lists_no_unseen_name_again(given):
    connection = given(
        *(listing(number, "Zorp") for number in (1, 2, 3)),
        duplicates=[("hn:3", "hn:1", "repost")],
    )
    assert connection.execute(UNSEEN).fetchall() == []


def test_unseen_names_are_ordered_by_how_many_postings_list_them(given):
    connection = given(
        *(listing(number, "Less", "More") for number in (1, 2, 3)), listing(4, "More")
    )
    assert [row[0] for row in connection.execute(UNSEEN).fetchall()] == ["More", "Less"]


def test_source_coverage_tells_repeats_from_canonical_postings(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch")),
        posting("hn:2"),
        posting("hn:3", date_kind="none", posted_on=None, is_ai=False),
        duplicates=[("hn:2", "hn:1", "repost")],
    )
    row = connection.execute("""
        select n_postings, n_canonical, n_real_dates, n_ai_postings, n_dl_postings
        from mart.source_coverage
    """).fetchone()
    assert row == (3, 2, 1, 1, 1)
