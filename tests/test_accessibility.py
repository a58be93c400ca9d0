"""Every kind of page under the rules of axe-core, light and dark, on a phone and a wide screen.

A whole other site is read with SITE=its/folder before the command that runs this file.
"""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import pytest
from browser import browser
from whole_site import PAGES, folder, warehouse

__all__ = ["browser", "folder", "warehouse"]  # a tab, a site on disk, and what it is made from
AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
OTHER = Path(os.environ["SITE"]).resolve() if os.environ.get("SITE") else None
READ = sorted(str(p.relative_to(OTHER)) for p in OTHER.rglob("*.html")) if OTHER else PAGES
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
RUN = """axe.run(document, { runOnly: %s, resultTypes: ['violations'] }).then((found) =>
  JSON.stringify(found.violations.map(({ id, impact, help, nodes }) => {
    const where = nodes.slice(0, 3).map(({ target }) => target.join(' '));
    return [impact, `${id}: ${help}: ${where.join('; ')}`];
  })))"""

if not AXE.exists():
    pytest.skip(
        "axe-core is not there; `npm ci --prefix tests/axe` gets it", allow_module_level=True
    )


def violations(tab) -> list[tuple[str, str]]:
    """Return the impact of what axe-core finds on the open page, and what it says of it."""
    tab.run(AXE.read_text(encoding="utf-8") + ";0")
    return json.loads(tab.run(RUN % json.dumps(RULES)))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", READ)
def test_a_page_has_no_serious_violation(browser, folder, page, width):
    grave, light = set(), set()
    for scheme in ("light", "dark"):
        browser.open(f"file://{OTHER or folder}/{page}", width=width, scheme=scheme)
        assert browser.trouble == []
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for impact, said in violations(browser):
            (grave if impact in GRAVE else light).add(f"{scheme}, {impact}: {said}")
        wide = browser.run("document.documentElement.scrollWidth")
        assert wide <= width, "with every table open it scrolls sideways"
    if light:
        warnings.warn(f"{page} at {width}: {sorted(light)}", stacklevel=1)
    assert grave == set()


def test_a_fault_is_found(browser, folder):
    browser.open(f"file://{folder}/about.html")
    browser.run("document.querySelector('h1').innerHTML = '<img src=assets/mark.svg>'")
    browser.run("document.querySelector('h2').style.color = '#bbb'")
    found = {said.split(":")[0] for impact, said in violations(browser) if impact in GRAVE}
    assert found == {"image-alt", "color-contrast"}
