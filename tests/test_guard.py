"""Runs that hang or are killed at night: ended in time, told the same night, nothing published."""

import os
import signal
import stat
import subprocess
import sys
import time
from threading import Event

import pytest
from local_server import LocalServer, as_json
from receiver import Receiver
from small_data import Place, ads, clean_environment, files_entry, hn_entry, write_csv

pytestmark = [pytest.mark.flow]


class Stalled:
    """A published folder whose live source takes a question and gives no answer until told to."""

    def __init__(self, folder, site, receiver):
        self.place = place = Place(folder)
        self.asked, self.go_on = Event(), Event()
        self.receiver = receiver
        write_csv(folder / "a.csv", ads(40))
        self.blocks = files_entry("board", "a.csv"), hn_entry(site.url)
        self.config("")
        assert place.call("ingest", "board").code == 0
        assert place.call("build").code == 0
        self.before = place.hashes()
        site.call("/api/v1/search_by_date", self.stall)

    def config(self, top):
        files, source = self.blocks
        where = f'[notify]\nurls = ["{self.receiver.url}"]\n'
        self.place.config(where, files, top=top, hn=source)

    def stall(self, _):
        self.asked.set()
        self.go_on.wait(120)
        return as_json({"hits": [], "nbHits": 0, "nbPages": 0})

    def expect_untouched(self):
        assert self.place.hashes() == self.before
        assert stat.S_IMODE(self.place.warehouse.stat().st_mode) == 0o444
        assert not (self.place.data / "jobmarket.duckdb.next").exists()
        self.place.expect_no_process(10)


@pytest.fixture(scope="module")
def stalled(tmp_path_factory):
    with LocalServer() as site, Receiver() as receiver:
        made = Stalled(tmp_path_factory.mktemp("stalled"), site, receiver)
        yield made
        made.go_on.set()


def test_a_run_that_hangs_is_ended_by_its_time_budget_and_says_so(stalled):
    stalled.config("time_budget_hours = 0.001")
    done = stalled.place.run("run")
    assert done.code == 1
    assert "after its time budget of 0.001 hours and was ended" in done.errors[-1]
    assert "Traceback" not in done.err
    stalled.expect_untouched()
    log = stalled.place.last_log()
    assert (log["status"], log["under_way"]) == ("failed", "ingest")
    (message,) = stalled.receiver.messages
    assert message["title"] == "jobmarket: the run failed, nothing was published"
    assert "failed in the stage ingest: the run was still under way" in message["message"]
    assert "raise time_budget_hours" in message["message"]


def test_a_run_that_is_killed_is_told_the_same_night_by_its_guard(stalled):
    stalled.config("")
    stalled.receiver.messages.clear()
    (stalled.place.data / "notified.json").unlink()
    stalled.asked.clear()
    with stalled.place.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        assert stalled.asked.wait(120)
        (guard,) = [one for one, line in stalled.place.processes().items() if ".guard" in line]
        run.kill()
    os.kill(guard, signal.SIGTERM)  # as systemd does to what is left of a unit
    stalled.receiver.wait()
    stalled.expect_untouched()
    (message,) = stalled.receiver.messages
    assert "failed in the stage ingest: its process ended without a word" in message["message"]
    assert stalled.place.last_log()["status"] == "failed"


_HANGS = """
import signal, sys, time
from pipeline.edge import guard, runs
from pipeline.edge.settings import read_settings
settings = read_settings("data", "jobmarket.toml")
with runs.running(settings) as run_id, guard.guarded(settings, run_id, grace=0.5):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])  # as in compiled code
    print("hangs", flush=True)
    time.sleep(60)
"""


def test_a_run_that_does_not_hear_that_its_time_is_spent_is_killed_and_told(tmp_path):
    place = Place(tmp_path)
    with Receiver() as receiver:
        place.config(f'[notify]\nurls = ["{receiver.url}"]\n', top="time_budget_hours = 0.0002")
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", _HANGS],
            cwd=tmp_path, env=clean_environment() | place.env, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip
        receiver.wait()
    assert (done.stdout, done.returncode) == (b"hangs\n", -signal.SIGKILL), done.stderr
    assert time.monotonic() - began < 45
    assert (
        "after its time budget of 0.0002 hours and had to be killed"
        in (receiver.messages[0]["message"])
    )
    place.expect_no_process()


_ENDS = """
import os
from pipeline.edge import guard, runs
from pipeline.edge.settings import read_settings
settings = read_settings("data", "jobmarket.toml")
with guard.night(settings) as run_id:
    os.kill(os.getpid(), 0)
print(runs.outcome(settings, run_id)["status"])
"""


@pytest.mark.parametrize("hours", ["0", "12"])
def test_a_run_that_ends_in_time_leaves_no_guard_and_says_nothing(tmp_path, hours):
    place = Place(tmp_path)
    with Receiver() as receiver:
        place.config(f'[notify]\nurls = ["{receiver.url}"]\n', top=f"time_budget_hours = {hours}")
        done = subprocess.run(
            [sys.executable, "-c", _ENDS],
            cwd=tmp_path, env=clean_environment() | place.env, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == (b"published\n", b"")
        assert place.processes() == {}
        assert receiver.messages == []
    assert os.listdir(tmp_path / "data" / "runs")
