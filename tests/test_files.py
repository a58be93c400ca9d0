"""Broken input files through the real commands: one line each, the rest ingested, nothing lost."""

import gzip

import pyarrow.parquet as pq
import pytest
import zstandard
from small_data import Place, ad, ads, files_entry, write_csv, write_jsonl, write_parquet

from pipeline.digest import digest_of, render
from pipeline.edge.files import BadRow, Row, read_rows
from pipeline.facts import facts
from pipeline.sources.files import FileSpec, columns, posting_from_row

UNREADABLE = {
    "empty": ("empty.csv", "the file is empty"),
    "folder": ("folder.csv", "is a directory"),
    "short": ("short.parquet", "not a whole Parquet file"),
    "suffix": ("letter.docx", "expected .csv"),
    "cut_gz": ("cut.jsonl.gz", "breaks off"),
    "cut_zst": ("cut.csv.zst", "breaks off"),
    "damaged_gz": ("damaged.jsonl.gz", "breaks off"),
    "nothing_there": ("no-*.csv", "no file matches"),
    "no_column": ("unmapped.csv", "expected a column 'Job Title'"),
    "no_text": ("no_text.csv", "expected a title or description column"),
    "only_noise": ("noise.jsonl", "none of its"),
    "only_header": ("header.csv", "holds no records"),
    "guarded": ("guarded.csv", "cannot be read"),
}
MAPPING = 'mapping = { title = "Job Title" }'


def without_last_quote(path, name):
    """Take away the mark that closes one posting's description."""
    text = path.read_text(encoding="utf-8")
    assert text.count(name) == 1
    at = text.index('"', text.index(name) + len(name))
    path.write_text(text[:at] + text[at + 1 :], encoding="utf-8")


def write_broken(folder):
    """Write one file of each kind, and return the entries of the config."""
    plain = [{**one, "description": one["description"].replace("\n", " ")} for one in ads(220)]
    write_csv(folder / "quote.csv", [{**one, "location": "Boston"} for one in plain])
    lines = (folder / "quote.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[100] = lines[100].replace("Team", '"Team', 1).replace('""Team', '"Team', 1)
    lines[100] = lines[100].replace(",Boston,", ',"Boston,', 1)  # opened, never closed
    (folder / "quote.csv").write_text("".join(lines), encoding="utf-8")
    lines = [one.encode() for one in _json_lines(ads(300))]
    lines[50] = b'{"posting_id": "bad", "title": "\xff\xfe"}\n'
    lines[200] = b'{"posting_id": "cut", "title": \n'
    (folder / "bytes.jsonl").write_bytes(b"".join(lines))
    with (folder / "long.jsonl").open("wb") as file:
        file.writelines(lines[:10])
        file.write(b'{"posting_id": "long", "description": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n')
        file.writelines(lines[10:20])
    body = "".join(_json_lines(ads(120, 1000))).encode()
    (folder / "dump_a.jsonl.gz").write_bytes(gzip.compress(body))
    frames = zstandard.compress(body[:0] + _joined(130, 2000)) + zstandard.compress(
        _joined(5, 2500)
    )
    (folder / "dump_b.jsonl.zst").write_bytes(frames)
    write_parquet(folder / "dump_c.parquet", ads(110, 3000))
    (folder / "empty.csv").write_bytes(b"")
    (folder / "folder.csv").mkdir()
    whole = write_parquet(folder / "short.parquet", ads(60)).read_bytes()
    (folder / "short.parquet").write_bytes(whole[: len(whole) // 2])
    write_csv(folder / "letter.docx", ads(3))
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(body)[:-200])
    write_csv(folder / "cut.csv", ads(200))
    (folder / "cut.csv.zst").write_bytes(
        zstandard.compress((folder / "cut.csv").read_bytes())[:-200]
    )
    damaged = bytearray(gzip.compress(body))
    damaged[1000:1100] = b"\xff" * 100
    (folder / "damaged.jsonl.gz").write_bytes(damaged)
    write_csv(folder / "unmapped.csv", ads(3))
    (folder / "no_text.csv").write_text("id,employer\n1,Invented Works\n")
    (folder / "noise.jsonl").write_text("neither\nof these\n")
    (folder / "header.csv").write_text("id,title\n")
    (folder / "guarded.csv").symlink_to("/proc/self/mem")  # opens, and no byte of it can be read
    return [
        files_entry("quote", "quote.csv"),
        files_entry("bytes", "bytes.jsonl"),
        files_entry("long", "long.jsonl"),
        files_entry("dumps", "dump_*"),
        *(
            files_entry(name, path, MAPPING if name == "no_column" else "")
            for name, (path, _) in UNREADABLE.items()
        ),
    ]


def _json_lines(rows):
    import json

    return [json.dumps(row) + "\n" for row in rows]


def _joined(count, start):
    return "".join(_json_lines(ads(count, start))).encode()


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """Ingest one file of each kind, then publish; return the place and how both ended."""
    place = Place(tmp_path_factory.mktemp("broken"))
    place.config(*write_broken(place.folder))
    return place, place.run("ingest"), place.run("build")


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_named_once_with_what_is_wrong(broken, name):
    path, words = UNREADABLE[name]
    _, ended, _ = broken
    where = name if name in {"no_column", "no_text", "nothing_there"} else path
    said = [line for line in ended.err.splitlines() if line.startswith(f"jobmarket: {where}: ")]
    assert len(said) == 1, ended.err
    assert words in said[0]
    assert ended.err.count(said[0].removeprefix("jobmarket: ")) == 1
    assert f"{name}: failed, 0 read, 0 kept" in ended.out


def test_the_readable_files_are_ingested_and_the_exit_code_says_that_some_were_not(broken):
    place, ingested, built = broken
    assert (ingested.code, built.code) == (3, 0), ingested.err + built.err
    assert "Traceback" not in ingested.err
    kept = dict(place.ask("select source, count(*) from core.postings group by all"))
    assert kept == {"quote": 219, "bytes": 298, "long": 20, "dumps": 365}


def test_every_line_set_aside_is_published_with_its_place_and_reason(broken):
    place, _, _ = broken
    rows = place.ask("select source, source_id, reason from core.rejects order by all")
    assert [(source, at) for source, at, _ in rows] == [
        ("bytes", "bytes.jsonl:201"),
        ("bytes", "bytes.jsonl:51"),
        ("long", "long.jsonl:11"),
        ("quote", "quote.csv:101"),
    ]
    reasons = [reason for _, _, reason in rows]
    assert reasons[0].startswith("not JSON")
    assert reasons[1].startswith("invalid UTF-8 at byte ")
    assert reasons[2] == "line is longer than 8,000,000 bytes"
    assert "never closed" in reasons[3]


def test_read_is_kept_and_set_aside_of_every_source(broken):
    place, _, _ = broken
    rows = place.ask("select source, n_read, n_kept, n_rejected from ops.source_runs order by all")
    assert [row[0] for row in rows] == ["bytes", "dumps", "long", "quote"]
    assert all(n_read == n_kept + n_rejected for _, n_read, n_kept, n_rejected in rows)


def test_lines_set_aside_alone_are_no_failure(tmp_path):
    place = Place(tmp_path)
    write_csv(tmp_path / "a.csv", ads(120))
    without_last_quote(tmp_path / "a.csv", "Team 60 builds")
    place.config(files_entry("board", "a.csv"))
    done = place.run("ingest")
    assert done.code == 0, done.err
    assert not done.errors


def test_nothing_readable_at_all_fails(tmp_path):
    place = Place(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"")
    place.config(files_entry("board", "a.csv"))
    assert place.run("ingest").code == 1


def rows_of(path):
    return [row for row in read_rows(path) if isinstance(row, Row)]


def bad_lines(path):
    return [row.line for row in read_rows(path) if isinstance(row, BadRow)]


@pytest.mark.parametrize("where", [0, 7, 19])
def test_an_unclosed_quote_costs_its_own_record_and_no_other(tmp_path, where):
    path = write_csv(tmp_path / "a.csv", ads(20))
    without_last_quote(path, f"Team {where} builds")
    found = [row.values["posting_id"] for row in rows_of(path)]
    assert found == [f"p{number}" for number in range(20) if number != where]
    assert bad_lines(path)


def test_a_mark_inside_a_plain_field_opens_nothing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,title,size\n1,desk,5" wide\n2,chair,plain\n3,lamp,7" high\n4,shelf,plain\n')
    assert [row.values["id"] for row in rows_of(path)] == ["1", "2", "3", "4"]
    assert bad_lines(path) == []


def test_records_between_two_broken_ones_are_not_swallowed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,title,text\n1,"a,b\n2,c,d\n3,e,f\n4,g,"\nlast"\n5,h,i\n')
    assert [row.values["id"] for row in rows_of(path)] == ["2", "3", "4", "5"]


def test_a_field_over_several_lines_is_one_record(tmp_path):
    rows = [ad(1, description='Says "hello",\n\nthen\nleaves'), ad(2)]
    path = write_csv(tmp_path / "a.csv", rows)
    assert [row.values for row in rows_of(path)] == rows


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfid,title\r\n1,Data Scientist\r\n")
    assert rows_of(path)[0].values == {"id": "1", "title": "Data Scientist"}


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet", "jsonl.gz", "jsonl.zst"])
def test_every_format_gives_the_same_rows(tmp_path, form):
    rows = ads(30)
    path = tmp_path / f"a.{form}"
    if form == "parquet":
        write_parquet(path, rows)
    elif form == "csv":
        write_csv(path, rows)
    elif form == "tsv":
        cells = [[value.replace("\n", " ") for value in row.values()] for row in rows]
        rows = [dict(zip(rows[0], row, strict=True)) for row in cells]
        path.write_text("\n".join("\t".join(row) for row in [list(rows[0]), *cells]) + "\n")
    else:
        body = write_jsonl(tmp_path / "b.jsonl", rows).read_bytes()
        pack = {"jsonl": bytes, "jsonl.gz": gzip.compress, "jsonl.zst": zstandard.compress}[form]
        path.write_bytes(pack(body))
    assert [row.values for row in rows_of(path)] == rows


def test_a_parquet_file_damaged_inside_keeps_the_rows_before_the_damage(tmp_path):
    path = tmp_path / "a.parquet"
    import pyarrow as pa

    table = pa.Table.from_pylist(ads(6_000))
    pq.write_table(table, path, row_group_size=2_000, compression="zstd", use_dictionary=False)
    content = bytearray(path.read_bytes())
    at = pq.ParquetFile(path).metadata.row_group(2).column(4).data_page_offset
    content[at : at + 400] = b"\xff" * 400
    path.write_bytes(content)
    found = list(read_rows(path))
    assert len([row for row in found if isinstance(row, Row)]) >= 2_000
    assert isinstance(found[-1], BadRow)
    assert "breaks off" in found[-1].reason


@pytest.mark.parametrize(
    ("usual", "row", "seen"),
    [
        ("full_text", {"description": "Two years of PyTorch."}, "full_text"),
        ("full_text", {}, "titles"),
        ("full_text", {"description": "<p> </p>"}, "titles"),
        ("full_text", {"skills": ["PyTorch"]}, "skill_list"),
        ("snippet", {"description": ""}, "titles"),
        ("skill_list", {"skills": ["PyTorch"]}, "skill_list"),
        ("titles", {"skills": ["PyTorch"]}, "titles"),
    ],
)
def test_a_posting_that_came_without_its_text_is_not_taken_for_a_full_one(usual, row, seen):
    spec = FileSpec("board", "", observes=usual)
    values = {"posting_id": "1", "title": "Engineer", **row}
    found = posting_from_row(values, columns(spec, list(values)), spec, "board:1")
    assert found.observes == seen
    digest = digest_of(found, facts(found))
    assert digest["observes"] == seen
    assert digest_of(render(digest), facts(render(digest)))["observes"] == seen


def test_what_an_ad_without_text_shows_is_published(tmp_path):
    place = Place(tmp_path)
    place.config(files_entry("board", "a.csv"))
    rows = ads(60)
    for row in rows[:20]:
        row["description"] = ""
    write_csv(tmp_path / "a.csv", rows)
    assert [place.call("ingest").code, place.call("build").code] == [0, 0]
    shown = "select observes, count(*) from core.postings group by all order by all"
    assert place.ask(shown) == [("full_text", 40), ("titles", 20)]
