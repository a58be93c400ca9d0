"""A small site in which every kind of page has something to show, written to a folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import site_sample as sample
import test_demand_page
import test_more_pages
from browser import write_site
from test_claim_pages import FLIP

from dashboards.demand import demand_of
from dashboards.demand_scripts import demand_files
from dashboards.pages import build_site
from dashboards.site_data import rows
from pipeline.edge.site_files import read_demand
from pipeline.edge.statements import SQL

CLAIM_PAGES = {
    "tf-most-demanded": "a lead with a turn, other readings and what speaks against it",
    "keras-share": "a share of one source",
    "pt-rising": "a trend",
    "papers-60": "a value of an outside series",
    "keras-secondary": "too few postings",
    "nt-speed": "not testable",
}
PAGES = [
    "index.html",
    *(f"claims/{name}.html" for name in CLAIM_PAGES),
    "demand.html",
    "articles.html",
    "series.html",
    "health.html",
    "methods.html",
    "dictionary.html",
    "dictionary/core.html",
    "cite.html",
    "about.html",
]


def _rule(estimator: str, **part: object) -> dict[str, object]:
    named = {
        "name": "all",
        "estimator": estimator,
        "direction": "above",
        "title": "What it rests on",
    }
    return {"topic": "market", "margin_points": 3, "parts": [named | part]}


RULES = {
    "tf-most-demanded": sample.LEAD_RULE | {"rivals": ["pt-rising"]},
    "keras-secondary": sample.PARTS_RULE,
    "keras-share": _rule("share", threshold_pct=50, measure="Postings that name Keras, percent"),
    "pt-rising": _rule("trend", measure="Change of PyTorch's share, points a year"),
    "papers-60": _rule("value", threshold_pct=55, measure="Papers with PyTorch, percent"),
}


def _of(claim_id: str, rows: list[dict]) -> list[dict]:
    return [row | {"claim_id": claim_id} for row in rows]


def whole_data(demand: pd.DataFrame):
    """Return the data of a site with claims of every shape beside all other pages."""
    small = sample.site_data()
    by_a, by_b = (test_more_pages.said(letter) for letter in "AB")
    claims = [
        sample.claim(said_by=by_a, articles="A", topic="market", rivals="pt-rising"),
        sample.claim(
            "keras-share", statement="Half of the ads name Keras.", said_by=by_a, articles="A"
        ),
        sample.claim("pt-rising", statement="PyTorch rises.", said_by=by_b, topic="market"),
        sample.claim("papers-60", statement="Most papers use it.", evidence="indicators"),
        sample.claim("keras-secondary", statement="Keras comes second.", said_by=by_b),
        sample.claim(
            "nt-speed",
            statement="One framework runs faster.",
            testable=False,
            reason_not_testable="A benchmark question, not one of hiring.",
        ),
    ]
    verdicts = [
        *small.verdicts.to_dict("records"),
        sample.verdict(
            reading="strict", verdict="supported", estimate=7.0, ci_low=5.0, ci_high=9.0
        ),
        *_of("keras-share", [sample.verdict(estimate=20.0, ci_low=12.0, ci_high=28.0)]),
        *_of(
            "pt-rising", [sample.verdict(verdict="supported", estimate=8.0, ci_low=5, ci_high=11)]
        ),
        *_of("papers-60", [sample.verdict(estimate=78.0, ci_low=69.0, ci_high=87.0)]),
    ]
    shares = [sample.estimate("hn_hiring", estimate=20.0, ci_low=12.0, ci_high=28.0)]
    years = [
        sample.estimate(
            "hn_hiring", str(year), estimate=8.0 * at, ci_low=7.0 * at, ci_high=9.0 * at
        )
        for at, year in enumerate(range(2018, 2026), start=1)
    ]
    estimates = [
        *small.estimates.to_dict("records"),
        *_of("keras-share", shares),
        *_of("pt-rising", [*shares, *years]),
        *_of("papers-60", shares),
    ]
    history = [
        {
            "claim_id": "tf-most-demanded",
            "run_id": f"run-{number}",
            "as_of": "2026-10-28",
            "verdict": "contradicted",
            "estimate": -1.0 * number,
        }
        for number in (2, 1)
    ]
    return test_more_pages.whole_data(
        demand=demand,
        claims=pd.DataFrame(claims),
        verdicts=pd.DataFrame(verdicts),
        estimates=pd.DataFrame(estimates),
        claim_rules=RULES,
        flips=pd.DataFrame([FLIP]),
        history=pd.DataFrame(history),
    )


warehouse = test_demand_page.warehouse


@pytest.fixture(scope="module")
def folder(tmp_path_factory, warehouse) -> Path:
    """Write the whole site with the demand page's script files to disk."""
    frame = warehouse.execute((SQL / "site" / "demand.sql").read_text(encoding="utf-8")).df()
    more = demand_files(demand_of(rows(frame)), **read_demand(warehouse))
    return write_site(tmp_path_factory.mktemp("site"), build_site(whole_data(frame)) | more)
