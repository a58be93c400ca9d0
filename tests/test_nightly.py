"""Whole runs through the flow: publication, checks, kills, readers, two at once, no connections."""

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Event

import pyarrow.parquet as pq
import pytest
import zstandard
from local_server import LocalServer, Reply, as_json
from small_data import Place, ads, files_entry, hn_entry, write_csv
from test_hn_hiring import LocalNews

from pipeline.edge.query import connect_readonly

pytestmark = [pytest.mark.flow]
COUNT = "select count(*) from core.postings where source = 'board'"


def published(place):
    """Return what tells whether the published file was touched."""
    status = place.warehouse.stat()
    return place.warehouse.read_bytes(), status.st_mtime_ns, status.st_ino


_READ = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in range(2):
    print(connection.execute(sys.argv[2]).fetchone()[0], flush=True)
    sys.stdin.readline()
"""


def _reader(place):
    """Start somebody's own program, which opens the published file and reads twice."""
    return subprocess.Popen(
        [sys.executable, "-c", _READ, str(place.warehouse), COUNT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


class Story:
    """Five runs over the same folder, and what was seen after each."""

    def __init__(self, folder):
        self.place = place = Place(folder)
        place.config(files_entry("board", "a.csv"), files_entry("other", "b.csv"))
        write_csv(folder / "b.csv", ads(40, 5_000))
        self.first = self._run(ads(150))
        self.mode = stat.S_IMODE(place.warehouse.stat().st_mode)
        self.again = self._run()
        self.runs = place.ask("select status from ops.runs")
        with _reader(place) as reader:
            before = reader.stdout.readline()
            self.changed = self._run([*ads(149, 1), *ads(10, 300)], meanwhile=self._read)
            self.reader = before, reader.communicate(b"again\n", timeout=30)[0]
        self.ids = {row[0] for row in place.ask("select source_id from core.postings")}
        before_block = published(place), _bytes(place.data / "site")
        self.blocked = self._run(ads(100))
        self.unchanged = (published(place), _bytes(place.data / "site")) == before_block
        self.accepted = self._run(None, "--accept-drop", "board")

    def _run(self, rows=None, *arguments, meanwhile=None):
        if rows:
            write_csv(self.place.folder / "a.csv", rows)
        with ThreadPoolExecutor(1) as beside:
            running = beside.submit(self.place.run, "run", *arguments)
            self.read = [meanwhile(running)] if meanwhile else []
            done = running.result()
        return done, self.place.hashes(), self.place.ask(COUNT)[0][0]

    def _read(self, running):
        """Open the published file again and again while the run is under way."""
        opened = 0
        while not running.done():
            with closing(connect_readonly(self.place.warehouse)) as reader:
                assert reader.execute(COUNT).fetchone() in {(150,), (159,)}
            opened += 1
            time.sleep(0.1)
        self.opened = opened


def _bytes(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return Story(tmp_path_factory.mktemp("story"))


def test_a_run_publishes_a_read_only_warehouse_and_a_site(story):
    done, _, count = story.first
    assert done.code == 0, done.err
    assert (count, story.mode) == (150, 0o444)
    assert done.out.strip() == "data/site/index.html"
    assert (story.place.folder / done.out.strip()).exists()
    assert "190 postings read, 190 kept, 0 set aside" in done.err


def test_a_run_says_nothing_of_the_machinery_below(story):
    done, _, _ = story.first
    assert all(word not in done.err for word in ("Traceback", "prefect", "http", "WARNING"))


def test_a_run_without_news_publishes_the_same_tables_and_is_recorded(story):
    assert story.again[0].code == 0
    assert story.again[1] == story.first[1]
    assert story.runs == [("published",), ("published",)]


def test_a_changed_file_adds_what_is_new_and_drops_what_vanished(story):
    assert story.changed[0].code == 0, story.changed[0].err
    assert story.changed[2] == 159
    assert {"p149", "p309", "p5000"} <= story.ids
    assert "p0" not in story.ids


def test_a_reader_of_the_published_file_reads_on_after_the_next_publication(story):
    assert story.reader == (b"150\n", b"150\n")


def test_the_published_file_opens_while_a_run_is_under_way(story):
    assert story.opened > 5


def test_a_blocked_run_exits_1_and_leaves_what_is_published_untouched(story):
    done, _, count = story.blocked
    assert (done.code, count) == (1, 159)
    assert story.unchanged
    assert len(done.errors) == 1
    assert "sources_did_not_fall" in done.errors[0]
    assert "--accept-drop" in done.errors[0]
    assert "Traceback" not in done.err


def test_a_confirmed_fall_is_published(story):
    done, _, count = story.accepted
    assert (done.code, count) == (0, 100), done.err


def test_no_process_of_any_run_is_left(story):
    assert story.place.processes() == {}


_WRITE = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("set checkpoint_threshold = '1GB'")
connection.execute("create table core.mine as select 1 as one")
os.kill(os.getpid(), 9)
"""


def test_a_wal_that_somebody_left_beside_the_published_file_is_moved_aside(story):
    place = story.place
    before = place.hashes()
    place.warehouse.chmod(0o644)
    subprocess.run([sys.executable, "-c", _WRITE, str(place.warehouse)], check=False)
    wal = place.data / "jobmarket.duckdb.wal"
    assert wal.stat().st_size > 0
    done = place.run("build")
    assert done.code == 0, done.err
    assert "set aside in jobmarket.duckdb.wal.stray-1" in done.err
    assert not wal.exists()
    assert (place.data / "jobmarket.duckdb.wal.stray-1").exists()
    assert place.hashes() == before
    assert stat.S_IMODE(place.warehouse.stat().st_mode) == 0o444


def test_a_second_run_at_the_same_time_ends_with_one_clear_line(story):
    place = story.place
    asked, go_on = Event(), Event()

    def stall(_):
        asked.set()
        go_on.wait(60)
        return as_json({"hits": [], "nbHits": 0, "nbPages": 0})

    with LocalServer() as server:
        server.call("/api/v1/search_by_date", stall)
        place.config(
            files_entry("board", "a.csv"), files_entry("other", "b.csv"), hn=hn_entry(server.url)
        )
        with place.start("ingest", "hn_hiring") as first:
            assert asked.wait(30)
            second = place.run("run")
            third = place.run("forget", "board:p1")
            go_on.set()
            first.communicate(timeout=60)
    for done in (second, third):
        assert done.code == 1
        assert done.err.splitlines() == done.errors
        assert "another run is writing here" in done.errors[0]
    place.config(files_entry("board", "a.csv"), files_entry("other", "b.csv"))


def test_an_interrupted_run_leaves_the_published_data_and_no_process(story):
    place = story.place
    before = published(place), _bytes(place.data / "site")
    asked, go_on = Event(), Event()

    def stall(_):
        asked.set()
        go_on.wait(60)
        return as_json({})

    with LocalServer() as server:
        server.call("/api/v1/search_by_date", stall)
        place.config(files_entry("board", "a.csv"), hn=hn_entry(server.url))
        with place.start("run", start_new_session=True) as run:
            assert asked.wait(60)
            os.killpg(run.pid, signal.SIGINT)  # Ctrl-C reaches the whole group
            _, err = run.communicate(timeout=30)
            go_on.set()
    assert run.returncode not in {0, 3}
    said = err.decode().splitlines()
    assert said[-1].startswith("jobmarket: interrupted"), err.decode()
    assert "Traceback" not in err.decode()
    assert (published(place), _bytes(place.data / "site")) == before
    place.expect_no_process()
    assert place.last_log()["status"] == "failed"


# --- Hacker News by the command, against a local copy of both its services ---------------------

_HOOK = """
import os, sys
_FOLDER = os.path.dirname(os.path.abspath(__file__))
_HERE = ("127.", "::1", "localhost", "::ffff:127.")
def _note(name, words):
    with open(os.path.join(_FOLDER, name), "a") as file:
        file.write(words + "\\n")
def _watch(event, arguments):
    if event == "socket.getaddrinfo":
        target = arguments[0]
    elif event in ("socket.connect", "socket.bind", "socket.sendto"):
        address = arguments[1]
        target = address[0] if isinstance(address, tuple) else None
    else:
        return
    target = target.decode() if isinstance(target, bytes) else target
    here = not target or target.startswith(_HERE)
    _note("here.txt" if here else "beyond.txt", f"{event} {target}")
sys.addaudithook(_watch)
_note("processes.txt", str(os.getpid()))
"""


class Watched:
    """A folder whose commands note every address that any of their processes connects to."""

    def __init__(self, place):
        self.folder = place.folder / "hook"
        self.folder.mkdir()
        (self.folder / "sitecustomize.py").write_text(_HOOK)
        known = os.environ.get("PYTHONPATH")
        place.env["PYTHONPATH"] = os.pathsep.join([str(self.folder), *([known] if known else [])])

    def lines(self, name):
        path = self.folder / f"{name}.txt"
        return path.read_text().splitlines() if path.exists() else []


ADS = (101, 102, 103, 104, 105, 106, 107, 108)
GONE, FORGOTTEN = 103, 105


def _troubled(search):
    """Answer as the search does, but 429 first, and the second page cut short once."""
    trouble = {"page=0": Reply(status=429, headers={"Retry-After": "1"}), "page=1": None}

    def script(asked):
        for word in list(trouble):
            if word in asked.path:
                first = trouble.pop(word)
                whole = search(asked)
                return first or replace(whole, cut=len(whole.body) // 2)
        return search(asked)

    return script


class News:
    """Four nights with Hacker News: troubled, down, with an ad deleted, and with one forgotten."""

    def __init__(self, folder, server):
        self.place = place = Place(folder)
        self.watched = Watched(place)
        write_csv(folder / "a.csv", ads(40))
        place.config(files_entry("board", "a.csv"), hn=hn_entry(server.url))
        site = LocalNews(server)
        for item in ADS:
            site.add(item, f"Employer {item} | Engineer {item} | Berlin<p>PyTorch wanted{item}")
        site.add(109, "Deadwood | Engineer | Berlin<p>PyTorch deadwords", dead=True)
        site.add(110, "Deleted | Engineer | Berlin<p>PyTorch deletedwords", deleted=True)
        site.add(111, "A reply with replywords", parent=101)
        server.call("/api/v1/search_by_date", _troubled(site.search))
        self.troubled = place.run("run"), self.ids(), server.paths()
        write_csv(folder / "a.csv", ads(41))
        for path in ("/api/v1/search_by_date", "/api/v1/items/*", "/v0/item/*"):
            server.down(path)
        self.down = place.run("run"), self.ids(), place.ask(COUNT)
        self.words_before = _words(place.data)
        server.call("/api/v1/search_by_date", site.search)
        server.call("/api/v1/items/*", site.tree)
        server.call("/v0/item/*", site.item)
        site.items[GONE]["deleted"] = True
        self.deleted = self._night(), self.ids(), _words(place.data)
        self.forgot = place.call("forget", f"hn:{FORGOTTEN}"), self.ids()
        self.stayed = self._night(), self.ids(), _words(place.data)

    def _night(self):
        return [self.place.call("ingest").code, self.place.call("build").code]

    def ids(self):
        rows = self.place.ask("select source_id from core.postings where source = 'hn_hiring'")
        return sorted(int(one) for (one,) in rows)


def _words(folder):
    """Return all that is written under a folder, unpacked."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            found.append(str(pq.read_table(path).to_pylist()))
        elif path.suffix == ".zst":
            found.append(zstandard.decompress(path.read_bytes()).decode())
        elif path.is_file():
            found.append(path.read_bytes().decode("latin-1"))
        if path.name == "jobmarket.duckdb":
            with closing(connect_readonly(path)) as reader:
                found += [
                    str(reader.execute(f"select * from {schema}.{table}").fetchall())
                    for schema, table in reader.execute(
                        "select schema_name, table_name from duckdb_tables()"
                    ).fetchall()
                ]
    return "\n".join(found)


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    with LocalServer() as server:
        yield News(tmp_path_factory.mktemp("news"), server)


def test_a_busy_and_a_cut_answer_are_asked_for_again_and_every_page_is_read(news):
    done, ids, paths = news.troubled
    assert done.code == 0, done.err
    assert ids == list(ADS)
    pages = [path for path in paths if "comment" in path]
    assert sum("page=1" in path for path in pages) == 2
    assert any("page=2" in path for path in pages)


def test_with_hacker_news_down_the_other_sources_are_published_and_the_exit_code_is_3(news):
    done, ids, board = news.down
    assert done.code == 3, done.err
    assert board == [(41,)]
    assert ids == list(ADS)
    assert len([line for line in done.errors if "hn_hiring" in line]) == 1
    assert "Traceback" not in done.err


def test_neither_names_nor_replies_nor_withdrawn_words_are_kept_anywhere(news):
    assert f"wanted{GONE}" in news.words_before  # the search below finds what is there
    for word in ("golden_user", "replywords", "deadwords", "deletedwords"):
        assert word not in news.words_before


def test_a_deleted_ad_is_purged_from_lake_archive_and_warehouse_on_the_next_night(news):
    codes, ids, words = news.deleted
    assert codes == [0, 0]
    assert GONE not in ids
    assert len(ids) == len(ADS) - 1
    assert f"wanted{GONE}" not in words


def test_a_forgotten_ad_is_removed_everywhere_and_stays_away(news):
    done, ids = news.forgot
    assert done.code == 0, done.err
    assert FORGOTTEN not in ids
    codes, ids, words = news.stayed
    assert codes == [0, 0]
    assert ids == [one for one in ADS if one not in (GONE, FORGOTTEN)]
    assert f"wanted{FORGOTTEN}" not in words


def test_no_process_of_a_run_connects_or_listens_beyond_loopback(news):
    assert news.watched.lines("beyond") == []
    assert len(set(news.watched.lines("processes"))) >= 4  # two runs, their servers and workers
    assert any(line.startswith("socket.connect 127.") for line in news.watched.lines("here"))
