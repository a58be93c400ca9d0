"""The site without a mouse: the way from the list to a query, focus in sight, no motion unasked."""

from __future__ import annotations

import pytest
from browser import SHIFT, Browser, browser
from whole_site import folder, warehouse

__all__ = ["browser", "folder", "warehouse"]  # a tab, a site on disk, and what it is made from
# What has the focus: its width of outline, and what lies over its middle if that is something else.
# A choice of the filter is its label: the round button in it is not drawn.
FOCUS = """(() => {
  const one = document.activeElement;
  const seen = one.matches('[type=radio], [type=checkbox]') ? one.closest('label') : one;
  const { outlineStyle, outlineWidth } = getComputedStyle(seen);
  const { x, y, width, height } = seen.getClientRects()[0];
  const over = document.elementFromPoint(x + width / 2, y + Math.min(height, 60) / 2);
  const isFree = over && (seen.contains(over) || over.contains(seen));
  return {
    outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
    covered: isFree ? '' : over ? over.outerHTML.slice(0, 80) : 'out of sight',
    what: one.outerHTML.slice(0, 80),
  };
})()"""
ON_FOCUS = "document.activeElement.matches({!r})"
MOVING = """[...document.querySelectorAll('*')].filter((one) => {
  const { transitionDuration, animationDuration } = getComputedStyle(one);
  return [transitionDuration, animationDuration].join().split(',').some((t) => parseFloat(t) > 0);
}).map((one) => one.outerHTML.slice(0, 80))"""


def opened(tab: Browser, address: str, **look) -> None:
    """Open a page without motion, so that what gets the focus is in its place at once."""
    tab.open(address, **({"reduced_motion": "reduce"} | look))
    tab.run("scrollTo(0, 0)")


def tab_to(tab: Browser, selector: str, most: int = 60) -> None:
    """Press Tab until what fits has the focus; all on the way must show it, uncovered."""
    for _ in range(most):
        tab.press("Tab")
        found = tab.run(FOCUS)
        assert found["outline"] >= 2 and not found["covered"], found
        if tab.run(ON_FOCUS.format(selector)):
            return
    raise AssertionError(f"{most} times Tab did not reach {selector}")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_from_the_list_to_a_claims_query_needs_no_mouse(browser, folder, width):
    opened(browser, f"file://{folder}/index.html", width=width)
    tab_to(browser, ".skip", most=1)
    browser.press("Enter")
    browser.wait(ON_FOCUS.format("main"))
    tab_to(browser, "#filter [name=verdict]", most=1)
    browser.press("ArrowRight")
    assert browser.run("location.hash") == "#verdict=supported"
    tab_to(browser, "#claims a")
    assert browser.run("document.activeElement.closest('tr').dataset.verdict") == "supported"
    browser.press("Enter")
    browser.wait("location.pathname.endsWith('/claims/pt-rising.html')")
    browser.wait("document.readyState === 'complete'")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_query_is_copied_by_key(browser, folder, key):
    opened(browser, f"file://{folder}/claims/tf-most-demanded.html")
    tab_to(browser, "button.copy")
    browser.press(key)
    browser.wait("['Copied', 'Selected'].includes(document.activeElement.textContent)")
    assert browser.trouble == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_choice_of_the_demand_page_is_made_by_key(browser, folder, width):
    opened(browser, f"file://{folder}/demand.html", width=width)
    browser.wait("document.querySelector('#explore .result').textContent")
    tab_to(browser, "#explore [name=by]")
    browser.press("ArrowDown")
    browser.wait("location.hash.startsWith('#by=')")


def test_the_way_back_is_the_same(browser, folder):
    opened(browser, f"file://{folder}/index.html")
    tab_to(browser, "#filter [name=article]")
    browser.press("Tab", SHIFT)
    assert browser.run(ON_FOCUS.format("#filter [name=verdict]"))
    assert browser.run(FOCUS)["outline"] >= 2


@pytest.mark.parametrize("page", ["index", "claims/tf-most-demanded", "demand"])
def test_nothing_moves_for_a_reader_who_asks_for_less_motion(browser, folder, page):
    opened(browser, f"file://{folder}/{page}.html")
    assert browser.run(MOVING) == []
    glides = "getComputedStyle(document.documentElement).scrollBehavior"
    assert browser.run(glides) == "auto"
    browser.look(reduced_motion="no-preference")
    assert browser.run(glides) == "smooth"
