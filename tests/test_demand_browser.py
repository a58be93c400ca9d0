"""The demand page in a real browser, from disk: choices, address, tables, downloads, keyboard."""

from __future__ import annotations

import json

import pytest
from browser import Browser, browser
from whole_site import folder, warehouse

from pipeline.edge.site_files import read_demand

__all__ = ["browser", "folder", "warehouse"]  # a tab, a site on disk, and what it is made from
TABLE = "[...document.querySelectorAll('#share-table tbody tr')]"
FIRST = f"{TABLE}[0].cells[0].textContent"
STATUS = "document.querySelector('#explore .result').textContent"


def opened(tab: Browser, folder, choice: str = "", **look) -> None:
    """Open the page at a choice and wait until its numbers are there."""
    tab.open(f"file://{folder}/demand.html{choice}", **look)
    tab.wait(f"{STATUS} !== ''")


def choose(tab: Browser, name: str, value: str) -> None:
    """Choose as a reader does: set a control and tell the page."""
    before = tab.run(STATUS)
    tab.run(
        f"(() => {{ const one = document.querySelector('[name={name}]'); one.value = '{value}';"
        "one.dispatchEvent(new Event('change', { bubbles: true })); })()"
    )
    tab.wait(f"{STATUS} !== {json.dumps(before)}")


@pytest.mark.parametrize("width", [390, 820, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_from_disk_and_fits(browser, folder, width, scheme):
    for choice in ("", "#by=role&and=year", "#by=role&and=region", "#by=year&family=hn"):
        opened(browser, folder, choice, width=width, scheme=scheme)
        assert browser.trouble == []
        assert all(url.startswith(f"file://{folder}/") for url in browser.requested)
        assert browser.run("document.documentElement.scrollWidth") <= width


def test_only_what_is_asked_for_is_loaded(browser, folder):
    opened(browser, folder)
    loaded = [url for url in browser.requested if "/data/demand/" in url]
    assert [url.rsplit("/", 1)[1] for url in loaded] == ["all.js"]
    choose(browser, "and", "seniority")
    loaded = [url for url in browser.requested if "/data/demand/" in url]
    assert [url.rsplit("/", 1)[1] for url in loaded] == ["all.js", "all-region.js"]


def test_a_choice_is_kept_in_the_address_and_found_there_again(browser, folder):
    opened(browser, folder)
    choose(browser, "by", "role")
    choose(browser, "family", "hn")
    choose(browser, "window", "last_24_months")
    assert browser.run("location.hash") == "#by=role&window=last_24_months&family=hn"
    shown = browser.run(f"{TABLE}.map((row) => row.innerText)")
    opened(browser, folder, "#by=role&window=last_24_months&family=hn")
    assert browser.run(f"{TABLE}.map((row) => row.innerText)") == shown != []
    assert "Hacker News, the last 24 months" in browser.run(STATUS)
    browser.run("location.hash = '#by=industry'")
    browser.wait(f"{STATUS}.includes('by industry')")
    assert browser.run(FIRST) in ("Finance", "Retail")


def test_nonsense_in_the_address_gives_the_first_choice(browser, folder):
    opened(browser, folder, "#by=<b>&and=1&family=x&window=2&fw=none&with=3&currency=4&all=5")
    assert browser.trouble == []
    assert "PyTorch, TensorFlow, Keras by region" in browser.run(STATUS)


def test_the_table_says_what_the_cells_say(browser, folder, warehouse):
    opened(browser, folder, "#by=role&and=year&fw=pytorch")
    cells = {
        (row["value"], row["and_value"]): row
        for row in read_demand(warehouse)["cells"]
        if (row["source_family"], row["time_window"]) == ("all", "all_time")
        and (row["by_name"], row["and_name"]) == ("role", "year")
    }
    lines = browser.run(f"{TABLE}.map((row) => [...row.cells].map((cell) => cell.textContent))")
    assert len(lines) == len(cells)
    names = {"ML engineer": "ml_engineer", "Data scientist": "data_scientist"}
    for role, year, postings, employers, share in lines:
        row = cells[names[role], year]
        place = row["frameworks"].index("pytorch")
        assert int(postings) == row["n_dl_postings"]
        assert employers.removesuffix(" †") == str(row["n_dl_employers"])
        assert employers.endswith("†") == (row["n_dl_employers"] < 5)
        assert share.split()[0] == f"{100 * row['n_naming'][place] / row['n_dl_postings']:.1f}"
        assert ("(" in share) == (row["margins_pct"][place] is not None)


def test_one_year_is_that_year_of_the_dimension(browser, folder):
    opened(browser, folder, "#by=role&window=2025")
    assert "in 2025" in browser.run(STATUS)
    one = browser.run(f"{TABLE}.map((row) => row.cells[1].textContent)")
    opened(browser, folder, "#by=role&and=year")
    both = browser.run(
        f"{TABLE}.filter((row) => row.cells[1].textContent === '2025')"
        ".map((row) => row.cells[2].textContent)"
    )
    assert sorted(one) == sorted(both) != []


def test_what_is_shown_can_be_had_as_csv(browser, folder):
    opened(browser, folder, "#by=seniority&fw=pytorch,keras")
    browser.run(
        "window.saved = new Promise((done) => { URL.createObjectURL = (blob) => {"
        " blob.text().then(done); return 'data:,'; }; });"
        "HTMLAnchorElement.prototype.click = () => {};"
        "document.querySelector('[data-csv=share]').dispatchEvent("
        "new MouseEvent('click', { bubbles: true }))"
    )
    lines = browser.run("window.saved").splitlines()
    assert lines[0].startswith("source_family,posted,by,value,and_by,and_value,framework,")
    assert len(lines) == 1 + 2 * browser.run(f"{TABLE}.length")
    assert {line.split(",")[6] for line in lines[1:]} == {"pytorch", "keras"}


def test_every_chart_has_a_table_a_label_and_its_numbers_in_words(browser, folder):
    opened(browser, folder)
    for part in ("share", "pairs", "pay"):
        root = f"document.querySelector('#{part}-part')"
        assert browser.run(f"{root}.querySelectorAll('.canvas .main-svg').length") >= 1
        assert browser.run(f"{root}.querySelectorAll('details table td').length") > 0
        assert browser.run(f"{root}.querySelector('.canvas').getAttribute('aria-label')")
    words = browser.run("document.querySelector('#share-charts').textContent")
    assert "postings," in words and "employers" in words and "–" in words


def test_cells_of_few_employers_are_marked_and_grey(browser, folder):
    opened(browser, folder, "#by=source_family")
    small = browser.run(f"{TABLE}.map((row) => [row.cells[0].textContent, row.className])")
    assert dict(small) == {"Hacker News": "", "Board": "small-cell"}
    assert "Board †" in browser.run("document.querySelector('#share-charts').textContent")


def test_the_last_framework_cannot_be_taken_away(browser, folder):
    opened(browser, folder, "#fw=keras")
    browser.run("document.querySelector('[value=keras][name=fw]').click()")
    assert browser.run("document.querySelector('[value=keras][name=fw]').checked") is True
    browser.run("document.querySelector('[value=pytorch][name=fw]').click()")
    browser.wait(f"{STATUS}.startsWith('PyTorch, Keras by')")
    assert browser.run("location.hash") == "#fw=pytorch,keras"


def test_a_missing_script_file_is_said_and_breaks_nothing(browser, folder):
    lost = folder / "data" / "demand" / "hn.js"
    kept = lost.read_bytes()
    lost.unlink()
    try:
        opened(browser, folder)
        choose(browser, "family", "hn")
        assert "hn.js is missing beside this page" in browser.run(STATUS)
        choose(browser, "family", "all")
        assert "all sources" in browser.run(STATUS)
    finally:
        lost.write_bytes(kept)


def test_everything_is_reached_and_worked_by_keyboard(browser, folder):
    opened(browser, folder)
    reached = (
        "[...document.querySelectorAll('#explore *, main button, main select, main summary')]"
        ".filter((one) => one.matches('a, button, input, select, summary'))"
        ".filter((one) => one.tabIndex < 0).length"
    )
    assert browser.run(reached) == 0
    browser.run("document.querySelector('[name=fw][value=keras]').focus()")
    browser.press(" ")
    browser.wait(f"{STATUS}.startsWith('PyTorch, TensorFlow by')")
    assert browser.run("document.querySelector('#explore .result').getAttribute('aria-live')")
    assert browser.run("document.activeElement.value") == "keras"


def test_charts_take_the_tones_of_the_theme(browser, folder):
    tone = "getComputedStyle(document.querySelector('#share-charts .point')).fill"
    found = []
    for scheme in ("light", "dark"):
        opened(browser, folder, "#fw=pytorch", scheme=scheme)
        found.append(browser.run(tone))
    assert found == ["rgb(31, 116, 224)", "rgb(95, 146, 249)"]
