"""Ingest: bring a source's records into the lake as postings; every record is kept or set aside.

Layer:   edge (disk). One function a kind of source, each ending in a SourceRun.
"""

from __future__ import annotations

import glob
import hashlib
import itertools
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.edge import lake as lakes
from pipeline.edge import lake_tables, workers
from pipeline.edge.files import BadRow, Row, read_rows
from pipeline.edge.lake import Lake, Part
from pipeline.errors import InputError
from pipeline.records import Posting, Rejected
from pipeline.sources import files as rows_of
from pipeline.sources.files import FileSpec

log = logging.getLogger(__name__)

CHUNK_ROWS = 3_000  # rows a part: the unit of parallel work and of re-extraction
CHUNK_CHARS = 12_000_000


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


FORGOTTEN = "forgotten on request"  # set aside without its id: nothing of it stays


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
    reader = _FileReader(spec, path, forgotten)
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


@dataclass(slots=True)
class Chunk:
    """Rows to turn into postings, each with its id, and what was set aside while reading them."""

    chosen: dict[str, str]
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)


class _FileReader:
    """Read a file in chunks, telling repeated ids apart over the whole file."""

    def __init__(self, spec: FileSpec, path: Path, forgotten: frozenset[str]):
        self.spec = spec
        self.forgotten = forgotten
        self.path = path
        self.n_rows = 0
        self.drift: list[str] = []
        self._seen: set[str] = set()

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks; raises InputError when nothing of the file can be read."""
        chunk: Chunk | None = None
        size = 0
        early: list[Rejected] = []
        rows = read_rows(self.path)
        # JSON records leave out what they do not have: the columns are those of the first hundred
        first = list(itertools.islice(rows, 100))
        present = list(
            dict.fromkeys(key for row in first if isinstance(row, Row) for key in row.values)
        )
        for row in itertools.chain(first, rows):
            self.n_rows += 1
            place = f"{self.path.name}:{row.line}"
            if isinstance(row, BadRow):
                early.append(Rejected(self.spec.name, place, row.reason))
                continue
            if chunk is None:
                chunk = Chunk(self._columns(present))
            chunk.rejects += early
            early = []
            posting_id = rows_of.row_id(row.values, chunk.chosen, self.spec)
            if posting_id in self.forgotten:
                chunk.rejects.append(Rejected(self._source_of(posting_id), "", FORGOTTEN))
            elif posting_id in self._seen:
                source = self._source_of(posting_id)
                chunk.rejects.append(Rejected(source, posting_id, "duplicate_id"))
            else:
                self._seen.add(posting_id)
                chunk.rows.append((posting_id, row.values))
                size += len(str(row.values.get(chunk.chosen.get("description", ""), "")))
            if len(chunk.rows) >= CHUNK_ROWS or size >= CHUNK_CHARS:
                yield chunk
                chunk, size = Chunk(chunk.chosen), 0
        if chunk or self._seen:
            last = chunk or Chunk({})
            last.rejects += early
            if last.rows or last.rejects:
                yield last
        elif early:
            raise InputError(
                f"{self.path}: none of its {len(early)} lines can be read (the first: "
                f"{early[0].reason}); check the format"
            )
        else:
            raise InputError(f"{self.path}: holds no records; leave it out or fetch it again")

    def _source_of(self, posting_id: str) -> str:
        return "hn_hiring" if posting_id.startswith("hn:") else self.spec.name

    def _columns(self, present: list[str]) -> dict[str, str]:
        chosen = rows_of.columns(self.spec, present)
        self.drift = rows_of.unknown_columns(chosen, present)
        return chosen


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
