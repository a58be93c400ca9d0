"""The list of claims and a claim's page in a real browser: filters, order, theme, copies."""

from __future__ import annotations

import time

import pandas as pd
import pytest
import site_sample as sample
from browser import browser, write_site

from dashboards.pages import build_site

__all__ = ["browser"]  # a tab
LINES = (
    "[...document.querySelectorAll('#claims tr[data-verdict]')].filter((one) => one.offsetParent)"
)
NAMES = f"{LINES}.map((one) => one.querySelector('a').getAttribute('href').slice(7, -5))"
STATUS = "document.querySelector('#filter .result').textContent"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
DARK, LIGHT = "rgb(22, 24, 27)", "rgb(253, 252, 249)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site of three claims of different articles and topics, written to disk."""
    claims = [
        sample.claim(articles="B A", topic="market"),
        sample.claim("keras-secondary", articles="C", topic="roles", said_by="Article C (a guide)"),
        sample.claim("nt-speed", articles="A", topic="market", statement="Fast.", testable=False),
    ]
    built = build_site(sample.site_data(claims=pd.DataFrame(claims)))
    return write_site(tmp_path_factory.mktemp("claims"), built)


def choose(browser, **choices):
    """Choose in the form as a reader does."""
    for name, value in choices.items():
        one = f"document.querySelector('#filter [name={name}]')"
        browser.run(f"{one}.value = '{value}'")
        browser.run(f"{one}.dispatchEvent(new Event('input', {{ bubbles: true }}))")


def test_article_topic_and_words_filter_together_and_the_count_is_announced(browser, folder):
    browser.open(f"file://{folder}/index.html")
    assert browser.run(STATUS) == "3 claims"
    choose(browser, article="A")
    assert browser.run(NAMES) == ["tf-most-demanded", "nt-speed"]
    choose(browser, topic="market", q="ask MOST")
    assert browser.run(NAMES) == ["tf-most-demanded"]
    assert browser.run(STATUS) == "1 of 3 claims"
    assert browser.run("location.hash") == "#article=A&topic=market&q=ask+MOST"
    choose(browser, q="nothing of the kind")
    assert browser.run(STATUS) == "No claim fits; clear a choice."


def test_an_address_brings_back_filter_and_order_and_clear_forgets_both(browser, folder):
    browser.open(f"file://{folder}/index.html#article=A&sort=verdict")
    assert browser.run(NAMES) == ["tf-most-demanded", "nt-speed"]
    assert browser.run("document.querySelector('#filter [name=sort]').value") == "verdict"
    assert browser.run("document.querySelectorAll('#claims .group').length") == 2
    assert (
        browser.run("[...document.querySelectorAll('.group')].some((g) => g.offsetParent)") is False
    )
    browser.run("document.querySelector('#filter button[type=reset]').click()")
    browser.wait(f"{LINES}.length === 3")
    assert browser.run("location.hash") == ""
    assert browser.run("[...document.querySelectorAll('.group')].every((g) => g.offsetParent)")


def test_an_address_of_another_day_with_an_unknown_choice_shows_everything(browser, folder):
    browser.open(f"file://{folder}/index.html#article=Z&sort=whim&topic=none")
    assert browser.run(STATUS) == "3 claims"
    assert browser.trouble == []


def test_claims_are_sorted_by_size_with_those_without_a_number_last(browser, folder):
    browser.open(f"file://{folder}/index.html#sort=estimate")
    assert browser.run(NAMES)[0] == "tf-most-demanded"
    choose(browser, sort="n")
    assert browser.run(NAMES)[-1] == "nt-speed"


def test_the_theme_is_the_systems_until_the_reader_chooses_and_is_kept(browser, folder):
    page = f"file://{folder}/claims/tf-most-demanded.html"
    browser.open(page, scheme="light")
    assert browser.run(PAPER) == LIGHT
    browser.run("document.querySelector('#theme').click()")
    assert browser.run(PAPER) == DARK
    browser.wait(
        "document.querySelector('.plot .annotation-text').style.fill === 'rgb(176, 171, 160)'"
    )
    # Chromium hands the choice to another process, which a page left at once may forestall
    for pause in (0.0, 0.5, 2.0, 5.0):
        browser.open(page, scheme="light")
        if browser.run(PAPER) == LIGHT:
            browser.run("document.querySelector('#theme').click()")
        time.sleep(pause)
        browser.open(f"file://{folder}/index.html", scheme="light")
        if browser.run(PAPER) == DARK:
            break
    assert browser.run(PAPER) == DARK, "the choice is not kept"
    assert browser.run("document.querySelector('#theme').textContent") == "Light"
    browser.run("document.querySelector('#theme').click()")
    assert browser.run(PAPER) == LIGHT
    assert browser.run("localStorage.getItem('theme')") is None


def test_paper_is_light_whatever_the_theme(browser, folder):
    browser.open(f"file://{folder}/index.html", scheme="dark")
    browser.look("print")
    try:
        assert browser.run("getComputedStyle(document.body).color") == "rgb(28, 26, 23)"
        assert browser.run("getComputedStyle(document.querySelector('#filter')).display") == "none"
    finally:
        browser.look()


def test_a_query_is_copied_or_at_least_selected(browser, folder):
    browser.open(f"file://{folder}/claims/tf-most-demanded.html")
    browser.run("document.querySelector('button.copy').click()")
    browser.wait("document.querySelector('button.copy').textContent !== 'Copy'")
    assert browser.trouble == []
