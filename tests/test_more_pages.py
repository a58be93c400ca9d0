"""The pages beside claims and demand: articles, outside series, health, methods, dictionary."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import site_sample as sample
import warehouse_rows as given

from dashboards import articles, cite, dictionary_pages, health, series
from dashboards.pages import build_site
from dashboards.series_tables import papers_of, papers_table, readings_of, wilson_pct
from dashboards.site_data import rows
from pipeline.claims.sayings import sayings
from pipeline.edge.statements import written

ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "sql" / "site"
LIMIT = 150_000  # bytes of a page


def said(whole: str, in_part: str = "") -> str:
    """Return who says a claim, as claim.claims holds it."""
    return "; ".join(str(one) for one in sayings(whole.split(), in_part.split()))


def value(indicator: str, entity: str, day: str, number: float, **given: Any) -> dict[str, Any]:
    """Return a row of core.indicators."""
    return {
        "indicator": indicator,
        "entity": entity,
        "framework": None,
        "period": pd.Timestamp(day),
        "period_kind": "year",
        "value": number,
        "n": None,
        "unit": "percent of postings",
        "source_name": "Some Counter",
        "licence": "CC BY 4.0",
        "url": "https://example.org/tree/1",
    } | given


def papers(venue: str, year: int, pytorch: float, tensorflow: float, n: int) -> list[dict]:
    """Return the two rows that one venue and year have."""
    return [
        value("conference_papers", venue, f"{year}-01-01", count, framework=name, n=n)
        for name, count in (("pytorch", pytorch), ("tensorflow", tensorflow))
    ]


def summary(claim_id: str, verdict: str, said_by: str, topic: str = "market") -> dict[str, Any]:
    """Return what the list of claims says of one."""
    return {
        "claim_id": claim_id,
        "statement": f"About {claim_id}.",
        "said_by": said_by.split("; "),
        "topic": topic,
        "group": "The market",
        "verdict": verdict,
        "verdict_label": verdict,
        "sentence": "A sentence.",
    }


def whole_data(**given: Any):
    """Return the data of a site whose every page has something to show."""
    months = [f"{year}-{month:02}-01" for year in (2023, 2024) for month in range(1, 13)]
    series_found = [
        *papers("ACL", 2019, 30, 10, 400),
        *papers("ACL", 2020, 60, 20, 500),
        *(
            value("indeed_ai_share", country, day, 2 + at / 10, period_kind="month", n=30)
            for country in ("US", "CA")
            for at, day in enumerate([*months, "2025-01-01"])
        ),
        value("aiindex_ai_share", "US", "2023-01-01", 1.39),
        value("aiindex_ai_share", "US", "2024-01-01", 1.79),
        value(
            "kaggle_framework_use",
            "all_answering",
            "2022-01-01",
            35.7,
            framework="pytorch",
            n=14531,
            unit="percent of those answering",
        ),
        value("pypi_torch_over_tensorflow", "pypi", "2024-04-01", 1.03, period_kind="month"),
        value("pypi_torch_over_tensorflow", "pypi", "2025-04-01", 2.02, period_kind="month"),
    ]
    described = {
        "name": "indeed_ai_share",
        "title": "AI share of job postings",
        "publisher": "Some Counter",
        "found_in": "https://example.org/tree/1",
        "path": "a.csv",
        "cut_on": date(2026, 6, 30),
        "licence": "CC BY 4.0",
        "attribution": "By Some Counter.",
        "measures": "A share.",
        "traps": "Revisions <move> results.",
    }
    claims = [
        sample.claim(said_by=said("B", "A")),
        sample.claim("cv-tf", statement="Vision asks for TensorFlow.", said_by=said("C")),
        sample.claim("role-cv-pt", statement="Vision asks for PyTorch.", said_by=said("A C")),
    ]
    columns = [
        ("core", "posting_id", "core.postings", "Postings.\ngrain:   posting_id", "Key <of> it."),
        ("ops", "run_id", "ops.runs", "Runs.\ngrain:   run_id", "Id of a run."),
    ]
    fields: dict[str, Any] = {
        "claims": pd.DataFrame(claims),
        "verdicts": pd.DataFrame([sample.verdict()]),
        "claim_rules": {"cv-tf": {"rivals": ["role-cv-pt"]}, "role-cv-pt": {"rivals": ["cv-tf"]}},
        "indicators": pd.DataFrame(series_found),
        "series": [described],
        "fill": pd.DataFrame(
            [{"source": "hn_hiring", "n_stored": 200, "n_postings": 110, "employer_pct": 99.9}]
        ),
        "copies": pd.DataFrame(
            [{"source": "hn_hiring", "duplicate_reason": "repost", "n_copies": 90}]
        ),
        "runs": pd.DataFrame(
            [{"run_id": "run-1", "status": "published", "extractor_version": "abc123"}]
        ),
        "dictionary": pd.DataFrame(
            columns,
            columns=[
                "schema_name", "column_name", "relation", "relation_comment", "column_comment"
            ],
        ).assign(data_type="VARCHAR"),
        "macros": pd.DataFrame(
            [{"name": "open_on", "parameters": ["day"], "comment": "Open.\nexample: from open_on"}]
        ),
    }  # fmt: skip
    return sample.site_data(**fields | given)


@pytest.fixture(scope="module")
def site() -> Mapping[str, str]:
    return build_site(whole_data())


def text_of(page: str) -> str:
    """Return a page's words as a reader sees them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_article_is_found_by_its_letter_or_by_its_title():
    assert articles.sayers(said("B", "A").split("; ")) == {"B": "says it", "A": "in part"}
    assert articles.sayers(["My own blog", "Article Z (unknown)"]) == {}


def test_an_article_lists_its_claims_by_verdict_and_says_how_many_are_settled():
    claims = [
        summary("one", "supported", said("A B")),
        summary("two", "contradicted", said("A")),
        summary("three", "inconclusive", said("", "A")),
    ]
    found = articles.page_values(claims, {})
    assert found["letters"] == ["A", "B"]
    assert found["counts"].rows[0] == ("Article A", "3", "1", "1", "1", "1")
    assert found["articles"][0]["score"].endswith("the data settle 2: 1 held up, 1 did not.")
    assert [g["verdict"] for g in found["articles"][0]["groups"]] == [
        "supported",
        "contradicted",
        "inconclusive",
    ]
    cells = {c["claim_id"]: c["cells"] for t in found["topics"] for c in t["claims"]}
    assert cells == {
        "one": ["says it", "says it"],
        "two": ["says it", ""],
        "three": ["in part", ""],
    }


def test_rivals_stand_side_by_side_once_and_an_article_on_both_sides_is_named():
    claims = [
        summary("one", "inconclusive", said("C")),
        summary("two", "inconclusive", said("A C")),
    ]
    rules = {"one": {"rivals": ["two"]}, "two": {"rivals": ["one", "not-here"]}}
    (pair,) = articles.page_values(claims, rules)["disagreements"]
    assert [side["claim_id"] for side in pair["sides"]] == ["one", "two"]
    assert pair["on_both"] == ["C"]


def test_articles_without_a_known_publisher_go_by_their_letter_and_what_they_are(site):
    text = text_of(site["articles.html"])
    assert "Article A A long guide to frameworks and AI careers; its publisher is not" in text
    assert "CBT Nuggets" in text
    assert "Article C says both, in different places." in text


def test_the_matrix_says_in_words_what_its_marks_say(site):
    cells = re.findall(r'<td role="cell" class="mid">(.*?)</td>', site["articles.html"])
    marked = [cell for cell in cells if cell]
    assert marked
    assert all('class="unseen">says it<' in c or 'class="unseen">in part<' in c for c in marked)
    assert site["data/articles.csv"].splitlines()[0] == "claim_id,statement,verdict,A,B,C"


def test_papers_have_both_denominators_with_wilson_intervals():
    found = papers_of([*papers("ACL", 2019, 30, 10, 400)])
    line = papers_table(found).rows[0]
    assert line == (
        "ACL", "2019", "30", "10", "400", "75.0", "59.8 to 85.8", "7.5", "5.3 to 10.5"
    )  # fmt: skip


def test_submitted_papers_are_never_put_with_accepted_ones():
    submitted = value("conference_submissions", "ACL", "2020-01-01", 5, framework="pytorch", n=9)
    found = papers_of([*papers("ACL", 2019, 30, 10, 400), submitted])
    assert [paper.venue for paper in found] == ["ACL", "ACL, submitted"]


def test_a_share_of_nothing_has_no_interval():
    assert wilson_pct(0.5, 0) is None
    low, high = wilson_pct(0.0, 10) or (1.0, 0.0)
    assert low == 0.0 and 27 < high < 28


def test_readings_of_a_claim_begin_with_the_one_that_decides():
    own = {"claim_id": "ai-listings-61", "time_window": "last_24_months", "estimate": 20.0}
    other = {"claim_id": "ai-listings-61", "reading": "volume", "source_family": "US"}
    found = readings_of(
        [own | {"source_family": "US"}], [other | {"estimate": 4.8}], "ai-listings-61"
    )
    assert list(found.items()) == [("primary", {"US": 20.0}), ("volume", {"US": 4.8})]


def test_every_chart_of_the_series_has_a_table_and_a_caption(site):
    charts = re.findall(r'<figure class="chart">.*?</figure>', site["series.html"], re.DOTALL)
    assert len(charts) == 5
    assert all("<table" in chart and "<figcaption>" in chart for chart in charts)


def test_a_series_says_licence_attribution_and_what_it_is_not(site):
    text = text_of(site["series.html"])
    assert "CC BY 4.0. By Some Counter." in text
    assert "Revisions <move> results." in text
    assert "<move>" not in site["series.html"]


def test_a_warehouse_without_series_has_a_page_that_says_so():
    built = build_site(sample.site_data())
    assert "holds no outside series" in built["series.html"]
    assert "says nothing of its tables" in built["dictionary.html"]


def test_sections_link_the_claims_they_are_for(site):
    page = series.page_values(whole_data(), {"papers-60": summary("papers-60", "supported", "")})
    assert [one["claim_id"] for one in page["sections"][0]["claims"]] == ["papers-60"]


def test_a_percentage_that_is_not_quite_all_or_none_does_not_look_so():
    filled = [{"source": "hn", "n_postings": 9, "employer_pct": 99.9, "pay_pct": 0.1}]
    (line,) = health.fill_table(filled).rows
    assert line[2] == "> 99"
    assert line[2 + [name for name, _ in health.FILLED].index("pay_pct")] == "< 1"


def test_copies_are_counted_by_reason_beside_the_jobs_that_remain():
    filled = [{"source": "hn", "n_stored": 200, "n_postings": 110}]
    copies = [{"source": "hn", "duplicate_reason": "repost", "n_copies": 90}]
    table = health.copies_table(filled, copies)
    line = dict(zip([c.heading for c in table.columns], table.rows[0], strict=True))
    assert (line["Kept"], line["Posted again"], line["Jobs"]) == ("200", "90", "110")
    assert line["Copies, %"] == "45"


def test_a_source_says_what_it_cannot_show():
    found = [{"source": "board", "frame": "search_words", "observes": "titles"}]
    filled = [{"source": "board", "real_date_pct": 0.0, "employer_pct": 0.0}]
    (line,) = health.capabilities_table(found, filled).rows
    assert "nothing of what an ad asks for" in line[2]
    assert "how common" in line[3] and "no trend" in line[3] and "never pooled" in line[3]


def test_a_column_of_the_dictionary_has_an_address_and_escapes_its_sentence(site):
    assert 'id="core-postings-posting_id"' in site["dictionary/core.html"]
    assert "Key &lt;of&gt; it." in site["dictionary/core.html"]
    assert 'href="dictionary/core.html#core-postings"' in site["dictionary.html"]


def test_a_header_is_parted_into_its_sentence_and_its_notes():
    comment = "Every posting\nonce.\ngrain:   posting_id\ncounts:  canonical\n         ones"
    assert dictionary_pages.said(comment) == {
        "sentence": "Every posting once.",
        "notes": [("grain", "posting_id"), ("counts", "canonical ones")],
    }


def test_the_citation_names_date_run_version_and_address():
    data = whole_data(site_url="https://example.org/jobmarket")
    for text in (cite.plain(data), cite.bibtex(data)):
        for part in ("2026-10-28", "run-1", "0.1.0", "https://example.org/jobmarket"):
            assert part in text
    entry = cite.bibtex(data)
    assert entry.startswith("@misc{jobmarket_2026_10_28,\n")
    assert entry.count("{") == entry.count("}")


def test_a_citation_without_an_address_says_that_it_has_none(site):
    assert "url = " not in cite.bibtex(whole_data())
    assert "does not know where it stands" in site["cite.html"]


def test_the_citation_file_names_the_version_and_the_licence_of_the_program():
    said_of_it = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in said_of_it
    assert f"\nlicense: {project['license']}\n" in said_of_it
    assert cite.TITLE in said_of_it and cite.AUTHOR in said_of_it


def test_the_methods_page_says_of_the_intervals_what_the_simulations_found():
    simulated = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    one_source = simulated.partition("**One source.**")[2].partition("**Several sources.**")[0]
    held = [float(n) for n in re.findall(r"\| \**(\d+\.\d)\** \(", one_source)]
    held += [float(n) for n in re.findall(r"\) \| \**(\d+\.\d)\** \(", one_source)]
    page = (ROOT / "dashboards" / "templates" / "methods.html").read_text(encoding="utf-8")
    stated = re.search(r"hold it in (\d+) to (\d+) of 100", page)
    assert stated and held
    assert (round(min(held)), round(max(held))) == (int(stated[1]), int(stated[2]))


def test_the_methods_page_has_every_subject_it_should():
    page = (ROOT / "dashboards" / "templates" / "methods.html").read_text(encoding="utf-8")
    anchors = set(re.findall(r'<h2 id="([a-z]+)"', page))
    wanted = (
        "unit sources intervals pooling verdicts many windows robustness stability blind honest"
    )
    assert anchors >= set(wanted.split())
    assert set(re.findall(r'href="#([a-z]+)"', page)) <= anchors


def test_every_new_page_stands_in_the_navigation_and_stays_small(site):
    for path in ("articles", "series", "health", "methods", "dictionary", "cite", "about"):
        assert f'href="{path}.html"' in site["index.html"], path
        assert len(site[f"{path}.html"].encode()) < LIMIT, path
    for path in [name for name in site if name.startswith("dictionary/")]:
        assert len(site[path].encode()) < LIMIT, path


def test_the_dictionary_query_reads_the_comments_of_a_warehouse():
    connection = duckdb.connect()
    connection.execute("create schema core")
    connection.execute("create table core.postings (posting_id varchar)")
    connection.execute("comment on table core.postings is 'Every posting.'")
    connection.execute("comment on column core.postings.posting_id is 'Its key.'")
    connection.execute("create macro twice(n) as n * 2")
    connection.execute("comment on macro twice is 'Two times.'")
    (row,) = rows(connection.execute((QUERIES / "dictionary.sql").read_text()).df())
    assert (row["relation"], row["column_comment"]) == ("core.postings", "Its key.")
    (macro,) = rows(connection.execute((QUERIES / "macros.sql").read_text()).df())
    assert (macro["name"], macro["parameters"], macro["comment"]) == ("twice", ["n"], "Two times.")


def test_the_queries_about_the_sources_read_a_small_warehouse(tmp_path):
    naming = given.naming("pytorch", requirement="required")
    postings = [
        given.posting("hn:1", posted_on=date(2026, 5, 10), frameworks=naming),
        given.posting("hn:2", posted_on=date(2026, 6, 10), frameworks=naming),
    ]
    connection = given.tables(given.lake(tmp_path, postings))
    for schema in ("claim", "ops"):
        connection.execute(f"create schema if not exists {schema}")
    for relation, table in written().items():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types.items())
        connection.execute(f"create table {relation} ({columns})")
    connection.execute("insert into ops.runs (run_id, status) values ('run-1', 'published')")
    connection.execute(
        "insert into ops.source_runs (run_id, source, status, n_new) values "
        "('run-1', 'hn', 'complete', 2), ('run-1', 'lever', 'failed', 0)"
    )
    connection.execute(
        "insert into ops.source_fields values "
        "('run-0', 'hn', 'pay', 10), ('run-1', 'hn', 'pay', 20)"
    )
    names = ("fill", "copies", "runs", "fields", "readings", "indicators")
    found = {
        name: rows(connection.execute((QUERIES / f"{name}.sql").read_text()).df()) for name in names
    }
    (line,) = found["fill"]
    assert line["n_stored"] == 2 and line["real_date_pct"] == 100.0
    assert line["n_stored"] - line["n_postings"] == sum(c["n_copies"] for c in found["copies"])
    (run,) = found["runs"]
    assert (run["n_sources"], run["n_whole"], run["n_new"]) == (2, 1, 2)
    assert found["readings"] == []
    assert {row["indicator"] for row in found["indicators"]} >= {"conference_papers"}
    assert [field["fill_pct"] for field in found["fields"]] == [20.0]
