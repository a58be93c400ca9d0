"""The site's files: drawn from the queries of sql/site, and put in the published site's place.

Layer:   edge. DataFrames appear here, at the last step.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import duckdb

from dashboards.site_data import SiteData
from pipeline.edge.claim_tables import claim_files
from pipeline.edge.durable import sync_folder
from pipeline.edge.settings import Settings
from pipeline.edge.statements import SQL


def read_site_data(warehouse: Path, registry: Mapping[str, bytes]) -> SiteData:
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
        claim_sql=queries,
        claim_rules=rules,
        as_of=str(as_of),
        run_id=str(run_id),
        version=version("jobmarket"),
    )


def write_site(warehouse: Path, settings: Settings) -> Path:
    """Write the site of a warehouse beside the published one; returns its folder."""
    from dashboards.pages import build_site

    folder = settings.site.with_name("site.next")
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in build_site(read_site_data(warehouse, claim_files())).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def swap(built: Path, published: Path) -> None:
    """Put a folder in another's place: a reader sees the one or the other."""
    old = published.with_name("site.old")
    shutil.rmtree(old, ignore_errors=True)
    if published.exists():
        os.replace(published, old)
    os.replace(built, published)
    sync_folder(published.parent)
    shutil.rmtree(old, ignore_errors=True)


def replace_site(settings: Settings) -> Path:
    """Build the site anew from the published warehouse."""
    swap(write_site(settings.warehouse, settings), settings.site)
    return settings.site / "index.html"
