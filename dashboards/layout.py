"""The frame every page shares: templates, assets, and the one plotly file they link to.

Layer:   dashboards (pure; templates and assets are package data, read once).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from dashboards import words
from dashboards.drawing import TEMPLATE
from dashboards.palette import custom_properties, dark_by_light

NAVIGATION = (
    ("index.html", "Claims"),
    ("demand.html", "Demand"),
    ("articles.html", "Articles"),
    ("series.html", "Research"),
    ("health.html", "Data health"),
    ("methods.html", "Methods"),
    ("dictionary.html", "Dictionary"),
    ("cite.html", "Cite"),
    ("about.html", "About"),
)


def render(template: str, path: str, shared: Mapping[str, Any], **values: Any) -> str:
    """Return one page; `path` is its place in the site, from which its links are relative."""
    up = "../" * path.count("/")
    page = _environment().get_template(template)
    return page.render(path=path, up=up, navigation=NAVIGATION, **shared, **values) + "\n"


def assets() -> dict[str, str | bytes]:
    """Return the files every page links to: one style sheet, one script, one plotly.

    The plotly is the published basic bundle, unchanged (`npm pack plotly.js-basic-dist-min`), of
    the version that the installed plotly writes figures for: scatter is all that is drawn here,
    and the full bundle that comes with the package is four times its size.
    """
    tones = json.dumps(dark_by_light(), separators=(",", ":"))
    template = json.dumps(json.dumps(TEMPLATE, separators=(",", ":")))
    return {
        "assets/site.css": custom_properties() + _packaged("assets")["site.css"],
        "assets/site.js": f"const DARK = {tones};\nconst TEMPLATE = {template};\n"
        + _packaged("assets")["site.js"],
        "assets/plotly.min.js": _packaged("assets")["plotly-basic.min.js"],
        "assets/mark.svg": _packaged("assets")["mark.svg"],
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader(_packaged("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=words.count,
        number=words.number,
        name_of=words.name_of,
        plural=words.plural,
    )
    return environment


@cache
def _packaged(folder: str) -> dict[str, str]:
    files = resources.files("dashboards").joinpath(folder).iterdir()
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}
