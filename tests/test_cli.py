"""The command as its users meet it: exit codes, one line an error, results to stdout."""

import csv
import io
import json
import subprocess
import sys
import tomllib

import duckdb
import pytest
from small_data import Place, ads, clean_environment, files_entry, write_csv

from pipeline.cli import _parser
from pipeline.commands import COMMANDS

HEAVY = ("duckdb", "spacy", "pandas", "prefect", "plotly", "pyarrow", "scipy", "statsmodels")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with 60 postings published."""
    place = Place(tmp_path_factory.mktemp("cli"))
    write_csv(place.folder / "a.csv", ads(60))
    place.config(files_entry("board", "a.csv"))
    assert place.call("ingest").code == 0
    done = place.call("build")
    assert done.code == 0, done.err
    return place


def test_help_loads_nothing_heavy(tmp_path):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline.cli", "--help"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()
    }
    assert "argparse" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_every_command_has_help_with_an_example(capsys):
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            _parser().parse_args([name, "--help"])
        shown = capsys.readouterr().out
        assert ended.value.code == 0
        assert "Example: jobmarket " + name in " ".join(shown.split())
        assert all(option in shown for option in ("--data", "--config", "--json"))


@pytest.mark.parametrize(
    "arguments",
    [("conquer",), ("run", "--sauce", "x"), (), ("sql",), ("bench", "luck"), ("sql", "a", "b")],
)
def test_wrong_usage_is_exit_2(tmp_path, arguments):
    done = Place(tmp_path).call(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "usage: jobmarket" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ingest", "nowhere"), "unknown source 'nowhere'; known are"),
        (("ingest", "--config", "missing.toml"), "missing.toml: no such config file"),
        (("claims", "no-such-claim"), "no claim 'no-such-claim'"),
        (("sql", "select nothing from nowhere"), "nowhere"),
        (("sql", "select 1", "--data", "elsewhere"), "run `jobmarket run` first"),
        (("site", "--data", "elsewhere"), "run `jobmarket run` first"),
        (("status", "--data", "elsewhere"), "no run yet"),
        (("sql", "selekt 1"), "syntax error"),
        (("extract", "none.jsonl", "out.jsonl"), "no such file"),
        (("extract", "a.csv", "no/such/folder/out.jsonl"), "does not exist"),
    ],
)
def test_a_wrong_word_is_exit_2_and_one_line(place, arguments, words):
    done = place.call(*arguments)
    assert done.code == 2, done.err
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("jobmarket: ")
    assert words in done.err
    assert done.out == ""


def test_an_unknown_source_of_a_run_is_exit_2_and_changes_nothing(place):
    before = place.warehouse.stat()
    done = place.call("ingest", "board", "nowhere")
    assert done.code == 2
    assert place.warehouse.stat() == before


def test_debug_shows_where_an_error_came_from(place):
    done = place.run("ingest", "nowhere", "--debug")
    assert done.code != 0
    assert "Traceback" in done.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense = [", "not readable as TOML"),
        ("colour = 1", "unknown key 'colour'"),
        ("[sources.linkedin]\nenabled = true", "unknown source [sources.linkedin]"),
        ('[[sources.files]]\nname = "x"', "needs name and path"),
        (files_entry("x", "a.csv", 'mood = "calm"'), "unknown key 'mood'"),
        (files_entry("x", "a.csv", 'dates = "soon"'), "dates = 'soon'"),
        (files_entry("x", "a.csv", 'mapping = { wage = "pay" }'), "'wage'"),
        (files_entry("x", "a.csv") * 2, "two [[sources.files]] are named 'x'"),
        ('retention_days = "long"', "retention_days"),
        ("sources = 3", "sources"),
        ('[sources]\nfiles = "a.csv"', "files"),
        ("[sources.reference]\nexclude = 3", "exclude"),
        ('[[sources.files]]\nname = 3\npath = "a.csv"', "name"),
        ('[[sources.files]]\nname = "../x"\npath = "a.csv"', "name"),
        ('[[sources.files]]\nname = "reference"\npath = "a.csv"', "reference"),
        ('[sources.hn_hiring]\nthreads = "two"', "threads"),
    ],
)
def test_a_wrong_config_is_exit_2_and_names_the_key(tmp_path, text, words):
    place = Place(tmp_path)
    (tmp_path / "jobmarket.toml").write_text(text, encoding="utf-8")
    done = place.call("sources")
    assert done.code == 2, done.err
    assert len(done.errors) == len(done.err.splitlines()) == 1
    assert words in done.err
    assert "jobmarket.toml" in done.err or "source x" in done.err


def test_init_writes_a_config_that_is_read(tmp_path):
    place = Place(tmp_path)
    assert place.call("init").code == 0
    text = (tmp_path / "jobmarket.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)
    assert {"reference", "hn_hiring"} <= values["sources"].keys()
    assert "terms" in text
    done = place.call("sources", "--json")
    assert done.code == 0, done.err
    assert {one["source"] for one in json.loads(done.out)} >= {"reference", "hn_hiring"}


def test_init_does_not_replace_a_config_unasked(tmp_path):
    place = Place(tmp_path)
    (tmp_path / "jobmarket.toml").write_text("retention_days = 3\n")
    assert place.call("init").code == 2
    assert (tmp_path / "jobmarket.toml").read_text() == "retention_days = 3\n"
    assert place.call("init", "--force").code == 0


@pytest.mark.parametrize(
    "statement",
    [
        "delete from core.postings",
        "create table mine as select 1",
        "insert into core.rejects values (null, null, null, null)",
        "drop table core.postings",
        "copy core.postings to 'stolen.csv'",
        "attach 'other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma database_list; drop table core.postings",
        "select 1; select 2",
        "select * from read_csv('a.csv')",
        "select * from 'a.csv'",
        "select * from read_text('/etc/hostname')",
        "select * from glob('*')",
        "export database 'copy'",
        "call pragma_version()",
        "",
    ],
)
def test_sql_only_reads_and_only_the_published_tables(place, capsys, statement):
    from pipeline.cli import main

    before = place.hashes(), sorted(path.name for path in place.folder.iterdir())
    config = ["--data", str(place.data), "--config", str(place.folder / "jobmarket.toml")]
    assert main(["sql", statement, *config]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert (place.hashes(), sorted(path.name for path in place.folder.iterdir())) == before


ROWS = "select posting_id, posted_on, salary_min_year from core.postings order by 1 limit 3"


def test_sql_prints_every_format(place):
    table = place.call("sql", ROWS).out
    assert table.splitlines()[0].split() == ["posting_id", "posted_on", "salary_min_year"]
    rows = list(csv.DictReader(io.StringIO(place.call("sql", ROWS, "--format", "csv").out)))
    objects = json.loads(place.call("sql", ROWS, "--format", "json").out)
    assert json.loads(place.call("sql", ROWS, "--json").out) == objects
    assert [row["posting_id"] for row in rows] == [one["posting_id"] for one in objects]
    assert objects[0]["posting_id"] == "board:p0"
    file = place.folder / "out.parquet"
    file.write_bytes(place.run_bytes("sql", ROWS, "--format", "parquet"))
    with duckdb.connect() as connection:
        found = connection.execute(f"select * from '{file}'").fetchall()
    assert [row[0] for row in found] == [one["posting_id"] for one in objects]


def test_sql_into_a_closed_pipe_is_no_error(place):
    with place.start("sql", "select unnest(range(200000))") as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 0
    assert said == b""


def test_claims_lists_every_verdict_and_one_in_full(place):
    everything = json.loads(place.call("claims", "--json").out)
    assert len(everything) >= 5
    one = everything[0]["claim_id"]
    in_full = json.loads(place.call("claims", one, "--json").out)
    assert in_full["claim_id"] == one
    assert one in place.call("claims").out


def test_sources_says_what_is_held_and_how_old_it_is(place):
    rows = {row["source"]: row for row in json.loads(place.call("sources", "--json").out)}
    assert rows["board"]["n_postings"] == 60
    assert rows["board"]["licence"] == "CC0-1.0"
    assert rows["board"]["enabled"] is True
    assert rows["reference"]["enabled"] is False
    assert "board" in place.call("sources").out


def test_status_says_how_the_last_run_went(place):
    values = json.loads(place.call("status", "--json").out)
    assert values["status"] == "published"
    assert set(values["stages"]) == {"extract", "build", "judge", "check", "publish"}
    assert values["published"]["run_id"] == values["run_id"]
    assert all(one["n_offending"] == 0 for one in values["checks"])
    assert "checks: " in place.call("status").out


def test_site_is_built_anew_from_what_is_published(place):
    (place.data / "site" / "index.html").unlink()
    done = place.call("site")
    assert (done.code, done.out.strip()) == (0, str(place.data / "site" / "index.html"))
    assert (place.data / "site" / "index.html").exists()


def test_forget_removes_one_posting_everywhere_and_it_stays_away(tmp_path):
    place = Place(tmp_path)
    write_csv(tmp_path / "a.csv", ads(30))
    place.config(files_entry("board", "a.csv"))
    assert place.call("ingest").code == 0
    assert place.call("build").code == 0
    done = place.call("forget", "board:p7")
    assert done.code == 0, done.err
    assert "1 from the lake" in done.out
    assert place.ask("select count(*) from core.postings") == [(29,)]
    write_csv(tmp_path / "a.csv", ads(31))
    assert place.call("ingest").code == 0
    assert place.call("build").code == 0
    assert place.ask("select count(*) from core.postings where source_id = 'p7'") == [(0,)]
    assert place.ask("select reason, source_id from core.rejects") == [
        ("forgotten on request", None)
    ]
    held = b"".join(path.read_bytes() for path in place.data.rglob("*") if path.is_file())
    assert b"Team 7 builds" not in held
