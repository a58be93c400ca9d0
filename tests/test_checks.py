"""Each check passes on sound tables, and catches the one bad row it is shown."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from warehouse_rows import AS_OF, FRAMEWORKS, lake, mention, naming, place, posting, reject, run

from pipeline.edge import checks, statements, warehouse
from pipeline.errors import ChecksFailed, PipelineError

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
    "duplicates_point_to_canonical": (
        "update core.postings set duplicate_of = 'hn:404' where posting_id = 'hn:1'",
        {"posting_id": "hn:1", "duplicate_of": "hn:404", "is_missing": True},
    ),
    "every_posting_read": (
        "update core.postings set extractor_version = null where posting_id = 'hn:1'",
        {"posting_id": "hn:1"},
    ),
    "frameworks_known": (
        "update core.mentions set framework = 'tesseract'",
        {"relation": "core.mentions", "framework": "tesseract"},
    ),
    "keys_unique": (
        "insert into core.posting_roles select * from core.posting_roles",
        {"relation": "core.posting_roles", "key": "hn:1 academic", "n_rows": 2},
    ),
    "labels_have_postings": (
        "insert into core.posting_domains values ('hn:404', 'nlp')",
        {"relation": "core.posting_domains", "posting_id": "hn:404"},
    ),
    "no_future_dates": (
        "update core.postings set posted_on = '2026-07-03' where posting_id = 'hn:1'",
        {"posting_id": "hn:1", "posted_on": date(2026, 7, 3)},
    ),
    "offsets_fit_surface": (
        "update core.mentions set char_end = char_start",
        {"posting_id": "hn:1", "surface": "PyTorch"},
    ),
    "overlap_is_stated": (
        "comment on table mart.framework_demand is 'How often each framework is named.'",
        {"what": "comment"},
    ),
    "records_reconcile": (
        "update ops.source_runs set n_read = n_read + 1",
        {"source": "hn", "n_unexplained": -1},
    ),
    "rejects_are_few": (
        "insert into core.rejects select 'hn', i::varchar, 'no title', null from range(2) t(i)",
        {"source": "hn", "n_unreadable": 2, "n_read": 2},
    ),
    "something_kept": ("delete from core.postings", {"seen": "core.postings is empty"}),
    "sources_did_not_fall": (
        "delete from core.postings where posting_id = 'hn:2'",
        {"source": "hn", "n_postings_before": 2, "n_postings_now": 1},
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
            found = checks.run_checks(connection, run_id="run-1", as_of=AS_OF, **options)
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
        insert into core.posting_domains
        select 'hn:404', i::varchar from range(100) as t (i)
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
