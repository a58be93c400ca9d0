"""A release on an object store: a reader sees one run whole, whatever becomes of an upload."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import timedelta
from threading import Event, Thread

import duckdb
import pytest
from object_store import server
from small_data import Place, ads, files_entry, write_csv

from pipeline.edge import store_release
from pipeline.edge.store import StorePath

__all__ = ["server"]  # a store, running
pytestmark = [pytest.mark.flow]
AT = "s3://postings/releases"


@pytest.fixture(scope="module")
def place(tmp_path_factory, server):
    """A folder with 40 postings published, and released."""
    place = Place(tmp_path_factory.mktemp("place"))
    place.config(files_entry("board", "a.csv"))
    write_csv(place.folder / "a.csv", ads(40))
    for command in (["ingest"], ["build"], ["release", AT]):
        done = place.call(*command)
        assert done.code == 0, done.err
    return place


def _publish(place):
    """Publish another run of the same postings."""
    done = place.call("build")
    assert done.code == 0, done.err


@pytest.fixture
def address(server):
    return StorePath("postings/releases")


def _manifest(server):
    return json.loads(server.get("releases/manifest.json"))


def _whole(server):
    """Read a release as a stranger would: the manifest, then all that it names; return its run."""
    manifest = _manifest(server)
    for one in manifest["files"]:
        body = server.get(f"releases/{manifest['at']}/{one['file']}")
        assert hashlib.sha256(body).hexdigest() == one["sha256"], one["file"]
    return manifest["run_id"]


def test_a_release_holds_tables_warehouse_and_site_and_says_so(place, server, tmp_path):
    manifest = _manifest(server)
    assert _whole(server) == manifest["run_id"] == place.last_log()["run_id"]
    names = {one["file"] for one in manifest["files"]}
    assert {"jobmarket.duckdb", "site/index.html", "release/core.postings.parquet"} <= names
    file = tmp_path / "warehouse.duckdb"
    file.write_bytes(server.get(f"releases/{manifest['at']}/jobmarket.duckdb"))
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select count(*) from core.postings").fetchone() == (40,)
    assert f"{manifest['at']}/site/index.html" in server.get("releases/index.html").decode()
    assert not (place.data / "release.next").exists()


def test_a_release_is_checked_against_its_manifest(place, server):
    done = place.call("release", "--check", AT)
    assert done.code == 0, done.err
    key = f"releases/{_manifest(server)['at']}/release/core.postings.parquet"
    held = server.get(key)
    server.put(key, b"spoilt")
    done = place.call("release", "--check", AT)
    assert (done.code, len(done.errors)) == (1, 1)
    assert "core.postings.parquet: expected the file of run" in done.err
    server.put(key, held)


def test_the_same_run_released_again_puts_nothing(place, server):
    before = server.get("releases/manifest.json")
    n_put = server.log.read_text().count("PUT /postings/releases")
    assert place.call("release", AT).code == 0
    assert server.get("releases/manifest.json") == before
    assert server.log.read_text().count("PUT /postings/releases") == n_put


def test_an_upload_that_was_killed_leaves_the_old_release_whole_and_the_next_mends_it(
    place, server
):
    before = _whole(server)
    _publish(place)
    run_id = place.last_log()["run_id"]
    with place.start("release", AT) as upload:
        while upload.poll() is None and len(server.objects(f"releases/runs/{run_id}/")) < 5:
            time.sleep(0.01)
        assert upload.poll() is None, "it ended before it was killed"
        upload.kill()
    assert _whole(server) == before
    assert place.call("release", AT).code == 0
    assert _whole(server) == run_id
    assert _manifest(server)["before"] == f"runs/{before}"


def test_who_reads_while_a_release_is_put_sees_the_old_one_or_the_new(place, server):
    before = _whole(server)
    _publish(place)
    seen, faults, ended = [], [], Event()

    def read():
        while not ended.is_set():
            try:
                seen.append(_whole(server))
            except AssertionError as fault:
                faults.append(fault)

    reader = Thread(target=read)
    reader.start()
    done = place.call("release", AT)
    after = _whole(server)
    ended.set()
    reader.join()
    assert done.code == 0, done.err
    assert faults == []
    assert before != after and set(seen) <= {before, after} and before in seen


def test_old_runs_are_removed_but_not_the_one_before_nor_an_upload_under_way(
    address, place, server, monkeypatch
):
    manifest = _manifest(server)
    server.put("releases/runs/19990101/site/index.html", b"left by a kill")
    keep = {manifest["at"], manifest["before"]}
    store_release._remove_old(address, keep)
    assert "releases/runs/19990101/site/index.html" in server.objects()
    monkeypatch.setattr(store_release, "_UNDER_WAY", timedelta(seconds=-60))
    store_release._remove_old(address, keep)
    left = {"/".join(key.split("/")[1:3]) for key in server.objects("releases/runs/")}
    assert left == keep
    assert _whole(server) == manifest["run_id"]


def test_a_release_that_somebody_else_put_meanwhile_is_not_written_over(
    address, place, server, tmp_path, monkeypatch
):
    (tmp_path / "one").write_bytes(b"1")
    about = {"run_id": "ours", "as_of": "2026-11-01"}
    elsewhere = address.parent / "contended"
    write_from = StorePath.write_from

    def slow(path, source):
        (elsewhere / "manifest.json").write_whole(b"{}")  # the other one is quicker
        write_from(path, source)

    monkeypatch.setattr(StorePath, "write_from", slow)
    with pytest.raises(store_release.PipelineError, match="another release"):
        store_release._put(elsewhere, about, {"one": tmp_path / "one"})
    assert server.get("contended/manifest.json") == b"{}"


def test_no_release_at_an_address_is_said_in_one_line(place):
    done = place.call("release", "--check", "s3://postings/nowhere")
    assert (done.code, len(done.errors)) == (2, 1)
    assert "expected a release with its manifest.json, saw none" in done.err


def test_the_secret_is_in_nothing_that_was_released(place, server):
    secret = server.secret.encode()
    assert not any(secret in server.get(key) for key in server.objects())
    assert not any(secret in one.read_bytes() for one in place.data.rglob("*") if one.is_file())
