"""What a monitor is told in every state of a data folder, and whether the page lists all of it."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from small_data import Place, ads, files_entry, write_csv
from worlds import World

from pipeline.edge.disk_use import KINDS

pytestmark = [pytest.mark.flow]
PAGE = (Path(__file__).resolve().parents[1] / "docs" / "monitoring.md").read_text(encoding="utf-8")
LISTED = {
    name
    for line in PAGE.partition("| key | holds |")[2].splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`(\w+)`", line.split("|")[1])
}
# what the log of a run holds for its own stages only
OF_THE_LOG = {
    "pid", "n_extracted", "extractor_version", "inputs_hash", "judged_hash", "as_of", "set_aside",
}  # fmt: skip


def status(place):
    done = place.call("status", "--json")
    return done.code, json.loads(done.out)


class States:
    """A folder from its first ingest on: well, a source down, blocked, killed, well again."""

    def __init__(self, folder, world):
        self.place = place = Place(folder)
        self.world = world
        self._config()
        write_csv(folder / "a.csv", ads(120))
        self.of = {"no run": place.call("status", "--json")}
        assert place.call("ingest").code == 0
        self.of["ingested"] = status(place)
        assert place.call("build").code == 0
        self.of["published"] = status(place)
        world.servers["lever"].down(world.path("lever"))
        place.call("ingest")
        self.of["source down"] = status(place)
        world.restore("lever")
        place.call("ingest")
        write_csv(folder / "a.csv", ads(20))
        place.call("ingest")
        assert place.call("build").code == 1
        self.of["blocked"] = status(place)
        write_csv(folder / "a.csv", ads(120))
        place.call("ingest")
        self._kill()
        self.of["killed"] = status(place)
        assert place.call("build").code == 0
        self.of["again"] = status(place)

    def _config(self):
        self.place.config(self.world.config(), files_entry("board", "a.csv"))

    def _kill(self):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with self.place.start("build", **quiet) as run:
            while self.place.last_log().get("pid") != run.pid:
                assert run.poll() is None
            self.of["running"] = status(self.place)
            run.kill()
        self.place.expect_no_process()


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    with World(("lever",)) as world:
        yield States(tmp_path_factory.mktemp("states"), world).of


EXPECTED = {
    "ingested": (1, "not_published", "ingested"),
    "published": (0, "well", "published"),
    "source down": (3, "source_failed", "ingested"),
    "blocked": (1, "not_published", "failed"),
    "running": (0, "well", "running"),  # the run before it speaks
    "killed": (1, "not_published", "running"),
    "again": (0, "well", "published"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_state_has_its_word_and_exit_code(states, name):
    code, values = states[name]
    assert (code, values["state"], values["status"]) == EXPECTED[name]
    assert values["exit_code"] == code
    assert values["is_running"] == (name == "running")


@pytest.mark.parametrize("name", EXPECTED)
def test_every_key_of_the_page_is_there_in_every_state_and_no_other(states, name):
    assert states[name][1].keys() - OF_THE_LOG == LISTED


def test_before_the_first_run_it_ends_with_2_and_one_line(states):
    assert states["no run"].code == 2
    assert states["no run"].out == ""
    assert "no run yet" in states["no run"].err


def test_every_kind_of_disk_is_on_the_page_and_adds_up(states):
    disk = states["again"][1]["disk"]
    assert disk.keys() == {*KINDS, "free"}
    assert all(f"`{kind}`" in PAGE for kind in disk)
    assert disk["half_written"] == disk["other"] == 0
    assert all(disk[kind] > 0 for kind in ("raw", "lake", "warehouse", "site", "runs", "free"))


def test_what_a_killed_run_left_is_its_own_kind(states):
    disk = states["killed"][1]["disk"]
    assert all(size >= 0 for size in disk.values())


def test_the_last_verdict_of_every_source_is_told_whichever_run_asked_it(states):
    assert states["source down"][1]["last_verdicts"]["lever"]["verdict"] == "failed"
    for name in ("published", "again"):  # by runs that asked no source themselves
        verdicts = states[name][1]["last_verdicts"]
        assert verdicts.keys() == {"lever", "board"}
        assert verdicts["board"]["verdict"] in {"complete", "unchanged"}
        assert verdicts["lever"]["verdict"] in {"complete", "unchanged"}


def test_the_checks_of_the_last_run_that_got_so_far_are_told(states):
    assert states["ingested"][1]["checks"] == []
    assert states["blocked"][1]["n_checks_failed"] >= 1
    assert states["again"][1]["n_checks_failed"] == 0
    assert len(states["again"][1]["checks"]) > 20


def test_versions_are_those_of_the_program_and_of_what_it_wrote(states):
    found = states["again"][1]["versions"]
    assert found["lake_format"] == 3
    assert re.fullmatch(r"[0-9a-f]{12}", found["extractor"])
    assert re.match(r"\d+\.\d+", found["duckdb"]) and re.match(r"\d+\.\d+", found["jobmarket"])
    assert {f"`{name}`" for name in found} <= set(re.findall(r"`\w+`", PAGE))


def test_the_age_is_that_of_what_was_asked_for(states):
    assert 0 <= states["again"][1]["published"]["age_hours"] < 1
