"""The whole site from one SiteData: every page, asset and download by its relative path.

Layer:   dashboards (pure). The same data give the same bytes; no clock, no random ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards import demand_figures, tables, words
from dashboards.claim_index import index_values
from dashboards.claim_pages import page_values
from dashboards.claim_records import claim_csv
from dashboards.claim_summaries import ClaimRows, summary
from dashboards.demand import counts_json, demand_of, demand_table
from dashboards.demand_scripts import demand_files
from dashboards.layout import assets, render
from dashboards.more_pages import more_pages
from dashboards.palette import PALETTE
from dashboards.site_data import Row, SiteData, rows

__all__ = ["SiteData", "build_site"]

DEFAULT_GRANULARITY = "year"


def build_site(data: SiteData) -> dict[str, str | bytes]:
    """Return every file of the site by its relative path, in a fixed order."""
    found = _claims(data)
    summaries = {str(one.claim["claim_id"]): summary(one) for one in found}
    shared = {"as_of": data.as_of, "run_id": data.run_id, "version": data.version}
    provisional = _is_provisional(rows(data.verdicts))
    listed = index_values(
        list(summaries.values()), rows(data.totals), data.as_of, is_provisional=provisional
    )
    files: dict[str, str | bytes] = {
        "index.html": render("index.html", "index.html", shared, **listed)
    }
    for one in found:
        path = f"claims/{one.claim['claim_id']}.html"
        reviews = data.claim_reviews.get(str(one.claim["claim_id"]), ())
        values = page_values(one, summaries)
        files[path] = render("claim.html", path, shared, reviews=reviews, **values)
        files[f"data/claims/{one.claim['claim_id']}.csv"] = claim_csv(one)
    files |= _demand_page(data, shared)
    files |= more_pages(data, summaries, shared, provisional)
    for name, frame in (
        ("verdicts", data.verdicts),
        ("estimates", data.estimates),
        ("sensitivity", data.sensitivity),
        ("demand", data.demand),
    ):
        files[f"data/{name}.csv"] = tables.as_csv(rows(frame), [str(c) for c in frame.columns])
    return files | assets()


def _claims(data: SiteData) -> list[ClaimRows]:
    verdicts = _by_claim(rows(data.verdicts), _shown_order)
    estimates = _by_claim(rows(data.estimates), _shown_order)
    sensitivity = _by_claim(rows(data.sensitivity), _shown_order)
    examples = _by_claim(rows(data.examples))
    readings, flips = _by_claim(rows(data.readings)), _by_claim(rows(data.flips))
    standing = {str(row["claim_id"]): row for row in rows(data.standing)}
    history, versions = _by_claim(rows(data.history)), _by_claim(rows(data.versions))
    return [
        ClaimRows(
            claim,
            data.claim_rules.get(name, {}),
            data.claim_sql.get(name, ""),
            verdicts.get(name, ()),
            estimates.get(name, ()),
            sensitivity.get(name, ()),
            examples.get(name, ()),
            readings.get(name, ()),
            flips.get(name, ()),
            standing.get(name, {}),
            history.get(name, ()),
            versions.get(name, ()),
        )
        for claim in rows(data.claims)
        if (name := str(claim["claim_id"]))
    ]


def _by_claim(
    found: Sequence[Row], order: Callable[[Row], tuple[object, ...]] = lambda row: ()
) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in found:
        grouped.setdefault(str(row.get("claim_id")), []).append(row)
    return {name: sorted(group, key=order) for name, group in grouped.items()}


def _shown_order(row: Row) -> tuple[object, ...]:
    # The whole claim goes before its parts, the primary reading before the others.
    return (
        tables.window_order(row.get("time_window")),
        row.get("part") != "all",
        str(row.get("part")),
        row.get("reading") not in ("primary", None),
        str(row.get("reading")),
        str(row.get("source_family")),
        str(row.get("variant")),
    )


def _is_provisional(verdicts: Sequence[Row]) -> bool:
    # A table that does not say so is not taken for final.
    return any(row.get("provisional", True) is not False for row in verdicts) or not verdicts


def _demand_page(data: SiteData, shared: Mapping[str, Any]) -> dict[str, str]:
    demand = demand_of(rows(data.demand))
    family = demand.families[0] if demand.families else ""
    page = render(
        "demand.html",
        "demand.html",
        shared,
        frameworks=[
            {"id": f, "name": words.name_of(f), "token": f if f in PALETTE else "other"}
            for f in demand.frameworks
        ],
        families=[
            {"id": f, "name": words.name_of(f), "n": demand.size(f)} for f in demand.families
        ],
        figures={
            "demand-rows": demand_figures.rows("demand-rows"),
            "demand-years": demand_figures.years("demand-years"),
            "demand-sums": demand_figures.sums("demand-sums"),
        },
        small=words.SMALL_CELL_EMPLOYERS,
        table=demand_table(demand, family, DEFAULT_GRANULARITY) if family else None,
        counts=counts_json(demand),
    )
    scripts = demand_files(demand, **data.demand_cells) if data.demand_cells else {}
    return {"demand.html": page} | scripts
