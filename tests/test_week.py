"""A week of nights: what each posting, source, claim and reader went through, by a table by hand.

On the second night a file has lost half its ads and the checks stop the run, on the third and
fourth a source is down, on the fourth another's listing is cut as well, and the fifth run is
killed. From the second night on employers ask for another language than before.
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
from receiver import Receiver
from small_data import Place, ads, clean_environment, files_entry, write_csv
from test_own_claims import FILES
from week import night, rust_and_go
from worlds import World

from pipeline.edge.monitoring import status
from pipeline.edge.settings import read_settings
from pipeline.errors import ChecksFailed

pytestmark = [pytest.mark.flow]
BLOCKED, KILLED = 2, 5
DOWN, CUT = (3, 4), 4
TWELVE = list(range(1, 13))
SOURCES = ("greenhouse", "arbeitnow", "lever", "board", "dump")
CLAIM = "rust-leads-go"


class Night(NamedTuple):
    """What is listed on a night, and what must be said of it afterwards.

    verdicts: of SOURCES, in the log of the run
    silent:   whom `jobmarket status` calls silent, however short
    told:     the title of the message, and words of its body in their order; none, and all is quiet
    """

    greenhouse: list[int]
    arbeitnow: list[int]
    n_rust: int
    n_dump: int
    verdicts: str
    state: str
    silent: set[str]
    told: tuple[str, ...] = ()


# By hand. Arbeitnow lists ten a page; on the fourth night the second page cannot be had, so that
# neither 11 to 15, which are on it, nor 3, which is on neither, is missed. On the fifth it is whole
# and each of its pages is as it was when it was last read: unchanged. A source is told of when it
# has been silent for two days (`silent_days`): one day of it, or one cut listing, is not.
_SOME = [16, 1, 2, *range(4, 16)]
WEEK = {
    1: Night(TWELVE, list(range(1, 16)), 1, 20,
             "complete complete complete complete complete", "well", set()),
    2: Night([*TWELVE[:11], 13], list(range(1, 16)), 4, 10,
             "complete unchanged unchanged complete complete", "not_published", set(), (
             "jobmarket: nothing was published, a check stopped it",
             "The checks stopped the run of 2026-11-02: sources_did_not_fall",
             "Published stays what was: the run 20261101T030000",
             "What to do: ", "`jobmarket run --accept-drop SOURCE`")),
    3: Night([], list(range(1, 16)), 4, 20,
             "failed unchanged unchanged complete complete", "source_failed", {"greenhouse"}),
    4: Night([], _SOME, 4, 20,
             "failed truncated unchanged complete unchanged", "source_failed",
             {"greenhouse", "arbeitnow"}, (
             "jobmarket: greenhouse is silent",
             "greenhouse is silent: no whole answer for 2 days: ",
             "What to do: `jobmarket sources`")),
    5: Night([*TWELVE[:10], 13, 14], _SOME, 4, 20,
             "complete unchanged unchanged complete unchanged", "not_published", set(), (
             "jobmarket: the run failed, nothing was published",
             "The run of 2026-11-05 failed in the stage build: its process ended without a word",
             "Published stays what was: the run 20261104T030000",
             "What to do: `jobmarket status`")),
    6: Night([*TWELVE[:10], 12, 13, 14], _SOME, 4, 20,
             "complete unchanged unchanged complete unchanged", "well", set(), (
             "jobmarket: 1 verdict changed",
             f"{CLAIM} (Employers ask for Rust more often than for Go.): "
             "was contradicted, is supported now",
             "What to do: `jobmarket claims ID`")),
    7: Night([*TWELVE[:10], 12, 13, 14], [16, *range(1, 16)], 4, 20,
             "unchanged complete unchanged complete unchanged", "well", set()),
}  # fmt: skip
PUBLISHED = [day for day in WEEK if day not in (BLOCKED, KILLED)]

# By hand: the day (of November) each posting was first and last listed, found closed, closed before
# it was listed again, and listed again. Whatever is not named here was there on all nights.
ALL_WEEK = (1, 7, None, None, None)
POSTINGS = {
    "greenhouse:11": (1, 2, 5, None, None),  # first missing on 5: the source was down on 3 and 4
    "greenhouse:12": (1, 7, None, 2, 6),  # missing on 2 and 5, the killed night: closed; back on 6
    "greenhouse:13": (2, 7, None, None, None),  # seen by the run that a check stopped
    "greenhouse:14": (5, 7, None, None, None),  # seen by the run that was killed
    "arbeitnow:s-3": (1, 7, None, 5, 7),  # the cut night 4 says nothing; missing on 5 and 6
    "arbeitnow:s-16": (4, 7, None, None, None),
}
SEEN_DAILY = {
    *(f"greenhouse:{n}" for n in TWELVE[:10]),
    *(f"arbeitnow:s-{n}" for n in range(1, 16) if n != 3),
    *(f"lever:id-{n}" for n in TWELVE),
}


def day(number: int | None) -> date | None:
    return date(2026, 11, number) if number else None


class Story:
    """The week, and what was said after each night."""

    def __init__(self, folder: Path, world: World, receiver: Receiver):
        self.place = place = Place(folder)
        self.world = world
        for name, body in FILES.items():
            if name.startswith("my_jobmarket/"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(body, encoding="utf-8")
        place.config(
            world.config(("greenhouse", "arbeitnow", "lever")),
            files_entry("board", str(folder / "board.csv"), 'dates = "real"'),
            files_entry("dump", str(folder / "dump.csv")),
            f'[notify]\nurls = ["{receiver.url}"]\nsilent_days = 2\n',
            top='own = "my_jobmarket"',
        )
        self.settings = read_settings(place.data, folder / "jobmarket.toml")
        self.said = {}
        self.logs = {}
        self.told = {}
        for number, one in WEEK.items():
            self._set_up(number, one)
            if number == KILLED:
                self._kill(number)
            elif number == BLOCKED:
                with pytest.raises(ChecksFailed):
                    night(self.settings, date(2026, 11, number))
            else:
                night(self.settings, date(2026, 11, number))
            self.logs[number] = place.last_log()
            now = datetime(2026, 11, number, 9, tzinfo=UTC)
            self.said[number] = status(self.settings, now)
            self.told[number] = [(got["title"], got["message"]) for got in receiver.messages]
            receiver.messages.clear()

    def _set_up(self, number: int, one: Night) -> None:
        self.world.list("greenhouse", one.greenhouse)
        self.world.list("arbeitnow", one.arbeitnow)
        for name in ("greenhouse", "arbeitnow"):
            self.world.restore(name)
        if number in DOWN:
            self.world.servers["greenhouse"].down(self.world.path("greenhouse"))
        if number == CUT:
            self.world.servers["arbeitnow"].call(self.world.path("arbeitnow"), self._cut)
        write_csv(self.place.folder / "dump.csv", ads(one.n_dump))
        # an ad more every night: a run counts towards a changed verdict only with new data
        write_csv(self.place.folder / "board.csv", rust_and_go(60 + number, n_rust=one.n_rust))

    def _cut(self, asked):
        if parse_qs(urlsplit(asked.path).query)["page"] != ["1"]:
            return Reply(status=500)
        return self.world.answer("arbeitnow", self.world._paged("arbeitnow", asked))

    def _kill(self, number: int) -> None:
        """Run a night as a process of its own, and kill it when the sources are in the lake.

        Its guard is all that is left of it, and ends when it has spoken.
        """
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
        self.place.expect_no_process(30)


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    with World(("greenhouse", "arbeitnow", "lever")) as world, Receiver() as receiver:
        yield Story(tmp_path_factory.mktemp("week"), world, receiver)


def test_every_posting_was_first_and_last_seen_closed_and_reopened_as_it_was_listed(week):
    rows = week.place.ask(
        "select posting_id, first_seen_on, last_seen_on, closed_on, closed_before_on, reopened_on "
        "from core.postings where source not in ('board', 'dump')"
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
    assert " ".join(log[name] for name in SOURCES) == WEEK[number].verdicts


def test_the_published_history_of_sources_is_that_of_the_nights_that_published(week):
    rows = week.place.ask(
        "select day(started_at), source, source_runs.status from ops.source_runs "
        "join ops.runs using (run_id)"
    )
    assert sorted(rows) == sorted(
        (number, name, word)
        for number in PUBLISHED
        for name, word in zip(SOURCES, WEEK[number].verdicts.split(), strict=True)
    )


def test_closures_and_reopenings_are_counted_on_the_night_they_were_found(week):
    found = {
        (number, one["source"]): (one["n_closed"], one["n_reopened"])
        for number, log in week.logs.items()
        for one in log["sources"]
        if one["n_closed"] or one["n_reopened"]
    }
    assert found == {
        (5, "greenhouse"): (1, 0),
        (6, "greenhouse"): (1, 1),
        (6, "arbeitnow"): (1, 0),
        (7, "arbeitnow"): (0, 1),
    }


@pytest.mark.parametrize("number", WEEK)
def test_a_night_that_matters_is_told_in_one_message_and_the_others_are_quiet(week, number):
    expected = WEEK[number].told
    assert [title for title, _ in week.told[number]] == list(expected[:1])
    for _, body in week.told[number]:
        places = [body.find(words) for words in expected[1:]]
        assert -1 not in places, body
        assert places == sorted(places), body
        assert body.count("What to do: ") == 1


def test_the_log_of_a_night_holds_what_was_said_of_it(week):
    for number, log in week.logs.items():
        said = [(log["notice"]["title"], log["notice"]["body"])] if log["notice"] else []
        assert said == week.told[number]
        assert log["not_notified"] == []


def test_only_the_night_that_published_a_verdict_as_changed_says_so(week):
    changed = [number for number, log in week.logs.items() if log["verdict_changes"]]
    assert changed == [6]


def test_the_history_of_a_claim_has_every_night_that_published_and_no_other(week):
    rows = week.place.ask(
        "select day(started_at), verdict from claim.verdicts join ops.runs using (run_id) "
        f"where claim_id = '{CLAIM}' and part = 'all' and time_window = 'last_24_months' "
        "and reading = 'primary' order by 1"
    )
    assert rows == [
        (number, "contradicted" if number == 1 else "supported") for number in PUBLISHED
    ]


def test_a_verdict_stands_changed_since_the_third_night_that_published_it(week):
    """Had the stopped run or the killed one counted, that would have been an earlier night."""
    rows = week.place.ask(
        "select verdict, before, day(started_at), tonight, n_agreeing from claim.standing "
        f"join ops.runs on run_id = since_run_id where claim_id = '{CLAIM}'"
    )
    assert rows == [("supported", "contradicted", 6, "supported", 0)]
    others = "select count(*) from claim.standing where before is not null and claim_id <> ?"
    assert week.place.ask(others.replace("?", f"'{CLAIM}'")) == [(0,)]


def test_the_command_and_the_page_of_a_claim_say_what_stood_before(week):
    done = week.place.call("claims", CLAIM)
    assert "before that contradicted." in " ".join(done.out.split())
    page = (week.place.data / "site" / "claims" / f"{CLAIM}.html").read_text(encoding="utf-8")
    assert "and contradicted before that" in page
    runs = [f"202611{number:02}T030000" in page for number in WEEK]
    assert runs == [number in PUBLISHED for number in WEEK]


@pytest.mark.parametrize("number", WEEK)
def test_what_a_monitor_sees_on_the_morning_after(week, number):
    said, expected = week.said[number], WEEK[number]
    assert said["state"] == expected.state
    assert said["published"]["age_hours"] == (6 if number in PUBLISHED else 30)
    assert {one["source"] for one in said["silent"]} == expected.silent
    assert not said["is_running"]


def test_the_week_leaves_nothing_half_written(week):
    disk = week.said[7]["disk"]
    assert disk["half_written"] == disk["other"] == 0
    assert json.loads((week.place.data / "published.json").read_text())["run_id"].startswith(
        "20261107"
    )
