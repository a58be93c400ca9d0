"""The outside series: their figures are those that were published, with terms and address."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import duckdb
import pytest

from pipeline.claims.judge import judge
from pipeline.claims.registry import read_claims
from pipeline.edge import indicators
from pipeline.edge.indicators import INDICATORS
from pipeline.edge.lake_views import insert
from pipeline.edge.statements import SQL
from pipeline.errors import InputError
from pipeline.sources.indicators import (
    Observation,
    read_observations,
    read_series,
)

ROWS = indicators.observations()
SERIES = {one.file: one for one in indicators.listed()}
ISO3 = {
    "AUS": "AU", "AUT": "AT", "BEL": "BE", "CAN": "CA", "CHL": "CL", "HRV": "HR", "FRA": "FR",
    "DEU": "DE", "HKG": "HK", "ITA": "IT", "LUX": "LU", "MEX": "MX", "NLD": "NL", "NZL": "NZ",
    "SGP": "SG", "ESP": "ES", "SWE": "SE", "CHE": "CH", "ARE": "AE", "GBR": "GB", "USA": "US",
}  # fmt: skip
CLAIMS = (
    "ai_listings_61", "papers_60", "papers_pt_dominates", "papers_pt_fastest", "market_cagr_38_8",
)  # fmt: skip


def value(indicator: str, entity: str, period: date, framework: str | None = None) -> float:
    """Return the only value of that key."""
    (found,) = [
        row.value
        for row in ROWS
        if (row.indicator, row.entity, row.period, row.framework)
        == (indicator, entity, period, framework)
    ]
    return found


@pytest.fixture(scope="module")
def connection():
    """Return a database with core.indicators as the build makes it."""
    connection = duckdb.connect()
    columns = ", ".join(f"{name} {kind}" for name, kind in INDICATORS.items())
    connection.execute("attach ':memory:' as lake; create schema core")
    connection.execute(f"create table lake.indicators ({columns})")
    insert(connection, "lake.indicators", ROWS)
    select = (SQL / "tables" / "indicators.sql").read_text(encoding="utf-8").rstrip().rstrip(";")
    connection.execute(f"create table core.indicators as {select}")
    return connection


@pytest.fixture(scope="module")
def judged(connection):
    """Return the verdict and the values by entity of each claim, by claim and reading."""
    folder = SQL / "claims"
    names = [f"{claim}.{kind}" for claim in CLAIMS for kind in ("toml", "sql")]
    claims = read_claims({name: (folder / name).read_bytes() for name in names})
    sums = {one.claim_id: connection.execute(one.sql.rstrip(";\n")).fetchnumpy() for one in claims}
    found = judge(claims, sums, as_of=date(2026, 7, 31), run_id="r1")
    verdicts = {(row["claim_id"], row["reading"]): row for row in found.verdicts}
    by_entity: dict[tuple[object, object], dict[str, float]] = {}
    for row in [*({**row, "reading": "primary"} for row in found.estimates), *found.readings]:
        key = row["claim_id"], row["reading"]
        by_entity.setdefault(key, {})[str(row["source_family"])] = round(row["estimate"], 1)
    return verdicts, by_entity


@pytest.mark.parametrize("name", SERIES)
def test_a_series_has_terms_an_address_and_an_attribution(name):
    one = SERIES[name]
    assert one.licence and one.attribution and one.measures and one.traps and one.publisher
    assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", one.url)
    assert re.fullmatch(r"[0-9a-f]{7,40}", one.commit)
    assert one.found_in == f"{one.url}/tree/{one.commit}"


@pytest.mark.parametrize("name", SERIES)
def test_a_series_whose_terms_allow_no_copy_is_cited_in_single_figures(name):
    one = SERIES[name]
    own = [row for row in ROWS if (row.indicator, row.url) == (one.name, one.found_in)]
    assert own
    assert "cited" in one.licence or one.licence in ("CC BY 4.0", "CC BY 2.0")
    assert len(own) <= 70 or one.licence == "CC BY 4.0"
    # papers handed in by October are counted for the conference of the year after
    last = one.cut_on.replace(year=one.cut_on.year + (name == "conference_submissions"))
    assert max(row.period for row in own) <= last


def test_no_value_stands_twice_and_none_is_out_of_range():
    counted = Counter((row.indicator, row.entity, row.framework, row.period) for row in ROWS)
    assert [key for key, times in counted.items() if times > 1] == []
    for row in ROWS:
        assert row.value >= 0 and (row.n is None or row.n > 0), row
        assert row.value <= 100 or not row.unit.startswith("percent"), row
        assert row.unit != "papers" or (row.n is not None and row.value <= row.n), row


def test_the_embedded_files_are_small():
    assert sum(path.stat().st_size for path in indicators.folder().iterdir()) < 150_000


def test_the_page_names_every_series_with_its_attribution():
    page = indicators.page()
    assert page.startswith("## Outside series\n")
    for one in SERIES.values():
        for said in (one.file, one.attribution, one.found_in, one.licence):
            assert said in page, one.file


def test_the_table_has_every_row_with_its_types(connection):
    described = connection.execute("describe core.indicators").fetchall()
    assert {name: kind.lower() for name, kind, *_ in described} == INDICATORS
    assert connection.execute("select count(*) from core.indicators").fetchone() == (len(ROWS),)
    assert tuple(INDICATORS) == Observation._fields


def test_single_figures_are_those_that_were_published():
    assert value("kaggle_framework_use", "all_answering", date(2018, 1, 1), "tensorflow") == 63.26
    assert value("kaggle_framework_use", "all_answering", date(2022, 1, 1), "pytorch") == 35.72
    assert value("kaggle_framework_use", "ml_engineers", date(2022, 1, 1), "pytorch") == 59.35
    assert value("pypi_torch_over_tensorflow", "pypi", date(2024, 4, 1)) == 1.03
    assert value("pypi_torch_over_tensorflow", "pypi", date(2026, 4, 1)) == 3.86
    assert value("conference_papers", "EMNLP", date(2020, 1, 1), "pytorch") == 247
    assert value("conference_submissions", "ICLR", date(2022, 1, 1), "pytorch") == 1091
    assert value("aiindex_ai_share", "US", date(2024, 1, 1)) == 1.79


def test_the_share_of_listings_rose_as_much_as_was_found_in_each_reading(judged):
    _, rises = judged
    found = {
        reading: values for (claim, reading), values in rises.items() if claim == "ai-listings-61"
    }
    published = {
        "US": 20.2, "GB": 35.6, "CA": 42.7, "DE": 6.1, "FR": 23.1, "IE": 40.5, "AU": 5.9,
    }  # fmt: skip
    assert {name: found["primary"][name] for name in published} == published
    december = found["december_to_december"]
    assert (december["US"], december["GB"], december["IE"]) == (39.6, 49.7, 59.3)
    assert (found["volume"]["US"], found["volume"]["IE"], found["volume"]["AU"]) == (
        4.8,
        11.8,
        -9.5,
    )
    assert (found["from_low"]["IE"], found["from_low"]["CA"]) == (95.1, 90.0)
    assert round(found["genai"]["US"]) == 161 and round(found["genai"]["GB"]) == 180
    assert (found["lightcast"]["US"], found["lightcast"]["CH"]) == (28.8, 52.2)
    assert len(found["primary"]) == 9 and len(found["lightcast"]) == 21


def test_only_the_primary_reading_of_the_listings_decides(judged):
    verdicts, _ = judged
    assert verdicts["ai-listings-61", "primary"]["verdict"] == "contradicted"
    assert verdicts["ai-listings-61", "from_low"]["verdict"] == "inconclusive"
    assert verdicts["ai-listings-61", "primary"]["part"] == "all"


def test_the_papers_are_read_over_both_denominators(judged):
    verdicts, _ = judged
    among_two = verdicts["papers-60", "primary"]
    among_all = verdicts["papers-60", "share_of_all_papers"]
    assert among_two["verdict"] == "contradicted" and among_two["estimate"] > 75
    assert among_all["verdict"] == "contradicted" and among_all["estimate"] < 32.9
    assert verdicts["papers-pt-dominates", "primary"]["verdict"] == "supported"
    assert verdicts["papers-pt-dominates", "share_of_all_papers"]["verdict"] == "contradicted"
    assert among_two["n_clusters"] == 9


def test_a_conference_is_compared_with_itself_a_year_before_and_never_across_populations(
    connection,
):
    sql = (SQL / "claims" / "papers_pt_fastest.sql").read_text(encoding="utf-8").rstrip(";\n")
    pairs = connection.execute(
        f"select part, source, employer_id, year(period), numerator from ({sql})"
    ).fetchall()
    iclr = [(part, source, year) for part, source, venue, year, _ in pairs if venue == "ICLR"]
    assert ("all", "conference_submissions", 2022) in iclr
    assert ("every_pair", "conference_submissions", 2021) not in iclr
    assert not [pair for pair in pairs if pair[2] in ("ICCV", "ECCV")]  # every second year only
    (change,) = [pair[4] for pair in pairs if pair[:4] == ("all", iclr[0][1], "ICLR", 2022)]
    pytorch, tensorflow = 1091 / 3388 - 756 / 3012, 208 / 3388 - 217 / 3012
    assert change == pytest.approx(pytorch - tensorflow)


def test_the_arithmetic_of_the_market_figure_holds_and_could_fail(judged):
    verdicts, _ = judged
    row = verdicts["market-cagr-38-8", "primary"]
    assert row["verdict"] == "supported"
    assert row["estimate"] == pytest.approx(100 * ((209.91 / 21.17) ** (1 / 7) - 1), abs=1e-4)
    assert abs(100 * ((209.91 / 21.17) ** (1 / 8) - 1) - 38.8) > 0.1  # one step more would not


DESCRIBED = """
[some_share]
title = "t"
publisher = "p"
url = "https://github.com/a/b"
commit = "0123abc"
path = "x.csv"
cut_on = 2025-01-31
licence = "CC BY 4.0"
attribution = "a"
measures = "m"
unit = "percent"
period_kind = "month"
traps = "none known"
"""


def test_a_lacking_field_is_named():
    with pytest.raises(InputError, match=r"some_share.*licence"):
        read_series(DESCRIBED.replace('licence = "CC BY 4.0"\n', ""))
    with pytest.raises(InputError, match="week"):
        read_series(DESCRIBED.replace('"month"', '"week"'))


@pytest.mark.parametrize(
    "line", ["US,,2025-01,much,31", "US,,2025,2.5,31", "US,,2025-13,2.5,31", "US,,2025-01,2.5"]
)
def test_a_line_that_is_no_value_is_refused_by_its_number(line):
    (series,) = read_series(DESCRIBED)
    good = "entity,framework,period,value,n\nUS,,2025-01,2.5,31\n"
    (row,) = read_observations(series, good)
    assert (row.entity, row.framework, row.period, row.n) == ("US", None, date(2025, 1, 1), 31)
    with pytest.raises(InputError, match="line 3"):
        read_observations(series, f"{good}{line}\n")


def test_a_file_that_nobody_described_is_refused(tmp_path):
    (tmp_path / "indicators.toml").write_text(DESCRIBED)
    (tmp_path / "some_share.csv").write_text("entity,framework,period,value,n\n")
    assert indicators.observations(tmp_path) == []
    (tmp_path / "stray.csv").write_text("entity,framework,period,value,n\n")
    with pytest.raises(InputError, match="stray"):
        indicators.observations(tmp_path)


# file of the folder beside the checkout -> how its values are formed: entity, framework, period,
# value, n, of the indicator of that name
FORMED = {
    "indeed_ai_share": (
        "select country, null, date_trunc('month', date)::date, avg(share_pct), count(*) "
        "from '{folder}/indeed_ai_share_daily.parquet' group by all",
        1e-4,
    ),
    "indeed_postings_index": (
        "select country, null, date_trunc('month', date)::date, avg(index_nsa), count(*) "
        "from '{folder}/indeed_postings_index_daily.parquet' "
        "where variable = 'total postings' and date < date '2026-08-01' group by all",
        1e-4,
    ),
    "indeed_genai_share": (
        "select country, null, month::date, share_pct_mean, days "
        "from '{folder}/indeed_ai_share_monthly_vintages.parquet' where series = 'GenAI'",
        1e-4,
    ),
    "conference_papers": (
        "select conference, unnest(['pytorch', 'tensorflow']), make_date(year, 1, 1), "
        "unnest([pytorch_only, tensorflow_only])::double, papers "
        "from '{folder}/research_framework_mentions.parquet' where population = 'accepted'",
        0,
    ),
    "conference_submissions": (
        "select conference, unnest(['pytorch', 'tensorflow']), make_date(year, 1, 1), "
        "unnest([pytorch_only, tensorflow_only])::double, papers "
        "from '{folder}/research_framework_mentions.parquet' where population <> 'accepted'",
        0,
    ),
    "aiindex_ai_share": (
        "select iso3, null, make_date(year, 1, 1), share_pct, null "
        "from '{folder}/aiindex_ai_share_yearly.parquet' "
        "where edition = 'AI Index 2025' and year in (2023, 2024)",
        1e-9,
    ),
    "kaggle_framework_use": (
        "select replace(lower(\"group\"), ' ', '_') || if(\"group\" = 'all answering', '', 's'), "
        "lower(framework), make_date(year, 1, 1), pct_of_answering, n_answering "
        "from '{folder}/kaggle_framework_usage.parquet' "
        "where framework in ('TensorFlow', 'PyTorch', 'Keras') and (\"group\" = 'all answering' "
        "or year = 2022 and \"group\" in ('research scientist', 'ML engineer'))",
        1e-9,
    ),
}


@pytest.mark.parametrize("indicator", FORMED)
def test_the_embedded_values_are_those_of_the_files_they_were_cut_from(shared, indicator):
    sql, tolerance = FORMED[indicator]
    folder = shared / "data" / "indicators"
    given = duckdb.sql(sql.format(folder=folder)).fetchall()
    expected = {
        (ISO3.get(entity, entity), framework, period): (number, n)
        for entity, framework, period, number, n in given
    }
    own = {
        (row.entity, row.framework, row.period): (row.value, row.n)
        for row in ROWS
        if row.indicator == indicator
    }
    assert own.keys() == expected.keys()
    for key, (number, n) in expected.items():
        assert own[key][0] == pytest.approx(number, abs=tolerance), key
        assert own[key][1] == n, key


def test_the_ratios_of_downloads_are_those_of_the_file_they_were_cut_from(shared):
    folder = shared / "data" / "indicators"
    ratios = dict(
        duckdb.sql(
            f"select month::date, torch / tensorflow from '{folder}/pypi_framework_monthly.parquet'"
        ).fetchall()
    )
    own = [row for row in ROWS if row.indicator == "pypi_torch_over_tensorflow"]
    assert len(own) == 10
    for row in own:
        assert row.value == pytest.approx(ratios[row.period], abs=0.005)
