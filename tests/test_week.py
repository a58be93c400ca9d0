"""A week of nights: what each posting, source and claim went through, beside a table by hand.

On the third night a source is down, on the fourth another's listing is cut, the fifth run is
killed, and on the sixth a file brings so much that verdicts change. The others are quiet.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from local_server import Reply
from small_data import Place, ads, clean_environment, files_entry, write_csv
from week import night
from worlds import World

from pipeline.edge.monitoring import status
from pipeline.edge.settings import read_settings

pytestmark = [pytest.mark.flow]
KILLED = 5
TWELVE = list(range(1, 13))


class Night(NamedTuple):
    """What is listed on a night, and what must be said of it afterwards.

    verdicts: of greenhouse, arbeitnow, lever and the file, in the log of the run
    heard:    what a person must be told, as state and words; "" of a quiet night
    """

    greenhouse: list[int]
    arbeitnow: list[int]
    n_file: int
    verdicts: str
    state: str
    heard: str


# By hand. Arbeitnow lists ten a page; on the fourth night the second page cannot be had, so that
# neither 11 to 15, which are on it, nor 3, which is on neither, is missed. On the fifth it is whole
# and each of its pages is as it was when it was last read: unchanged.
_SOME = [16, 1, 2, *range(4, 16)]
WEEK = {
    1: Night(TWELVE, list(range(1, 16)), 20,
             "complete complete complete complete", "well", ""),
    2: Night([*TWELVE[:11], 13], list(range(1, 16)), 20,
             "complete unchanged unchanged unchanged", "well", ""),
    3: Night([], list(range(1, 16)), 20,
             "failed unchanged unchanged unchanged", "source_failed", "greenhouse"),
    4: Night([*TWELVE[:10], 13], _SOME, 20,
             "complete truncated unchanged unchanged", "source_failed", "arbeitnow"),
    5: Night([*TWELVE[:10], 13, 14], _SOME, 20,
             "complete unchanged unchanged unchanged", "not_published", "running"),
    6: Night([*TWELVE[:10], 12, 13, 14], _SOME, 420,
             "complete unchanged unchanged complete", "well", "verdicts"),
    7: Night([*TWELVE[:10], 12, 13, 14], [16, *range(1, 16)], 420,
             "unchanged complete unchanged unchanged", "well", ""),
}  # fmt: skip

# By hand: the day (of November) each posting was first and last listed, found closed, closed before
# it was listed again, and listed again. Whatever is not named here was there on all nights.
ALL_WEEK = (1, 7, None, None, None)
POSTINGS = {
    "greenhouse:11": (1, 2, 4, None, None),  # not listed on 4 and 5, the second was the killed one
    "greenhouse:12": (1, 7, None, 2, 6),  # missing on 2, down on 3, missing on 4: closed; back on 6
    "greenhouse:13": (2, 7, None, None, None),
    "greenhouse:14": (5, 7, None, None, None),  # seen by the run that was killed
    "arbeitnow:s-3": (1, 7, None, 5, 7),  # the cut night 4 says nothing; missing on 5 and 6
    "arbeitnow:s-16": (4, 7, None, None, None),
}
SEEN_DAILY = {
    *(f"greenhouse:{n}" for n in TWELVE[:10]),
    *(f"arbeitnow:s-{n}" for n in range(1, 16) if n != 3),
    *(f"lever:id-{n}" for n in TWELVE),
}

# By hand: of the file's 20 ads no claim can be judged; all 420 show these.
VERDICTS = {"keras-still-relevant": "supported", "cloud-pairing": "contradicted"}
PUBLISHED = [day for day in WEEK if day != KILLED]


def day(number: int | None) -> date | None:
    return date(2026, 11, number) if number else None


class Story:
    """The week, and what was said after each night."""

    def __init__(self, folder: Path, world: World):
        self.place = place = Place(folder)
        self.world = world
        names = ("greenhouse", "arbeitnow", "lever")
        place.config(world.config(names), files_entry("board", str(folder / "a.csv")))
        self.settings = read_settings(place.data, folder / "jobmarket.toml")
        self.said = {}
        self.logs = {}
        for number, one in WEEK.items():
            self._set_up(number, one)
            if number == KILLED:
                self._kill(number)
            else:
                night(self.settings, date(2026, 11, number))
            self.logs[number] = place.last_log()
            now = datetime(2026, 11, number, 9, tzinfo=UTC)
            self.said[number] = status(self.settings, now)

    def _set_up(self, number: int, one: Night) -> None:
        self.world.list("greenhouse", one.greenhouse)
        self.world.list("arbeitnow", one.arbeitnow)
        for name in ("greenhouse", "arbeitnow"):
            self.world.restore(name)
        if number == 3:
            self.world.servers["greenhouse"].down(self.world.path("greenhouse"))
        if number == 4:
            self.world.servers["arbeitnow"].call(self.world.path("arbeitnow"), self._cut)
        write_csv(self.place.folder / "a.csv", ads(one.n_file))

    def _cut(self, asked):
        if parse_qs(urlsplit(asked.path).query)["page"] != ["1"]:
            return Reply(status=500)
        return self.world.answer("arbeitnow", self.world._paged("arbeitnow", asked))

    def _kill(self, number: int) -> None:
        """Run a night as a process of its own, and kill it when the sources are in the lake."""
        script = Path(__file__).with_name("week.py")
        arguments = [self.settings.data, self.settings.config, f"2026-11-{number:02}"]
        process = subprocess.Popen(
            [sys.executable, str(script), *map(str, arguments)],
            cwd=self.place.folder,
            env=clean_environment() | self.place.env,
            stderr=subprocess.DEVNULL,
        )
        built = self.settings.data / "jobmarket.duckdb.next"
        while not built.exists() and process.poll() is None:
            time.sleep(0.005)
        assert process.poll() is None, "the night ended before it was killed"
        process.kill()
        process.wait()
        self.place.expect_no_process()


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    with World(("greenhouse", "arbeitnow", "lever")) as world:
        yield Story(tmp_path_factory.mktemp("week"), world)


def test_every_posting_was_first_and_last_seen_closed_and_reopened_as_it_was_listed(week):
    rows = week.place.ask(
        "select posting_id, first_seen_on, last_seen_on, closed_on, closed_before_on, reopened_on "
        "from core.postings where source <> 'board'"
    )
    expected = dict.fromkeys(SEEN_DAILY, ALL_WEEK) | POSTINGS
    assert {row[0]: row[1:] for row in rows} == {
        name: tuple(map(day, days)) for name, days in expected.items()
    }


def test_a_posting_was_reopened_as_often_as_it_came_back(week):
    rows = week.place.ask("select posting_id, n_reopened from core.postings where n_reopened > 0")
    assert sorted(rows) == [("arbeitnow:s-3", 1), ("greenhouse:12", 1)]


@pytest.mark.parametrize("number", WEEK)
def test_every_source_ended_every_night_as_it_should(week, number):
    log = {one["source"]: one["verdict"] for one in week.logs[number]["sources"]}
    names = ("greenhouse", "arbeitnow", "lever", "board")
    assert " ".join(log[name] for name in names) == WEEK[number].verdicts


def test_the_published_history_of_sources_is_that_of_the_nights_that_published(week):
    rows = week.place.ask(
        "select day(started_at), source, source_runs.status from ops.source_runs "
        "join ops.runs using (run_id)"
    )
    names = ("greenhouse", "arbeitnow", "lever", "board")
    assert sorted(rows) == sorted(
        (number, name, word)
        for number in PUBLISHED
        for name, word in zip(names, WEEK[number].verdicts.split(), strict=True)
    )


def test_closures_and_reopenings_are_counted_on_the_night_they_were_found(week):
    found = {
        (number, one["source"]): (one["n_closed"], one["n_reopened"])
        for number, log in week.logs.items()
        for one in log["sources"]
        if one["n_closed"] or one["n_reopened"]
    }
    assert found == {
        (4, "greenhouse"): (1, 0),
        (5, "greenhouse"): (1, 0),
        (6, "greenhouse"): (0, 1),
        (6, "arbeitnow"): (1, 0),
        (7, "arbeitnow"): (0, 1),
    }


@pytest.mark.parametrize("claim", VERDICTS)
def test_the_history_of_a_claim_has_every_published_night_and_its_one_change(week, claim):
    rows = week.place.ask(
        "select day(started_at), verdict from claim.verdicts join ops.runs using (run_id) "
        f"where claim_id = '{claim}' and part = 'all' and time_window = 'last_24_months' "
        "and reading = 'primary' order by 1"
    )
    assert rows == [
        (number, "insufficient_data" if number < 6 else VERDICTS[claim]) for number in PUBLISHED
    ]


@pytest.mark.parametrize("number", WEEK)
def test_what_a_monitor_sees_on_the_morning_after(week, number):
    said, expected = week.said[number], WEEK[number]
    assert said["state"] == expected.state
    assert said["published"]["age_hours"] == (6 if number != KILLED else 30)
    assert {one["source"] for one in said["silent"]} == (
        {expected.heard} if expected.state == "source_failed" else set()
    )


# Whoever is told of a night is told here: one message for each night whose `heard` is not empty,
# none for the others, compared with the column `heard` of WEEK.
def test_a_night_that_matters_can_be_told_from_a_quiet_one(week):
    for number, one in WEEK.items():
        verdicts = week.logs[number]["sources"]
        failed = [run["source"] for run in verdicts if run["verdict"] in {"failed", "truncated"}]
        assert failed == [one.heard] * (one.state == "source_failed")
    assert week.logs[KILLED]["status"] == WEEK[KILLED].heard


def test_the_week_leaves_nothing_half_written(week):
    disk = week.said[7]["disk"]
    assert disk["half_written"] == disk["other"] == 0
    assert json.loads((week.place.data / "published.json").read_text())["run_id"].startswith(
        "20261107"
    )
