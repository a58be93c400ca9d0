"""The whole site as one file, in a real browser: pages, choices, downloads, and nothing else.

Skips with a reason where no Chromium is installed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import browser
from whole_site import PAGES, folder, warehouse

from dashboards.single_file import single_file

__all__ = ["browser", "folder", "warehouse"]


@pytest.fixture(scope="module")
def files(folder) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def single(files, tmp_path_factory) -> str:
    """Return the address of the one file, alone in its folder."""
    target = tmp_path_factory.mktemp("single") / "jobmarket.html"
    target.write_text(single_file(files), encoding="utf-8")
    return f"file://{target}"


def test_the_same_files_give_the_same_bytes(files):
    assert single_file(files) == single_file(dict(reversed(files.items())))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_the_one_file_and_asks_for_nothing_else(browser, single, files, page):
    browser.open(f"{single}?{page}")
    title = re.search(r"<title>(.*?)</title>", files[page])
    assert browser.run("document.title.length") > 0 and title
    assert browser.run("document.querySelector('main h1') !== null")
    assert browser.trouble == []
    outside = [url for url in browser.requested if not url.startswith((single, "blob:"))]
    assert outside == []


def test_without_a_page_or_with_an_unknown_one_it_opens_the_first(browser, single):
    browser.open(single)
    first = browser.run("document.title")
    browser.open(f"{single}?claims/no-such-claim.html")
    assert browser.run("document.title") == first


def test_a_link_leads_to_its_page_and_the_way_back(browser, single):
    browser.open(single)
    before = browser.run("document.title")
    browser.leave("document.querySelector('#claims a').click()")
    browser.wait("location.search.startsWith('?claims/') && document.title !== 'jobmarket'")
    assert browser.run("document.title") != before
    browser.leave("history.back()")
    browser.wait(f"location.search === '' && document.title === {before!r}")


def test_choices_and_numbers_work_as_in_the_folder(browser, single):
    browser.open(f"{single}?index.html#verdict=not_testable")
    lines = "[...document.querySelectorAll('#claims tr[data-verdict]')]"
    shown = browser.run(f"{lines}.filter((line) => line.offsetParent).length")
    assert 0 < shown < browser.run(f"{lines}.length")
    browser.open(f"{single}?demand.html#by=year")
    browser.wait("document.querySelectorAll('.canvas .main-svg').length > 0")
    assert browser.trouble == []


def test_a_download_is_held_by_the_file_itself(browser, single, files):
    browser.open(f"{single}?claims/tf-most-demanded.html")
    held = browser.run(
        "(async () => { const link = document.querySelector('a[download$=\".csv\"]');"
        "return [link.download, await (await fetch(link.href)).text()]; })()"
    )
    name, text = held
    assert files[f"data/claims/{name}"] == text


def test_nothing_on_its_pages_leads_to_a_file_beside_it(browser, single):
    for page in PAGES:
        browser.open(f"{single}?{page}")
        left = browser.run(
            "[...document.querySelectorAll('[href], [src]')]"
            ".map((one) => one.getAttribute('href') || one.getAttribute('src'))"
            ".filter((to) => to && !/^([?#]|blob:|https:|mailto:)/.test(to))"
        )
        assert left == [], page
