"""Ingest: bring a source's records into the lake as postings; every record is kept or set aside.

Layer:   edge (disk). One function a kind of source, each ending in a SourceRun.
"""

from __future__ import annotations

import glob
import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.edge import lake as lakes
from pipeline.edge import lake_tables, workers
from pipeline.edge.file_chunks import Chunk, FileChunks
from pipeline.edge.lake import Lake, Part
from pipeline.errors import InputError
from pipeline.records import Posting, Rejected
from pipeline.sources import files as rows_of
from pipeline.sources.files import FileSpec

log = logging.getLogger(__name__)


@dataclass(slots=True)
class SourceRun:
    """How one source's run ended: n_read = n_kept + n_rejected, always.

    verdict:    complete | unchanged | truncated (not all of it could be read) | suspicious (it
                was, and is not believed) | failed | not_configured
    n_listed:   postings its listings name now; n_asked: requests, n_same of them as last time
    fill_rates: share of the listed postings that have each field, 0 to 1
    """

    source: str
    verdict: str = "complete"
    n_read: int = 0
    n_kept: int = 0
    n_rejected: int = 0
    n_new: int = 0
    message: str = ""
    problems: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    n_listed: int = 0
    n_changed: int = 0
    n_closed: int = 0
    n_reopened: int = 0
    n_asked: int = 0
    n_same: int = 0
    seconds: float = 0.0
    fill_rates: dict[str, float] = field(default_factory=dict)


def ingest_files(
    lake: Lake,
    spec: FileSpec,
    *,
    version: str,
    today: date,
    forgotten: frozenset[str] = frozenset(),
) -> SourceRun:
    """Bring every file of one [[sources.files]] entry into the lake; unchanged files are not read.

    version:   of the code that turns a row into a posting; another one reads every file again.
    forgotten: posting ids that somebody asked to have removed.
    """
    manifest = lake.manifest(spec.name)
    run = SourceRun(manifest.state.get("posting_source", spec.name))
    paths = sorted(glob.glob(spec.path, recursive=True))
    if not paths:
        run.verdict, run.message = "failed", f"{spec.name}: no file matches {spec.path}"
        run.problems.append(run.message)
        count_parts(run, manifest.parts)
        return run
    before = dict(manifest.inputs)
    rank = lake.next_rank()  # of all that is read now: nothing is in force before the end
    parts_of: dict[str, list[Part]] = {}
    for part in manifest.parts:
        parts_of.setdefault(part.input, []).append(part)
    kept_parts: list[Part] = []
    inputs: dict[str, dict[str, Any]] = {}
    for path in map(Path, paths):
        key = str(path)
        known = before.get(key)
        try:
            seen = _fingerprint(path, spec, version, known)
            if known and known["fingerprint"] == seen["fingerprint"]:
                inputs[key] = known | seen
                kept_parts += parts_of.get(key, [])
                continue
            parts, drift = _read_file(lake, spec, path, seen["fingerprint"], rank, today, forgotten)
        except InputError as unreadable:
            run.problems.append(str(unreadable))
            log.info("%s", unreadable)  # whoever started the run says it, once
            if known:  # what an earlier run read of it stays
                inputs[key] = known
                kept_parts += parts_of.get(key, [])
            continue
        run.drift += [name for name in drift if name not in run.drift]
        run.source = manifest.state["posting_source"] = _posting_source(lake, spec, parts)
        run.n_new += sum(part.n_postings for part in parts)
        inputs[key] = seen
        kept_parts += parts
    changed = kept_parts != manifest.parts or inputs != before
    if changed:
        manifest.parts, manifest.inputs = kept_parts, inputs
        lake.commit(manifest)
    count_parts(run, kept_parts)
    if run.problems:
        run.verdict = "truncated" if kept_parts else "failed"
        run.message = "; ".join(run.problems)
    elif not run.n_new:
        run.verdict = "unchanged"
    return run


def _posting_source(lake: Lake, spec: FileSpec, parts: Sequence[Part]) -> str:
    """Return the source its postings say they are of: comments of Hacker News are hn_hiring."""
    for part in parts:
        if part.n_postings:
            return lake_tables.first_source(lake.postings_path(spec.name, part.name))
    return spec.name


def count_parts(run: SourceRun, parts: Iterable[Part]) -> None:
    for part in parts:
        run.n_kept += part.n_postings
        run.n_rejected += part.n_rejects
    run.n_read = run.n_kept + run.n_rejected


def _fingerprint(
    path: Path, spec: FileSpec, version: str, known: dict[str, Any] | None
) -> dict[str, Any]:
    """Return what tells whether a file must be read again; its bytes are hashed only if touched."""
    if not path.is_file():
        return {"size": 0, "mtime_ns": 0, "sha256": "", "fingerprint": ""}
    status = path.stat()
    touched = not known or (known["size"], known["mtime_ns"]) != (
        status.st_size,
        status.st_mtime_ns,
    )
    if known and not touched:
        content = known["sha256"]
    else:
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}); check its permissions"
            ) from None
    return {
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "sha256": content,
        "fingerprint": lakes.part_name(content, sorted(asdict(spec).items(), key=str), version),
    }


def _read_file(
    lake: Lake,
    spec: FileSpec,
    path: Path,
    fingerprint: str,
    rank: int,
    today: date,
    forgotten: frozenset[str],
) -> tuple[list[Part], list[str]]:
    """Read one file into parts, in file order; returns also the columns nobody decided about."""
    reader = FileChunks(spec, path, forgotten)
    folder = str(lake.folder)
    parts = list(
        workers.run(
            _write_chunk,
            (
                (folder, spec, f"{fingerprint}-{number}", str(path), rank, chunk, today)
                for number, chunk in enumerate(reader.chunks())
            ),
        )
    )
    log.info("%s: read %s, %d rows", spec.name, path.name, reader.n_rows)
    parts.sort(key=lambda part: int(part.name.rpartition("-")[2]))
    return parts, reader.drift


def _write_chunk(
    folder: str, spec: FileSpec, name: str, path: str, rank: int, chunk: Chunk, today: date
) -> Part:
    """Turn a chunk's rows into postings and write them as one part (runs in a worker)."""
    postings: list[Posting] = []
    rejects = list(chunk.rejects)
    for posting_id, values in chunk.rows:
        made = rows_of.posting_from_row(values, chunk.chosen, spec, posting_id)
        (rejects if isinstance(made, Rejected) else postings).append(made)  # type: ignore[arg-type]
    return write_part(Lake(folder), spec.name, name, rank, postings, rejects, today, path)


def write_part(
    lake: Lake,
    source: str,
    name: str,
    rank: int,
    postings: Sequence[Posting],
    rejects: Sequence[Rejected],
    today: date,
    path: str = "",
    *,
    seen_on: date | None = None,
    boards: Mapping[str, str] | None = None,
) -> Part:
    """Write one part; it is in force once the source's manifest names it."""
    lake_tables.write_table(
        lake.postings_path(source, name),
        lake_tables.postings_table(postings, rank, seen_on, boards),
    )
    if rejects:
        lake_tables.write_table(
            lake.rejects_path(source, name), lake_tables.rejects_table(rejects, today)
        )
    return Part(name, rank, len(postings), len(rejects), path)
