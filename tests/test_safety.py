"""What breaks a data folder: broken lake files, a full disk, readers while a run publishes."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pyarrow.parquet as pq
import pytest
from small_data import Place, ads, files_entry, write_csv
from worlds import World

from pipeline.edge import disk_space, lake_care, publish, warehouse
from pipeline.edge.archive import Archive
from pipeline.edge.cleaning import Policy
from pipeline.edge.lake import Lake
from pipeline.edge.settings import read_settings
from pipeline.errors import PipelineError

FORMS = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(b"\0not what it was" * 40),
    "empty": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "of another table": lambda path: duckdb.sql("select 1 as one").write_parquet(str(path)),
}


class Damage:
    """A published folder of two collections and a live source, copied anew for each test."""

    def __init__(self, folder):
        self.place = Place(folder)
        self.world = World(("greenhouse",))
        self.place.config(
            files_entry("board", "a*.csv"), files_entry("other", "b.csv"), self.world.config()
        )
        twice = [*ads(30), ads(1)[0]]  # a repeated id is set aside
        write_csv(folder / "a1.csv", twice)
        write_csv(folder / "a2.csv", ads(20, 100))
        write_csv(folder / "b.csv", ads(25, 500))
        assert self.night() == [0, 0]
        lake_care.note(self.lake)
        self.whole = self.place.data.with_name("whole")
        shutil.copytree(self.place.data, self.whole)

    @property
    def lake(self):
        return Lake(self.place.data / "lake")

    def restore(self):
        shutil.rmtree(self.place.data)
        shutil.copytree(self.whole, self.place.data)

    def night(self):
        return [self.place.call("ingest").code, self.place.call("build").code]

    def file(self, source, pattern):
        return sorted((self.lake.folder / source).glob(pattern))[0]

    def counts(self):
        return dict(self.place.ask("select source, count(*) from core.postings group by all"))


WHOLE = {"board": 50, "other": 25, "greenhouse": 12}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    damage = Damage(tmp_path_factory.mktemp("damage"))
    yield damage
    damage.world.__exit__()


@pytest.fixture
def damage(damaged):
    damaged.restore()
    return damaged


def test_a_whole_lake_is_left_as_it_is(damage):
    def files():
        return {path: path.read_bytes() for path in damage.lake.folder.rglob("*") if path.is_file()}

    before = files()
    assert lake_care.heal(damage.lake) == []
    assert files() == before


FILES = [
    ("board", "*.postings.parquet"),
    ("board", "*.rejects.parquet"),
    ("board", "*.facts.parquet"),
    ("board", "manifest.json"),
    ("greenhouse.live", "*.postings.parquet"),
    ("greenhouse.live", "*.sightings.parquet"),
    ("greenhouse.live", "*.memory.json.zst"),
    ("greenhouse.live", "manifest.json"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("source", "pattern"), FILES)
def test_a_broken_file_is_named_in_one_line_and_set_aside(damage, source, pattern, form):
    path = damage.file(source, pattern)
    FORMS[form](path)
    said = lake_care.heal(damage.lake)
    if (pattern, form) == ("*.facts.parquet", "missing"):
        assert said == []  # not extracted yet, as far as anybody can tell
        return
    [line] = said
    assert line.startswith(f"lake/{source}/{path.name}: expected ")
    assert "\n" not in line
    aside = damage.lake.folder / source / "set_aside" / path.name
    assert aside.exists() == (form != "missing")
    assert lake_care.heal(damage.lake) == []


@pytest.mark.parametrize(("source", "pattern"), FILES)
def test_what_a_broken_file_held_is_had_again_the_next_night(damage, source, pattern):
    FORMS["cut short"](damage.file(source, pattern))
    lake_care.heal(damage.lake)
    assert damage.night() == [0, 0]
    assert damage.counts() == WHOLE
    assert damage.place.ask("select count(*) from core.rejects") == [(1,)]
    assert damage.place.ask("select count(*) from core.postings where closed_on is not null") == [
        (0,)
    ]


def test_a_page_that_went_bad_in_place_is_found_by_a_thorough_reading(damage):
    path = damage.file("board", "*.postings.parquet")
    status = path.stat()
    content = bytearray(path.read_bytes())
    start = pq.read_metadata(path).row_group(0).column(7).data_page_offset
    content[start : start + 60] = b"\xff" * 60
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert lake_care.heal(damage.lake) == []
    [said] = lake_care.heal(damage.lake, thorough=True)
    assert path.name in said


def test_a_part_with_fewer_rows_than_its_manifest_says_is_broken(damage):
    path = damage.file("board", "*.postings.parquet")
    pq.write_table(pq.read_table(path).slice(0, 3), path)
    [said] = lake_care.heal(damage.lake)
    assert ": expected 30 postings, saw 3 rows" in said or ": expected 20 postings, saw 3" in said


def test_what_was_lost_of_a_live_source_keeps_the_day_it_was_first_seen(damage):
    manifest = damage.lake.manifest("greenhouse.live")
    seen = damage.lake.sightings(manifest)
    long_ago = {key: _since(one, date(2025, 1, 2)) for key, one in seen.items()}
    manifest.sightings = damage.lake.write_sightings(manifest.source, long_ago)
    damage.lake.commit(manifest)
    FORMS["garbage"](damage.file("greenhouse.live", "*.postings.parquet"))
    lake_care.heal(damage.lake)
    assert damage.night() == [0, 0]
    days = damage.place.ask(
        "select distinct first_seen_on from core.postings where source = 'greenhouse'"
    )
    assert days == [(date(2025, 1, 2),)]


def _since(one, day):
    return replace(one, first_seen_on=day)


def test_sightings_that_are_worked_out_anew_keep_their_boards(damage):
    boards = "select distinct board from core.postings where source = 'greenhouse'"
    before = damage.place.ask(boards)
    FORMS["garbage"](damage.file("greenhouse.live", "*.sightings.parquet"))
    lake_care.heal(damage.lake)
    seen = damage.lake.sightings(damage.lake.manifest("greenhouse.live"))
    assert {one.scope for one in seen.values()} == {"tidewater"}
    assert damage.place.call("build").code == 0
    assert damage.place.ask(boards) == before == [("tidewater",)]


def test_a_forgotten_posting_does_not_come_back_with_a_broken_manifest(damage):
    assert damage.place.call("forget", "board:p7").code == 0
    path = damage.lake.folder / "board"
    stray = damage.whole / "lake" / "board"
    for part in stray.glob("*.postings.parquet"):  # as a kill in mid-forgetting leaves them
        shutil.copy(part, path)
    FORMS["garbage"](path / "manifest.json")
    lake_care.heal(damage.lake, forgotten=frozenset({"board:p7"}))
    ids = [
        one
        for part in path.glob("*.postings.parquet")
        for one in pq.read_table(part, columns=["posting_id"])["posting_id"].to_pylist()
    ]
    assert "board:p7" not in ids
    assert "board:p8" in ids


def test_two_files_of_one_name_are_both_kept_aside(damage):
    for _ in range(2):
        FORMS["garbage"](damage.file("other", "manifest.json"))
        lake_care.heal(damage.lake)
    aside = damage.lake.folder / "other" / "set_aside"
    assert sorted(path.name for path in aside.iterdir()) == ["manifest.json", "manifest.json.2"]
    assert lake_care.remove_set_aside(damage.lake) == 2


def test_a_lake_of_which_every_part_has_other_columns_is_refused_and_left_as_it_is(damage):
    for path in damage.lake.folder.glob("*/*.postings.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.drop_columns(["title"]), path)
    before = sorted(damage.lake.folder.rglob("*"))
    with pytest.raises(PipelineError, match="all have no column title; another version"):
        lake_care.heal(damage.lake)
    assert sorted(damage.lake.folder.rglob("*")) == before


def test_what_a_killed_write_left_is_removed(damage):
    left = damage.lake.folder / "board" / "0123.postings.parquet.99.tmp"
    left.write_bytes(b"half")
    assert lake_care.heal(damage.lake) == []
    assert not left.exists()


def test_a_run_names_a_broken_file_publishes_the_rest_and_ends_with_3(damage):
    path = damage.file("greenhouse.live", "*.postings.parquet")
    FORMS["cut short"](path)
    damage.world.list("greenhouse", range(1, 12))
    ingested = damage.place.call("ingest")
    assert ingested.code == 3, ingested.err
    assert damage.place.call("build").code == 0
    damage.world.list("greenhouse", range(1, 13))
    assert damage.counts() == WHOLE | {"greenhouse": 11}
    FORMS["garbage"](damage.file("board", "*.facts.parquet"))
    built = damage.place.call("build")
    assert built.code == 3, built.err
    [line] = built.errors
    assert line.startswith("jobmarket: lake/board/")
    assert damage.place.call("status").out.count("warning: lake/board/") == 1
    assert damage.place.call("build").code == 0


# --- a full disk ---------------------------------------------------------------------------------

_LIMITED = """
import resource, sys
from pipeline.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


def _limited(place, limit, *arguments):
    """Run a command of which no file may grow beyond so many bytes; return its code and errors."""
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(limit), *arguments],
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


@contextmanager
def _tmpfs(folder, size):
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _left(place):
    names = {path.name for path in place.data.iterdir()}
    return {name for name in names if "next" in name} | {
        path.name for path in place.data.rglob("*.tmp")
    }


@pytest.mark.parametrize(("command", "limit"), [("ingest", 20_000), ("build", 400_000)])
def test_a_file_that_may_not_grow_leaves_the_published_one_whole(tmp_path, command, limit):
    place = Place(tmp_path)
    place.config(files_entry("board", "*.csv"))
    write_csv(tmp_path / "a.csv", ads(60))
    assert [place.call("ingest").code, place.call("build").code] == [0, 0]
    before = place.warehouse.read_bytes()
    write_csv(tmp_path / "b.csv", ads(600, 10_000))
    if command == "build":
        assert place.call("ingest").code == 0
    code, err = _limited(place, limit, command, "--data", str(place.data))
    assert code == 1, err
    [line] = [one for one in err.splitlines() if one.startswith("jobmarket: ")]
    assert "saw a full disk; the published data are as they were" in line
    assert "Traceback" not in err
    assert place.warehouse.read_bytes() == before
    assert _left(place) == set()
    assert [place.call("ingest").code, place.call("build").code] == [0, 0]
    assert place.ask("select count(*) from core.postings") == [(660,)]


def test_a_disk_that_fills_up_at_any_stage_leaves_the_published_file_whole(tmp_path):
    with _tmpfs(tmp_path / "disk", "48m") as disk:
        place = Place(disk / "place")
        place.folder.mkdir()
        place.config(files_entry("board", "*.csv"))
        write_csv(place.folder / "a.csv", ads(60))
        assert [place.call("ingest").code, place.call("build").code] == [0, 0]
        before = place.warehouse.read_bytes()
        write_csv(place.folder / "b.csv", ads(2_500, 10_000))
        ballast = disk / "ballast"
        for room in (0, 60_000, 1_000_000, 2_500_000):
            ballast.unlink(missing_ok=True)
            ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - room)))
            done = place.run("ingest")
            done = place.run("build") if done.code == 0 else done
            assert done.code == 1, done.err
            [line] = done.errors
            assert "saw a full disk" in line and "make room" in line
            assert place.warehouse.read_bytes() == before
            assert _left(place) == set()
        ballast.unlink()
        assert [place.call("ingest").code, place.call("build").code] == [0, 0]


def test_a_full_disk_while_an_answer_is_archived_keeps_the_answers_before(tmp_path):
    archive = Archive(tmp_path / "raw", {"board": Policy()})
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    archive.store("board", "https://a.example/1", '{"jobs": []}', fetched_at=noon)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    settings = read_settings(tmp_path)
    many = json.dumps({"jobs": [{"id": n, "text": f"{n * n} tides"} for n in range(20_000)]})
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    try:
        with (
            pytest.raises(PipelineError, match="saw a full disk"),
            disk_space.full_disk_told(settings),
        ):
            archive.store("board", "https://a.example/1", many, fetched_at=noon)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    latest = archive.latest("board", "https://a.example/1")
    assert latest and latest.body == '{"jobs":[]}'
    assert list((tmp_path / "raw").rglob("*.part")) == []


def test_an_error_that_is_no_full_disk_is_passed_on_and_nothing_is_removed(tmp_path):
    settings = read_settings(tmp_path)
    built = warehouse.next_to(settings.warehouse)
    built.parent.mkdir(parents=True, exist_ok=True)
    built.write_bytes(b"half built")
    with pytest.raises(PipelineError, match="something else"), disk_space.full_disk_told(settings):
        raise PipelineError("something else")
    assert built.exists()


# --- readers while a run publishes ---------------------------------------------------------------

_READER = """
import sys, time, duckdb
path, until = sys.argv[1], time.monotonic() + float(sys.argv[2])
reads, failed, seen = 0, [], set()
while time.monotonic() < until:
    try:
        connection = duckdb.connect(path, read_only=True)
        first = connection.execute("select max(run_id), count(*) from ops.runs").fetchone()
        rows = connection.execute(
            "select any_value(name), count(distinct name), count(*) from core.employers"
        ).fetchone()
        again = connection.execute("select max(run_id), count(*) from ops.runs").fetchone()
        connection.close()
    except duckdb.Error as error:
        failed.append(str(error).splitlines()[0])
        continue
    reads += 1
    seen.add(first)
    if first != again or (rows[0], rows[1]) != (first[0], 1) or rows[2] != 5_000:
        failed.append(f"{first} {again} {rows}")
print(reads, len(seen), failed[:3], sep="|")
"""


def _publication(folder, number):
    """Build a file whose every row names its run, with the history of those before."""
    built = folder / "jobmarket.duckdb.next"
    with closing(duckdb.connect(str(built))) as connection:
        connection.execute("create schema core; create schema ops")
        connection.execute(
            f"create table ops.runs as select 'run-' || lpad(i::varchar, 3, '0') as run_id "
            f"from range({number + 1}) as t (i)"
        )
        connection.execute(
            f"create table core.employers as select 'run-{number:03}' as name from range(5_000)"
        )
    publish.publish(built, folder / "jobmarket.duckdb")


def test_no_read_fails_while_ten_runs_publish_and_each_sees_one_run(tmp_path):
    _publication(tmp_path, 0)
    path = str(tmp_path / "jobmarket.duckdb")
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, path, "6"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    time.sleep(1)  # until they read
    for number in range(1, 11):
        _publication(tmp_path, number)
        time.sleep(0.3)
    seen = 0
    for reader in readers:
        out, _ = reader.communicate(timeout=60)
        reads, runs, failed = out.strip().split("|")
        assert failed == "[]"
        assert int(reads) > 20
        seen = max(seen, int(runs))
    assert seen >= 8  # they did read while it changed


@pytest.mark.flow
def test_no_read_fails_while_ten_whole_builds_publish(tmp_path):
    place = Place(tmp_path)
    place.config(files_entry("board", "*.csv"))
    write_csv(tmp_path / "a.csv", ads(40))
    assert [place.call("ingest").code, place.call("build").code] == [0, 0]
    stop = threading.Event()
    reads, failed = [], []

    def read():
        question = "select max(run_id) from ops.runs union all select count(*)::varchar from "
        while not stop.is_set():
            try:
                done = subprocess.run(
                    [sys.executable, "-c", _ONCE, str(place.warehouse), question],
                    capture_output=True, text=True, timeout=60, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired as late:
                failed.append(str(late))
                continue
            (reads if done.returncode == 0 else failed).append(done.stdout + done.stderr[-300:])

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for number in range(10):
            write_csv(tmp_path / f"b{number}.csv", ads(3, 1_000 + 10 * number))
            assert [place.call("ingest").code, place.call("build").code] == [0, 0]
    finally:
        stop.set()
        thread.join()
    assert failed == []
    runs = [one.split() for one in reads]
    # the count of postings that a reader sees is that of the run it sees
    assert len({run for run, _ in runs}) == len(set(map(tuple, runs))) > 3
    assert not place.warehouse.with_name("jobmarket.duckdb.wal").exists()


_ONCE = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(connection.execute("select max(run_id) from ops.runs").fetchone()[0])
    print(connection.execute("select count(*) from core.postings").fetchone()[0])
"""
