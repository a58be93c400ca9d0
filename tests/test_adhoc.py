"""Questions by a short name: macros, views, the queries of sql/adhoc; and what SQL may not do."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import date

import duckdb
import numpy as np
import pytest
from scipy import stats
from small_data import FRAMEWORKS, Place, ad, ads, files_entry, write_csv
from warehouse_rows import FRAMEWORKS as FEW
from warehouse_rows import lake, naming, posting, run
from warehouse_rows import place as place_of

from pipeline.claims import estimators
from pipeline.edge import limits, macros, statements, warehouse
from pipeline.edge.query import connect_readonly, query
from pipeline.errors import InputError, PipelineError

MACROS = macros.read_macros()
VIEWS = macros.read_views()
ADHOC = statements.read_folder("adhoc")
DIMENSIONS = (
    "all source source_family observes region country subdivision metro city role seniority "
    "employer_kind industry domain workplace language tool skill requirement year quarter month"
).split()


REMOTE = {
    "title": "Machine Learning Engineer",
    "location": "Remote (US)",
    "salary": "$120,000 a year",
}


def remote_ad(number):
    """Return an ad for remote work that names a cloud; every tenth repeats one of the board's."""
    if number % 10 == 0:
        return ad(number, posting_id=f"x{number}")
    text = f"Team {number} trains models.\n\nRequirements:\n- PyTorch and TensorFlow\n- AWS\n"
    return ad(number, description=text, **REMOTE)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with 400 postings published, from two sources, some of them repeats."""
    place = Place(tmp_path_factory.mktemp("adhoc"))
    write_csv(place.folder / "a.csv", ads(250))
    write_csv(place.folder / "b.csv", [remote_ad(number) for number in range(150)])
    place.config(files_entry("board", "a.csv"), files_entry("other", "b.csv"))
    for stage in ("ingest", "build"):
        done = place.call(stage)
        assert done.code == 0, done.err
    return place


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A published file of a few postings, every one of which a test may count by hand."""
    folder = tmp_path_factory.mktemp("few")
    boston = [place_of("US", "boston", "north_america")]
    rows = [
        posting("hn:1", employer_id="a", frameworks=naming("pytorch", "keras"), places=boston),
        posting("hn:2", employer_id="a", frameworks=naming("pytorch"), places=boston),
        posting("hn:3", employer_id="b", frameworks=naming("tensorflow", requirement="required")),
        posting("hn:4", employer_id="c", frameworks=naming("pytorch", requirement="negated")),
        posting("hn:5", employer_id="d", frameworks=naming("scikit_learn")),
        posting("hn:6", employer_id=None, frameworks=naming("pytorch"), places=boston),
        posting("hn:7", employer_id="a", frameworks=naming("pytorch", "tensorflow")),
        posting("old:1", employer_id="e", frameworks=naming("tensorflow"), date_kind="proxy"),
    ]
    files = lake(folder / "lake", rows, duplicates=[("hn:7", "hn:2", "exact_copy")])
    path = folder / "few.duckdb"
    warehouse.build(path, files, run(), previous=None, frameworks=FEW)
    return path


def by_name(path, sql):
    """Return the rows of a query as dicts."""
    found = query(path, sql)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


# --- what stands in the file


def test_every_macro_and_view_is_in_the_published_file_with_its_header(place):
    rows = by_name(
        place.warehouse, statements.read(statements.SQL / "adhoc/what_is_here.sql").select
    )
    assert all(row["sentence"] for row in rows)
    names = {row["name"].partition("(")[0]: row for row in rows}
    for one in (*MACROS, *VIEWS):
        assert names[one.name]["kind"] in ("macro", "view")
    assert all(names[one.name]["example"] for one in MACROS)


def test_every_column_of_a_view_carries_a_sentence(place):
    rows = place.ask(
        "select table_name, column_name, comment from duckdb_columns() "
        "where schema_name = 'main' and not internal"
    )
    assert {table for table, *_ in rows} == {view.name for view in VIEWS}
    assert [row for row in rows if not row[2]] == []


@pytest.mark.parametrize("macro", MACROS, ids=lambda one: one.name)
def test_the_example_of_a_macro_runs(place, macro):
    example = macro.comment.split("example:")[1].strip()
    assert query(place.warehouse, example).columns


@pytest.mark.parametrize("one", [*MACROS, *VIEWS], ids=lambda one: one.name)
def test_a_macro_or_view_is_one_statement_with_its_grain(one):
    assert re.search(r"^grain: ", one.comment, re.MULTILINE)
    with closing(duckdb.connect()) as connection:
        assert len(connection.extract_statements(one.select)) == 1


@pytest.mark.parametrize("file", ADHOC, ids=lambda one: one.name)
def test_an_ad_hoc_query_runs_and_says_its_grain(place, file):
    assert "grain:" in file.comment
    found = query(place.warehouse, file.select)
    assert found.columns
    assert len(set(found.columns)) == len(found.columns)
    if file.name not in {"changed_verdicts", "employers_asking_for_jax"}:
        assert found.rows, "the small warehouse holds an answer to every question"


def test_there_are_twenty_ad_hoc_queries():
    assert len(ADHOC) == 20


def test_a_copied_file_answers_as_the_published_one_does(place, tmp_path):
    copy = tmp_path / "taken home.duckdb"
    shutil.copyfile(place.warehouse, copy)
    asked = "select * from framework_share(by := 'metro')"
    assert query(copy, asked).rows == place.ask(asked)
    with closing(duckdb.connect(copy, read_only=True)) as client:
        assert client.execute("from demand_over_time('pytorch')").fetchall()
        assert client.execute("from postings limit 1").fetchall()


def test_an_attached_file_answers_after_use(place):
    with closing(duckdb.connect()) as client:
        client.execute(f"attach '{place.warehouse}' as jobs (read_only)")
        assert client.execute("select count(*) from jobs.postings").fetchone()[0] > 300
        client.execute("use jobs")
        assert client.execute("from framework_share()").fetchall()


# --- what they count


def test_a_share_counts_canonical_postings_of_known_and_unknown_employers(few):
    rows = {row["framework"]: row for row in by_name(few, "from framework_share()")}
    # hn:1, hn:2, hn:3, hn:6 and old:1 name one; hn:4 negates it, hn:7 repeats hn:2
    assert {row["n_dl_postings"] for row in rows.values()} == {5}
    assert {row["n_dl_employers"] for row in rows.values()} == {3}
    assert all(row["is_small"] for row in rows.values())
    pytorch = rows["pytorch"]
    assert (pytorch["n_naming"], pytorch["n_employers"], pytorch["share_pct"]) == (3, 1, 60.0)
    assert (rows["tensorflow"]["n_naming"], rows["tensorflow"]["n_required"]) == (2, 1)
    assert rows["scikit_learn"]["n_naming"] == 1
    assert rows["scikit_learn"]["share_pct"] is rows["scikit_learn"]["ci_low_pct"] is None


def test_raw_counts_repeats_too(few):
    rows = by_name(few, "from framework_share(raw := true) where framework = 'pytorch'")
    assert (rows[0]["n_naming"], rows[0]["n_dl_postings"]) == (4, 6)


def test_a_place_counts_only_its_own_postings(few):
    rows = by_name(few, "from framework_share(by := 'metro') where framework = 'pytorch'")
    assert [(r["value"], r["n_naming"], r["n_dl_postings"]) for r in rows] == [("boston", 3, 3)]


def test_a_posting_in_two_cities_of_a_country_counts_there_once(tmp_path):
    cities = [place_of("US", city="Boston"), place_of("US", city="Austin"), place_of("DE")]
    rows = [
        posting("hn:1", employer_id="a", frameworks=naming("pytorch"), places=cities),
        posting("hn:2", employer_id="b", frameworks=naming("keras"), places=cities[:1]),
    ]
    path = tmp_path / "cities.duckdb"
    files = lake(tmp_path / "lake", rows)
    warehouse.build(path, files, run(), previous=None, frameworks=FEW)
    shares = by_name(path, "from framework_share(by := 'country') where framework = 'pytorch'")
    assert [(r["value"], r["n_naming"], r["n_dl_postings"]) for r in shares] == [
        ("DE", 1, 1), ("US", 1, 2),
    ]  # fmt: skip
    (lead,) = by_name(path, "from compare('pytorch', 'keras', by := 'country') where value = 'US'")
    assert (lead["n_naming"], lead["n_naming_other"], lead["n_dl_postings"]) == (1, 1, 2)
    carried = "select posting_id, value from posting_values(by := 'country'{}) order by all"
    once = query(path, carried.format("")).rows
    assert once == [("hn:1", "DE"), ("hn:1", "US"), ("hn:2", "US")]
    often = query(path, carried.format(", once := false")).rows
    assert sorted(set(often)) == once
    assert len(often) == 4


def test_a_posting_has_one_number_in_every_table_and_the_tables_lie_in_its_order(place):
    numbered = place.ask(
        "select schema_name || '.' || table_name from duckdb_columns() "
        "where column_name = 'posting_no' and schema_name = 'core'"
    )
    labels = "frameworks roles seniority places domains tools skills".split()
    wanted = {"core.postings", "core.mentions", *(f"core.posting_{name}" for name in labels)}
    assert wanted <= {relation for (relation,) in numbered}
    for (relation,) in numbered:
        asked = f"""
            select count(*), count(*) filter (where here.posting_no = postings.posting_no)
            from {relation} as here left join core.postings as postings using (posting_id)
        """
        ((n_rows, n_same),) = place.ask(asked)
        assert n_rows == n_same > 0, relation
        ordered = f"select posting_no from {relation}"
        numbers = [number for (number,) in place.ask(ordered)]
        assert numbers == sorted(numbers), relation
    assert place.ask("select min(posting_no), max(posting_no), count(*) from core.postings") == [
        (1, 400, 400)
    ]


def test_postings_that_name_a_framework_come_first_and_other_ai_postings_next(tmp_path):
    rows = [
        posting("a:1", is_ai=False),
        posting("b:1", is_ai=True),
        posting("c:1", is_ai=False, frameworks=naming("keras", requirement="negated")),
        posting("d:1", is_ai=True, frameworks=naming("keras")),
        posting("a:2", is_ai=None),
    ]
    files = lake(tmp_path / "lake", rows)
    warehouse.build(tmp_path / "x.duckdb", files, run(), previous=None, frameworks=FEW)
    asked = "select posting_id from core.postings order by posting_no"
    found = query(tmp_path / "x.duckdb", asked).rows
    assert [row[0] for row in found] == ["d:1", "c:1", "b:1", "a:1", "a:2"]


def test_a_framework_that_nobody_names_is_a_row_with_0(few):
    rows = by_name(few, "from framework_share(by := 'metro') where framework = 'tensorflow'")
    assert [(row["n_naming"], row["share_pct"]) for row in rows] == [(0, 0.0)]
    assert rows[0]["ci_high_pct"] > 10


def test_requirement_splits_the_postings_that_name_a_framework(few):
    rows = by_name(few, "from framework_share(by := 'requirement') where framework = 'tensorflow'")
    assert {row["value"]: row["n_naming"] for row in rows} == {
        "required": 1, "preferred": 0, "mentioned": 1,
    }  # fmt: skip
    assert {row["n_dl_postings"] for row in rows} == {5}


def test_a_proxy_date_is_in_no_year(few):
    assert [row["period"] for row in by_name(few, "from demand_over_time('keras')")] == ["2026"]
    rows = by_name(few, "from framework_share(since := '2000-01-01') where framework = 'pytorch'")
    assert rows[0]["n_dl_postings"] == 4


def test_family_and_days_narrow_a_share(place):
    asked = (
        "select sum(n_naming) from framework_share(family := 'other', since := '2025-01-01', "
        "until := date '2025-12-31')"
    )
    wanted = """
        select count(*) from core.posting_frameworks inner join core.postings using (posting_id)
        where requirement <> 'negated' and duplicate_of is null and source_family = 'other'
            and year(posted_on) = 2025
    """
    assert place.ask(asked) == place.ask(wanted)
    assert place.ask(wanted)[0][0] > 0


@pytest.mark.parametrize("by", DIMENSIONS)
def test_a_share_by_any_dimension_is_a_share_of_its_postings(place, by):
    rows = by_name(place.warehouse, f"from framework_share(by := '{by}')")
    assert rows or by in ("region", "subdivision", "industry", "domain", "skill", "seniority")
    keys = [(row["value"], row["framework"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        if row["share_pct"] is not None:
            assert row["share_pct"] == round(100 * row["n_naming"] / row["n_dl_postings"], 2)
            assert 0 <= row["ci_low_pct"] <= row["share_pct"] <= row["ci_high_pct"] <= 100


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("from framework_share(by := 'planet')", "by: expected all, source, .* saw 'planet'"),
        ("from framework_share(by := null)", "by: expected all"),
        ("select count(*) from framework_share(by := 'Metro')", "saw 'Metro'"),
        ("from posting_values(by := 'x')", "saw 'x'"),
        ("from compare('pytorch', 'keras', by := 'planet')", "saw 'planet'"),
        ("from compare('pytorch', 'pytorch')", "expected two frameworks"),
        ("from compare('pytorch', 'keras', by := 'requirement')", "other than requirement"),
        ("from compare('pytorch', 'kerass')", "saw 'kerass'"),
        ("from demand_over_time('pytorhc')", "expected one of core.frameworks, saw 'pytorhc'"),
        ("from demand_over_time('pytorch', by := 'week')", "year, quarter or month, saw 'week'"),
        ("from postings_naming('torch')", "saw 'torch'"),
        ("from employers_naming('')", "saw ''"),
        ("from pairs_with(null)", "saw 'null'"),
        ("from salary_by_framework(currency := 'usd')", "such as USD, saw 'usd'"),
        ("from salary_by_framework(currency := null)", "saw 'null'"),
        ("from open_on('yesterday')", "date"),
        ("from framework_share(sauce := 1)", r"Candidate macros: framework_share\(by := 'all'"),
    ],
)
def test_a_wrong_word_is_an_error_that_says_what_is_known(place, asked, words):
    with pytest.raises(InputError, match=words) as error:
        query(place.warehouse, asked)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["pytorch", "PyTorch", "PYTORCH"])
def test_a_framework_goes_by_its_id_or_its_title_in_any_case(few, name):
    assert len(by_name(few, f"from postings_naming('{name}')")) == 3


def test_months_add_up_to_years_within_a_family(place):
    def counted(by):
        return dict(
            place.ask(f"""
                select source_family || period[:4], sum(n_naming) || ' of ' || sum(n_dl_postings)
                from demand_over_time('pytorch', by := '{by}') group by all
            """)
        )

    assert counted("year") == counted("quarter") == counted("month")
    assert len(counted("year")) > 4
    pooled = "from demand_over_time('pytorch', pooled := true) select sum(n_postings)"
    apart = "from demand_over_time('pytorch') select sum(n_postings)"
    assert place.ask(pooled) == place.ask(apart)


def test_time_and_dimension_give_the_same_numbers(place):
    over_time = place.ask("""
        select period, n_naming, n_dl_postings, n_dl_employers, share_pct, ci_low_pct, ci_high_pct
        from demand_over_time('keras') where source_family = 'board' and n_dl_postings > 0
        order by all
    """)
    by_year = place.ask("""
        select value, n_naming, n_dl_postings, n_dl_employers, share_pct, ci_low_pct, ci_high_pct
        from framework_share(by := 'year', family := 'board') where framework = 'keras'
        order by all
    """)
    assert over_time == by_year
    assert len(by_year) >= 3


def test_pairs_stand_with_both_totals(few):
    rows = by_name(few, "from pairs_with('pytorch')")
    counts = [(r["other_framework"], r["n_both"], r["n_naming"], r["n_naming_other"]) for r in rows]
    assert counts == [("keras", 1, 3, 1)]


def test_tf_keras_is_no_pair(tmp_path):
    files = lake(tmp_path / "lake", [posting(frameworks=naming("tensorflow", "keras", joint=True))])
    warehouse.build(tmp_path / "a.duckdb", files, run(), previous=None, frameworks=FEW)
    assert query(tmp_path / "a.duckdb", "from pairs_with('keras')").rows == []


def test_employers_are_counted_with_all_their_postings(few):
    rows = by_name(few, "from employers_naming('pytorch')")
    assert [(r["employer_id"], r["n_naming"], r["n_dl_postings"]) for r in rows] == [("a", 2, 2)]


def test_pay_is_of_one_currency_with_those_that_state_none_beside_it(place):
    rows = {row["framework"]: row for row in by_name(place.warehouse, "from salary_by_framework()")}
    assert rows["all"]["n_paid_postings"] <= rows["all"]["n_ai_postings"]
    assert set(rows) > {"pytorch", "all"}
    for row in rows.values():
        assert 90_000 <= row["pay_p25_year"] <= row["pay_median_year"] <= row["pay_p75_year"]


def test_a_currency_that_nobody_states_gives_no_row(place):
    assert by_name(place.warehouse, "from salary_by_framework(currency := 'XAU')") == []


def test_a_lead_is_paired_within_postings(few):
    row = by_name(few, "from compare('PyTorch', 'tensorflow')")[0]
    assert (row["n_naming"], row["n_naming_other"], row["n_both"]) == (3, 2, 0)
    assert row["lead_pct"] == 20.0
    assert -100 <= row["ci_low_pct"] < 20 < row["ci_high_pct"] <= 100


# --- intervals


@pytest.mark.parametrize("df", [1, 1.3, 1.7, 1.999, 2, 2.5, 3, 4.2, 7, 15, 60, 1e3, 1e6])
def test_student_t_is_right_to_a_fifth_of_a_percent(few, df):
    found = query(few, f"select student_t({df}::double)").rows[0][0]
    assert found == pytest.approx(stats.t.ppf(0.975, df), rel=0.002)


def employer_sums(place, sql):
    rows = place.ask(sql)
    employers = {name: number for number, name in enumerate(sorted({row[0] for row in rows}))}
    return estimators.EmployerSums(
        np.array([row[1] for row in rows], float),
        np.array([row[2] for row in rows], float),
        np.array([employers[row[0]] for row in rows]),
    )


NAMES = """
    select employer_id, sum({numerator}), count(*) from (
        select posting_id, employer_id,
            max((framework = 'keras')::int) as one, max((framework = 'pytorch')::int) as other
        from core.posting_frameworks inner join core.postings using (posting_id)
        inner join core.frameworks using (framework)
        where duplicate_of is null and requirement <> 'negated' and is_deep_learning and {where}
        group by all
    ) group by all
"""


@pytest.mark.parametrize("country", ["US", "DE", "GB", "CA"])
def test_an_interval_is_the_one_that_claims_are_judged_with(place, country):
    here = f"posting_id in (select posting_id from core.posting_places where country = '{country}')"
    wanted = estimators.share(employer_sums(place, NAMES.format(numerator="one", where=here)))
    row = by_name(
        place.warehouse,
        f"from framework_share(by := 'country') where value = '{country}' and framework = 'keras'",
    )[0]
    assert row["share_pct"] == pytest.approx(wanted.value, abs=0.01)
    assert row["ci_low_pct"] == pytest.approx(wanted.low, abs=0.05)
    assert row["ci_high_pct"] == pytest.approx(wanted.high, abs=0.05)
    assert wanted.low < wanted.value < wanted.high


def test_the_interval_of_a_lead_is_the_one_that_claims_are_judged_with(place):
    sums = employer_sums(place, NAMES.format(numerator="one - other", where="true"))
    wanted = estimators.lead(sums)
    row = by_name(place.warehouse, "from compare('keras', 'pytorch')")[0]
    found = (row["lead_pct"], row["ci_low_pct"], row["ci_high_pct"])
    assert found == pytest.approx((wanted.value, wanted.low, wanted.high), abs=0.05)


def test_many_ads_of_one_employer_do_not_narrow_an_interval(tmp_path):
    def widths(copies):
        rows = [
            posting(
                f"hn:{employer}-{n}",
                employer_id=f"e{employer}",
                frameworks=naming("pytorch" if employer % 2 else "keras"),
            )
            for employer in range(12)
            for n in range(copies)
        ]
        path = tmp_path / f"{copies}.duckdb"
        files = lake(tmp_path / str(copies), rows)
        warehouse.build(path, files, run(), previous=None, frameworks=FEW)
        asked = "select ci_high_pct - ci_low_pct from framework_share() where framework = 'keras'"
        return query(path, asked).rows[0][0]

    assert widths(20) == pytest.approx(widths(1), abs=0.02)


# --- what was open


def open_on(rows, day, **more):
    """Return what open_on gives of (posting_id, posted_on, date_kind, first, last, closed)."""
    text = (statements.SQL / "macros" / "open_on.sql").read_text(encoding="utf-8")
    named = "".join(f", {name} := {value}" for name, value in more.items())
    with closing(duckdb.connect()) as connection:
        connection.execute("""
            create schema core;
            create table core.postings (posting_id varchar, posted_on date, date_kind varchar,
                first_seen_on date, last_seen_on date, closed_on date, duplicate_of varchar,
                source varchar, employer varchar, title varchar, is_ai boolean, url varchar)
        """)
        for row in rows:
            connection.execute(
                "insert into core.postings by name select unnest($1), null as duplicate_of",
                [dict(zip(("posting_id", "posted_on", "date_kind", "first_seen_on",
                           "last_seen_on", "closed_on"), row, strict=True))],
            )  # fmt: skip
        connection.execute(text)
        found = connection.execute(
            f"select posting_id, evidence from open_on('{day}'{named}) order by all"
        )
        return found.fetchall()


LIVE = ("live", date(2026, 3, 1), "real", date(2026, 3, 5), date(2026, 4, 1), date(2026, 4, 4))
ONCE = ("once", date(2026, 3, 20), "real", date(2026, 3, 20), date(2026, 3, 20), None)
SCRAPED = ("scraped", date(2025, 1, 1), "proxy", date(2026, 3, 10), date(2026, 3, 12), None)
UNDATED = ("undated", None, "none", None, None, None)


@pytest.mark.parametrize(
    ("day", "days", "wanted"),
    [
        ("2026-02-28", 0, []),
        ("2026-03-01", 0, [("live", "seen")]),
        ("2026-03-09", 0, [("live", "seen")]),
        ("2026-03-10", 0, [("live", "seen"), ("scraped", "seen")]),
        ("2026-03-20", 0, [("live", "seen"), ("once", "seen")]),
        ("2026-04-01", 0, [("live", "seen")]),
        ("2026-04-03", 0, [("live", "not_yet_closed")]),
        ("2026-04-04", 0, []),
        ("2026-04-04", 30, [("once", "assumed"), ("scraped", "assumed")]),
        ("2026-04-19", 30, [("once", "assumed")]),
        ("2026-04-20", 30, []),
    ],
)
def test_a_posting_is_open_from_its_first_day_to_the_last_we_can_tell(day, days, wanted):
    rows = [LIVE, ONCE, SCRAPED, UNDATED]
    assert open_on(rows, day, assume_days=days) == sorted(wanted)


# --- views


def test_the_view_of_postings_holds_every_real_job_once_with_its_lists(few):
    rows = {row["posting_id"]: row for row in by_name(few, "from postings")}
    assert set(rows) == {f"hn:{n}" for n in range(1, 7)} | {"old:1"}
    assert rows["hn:1"]["frameworks"] == ["keras", "pytorch"]
    assert rows["hn:3"]["required_frameworks"] == ["tensorflow"]
    assert rows["hn:4"]["frameworks"] == rows["hn:4"]["metros"] == []
    assert rows["hn:1"]["metros"] == ["boston"]
    assert (rows["hn:2"]["n_copies"], rows["hn:1"]["n_copies"]) == (2, 1)


def test_the_view_of_claims_speaks_of_the_newest_run(place):
    rows = by_name(place.warehouse, "from claims")
    assert rows
    newest = place.ask("select arg_max(run_id, started_at) from ops.runs")[0][0]
    assert {row["run_id"] for row in rows} == {newest}
    keys = [(row["claim_id"], row["part"], row["time_window"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_view_of_sources_counts_copies_apart(place):
    rows = {row["source"]: row for row in by_name(place.warehouse, "from sources")}
    assert rows.keys() == {"board", "other"}
    assert (rows["other"]["n_postings"], rows["board"]["n_postings"]) == (150, 250)
    n_canonical = sum(row["n_canonical"] for row in rows.values())
    assert place.ask("select count(*) from postings") == [(n_canonical,)]
    assert rows["board"]["status"] == "not_run"  # by a run that published: one only ingested


def test_views_stand_on_empty_claim_tables(few):
    assert query(few, "from claims").rows == []


def test_a_view_with_a_column_nobody_described_stops_the_build(monkeypatch, few, tmp_path):
    file = tmp_path / "few.duckdb"
    shutil.copyfile(few, file)
    odd = statements.Statement("main.odd", "Odd.\ngrain: one", "select 1 as something_odd")
    monkeypatch.setattr(macros, "read_views", lambda: [odd])
    with (
        closing(duckdb.connect(file)) as connection,
        pytest.raises(PipelineError, match="something_odd"),
    ):
        macros.create(connection)


# --- what SQL may not do

HOSTILE = """
delete from core.postings
update core.postings set title = 'x'
insert into core.rejects values (null, null, null, null)
truncate core.postings
merge into core.postings using (select 1 as n) as s on n = 1 when matched then delete
drop table core.postings
drop view postings
alter table core.postings add column mine integer
comment on table core.postings is 'mine'
create table mine as select 1
create or replace table core.postings as select 1
create temp table mine as select 1
create temp view mine as select 1
create macro mine() as table select * from read_csv('a.csv')
create secret mine (type s3)
create sequence mine
create schema mine
create index mine on core.postings (title)
drop secret mine
with gone as (delete from core.postings returning *) select * from gone
with new as (insert into core.rejects values (null) returning *) select * from new
copy core.postings to 'stolen.csv'
copy (select 1) to '/dev/stdout'
copy core.rejects from 'a.csv'
copy from database jobmarket to other
export database 'copy'
import database 'copy'
attach 'other.duckdb' as other
attach ':memory:' as other
attach 'https://example.org/x.duckdb' as other
detach jobmarket
use memory
install httpfs
force install httpfs from 'https://example.org'
load httpfs
load 'mine.duckdb_extension'
update extensions
set enable_external_access = true
set lock_configuration = false
set threads = 1
set variable mine = 1
reset memory_limit
pragma database_list
pragma version
pragma table_info('core.postings')
pragma memory_limit = '1TB'
pragma enable_profiling = 'json'
pragma profiling_output = 'profile.json'
pragma import_database('copy')
pragma copy_database('jobmarket', 'other')
pragma add_parquet_key('key', '0123456789112345')
pragma force_checkpoint
checkpoint
force checkpoint
vacuum
vacuum core.postings
analyze
begin
begin; select 1
commit
rollback
prepare mine as select 1
execute mine
deallocate mine
call pragma_version()
call enable_logging()
call checkpoint()
select 1; select 2
select 1; drop table core.postings
select 1 /* ; */; delete from core.postings
select 1 --
explain copy core.postings to 'stolen.csv'
explain analyze copy core.postings to 'stolen.csv'
explain analyze delete from core.postings
explain analyze create temp table mine as select 1
explain /* éééééééééééé */ analyze /* é */ create temp table mine as select 1
explain analyze set threads = 1
explain analyze pragma version
explain pragma database_list
explain (format json) create temp table mine as select 1
select * from read_csv('a.csv')
select * from read_csv_auto('a.csv')
select * from read_json('a.csv')
select * from read_ndjson_objects('a.csv')
select * from read_parquet('a.parquet')
select * from parquet_scan(['a.parquet'])
select * from parquet_metadata('a.parquet')
select * from parquet_schema('a.parquet')
select * from parquet_kv_metadata('a.parquet')
select * from parquet_file_metadata('a.parquet')
select * from parquet_bloom_probe('a.parquet', 'a', 1)
select * from read_text('/etc/hostname')
select content from read_blob('/etc/hostname')
select * from read_text('https://example.org/')
select * from read_duckdb('data/jobmarket.duckdb')
select * from sniff_csv('a.csv')
select * from glob('*')
select * from "read_csv"('a.csv')
select * from main.read_csv('a.csv')
select * from system.main.glob('/*')
select * from READ_TEXT('a.csv')
select * from 'a.csv'
select * from "a.csv"
select * from 'data/jobmarket.duckdb'
select * from 'jobmarket.duckdb'
select * from './a.csv'
select * from '*.csv'
select * from 's3://bucket/a.parquet'
select * from 'https://example.org/a.parquet'
select * from '/dev/stdin'
table 'a.csv'
from 'a.csv' select count(*)
summarize 'a.csv'
describe 'a.csv'
describe select * from 'a.csv'
summarize (select * from read_csv('a.csv'))
select (select count(*) from read_text('a.csv'))
select 1 where exists (from 'a.csv')
with one as (from read_csv('a.csv')) select * from one
select * from core.frameworks, lateral (select * from read_text(framework))
select 1 union all select count(*) from glob('*')
from query('select * from read_csv(''a.csv'')')
from query('copy core.postings to ''stolen.csv''')
from query_table('a.csv')
from query_table(['a.csv'])
from json_execute_serialized_sql(json_serialize_sql('from read_csv(''a.csv'')'))
from duckdb_secrets()
from which_secret('s3://bucket', 's3')
from duckdb_settings()
from duckdb_extensions()
from enable_logging(storage := 'file', storage_path := 'logs')
from enable_logging(level := 'trace')
from enable_profiling(format := 'json', save_location := 'profile.json')
from disable_logging()
from truncate_duckdb_logs()
from checkpoint()
from force_checkpoint()
from arrow_scan(1, 2, 3)
from pandas_scan(1)
from python_map_function(1)
from seq_scan('core.postings')
from sqlite_scan('a.db', 'a')
from postgres_scan('', '', '')
from load_aws_credentials()
from sql_auto_complete('select * from ''/etc/')
from no_such_function()
select write_log('mine')
select nextval('mine')
select getenv('HOME')
select sleep_ms(600000)
select * from Path
select * from place
selekt 1
;
""".strip().splitlines()
HOSTILE = [*(s for s in HOSTILE if s != "select 1 --"), "", "-- nothing", "select '\udcff'"]


def test_the_list_of_hostile_statements_is_long():
    assert len(set(HOSTILE)) == len(HOSTILE) > 120


@pytest.mark.parametrize("statement", HOSTILE)
def test_sql_refuses_whatever_is_not_one_select_of_the_published_tables(
    place, statement, monkeypatch
):
    monkeypatch.chdir(place.folder)
    before = place.warehouse.read_bytes()
    held = sorted(path.relative_to(place.folder) for path in place.folder.rglob("*"))
    with pytest.raises(InputError) as error:
        query(place.warehouse, statement)
    assert str(error.value).startswith("sql: ")
    assert "\n" not in str(error.value)
    assert sorted(path.relative_to(place.folder) for path in place.folder.rglob("*")) == held
    assert place.warehouse.read_bytes() == before


def test_a_connection_of_its_own_reaches_no_file_either(place, monkeypatch):
    monkeypatch.chdir(place.folder)
    with closing(connect_readonly(place.warehouse)) as connection:
        for statement in (
            "from read_csv('a.csv')",
            "copy core.rejects to 'stolen.csv'",
            "attach 'other.duckdb' as other",
            "set enable_external_access = true",
            "create table mine as select 1",
            "insert into core.rejects values (null, null, null, null)",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select 1",
        "select 1;",
        ";; select 1 ;;",
        "-- why\nselect 1 /* because */",
        "select 1 --; drop table core.postings",
        "select 'drop table core.postings; copy x to ''y'''",
        "(select 1) union all (select 2)",
        "values (1), (2)",
        "table core.frameworks",
        "from core.frameworks",
        "from core.frameworks select count(*)",
        "with t as (select 1 as a) select * from t",
        "with recursive t(i) as (select 1 union all select i + 1 from t where i < 5) from t",
        "select unnest(range(3)) as i, 1.5 as x, [1, 2] as l, {'a': 1} as s",
        "from range(3) as t(i), generate_series(1, 2) as u(j)",
        "from core.frameworks pivot (count(*) for is_deep_learning in (true, false))",
        "show tables",
        "show all tables",
        "describe core.postings",
        "describe select 1",
        "summarize core.frameworks",
        "explain select 1",
        "explain analyze select count(*) from core.postings",
        "EXPLAIN /* ü */ ANALYZE select 'ü'",
        "select * from duckdb_tables()",
        "select * from duckdb_columns() where comment is null",
        "select * from information_schema.columns",
        "select * from pragma_table_info('core.postings')",
        "select current_date, version()",
        "from postings where list_contains(frameworks, 'pytorch')",
        "select columns('^n_') from framework_share()",
    ],
)
def test_sql_answers_whatever_only_reads(place, statement):
    assert query(place.warehouse, statement).columns


def test_a_query_without_end_ends_when_its_time_is_up(place):
    endless = "select count(*) from range(1000000) a, range(1000000) b, range(1000000) c"
    with pytest.raises(PipelineError, match=r"within 0.3 s, saw none; narrow .* --timeout"):
        query(place.warehouse, endless, seconds=0.3)
    assert query(place.warehouse, "select 1", seconds=0.3).rows == [(1,)]


@pytest.mark.parametrize(
    "greedy",
    [
        "select list(i) from range(100000000000) t(i)",
        "select count(distinct i) from range(100000000000) t(i)",
        "select length(repeat('x', 4000000000))",
        "select list_sum(range(2000000000))",
    ],
)
def test_a_query_that_eats_memory_ends_in_one_line(place, greedy):
    with pytest.raises(PipelineError, match=r"fits in 300MB of memory, saw one that needs more"):
        query(place.warehouse, greedy, seconds=60, memory="300MB")


def test_an_answer_too_large_to_print_ends_in_one_line(place):
    with pytest.raises(PipelineError, match="at most 200 MB, saw more; add a limit"):
        query(place.warehouse, "select * from range(100000000000)")


@pytest.mark.parametrize(("limit", "wanted"), [("2GB", 2e9), ("512 MiB", 2**29), ("1.5GB", 1.5e9)])
def test_a_memory_limit_is_read_as_duckdb_reads_it(limit, wanted):
    assert limits._bytes(limit) == wanted


def test_the_limit_of_memory_is_taken_back(place):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    query(place.warehouse, "select 1")
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_the_command_gives_up_on_a_call_that_nothing_interrupts(place):
    slow = "select levenshtein(repeat('a', 1000000), repeat('b', 1000000))"
    done = place.run("sql", slow, "--timeout", "0.5")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("jobmarket: sql: expected an answer within 0.5 s, saw none")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan"])
def test_a_timeout_is_a_number_of_seconds(place, seconds):
    done = place.call("sql", "select 1", "--timeout", seconds)
    assert done.code == 2


def test_a_long_query_draws_no_bar_among_its_results(place):
    assert place.ask("select current_setting('enable_progress_bar')") == [(False,)]


def test_two_readers_of_one_process_do_not_hinder_each_other(place):
    with closing(connect_readonly(place.warehouse)) as one:
        assert place.ask("select count(*) from core.postings") == [(400,)]
        assert one.execute("select count(*) from core.postings").fetchone() == (400,)


def test_every_framework_of_the_small_postings_is_found(place):
    asked = "select count(*) from framework_share() where n_naming > 0"
    assert place.ask(asked) == [(len(FRAMEWORKS),)]
