"""Each check passes on sound tables, and catches the one bad row it is shown."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from warehouse_rows import AS_OF, FRAMEWORKS, lake, mention, naming, place, posting, reject, run

from pipeline.edge import check_tables, checks, statements, warehouse
from pipeline.errors import ChecksFailed, PipelineError

# three earlier runs that published and listed 50 postings, and what this one listed
HISTORY = """
    delete from ops.source_runs;
    insert into ops.source_runs by name
    select unnest(['run-0a', 'run-0b', 'run-0c', 'run-1']) as run_id, 'hn' as source,
        '{status}' as status, unnest([50, 50, 50, {n_listed}]) as n_listed;
"""
# thirty postings in each month of 2024 but one
MONTHS = """
    insert into core.postings by name
    select postings.* replace (
        format('{{}}-{{}}-{{}}', postings.posting_id, strftime(month, '%m'), number) as posting_id,
        month::date as posted_on
    )
    from core.postings
    cross join generate_series(date '2024-01-01', date '2024-12-01', interval 1 month) as t (month)
    cross join range(30) as n (number)
    where postings.posting_id = 'hn:1' and strftime(month, '%Y-%m') <> '{gap}'
"""
# check -> a statement that breaks sound tables, and what the check then says of the row
BROKEN = {
    "counts_in_bounds": (
        "update mart.framework_demand set n_required = 9 where source = 'hn' and role = 'academic'",
        {"n_required": 9},
    ),
    "demand_adds_up": (
        "delete from core.postings where posting_id = 'hn:2'",
        {"n_postings_added": 1, "n_postings": 2},
    ),
    "demand_cells_complete": (
        "delete from mart.framework_demand where framework = 'keras' and metro = 'boston'",
        {"framework": "keras"},
    ),
    "demand_within_totals": (
        "update mart.framework_demand set n_postings = 9 where metro = 'boston' and source = 'hn'",
        {"n_postings": 9, "n_postings_total": 2},
    ),
    "days_in_order": (
        "update core.postings set closed_on = '2026-01-01' where posting_id = 'hn:1'",
        {"relation": "core.postings", "last_day": "2026-01-01", "row": '{"posting_id":"hn:1"}'},
    ),
    "duplicates_point_to_canonical": (
        "update core.postings set duplicate_of = 'hn:404' where posting_id = 'hn:1'",
        {"posting_id": "hn:1", "duplicate_of": "hn:404", "is_missing": True},
    ),
    "employers_known": (
        "delete from core.employers",
        {"relation": "core.postings", "employer_id": "blue-door", "row": '{"posting_id":"hn:1"}'},
    ),
    "every_posting_read": (
        "update core.postings set extractor_version = null where posting_id = 'hn:1'",
        {"posting_id": "hn:1"},
    ),
    "fill_did_not_fall": (
        f"""
        {HISTORY.format(status="complete", n_listed=50)}
        insert into ops.source_fields values
            ('run-0a', 'hn', 'salary', 60), ('run-0b', 'hn', 'salary', 70),
            ('run-0c', 'hn', 'salary', 65), ('run-1', 'hn', 'salary', 32)
        """,
        {"source": "hn", "field": "salary", "fill_pct": 32.0, "usual_pct": 65.0, "n_runs": 3},
    ),
    "frameworks_known": (
        "update core.mentions set framework = 'tesseract'",
        {"relation": "core.mentions", "framework": "tesseract"},
    ),
    "intervals_ordered": (
        "update core.postings set salary_min_year = 9, salary_max_year = 8, salary_period = 'year' "
        "where posting_id = 'hn:1'",
        {"column_name": "salary_min_year", "low": "9.0", "high": "8.0"},
    ),
    "keys_unique": (
        "insert into core.posting_roles select * from core.posting_roles",
        {"relation": "core.posting_roles", "key": "hn:1 academic", "n_rows": 2},
    ),
    "labels_have_postings": (
        "insert into core.posting_domains by name select 'hn:404' as posting_id, 'nlp' as domain",
        {"relation": "core.posting_domains", "posting_id": "hn:404"},
    ),
    "languages_read": (
        """
        insert into core.postings by name
        select postings.* replace (posting_id || i as posting_id, null as language)
        from core.postings cross join range(20) as n (i)
        """,
        {"source": "hn", "n_texts": 42, "n_unknown": 42, "example": "hn:1"},
    ),
    "listings_did_not_fall": (
        HISTORY.format(status="complete", n_listed=9).replace("'hn'", "'lever'"),
        {"source": "lever", "n_listed": 9, "n_usual": 50.0, "n_runs": 3},
    ),
    "mentions_reconcile": (
        "delete from core.mentions",
        {"what": "no mention of it", "posting_id": "hn:1", "framework": "pytorch"},
    ),
    "no_future_dates": (
        "update core.postings set posted_on = '2026-07-03' where posting_id = 'hn:1'",
        {"row": "hn:1", "column_name": "posted_on", "day": date(2026, 7, 3)},
    ),
    "no_month_missing": (
        MONTHS.format(gap="2024-03"),
        {"source": "hn", "month": date(2024, 3, 1), "n_postings": 0, "n_before": 30.0},
    ),
    "offsets_fit_surface": (
        "update core.mentions set char_end = char_start",
        {"posting_id": "hn:1", "surface": "PyTorch"},
    ),
    "overlap_is_stated": (
        "comment on table mart.framework_demand is 'How often each framework is named.'",
        {"what": "comment"},
    ),
    "pay_in_bounds": (
        "update core.postings set salary_max_year = 1e308 where posting_id = 'hn:1'",
        {"posting_id": "hn:1", "salary_max_year": 1e308},
    ),
    "read_by_this_extractor": (
        "update core.mentions set extractor_version = '6'",
        {"posting_id": "hn:1", "mention_read_by": "6", "posting_read_by": "7"},
    ),
    "records_reconcile": (
        "update ops.source_runs set n_read = n_read + 1",
        {"source": "hn", "n_unexplained": -1},
    ),
    "rejects_are_few": (
        "insert into core.rejects select 'hn', i::varchar, 'no title', null from range(2) t(i)",
        {"source": "hn", "n_unreadable": 2, "n_read": 2},
    ),
    "shares_in_bounds": (
        "insert into ops.source_fields values ('run-1', 'hn', 'title', 100.5)",
        {"relation": "ops.source_fields", "column_name": "fill_pct", "high": 100.5},
    ),
    "something_kept": ("delete from core.postings", {"seen": "core.postings is empty"}),
    "sources_did_not_fall": (
        "delete from core.postings where posting_id = 'hn:2'",
        {"source": "hn", "n_postings_before": 2, "n_postings_now": 1},
    ),
    "tables_did_not_fall": (
        "delete from mart.framework_demand where month = '2026-05-01' and framework <> 'keras'",
        {"relation": "mart.framework_demand"},
    ),
    "totals_reconcile": (
        "update mart.source_coverage set n_canonical = 3",
        {"stage": "canonical, in mart.source_coverage", "n_found": 3, "n_expected": 2},
    ),
    "values_known": (
        "update core.postings set date_kind = 'guess' where posting_id = 'hn:2'",
        {"column_name": "date_kind", "value": "guess", "example": "hn:2"},
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return the path of a file that passes every check."""
    folder = tmp_path_factory.mktemp("sound")
    boston = place("US", "boston", "north_america")
    rows = [
        posting(
            "hn:1",
            frameworks=naming("pytorch"),
            mentions=[mention()],
            roles=["academic"],
            places=[boston],
        ),
        posting("hn:2"),
    ]
    path = folder / "jobmarket.duckdb"
    warehouse.build(path, lake(folder, rows), run(), previous=None, frameworks=FRAMEWORKS)
    return path


@pytest.fixture
def checked(sound, tmp_path):
    """Return a function that breaks a copy of the sound file and runs every check on it."""

    def check(breaking="select 1", **options):
        path = shutil.copy(sound, tmp_path / "broken.duckdb")
        with warehouse.opened(path) as connection:
            connection.execute(breaking)
            found = checks.run_checks(connection, **{"run_id": "run-1", "as_of": AS_OF} | options)
        return {result.name: result for result in found}

    return check


def test_sound_tables_pass_every_check(checked, sound):
    failed = [result for result in checked(previous=sound).values() if not result.passed]
    assert failed == []


@pytest.mark.parametrize("name", [file.name for file in statements.read_folder("checks")])
def test_each_check_catches_the_bad_row_it_is_shown(checked, sound, name):
    breaking, expected = BROKEN[name]
    result = checked(breaking, previous=sound)[name]
    assert not result.passed
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    assert any(row.items() >= expected.items() for row in rows), rows


def told(result):
    """Return the rows of a result as mappings."""
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def test_every_table_whose_comment_states_a_key_is_looked_at(sound):
    with warehouse.opened(sound) as connection:
        tables = {one.relation: one.key for one in check_tables.tables(connection)}
    assert tables["core.posting_roles"] == ("posting_id", "role")
    # one row per record set aside: the only table without a key
    assert [name for name, key in tables.items() if not key] == ["core.rejects"]


@pytest.mark.parametrize(
    ("breaking", "relation"),
    [
        ("insert into core.posting_places select * from core.posting_places", "posting_places"),
        ("insert into core.mentions select * from core.mentions", "mentions"),
        (
            "update core.mentions set framework = null; "
            "insert into core.mentions select * from core.mentions",
            "mentions",
        ),
        ("insert into core.frameworks select * from core.frameworks limit 1", "frameworks"),
        (
            "delete from core.frameworks; "
            "insert into core.posting_frameworks select * from core.posting_frameworks",
            "posting_frameworks",
        ),
    ],
    ids=["without_a_framework", "with_one", "with_none_named", "of_frameworks", "of_none_known"],
)
def test_a_key_that_stands_twice_is_caught_whatever_its_columns_hold(checked, breaking, relation):
    rows = told(checked(breaking)["keys_unique"])
    assert {(row["relation"], row["n_rows"]) for row in rows} == {(f"core.{relation}", 2)}


def test_two_frameworks_that_nobody_knows_are_no_key_that_stands_twice(checked):
    breaking = """
        insert into core.posting_frameworks by name
        select posting_frameworks.* replace (unnest(['odd', 'odder']) as framework)
        from core.posting_frameworks where posting_id = 'hn:1'
    """
    found = checked(breaking)
    assert found["keys_unique"].passed
    assert {row["framework"] for row in told(found["frameworks_known"])} == {"odd", "odder"}


def test_every_interval_and_span_of_a_table_is_found_by_the_names_of_its_columns(sound):
    with warehouse.opened(sound) as connection:
        found = {
            (table.relation, *interval)
            for table in check_tables.tables(connection)
            for interval in check_tables.intervals(table.columns)
        }
    assert {
        ("claim.verdicts", "ci_low", "estimate", "ci_high"),
        ("claim.verdicts", "prediction_low", "", "prediction_high"),
        ("mart.framework_pay", "pay_p25_year", "pay_median_year", "pay_p75_year"),
        ("core.postings", "salary_min_year", "", "salary_max_year"),
        ("core.postings", "first_seen_on", "", "last_seen_on"),
        ("core.postings", "first_seen_on", "", "closed_on"),
        ("mart.source_coverage", "first_posted_on", "", "last_posted_on"),
    } <= found


def test_a_fall_of_fill_that_was_published_is_what_is_usual_from_then_on(checked):
    fell = """
        delete from ops.source_runs;
        insert into ops.source_runs by name
        select 'run-' || i as run_id, 'hn' as source, 'complete' as status, 50 as n_listed
        from range(10, 20) as t (i) union all select 'run-2', 'hn', 'complete', 50;
        insert into ops.source_fields
        select 'run-' || i, 'hn', 'salary', if(i < 15, 80, 10) from range(10, 20) as t (i);
        insert into ops.source_fields values ('run-2', 'hn', 'salary', {now})
    """
    for now, passed in ((60, True), (10, True), (4, False)):
        result = checked(fell.format(now=now), run_id="run-2")["fill_did_not_fall"]
        assert result.passed is passed, now


@pytest.mark.parametrize(("status", "n_listed"), [("suspicious", 50), ("complete", 19)])
def test_a_run_that_is_not_believed_or_lists_few_says_nothing_of_fill(checked, status, n_listed):
    rows = (
        HISTORY.format(status=status, n_listed=n_listed)
        + """
        insert into ops.source_fields
        select run_id, 'hn', 'salary', if(run_id = 'run-1', 1, 80) from ops.source_runs
    """
    )
    assert checked(rows)["fill_did_not_fall"].passed


def test_a_confirmed_fall_of_fill_passes(checked):
    breaking = BROKEN["fill_did_not_fall"][0]
    assert checked(breaking, accept_drop=["hn"])["fill_did_not_fall"].passed


def test_a_gap_passes_that_is_confirmed_or_was_published_before(checked, sound, tmp_path):
    gap = MONTHS.format(gap="2024-03")
    assert checked(gap, accept_drop=["hn"])["no_month_missing"].passed
    published = shutil.copy(sound, tmp_path / "published.duckdb")
    with warehouse.opened(published) as connection:
        connection.execute(gap)
    assert checked(gap, previous=published)["no_month_missing"].passed
    lost = checked(MONTHS.format(gap="2024-05"), previous=published)["no_month_missing"]
    assert [row["month"] for row in told(lost)] == [date(2024, 5, 1)]


def test_an_empty_new_thread_is_no_fall_and_three_empty_runs_are(checked):
    runs = """
        delete from ops.source_runs;
        insert into ops.source_runs by name
        select format('run-0{{}}', n) as run_id, 'hn_hiring' as source, 'complete' as status,
            {listed}[n] as n_listed
        from range(1, 8) as t (n);
        update ops.source_runs set run_id = 'run-1' where run_id = 'run-07'
    """
    opened = checked(runs.format(listed=[50, 50, 50, 50, 50, 3, 9]))
    assert opened["listings_did_not_fall"].passed
    broken = checked(runs.format(listed=[50, 50, 50, 50, 3, 3, 9]))
    assert [row["n_usual"] for row in told(broken["listings_did_not_fall"])] == [50.0]


@pytest.mark.parametrize(("most", "is_sound"), [(1.9e6, True), (2.1e6, False)])
def test_a_yearly_pay_of_millions_of_dollars_is_out_of_bounds(checked, most, is_sound):
    found = checked(
        f"update core.postings set salary_min_year = null, salary_max_year = {most}, "
        "salary_currency = 'USD', salary_period = 'hour' where posting_id = 'hn:1'"
    )
    assert found["pay_in_bounds"].passed == is_sound


def test_a_month_that_sql_known_gaps_explains_passes(checked):
    gap = MONTHS.format(gap="2011-03").replace("2024-", "2011-")
    assert not checked(gap)["no_month_missing"].passed
    known = gap + "; update core.postings set source = 'hn_hiring'"
    assert checked(known)["no_month_missing"].passed


def test_a_table_that_fell_with_a_confirmed_source_passes_and_another_does_not(checked, sound):
    gone = "delete from mart.framework_demand where source in ('hn', 'all')"
    assert not checked(gone, previous=sound)["tables_did_not_fall"].passed
    assert checked(gone, previous=sound, accept_drop=["hn"])["tables_did_not_fall"].passed
    assert not checked(gone, previous=sound, accept_drop=["lever"])["tables_did_not_fall"].passed
    named = checked(gone, previous=sound, accept_drop=["mart.framework_demand"])
    assert named["tables_did_not_fall"].passed


def test_a_share_that_is_no_number_and_a_count_below_zero_are_caught(checked):
    result = checked("""
        insert into ops.source_fields values ('run-1', 'hn', 'title', 'nan');
        update mart.framework_demand set n_employers = -1 where metro = 'boston'
    """)["shares_in_bounds"]
    assert {row["column_name"] for row in told(result)} == {"fill_pct", "n_employers"}


def test_an_estimate_outside_its_interval_is_caught(checked):
    result = checked("""
        insert into claim.estimates by name
        select 'c' as claim_id, 'all' as part, '2024' as time_window, 'f' as source_family,
            5.0 as estimate, 6.0 as ci_low, 7.0 as ci_high
    """)["intervals_ordered"]
    assert '"source_family":"f"' in told(result)[0]["row"]


def test_a_posting_that_repeats_itself_is_caught(checked):
    breaking = "update core.postings set duplicate_of = posting_id where posting_id = 'hn:1'"
    assert checked(breaking)["duplicates_point_to_canonical"].n_offending == 1


def test_a_row_that_fixes_three_values_is_caught(checked):
    breaking = """
        update mart.framework_demand set employer_kind = 'startup'
        where source = 'hn' and metro = 'boston'
    """
    result = checked(breaking)["overlap_is_stated"]
    assert result.rows == (("more than two fixed", "hn / all / all / boston / all / startup"),)


def test_a_link_to_another_duplicate_is_caught(checked):
    breaking = """
        update core.postings
        set duplicate_of = if(posting_id = 'hn:1', 'hn:2', 'hn:1')
    """
    assert checked(breaking)["duplicates_point_to_canonical"].n_offending == 2


def test_one_unreadable_record_is_no_drift_and_a_repeated_id_is_readable(checked):
    breaking = """
        insert into core.rejects values
            ('hn', 'line 3', 'no title', null),
            ('hn', 'line 4', 'duplicate_id', null),
            ('hn', 'line 5', 'duplicate_id', null)
    """
    assert checked(breaking)["rejects_are_few"].passed


def test_a_large_fall_passes_once_it_is_accepted(checked, sound):
    found = checked(
        "delete from core.postings where posting_id = 'hn:2'", previous=sound, accept_drop=["hn"]
    )
    assert found["sources_did_not_fall"].passed


def test_a_source_that_vanished_has_fallen(checked, sound):
    found = checked("update core.postings set source = 'lever'", previous=sound)
    assert found["sources_did_not_fall"].rows == (("hn", 2, 0),)


def test_a_posting_dated_tomorrow_passes_because_it_is_tomorrow_in_auckland(checked):
    found = checked("update core.postings set posted_on = '2026-07-02'")
    assert found["no_future_dates"].passed


def test_a_failed_check_is_named_with_its_first_row(checked):
    found = checked(BROKEN["values_known"][0])
    with pytest.raises(ChecksFailed, match=r"values_known \(1, first .*guess.*--accept-drop"):
        checks.demand_passed([found["values_known"]])


def test_the_sample_is_short_and_the_count_is_whole(checked):
    breaking = """
        insert into core.posting_domains by name
        select 'hn:404' as posting_id, i::varchar as domain from range(100) as t (i)
    """
    result = checked(breaking)["labels_have_postings"]
    assert (result.n_offending, len(result.rows)) == (100, 5)


def test_a_published_file_that_does_not_open_is_named(checked, tmp_path):
    broken = tmp_path / "jobmarket.duckdb"
    broken.write_text("not a database")
    with pytest.raises(PipelineError, match=r"jobmarket\.duckdb: expected the published file"):
        checked(previous=broken)


def test_rejects_are_reported_with_their_most_frequent_reason(tmp_path):
    rows = [posting("hn:1")]
    rejects = [reject("2"), reject("3"), reject("4", reason="no text")]
    path = tmp_path / "few.duckdb"
    files = lake(tmp_path, rows, rejects=rejects)
    warehouse.build(path, files, run(), previous=None, frameworks=FRAMEWORKS)
    with warehouse.opened(path) as connection:
        found = checks.run_checks(connection, run_id="run-1", as_of=AS_OF)
    result = next(result for result in found if result.name == "rejects_are_few")
    assert result.rows == (("hn", 3, 4, "no title", 75.0),)
