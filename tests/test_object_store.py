"""A lake on an object store: the same tables as on disk, one writer, nothing half put in force."""

from __future__ import annotations

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pyarrow.parquet as pq
import pytest
from dask_cluster import Cluster
from object_store import server
from small_data import Place, ads, files_entry, write_csv
from worlds import World

from pipeline.edge import extraction, lake_care, lake_paths, store, writer_lease
from pipeline.edge.ingest import ingest_files
from pipeline.edge.lake import Lake, Manifest, Part
from pipeline.edge.lake_tables import column
from pipeline.edge.store import StorePath
from pipeline.edge.store_errors import Changed
from pipeline.errors import Locked, PipelineError
from pipeline.facts import extractor_version
from pipeline.sources.files import FileSpec

__all__ = ["server"]  # a store, running
pytestmark = [pytest.mark.flow]
AT = "s3://postings/deep/lake"


@pytest.fixture
def here(server):
    """Return a folder of the store for one test."""
    return StorePath(f"{server.bucket}/alone/{time.monotonic_ns()}")


def _place(folder, *blocks, at=AT):
    folder.mkdir()
    place = Place(folder)
    place.config(*blocks, top=f'lake = "{at}"' if at else "")
    return place


def _call(place, *arguments):
    done = place.call(*arguments)
    assert done.code == 0, done.err
    return done


class Nights:
    """The same files and the same live source, into a lake on disk and into one on the store."""

    def __init__(self, folder, server):
        self.server = server
        self.world = World(("greenhouse",))
        blocks = (files_entry("board", "*.csv"), self.world.config())
        self.disk = _place(folder / "disk", *blocks, at="")
        self.away = _place(folder / "away", *blocks)
        self.write("a.csv", [*ads(60), *ads(1)])  # a repeated id is set aside
        with Cluster(folder) as cluster:  # of one worker, which has its keys from its environment
            cluster.start_workers(1)
            runner = ("--runner", "dask", "--dask-address", cluster.address)
            wanted = ("--source", "board", "--source", "greenhouse")
            with self.away.start("run", *wanted, *runner) as run:
                _call(self.disk, "ingest")
                _call(self.disk, "build")
                _, err = run.communicate(timeout=300)
        assert run.returncode == 0, err.decode()

    def write(self, name, rows):
        for place in (self.disk, self.away):
            write_csv(place.folder / name, rows)


@pytest.fixture(scope="module")
def nights(tmp_path_factory, server):
    held = Nights(tmp_path_factory.mktemp("nights"), server)
    yield held
    held.world.__exit__()


def test_a_run_on_a_store_and_on_dask_publishes_the_tables_of_one_on_disk(nights):
    assert nights.away.hashes() == nights.disk.hashes()
    assert not (nights.away.data / "lake").exists()
    assert (nights.away.data / "site" / "index.html").exists()
    assert nights.away.last_log()["status"] == "published"
    assert "deep/lake/greenhouse.live/manifest.json" in nights.server.objects("deep/lake/")
    assert len(_parts(nights.server, "postings")) == 2


def _parts(server, kind, source=""):
    keys = server.objects(f"deep/lake/{source}")
    return [key for key in keys if key.endswith(f".{kind}.parquet")]


def _rows(parquet):
    return pq.read_table(io.BytesIO(parquet)).to_pylist()


def test_no_text_of_a_posting_is_copied_for_the_build(nights):
    copies = [path.read_bytes() for path in (nights.away.data / "lake_copies").iterdir()]
    postings = [row for one in copies for row in _rows(one) if "content_hash" in row]
    assert len(postings) == 72
    assert not any("description" in row for row in postings)
    in_store = [nights.server.get(key) for key in _parts(nights.server, "postings")]
    assert all("description" in row for one in in_store for row in _rows(one))


def test_nothing_is_left_of_the_lease_after_a_run(nights):
    assert "deep/lake/writer.json" not in nights.server.objects("deep/")


def test_a_run_killed_before_the_manifest_leaves_the_old_lake_and_the_next_one_mends_it(nights):
    server, place = nights.server, nights.away
    before = server.get("deep/lake/board/manifest.json")
    parts = set(server.objects("deep/lake/board/"))
    write_csv(place.folder / "c.csv", ads(6_500, 20_000))
    with place.start("ingest") as run:
        while run.poll() is None and set(server.objects("deep/lake/board/")) == parts:
            time.sleep(0.01)
        assert run.poll() is None, "the run ended before it was killed"
        run.kill()
    place.expect_no_process()
    assert server.get("deep/lake/board/manifest.json") == before
    assert set(server.objects("deep/lake/board/")) >= parts
    assert "deep/lake/writer.json" in server.objects("deep/")
    other = _place(place.folder / "other", files_entry("board", "*.csv"))
    refused = other.call("ingest")
    assert (refused.code, len(refused.errors)) == (1, 1)
    assert "another run is writing here" in refused.err
    nights.write("a.csv", ads(50))
    nights.write("c.csv", ads(30, 20_000))
    nights.world.list("greenhouse", range(2, 15))
    _call(place, "ingest")  # from the same data folder: whose lease that was is dead
    manifest = json.loads(server.get("deep/lake/board/manifest.json"))
    named = {part["name"] for part in manifest["parts"]}
    lying = {key.split("/")[-1].split(".")[0] for key in server.objects("deep/lake/board/")}
    assert lying - {"manifest"} == named


def test_a_posting_that_is_forgotten_is_in_no_object_and_no_copy(nights):
    _call(nights.disk, "ingest")
    for place in (nights.disk, nights.away):
        _call(place, "forget", "board:p7")  # and builds anew, with all that came since
    assert nights.away.hashes() == nights.disk.hashes()
    objects = [key for key in nights.server.objects("deep/lake/board/") if "parquet" in key]
    held = [nights.server.get(key) for key in objects]
    held += [path.read_bytes() for path in (nights.away.data / "lake_copies").iterdir()]
    assert len(held) > 6
    assert not any("board:p7'" in str(_rows(one)) for one in held)
    assert any("board:p8'" in str(_rows(one)) for one in held)
    [(count,)] = nights.away.ask("select count(*) from core.postings where source = 'board'")
    assert count == 79


def test_what_an_earlier_lexicon_read_is_read_anew_beside_the_nights(nights):
    server = nights.server
    before = server.objects("deep/lake/board/")
    for kind in ("facts", "outlines"):
        for key in _parts(server, kind, "board/"):
            part, version, rest = key.split(".", 2)
            server.put(f"{part}.{'0' * len(version)}.{rest}", server.get(key))
            server.delete(key)
    done = _call(nights.away, "backfill", "--json")
    n_postings = sum(pq.read_metadata(io.BytesIO(server.get(one))).num_rows
                     for one in _parts(server, "postings", "board/"))  # fmt: skip
    assert json.loads(done.out)["n_reread"] == n_postings
    assert server.objects("deep/lake/board/") == before


def test_what_may_go_is_removed_and_what_lies_in_the_store_is_counted(nights):
    server = nights.server
    before = server.objects("deep/lake/")
    [facts, *_] = _parts(server, "facts", "board/")
    part, version, rest = facts.split(".", 2)
    server.put(f"{part}.{'0' * len(version)}.{rest}", server.get(facts))
    server.put(facts.replace("facts", "outlines").replace(version, "0" * len(version)), b"old")
    server.put("deep/lake/board/0123-0.postings.parquet", b"what no manifest names")
    going = set(server.objects("deep/lake/")) - set(before)
    rows = {row["kind"]: row for row in json.loads(_call(nights.away, "clean", "--json").out)}
    assert server.objects("deep/lake/") == before
    assert rows["lake"]["removed_files"] == len(going) == 3
    # but for the lease, which was held meanwhile
    held = sum(len(server.get(key)) for key in before)
    assert 0 < rows["lake"]["kept_bytes"] - held < 300
    copies = sum(path.stat().st_size for path in (nights.away.data / "lake_copies").iterdir())
    disk = json.loads(_call(nights.away, "status", "--json").out)["disk"]
    assert (disk["lake"], disk["lake_copies"]) == (held, copies)
    assert rows["lake_copies"]["kept_bytes"] == copies


def test_copies_that_nothing_reads_any_more_go(nights, tmp_path):
    place = _place(tmp_path / "place", files_entry("board", "*.csv"), at="")
    (place.data / "lake_copies").mkdir(parents=True)
    (place.data / "lake_copies" / "0123.parquet").write_bytes(b"of a lake that came back here")
    _call(place, "clean")
    assert not (place.data / "lake_copies").exists()


def test_a_copy_that_was_damaged_is_had_anew(nights):
    for copy in (nights.away.data / "lake_copies").iterdir():
        copy.write_bytes(bytes(copy.stat().st_size))
    nights.write("d.csv", ads(5, 30_000))
    _call(nights.away, "ingest")
    _call(nights.away, "build")
    [(count,)] = nights.away.ask("select count(*) from core.postings where source = 'board'")
    assert count == 84


def test_the_secret_is_written_nowhere(nights):
    secret = nights.server.secret.encode()
    written = [path for path in nights.away.folder.rglob("*") if path.is_file()]
    assert any(path.parent.name == "runs" for path in written)
    for path in written:
        assert secret not in path.read_bytes(), path
    for key in nights.server.objects():
        assert secret not in nights.server.get(key), key
    assert secret not in nights.server.log.read_bytes()


# --- what goes wrong is one line

WRONG = {
    "secret": ({"AWS_SECRET_ACCESS_KEY": "not-the-secret-but-as-secret"}, AT, "refuse"),
    "key": ({"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, AT, "AWS_ACCESS_KEY_ID"),
    "no credentials": (
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nowhere"},
        AT,
        "set AWS_ACCESS_KEY_ID",
    ),
    "endpoint": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, AT, "check AWS_ENDPOINT_URL"),
    "bucket": ({}, "s3://nobodys-bucket/lake", "expected a bucket, saw none of that name"),
}


@pytest.fixture
def wrong(server, monkeypatch):
    """Return what changes the environment of this process's client for one test."""

    def change(values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        store.files.cache_clear()

    yield change
    store.files.cache_clear()


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_the_store_is_one_line_without_the_secret(tmp_path, server, wrong, what):
    environment, at, words = WRONG[what]
    place = _place(tmp_path / "place", files_entry("board", "*.csv"), at=at)
    write_csv(place.folder / "a.csv", ads(3))
    wrong(environment)
    done = place.call("ingest")
    assert done.code == 1
    [line] = done.errors
    assert line.startswith(f"jobmarket: {at}") and words in line
    assert "Traceback" not in done.err
    for secret in {server.secret, environment.get("AWS_SECRET_ACCESS_KEY")} - {"", None}:
        assert secret not in done.out + done.err


def test_a_monitor_is_told_in_one_line_that_the_store_is_away(nights, wrong):
    environment, _, words = WRONG["endpoint"]
    wrong(environment)
    done = nights.away.call("status", "--json")
    assert (done.code, done.out, len(done.errors)) == (1, "", 1)
    assert words in done.err


@pytest.mark.parametrize("what", ["no credentials", "endpoint"])
def test_a_worker_that_does_not_get_at_the_store_says_that_it_is_the_one(wrong, what):
    environment, at, words = WRONG[what]
    wrong(environment)
    with pytest.raises(PipelineError, match=f"^a worker on .*: {at}: .*{words}"):
        extraction.demand_alike(at, extractor_version())


@pytest.mark.parametrize(
    "lake", ["s3://key:word@host/lake", "s3://Bucket/lake", "s3://bucket", "x"]
)
def test_an_address_that_is_none_is_refused_and_one_with_a_secret_not_repeated(tmp_path, lake):
    place = _place(tmp_path / "place", files_entry("board", "*.csv"), at=lake)
    done = place.call("ingest")
    assert (done.code, len(done.errors)) == (2, 1)
    assert "expected s3://bucket/prefix" in done.err
    assert "word" not in done.err


# --- one writer


@pytest.fixture
def data(tmp_path):
    (tmp_path / ".lock").touch()
    return tmp_path


def test_of_many_that_begin_at_once_one_writes(here):
    def begin(number):
        lease = writer_lease._Lease(here, f"folder {number}", 60)
        try:
            lease.take()
        except Locked:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin, range(8))) == 1


def test_a_lease_that_is_renewed_outlives_its_time_and_one_that_is_not_is_taken(here, data):
    writer_lease._Lease(here / "killed", "killed", 2).take()
    with writer_lease.held(here, data, seconds=4):
        time.sleep(5.5)
        with pytest.raises(Locked, match=f"another run is writing here, from .*{data}"):
            writer_lease._Lease(here, "other", 4).take()
        writer_lease.demand_held(here)
    writer_lease._Lease(here / "killed", "other", 2).take()


def test_a_writer_that_lost_its_lease_puts_nothing_in_force(here, data):
    lake = Lake(here)
    with writer_lease.held(here, data, seconds=4):
        lake.commit(Manifest("board", [Part("a-0", 1, 2, 0)]))
        (here / "writer.json").write_whole(b'{"owner": "other"}')
        time.sleep(2)  # the next renewal finds it gone
        with pytest.raises(Locked, match="not renewed"):
            lake.commit(Manifest("board"))
    assert [part.name for part in Lake(here).manifest("board").parts] == ["a-0"]
    assert (here / "writer.json").read_bytes() == b'{"owner": "other"}'


def test_a_manifest_that_somebody_else_switched_is_not_written_over(here):
    ours, theirs = Lake(here), Lake(here)
    ours.manifest("board")
    theirs.manifest("board")
    theirs.commit(Manifest("board", [Part("theirs-0", 1, 2, 0)]))
    with pytest.raises(Changed):
        ours.commit(Manifest("board", [Part("ours-0", 1, 2, 0)]))
    assert [part.name for part in Lake(here).manifest("board").parts] == ["theirs-0"]


class _Heedless(BaseHTTPRequestHandler):
    """A store that puts whatever it is told, as S3-compatible ones did before 2024."""

    protocol_version = "HTTP/1.1"  # the client waits to be told to go on

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("ETag", '"0123"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = do_DELETE = do_PUT

    def log_message(self, *_):
        pass


def test_a_store_that_heeds_no_conditions_is_refused(here, wrong):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Heedless) as heedless:
        Thread(target=heedless.serve_forever, daemon=True).start()
        wrong({"AWS_ENDPOINT_URL": f"http://127.0.0.1:{heedless.server_port}"})
        with pytest.raises(PipelineError, match="heeds If-Match and If-None-Match"):
            writer_lease._Lease(here, "one", 60).take()
        heedless.shutdown()


# --- a path of a store has the manners of one on disk


@pytest.mark.parametrize(
    "pattern", ["*", "*/", "*/*.json", "b*", "a/*", "*/x.*", "a/x.json", "none/*"]
)
def test_a_pattern_finds_in_a_store_what_it_finds_on_disk(here, tmp_path, pattern):
    for name in (
        "a/x.json",
        "a/y.parquet",
        "b/x.json",
        "b.live/x.json",
        "bare.txt",
        "a/deep/z.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
        (here / name).write_whole(b"1")
    on_disk = sorted(
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.glob(pattern)
        if path.is_dir() or pattern != "*/"
    )
    in_store = sorted(path.key.removeprefix(here.key + "/") for path in here.glob(pattern))
    assert in_store == on_disk


def test_what_is_listed_needs_no_request_to_tell_its_size(here, server):
    for number in range(20):
        (here / f"{number}").write_whole(bytes(number))
    before = server.n_asked()
    assert sum(path.stat().st_size for path in here.iterdir() if path.is_file()) == 190
    assert server.n_asked() - before <= 1


def test_a_damaged_object_is_set_aside_and_read_anew(here, tmp_path):
    write_csv(tmp_path / "a.csv", ads(20))
    spec = FileSpec("board", str(tmp_path / "*.csv"), frame="all_jobs")
    lake = Lake(here)
    how = {"version": "1", "today": date(2026, 11, 20)}
    ingest_files(lake, spec, **how)
    [path] = lake_paths.found(here, "board/*.postings.parquet")
    path.write_whole(b"garbage")
    [said] = lake_care.heal(lake)
    assert f"{path.name}: expected 20 postings" in said
    assert (here / "board" / "set_aside" / path.name).read_bytes() == b"garbage"
    ingest_files(lake, spec, **how)
    [part] = lake.manifest("board").parts
    assert len(column(lake.postings_path("board", part.name), "posting_id")) == 20
