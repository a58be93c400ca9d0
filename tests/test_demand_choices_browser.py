"""Choices of the demand page in a real browser: times, lists without a framework, the address."""

from __future__ import annotations

import re

import pytest
import site_sample as sample
import test_demand_lists as lists
from browser import browser, write_site
from test_demand_browser import TABLE, choose, opened

from dashboards.pages import build_site
from pipeline.edge.site_files import read_demand

__all__ = ["browser"]  # the tab of the site's own tests
warehouse = lists.warehouse
CELLS = f"{TABLE}.map((row) => [...row.cells].map((cell) => cell.textContent))"
NOTE = "document.getElementById('share-note').textContent"
WORDS = "document.querySelector('#share-charts').textContent"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, warehouse):
    """A site written to disk, of a market in which one source shows a fixed list of words."""
    frame = warehouse.execute(lists.site_query()).df()
    data = sample.site_data(demand=frame, demand_cells=read_demand(warehouse))
    return write_site(tmp_path_factory.mktemp("choices"), build_site(data))


def saved(tab, part: str) -> list[list[str]]:
    """Return the lines of the CSV that a part of the page offers."""
    text = tab.run(
        "new Promise((done) => { URL.createObjectURL = (blob) => {"
        " blob.text().then(done); return 'data:,'; };"
        "HTMLAnchorElement.prototype.click = () => {};"
        f"document.querySelector('[data-csv={part}]').dispatchEvent("
        "new MouseEvent('click', { bubbles: true })); })"
    )
    return [line.split(",") for line in text.splitlines()]


def test_a_framework_that_a_source_cannot_show_has_words_in_place_of_a_share(browser, folder):
    opened(browser, folder, "#by=source_family&fw=pytorch,jax")
    said = {row[0]: row[-1] for row in browser.run(CELLS)}
    assert said["Words"] == "cannot be seen here"
    assert said["Hacker News"][0].isdigit()
    assert "cannot be seen here" in browser.run(WORDS)
    assert "JAX cannot be seen in some cells" in browser.run(NOTE)
    assert browser.trouble == []


def test_its_line_of_the_csv_is_empty_and_not_0(browser, folder):
    opened(browser, folder, "#by=source_family&fw=jax")
    head, *lines = saved(browser, "share")
    [words] = [dict(zip(head, line, strict=True)) for line in lines if line[3] == "words"]
    assert [words[name] for name in ("n_naming", "share_pct", "ci_low_pct")] == ["", "", ""]
    assert [words[name] for name in ("n_dl_postings", "n_could_show")] == ["24", "0"]


def test_a_share_of_fewer_postings_than_the_cell_holds_is_marked_and_says_of_how_many(
    browser, folder
):
    opened(browser, folder, "#by=role&fw=pytorch,jax")
    [engineer] = [row for row in browser.run(CELLS) if row[0] == "ML engineer"]
    assert " of " in engineer[-1] and " of " not in engineer[-2]
    assert int(engineer[-1].split(" of ")[1]) == int(engineer[1]) - 24
    assert "‡" in browser.run(WORDS) and "‡ JAX" in browser.run(NOTE)


@pytest.mark.parametrize("width", [390, 1280])
def test_quarters_run_along_an_axis_alone_and_by_source(browser, folder, width):
    for choice in ("#by=quarter", "#by=source_family&and=quarter", "#by=quarter&family=words"):
        opened(browser, folder, choice, width=width)
        assert browser.trouble == []
        assert browser.run("document.documentElement.scrollWidth") <= width
        assert re.search(r"20\d\d Q[1-4]", browser.run(WORDS))
        assert "2025 Q1" in {cell for row in browser.run(CELLS) for cell in row[:2]}


def test_a_year_and_a_quarter_are_never_crossed(browser, folder):
    opened(browser, folder, "#by=year&and=quarter")
    assert browser.run("location.hash") == "#by=year&and=quarter"
    assert browser.run("document.querySelector('[name=and]').value") == ""
    choose(browser, "by", "quarter")
    off = "[...document.querySelector('[name=and]').options].filter((one) => one.disabled)"
    assert set(browser.run(f"{off}.map((one) => one.value)")) == {"year", "quarter"}


def test_how_it_is_asked_for_speaks_of_whole_ads_only(browser, folder):
    opened(browser, folder, "#by=requirement")
    assert "Only ads shown in full" in browser.run(NOTE)
    assert "Words" not in browser.run("document.getElementById('mix').textContent")
    choose(browser, "family", "words")
    assert browser.run(f"{TABLE}.length") == 0
    assert browser.trouble == []


def test_what_stands_behind_a_question_mark_is_kept_whatever_is_chosen(browser, folder):
    browser.open(f"file://{folder}/demand.html?from=there#by=role")
    browser.wait("document.querySelector('#explore .result').textContent !== ''")
    choose(browser, "by", "region")
    assert browser.run("location.search + location.hash") == "?from=there"
    choose(browser, "by", "quarter")
    assert browser.run("location.search + location.hash") == "?from=there#by=quarter"


def test_pairs_are_sorted_by_share_and_say_of_how_many(browser, folder):
    opened(browser, folder, "#with=pytorch")
    head, *lines = saved(browser, "pairs")
    shares = [float(line[head.index("together_pct")]) for line in lines]
    assert shares == sorted(shares, reverse=True)
    [jax] = [dict(zip(head, line, strict=True)) for line in lines if line[3] == "jax"]
    assert int(jax["n_could_show"]) == int(jax["n_naming"]) - 24
