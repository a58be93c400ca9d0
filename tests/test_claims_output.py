"""What comes out of the judged claims: the list, one in full, the report and ClaimReview."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
import site_sample

from dashboards.pages import build_site
from pipeline.claims.claim_review import claim_reviews
from pipeline.claims.judge import judge
from pipeline.claims.registry import Claim, parse_claim
from pipeline.claims.report import report
from pipeline.claims.sayings import Saying, sayings
from pipeline.claims.summaries import Tables, in_full, summaries
from pipeline.claims.terminal import claim_text, list_text
from pipeline.cli import main
from pipeline.edge import claims_report, site_files, statements
from pipeline.edge.claim_tables import write_claims
from pipeline.edge.config_template import config_template
from pipeline.edge.settings import read_settings
from pipeline.errors import InputError

AS_OF = date(2026, 7, 2)
RUN = {"run_id": "r2", "as_of": AS_OF, "version": "0.1.0", "extractor_version": "abc"}
TOTALS = {
    "n_stored": 1200, "n_postings": 1000, "n_dl_postings": 90, "n_employers": 400,
    "n_sources": 3, "n_families": 2, "first_year": 2011, "last_year": 2026,
}  # fmt: skip
PART = """
[[parts]]
name = "{name}"
estimator = "{estimator}"
direction = "above"
title = "Ads for {name} timber"
measure = "Lead of oak over elm, points"
above = "Oak leads,"
below = "Elm leads,"
{more}
"""


def a_claim(name: str, *, top: str = "", said: str = '["A", "B"]', parts: str = "") -> Claim:
    """Return a claim that oak leads by more than 3 points, unless told otherwise."""
    text = f"""
id = "{name}"
statement = "Oak is asked for more than elm_wood."
topic = "roles"
why = "Because <oak> is only beaten by elm."
registered_on = 2026-06-01
said_by = {said}
variants = ["required_only"]
{top}
[needs]
frame = "any"
observes = ["full_text"]
{parts or PART.format(name="all", estimator="lead", more="")}
"""
    return parse_claim(f"{name.replace('-', '_')}.toml", text.encode(), b"select 1;")


def untestable(name: str) -> Claim:
    text = f"""
id = "{name}"
statement = "Oak is faster than elm."
topic = "figures"
registered_on = 2026-06-01
said_by = ["B"]
testable = false
reason_not_testable = "No ad says how fast a tree is."
"""
    return parse_claim(f"{name.replace('-', '_')}.toml", text.encode(), None)


def sums(lead: float, *, employers: int = 40, source: str = "oakboard", part: str = "all") -> dict:
    """Return the sums of a claim: one month, two ads an employer, a lead in points."""
    at = np.arange(employers)
    whole = {
        "part": part, "source": source, "source_family": source, "frame": "all_jobs",
        "observes": "full_text", "date_kind": "real", "period": date(2026, 3, 1),
        "n_postings": 2, "denominator": 2,
    }  # fmt: skip
    columns = {name: np.full(employers, value, dtype=object) for name, value in whole.items()}
    columns["employer_id"] = np.array([f"e{n}" for n in at], dtype=object)
    columns["numerator"] = lead / 50 + np.where(at % 2, 0.1, -0.1)
    return columns


def both(*some: dict) -> dict:
    return {name: np.concatenate([one[name] for one in some]) for name in some[0]}


def judged(claims: list[Claim], found: dict, runs: int = 1, then: dict | None = None) -> Tables:
    """Return the tables after so many runs on the same sums, and one more on others if given."""
    history: list = []
    rules: list = []
    total = runs + bool(then)
    for number in range(1, total + 1):
        now = (then or found) if number > runs else found
        some = judge(
            claims, now, as_of=AS_OF, run_id=f"r{number}", history=history, rules=rules,
            variants={name: {"required_only": given} for name, given in now.items()},
        )  # fmt: skip
        history += some.verdicts
        rules = some.rules
    return Tables(some._asdict(), {**RUN, "run_id": f"r{total}"}, has_earlier_runs=total > 1)


@pytest.fixture
def tables() -> Tables:
    claims = [a_claim("oak-leads"), a_claim("few-oaks", top='beside = ["oak-leads", "gone"]'),
              untestable("oak-speed")]  # fmt: skip
    return judged(claims, {"oak-leads": sums(40), "few-oaks": sums(40, employers=4)})


def one(tables: Tables, claim_id: str = "oak-leads") -> dict:
    found = in_full(tables, claim_id)
    assert found is not None
    return found


# --- records and text


def test_claims_are_listed_by_topic_with_numbers_and_their_unit(tables):
    listed = summaries(tables)
    assert [row["claim_id"] for row in listed] == ["few-oaks", "oak-leads", "oak-speed"]
    row = listed[1]
    assert (row["verdict"], row["unit"], row["n_postings"]) == ("supported", "points", 80)
    assert row["estimate"] == pytest.approx(40)
    assert row["articles"] == ["A", "B"]
    assert listed[2]["verdict"] == "not_testable"
    assert listed[2]["estimate"] is None


def test_the_unit_is_that_of_the_part_that_decides():
    parts = PART.format(name="oak", estimator="lead", more="")
    parts += PART.format(name="old", estimator="share", more="threshold_pct = 90")
    found = both(sums(40, part="oak"), sums(40, part="old"))
    (row,) = summaries(judged([a_claim("oak-leads", parts=parts)], {"oak-leads": found}))
    assert (row["decided_by"], row["unit"], row["verdict"]) == ("old", "%", "contradicted")


def test_nothing_is_new_in_the_first_run_and_a_later_claim_is(tables):
    assert not any(row["changed"] for row in summaries(tables))
    later = replace(tables, has_earlier_runs=True)
    assert {row["changed"] for row in summaries(later)} == {"new claim"}


def test_a_verdict_that_only_tonight_finds_is_told_beside_the_one_that_stands():
    claim = a_claim("oak-leads")
    found = judged([claim], {"oak-leads": sums(40)}, then={"oak-leads": sums(-40)})
    (row,) = summaries(found)
    assert (row["verdict"], row["tonight"]) == ("supported", "contradicted")
    assert row["changed"] == "tonight contradicted (1 of 3)"
    text = report([row], RUN, TOTALS)
    assert (
        "**Supported** (tonight contradicted (1 of 3)) since 2026-07-02: the newest run: " in text
    )
    assert "Contradicted (the reverse): Elm leads, by 40.0 points" in text


def test_a_changed_verdict_says_what_stood_before():
    standing = judged([a_claim("oak-leads")], {"oak-leads": sums(40)})
    (row,) = standing.rows["standing"]
    row |= {"before": "inconclusive"}
    assert summaries(standing)[0]["changed"] == "was inconclusive"


def test_one_claim_in_full_holds_everything_that_is_known_of_it(tables):
    full = one(tables)
    assert full["families"][0]["pooled"] == "one source: its own interval"
    assert [row["time_window"] for row in full["years"]] == ["2026"]
    assert {row["variant"] for row in full["sensitivity"]} >= {"required_only"}
    assert full["versions"][0]["is_current"] is True
    assert "rule" not in full["versions"][0]
    assert full["sql"] == "select 1;"
    assert json.loads(json.dumps(full, default=str))["standing"]["verdict"] == "supported"
    others = one(tables, "few-oaks")["beside"]
    assert [(other["claim_id"], other["verdict"]) for other in others] == [
        ("oak-leads", "supported"), ("gone", None),
    ]  # fmt: skip
    assert in_full(tables, "no-such") is None


def test_a_source_that_could_not_speak_is_shown_with_the_reason(tables):
    text = claim_text(one(tables, "few-oaks"), 200)
    assert "insufficient data" in text
    assert re.search(r"oakboard .*fewer than", text)
    assert "oak-leads (supported); gone (not registered)" in text


@pytest.mark.parametrize("width", [80, 100, 160])
def test_one_claim_in_full_keeps_within_the_terminal(tables, width):
    for claim_id in ("oak-leads", "few-oaks", "oak-speed"):
        lines = claim_text(one(tables, claim_id), width).splitlines()
        assert max(map(len, lines)) <= width


def test_parts_are_told_by_their_titles_in_the_order_of_the_rule():
    parts = PART.format(name="zinc", estimator="lead", more="")
    parts += PART.format(name="acorn", estimator="lead", more="")
    found = both(sums(40, part="zinc"), sums(40, part="acorn"))
    full = one(judged([a_claim("oak-leads", parts=parts)], {"oak-leads": found}))
    assert [row["part"] for row in full["parts"]] == ["zinc", "acorn"]
    text = claim_text(full, 100)
    assert text.index("Sources: Ads for zinc timber") < text.index("Sources: Ads for acorn timber")


def test_the_list_takes_a_line_a_claim_or_two_where_the_terminal_is_narrow(tables):
    wide = list_text(summaries(tables)).splitlines()
    assert len(wide) == 2 + 3 + 2
    assert "robust?" in wide[0]
    assert re.search(r"roles +oak-leads +supported +40.0 .* points +80 +40 +1 +robust", wide[3])
    narrow = list_text(summaries(tables), 80).splitlines()
    assert "oak-leads (roles): supported" in narrow
    assert max(map(len, narrow)) <= 100


# --- the report


def test_the_report_names_run_data_and_every_claim_with_its_rule(tables):
    text = report(summaries(tables), tables.run, TOTALS)
    for words in ("As of: 2026-07-02", "`r1`", "extractor `abc`", "1,200 postings", "1,000",
                  "400 employers", "3 sources", "2011 to 2026"):  # fmt: skip
        assert words in text
    for claim in tables.rows["claims"]:
        assert f"`{claim['claim_id']}`" in text
        assert f"Rule: `{claim['rule_hash'][:12]}`, registered on 2026-06-01" in text
    assert "since 2026-07-02: Oak leads, by 40.0 points (95 % interval" in text
    assert "Rests on: 80 postings, 40 employers, 1 source" in text


def test_the_report_puts_changed_verdicts_first_and_the_untestable_last(tables):
    listed = summaries(tables)
    listed[1]["changed"] = "was inconclusive"
    text = report(listed, RUN, TOTALS)
    heads = re.findall(r"^## (.*)", text, re.MULTILINE)
    assert heads == ["Changed with this run", "Not enough data", "Not testable here", "How to cite"]
    assert text.index("`oak-leads`") < text.index("`few-oaks`") < text.index("`oak-speed`")
    assert "**Not testable here**: No ad says how fast a tree is." in text


def test_the_report_shows_words_as_they_are_and_links_only_to_a_known_address(tables):
    text = report(summaries(tables), RUN, TOTALS)
    assert "elm\\_wood" in text
    assert "http" not in text
    linked = report(summaries(tables), RUN, TOTALS, "https://example.org/jobs")
    assert "[`oak-leads`](https://example.org/jobs/claims/oak-leads.html)" in linked


def test_how_a_claim_is_contradicted_stands_beside_the_verdict():
    claims = judged([a_claim("oak-leads")], {"oak-leads": sums(-40)})
    text = report(summaries(claims), RUN, TOTALS)
    assert "- **Contradicted (the reverse)** since 2026-07-02: Elm leads, by 40.0" in text


def test_the_same_tables_give_the_same_report():
    def text() -> str:
        found = judged([a_claim("oak-leads")], {"oak-leads": sums(40)})
        return report(summaries(found), found.run, TOTALS)

    assert text() == text()


def test_a_warehouse_without_a_run_has_a_report_that_says_so():
    assert "No run has judged a claim yet." in report([], {}, TOTALS)


# --- ClaimReview

REVIEWED = {"as_of": AS_OF, "site_url": "https://example.org/jobs"}


def reviews(verdict: str = "supported", whole=("A", "B"), in_part=(), **more) -> list[dict]:
    said = sayings(whole, in_part)
    return claim_reviews("oak-leads", "Oak leads.", said, verdict, **(REVIEWED | more))


def test_a_review_names_claim_article_publisher_verdict_and_page():
    (review,) = reviews()
    assert review["@context"] == "https://schema.org"
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == "Oak leads."
    assert review["url"] == "https://example.org/jobs/claims/oak-leads.html"
    assert review["datePublished"] == "2026-07-02"
    assert review["author"]["name"] == "jobmarket"
    claim = review["itemReviewed"]
    assert (claim["@type"], claim["author"]["name"]) == ("Claim", "CBT Nuggets")
    assert claim["appearance"]["url"].startswith("https://www.cbtnuggets.com/")


def test_the_nearer_a_rating_is_to_the_best_the_truer_the_claim():
    rated = [
        reviews(verdict)[0]["reviewRating"]
        for verdict in ("contradicted", "inconclusive", "supported")
    ]
    values = [one["ratingValue"] for one in rated]
    assert values == sorted(set(values))
    assert {(one["worstRating"], one["bestRating"]) for one in rated} == {(values[0], values[2])}
    assert [one["alternateName"] for one in rated] == ["Contradicted", "Inconclusive", "Supported"]


def test_nobody_is_reviewed_on_a_guess():
    assert reviews(whole=("A", "C", "D", "E")) == []  # no publisher, or no address
    assert reviews(whole=("A",), in_part=("B",)) == []  # leaning is not claiming
    assert reviews("insufficient_data") == []
    assert reviews("not_testable") == []


def test_every_known_article_has_a_review_of_its_own():
    said = (Saying("B", "One", "Press", "https://a.example"),
            Saying("F", "Two", "Other", "https://b.example"))  # fmt: skip
    found = claim_reviews("oak-leads", "Oak leads.", said, "supported", as_of=AS_OF)
    assert [one["itemReviewed"]["author"]["name"] for one in found] == ["Press", "Other"]
    assert {one["url"] for one in found} == {"../claims/oak-leads.html"}


def test_a_page_carries_its_review_and_no_words_can_end_the_script():
    data = site_sample.site_data()
    (review,) = reviews()
    review["claimReviewed"] = "Oak </script><b> leads."
    site = build_site(replace(data, claim_reviews={"tf-most-demanded": [review]}))
    pattern = r'<script type="application/ld\+json">(.*?)</script>'
    (body,) = re.findall(pattern, str(site["claims/tf-most-demanded.html"]), re.DOTALL)
    assert json.loads(body) == review
    assert not re.findall(pattern, str(site["claims/keras-secondary.html"]))


# --- the published file, its commands, and the site


@pytest.fixture
def data(tables, tmp_path) -> Path:
    """Return a data folder whose published file holds the claim tables."""
    with closing(duckdb.connect(tmp_path / "jobmarket.duckdb")) as connection:
        connection.execute("create schema claim; create schema ops; create schema core")
        for relation, table in statements.written().items():
            columns = ", ".join(f"{column} {kind}" for column, kind in table.types.items())
            connection.execute(f"create table {relation} ({columns})")
        write_claims(connection, tables.rows)
        connection.execute(
            "insert into ops.runs (run_id, started_at, as_of, version, extractor_version) "
            "values ('r1', ?, ?, '0.1.0', 'abc')",
            [datetime(2026, 7, 3), AS_OF],
        )
        connection.execute("""
            create table core.postings as select 'p1' as posting_id, 'oakboard' as source,
                'oakboard' as source_family, 'e1' as employer_id, date '2026-03-01' as posted_on,
                'real' as date_kind, null::varchar as duplicate_of;
            create table core.frameworks as select 'oak' as framework, true as is_deep_learning;
            create table core.posting_frameworks as
                select 'p1' as posting_id, 'oak' as framework, 'required' as requirement
        """)
    return tmp_path


def call(capsys, data: Path, *arguments: str) -> tuple[int, str, str]:
    code = main(["claims", *arguments, "--data", str(data)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_filters_by_verdict_article_and_topic(data, capsys):
    def ids(*arguments: str) -> list[str]:
        code, out, _ = call(capsys, data, "--json", *arguments)
        assert code == 0
        return [row["claim_id"] for row in json.loads(out)]

    assert ids() == ["few-oaks", "oak-leads", "oak-speed"]
    assert ids("--verdict", "supported") == ["oak-leads"]
    assert ids("--article", "a") == ["few-oaks", "oak-leads"]
    assert ids("--topic", "figures") == ["oak-speed"]
    assert ids("--topic", "figures", "--article", "A") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("oak_lead",), "did you mean oak-leads"),
        (("zzz",), "no claim 'zzz'; `jobmarket claims` lists them"),
        (("--topic", "rolls"), "expected one of roles, figures"),
        (("--article", "Z"), "expected one of A, B"),
        (("oak-leads", "--topic", "roles"), "an ID or filters"),
    ],
)
def test_an_unknown_word_is_exit_2_and_says_what_is_known(data, capsys, arguments, words):
    code, out, err = call(capsys, data, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_one_claim_is_printed_in_full_as_text_and_as_one_object(data, capsys):
    _, text, _ = call(capsys, data, "oak-leads")
    for words in ("Oak is asked for more than elm_wood.", "CBT Nuggets", "supported", "Sources",
                  "Done otherwise", "claim.rules, column sql", "hash"):  # fmt: skip
        assert words in text
    _, out, _ = call(capsys, data, "oak-leads", "--json")
    full = json.loads(out)
    assert (full["claim_id"], full["verdict"]) == ("oak-leads", "supported")
    assert full["since"] == "2026-07-02"


def test_a_file_of_an_earlier_version_is_told_as_such(data):
    with closing(duckdb.connect(data / "jobmarket.duckdb")) as connection:
        connection.execute("drop table claim.standing")
    with pytest.raises(InputError, match="jobmarket run"):
        claims_report.listed(data / "jobmarket.duckdb")


def test_the_report_and_reviews_are_those_of_the_published_file(data):
    with closing(duckdb.connect(data / "jobmarket.duckdb", read_only=True)) as connection:
        text, found = claims_report.report_and_reviews(connection)
    assert "1 postings" in text
    assert "`oak-leads`" in text
    # few-oaks has not enough data, oak-speed cannot be tested
    assert list(found) == ["oak-leads"]
    assert found["oak-leads"][0]["reviewRating"]["alternateName"] == "Supported"


def test_the_site_holds_report_and_reviews_and_the_report_stands_beside_it(data, monkeypatch):
    monkeypatch.setattr(site_files, "read_site_data", lambda *_: site_sample.site_data())
    none = {"cells": [], "pairs": [], "pay": []}
    monkeypatch.setattr(site_files, "read_demand", lambda *_: none)
    settings = read_settings(data)
    site_files.replace_site(settings)
    review = json.loads((settings.site / "claimreview" / "oak-leads.json").read_text())
    assert review["@type"] == "ClaimReview"
    assert (settings.site / "report.md").read_bytes() == (data / "report.md").read_bytes()
    assert [path.name for path in (settings.site / "claimreview").iterdir()] == ["oak-leads.json"]
    assert not list(data.glob("*.part"))


# --- where the site stands


@pytest.mark.parametrize(
    ("value", "read"),
    [('""', ""), ('"https://example.org/jobs/"', "https://example.org/jobs")],
)
def test_the_site_has_an_address_only_if_one_is_configured(tmp_path, value, read):
    config = tmp_path / "jobmarket.toml"
    config.write_text(f"site_url = {value}\n")
    assert read_settings(tmp_path, config).site_url == read
    assert read_settings(tmp_path).site_url == ""


@pytest.mark.parametrize("value", ['"example.org"', '"javascript:alert(1)"', "3"])
def test_an_address_that_is_none_is_refused(tmp_path, value):
    config = tmp_path / "jobmarket.toml"
    config.write_text(f"site_url = {value}\n")
    with pytest.raises(InputError, match="site_url"):
        read_settings(tmp_path, config)


def test_a_new_config_names_the_address_as_a_comment():
    assert re.search(r'^# site_url = "https://', config_template(), re.MULTILINE)
