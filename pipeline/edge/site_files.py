"""The site's files: drawn from the queries of sql/site, and put in the published site's place.

Layer:   edge. DataFrames appear here, at the last step.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from dashboards.site_data import Row, SiteData
from pipeline.edge.claim_tables import claim_files
from pipeline.edge.claims_report import REPORT, report_and_reviews
from pipeline.edge.durable import sync_folder
from pipeline.edge.indicators import listed
from pipeline.edge.settings import Settings
from pipeline.edge.statements import SQL

Reviews = Mapping[str, Sequence[Mapping[str, Any]]]


def read_site_data(
    warehouse: Path,
    registry: Mapping[str, bytes],
    reviews: Reviews | None = None,
    site_url: str = "",
    cells: Mapping[str, Sequence[Row]] | None = None,
) -> SiteData:
    """Return the data of a site: one frame per file of sql/site, of the newest run."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        frames = {
            path.stem: connection.execute(path.read_text(encoding="utf-8")).df()
            for path in sorted((SQL / "site").glob("*.sql"))
        }
        newest = connection.execute(
            "select run_id, as_of from ops.runs order by started_at desc limit 1"
        ).fetchone()
    rules = {
        rule["id"]: rule
        for name, content in registry.items()
        if name.endswith(".toml")
        for rule in [tomllib.loads(content.decode())]
    }
    queries = {
        claim_id: registry[f"{claim_id.replace('-', '_')}.sql"].decode()
        for claim_id in rules
        if f"{claim_id.replace('-', '_')}.sql" in registry
    }
    run_id, as_of = newest or ("", "")
    return SiteData(
        **frames,
        demand_cells=cells or {},
        claim_sql=queries,
        claim_rules=rules,
        claim_reviews=reviews or {},
        series=[{**asdict(one), "found_in": one.found_in} for one in listed()],
        site_url=site_url,
        as_of=str(as_of),
        run_id=str(run_id),
        version=version("jobmarket"),
    )


def read_demand(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """Return the rows of each query of sql/site/demand: what the demand page loads when asked."""
    found = {}
    for path in sorted((SQL / "site" / "demand").glob("*.sql")):
        result = connection.execute(path.read_text(encoding="utf-8"))
        names = [column[0] for column in result.description]
        found[path.stem] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return found


def contents(warehouse: Path, settings: Settings) -> dict[str, str | bytes]:
    """Return every file of the site of a warehouse, by its path in the site."""
    from dashboards.pages import build_site

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        report, reviews = report_and_reviews(connection, settings.site_url)
        cells = read_demand(connection)
    data = read_site_data(warehouse, claim_files(settings.own), reviews, settings.site_url, cells)
    more = {REPORT: report} | {
        f"claimreview/{name}.json": json.dumps(
            # JSON-LD takes one object or a list; most claims have one known publisher
            found[0] if len(found) == 1 else found,
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
        for name, found in reviews.items()
    }
    return build_site(data) | more


def write_site(warehouse: Path, settings: Settings) -> Path:
    """Write the site of a warehouse beside the published one; returns its folder."""
    folder = settings.site.with_name("site.next")
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in contents(warehouse, settings).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def swap(built: Path, published: Path) -> None:
    """Put a folder in another's place: a reader sees the one or the other.

    The report that is among its files stands beside it as well, for those who read no site.
    """
    old = published.with_name("site.old")
    shutil.rmtree(old, ignore_errors=True)
    if published.exists():
        os.replace(published, old)
    os.replace(built, published)
    report = published.with_name(REPORT)
    if (published / REPORT).exists():
        part = report.with_name(f"{REPORT}.part")
        shutil.copyfile(published / REPORT, part)
        os.replace(part, report)
    sync_folder(published.parent)
    shutil.rmtree(old, ignore_errors=True)


def replace_site(settings: Settings) -> Path:
    """Build the site anew from the published warehouse."""
    swap(write_site(settings.warehouse, settings), settings.site)
    return settings.site / "index.html"


def write_single_file(settings: Settings, target: Path) -> Path:
    """Write the site of the published warehouse as one HTML file."""
    from dashboards.single_file import single_file

    part = target.with_name(f"{target.name}.part")
    part.write_text(single_file(contents(settings.warehouse, settings)), encoding="utf-8")
    os.replace(part, target)
    return target
