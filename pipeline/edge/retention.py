"""Retention: what of the data folder may go, what stays, and why.

Layer:   edge (disk). Whoever removes holds the data folder's lock. What is published is not
         touched: neither the warehouse nor the site, nor what the next run knows of them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.edge import disk_use
from pipeline.edge.disk_space import half_written, size_of
from pipeline.edge.lake import Lake
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.live_settings import archive_of
from pipeline.edge.own_folder import own_terms
from pipeline.edge.settings import Settings
from pipeline.edge.whole_files import BROKEN, SET_ASIDE
from pipeline.facts import extractor_version

_DAY = 86_400.0
_STAYS = {
    "raw": "answers of the last {days} days (retention_days), to be read again after a fault",
    "lake": "postings and facts in force; the warehouse is built from them",
    "lake_copies": "what a build reads of a lake on a store; a build has them again if they go",
    "warehouse": "published",
    "site": "published",
    "runs": "the log of every run: the history that `jobmarket status` tells",
    "prefect": "Prefect's own history; remove the folder by hand while nothing runs or serves",
    "half_written": "",
    "other": "not ours, or set aside for a person: look at it, then remove it by hand",
}


def clean(settings: Settings, today: date, *, dry_run: bool = False) -> list[dict[str, Any]]:
    """Remove what may go; returns one row a kind: bytes and files removed, bytes kept, and why."""
    disk = disk_use.by_kind(settings)
    going: Mapping[str, Sequence[LakePath]] = {
        "raw": _old_answers(settings, today),
        "lake": [path for source in _sources(settings) for path in _spare(settings, source)],
        "lake_copies": [settings.lake_copies] * (not settings.lake_at and disk["lake_copies"] > 0),
        "half_written": half_written(settings),
    }
    rows = []
    for kind in disk_use.KINDS:
        paths = going.get(kind, [])
        size = sum(map(size_of, paths))
        rows.append(
            {
                "kind": kind,
                "removed_files": len(paths),
                "removed_bytes": size,
                "kept_bytes": disk[kind] - size,
                "kept_because": _STAYS[kind].format(days=settings.retention_days),
            }
        )
        if not dry_run:
            _remove(paths)
    return rows


def lines(rows: list[dict[str, Any]], *, dry_run: bool) -> str:
    """Return what was removed and what stays as text."""
    verb = "would go" if dry_run else "removed"
    said = []
    for row in rows:
        kept = disk_use.in_words(row["kept_bytes"])
        removed = f"{row['removed_files']:,} files, {disk_use.in_words(row['removed_bytes'])}"
        if row["removed_files"]:
            said.append(f"{row['kind']}: {verb} {removed}")
        if row["kept_bytes"]:
            said.append(f"{row['kind']}: kept {kept}: {row['kept_because']}")
    total = sum(row["removed_bytes"] for row in rows)
    return "\n".join([*said, f"{disk_use.in_words(total)} {verb} in all"])


def _old_answers(settings: Settings, today: date) -> list[Path]:
    return archive_of(settings).old_answers(settings.retention_days, today=today)


def _sources(settings: Settings) -> list[str]:
    return Lake(settings.lake).sources()


def _spare(settings: Settings, source: str) -> list[LakePath]:
    """Return what of a source's lake nothing reads.

    That is files that its manifest does not name, facts of an earlier extractor that this one has
    replaced, and files set aside longer ago than answers are kept. A manifest that cannot be read
    names nothing: all of it stays, for the next run to look at.
    """
    lake = Lake(settings.lake)
    try:
        manifest = lake.manifest(source)
    except BROKEN:
        return []
    version = extractor_version(own_terms(settings))
    replaced = [
        path
        for part, versions in lake.versions(source).items()
        if version in versions
        for other in versions
        if other != version
        for path in (lake.facts_path(source, part, other), lake.outlines_path(source, part, other))
    ]
    until = time.time() - settings.retention_days * _DAY
    aside = [
        path
        for path in (lake.folder / source / SET_ASIDE).glob("*")
        if path.is_file() and path.stat().st_mtime_ns < until * 10**9
    ]
    temporary = {".tmp", ".part"}  # half written, and counted as that
    strays = [path for path in lake.strays(manifest) if path.suffix not in temporary]
    return list(dict.fromkeys([*strays, *replaced, *aside]))


def _remove(paths: Sequence[LakePath]) -> None:
    for path in paths:
        if isinstance(path, Path) and path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        with suppress(OSError):  # the folder of an address whose last answer went
            path.parent.rmdir()
