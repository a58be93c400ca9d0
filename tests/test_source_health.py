"""What people see of the sources after a run: status, sources, the ops tables, the exit codes."""

import json
import signal
import time
from datetime import date, timedelta
from threading import Event

import pytest
from local_server import Reply
from small_data import Place
from worlds import World

from pipeline.edge.lake import Lake, Manifest
from pipeline.edge.report import silent_sources, source_lines, source_rows
from pipeline.edge.settings import read_settings

pytestmark = [pytest.mark.flow]
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two whole runs: in the second one source fails and another lost its places."""
    with World(("greenhouse", "lever", "remotive")) as world:
        place = Place(tmp_path_factory.mktemp("health"))
        place.config(world.config())
        first = place.run("run")
        world.servers["lever"].down("/*", 500)
        world.servers["lever"]._replies.pop(world.path("lever"))
        world.list("greenhouse", range(1, 15))
        second = place.run("run")
        status, sources = place.run("status"), place.run("sources", "--json")
        yield place, first, second, status, sources


def test_a_run_with_a_failed_source_publishes_the_rest_and_ends_with_3(story):
    place, first, second, _, _ = story
    assert first.code == 0, first.err
    assert second.code == 3
    [line] = second.errors
    assert line.startswith("jobmarket: lever: ")
    assert "answered 500" in line
    assert place.ask("select count(*) from core.postings") == [(38,)]


def test_the_health_table_says_who_answered_and_why_not(story):
    place = story[0]
    rows = {
        row[0]: row[1:]
        for row in place.ask(
            "select source, status, silent_days, n_kept, n_listed, message from ops.source_health"
        )
    }
    assert rows["greenhouse"][:4] == ("complete", 0, 14, 14)
    assert rows["remotive"][:4] == ("unchanged", 0, 12, 12)
    assert rows["lever"][:3] == ("failed", 0, 12)
    assert "answered 500" in rows["lever"][4]


def test_the_fields_table_says_how_many_postings_have_each_field(story):
    place = story[0]
    rows = dict(
        place.ask(
            "select field, fill_pct from ops.source_fields where source = 'remotive' "
            "and run_id = (select min(run_id) from ops.runs)"
        )
    )
    assert rows["title"] == rows["description"] == 100
    assert rows["salary"] == 0


def test_every_run_of_a_source_is_counted(story):
    place = story[0]
    rows = place.ask(
        "select status, n_listed, n_new, n_closed, n_asked, n_same from ops.source_runs "
        "where source = 'greenhouse' order by run_id"
    )
    assert rows == [("complete", 12, 12, 0, 1, 0), ("complete", 14, 2, 0, 1, 0)]


def test_status_names_the_silent_source_and_ends_with_3(story):
    status = story[3]
    assert status.code == 3
    assert "lever is silent: no whole answer for less than a day" in status.out
    assert "answered 500" in status.out


def test_sources_shows_success_age_counts_fill_and_the_reason(story):
    rows = {one["source"]: one for one in json.loads(story[4].out)}
    lever, remotive = rows["lever"], rows["remotive"]
    assert (lever["verdict"], lever["age_days"], lever["n_postings"]) == ("failed", 0, 12)
    assert "answered 500" in lever["message"]
    assert remotive["fill_rates"]["title"] == 1.0
    assert rows["usajobs"]["enabled"] is False
    assert all(one["terms"] and one["docs"] for one in rows.values() if "terms" in one)
    text = source_lines(
        source_rows(read_settings(story[0].data, story[0].folder / "jobmarket.toml"))
    )
    assert "filled: title 100%" in text


def noted(folder, **health):
    """Return settings and a lake in which remotive left this note."""
    (folder / "jobmarket.toml").write_text("[sources.remotive]\nenabled = true\n")
    settings = read_settings(folder / "data", folder / "jobmarket.toml")
    note = {"first_asked_on": "2026-10-01", "verdict": "complete", "message": ""} | health
    Lake(settings.data / "lake").commit(Manifest("remotive.live", state={"health": note}))
    return settings


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "remotive is silent: no whole answer for 1 day: answered 503"),
        (3, "WARNING, day 3: remotive is silent"),
        (12, "ALARM: REMOTIVE IS SILENT: no whole answer for 12 days"),
    ],
)
def test_a_silent_source_is_louder_every_day(tmp_path, days, words):
    last = (DAY - timedelta(days=days)).isoformat()
    settings = noted(tmp_path, verdict="failed", message="answered 503", last_success_on=last)
    [one] = silent_sources(settings, DAY)
    assert one["words"].startswith(words)
    assert one["days"] == days


def test_a_source_that_nobody_asked_for_days_is_silent_too(tmp_path):
    settings = noted(tmp_path, last_success_on="2026-11-16", last_new_on="2026-11-16")
    assert [one["days"] for one in silent_sources(settings, DAY)] == [4]


def test_a_source_that_answers_and_brings_nothing_for_weeks_is_silent_too(tmp_path):
    settings = noted(tmp_path, last_success_on="2026-11-20", last_new_on="2026-10-20")
    [one] = silent_sources(settings, DAY)
    assert "answers, but brought nothing for 31 days" in one["words"]


def test_a_source_that_answers_or_was_never_set_up_is_not_silent(tmp_path):
    settings = noted(tmp_path, last_success_on="2026-11-20", last_new_on="2026-11-10")
    assert silent_sources(settings, DAY) == []
    settings = noted(tmp_path, verdict="not_configured")
    assert silent_sources(settings, DAY) == []


def test_ctrl_c_while_sources_hang_ends_the_run_at_once(tmp_path):
    let_go = Event()
    with World(("greenhouse", "lever", "remotive")) as world:
        for name in ("lever", "remotive"):
            world.servers[name]._replies.clear()
            world.servers[name].call("/*", lambda asked: let_go.wait(60) and Reply(status=404))
        place = Place(tmp_path)
        place.config(world.config())
        process = place.start("ingest")
        until = time.monotonic() + 30
        while not world.servers["remotive"].asked and time.monotonic() < until:
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        let_go.set()
    assert process.returncode == 1
    assert "interrupted" in err.decode()
    assert time.monotonic() - began < 10
    place.expect_no_process()


def test_an_unknown_key_of_a_source_is_named(tmp_path):
    place = Place(tmp_path)
    place.config('[sources.lever]\nsites = ["a"]\nboards = ["b"]\n')
    done = place.call("sources")
    assert done.code == 2
    assert "[sources.lever] has an unknown key 'boards'; expected one of enabled, sites" in done.err


def test_init_writes_every_source_with_its_terms_and_boards_to_start_with(tmp_path):
    place = Place(tmp_path)
    assert place.call("init", "--config", "new.toml").code == 0
    settings = read_settings(tmp_path / "data", tmp_path / "new.toml")
    assert settings.source_names() == ["reference", "hn_hiring"]
    assert len(settings.live["greenhouse"].options["boards"]) > 50
    text = (tmp_path / "new.toml").read_text()
    assert all(one.options["terms"] in text for one in settings.live.values())
