"""The warehouse is built whole, published whole, and only read afterwards."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date

import duckdb
import pandas as pd
import pytest
from warehouse_rows import (
    AS_OF,
    FRAMEWORKS,
    lake,
    mention,
    naming,
    place,
    posting,
    reject,
    run,
    tables,
)

from pipeline.edge import checks, lake_views, publish, query, statements, warehouse
from pipeline.edge.claim_tables import write_claims
from pipeline.errors import InputError, PipelineError

FOLDERS = ("inputs", "tables", "marts", "checks", "adhoc")
FILES = [path for folder in FOLDERS for path in sorted((statements.SQL / folder).glob("*.sql"))]

# the columns of INTERFACES that others rely on, in their order
PROMISED = {
    "core.postings": "posting_id source source_id source_family frame observes url title employer "
    "employer_id employer_kind industry posted_on date_kind first_seen_on last_seen_on closed_on "
    "language workplace salary_min_year salary_max_year salary_currency duplicate_of "
    "duplicate_reason is_ai licence content_hash extractor_version",
    "core.posting_roles": "posting_id role",
    "core.posting_seniority": "posting_id seniority",
    "core.posting_domains": "posting_id domain",
    "core.posting_places": "posting_id country subdivision metro city region",
    "core.mentions": "posting_id term kind framework field char_start char_end surface "
    "requirement alternative_group snippet extractor_version",
    "core.posting_frameworks": "posting_id framework requirement is_alternative",
    "core.rejects": "source source_id reason seen_on",
    "mart.framework_demand": "month source region country metro role employer_kind framework "
    "n_naming n_required n_preferred n_postings n_dl_postings n_employers",
    "claim.claims": "claim_id statement said_by rule_hash registered_on testable "
    "reason_not_testable",
    "claim.verdicts": "claim_id part time_window reading run_id as_of verdict estimate ci_low "
    "ci_high p_value q_value n_postings n_employers n_sources is_robust minimum_detectable",
    "claim.estimates": "claim_id part time_window source_family estimate ci_low ci_high "
    "n_postings n_employers pooled",
    "claim.sensitivity": "claim_id part time_window variant verdict estimate ci_low ci_high",
}


@pytest.fixture
def data(tmp_path):
    """Return a data folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def published(data, *postings, run_id="run-1", lake_name="lake", **more):
    """Build and publish a file, as a run does, and return its path."""
    path = data / "jobmarket.duckdb"
    rows = postings or [posting(frameworks=naming("pytorch"), mentions=[mention()])]
    files = lake(data.parent / lake_name, rows, **more)
    built = warehouse.next_to(path)
    warehouse.build(built, files, run(run_id), previous=path, frameworks=FRAMEWORKS)
    publish.publish(built, path)
    return path


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a published file that no test changes."""
    data = tmp_path_factory.mktemp("once") / "data"
    data.mkdir()
    return published(data)


def ask(path, sql):
    return query.query(path, sql).rows


# --- what core keeps


def test_full_text_goes_before_a_digest_and_then_the_highest_rank(tmp_path):
    digest = posting(observes="digest", part_rank=9, title="digest", digest="{}")
    older = posting(part_rank=1, title="older", first_seen_on=date(2026, 1, 1))
    newer = posting(part_rank=2, title="newer", frameworks=naming("keras"))
    connection = tables(lake(tmp_path, [digest], [newer], [older]))
    kept = "select title, first_seen_on from core.postings"
    assert connection.execute(kept).fetchall() == [("newer", date(2026, 1, 1))]
    frameworks = "select framework from core.posting_frameworks"
    assert connection.execute(frameworks).fetchall() == [("keras",)]


def test_every_record_is_kept_set_aside_or_superseded(data):
    files = lake(
        data,
        [posting("hn:1"), posting("hn:2")],
        [posting("hn:1", part_rank=1), posting("lever:1")],
        rejects=[reject("9")],
    )
    built = data / "counts.duckdb"
    ran = [warehouse.SourceRunRow("lever", "failed", message="503", drift=["perks"])]
    warehouse.build(built, files, run(), previous=None, frameworks=FRAMEWORKS, source_runs=ran)
    with warehouse.opened(built) as connection:
        rows = connection.execute("""
            select source, status, n_read, n_kept, n_rejected, n_superseded, message, drift
            from ops.source_runs order by source
        """).fetchall()
    assert rows == [
        ("hn", "not_run", 4, 2, 1, 1, None, "[]"),
        ("lever", "failed", 1, 1, 0, 0, "503", '["perks"]'),
    ]


def test_a_digest_stands_for_the_ad_it_was_made_from(tmp_path):
    made = {"observes": "skill_list", "extractor_version": "3"}
    link = {"duplicate_of": "hn:2", "duplicate_reason": "repost"}
    rows = [
        posting("hn:1", observes="digest", digest=json.dumps(made | link)),
        posting("hn:2", observes="digest", digest=json.dumps(made)),
    ]
    connection = tables(lake(tmp_path, rows))
    assert connection.execute("""
        select observes, extractor_version, duplicate_of, duplicate_reason
        from core.postings order by posting_id
    """).fetchall() == [("skill_list", "3", "hn:2", "repost"), ("skill_list", "3", None, None)]


def duplicates(tmp_path, links, ids="abcd"):
    rows = [posting(f"hn:{name}") for name in ids]
    found = [(f"hn:{one}", f"hn:{other}", "same text") for one, other in links]
    connection = tables(lake(tmp_path, rows, duplicates=found))
    rows = connection.execute("select posting_id, duplicate_of from core.postings").fetchall()
    return {one[3:]: other[3:] for one, other in rows if other}


@pytest.mark.parametrize(
    ("why", "links", "expected"),
    [
        ("a link", ["ba"], {"b": "a"}),
        ("a chain ends at its last", ["cb", "ba"], {"b": "a", "c": "a"}),
        ("what is not kept stands for nobody", ["bz"], {}),
        ("those left behind by it stand together", ["cz", "bz"], {"c": "b"}),
        ("a link may lead through it", ["bz", "za"], {"b": "a"}),
        ("a circle takes its smallest", ["ab", "bc", "ca"], {"b": "a", "c": "a"}),
        ("a tail of a circle too", ["bc", "cb", "db"], {"c": "b", "d": "b"}),
        ("itself", ["aa"], {}),
    ],
)
def test_duplicates_point_to_one_kept_posting(tmp_path, why, links, expected):
    assert duplicates(tmp_path, links) == expected, why


@pytest.mark.parametrize(
    ("period", "a_year"), [("year", 1), ("month", 12), ("day", 260), ("hour", 2080)]
)
def test_pay_is_given_per_year(tmp_path, period, a_year):
    pay = {"min": 10.5, "max": 20, "currency": "EUR", "period": period}
    connection = tables(lake(tmp_path, [posting(salary=pay)]))
    assert connection.execute("""
        select salary_min_year, salary_max_year, salary_currency, salary_period from core.postings
    """).fetchall() == [(10.5 * a_year, 20 * a_year, "EUR", period)]


def test_what_is_not_known_is_null(tmp_path):
    rows = [posting(employer_id="", places=[place("US")])]
    connection = tables(lake(tmp_path, rows))
    unknown = connection.execute("""
        select employer_id, metro, salary_min_year
        from core.postings inner join core.posting_places using (posting_id)
    """).fetchall()
    assert unknown == [(None, None, None)]


def test_an_employer_goes_by_its_most_frequent_name_and_known_kind(tmp_path):
    rows = [
        posting("hn:1", employer="Blue Door", employer_kind="unknown"),
        posting("hn:2", employer="Blue Door", employer_kind="unknown"),
        posting("hn:3", employer="BLUE DOOR Inc", employer_kind="agency"),
    ]
    connection = tables(lake(tmp_path, rows))
    employers = connection.execute("select * from core.employers").fetchall()
    assert employers == [("blue-door", "Blue Door", "agency", 3, False)]


def test_an_empty_lake_gives_empty_tables(tmp_path):
    connection = tables(lake_views.LakeFiles())
    assert connection.execute("select count(*) from core.postings").fetchone() == (0,)


def test_a_lake_without_the_facts_of_a_file_is_refused(tmp_path):
    files = lake(tmp_path, [posting()])
    files.facts.clear()
    with pytest.raises(PipelineError, match="saw 0 for 1"):
        tables(files)


# --- names, comments, files


@pytest.mark.parametrize("relation", PROMISED)
def test_the_promised_columns_come_first_and_in_order(published_once, relation):
    promised = PROMISED[relation].split()
    rows = ask(published_once, f"select column_name from (describe {relation})")
    assert [row[0] for row in rows][: len(promised)] == promised


def test_every_table_and_column_carries_a_comment(published_once):
    silent = ask(
        published_once,
        "select table_name, column_name from duckdb_columns() "
        "where not internal and comment is null union all "
        "select table_name, '' from duckdb_tables() where comment is null",
    )
    assert silent == []


def test_a_column_without_a_sentence_stops_the_build():
    with closing(duckdb.connect()) as connection:
        connection.execute("create schema core; create table core.postings (aura varchar)")
        with pytest.raises(PipelineError, match=r"columns\.toml: .* aura of core\.postings"):
            statements.comment_on(connection, "core.postings", "Every posting.")


def test_a_file_without_a_header_stops_the_build(tmp_path):
    folder = tmp_path / "marts"
    folder.mkdir()
    file = folder / "moods.sql"
    file.write_text("select 1 as one;")
    with pytest.raises(PipelineError, match=r"'-- mart\.moods'"):
        statements.read(file)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_sql_file_has_a_header_and_is_one_select(path):
    statement = statements.read(path)
    assert path.read_text().endswith(";\n")
    with closing(duckdb.connect()) as connection:
        kinds = [part.type for part in connection.extract_statements(path.read_text())]
    assert kinds == [duckdb.StatementType.SELECT]
    assert "select *" not in path.read_text()
    said = {"checks": "why:"}.get(path.parent.name, "grain:")
    assert said in statement.comment


def test_each_table_is_built_after_those_it_reads():
    files = [file for folder in FOLDERS[:3] for file in statements.read_folder(folder)]
    order = [file.relation for file in statements.in_order(reversed(files))]
    assert order.index("lake.kept") < order.index("lake.canonical") < order.index("core.postings")
    assert order.index("core.postings") < order.index("core.mentions")
    assert order.index("core.posting_places") < order.index("mart.framework_demand")


def test_files_that_read_each_other_are_named():
    circle = [
        statements.Statement("mart.a", "", "select one from mart.b"),
        statements.Statement("mart.b", "", "select one from mart.a"),
    ]
    with pytest.raises(PipelineError, match=r"circle.*mart\.a"):
        statements.in_order(circle)


# --- a whole build


def test_nothing_of_the_lake_is_named_in_the_published_file(published_once):
    content = published_once.read_bytes()
    assert b".parquet" not in content
    assert str(published_once.parent.parent).encode() not in content


def test_the_same_lake_gives_the_same_tables(data, tmp_path):
    first = query.same_tables_hash(published(data, run_id="run-1"))
    again = query.same_tables_hash(published(data, run_id="run-2"))
    assert first == again
    assert {"core.postings", "mart.framework_demand", "claim.estimates"} <= set(first)
    other = query.same_tables_hash(published(data, posting(title="Other"), lake_name="other"))
    assert {name for name in first if first[name] != other[name]} >= {"core.postings"}
    assert first["core.frameworks"] == other["core.frameworks"]


def test_runs_and_checks_of_earlier_files_are_kept(data):
    path = data / "jobmarket.duckdb"
    files = lake(data.parent / "lake", [posting()])
    for run_id in ("run-1", "run-2"):
        built = warehouse.next_to(path)
        warehouse.build(built, files, run(run_id), previous=path, frameworks=FRAMEWORKS)
        with warehouse.opened(built) as connection:
            found = checks.run_checks(connection, run_id=run_id, as_of=AS_OF, previous=path)
            warehouse.record_run(connection, run(run_id), found)
        publish.publish(built, path)
    assert ask(path, "select run_id from ops.runs order by all") == [("run-1",), ("run-2",)]
    assert ask(path, "select count(distinct run_id) from ops.source_runs") == [(2,)]
    per_run = ask(path, "select count(*) from ops.checks group by run_id")
    assert per_run == [(len(found),)] * 2


def test_a_broken_parquet_file_is_one_line_and_leaves_the_published_file(data):
    path = published(data)
    before = path.read_bytes()
    files = lake(data.parent / "lake", [posting()])
    files.postings[0].write_bytes(b"PAR1")
    with pytest.raises(PipelineError) as error:
        warehouse.build(warehouse.next_to(path), files, run(), previous=path, frameworks=FRAMEWORKS)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before


# --- claims


def verdict(run_id="run-1", **given):
    row = {
        "claim_id": "tf-most-demanded",
        "part": "all",
        "time_window": "last_24_months",
        "reading": "primary",
        "run_id": run_id,
        "as_of": AS_OF,
        "verdict": "supported",
        "estimate": 4.5,
        "n_postings": None,
    }
    return row | given


def test_verdicts_of_earlier_runs_are_kept_and_estimates_replaced(data):
    path = data / "jobmarket.duckdb"
    files = lake(data.parent / "lake", [posting()])
    for run_id in ("run-1", "run-2", "run-2"):
        built = warehouse.next_to(path)
        warehouse.build(built, files, run(run_id), previous=path, frameworks=FRAMEWORKS)
        with warehouse.opened(built) as connection:
            estimates = pd.DataFrame([{"claim_id": run_id, "estimate": float("nan")}])
            write_claims(connection, {"verdicts": [verdict(run_id)], "claim.estimates": estimates})
        publish.publish(built, path)
    assert ask(path, "select run_id, n_postings, q_value from claim.verdicts order by all") == [
        ("run-1", None, None),
        ("run-2", None, None),
    ]
    assert ask(path, "select claim_id, estimate from claim.estimates") == [("run-2", None)]
    kinds = ask(path, "select column_name, column_type from (describe claim.verdicts)")
    assert dict(kinds)["n_postings"] == "BIGINT"


def test_claims_without_rows_leave_an_empty_table_and_the_history(data):
    built = data / "claims.duckdb"
    files = lake(data.parent / "lake", [posting()])
    warehouse.build(built, files, run(), previous=None, frameworks=FRAMEWORKS)
    with warehouse.opened(built) as connection:
        write_claims(connection, {"verdicts": [verdict()], "estimates": []})
        write_claims(connection, {"verdicts": []})
        counts = "select (select count(*) from claim.verdicts), count(*) from claim.estimates"
        assert connection.execute(counts).fetchone() == (1, 0)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [("verdicts", {"mood": "good"}, "saw mood too"), ("moods", {}, "new name")],
)
def test_an_unknown_claim_table_or_column_is_refused(data, table, row, message):
    built = data / "claims.duckdb"
    files = lake(data.parent / "lake", [posting()])
    warehouse.build(built, files, run(), previous=None, frameworks=FRAMEWORKS)
    with warehouse.opened(built) as connection, pytest.raises(PipelineError, match=message):
        write_claims(connection, {table: [verdict(**row)]})


# --- publication


def test_the_published_file_is_read_only_and_alone(published_once):
    assert stat.S_IMODE(published_once.stat().st_mode) == 0o444
    assert [file.name for file in published_once.parent.iterdir()] == ["jobmarket.duckdb"]


def test_a_reader_with_the_old_file_open_reads_on(data):
    path = published(data, posting(title="old"))
    title = "select title from core.postings"
    # a process of its own: within one process DuckDB shares what it has open
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, duckdb\n"
            f"connection = duckdb.connect({str(path)!r}, read_only=True)\n"
            "print('open', flush=True)\n"
            "sys.stdin.readline()\n"
            f"print(connection.execute({title!r}).fetchall(), flush=True)\n",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "open\n"
    published(data, posting(title="new"), lake_name="newer")
    seen, _ = reader.communicate("go on\n", timeout=30)
    assert seen == "[('old',)]\n"
    assert ask(path, title) == [("new",)]


def test_a_stray_wal_is_set_aside_with_a_warning(data, caplog):
    path = published(data, posting(title="old"))
    for number in (1, 2):
        (data / "jobmarket.duckdb.wal").write_bytes(b"somebody's changes")
        caplog.clear()
        published(data, posting(title=f"new {number}"), lake_name=f"newer{number}")
        aside = data / f"jobmarket.duckdb.wal.stray-{number}"
        assert aside.read_bytes() == b"somebody's changes"
        assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert ask(path, "select title from core.postings") == [("new 2",)]


def test_a_run_killed_before_publication_leaves_the_old_file(data):
    path = published(data, posting(title="old"))
    files = lake(data.parent / "newer", [posting(title="new")])
    built = warehouse.next_to(path)
    warehouse.build(built, files, run("run-2"), previous=path, frameworks=FRAMEWORKS)
    assert ask(path, "select title from core.postings") == [("old",)]
    (data / "jobmarket.duckdb.next.wal").write_bytes(b"half a change")
    (data / "jobmarket.duckdb.next.tmp").mkdir()
    with pytest.raises(PipelineError, match="finished and closed"):
        publish.publish(built, path)
    published(data, posting(title="new"), lake_name="newer", run_id="run-3")
    assert ask(path, "select title from core.postings") == [("new",)]
    assert [file.name for file in data.iterdir()] == ["jobmarket.duckdb"]


# --- reading


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("create table core.mine (a integer)", "one select, saw create"),
        ("insert into core.rejects values ('a', 'b', 'c', null)", "one select, saw insert"),
        ("drop table core.postings", "one select, saw drop"),
        ("attach 'other.duckdb' as other", "one select, saw attach"),
        ("copy core.postings to 'out.csv'", "one select, saw copy"),
        ("set memory_limit = '1GB'", "one select, saw set"),
        ("install httpfs", "one select, saw load"),
        ("select 1; select 2", "one select, saw select, select"),
        ("", "one select, saw nothing"),
        ("select * from read_csv('/etc/hosts')", "file system operations are disabled"),
        ("select * from read_text('/etc/hosts')", "file system operations are disabled"),
        ("select * from '/etc/hosts.csv'", "file system operations are disabled"),
        ("select * from core.moods", "moods does not exist"),
        ("selec 1", "syntax error"),
        ("select * from reading", "does not exist"),
    ],
)
def test_a_query_reads_tables_and_does_nothing_else(published_once, sql, reason):
    with pytest.raises(InputError, match=reason) as error:
        query.query(published_once, sql)
    assert "\n" not in str(error.value)


def test_the_connection_itself_refuses_to_write_to_reach_files_or_to_be_reconfigured(
    published_once, tmp_path
):
    with closing(query.connect_readonly(published_once)) as connection:
        for sql in (
            "delete from core.postings",
            f"attach '{tmp_path}/other.duckdb' as other",
            f"copy core.postings to '{tmp_path}/out.csv'",
            "set enable_external_access = true",
            "load httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)
    assert list(tmp_path.iterdir()) == []


def test_without_a_published_file_the_next_step_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no published warehouse at .*; run `jobmarket run`"):
        query.query(tmp_path / "jobmarket.duckdb", "select 1")


def test_a_file_that_is_no_warehouse_is_one_line(tmp_path):
    path = tmp_path / "jobmarket.duckdb"
    path.write_text("something else")
    with pytest.raises(InputError, match="expected a warehouse that opens") as error:
        query.query(path, "select 1")
    assert "\n" not in str(error.value)


ODD = """
    select 1 as n, 'ä, "b"' as t, null as nothing, date '2026-05-01' as d, [1, 2] as l,
        sum(2) as s, 1.5 as x, {'a': date '2026-05-01'} as o, true as b
"""


def test_results_are_text_for_people(published_once):
    text = query.to_format(query.query(published_once, "select 7 as n, 'x' as word"), "table")
    assert text == "n  word\n-  ----\n7  x\n"


def test_results_are_csv(published_once):
    text = query.to_format(query.query(published_once, ODD), "csv")
    assert text.splitlines()[1] == (
        '1,"ä, ""b""",,2026-05-01,"[1, 2]",2,1.5,"{""a"": ""2026-05-01""}",True'
    )


def test_results_are_json(published_once):
    rows = json.loads(query.to_format(query.query(published_once, ODD), "json"))
    expected = {
        "n": 1,
        "t": 'ä, "b"',
        "nothing": None,
        "d": "2026-05-01",
        "l": [1, 2],
        "s": 2,
        "x": 1.5,
        "o": {"a": "2026-05-01"},
        "b": True,
    }
    assert rows == [expected]


def test_results_are_parquet_with_their_types(published_once, tmp_path):
    content = query.to_format(
        query.query(published_once, "select 1 as n, current_date as d"), "parquet"
    )
    file = tmp_path / "result.parquet"
    file.write_bytes(content)
    kinds = duckdb.connect().execute(f"describe select * from '{file}'").fetchall()
    assert [kind[:2] for kind in kinds] == [("n", "INTEGER"), ("d", "DATE")]


def test_a_result_without_rows_keeps_its_columns(published_once):
    result = query.query(published_once, "select 1 as n where false")
    assert (result.columns, result.rows) == (("n",), [])
    assert query.to_format(result, "csv") == "n\n"
    assert query.to_format(result, "json") == "[]\n"
    assert query.to_format(result, "table") == "n\n-\n"


def test_an_unknown_format_is_refused(published_once):
    with pytest.raises(InputError, match="one of table, csv, json, parquet, saw 'xml'"):
        query.to_format(query.query(published_once, "select 1"), "xml")


def test_a_copy_of_the_published_file_opens_anywhere(published_once, tmp_path):
    copy = shutil.copy(published_once, tmp_path / "copy.duckdb")
    os.chmod(copy, 0o644)
    with closing(duckdb.connect(copy)) as connection:
        assert connection.execute("select count(*) from core.postings").fetchone() == (1,)
