"""What `jobmarket clean` removes and keeps: raw answers, strays, replaced facts, the published."""

import fcntl
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from small_data import Place, ads, files_entry, write_csv
from worlds import World

from pipeline.edge.lake import Lake

pytestmark = [pytest.mark.flow]
OLD = datetime.now(UTC) - timedelta(days=12)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _aged(path):
    """Let an archived answer be one of twelve days ago: its name says when it came."""
    stamp = OLD.strftime("%Y%m%dT%H%M%S%fZ")
    return path.rename(path.with_name(f"{stamp}-{path.name.partition('-')[2]}"))


class Untidy:
    """A published folder with all that gathers in one."""

    def __init__(self, folder, world):
        self.place = place = Place(folder)
        place.config(world.config(), files_entry("board", "a.csv"), top="retention_days = 10")
        write_csv(folder / "a.csv", ads(40))
        assert [place.call("ingest").code, place.call("build").code] == [0, 0]
        self.young = sorted((place.data / "raw").glob("*/*/*.json.zst"))
        self.may_go = self._litter(place.data, world)
        self.stays = self._keep(place.data)
        self.before = tree(place.data)

    def _litter(self, data, world):
        world.list("lever", range(1, 14))
        assert self.place.call("ingest").code == 0
        assert self.place.call("build").code == 0
        old = [_aged(path) for path in self.young if path.parent.parent.name == "lever"]
        self.young = [path for path in self.young if path.exists()]
        part = Lake(data / "lake").manifest("board").parts[0].name
        board = data / "lake" / "board"
        facts = next(board.glob(f"{part}.*.facts.parquet"))
        version = facts.name.split(".")[1]
        replaced = []
        for path in board.glob(f"{part}.{version}.*.parquet"):
            earlier = path.with_name(path.name.replace(version, "0" * 12))
            earlier.write_bytes(path.read_bytes())
            replaced.append(earlier)
        aside = board / "set_aside" / "broken.postings.parquet"
        stray = board / "0123-0.postings.parquet"
        half = [
            data / "jobmarket.duckdb.next", board / "x.postings.parquet.7.tmp",
            data / "site.next" / "index.html", data / "runs" / "x.tmp",
            data / "runs" / "x.json.7.part", data / "notified.json.7.part",
        ]  # fmt: skip
        for path in (aside, stray, *half):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"left over")
        os.utime(aside, (OLD.timestamp(), OLD.timestamp()))
        return {
            path.relative_to(data).as_posix() for path in (*old, *replaced, aside, stray, *half)
        }

    def _keep(self, data):
        fresh = data / "lake" / "board" / "set_aside" / "lately.postings.parquet"
        mine = data / "jobmarket.duckdb.wal.stray-1"
        for path in (fresh, mine):
            path.write_bytes(b"for a person to look at")
        return {path.relative_to(data).as_posix() for path in (fresh, mine, *self.young)}


@pytest.fixture(scope="module")
def untidy(tmp_path_factory):
    with World(("lever", "greenhouse")) as world:
        yield Untidy(tmp_path_factory.mktemp("untidy"), world)


def test_a_dry_run_removes_nothing_and_says_what_would_go(untidy):
    done = untidy.place.call("clean", "--dry-run")
    assert done.code == 0, done.err
    assert tree(untidy.place.data) == untidy.before
    assert "would go" in done.out and "removed" not in done.out


def test_it_is_refused_beside_a_run(untidy):
    with (untidy.place.data / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for option in ((), ("--dry-run",)):
            done = untidy.place.run("clean", *option)
            assert (done.code, len(done.errors)) == (1, 1), done.err
            assert "another run is writing here" in done.errors[0]
    after = tree(untidy.place.data)
    assert {name: after[name] for name in untidy.before} == untidy.before


def test_what_may_go_goes_and_all_else_stays_as_it_is(untidy):
    place = untidy.place
    dry = json.loads(place.call("clean", "--dry-run", "--json").out)
    done = place.call("clean", "--json")
    rows = {row["kind"]: row for row in json.loads(done.out)}
    after = tree(place.data)
    assert untidy.before.keys() - after.keys() == untidy.may_go
    assert untidy.stays <= after.keys()
    assert {name: untidy.before[name] for name in after if name in untidy.before} == {
        name: stamp for name, stamp in after.items() if name in untidy.before
    }
    gone = sum(untidy.before[name][0] for name in untidy.may_go)
    assert sum(row["removed_bytes"] for row in rows.values()) == gone
    assert dry == list(rows.values())
    assert all(row["kept_because"] for row in rows.values() if row["kept_bytes"])
    assert rows["warehouse"]["removed_files"] == rows["site"]["removed_files"] == 0
    assert "10 days (retention_days)" in rows["raw"]["kept_because"]


def test_a_second_time_there_is_nothing_left_to_remove(untidy):
    untidy.place.call("clean")
    rows = json.loads(untidy.place.call("clean", "--json").out)
    assert sum(row["removed_files"] for row in rows) == 0


def test_the_run_after_it_publishes_the_same_tables(untidy):
    before = untidy.place.hashes()
    untidy.place.call("clean")
    assert [untidy.place.call("ingest").code, untidy.place.call("build").code] == [0, 0]
    assert untidy.place.hashes() == before


def test_of_a_manifest_that_cannot_be_read_nothing_is_removed(tmp_path):
    place = Place(tmp_path)
    place.config(files_entry("board", "a.csv"))
    write_csv(tmp_path / "a.csv", ads(5))
    assert place.call("ingest").code == 0
    (place.data / "lake" / "board" / "manifest.json").write_text("{")
    before = tree(place.data / "lake")
    assert place.call("clean").code == 0
    assert tree(place.data / "lake") == before


def test_a_folder_without_a_run_is_clean(tmp_path):
    assert Place(tmp_path).call("clean").code == 0


@pytest.mark.parametrize(("line", "words"), [
    ("retention_days = -1", "retention_days = -1; expected 0 or more"),
    ("reread_minutes = -0.5", "reread_minutes = -0.5; expected 0 or more"),
])  # fmt: skip
def test_a_number_below_zero_is_refused(tmp_path, line, words):
    place = Place(tmp_path)
    (tmp_path / "jobmarket.toml").write_text(line)
    done = place.call("clean")
    assert (done.code, words in done.err) == (2, True), done.err


_VANISHING = """
import sys, itertools
from pathlib import Path
folder = Path(sys.argv[1])
for number in itertools.count():
    path = folder / f"{number}.tmp"
    path.write_bytes(b"x")
    path.unlink()
"""


def test_status_counts_files_while_a_run_makes_and_removes_them(untidy):
    command = [sys.executable, "-c", _VANISHING, str(untidy.place.data / "lake" / "board")]
    with subprocess.Popen(command) as busy:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            assert untidy.place.call("status").code in {0, 3}
        busy.kill()
