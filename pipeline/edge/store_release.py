"""A release on an object store: tables, warehouse and site of one run, put in force by one put.

Layer:   edge (network, disk). What manifest.json does not name is not published:

    <address>/manifest.json            which run is published, and every file of it with its hash
    <address>/index.html               leads a browser to that run's site
    <address>/runs/<run id>/release/   the tables, as `jobmarket release DIR` writes them
    <address>/runs/<run id>/jobmarket.duckdb
    <address>/runs/<run id>/site/

A run has its own prefix, so nothing that a reader has in hand is written over; the run before the
published one stays for those who are still reading it, and older ones are removed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.edge import release, runs
from pipeline.edge.settings import Settings
from pipeline.edge.store import StorePath
from pipeline.edge.store_errors import Changed
from pipeline.errors import InputError, PipelineError

log = logging.getLogger(__name__)

_UNDER_WAY = timedelta(hours=1)  # a prefix younger than that may be somebody's upload
_LEAD = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={0}">' + (
    '<title>jobmarket</title><a href="{0}">jobmarket</a>\n'
)


def publish(settings: Settings, address: StorePath) -> dict[str, Any]:
    """Put the published run on a store, whole or not at all; returns the manifest."""
    folder = settings.data / "release.next"
    with runs.only_writer(settings):  # a run that published meanwhile would mix two in one release
        shutil.rmtree(folder, ignore_errors=True)
        try:
            about = release.release(settings.warehouse, folder, settings.site)
            return _put(address, about, _files(settings, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _files(settings: Settings, folder: Path) -> dict[str, Path]:
    """Return every file of a release by its name in the run's prefix."""
    found = {f"release/{path.name}": path for path in sorted(folder.iterdir())}
    found["jobmarket.duckdb"] = settings.warehouse
    for path in sorted(settings.site.rglob("*")):
        if path.is_file():
            found[f"site/{path.relative_to(settings.site).as_posix()}"] = path
    return found


def _put(address: StorePath, about: dict[str, Any], files: dict[str, Path]) -> dict[str, Any]:
    manifest = address / release.MANIFEST
    tag = manifest.stat().tag if manifest.exists() else ""
    before = read_manifest(address) if tag else {}
    listed = [
        {"file": name, "bytes": path.stat().st_size, "sha256": release.sha256(path)}
        for name, path in files.items()
    ]
    at = f"runs/{about['run_id']}"
    if before.get("files") == listed and before["at"] == at:
        return before
    for name, path in files.items():
        (address / at / name).write_from(path)
    log.info("%s: %d files put", address / at, len(files))
    values = {
        "run_id": about["run_id"], "as_of": about["as_of"], "at": at,
        "before": before.get("at") if before.get("at") != at else before.get("before"),
        "files": listed,
    }  # fmt: skip
    try:
        manifest.write_whole(json.dumps(values, indent=1).encode(), over=tag)
    except Changed:
        raise PipelineError(
            f"{address}: expected to be the only one that releases here, saw another release put "
            "in force meanwhile; look which of the two is meant, then release again"
        ) from None
    if "site/index.html" in files:
        (address / "index.html").write_whole(_LEAD.format(f"{at}/site/index.html").encode())
    _remove_old(address, keep={values["at"], values["before"]})
    return values


def _remove_old(address: StorePath, keep: set[str | None]) -> None:
    """Remove the prefixes that no reader can have in hand, but none that is being filled."""
    _, now = (address / release.MANIFEST).answered_at()
    limit = (now - _UNDER_WAY).timestamp() * 10**9
    for run in (address / "runs").glob("*/"):
        files = run.below()
        if f"runs/{run.name}" in keep or any(one.stat().st_mtime_ns > limit for one in files):
            continue
        for one in files:
            one.unlink()
        log.info("%s: removed, %d files", run, len(files))


def read_manifest(address: StorePath) -> dict[str, Any]:
    """Return what is published at an address; raise InputError if nothing is."""
    path = address / release.MANIFEST
    try:
        values = json.loads(path.read_bytes())
        _ = (
            values["run_id"],
            values["at"],
            [(one["file"], one["sha256"]) for one in values["files"]],
        )
    except FileNotFoundError:
        raise InputError(f"{address}: expected a release with its {path.name}, saw none") from None
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: expected the manifest of a release, saw {error!r}") from None
    return dict(values)


def check(address: StorePath) -> dict[str, Any]:
    """Return the manifest if every file it names is there as it says; else raise PipelineError."""
    manifest = read_manifest(address)
    for one in manifest["files"]:
        path = address / manifest["at"] / one["file"]
        digest = hashlib.sha256()
        try:
            for piece in path.pieces():
                digest.update(piece)
        except FileNotFoundError:
            seen = "it missing"
        else:
            seen = "" if digest.hexdigest() == one["sha256"] else "another content"
        if seen:
            raise PipelineError(
                f"{path}: expected the file of run {manifest['run_id']}, saw {seen}; "
                f"release again with `jobmarket release {address}`"
            )
    return manifest
