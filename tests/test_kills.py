"""Runs killed at every stage: what is published stays whole, and the next run makes it good."""

import random
import stat
import subprocess
import time

import pytest
from small_data import Place, ad, ads, files_entry, write_csv

pytestmark = [pytest.mark.flow]
NEW = 2_500


class Struck:
    """A published folder with new postings waiting; runs over it are killed, one after another."""

    def __init__(self, folder):
        self.place = place = Place(folder / "struck")
        (folder / "struck").mkdir()
        place.config(files_entry("board", "*.csv"))
        write_csv(place.folder / "a.csv", ads(300))
        assert place.run("ingest").code == 0
        assert place.run("build").code == 0
        self.before = place.hashes()
        calm = Place(folder / "calm")
        calm.folder.mkdir()
        calm.config(files_entry("board", "*.csv"))
        for one in (place, calm):
            write_csv(one.folder / "a.csv", ads(300))
            write_csv(one.folder / "b.csv", [*ads(NEW, 10_000), ad(10_000, title="A Copy")])
        assert calm.run("ingest").code == 0
        assert calm.run("build").code == 0
        self.undisturbed = calm.hashes()

    def kill(self, ready):
        """Kill a run as soon as something is so; returns whether it was still running."""
        with self.place.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while run.poll() is None and not ready():
                time.sleep(0.003)
            alive = run.poll() is None
            run.kill()
        return alive


@pytest.fixture(scope="module")
def struck(tmp_path_factory):
    return Struck(tmp_path_factory.mktemp("kills"))


def _lies(folder, pattern):
    return any(True for _ in folder.glob(pattern))


def _stages(struck):
    log = struck.place.last_log()
    return log["stages"] if log.get("status") == "running" else {}


# In the order of a run: what a killed one has done stays done, the next one gets further.
MOMENTS = {
    "ingest": lambda it: _lies(it.place.data / "lake" / "board", "*.tmp"),
    "extract": lambda it: "ingest" in _stages(it) and _unread(it),
    "build": lambda it: (
        (it.place.data / "jobmarket.duckdb.next.wal").exists()
        or (it.place.data / "jobmarket.duckdb.next").exists()
    ),
    "judge": lambda it: "build" in _stages(it),
    "publish": lambda it: (it.place.data / "site.next").exists(),
}


def _unread(it):
    return len(list((it.place.data / "lake" / "board").glob("*.facts.parquet*"))) > 0


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_leaves_the_published_file_whole_and_no_process(struck, moment):
    assert struck.kill(lambda: MOMENTS[moment](struck)), "the run ended before it was killed"
    struck.place.expect_no_process()
    assert struck.place.hashes() == struck.before
    assert stat.S_IMODE(struck.place.warehouse.stat().st_mode) == 0o444


def test_kills_at_any_other_moment_leave_either_the_old_tables_or_the_new(struck):
    chance = random.Random(14)
    for _ in range(2):
        until = time.monotonic() + chance.uniform(4, 8)
        struck.kill(lambda until=until: time.monotonic() > until)
        struck.place.expect_no_process()
        assert struck.place.hashes() in (struck.before, struck.undisturbed)


def test_the_run_after_the_kills_publishes_what_an_undisturbed_one_does(struck):
    done = struck.place.run("run")
    assert done.code == 0, done.err
    assert struck.place.hashes() == struck.undisturbed
    left = {path.name for path in struck.place.data.iterdir()}
    assert left == {
        ".lock", "jobmarket.duckdb", "lake", "prefect", "published.json", "report.md", "runs",
        "site",
    }  # fmt: skip
