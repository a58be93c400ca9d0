"""The lake over several nights: what is new is read, what is gone goes, nothing is half written."""

import os
import time
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from small_data import ad, ads, write_csv, write_jsonl

from pipeline.edge import lake_care
from pipeline.edge.extraction import extract_part, unread
from pipeline.edge.ingest import ingest_files
from pipeline.edge.lake import Lake
from pipeline.facts import extractor_version
from pipeline.sources.files import FileSpec

TODAY = date(2026, 11, 20)
COMMENT = (
    "Invented Boats | Machine Learning Engineer | Boston, MA | ONSITE\n\nWe use PyTorch daily."
)


class Nights:
    """A lake and one collection of files, ingested night after night."""

    def __init__(self, folder):
        self.folder = folder
        self.lake = Lake(folder / "lake")
        self.forgotten = frozenset()
        self.spec = FileSpec("board", str(folder / "in" / "*"), frame="all_jobs")
        (folder / "in").mkdir()

    def file(self, name="a.csv"):
        return self.folder / "in" / name

    def ingest(self, version="reader-1", spec=None):
        return ingest_files(
            self.lake, spec or self.spec, version=version, today=TODAY, forgotten=self.forgotten
        )

    def rows(self, kind="postings"):
        folder = self.lake.folder / "board"
        parts = [f"{part.name}.{kind}.parquet" for part in self.lake.manifest("board").parts]
        tables = [pq.read_table(folder / name) for name in parts if (folder / name).exists()]
        return [row for table in tables for row in table.to_pylist()]

    def ids(self):
        return sorted(row["posting_id"] for row in self.rows())

    def files(self):
        return {path.name: path.stat().st_mtime_ns for path in self.lake.folder.rglob("*.parquet")}


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path)


def test_a_repeated_id_in_one_file_is_set_aside_and_its_first_record_kept(nights):
    write_csv(nights.file(), [ad(1), ad(2), ad(1, title="Another Title")])
    run = nights.ingest()
    assert (run.n_read, run.n_kept, run.n_rejected) == (3, 2, 1)
    assert [(row["source_id"], row["reason"]) for row in nights.rows("rejects")] == [
        ("board:p1", "duplicate_id")
    ]
    assert "Another Title" not in {row["title"] for row in nights.rows()}


def test_a_row_that_links_to_a_hacker_news_item_is_that_item(nights):
    link = "https://news.ycombinator.com/item?id=81818181"
    write_jsonl(nights.file("a.jsonl"), [ad(1, url=link, description=COMMENT), ad(2)])
    nights.ingest()
    found = {row["posting_id"]: row for row in nights.rows()}
    assert set(found) == {"hn:81818181", "board:p2"}
    assert found["hn:81818181"]["source"] == "hn_hiring"
    assert found["hn:81818181"]["employer"] == "Invented Boats"


def test_columns_nobody_decided_about_are_listed_once(nights):
    for name in ("a.csv", "b.csv"):
        rows = [
            {**one, "colour": "blue", "mood": "calm"} for one in ads(5, len(name) + ord(name[0]))
        ]
        write_csv(nights.file(name), rows)
    assert nights.ingest().drift == ["colour", "mood"]


def test_a_second_night_without_news_writes_nothing(nights):
    write_csv(nights.file(), ads(20))
    assert nights.ingest().verdict == "complete"
    before = nights.files()
    run = nights.ingest()
    assert (run.verdict, run.n_new, run.n_kept) == ("unchanged", 0, 20)
    assert nights.files() == before


def test_a_file_touched_without_a_change_is_not_read_again(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    before = nights.files()
    os.utime(nights.file(), (1, 1))
    assert nights.ingest().verdict == "unchanged"
    assert nights.files() == before


def test_a_new_file_adds_its_postings_and_leaves_the_others_as_they_are(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    before = nights.files()
    write_csv(nights.file("b.csv"), ads(5, 100))
    run = nights.ingest()
    assert (run.n_new, run.n_kept) == (5, 25)
    assert before.items() <= nights.files().items()


def test_a_row_that_vanished_from_a_file_leaves_the_lake(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    write_csv(nights.file(), ads(19))
    nights.ingest()
    assert "board:p19" not in nights.ids()
    assert len(nights.ids()) == 19
    assert sum("postings" in name for name in nights.files()) == 1


def test_a_file_that_cannot_be_read_tonight_keeps_what_was_read_of_it(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    nights.file().write_bytes(b"")
    run = nights.ingest()
    assert (run.verdict, run.n_kept) == ("truncated", 20)
    assert len(nights.ids()) == 20


def test_another_reader_reads_every_file_again(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    assert nights.ingest(version="reader-2").n_new == 20
    assert len(nights.ids()) == 20


def test_a_changed_mapping_reads_the_file_again(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    mapped = FileSpec("board", nights.spec.path, frame="all_jobs", mapping={"employer": "location"})
    nights.ingest(spec=mapped)
    assert "Boston, MA" in {row["employer"] for row in nights.rows()}


def test_a_file_larger_than_a_part_is_read_into_several(nights):
    write_csv(nights.file(), ads(6_500))
    run = nights.ingest()
    parts = nights.lake.manifest("board").parts
    assert [part.n_postings for part in parts] == [3_000, 3_000, 500]
    assert (run.n_kept, len(set(nights.ids()))) == (6_500, 6_500)


def test_a_repeated_id_is_found_however_far_apart(nights):
    write_csv(nights.file(), [*ads(3_500), ad(0, title="Late Copy")])
    run = nights.ingest()
    assert (run.n_kept, run.n_rejected) == (3_500, 1)


def test_parts_that_no_manifest_names_are_not_there(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    part = nights.lake.manifest("board").parts[0]
    stray = nights.lake.postings_path("board", "0123-0")
    stray.write_bytes(nights.lake.postings_path("board", part.name).read_bytes())
    assert len(nights.ids()) == 20
    nights.lake.commit(nights.lake.manifest("board"))
    assert not stray.exists()


def test_a_posting_removed_from_the_lake_is_in_none_of_its_files(nights):
    write_csv(nights.file(), ads(20))
    nights.ingest()
    assert nights.lake.remove_postings({"board:p7"}) == 1
    assert "board:p7" not in nights.ids()
    for path in nights.lake.folder.rglob("*.parquet"):
        assert "Team 7 builds" not in str(pq.read_table(path).to_pylist())


def test_a_forgotten_posting_stays_away_and_its_id_is_not_kept(nights):
    write_csv(nights.file(), ads(20))
    nights.forgotten = frozenset({"board:p7"})
    run = nights.ingest()
    assert (run.n_read, run.n_kept, run.n_rejected) == (20, 19, 1)
    assert [(row["source_id"], row["reason"]) for row in nights.rows("rejects")] == [
        ("", "forgotten on request")
    ]


def test_a_lake_of_many_parts_is_looked_after_in_a_moment(nights):
    """A look at the folder for each part would take the square of their number: ten seconds."""
    write_csv(nights.file(), ads(1))
    nights.ingest()
    folder, manifest = nights.lake.folder / "board", nights.lake.manifest("board")
    name, version = manifest.parts[0].name, extractor_version()
    extract_part(str(nights.lake.folder), "board", name, version)
    files = list(folder.glob(f"{name}.*"))
    for number in range(2_000):
        for path in files:
            os.link(path, folder / path.name.replace(name, f"many-{number}"))
        manifest.parts.append(replace(manifest.parts[0], name=f"many-{number}"))
    nights.lake.commit(manifest)
    lake_care.note(nights.lake)
    began = time.process_time()
    assert lake_care.heal(nights.lake) == []
    assert unread(nights.lake, version) == []
    assert time.process_time() - began < 3
