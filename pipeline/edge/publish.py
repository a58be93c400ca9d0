"""Publish: put a finished file in the place of the one that readers have open.

Layer:   edge.
Quirk:   DuckDB replays a `.wal` beside a file when it opens it; one left there by somebody's
         writing connection belongs to the old file and makes the new one unreadable (1.5).
"""

from __future__ import annotations

import logging
import os
import shutil
from itertools import count
from pathlib import Path

import duckdb

from pipeline.edge.durable import sync_folder
from pipeline.errors import PipelineError

log = logging.getLogger(__name__)


def publish(built: Path, published: Path) -> None:
    """Rename a closed file over the published one; readers of the old one read on.

    Raise PipelineError if it was not closed. The published file is read-only (mode 0444).
    """
    if not built.exists() or _wal(built).exists():
        raise PipelineError(
            f"{built.name}: expected a finished and closed file, saw "
            f"{'its .wal beside it' if built.exists() else 'none'}; run `jobmarket run` again"
        )
    built.chmod(0o444)
    _sync_file(built)
    set_stray_wal_aside(published)
    os.replace(built, published)
    sync_folder(published.parent)
    log.info("%s: published, %.1f MB", published.name, published.stat().st_size / 1e6)


def set_stray_wal_aside(published: Path) -> None:
    """Move a `.wal` beside the published file away, and say so; nothing of ours writes one."""
    wal = _wal(published)
    if not wal.exists():
        return
    names = (wal.with_name(f"{wal.name}.stray-{number}") for number in count(1))
    aside = next(name for name in names if not name.exists())
    wal.rename(aside)
    log.warning(
        "%s: another program wrote to the published file; its changes are set aside in %s, "
        "look at them and remove it",
        published.name,
        aside.name,
    )


def clear_leftovers(built: Path) -> None:
    """Remove what a killed run left of a file that was being built."""
    for path in (built, _wal(built)):
        path.unlink(missing_ok=True)
    shutil.rmtree(spills(built), ignore_errors=True)


def spills(built: Path) -> Path:
    """Return the folder for what does not fit into memory while a file is built."""
    return built.with_name(f"{built.name}.tmp")


def spills_of(connection: duckdb.DuckDBPyConnection) -> Path | None:
    """Return that folder of the file that is open, made if need be; None if it is in memory."""
    path = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    if not path or not path[0]:
        return None
    folder = spills(Path(path[0]))
    folder.mkdir(exist_ok=True)
    return folder


def _wal(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
