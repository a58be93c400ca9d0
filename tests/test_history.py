"""What was open when, who spoke in which month, what is reposted, what changed like for like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warehouse_rows import lake, naming, posting, tables

from pipeline.edge.lake_tables import SIGHTING_SCHEMA

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))


def seen(posting_id, first, last, closed=None, board=""):
    """Return what the listings of a live source said of one posting."""
    return {
        "source_id": posting_id,
        "posting_id": posting_id,
        "scope": board,
        "stated": "",
        "posted_on": None,
        "first_seen_on": first,
        "last_seen_on": last,
        "n_missed": 2 if closed else 0,
        "missed_on": closed,
        "closed_on": closed,
    }


@pytest.fixture
def given(tmp_path):
    """Return a function that builds core and mart from postings and sightings."""

    def build(*postings, sightings=(), **more):
        files = lake(tmp_path, postings, **more)
        if sightings:
            path = tmp_path / "sightings.parquet"
            pq.write_table(pa.Table.from_pylist(list(sightings), SIGHTING_SCHEMA), path)
            files = replace(files, sightings=[path])
        return tables(files)

    return build


def live(*sightings):
    """Return the postings of sightings, dated on the day they were first seen."""
    return [
        posting(
            one["posting_id"],
            posted_on=one["first_seen_on"],
            first_seen_on=one["first_seen_on"],
            last_seen_on=one["last_seen_on"],
        )
        for one in sightings
    ]


OPEN = """
    select month, as_of_on, n_open, n_known, n_opened, n_closed, n_left
    from mart.open_by_month where is_listed order by month
"""


def test_what_is_open_at_the_end_of_a_month_was_seen_before_it_and_closed_after_it(given):
    sightings = [
        seen("lever:1", date(2026, 3, 20), date(2026, 5, 12)),
        seen("lever:2", date(2026, 3, 20), date(2026, 4, 30), closed=date(2026, 5, 1)),
        seen("lever:3", date(2026, 4, 2), date(2026, 4, 8), closed=date(2026, 4, 9)),
        seen("lever:4", date(2026, 5, 2), date(2026, 5, 12)),
    ]
    assert given(*live(*sightings), sightings=sightings).execute(OPEN).fetchall() == [
        (MARCH, date(2026, 3, 31), 2, 2, 0, 0, 0),
        (APRIL, date(2026, 4, 30), 2, 0, 1, 1, 0),
        # the newest day on which the source was heard, not the last of the month
        (MAY, date(2026, 5, 12), 2, 0, 1, 1, 0),
    ]


def test_what_is_no_longer_listed_and_not_found_closed_has_left(given):
    sightings = [
        seen("remotive:1", date(2026, 3, 20), date(2026, 3, 25)),
        seen("remotive:2", date(2026, 3, 20), date(2026, 4, 2)),
    ]
    assert given(*live(*sightings), sightings=sightings).execute(OPEN).fetchall() == [
        (MARCH, date(2026, 3, 31), 1, 2, 0, 0, 1),
        (APRIL, date(2026, 4, 2), 1, 0, 0, 0, 0),
    ]


def test_a_board_that_is_added_opens_nothing_on_its_first_day(given):
    sightings = [
        seen("lever:1", date(2026, 3, 20), date(2026, 4, 12), board="a"),
        seen("lever:2", date(2026, 4, 10), date(2026, 4, 12), board="b"),
        seen("lever:3", date(2026, 4, 11), date(2026, 4, 12), board="b"),
    ]
    connection = given(*live(*sightings), sightings=sightings)
    assert connection.execute(OPEN).fetchall()[1] == (APRIL, date(2026, 4, 12), 3, 1, 1, 0, 0)
    boards = "select posting_id, board, is_listed from core.postings order by all"
    assert connection.execute(boards).fetchall() == [
        ("lever:1", "a", True),
        ("lever:2", "b", True),
        ("lever:3", "b", True),
    ]


def test_a_job_is_open_while_any_of_its_copies_is(given):
    sightings = [
        seen("lever:1", date(2026, 3, 20), date(2026, 4, 2), closed=date(2026, 4, 3)),
        seen("lever:2", date(2026, 3, 21), date(2026, 5, 4)),
    ]
    connection = given(
        *live(*sightings),
        sightings=sightings,
        duplicates=[("lever:2", "lever:1", "city_copy")],
    )
    rows = connection.execute("""
        select month, n_open, n_open_raw, n_closed, n_employers, is_small
        from mart.open_by_month order by month
    """).fetchall()
    assert rows == [
        (MARCH, 1, 2, 0, 1, True),
        (APRIL, 1, 1, 0, 1, True),
        (MAY, 1, 1, 0, 1, True),
    ]


def test_a_posting_says_how_often_it_was_reopened_and_when(given):
    again = {
        "n_reopened": 2,
        "reopened_on": date(2026, 4, 20),
        "closed_before_on": date(2026, 4, 8),
    }
    sightings = [
        seen("lever:1", date(2026, 3, 20), date(2026, 5, 12)) | again,
        seen("lever:2", date(2026, 3, 20), date(2026, 5, 12)),
    ]
    connection = given(*live(*sightings), posting("board:3"), sightings=sightings)
    rows = connection.execute(
        "select posting_id, n_reopened, closed_before_on, reopened_on from core.postings order by 1"
    ).fetchall()
    assert rows == [
        ("board:3", None, None, None),
        ("lever:1", 2, date(2026, 4, 8), date(2026, 4, 20)),
        ("lever:2", 0, None, None),
    ]


def test_open_jobs_are_those_of_the_month_before_and_what_came_less_what_went(given):
    days = [date(2026, 3, day) for day in range(1, 29, 3)]
    sightings = [
        seen(
            f"lever:{number}",
            first,
            date(2026, 3 + number % 4, 28),
            closed=date(2026, 4 + number % 4, 2) if number % 3 else None,
            board="ab"[number % 2],
        )
        for number, first in enumerate(days)
    ]
    rows = given(*live(*sightings), sightings=sightings).execute(OPEN).fetchall()
    before = 0
    for _, _, n_open, n_known, n_opened, n_closed, n_left in rows:
        assert n_open == before + n_known + n_opened - n_closed - n_left
        before = n_open
    assert len(rows) > 3 and sum(row[6] for row in rows) and sum(row[5] for row in rows)


def test_files_cannot_say_what_was_open(given):
    connection = given(posting("hn:1"), posting("hn:2", date_kind="proxy"))
    rows = connection.execute("""
        select month, source, is_listed, n_open, n_opened, n_closed, n_left, n_postings
        from mart.open_by_month
    """).fetchall()
    assert rows == [(MAY, "hn", False, None, None, None, None, 1)]


COVERAGE = """
    select month, is_heard, n_postings, n_postings_raw, n_real_dates, n_employers, n_on_show,
        first_month, last_month, n_months_missing
    from mart.month_coverage order by month
"""


def test_a_silent_month_between_two_is_a_row_and_is_counted_as_missing(given):
    connection = given(
        posting("hn:1", posted_on=date(2026, 3, 9)),
        posting("hn:2", posted_on=date(2026, 5, 9), date_kind="proxy"),
        posting("hn:3", posted_on=date(2026, 5, 10)),
        posting("hn:4", posted_on=None, date_kind="none"),
        duplicates=[("hn:3", "hn:1", "repost")],
    )
    assert connection.execute(COVERAGE).fetchall() == [
        (MARCH, True, 1, 1, 1, 1, 0, MARCH, MAY, 1),
        (APRIL, False, 0, 0, 0, 0, 0, MARCH, MAY, 1),
        (MAY, True, 1, 2, 0, 1, 0, MARCH, MAY, 1),
    ]


def test_a_live_source_speaks_from_the_day_it_is_read_not_from_its_oldest_ad(given):
    sightings = [seen("lever:1", date(2026, 4, 20), date(2026, 6, 3))]
    connection = given(
        posting(
            "lever:1",
            posted_on=date(2026, 3, 9),
            first_seen_on=date(2026, 4, 20),
            last_seen_on=date(2026, 6, 3),
        ),
        sightings=sightings,
    )
    assert connection.execute(COVERAGE).fetchall() == [
        (MARCH, False, 1, 1, 1, 1, 0, APRIL, JUNE, 0),
        (APRIL, True, 0, 0, 0, 0, 1, APRIL, JUNE, 0),
        (MAY, True, 0, 0, 0, 0, 1, APRIL, JUNE, 0),
        (JUNE, True, 0, 0, 0, 0, 1, APRIL, JUNE, 0),
    ]


def evergreen(connection):
    """Return which postings are evergreen, and how many copies each has."""
    rows = connection.execute(
        "select posting_id, is_evergreen, n_copies from core.postings order by all"
    ).fetchall()
    return {key: (flag, copies) for key, flag, copies in rows}


@pytest.mark.parametrize(("last", "flag"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_a_job_reposted_for_over_180_days_is_evergreen(given, last, flag):
    connection = given(
        posting("hn:1", posted_on=date(2026, 1, 1)),
        posting("hn:2", posted_on=date(2026, 3, 1)),
        posting("hn:3", posted_on=last),
        posting("hn:4", posted_on=last),
        duplicates=[("hn:2", "hn:1", "repost"), ("hn:3", "hn:2", "repost")],
    )
    assert evergreen(connection) == {
        "hn:1": (flag, 2),
        "hn:2": (None, 0),
        "hn:3": (None, 0),
        "hn:4": (False, 0),
    }


def test_a_day_that_is_only_a_proxy_makes_nothing_evergreen(given):
    connection = given(
        posting("hn:1", posted_on=date(2025, 1, 1), date_kind="proxy"),
        posting("hn:2", posted_on=date(2026, 1, 1)),
        posting("hn:3", posted_on=date(2026, 2, 1)),
        duplicates=[("hn:2", "hn:1", "repost"), ("hn:3", "hn:1", "repost")],
    )
    assert evergreen(connection)["hn:1"] == (False, 2)


def test_what_is_on_show_for_long_is_evergreen_only_if_it_was_reposted(given):
    long = (date(2026, 1, 1), date(2026, 8, 1))
    sightings = [seen(f"lever:{number}", *long) for number in (1, 2)]
    sightings.append(seen("lever:3", date(2026, 2, 1), date(2026, 2, 20)))
    sightings.append(seen("ashby:1", date(2026, 2, 1), date(2026, 8, 1)))
    connection = given(
        *live(*sightings),
        sightings=sightings,
        duplicates=[("lever:3", "lever:1", "repost"), ("ashby:1", "lever:2", "other_source")],
    )
    found = evergreen(connection)
    assert found["lever:1"] == (True, 1)
    # the same job on another source was not published again
    assert found["lever:2"] == (False, 1)


PANEL = """
    select panel, source_family, n_naming_before, n_dl_postings_before, n_naming, n_dl_postings,
        n_sources, n_dl_employers_before, n_dl_employers, is_small, share_before_pct, share_pct,
        change_points
    from mart.matched_panel
    where comparison = 'year' and period = '2026' and framework = 'pytorch' order by all
"""


def ad(posting_id, year, *names, **given):
    given = {"frameworks": naming(*names), "posted_on": date(year, 5, 10), **given}
    return posting(posting_id, **given)


def two_years():
    """Return postings of one source and two employers, one of which is there in both years."""
    return [
        ad("hn:1", 2025, "keras"),
        ad("hn:2", 2025, "pytorch", employer_id="red-roof"),
        ad("hn:3", 2026, "pytorch"),
        ad("hn:4", 2026, "pytorch", "keras"),
        ad("hn:5", 2026, "keras", employer_id="new"),
    ]


def test_the_panel_sets_the_shares_of_two_years_beside_each_other(given):
    both = (1, 2, 2, 3, 1, 2, 2, True, 50.0, 66.67, 16.67)
    same = (0, 1, 2, 2, 1, 1, 1, True, 0.0, 100.0, 100.0)
    assert given(*two_years()).execute(PANEL).fetchall() == [
        ("boards", "all", *both),
        ("boards", "hn", *both),
        ("employers", "all", *same),
        ("employers", "hn", *same),
    ]


def test_adding_a_whole_source_changes_nothing_in_the_panel(given):
    everything = "select * from mart.matched_panel order by all"
    before = given(*two_years()).execute(everything).fetchall()
    more = [ad(f"lever:{number}", 2026, "pytorch", employer_id=f"e{number}") for number in range(9)]
    assert given(*two_years(), *more).execute(everything).fetchall() == before
    assert len(before) > 8
    # nor if it repeats what the others hold, and its copies are the canonical ones
    repeats = [("hn:3", "lever:1", "other_source"), ("hn:5", "lever:2", "other_source")]
    added = given(*two_years(), *more, duplicates=repeats)
    assert added.execute(everything).fetchall() == before


def test_a_source_that_was_there_before_does_count(given):
    more = [ad(f"lever:{year}", year, "keras", employer_id="e1") for year in (2025, 2026)]
    rows = given(*two_years(), *more).execute(PANEL).fetchall()
    assert rows[0][:7] == ("boards", "all", 1, 3, 2, 4, 2)


def test_a_board_that_was_added_to_a_source_changes_nothing(given):
    ads = [
        ad("lever:1", 2025, "keras"),
        ad("lever:2", 2026, "keras"),
        *(ad(f"lever:{number}", 2026, "pytorch") for number in range(3, 9)),
    ]
    sightings = [
        seen(one["posting_id"], one["posted_on"], one["posted_on"], board=board)
        for one, board in zip(ads, ["old", "old", *["new"] * 6], strict=True)
    ]
    rows = given(*ads, sightings=sightings).execute(PANEL).fetchall()
    assert rows[0][:6] == ("boards", "all", 0, 1, 0, 1)


def test_a_job_counts_once_a_year_however_often_it_is_shown(given):
    connection = given(
        ad("hn:1", 2025, "pytorch"),
        ad("hn:2", 2025, "pytorch"),
        ad("hn:3", 2026, "pytorch"),
        ad("hn:4", 2026, "keras"),
        duplicates=[("hn:2", "hn:1", "repost"), ("hn:3", "hn:1", "repost")],
    )
    rows = connection.execute("""
        select n_naming_before, n_naming_before_raw, n_naming, n_naming_raw, n_dl_postings
        from mart.matched_panel
        where comparison = 'year' and panel = 'boards' and source_family = 'all'
            and framework = 'pytorch'
    """).fetchall()
    assert rows == [(1, 2, 1, 1, 2)]


def test_the_last_twelve_months_are_set_beside_the_twelve_before(given):
    connection = given(
        ad("hn:1", 2026, "pytorch", posted_on=date(2026, 6, 9)),
        ad("hn:2", 2025, "keras", posted_on=date(2025, 7, 1)),
        ad("hn:3", 2025, "keras", posted_on=date(2025, 6, 30)),
        ad("hn:4", 2024, "pytorch", posted_on=date(2024, 7, 1)),
        ad("hn:5", 2024, "pytorch", posted_on=date(2024, 6, 30)),
    )
    rows = connection.execute("""
        select period, period_before, share_before_pct, share_pct, change_points
        from mart.matched_panel
        where comparison = 'last_12_months' and panel = 'boards' and source_family = 'all'
            and framework = 'pytorch'
    """).fetchall()
    assert rows == [("2025-07 to 2026-06", "2024-07 to 2025-06", 50.0, 50.0, 0.0)]
