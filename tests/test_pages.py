"""The site's files: what pages say, that links hold, and that the same data give the same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pandas as pd
import pytest
import site_sample as sample
import warehouse_rows as given
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from dashboards import words
from dashboards.claim_summaries import ClaimRows, summary
from dashboards.figures import forest
from dashboards.measures import Measure, measures_of
from dashboards.pages import build_site
from dashboards.palette import PALETTE
from dashboards.points import Point
from dashboards.site_data import SiteData
from dashboards.timelines import timeline

ROOT = Path(__file__).resolve().parents[1]
QUERIES = sorted((ROOT / "sql" / "site").glob("*.sql"))
LIMIT = 150_000  # bytes of a page beyond plotly


class Links(HTMLParser):
    """Every address a page names: `loaded` by itself, or `followed` by a reader."""

    def __init__(self, page: str):
        super().__init__()
        self.loaded: list[str] = []
        self.followed: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.followed.append(named["href"])
        elif address := named.get("src") or named.get("href"):
            self.loaded.append(address)


@pytest.fixture(scope="module")
def site():
    return build_site(sample.site_data())


@pytest.fixture(scope="module")
def pages(site):
    return {path: text for path, text in site.items() if path.endswith(".html")}


def test_the_same_data_give_the_same_bytes(site):
    again = build_site(sample.site_data())
    assert list(again) == list(site)
    assert again == site


def test_the_order_of_evidence_rows_does_not_change_a_byte(site):
    data = sample.site_data()
    shuffled = replace(
        data, verdicts=data.verdicts[::-1], estimates=data.estimates[::-1], demand=data.demand[::-1]
    )
    again = build_site(shuffled)
    assert {p: c for p, c in again.items() if p.endswith(".html")} == {
        p: c for p, c in site.items() if p.endswith(".html")
    }


def test_every_claim_has_a_page_and_stands_in_the_list(pages):
    for claim_id in ("tf-most-demanded", "keras-secondary", "nt-speed"):
        assert f"claims/{claim_id}.html" in pages
        assert f'href="claims/{claim_id}.html"' in pages["index.html"]


def test_relative_links_resolve_to_files_of_the_site(site, pages):
    for path, text in pages.items():
        links = Links(text)
        for address in links.loaded + links.followed:
            target, _, anchor = address.partition("#")
            if target.startswith("https://") or not target:
                assert target or anchor in links.ids, f"{path}: {address}"
                continue
            assert normpath(join(dirname(path), target)) in site, f"{path}: {address}"


def test_no_page_loads_anything_from_elsewhere(site, pages):
    for path, text in pages.items():
        assert not [a for a in Links(text).loaded if "//" in a or a.startswith("/")], path
    assert not re.search(r"url\(|@import|https?://", site["assets/site.css"])
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest", site["assets/site.js"])


def test_plotly_is_written_once_and_only_linked_where_a_chart_is(site, pages):
    assert [path for path in site if "plotly" in path] == ["assets/plotly.min.js"]
    for path, text in pages.items():
        assert ("plotly.min.js" in text) == ('class="plot"' in text), path


def test_the_small_plotly_is_of_the_version_that_figures_are_written_for(site):
    said = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", site["assets/plotly.min.js"])
    assert said and said[1] == get_plotlyjs_version()
    assert len(site["assets/plotly.min.js"]) < len(get_plotlyjs()) / 3


def test_every_chart_has_a_table_and_an_id_of_its_own(pages):
    for path, text in pages.items():
        ids = Links(text).ids
        assert len(ids) == len(set(ids)), path
        figures = re.findall(r'<figure class="chart">.*?</figure>', text, re.DOTALL)
        for figure in figures:
            assert "<table" in figure or 'id="demand-table"' in text, path


def test_every_figure_is_json_that_cannot_end_its_script(pages):
    for text in pages.values():
        for body in re.findall(r'application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
            assert "<" not in body
            json.loads(body)


def test_pages_stay_small_beside_plotly(pages):
    for path, text in pages.items():
        assert len(text.encode()) < LIMIT, path


def test_a_claim_of_four_parts_over_twenty_families_keeps_its_page_small():
    families = [f"some_family_{number}" for number in range(20)]
    parts = [f"part_{number}" for number in range(4)]
    windows = {f: ["last_24_months", "2024", "2025"] for f in families}
    windows[families[0]] += [str(year) for year in range(2012, 2024)]
    about = {"claim_id": "keras-secondary"}
    estimates = [
        sample.estimate(f, w, part=part, **about)
        for part in parts
        for f in families
        for w in windows[f]
    ]
    verdicts = [
        sample.verdict(part=p, time_window=w, **about)
        for p in ["all", *parts]
        for w in windows[families[0]]
    ]
    variant = {"verdict": "supported", "estimate": 1.0, "ci_low": 0.5, "ci_high": 1.5} | about
    sensitivity = [
        variant | {"part": part, "time_window": window, "variant": f"without_{family}"}
        for part in ["all", *parts]
        for family in families
        for window in windows[families[0]]
    ]
    frames = {"estimates": estimates, "verdicts": verdicts, "sensitivity": sensitivity}
    built = build_site(sample.site_data(**{n: pd.DataFrame(rows) for n, rows in frames.items()}))
    assert len(built["claims/keras-secondary.html"].encode()) < LIMIT


def test_the_list_says_verdict_estimate_interval_and_sample(pages):
    text = pages["index.html"]
    assert "Contradicted: the reverse" in text
    assert "PyTorch by 12.3 points" in text
    assert "4.7 to 20.0" in text
    assert "1,885 postings" in text
    assert "Provisional" in text
    assert "Some Publisher, Article A" in text


def test_a_final_run_is_not_called_provisional():
    verdicts = pd.DataFrame([sample.verdict(provisional=False)])
    assert "Provisional" not in build_site(sample.site_data(verdicts=verdicts))["index.html"]


def test_a_claim_that_cannot_be_tested_says_why_and_shows_no_empty_evidence(pages):
    text = pages["claims/nt-speed.html"]
    assert "A benchmark question, not one of hiring." in text
    assert "Example postings" not in text


def test_the_sentence_stands_beside_the_verdict_without_repeating_it(pages):
    text = pages["claims/tf-most-demanded.html"]
    assert '<p class="sentence">PyTorch is named more often, by −12.3 points.</p>' in text


def test_only_public_boards_are_linked(pages):
    followed = Links(pages["claims/tf-most-demanded.html"]).followed
    outside = [address for address in followed if "//" in address]
    assert outside == [
        "https://news.ycombinator.com/item?id=1",
        "https://boards.greenhouse.io/bluedoor/jobs/2",
    ]


def test_at_most_ten_examples_are_shown_and_their_words_are_escaped(pages):
    text = pages["claims/tf-most-demanded.html"]
    assert text.count("Engineer &lt;") == 10
    assert "Engineer <" not in text


def test_an_example_never_shows_more_than_a_snippet():
    long = sample.site_data().examples.assign(
        title="word " * 200, asks_for="word " * 200, snippet="word " * 200
    )
    text = build_site(sample.site_data(examples=long))["claims/tf-most-demanded.html"]
    assert max(map(len, re.findall(r"(?:word ?)+", text))) <= 160


def test_small_cells_are_marked(pages):
    assert "3 †" in pages["claims/tf-most-demanded.html"]
    assert "fewer than 5 employers" in pages["claims/tf-most-demanded.html"]


def test_a_table_without_the_optional_columns_still_makes_a_page():
    data = sample.site_data()
    optional = ["sentence", "provisional", "finding", "bar", "n_families"]
    built = build_site(replace(data, verdicts=data.verdicts.drop(columns=optional)))
    assert "Contradicted" in built["claims/tf-most-demanded.html"]


def test_empty_tables_make_a_site_that_says_so():
    data = sample.site_data()
    frames = {
        name: getattr(data, name).iloc[:0]
        for name in ("verdicts", "estimates", "sensitivity", "demand", "totals", "sources")
    }
    built = build_site(replace(data, **frames, checks=pd.DataFrame(), examples=pd.DataFrame()))
    assert "No source has postings" in built["demand.html"]
    assert "Not enough data" in built["index.html"]


def test_a_forest_draws_the_diamond_only_from_three_families_on():
    measure = measures_of(sample.LEAD_RULE)["all"]
    points = [Point(family, -5.0, -8.0, -2.0, 40, 20) for family in "abc"]
    pooled = Point("", -5.0, -6.0, -4.0, 120, 60)
    names = [row[1] for row in json.loads(forest("x", points, pooled, measure).json)["rows"]]
    assert "<b>Pooled</b>" in names
    two = [sample.estimate(f) for f in ("hn_hiring", "linkedin")]
    data = sample.site_data(
        estimates=pd.DataFrame(two), verdicts=pd.DataFrame([sample.verdict(n_families=2)])
    )
    assert "Pooled\\u003c" not in build_site(data)["claims/tf-most-demanded.html"]


def test_a_forest_without_intervals_still_shows_its_points():
    figure = forest("x", [Point("a", 5.0, None, None, 3, None)], None, Measure())
    assert json.loads(figure.json)["data"][0]["x"] == [5.0]


def test_a_timeline_leaves_a_gap_where_a_year_is_missing():
    points = [Point("a", 1.0, 0.5, 1.5, 40, 20, when=year) for year in ("2018", "2020")]
    line = json.loads(timeline("x", points, measures_of(sample.LEAD_RULE)["all"]).json)["data"][0]
    assert line["y"] == [1.0, None, 1.0]


def test_a_lead_beyond_zero_takes_the_colour_of_the_framework_that_leads():
    measure = measures_of(sample.LEAD_RULE)["all"]
    for value, name in ((20.0, "tensorflow"), (-20.0, "pytorch")):
        figure = forest("x", [Point("a", value, value - 5, value + 5, 40, 20)], None, measure)
        assert json.loads(figure.json)["data"][0]["line"]["color"] == PALETTE[name][0]


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("paper", ["paper", "raised"])
def test_tones_stand_out_from_their_paper(side, paper):
    text = {"ink", "muted", "link", "supported", "contradicted", "inconclusive"}
    marks = PALETTE.keys() - text - {"paper", "raised", "rule"}
    for names, least in ((text, 4.5), (marks, 3.0)):
        for name in names:
            assert contrast(PALETTE[name][side], PALETTE[paper][side]) >= least, name


def test_every_light_tone_has_one_dark_partner():
    tones = [tones[0] for tones in PALETTE.values()]
    assert len(tones) == len(set(tones))


def test_numbers_carry_a_true_minus_and_no_minus_before_nothing():
    assert words.number(-1234.56) == "−1,234.6"
    assert words.number(-0.01) == "0.0"
    assert words.number(None) == "–"


def test_the_estimate_of_a_claim_in_parts_is_in_the_unit_of_the_part_that_decides():
    row = sample.verdict("keras-secondary", decided_by="alone", estimate=61.0)
    found = ClaimRows(sample.claim("keras-secondary"), sample.PARTS_RULE, "", [row])
    assert summary(found)["estimate"] == "61.0 %"


def test_site_queries_are_one_for_each_frame_of_the_site():
    frames = [n for n, kind in SiteData.__annotations__.items() if kind == "pd.DataFrame"]
    assert sorted(frames) == [path.stem for path in QUERIES]


def test_site_queries_have_a_header_and_one_statement():
    for path in QUERIES:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"-- site.{path.stem}\n"), path
        assert "\n-- grain:" in text, path
        statement = "".join(line for line in text.splitlines() if not line.startswith("--"))
        assert statement.count(";") == 1 and statement.endswith(";"), path


def test_site_queries_fill_a_site_from_a_warehouse(tmp_path):
    built = build_site(from_warehouse(tmp_path))
    assert "Blue Door" in built["claims/multi-common.html"]
    assert "Supported" in built["index.html"]


def from_warehouse(folder):
    """Return the site's data of a tiny warehouse, through the queries themselves."""
    naming = given.naming("pytorch", "tensorflow", requirement="required")
    connection = given.tables(
        given.lake(
            folder,
            [
                given.posting("hn:1", posted_on=date(2026, 5, 10), frameworks=naming),
                given.posting("hn:2", posted_on=date(2026, 6, 10), frameworks=naming),
            ],
        )
    )
    from pipeline.edge import macros
    from pipeline.edge.statements import written

    for schema in ("claim", "ops"):
        connection.execute(f"create schema if not exists {schema}")
    for relation, table in written().items():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types.items())
        connection.execute(f"create table {relation} ({columns})")
    for relation, row in (
        ("claim.claims", sample.claim("multi-common")),
        ("claim.verdicts", sample.verdict("multi-common", verdict="supported", finding=None)),
        ("claim.examples", {"claim_id": "multi-common", "part": "all", "posting_id": "hn:1"}),
        ("ops.runs", {"run_id": "run-1", "as_of": date(2026, 7, 1)}),
        ("ops.source_runs", {"run_id": "run-1", "source": "hn", "status": "complete"}),
        ("ops.checks", {"run_id": "run-1", "name": "keys_unique", "n_offending": 0}),
    ):
        known = {k: v for k, v in row.items() if k in written()[relation].types}
        places = ", ".join("?" * len(known))
        connection.execute(
            f"insert into {relation} ({', '.join(known)}) values ({places})", [*known.values()]
        )
    macros.create(connection)
    frames = {path.stem: connection.execute(path.read_text()).df() for path in QUERIES}
    return SiteData(**frames, as_of="2026-07-01", run_id="run-1", version="0.1.0")


def drawn(figure):
    """Return the layout of a figure."""
    return json.loads(figure.json)["layout"]


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two tones."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(tone: str) -> float:
    parts = [int(tone[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
