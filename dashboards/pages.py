"""The whole site from one SiteData: every page, asset and download by its relative path.

Layer:   dashboards (pure). The same data give the same bytes; no clock, no random ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import demand_figures, source_tables, tables, words
from dashboards.claim_pages import page_values
from dashboards.claim_summaries import ClaimRows, summary
from dashboards.demand import counts_json, demand_of, demand_table
from dashboards.layout import assets, render
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
    files: dict[str, str | bytes] = {
        "index.html": _index_page(data, list(summaries.values()), shared, provisional)
    }
    for one in found:
        path = f"claims/{one.claim['claim_id']}.html"
        files[path] = render("claim.html", path, shared, **page_values(one, summaries))
    files["demand.html"] = _demand_page(data, shared)
    files["health.html"] = _health_page(data, shared)
    files["methods.html"] = render(
        "methods.html",
        "methods.html",
        shared,
        verdicts=words.VERDICTS.values(),
        articles=words.ARTICLES,
        small=words.SMALL_CELL_EMPLOYERS,
        small_mark=words.SMALL_MARK,
        is_provisional=provisional,
    )
    files["about.html"] = render(
        "about.html",
        "about.html",
        shared,
        licences=source_tables.licences_table(rows(data.sources)),
    )
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
    examples = _by_claim(rows(data.examples), lambda row: ())
    return [
        ClaimRows(
            claim,
            data.claim_rules.get(name, {}),
            data.claim_sql.get(name, ""),
            verdicts.get(name, ()),
            estimates.get(name, ()),
            sensitivity.get(name, ()),
            examples.get(name, ()),
        )
        for claim in rows(data.claims)
        if (name := str(claim["claim_id"]))
    ]


def _by_claim(found: Sequence[Row], order: Any) -> dict[str, list[Row]]:
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


def _index_page(
    data: SiteData,
    claims: Sequence[Mapping[str, Any]],
    shared: Mapping[str, Any],
    is_provisional: bool,
) -> str:
    numbers = [claim["verdict"] for claim in claims]
    known = [*words.VERDICTS, *sorted(set(numbers) - set(words.VERDICTS))]
    verdict_counts = [
        (verdict, words.VERDICTS[verdict], numbers.count(verdict))
        for verdict in known
        if verdict in words.VERDICTS and verdict in numbers
    ]
    topics = [t for t in words.TOPICS if any(c["topic"] == t for c in claims)]
    topics += sorted({c["topic"] for c in claims} - set(topics))
    groups = [
        {
            "title": next(c["group"] for c in claims if c["topic"] == topic),
            "claims": [c for c in claims if c["topic"] == topic],
        }
        for topic in topics
    ]
    has_small = any(words.SMALL_MARK in " ".join(claim["sample"]) for claim in claims)
    return render(
        "index.html",
        "index.html",
        shared,
        claims=claims,
        groups=groups,
        verdict_counts=verdict_counts,
        facts=_totals(rows(data.totals), data.as_of),
        headline=words.window_name(words.HEADLINE).removeprefix("the "),
        is_provisional=is_provisional,
        small_note=tables.SMALL_NOTE if has_small else "",
    )


def _totals(found: Sequence[Row], as_of: str) -> list[tuple[str, str]]:
    row = found[0] if found else {}
    first, last = row.get("first_year"), row.get("last_year")
    years = f"{first}–{last}" if first and last and first != last else str(last or "–")
    return [
        (words.count(row.get("n_postings")), "postings"),
        (words.count(row.get("n_dl_postings")), "of them name a deep-learning framework"),
        (words.count(row.get("n_employers")), "employers"),
        (words.count(row.get("n_sources")), "sources"),
        (years, "years"),
        (as_of or "–", "as of"),
    ]


def _demand_page(data: SiteData, shared: Mapping[str, Any]) -> str:
    demand = demand_of(rows(data.demand))
    family = demand.families[0] if demand.families else ""
    panels = [
        {
            "title": words.name_of(framework),
            "token": framework if framework in PALETTE else "other",
            "figure": demand_figures.panel(f"demand-{framework.replace('_', '-')}", framework),
        }
        for framework in demand.frameworks
    ]
    panels.append(
        {"title": "Behind it", "token": "edge", "figure": demand_figures.base("demand-base")},
    )
    return render(
        "demand.html",
        "demand.html",
        shared,
        families=[
            {"id": f, "name": words.name_of(f), "n": demand.size(f)} for f in demand.families
        ],
        default_family=family,
        default_name=words.name_of(family),
        default_grain=DEFAULT_GRANULARITY,
        overview=demand_figures.overview("demand-overview", demand.frameworks),
        panels=panels,
        small=words.SMALL_CELL_EMPLOYERS,
        table=demand_table(demand, family, DEFAULT_GRANULARITY) if family else None,
        counts=counts_json(demand),
    )


def _health_page(data: SiteData, shared: Mapping[str, Any]) -> str:
    sources, checks = rows(data.sources), rows(data.checks)
    broken = sum(1 for check in checks if check.get("n_offending"))
    ok = "all checks of the run passed" if not broken else f"{broken} checks found rows to look at"
    return render(
        "health.html",
        "health.html",
        shared,
        summary=f"{words.plural(len(sources), 'source')}, as of {data.as_of or 'unknown'}; "
        + (f"{ok}." if checks else "no check has reported."),
        freshness=source_tables.freshness_table(sources, data.as_of),
        records=source_tables.records_table(sources),
        messages=[
            (words.name_of(row.get("source")), str(row["message"]))
            for row in sources
            if row.get("message")
        ],
        checks=source_tables.checks_table(checks),
    )
