"""Long work in pieces: killed, gone on with, beside a run, and what is published meanwhile."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from local_server import LocalServer, Reply
from small_data import Place, ads, files_entry, hn_entry, write_csv
from test_hn_hiring import LocalNews

from pipeline.edge import locks
from pipeline.edge.lake import Lake, in_force
from pipeline.edge.progress import duration, seconds_left
from pipeline.errors import Locked

pytestmark = [pytest.mark.flow]
FILES, ADS = 90, 10  # many small parts: many pieces, each of them short
TERMS = """
[[term]]
id = "harbours"
spellings = ["harbours"]
yes = ["Forecasting tools for harbours"]
no = ["We harbour no doubts"]
"""
OWN = "select count(distinct posting_id) from core.mentions where kind = 'own'"


def until(found, seconds=60):
    """Wait until something is so; returns it."""
    end = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return what


def book(place):
    path = place.data / "backfill.json"
    return json.loads(path.read_text()) if path.exists() else {}


# --- reading anew after a change of the lexicon -------------------------------------------------


def _new_terms(place, top=""):
    terms = place.folder / "mine" / "terms"
    terms.mkdir(parents=True)
    (terms / "places.toml").write_text(TERMS)
    place.config(files_entry("board", "*.csv"), top=f'own = "mine"\n{top}')


def _files(place):
    for number in range(FILES):
        write_csv(place.folder / f"{number:02}.csv", ads(ADS, number * ADS))


class Reread:
    """A published lake whose lexicon changes: a night, a backfill killed, another beside a run."""

    def __init__(self, folder):
        self.place = place = Place(folder / "struck")
        calm = Place(folder / "calm")
        for one in (place, calm):
            one.folder.mkdir()
            _files(one)
        place.config(files_entry("board", "*.csv"))
        assert [place.call("ingest").code, place.call("build").code] == [0, 0]
        _new_terms(place, "reread_minutes = 0")
        for one in (place, calm):
            write_csv(one.folder / "new.csv", ads(10, 90_000))
        self.night = place.call("ingest"), place.call("build")
        self.own_after_night = place.ask(OWN)
        self.status = json.loads(place.call("status", "--json").out)
        self._kill()
        self._beside_a_run()
        assert place.call("build").code == 0
        _new_terms(calm)
        assert [calm.call("ingest").code, calm.call("build").code] == [0, 0]
        self.calm = calm.hashes()

    def _kill(self):
        place = self.place
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with place.start("backfill", **quiet) as killed:
            until(lambda: book(place).get("n_done", 0) >= 3 * ADS or killed.poll() is not None)
            self.was_running = killed.poll() is None
            killed.kill()
        place.expect_no_process()
        self.stopped = json.loads(place.call("status", "--json").out)["backfill"]
        self.done_before = self._read()

    def _beside_a_run(self):
        place = self.place
        with place.start("backfill", "--json") as process:
            until(lambda: book(place)["pid"] == process.pid and book(place).get("seconds_left"))
            self.running = json.loads(place.call("status", "--json").out)["backfill"]
            with ThreadPoolExecutor(2) as beside:
                second = beside.submit(place.run, "backfill")
                run = beside.submit(place.run, "ingest")
            self.second, self.run_beside = second.result(), run.result()
            self.ended_first = process.poll() is None
            out, err = process.communicate(timeout=120)
        self.code, self.done, self.said = process.returncode, json.loads(out), err.decode()

    def _read(self):
        """Return the files of facts that the extractor of now has written, with their times."""
        lake = Lake(self.place.data / "lake")
        latest = {versions[-1] for versions in lake.versions("board").values()}
        newest = max(latest, key=lambda one: max(
            path.stat().st_mtime_ns for path in lake.folder.glob(f"board/*.{one}.facts.parquet")
        ))  # fmt: skip
        return {
            path.name: path.stat().st_mtime_ns
            for path in lake.folder.glob(f"board/*.{newest}.facts.parquet")
        }


@pytest.fixture(scope="module")
def reread(tmp_path_factory):
    return Reread(tmp_path_factory.mktemp("reread"))


def test_a_night_publishes_what_an_earlier_lexicon_read_and_reads_only_what_is_new(reread):
    assert [done.code for done in reread.night] == [0, 0], reread.night[1].err
    assert reread.own_after_night == [(10,)]
    assert reread.status["n_left_to_reread"] == FILES * ADS
    assert f"{FILES * ADS:,} postings stand as an earlier lexicon read" in "\n".join(
        reread.status["warnings"]
    )


def test_a_killed_backfill_says_where_it_stopped(reread):
    assert reread.was_running, "it ended before it was killed"
    assert reread.stopped["state"] == "stopped"
    assert 3 * ADS <= reread.stopped["n_done"] < reread.stopped["n_total"] == FILES * ADS


def test_the_next_call_goes_on_where_the_killed_one_stopped(reread):
    assert reread.code == 0, reread.said
    kept = {name: mtime for name, mtime in reread._read().items() if name in reread.done_before}
    assert kept == reread.done_before
    # the ten new ones were read by the night
    assert reread.done["n_reread"] == FILES * ADS - (len(kept) - 1) * ADS
    assert reread.done["n_reread"] < FILES * ADS


def test_a_backfill_under_way_says_how_long_the_rest_takes(reread):
    assert reread.running["state"] == "running"
    assert reread.running["seconds_left"] > 0
    assert reread.running["n_total"] > reread.running["n_done"]


def test_a_run_beside_a_backfill_waits_for_a_piece_and_not_for_all(reread):
    assert reread.run_beside.code == 0, reread.run_beside.err
    assert reread.ended_first, "the backfill was over before the run"


def test_a_second_backfill_ends_with_one_clear_line(reread):
    assert reread.second.code == 1
    assert len(reread.second.errors) == 1
    assert "another backfill is under way" in reread.second.errors[0]


def test_what_is_published_in_the_end_is_what_one_calm_night_publishes(reread):
    assert reread.place.hashes() == reread.calm
    assert reread.place.ask(OWN) == [(FILES * ADS + 10,)]
    assert json.loads(reread.place.call("status", "--json").out)["n_left_to_reread"] == 0


def test_facts_of_the_latest_extractor_stand_until_this_one_has_read_a_part():
    assert in_force(["a", "b"], "a") == "a"
    assert in_force(["a", "b"], "c") == "b"
    assert in_force([], "c") == ""


# --- the past of a source -----------------------------------------------------------------------

THREADS = [40_000_000 + 1_000 * number for number in range(7, 0, -1)]  # newest first


class Years:
    """Seven threads of the past; the backfill is killed while it waits for the fourth."""

    def __init__(self, folder, server):
        self.place = place = Place(folder)
        place.config(hn=hn_entry(server.url))
        news = LocalNews(server)
        news.titles = {one: f"Ask HN: Who is hiring? (March {2026 - n})"
                       for n, one in enumerate(THREADS)}  # fmt: skip
        news.opened = {one: f"{2026 - n}-03-01T15:00:00Z" for n, one in enumerate(THREADS)}
        for one in THREADS:
            for item in (one + 1, one + 2):
                news.add(item, f"Employer {item} | Engineer {item} | Berlin<p>PyTorch", parent=one)
        asked, go_on = Event(), Event()

        def stalled(request):
            if f"story_{THREADS[3]}" in request.path:
                asked.set()
                go_on.wait(60)
            return news.search(request)

        server.call("/api/v1/search_by_date", stalled)
        with place.start("backfill", "hn_hiring", "--since", "2021") as killed:
            assert asked.wait(60)
            killed.kill()
        go_on.set()
        self.ids_after_kill = self._ids()
        del server.asked[:]
        down = f"story_{THREADS[4]}"
        server.call(
            "/api/v1/search_by_date",
            lambda request: Reply(status=500) if down in request.path else news.search(request),
        )
        server.down(f"/api/v1/items/{THREADS[4]}")
        server.down(f"/v0/item/{THREADS[4]}.json")
        self.second = place.call("backfill", "hn_hiring", "--since", "2021", "--json")
        self.asked = server.paths()
        self.ids = self._ids()
        self.state = self._manifest().state
        self.is_published = place.warehouse.exists()
        server.call("/api/v1/search_by_date", news.search)
        self.third = place.call("backfill", "hn_hiring", "--since", "2021", "--json")
        self.codes = [place.call(one).code for one in ("ingest", "build")]
        self.published = {key for (key,) in place.ask("select posting_id from core.postings")}

    def _manifest(self):
        return Lake(self.place.data / "lake").manifest("hn_hiring.live")

    def _ids(self):
        lake = Lake(self.place.data / "lake")
        return {one.posting_id for one in lake.sightings(self._manifest()).values()}


def ids_of(*threads):
    return {f"hn:{thread + n}" for thread in threads for n in (1, 2)}


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    with LocalServer() as server:
        yield Years(tmp_path_factory.mktemp("years"), server)


def test_threads_read_before_a_kill_stay_and_are_not_asked_for_again(years):
    assert years.ids_after_kill == ids_of(*THREADS[:3])
    again = [path for path in years.asked if any(f"story_{one}" in path for one in THREADS[:3])]
    assert again == []


def test_a_thread_that_cannot_be_had_is_told_and_stops_no_other(years):
    assert years.second.code == 3, years.second.err
    assert "answered 500" in years.second.err
    assert years.ids == ids_of(*THREADS[:4], THREADS[5])
    done = json.loads(years.second.out)
    assert (done["n_threads"], done["n_new"]) == (2, 4)


def test_what_is_older_than_the_day_is_left_alone(years):
    assert not any(f"story_{THREADS[6]}" in path for path in years.asked)


def test_the_past_says_nothing_of_how_the_source_is_today(years):
    assert "health" not in years.state
    assert "baseline" not in years.state
    assert not years.is_published


def test_the_next_run_publishes_the_past(years):
    done = json.loads(years.third.out)
    assert (years.third.code, done["n_threads"], done["n_new"]) == (0, 1, 2), years.third.err
    assert years.codes == [0, 0]
    assert years.published == ids_of(*THREADS[:6])


def test_a_source_that_keeps_no_past_is_refused(tmp_path):
    place = Place(tmp_path)
    write_csv(tmp_path / "a.csv", ads(3))
    place.config(files_entry("board", "a.csv"))
    done = place.call("backfill", "board", "--since", "2020")
    assert done.code == 2
    assert "board: expected a source that keeps its past" in done.err


# --- whose turn it is ---------------------------------------------------------------------------

_PIECES = """
import sys, time
from pathlib import Path
from pipeline.edge import locks
folder = Path(sys.argv[1])
while True:
    with locks.piece(folder):
        print("begin", flush=True)
        time.sleep(0.3)
        print("end", flush=True)
"""


@pytest.fixture
def pieces(tmp_path):
    """Pieces of long work, one after another, in a process of their own."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PIECES, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "begin\n"
    yield process
    process.kill()
    process.wait()


def test_a_run_is_let_in_between_pieces_every_time(tmp_path, pieces):
    for _ in range(8):
        began = time.monotonic()
        with locks.writing(tmp_path):
            waited = time.monotonic() - began
        assert waited < 2
        time.sleep(0.1)


def test_no_piece_begins_while_a_run_writes(tmp_path, pieces):
    with locks.writing(tmp_path):
        (tmp_path / "mark").touch()
        time.sleep(1)
        pieces.kill()
        said = pieces.stdout.read().split()
    assert said[-1] == "end"  # the one that the run waited for; a killed one would be "begin"


def test_a_run_beside_another_run_does_not_wait(tmp_path):
    with locks.writing(tmp_path):
        began = time.monotonic()
        with pytest.raises(Locked, match="another run is writing here"), locks.writing(tmp_path):
            pass
        assert time.monotonic() - began < 0.5


# --- how long it takes ---------------------------------------------------------------------------


def test_the_rest_takes_as_long_as_so_far():
    assert seconds_left(0, 50, 10) is None
    assert seconds_left(25, 50, 10) == 20
    assert seconds_left(50, 0, 10) == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4.4, "4 s"), (130, "2 min"), (3 * 3600 + 1200, "3 h 20 min"), (3 * 86400, "3 days")],
)
def test_a_time_is_said_in_words(seconds, words):
    assert duration(seconds) == f"about {words}"
