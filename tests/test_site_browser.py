"""The site in a real browser, from disk: no error, no request elsewhere, charts, filter, choices.

Skips with a reason where no Chromium is installed.
"""

from __future__ import annotations

import functools
import http.server
import threading

import pytest
from browser import browser
from whole_site import CLAIM_PAGES, PAGES, folder, warehouse

__all__ = ["browser", "folder", "warehouse"]  # a tab, a site on disk, and what it is made from


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_error_or_request_elsewhere(browser, folder, page):
    browser.open(f"file://{folder}/{page}")
    assert browser.trouble == []
    assert browser.requested
    assert [url for url in browser.requested if not url.startswith(f"file://{folder}/")] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_in_dark_without_scrolling_sideways(browser, folder, page):
    browser.open(f"file://{folder}/{page}", width=390, scheme="dark")
    assert browser.trouble == []
    assert browser.run("document.documentElement.scrollWidth") <= 390


def test_a_page_opens_from_a_web_server_too(browser, folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        browser.open(f"{address}/claims/tf-most-demanded.html")
        assert browser.trouble == []
        assert all(url.startswith(address) for url in browser.requested)
    finally:
        server.shutdown()
        server.server_close()


def test_every_drawn_chart_has_a_table_with_numbers(browser, folder):
    browser.open(f"file://{folder}/claims/tf-most-demanded.html")
    counts = browser.run(
        "[...document.querySelectorAll('figure.chart')].map((figure) => "
        "[figure.querySelectorAll('.main-svg').length > 0, figure.querySelectorAll('td').length])"
    )
    assert len(counts) == 4
    assert all(is_drawn and n_cells > 0 for is_drawn, n_cells in counts)


def test_the_filter_shows_one_verdict_or_what_the_words_match(browser, folder):
    browser.open(f"file://{folder}/index.html")
    lines = "[...document.querySelectorAll('#claims tr[data-verdict]')]"
    shown = f"{lines}.filter((line) => line.offsetParent).length"
    assert browser.run(shown) == len(CLAIM_PAGES)
    browser.run("document.querySelector('input[value=contradicted]').click()")
    assert browser.run(shown) == 3
    assert browser.run("location.hash") == "#verdict=contradicted"
    browser.run("document.querySelector('#filter input[name=verdict][value=\"\"]').click()")
    browser.run(
        "(() => { const q = document.querySelector('[name=q]'); q.value = 'keras SECOND';"
        "q.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    assert browser.run(shown) == 1
    browser.open(f"file://{folder}/index.html#verdict=not_testable")
    assert browser.run(shown) == 1


def test_charts_follow_the_colour_scheme(browser, folder):
    tone = "document.querySelector('.plot .annotation-text').style.fill"
    found = []
    for scheme in ("light", "dark"):
        browser.open(f"file://{folder}/claims/tf-most-demanded.html", scheme=scheme)
        found.append(browser.run(tone))
    assert found == ["rgb(93, 88, 78)", "rgb(176, 171, 160)"]


def test_an_address_opens_with_its_choice(browser, folder):
    browser.open(f"file://{folder}/dictionary.html#q=runs")
    found = "[...document.querySelectorAll('[data-find]')].filter((one) => one.checkVisibility())"
    assert browser.run(f"{found}.map((one) => one.id)") == ["ops-runs"]
    browser.open(f"file://{folder}/index.html#topic=market&q=rises")
    assert browser.run("document.querySelector('#filter .result').textContent") == (
        f"1 of {len(CLAIM_PAGES)} claims"
    )


@pytest.mark.parametrize("page", ["index", "claims/tf-most-demanded", "demand", "dictionary"])
def test_on_paper_nothing_waits_for_a_click(browser, folder, page):
    browser.open(f"file://{folder}/{page}.html")
    shown = "[...document.querySelectorAll('{}')].filter((one) => one.checkVisibility()).length"
    n_plots, n_cells = (
        browser.run(f"document.querySelectorAll('{one}').length")
        for one in ("figure .main-svg", "figure details td")
    )
    assert browser.run(shown.format("button, input, select")) > 0
    browser.look("print")
    try:
        assert browser.run(shown.format("button, input, select, nav")) == 0
        assert browser.run(shown.format("figure .main-svg")) == n_plots
        assert browser.run(shown.format("figure details td")) == n_cells
    finally:
        browser.look()
