"""Tables to take away: one as CSV or Parquet, or all of a run with a manifest that pins them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil

import pyarrow.parquet as pq
import pytest
from small_data import Place, ads, files_entry, write_csv

from pipeline.edge import release
from pipeline.errors import InputError, PipelineError


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with 60 postings published."""
    place = Place(tmp_path_factory.mktemp("release"))
    write_csv(place.folder / "a.csv", ads(60))
    place.config(files_entry("board", "a.csv"))
    for stage in ("ingest", "build"):
        done = place.call(stage)
        assert done.code == 0, done.err
    return place


@pytest.fixture(scope="module")
def released(place):
    """A release of it."""
    done = place.call("release", "first")
    assert done.code == 0, done.err
    return place.folder / "first"


@pytest.fixture
def copy(released, tmp_path):
    """A copy of the release that a test may spoil."""
    return shutil.copytree(released, tmp_path / "copy")


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


# --- one table


@pytest.mark.parametrize("table", ["core.postings", "mart.framework_pairs", "postings", "claims"])
def test_a_table_goes_out_as_csv_with_every_row(place, table):
    done = place.call("export", table, "--out", "out.csv")
    assert done.code == 0, done.err
    with (place.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(len(rows),)] == place.ask(f"select count(*) from {table}")
    assert f"{len(rows):,} rows" in done.out


def test_a_table_goes_out_as_parquet_with_its_types(place):
    assert place.call("export", "core.postings", "--out", "out.parquet").code == 0
    table = pq.read_table(place.folder / "out.parquet")
    assert table.num_rows == 60
    assert str(table.schema.field("posted_on").type) == "date32[day]"
    assert table.column("posting_id").to_pylist() == sorted(table.column("posting_id").to_pylist())


def test_a_table_goes_to_standard_output_where_no_file_is_named(place):
    out = place.run_bytes("export", "core.frameworks")
    rows = list(csv.DictReader(io.StringIO(out.decode())))
    (pytorch,) = [row for row in rows if row["framework"] == "pytorch"]
    assert (pytorch["title"], pytorch["is_deep_learning"]) == ("PyTorch", "true")
    assert "torch" in json.loads(pytorch["ambiguous_spellings"])
    assert place.run_bytes("export", "core.frameworks", "--format", "parquet")[:4] == b"PAR1"


def test_lists_are_json_in_csv_and_lists_in_parquet(place):
    assert place.call("export", "postings", "--out", "v.csv").code == 0
    assert place.call("export", "postings", "--out", "v.parquet").code == 0
    with (place.folder / "v.csv").open(encoding="utf-8", newline="") as file:
        in_csv = [json.loads(row["frameworks"]) for row in csv.DictReader(file)]
    assert in_csv == pq.read_table(place.folder / "v.parquet").column("frameworks").to_pylist()
    assert any("pytorch" in names for names in in_csv)


def test_csv_is_read_back_as_it_was_whatever_stands_in_it(tmp_path):
    place = Place(tmp_path)
    odd = ads(3)
    odd[0]["title"] = 'Engineer, "learning"\nand Söhne; 工程师'
    write_csv(tmp_path / "a.csv", odd)
    place.config(files_entry("board", "a.csv"))
    assert place.call("ingest").code == place.call("build").code == 0
    assert place.call("export", "core.postings", "--out", "out.csv").code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert [(title,) for title in titles] == place.ask(
        "select title from core.postings order by posting_id"
    )


def test_a_bare_name_is_the_view_before_the_table(place):
    place.call("export", "postings", "--out", "view.csv")
    place.call("export", "core.postings", "--out", "table.csv")
    heads = [
        (place.folder / name).read_text().partition("\n")[0] for name in ("view.csv", "table.csv")
    ]
    assert "n_copies" in heads[0]
    assert "content_hash" in heads[1]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("mart.framework_pair", "did you mean mart.framework_pairs"),
        ("core.posting", "did you mean core.postings"),
        ("framework_dmand", "mart.framework_demand"),
        ("zzzzzzzz", "known are"),
        ("core.postings; drop table x", "expected a table or view"),
        ("a.csv", "expected a table or view"),
        ("duckdb_settings()", "expected a table or view"),
        ("", "expected a table or view"),
    ],
)
def test_an_unknown_table_is_exit_2_with_near_names(place, asked, words):
    done = place.call("export", asked, "--out", "none.csv")
    assert done.code == 2
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert not (place.folder / "none.csv").exists()


def test_an_export_into_no_folder_is_exit_2(place):
    done = place.call("export", "core.frameworks", "--out", "no/such/out.csv")
    assert (done.code, len(done.err.splitlines())) == (2, 1)


def test_an_export_that_fails_leaves_the_file_that_was_there(place):
    (place.folder / "mine.csv").write_text("mine")
    assert place.call("export", "no_such", "--out", "mine.csv").code == 2
    assert (place.folder / "mine.csv").read_text() == "mine"
    assert list(place.folder.glob("*.part")) == []


def test_an_export_without_a_published_file_says_what_to_run(tmp_path):
    done = Place(tmp_path).call("export", "postings", "--out", "out.csv")
    assert done.code == 2
    assert "run `jobmarket run` first" in done.err


# --- a whole release


def test_a_release_holds_every_table_with_its_rows_and_columns(place, released):
    files = {one["table"]: one for one in manifest(released)["files"]}
    tables = place.ask("""
        select schema_name || '.' || table_name from duckdb_tables()
        where schema_name in ('core', 'mart', 'claim', 'ops')
    """)
    assert files.keys() == {name for (name,) in tables}
    assert {one.name for one in released.iterdir()} == {
        "manifest.json", *(one["file"] for one in files.values()),
    }  # fmt: skip
    for name, one in files.items():
        table = pq.read_table(released / one["file"])
        assert [(table.num_rows,)] == [(one["rows"],)] == place.ask(f"select count(*) from {name}")
        assert table.column_names == [column["name"] for column in one["columns"]]
        assert all(column["comment"] for column in one["columns"])
        content = (released / one["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])


def test_a_manifest_says_which_run_which_versions_and_under_which_licence(place, released):
    values = manifest(released)
    run = place.ask("select run_id, as_of::varchar, version, extractor_version from ops.runs")[0]
    named = ("run_id", "as_of", "jobmarket_version", "extractor_version")
    assert tuple(values[name] for name in named) == run
    assert values["licences"] == {"board": "CC0-1.0"}
    assert "without their texts" in values["licence"]
    assert values["site"]["n_files"] > 3
    assert len(values["site"]["sha256"]) == 64


def test_the_words_of_ads_are_left_out_and_the_manifest_says_so(place, released):
    assert place.ask("select count(snippet) from core.mentions")[0][0] > 0
    assert "snippet" not in pq.read_table(released / "core.mentions.parquet").column_names
    assert [one["column"] for one in manifest(released)["left_out"]] == ["core.mentions.snippet"]
    held = "".join(str(pq.read_table(path).to_pylist()) for path in released.glob("*.parquet"))
    assert "Invented Works" in held
    assert "builds forecasting tools" not in held
    assert "Three years of" not in held


def test_the_same_published_file_gives_the_same_release(place, released):
    assert place.call("release", "second").code == 0
    for path in released.iterdir():
        assert path.read_bytes() == (place.folder / "second" / path.name).read_bytes(), path.name


def test_a_release_that_is_there_already_is_checked_and_left(place, released):
    before = {path: path.stat().st_mtime_ns for path in released.iterdir()}
    assert place.call("release", "first").code == 0
    assert {path: path.stat().st_mtime_ns for path in released.iterdir()} == before


def test_a_release_does_not_replace_another(tmp_path):
    place = Place(tmp_path)
    write_csv(tmp_path / "a.csv", ads(20))
    place.config(files_entry("board", "a.csv"))
    assert place.call("ingest").code == place.call("build").code == 0
    assert place.call("release", "out").code == 0
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    assert place.call("build").code == 0
    done = place.call("release", "out")
    assert done.code == 2
    assert "the release of run" in done.err
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert not (tmp_path / "out.part").exists()


def test_a_folder_with_other_files_is_left_alone(place, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = place.call("release", str(tmp_path))
    assert (done.code, "other files" in done.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_filled(place, tmp_path):
    (tmp_path / "empty").mkdir()
    assert place.call("release", str(tmp_path / "empty")).code == 0
    assert (tmp_path / "empty" / "manifest.json").is_file()


def test_what_a_killed_release_left_is_no_release_and_no_hindrance(place, tmp_path):
    left = tmp_path / "out.part"
    left.mkdir()
    (left / "core.postings.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="expected a release"):
        release.check(left)
    assert place.call("release", str(tmp_path / "out")).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_release_that_was_not_touched_is_as_its_manifest_says(place, released):
    done = place.call("release", "first", "--check")
    assert done.code == 0
    assert "as its manifest says" in done.out
    assert json.loads(place.call("release", "first", "--check", "--json").out) == manifest(released)


def changed(folder):
    path = folder / "core.postings.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (changed, "core.postings.parquet was changed"),
        (lambda folder: (folder / "ops.runs.parquet").unlink(), "ops.runs.parquet is missing"),
        (lambda folder: (folder / "mine.csv").write_text("1"), "mine.csv is no part of it"),
        (lambda folder: (folder / "core.x.parquet").mkdir(), "core.x.parquet is no part"),
    ],
)
def test_a_check_names_the_file_that_is_not_as_it_was(place, copy, spoil, words):
    spoil(copy)
    with pytest.raises(PipelineError, match=words):
        release.check(copy)
    done = place.call("release", str(copy), "--check")
    assert done.code == 1
    assert words in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"files": 3}', '{"files": [{"file": "a"}]}', "\ufffd{",
     '{"files": [{"file": "../a", "sha256": "", "rows": 1}]}',
     '{"files": [{"file": "/etc/hostname", "sha256": "", "rows": 1}]}'],
)  # fmt: skip
def test_a_manifest_that_is_none_is_exit_2(place, copy, text):
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    done = place.call("release", str(copy), "--check")
    assert (done.code, len(done.err.splitlines())) == (2, 1)


def test_a_check_of_no_release_is_exit_2(place):
    done = place.call("release", "nowhere", "--check")
    assert done.code == 2
    assert "expected a release" in done.err
