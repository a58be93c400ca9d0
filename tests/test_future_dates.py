"""A posting dated after the run keeps its place without that day, and nothing else stops for it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import duckdb
import pytest
from local_server import as_json
from small_data import Place, ads, files_entry, write_csv
from test_live_sources import Nights
from warehouse_rows import AS_OF, FRAMEWORKS, lake, posting
from worlds import World

from pipeline.edge import warehouse

AHEAD = date(2099, 1, 1)
LATER = 4_070_908_800_000  # the same day, as milliseconds
DATES = "select posting_id, posted_on, date_kind, dated_ahead_on from core.postings order by all"


@pytest.fixture
def built(tmp_path):
    """Return a function that builds core and mart of postings as a run of AS_OF would."""

    def build(*postings):
        connection = duckdb.connect()
        warehouse.build_tables(connection, lake(tmp_path, postings), FRAMEWORKS, AS_OF)
        return connection

    return build


def dated(posting_id, day, **more):
    """Return a posting of a file: it was first and last seen on the day it is dated."""
    days = {"posted_on": day, "first_seen_on": day, "last_seen_on": day}
    return posting(posting_id, **days | more)


def test_a_future_day_is_not_believed_and_noted(built):
    known = built(dated("hn:1", AHEAD), dated("hn:2", AS_OF))
    assert known.execute(DATES).fetchall() == [
        ("hn:1", None, "none", AHEAD),
        ("hn:2", AS_OF, "real", None),
    ]
    seen = "select first_seen_on, last_seen_on from core.postings order by posting_id"
    assert known.execute(seen).fetchall() == [(None, None), (AS_OF, AS_OF)]


def test_tomorrow_is_believed_since_it_has_come_in_auckland(built):
    tomorrow, after = (AS_OF + timedelta(days=days) for days in (1, 2))
    found = built(dated("hn:1", tomorrow), dated("hn:2", after)).execute(DATES).fetchall()
    assert found == [("hn:1", tomorrow, "real", None), ("hn:2", None, "none", after)]


def test_a_digest_dated_ahead_is_kept_without_its_day_too(built):
    digest = json.dumps({"observes": "full_text", "extractor_version": "6"})
    one = dated("hn:1", AHEAD, observes="digest", digest=digest)
    assert built(one).execute(DATES).fetchall() == [("hn:1", None, "none", AHEAD)]


def test_what_we_saw_ourselves_of_a_posting_dated_ahead_stays(built):
    one = posting("lever:1", posted_on=AHEAD, first_seen_on=AS_OF, last_seen_on=AS_OF)
    seen = "select posted_on, first_seen_on, last_seen_on from core.postings"
    assert built(one).execute(seen).fetchall() == [(None, AS_OF, AS_OF)]


@pytest.mark.parametrize(
    ("ahead", "is_believed"),
    [
        ({"hn": 60, "lever": 60}, True),
        ({"hn": 120}, False),  # one source whose clock is wrong
        ({"hn": 40, "lever": 40}, False),  # a few, in a small lake
    ],
)
def test_many_days_ahead_in_several_sources_are_left_for_the_check(built, ahead, is_believed):
    rows = [dated(f"{name}:{one}", AHEAD) for name, count in ahead.items() for one in range(count)]
    rows += [dated(f"hn:{one}", AS_OF) for one in range(1_000, 1_200)]
    count = "select count(*) from core.postings where posted_on = ?"
    found = built(*rows).execute(count, [AHEAD]).fetchone()[0]
    assert found == (120 if is_believed else 0)


def test_a_file_with_one_record_dated_ahead_is_published_with_it(tmp_path):
    place = Place(tmp_path)
    place.config(files_entry("board", "a.csv"))
    rows = ads(20)
    rows[3]["posted_on"] = AHEAD.isoformat()
    write_csv(tmp_path / "a.csv", rows)
    for command in ("ingest", "build"):
        done = place.call(command)
        assert done.code == 0, done.err
    told = place.ask("select posting_id from core.postings where dated_ahead_on is not null")
    assert told == [("board:p3",)]
    assert place.ask("select count(*), count(posted_on) from core.postings") == [(20, 19)]


def test_a_live_source_with_a_wrong_clock_loses_no_job(tmp_path):
    with World(("lever",)) as world:
        run = Nights(tmp_path, world)
        rows = [
            {"id": f"id-{n}", "text": f"Engineer {n}", "description": "Tides.", "createdAt": LATER}
            for n in range(12)
        ]
        world.servers["lever"].on(world.path("lever"), as_json(rows))
        run.night()
        assert run.done.code == 0, run.done.err
        done = run.place.call("build")
        assert done.code == 0, done.err
        assert run.place.ask(
            "select count(*), count(posted_on), count(dated_ahead_on), count(first_seen_on) "
            "from core.postings"
        ) == [(12, 0, 12, 12)]
