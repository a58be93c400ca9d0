"""A lake of an earlier version is brought to our shape, and one of a later version is refused."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from local_server import LocalServer
from small_data import Place, ads, files_entry, hn_entry, write_csv
from test_hn_hiring import LocalNews

from pipeline.edge import lake_care, lake_tables, migrations
from pipeline.edge.ingest import write_part
from pipeline.edge.lake import Lake, Manifest
from pipeline.errors import PipelineError
from pipeline.records import Posting

MAY, JUNE = date(2026, 5, 2), date(2026, 6, 3)
ADS = {"41": ["101", "102"], "42": ["103"]}  # thread -> its ads


def comment(item, **changes):
    """Return an ad as an earlier version stored it."""
    stated = {
        "title": f"Engineer {item}",
        "employer": f"Invented Works {item}",
        "description": f"Invented Works {item} | Engineer {item} | Berlin\n\nPyTorch for tides.",
        "posted_on": MAY,
        "date_kind": "real",
        "content_hash": f"hash-{item}",
    }
    return Posting(f"hn:{item}", "hn_hiring", item, **stated | changes)


def old_part(lake, name, rank, postings, first, last, closed=None):
    """Write a part as format 1 had it: with closed_on, its last sighting written over the first."""
    table = lake_tables.postings_table(postings, rank, first)
    days = pa.array([last] * len(postings), pa.date32())
    at = table.column_names.index("last_seen_on")
    table = table.set_column(at, "last_seen_on", days)
    table = table.add_column(at + 1, "closed_on", pa.array([closed] * len(postings), pa.date32()))
    lake_tables.write_table(lake.postings_path("hn_hiring.live", name), table)
    return {"name": name, "rank": rank, "n_postings": len(postings), "n_rejects": 0, "input": ""}


def old_manifest(lake, source, parts, state):
    """Write a manifest as format 1 had it."""
    values = {"source": source, "parts": parts, "inputs": {}, "state": state}
    (lake.folder / source).mkdir(parents=True, exist_ok=True)
    (lake.folder / source / "manifest.json").write_text(json.dumps(values, indent=1))


@pytest.fixture
def lake(tmp_path):
    """Return a lake of format 1: two threads in two parts, one ad changed in the second."""
    lake = Lake(tmp_path / "lake")
    first = [comment("101"), comment("102")]
    second = [comment("102", title="Engineer once more", content_hash="new"), comment("103")]
    parts = [
        old_part(lake, "aa", 1, first, MAY, JUNE),
        old_part(lake, "bb", 2, second, date(2026, 5, 20), JUNE),
    ]
    hashes = {f"hn:{item}": f"hash-{item}" for ids in ADS.values() for item in ids}
    old_manifest(lake, "hn_hiring.live", parts, {"threads": ADS, "hashes": hashes})
    return lake


def content(lake):
    return {
        path.relative_to(lake.folder): path.read_bytes()
        for path in sorted(lake.folder.rglob("*"))
        if path.is_file()
    }


def test_a_lake_of_format_1_gets_the_sightings_that_its_parts_and_state_tell(lake):
    said = migrations.migrate(lake)
    assert said == ["hn_hiring.live: brought to format 2, 3 postings with their sightings"]
    manifest = lake.manifest("hn_hiring.live")
    seen = lake.sightings(manifest)
    assert {key: one.scope for key, one in seen.items()} == {"101": "41", "102": "41", "103": "42"}
    assert (seen["101"].first_seen_on, seen["101"].last_seen_on) == (MAY, JUNE)
    assert (seen["102"].first_seen_on, seen["102"].posted_on) == (MAY, MAY)
    assert seen["103"].posting_id == "hn:103"
    assert not any(one.closed_on for one in seen.values())
    assert manifest.state == {}
    assert [part.name for part in manifest.parts] == ["aa", "bb"]


def test_what_an_ad_states_is_that_of_its_newest_part(lake):
    migrations.migrate(lake)
    seen = lake.sightings(lake.manifest("hn_hiring.live"))
    for item, changes in (("101", {}), ("102", {"content_hash": "new"}), ("103", {})):
        alone = Lake(lake.folder.with_name(f"alone-{item}"))
        part = old_part(alone, "cc", 1, [comment(item, **changes)], MAY, MAY)
        old_manifest(alone, "hn_hiring.live", [part], {"threads": ADS})
        migrations.migrate(alone)
        expected = alone.sightings(alone.manifest("hn_hiring.live"))[item]
        assert seen[item].stated == expected.stated


def test_an_ad_that_was_closed_stays_closed(lake):
    part = old_part(lake, "cc", 3, [comment("104")], MAY, MAY, closed=JUNE)
    old_manifest(lake, "hn_hiring.live", [part], {"threads": {"41": ["104"]}})
    migrations.migrate(lake)
    assert lake.sightings(lake.manifest("hn_hiring.live"))["104"].closed_on == JUNE


def test_a_migration_that_is_run_again_changes_nothing(lake):
    migrations.migrate(lake)
    before = content(lake)
    assert migrations.migrate(lake) == []
    assert content(lake) == before
    (lake.folder / "format.json").unlink()  # as a run that was killed just before left it
    assert migrations.migrate(lake) == []
    assert content(lake) == before


@pytest.mark.parametrize("where", ["commit", "write_sightings"])
def test_a_migration_that_is_cut_off_is_finished_by_the_next_run(
    lake, tmp_path, monkeypatch, where
):
    whole = Lake(tmp_path / "whole")
    for path, body in content(lake).items():
        (whole.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (whole.folder / path).write_bytes(body)
    migrations.migrate(whole)

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Lake, where, cut_off)
        with pytest.raises(KeyboardInterrupt):
            migrations.migrate(lake)
    assert not lake.manifest("hn_hiring.live").sightings
    migrations.migrate(lake)
    assert content(lake) == content(whole)


def test_files_sources_of_format_1_are_left_as_they_are(lake):
    part = write_part(
        lake, "board", "dd", 4, [Posting("board:1", "board", "1", "Engineer")], [], MAY
    )
    old_manifest(lake, "board", [vars_of(part)], {"posting_source": "board"})
    before = (lake.folder / "board" / "manifest.json").read_bytes()
    migrations.migrate(lake)
    assert (lake.folder / "board" / "manifest.json").read_bytes() == before


def vars_of(part):
    return {name: getattr(part, name) for name in part.__slots__}


@pytest.fixture
def second(lake):
    """Return a lake of format 2: sightings that know no reopening, parts that name no board."""
    migrations.migrate(lake)
    manifest = lake.manifest("hn_hiring.live")
    path = lake.sightings_path(manifest)
    table = pq.read_table(path).drop_columns(["n_reopened", "reopened_on", "closed_before_on"])
    manifest.sightings = "0123.sightings.parquet"
    lake_tables.write_table(path.with_name(manifest.sightings), table)
    lake.commit(manifest)
    for part in manifest.parts:
        path = lake.postings_path(manifest.source, part.name)
        lake_tables.write_table(path, pq.read_table(path).drop_columns(["board"]))
    (lake.folder / "format.json").write_text('{"version": 2}')
    return lake


def boards(lake):
    paths = sorted(lake.folder.glob("hn_hiring.live/*.postings.parquet"))
    rows = [row for path in paths for row in pq.read_table(path).to_pylist()]
    return {(row["source_id"], row["board"]) for row in rows}


@pytest.mark.parametrize("is_stated", [True, False])
def test_a_lake_of_format_2_gets_reopenings_and_boards(second, is_stated):
    before = second.sightings(second.manifest("hn_hiring.live"))
    if not is_stated:  # as the first versions of format 2 left it
        (second.folder / "format.json").unlink()
    said = migrations.migrate(second)
    assert said == ["hn_hiring.live: brought to format 3, 3 postings with their boards"]
    manifest = second.manifest("hn_hiring.live")
    assert second.sightings(manifest) == before
    names = pq.read_schema(second.sightings_path(manifest)).names
    assert names == lake_tables.SIGHTING_SCHEMA.names
    assert boards(second) == {("101", "41"), ("102", "41"), ("103", "42")}
    assert migrations.migrate(second) == []


def test_what_cannot_be_read_stops_no_migration(second):
    second.sightings_path(second.manifest("hn_hiring.live")).write_bytes(b"garbage")
    assert migrations.migrate(second) == []
    assert len(lake_care.heal(second)) == 1
    assert len(second.sightings(second.manifest("hn_hiring.live"))) == 3


def test_a_new_lake_and_one_of_today_are_of_the_newest_format(tmp_path):
    lake = Lake(tmp_path / "lake")
    assert migrations.migrate(lake) == []
    assert not lake.folder.exists()
    lake.commit(Manifest("remotive.live"))
    assert migrations.migrate(lake) == []
    assert json.loads((lake.folder / "format.json").read_text()) == {"version": 3}


def test_a_lake_of_a_later_version_is_refused_with_what_to_run(lake):
    (lake.folder / "format.json").write_text('{"version": 99}')
    before = content(lake)
    with pytest.raises(PipelineError) as refused:
        migrations.migrate(lake)
    line = str(refused.value)
    assert "saw format 99, which a newer jobmarket wrote" in line
    assert "run that one here" in line
    assert "--data DIR" in line
    assert "\n" not in line
    assert content(lake) == before


@pytest.mark.parametrize("body", ["", "not json", "[]", '{"version": "two"}', '{"version": 0}'])
def test_a_format_that_cannot_be_read_is_no_guess(lake, body):
    (lake.folder / "format.json").write_text(body)
    with pytest.raises(PipelineError, match="remove the file"):
        migrations.migrate(lake)


def test_a_folder_of_format_1_goes_on_as_if_it_had_never_been_another(tmp_path):
    with LocalServer() as server:
        site = LocalNews(server)
        for item in (101, 102, 103):
            site.add(item, f"Employer {item} | Engineer {item} | Berlin<p>PyTorch {item}")
        server.call("/api/v1/search_by_date", site.search)
        place = Place(tmp_path)
        place.config(files_entry("board", "*.csv"), hn=hn_entry(server.url))
        write_csv(tmp_path / "a.csv", ads(20))
        assert [place.call("ingest").code, place.call("build").code] == [0, 0]
        before = place.hashes()
        _as_format_1(Lake(place.data / "lake"))
        done = place.call("ingest")
        assert done.code == 0, done.err
        assert "hn_hiring: unchanged, 3 read, 3 kept, 0 set aside, 0 new" in done.out
        assert place.call("build").code == 0
        assert place.hashes() == before


def _as_format_1(lake):
    """Write a live source's folder as format 1 had it."""
    manifest = lake.manifest("hn_hiring.live")
    seen = lake.sightings(manifest)
    threads = {}
    for source_id, one in seen.items():
        threads.setdefault(one.scope, []).append(source_id)
    parts = []
    for part in manifest.parts:
        path = lake.postings_path(manifest.source, part.name)
        table = pq.read_table(path)
        closed = pa.array([None] * table.num_rows, pa.date32())
        lake_tables.write_table(path, table.append_column("closed_on", closed))
        parts.append(vars_of(part))
    hashes = {one.posting_id: one.stated for one in seen.values()}
    old_manifest(lake, manifest.source, parts, {"threads": threads, "hashes": hashes})
    lake.sightings_path(manifest).unlink()
    (lake.folder / "format.json").unlink(missing_ok=True)
