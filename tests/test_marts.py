"""Given a few postings, the marts hold these rows."""

from __future__ import annotations

from datetime import date

import pytest
from warehouse_rows import lake, mention, naming, place, posting, tables

from pipeline.edge import statements

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


def test_a_duplicate_counts_raw_in_the_cells_of_its_own_facts(given):
    raw = "n_naming, n_naming_raw, n_postings, n_postings_raw, n_dl_postings_raw"
    connection = given(
        posting("hn:1", frameworks=naming("pytorch"), places=[place("US")]),
        posting("hn:2", frameworks=naming("pytorch"), places=[place("DE")]),
        posting("hn:3", roles=["academic"]),
        duplicates=[("hn:2", "hn:1", "repost"), ("hn:3", "hn:1", "repost")],
    )
    assert demand(connection, columns=raw) == (1, 2, 1, 3, 2)
    assert demand(connection, columns=raw, country="US") == (1, 1, 1, 1, 1)
    # what holds repeats only is a row too, or raw counts would not add up
    assert demand(connection, columns=raw, country="DE") == (0, 1, 0, 1, 1)
    assert demand(connection, columns=raw, role="academic") == (0, 0, 0, 1, 0)


MARTS = sorted(path.stem for path in (statements.SQL / "marts").glob("*.sql"))


def full_of_facts(number, **given):
    """Return a posting of an employer of its own that stands in every mart."""
    return posting(
        f"hn:{number}",
        employer_id=f"e{number}",
        **{
            "frameworks": naming("pytorch", "keras"),
            "tools": ["aws"],
            "skills": ["deployment"],
            "roles": ["ml_engineer"],
            "seniority": ["senior"],
            "places": [place("US", "boston", "north_america")],
            "unseen": ["Zorp"],
            "salary": {"min": 90_000, "max": 90_000, "currency": "USD", "period": "year"},
            **given,
        },
    )


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_counts_repeats_beside_canonical_postings(given, mart):
    ads = [
        *(full_of_facts(number) for number in range(1, 5)),
        full_of_facts(5, posted_on=date(2025, 5, 10)),
    ]

    def counted(**more):
        relation = given(*ads, **more).table(f"mart.{mart}")
        raw = [name for name in relation.columns if name.endswith("_raw")]
        assert raw and relation.fetchall()
        canonical = [name.removesuffix("_raw") for name in raw]
        if mart == "source_coverage":
            canonical = ["n_canonical"]
        repeats = ", ".join(f"{a} - {b}" for a, b in zip(raw, canonical, strict=True))
        found = relation.project(repeats).fetchall()
        return relation.project(", ".join(raw)).fetchall(), set(sum(found, ())) - {None}

    raw, repeats = counted()
    assert repeats == {0}
    raw_with_a_repeat, repeats = counted(duplicates=[("hn:4", "hn:1", "repost")])
    assert repeats - {0} == {1}
    assert raw_with_a_repeat == raw


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_marks_its_small_cells(given, mart):
    def marks(n_employers):
        ads = [full_of_facts(number) for number in range(n_employers)]
        before = [
            full_of_facts(number, posted_on=date(2025, 5, 10)) | {"posting_id": f"hn:{number}b"}
            for number in range(n_employers)
        ]
        return given(*ads, *before).table(f"mart.{mart}").project("is_small").distinct().fetchall()

    assert marks(4) == [(True,)]
    # files cannot say what is open, and nobody stands behind that
    if mart != "open_by_month":
        assert (False,) in marks(5)


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


def breadth(connection, framework):
    return connection.execute(
        """
        select n_naming, n_alone, n_several, alone_pct, n_naming_raw, n_alone_raw
        from mart.framework_breadth where time_window = 'all_time' and framework = ?
        """,
        [framework],
    ).fetchone()


def test_a_framework_is_alone_where_no_other_of_the_set_is_named(given):
    connection = given(
        posting("hn:1", frameworks=naming("keras", "scikit_learn")),
        posting("hn:2", frameworks=naming("keras", "pytorch")),
        posting("hn:3", frameworks=naming("keras")),
        posting("hn:4", frameworks=naming("pytorch", requirement="negated")),
        duplicates=[("hn:3", "hn:1", "repost")],
    )
    assert breadth(connection, "keras") == (2, 1, 1, 50.0, 3, 2)
    assert breadth(connection, "pytorch") == (1, 0, 1, 0.0, 1, 0)
    assert breadth(connection, "all") == (2, 1, 1, 50.0, 3, 2)
    assert breadth(connection, "scikit_learn") is None


def test_two_frameworks_of_one_span_are_one_thing_named(given):
    joint = naming("keras", "tensorflow", joint=True)
    connection = given(
        posting("hn:1", frameworks=joint),
        posting("hn:2", frameworks=[*joint, *naming("pytorch")]),
    )
    assert breadth(connection, "keras")[:3] == (2, 1, 1)
    assert breadth(connection, "all")[:3] == (2, 1, 1)


def test_a_cloud_beside_a_framework_is_a_share_of_those_that_name_the_framework(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch"), tools=["sagemaker", "docker"]),
        posting("hn:2", frameworks=naming("pytorch"), tools=["aws", "gcp"]),
        posting("hn:3", frameworks=naming("pytorch")),
        posting("hn:4", tools=["gcp"]),
    )
    rows = connection.execute("""
        select cloud, n_both, n_naming, together_pct from mart.framework_cloud
        where time_window = 'all_time' and framework = 'pytorch' order by all
    """).fetchall()
    assert rows == [
        ("any", 2, 3, 66.67),
        ("aws", 2, 3, 66.67),
        ("azure", 0, 3, 0.0),
        ("gcp", 1, 3, 33.33),
        ("sagemaker", 1, 3, 33.33),
    ]


def test_skills_beside_any_framework_are_counted_once_a_posting(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch", "keras"), tools=["docker", "aws"]),
        posting("hn:2", frameworks=naming("keras"), skills=["deployment"], tools=["sql"]),
        posting("hn:3", frameworks=naming("scikit_learn"), tools=["docker"]),
    )
    rows = connection.execute("""
        select kind, name, n_both, n_naming from mart.framework_skills
        where time_window = 'all_time' and framework = 'all' order by all
    """).fetchall()
    assert rows == [
        ("group", "docker_rest_or_cloud", 1, 2),
        ("skill", "deployment", 1, 2),
        ("tool", "aws", 1, 2),
        ("tool", "docker", 1, 2),
        ("tool", "sql", 1, 2),
    ]


def test_what_a_role_asks_for_is_a_share_of_its_ai_postings(given):
    connection = given(
        posting("hn:1", roles=["ml_engineer"], skills=["deployment"]),
        posting("hn:2", roles=["ml_engineer"], frameworks=naming("pytorch", "keras")),
        posting("hn:3", roles=["ml_engineer"], skills=["deployment"], is_ai=False),
        posting("hn:4", seniority=["senior"], skills=["deployment"]),
    )
    rows = connection.execute("""
        select trait, label, kind, name, n_asking, n_ai_postings, asked_pct
        from mart.role_requirements
        where time_window = 'all_time' and name in ('deployment', 'any') order by all
    """).fetchall()
    assert rows == [
        ("all", "all", "framework", "any", 1, 3, 33.33),
        ("all", "all", "skill", "deployment", 2, 3, 66.67),
        ("role", "ml_engineer", "framework", "any", 1, 2, 50.0),
        ("role", "ml_engineer", "skill", "deployment", 1, 2, 50.0),
        ("seniority", "senior", "framework", "any", 0, 1, 0.0),
        ("seniority", "senior", "skill", "deployment", 1, 1, 100.0),
    ]


def test_the_ai_share_is_of_all_postings_and_the_framework_share_of_ai_postings(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch"), places=[place("US"), place("US", "austin")]),
        posting("hn:2", places=[place("DE")]),
        posting("hn:3", is_ai=False, places=[place("US")]),
        posting("hn:4", is_ai=False, date_kind="proxy"),
    )
    rows = connection.execute("""
        select country, n_postings, n_ai_postings, n_dl_postings, ai_pct, dl_pct
        from mart.ai_by_month order by all
    """).fetchall()
    assert rows == [
        ("DE", 1, 1, 0, 100.0, 0.0),
        ("US", 2, 1, 1, 50.0, 100.0),
        ("all", 3, 2, 1, 66.67, 50.0),
    ]


def test_pay_of_one_framework_stands_beside_that_of_several(given):
    def paid(amount):
        return {"min": amount, "max": amount, "currency": "USD", "period": "year"}

    connection = given(
        posting("hn:1", frameworks=naming("keras"), salary=paid(90_000)),
        posting("hn:2", frameworks=naming("keras", "pytorch"), salary=paid(110_000)),
        posting("hn:3", frameworks=naming("keras", "tensorflow", joint=True), salary=paid(70_000)),
        posting("hn:4", frameworks=naming("scikit_learn", "keras"), roles=["ml_engineer"]),
        posting("hn:5", salary=paid(10_000)),
    )
    rows = connection.execute("""
        select trait, breadth, n_paid_postings, pay_median_year from mart.breadth_pay
        where time_window = 'all_time' order by all
    """).fetchall()
    assert rows == [("all", "one", 2, 80_000), ("all", "several", 1, 110_000)]


def test_source_coverage_tells_repeats_from_canonical_postings(given):
    connection = given(
        posting("hn:1", frameworks=naming("pytorch")),
        posting("hn:2"),
        posting("hn:3", date_kind="none", posted_on=None, is_ai=False),
        duplicates=[("hn:2", "hn:1", "repost")],
    )
    row = connection.execute("""
        select n_postings, n_canonical, n_real_dates, n_ai_postings, n_dl_postings,
            n_postings_raw, n_seen_live, n_evergreen
        from mart.source_coverage
    """).fetchone()
    assert row == (3, 2, 1, 1, 1, 3, 0, 0)


PLACES = "select posting_id, country, city from core.posting_places order by all"


def test_a_posting_carries_the_places_of_its_copies_for_other_cities(given):
    connection = given(
        posting("hn:1", places=[place("DE", city="Berlin")]),
        posting("hn:2", places=[place("DE", city="Munich"), place("DE", city="Berlin")]),
        posting("hn:3", places=[place("US", city="Boston")]),
        posting("hn:4", places=[place("FR", city="Paris")]),
        duplicates=[
            ("hn:2", "hn:1", "city_copy"),
            ("hn:3", "hn:2", "city_copy"),
            ("hn:4", "hn:1", "repost"),
        ],
    )
    assert connection.execute(PLACES).fetchall() == [
        ("hn:1", "DE", "Berlin"),
        ("hn:1", "DE", "Munich"),
        ("hn:1", "US", "Boston"),
        ("hn:2", "DE", "Berlin"),
        ("hn:2", "DE", "Munich"),
        ("hn:3", "US", "Boston"),
        ("hn:4", "FR", "Paris"),
    ]


def test_a_job_counts_once_in_each_city_it_is_advertised_for(given):
    connection = given(
        posting("hn:1", places=[place("DE", "berlin", "europe")], frameworks=naming("pytorch")),
        posting("hn:2", places=[place("DE", "munich", "europe")], frameworks=naming("pytorch")),
        duplicates=[("hn:2", "hn:1", "city_copy")],
    )
    assert demand(connection, metro="berlin") == demand(connection, metro="munich") == (1,)
    assert demand(connection, columns="n_naming, n_naming_raw", country="DE") == (1, 2)
