"""The reference source: digests of real postings that ship with the program.

Layer:   edge (disk). Rendering is digest.py; a dataset is one Parquet file beside its provenance.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.digest import VERSION, render
from pipeline.edge import workers
from pipeline.edge.file_chunks import CHUNK_ROWS
from pipeline.edge.ingest import SourceRun, count_parts, write_part
from pipeline.edge.lake import Lake, Part, part_name
from pipeline.edge.lake_tables import PAY, PLACE

NAME = "reference"
_TEXT = pa.string()
_LIST = pa.list_(_TEXT)
DIGEST_SCHEMA = pa.schema(
    [
        ("digest_version", pa.int8()), ("posting_id", _TEXT), ("source", _TEXT),
        ("source_id", _TEXT), ("source_family", _TEXT), ("frame", _TEXT), ("observes", _TEXT),
        ("licence", _TEXT), ("posted_on", pa.date32()), ("date_kind", _TEXT), ("title", _TEXT),
        ("employer", _TEXT), ("url", _TEXT), ("language", _TEXT), ("is_ai", pa.bool_()),
        ("duplicate_of", _TEXT), ("duplicate_reason", _TEXT), ("content_hash", _TEXT),
        ("extractor_version", _TEXT),
        ("frameworks", pa.list_(pa.struct([
            ("name", _TEXT), ("requirement", _TEXT), ("alternative", pa.bool_()),
            ("joint", pa.bool_()),
        ]))),
        ("ecosystem", _LIST), ("tools", _LIST), ("skills", _LIST), ("roles", _LIST),
        ("seniority", _LIST), ("employer_kind", _TEXT), ("industry", _TEXT), ("domains", _LIST),
        ("places", pa.list_(PLACE)), ("workplace", _TEXT), ("salary", PAY),
    ("unseen_names", _LIST),
    ]
)  # fmt: skip


def folder() -> Path:
    """Return where the embedded corpus lies."""
    return Path(str(files("pipeline.sources").joinpath("reference")))


def datasets(where: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return what datasets.toml says of each dataset, by name."""
    path = (where or folder()) / "datasets.toml"
    if not path.exists():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def lists(where: Path | None = None) -> dict[str, frozenset[str]]:
    """Return the frameworks a source can show, by source, for those that show a fixed list only."""
    return {
        entry.get("source", name): frozenset(entry["lists"])
        for name, entry in datasets(where).items()
        if "lists" in entry
    }


def write_digests(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write digests, sorted by id, compressed for the repository."""
    ordered = sorted(rows, key=lambda row: row["posting_id"])
    table = pa.Table.from_pylist(ordered, schema=DIGEST_SCHEMA)
    temporary = path.with_name(path.name + ".tmp")
    pq.write_table(
        table, temporary, compression="zstd", compression_level=19, row_group_size=100_000
    )
    temporary.replace(path)


def ingest_reference(
    lake: Lake,
    *,
    version: str,
    today: date,
    where: Path | None = None,
    exclude: Sequence[str] = (),
    forgotten: frozenset[str] = frozenset(),
) -> list[SourceRun]:
    """Bring the embedded corpus into the lake; returns one run per dataset, named by its source."""
    manifest = lake.manifest(NAME)
    before, known = dict(manifest.inputs), list(manifest.parts)
    parts: list[Part] = []
    inputs: dict[str, dict[str, Any]] = {}
    runs = []
    listed = datasets(where)
    for path in sorted((where or folder()).glob("*.parquet")):
        if path.stem in exclude or listed.get(path.stem, {}).get("left_out"):
            continue
        held = before.get(path.stem, {})
        seen = _seen(path, held)
        fingerprint = part_name(seen["sha256"], VERSION, version)
        inputs[path.stem] = seen | {"fingerprint": fingerprint}
        made = [part for part in known if part.input == path.stem]
        run = SourceRun(seen["source"])
        if held.get("fingerprint") != fingerprint:
            jobs = _jobs(lake, path, fingerprint, forgotten, today)
            made = sorted(
                workers.run(_write_digest_part, jobs), key=lambda part: int(part.name.split("-")[1])
            )
            run.n_new = sum(part.n_postings for part in made)
        run.verdict = "complete" if run.n_new else "unchanged"
        parts += made
        count_parts(run, made)
        runs.append(run)
    if parts != known or inputs != before:
        manifest.parts, manifest.inputs = parts, inputs
        lake.commit(manifest)
    if not runs:
        message = (
            f"reference: no digests in {where or folder()}; build them with `jobmarket digest`"
        )
        runs.append(SourceRun(NAME, "failed", message=message, problems=[message]))
    return runs


def _jobs(
    lake: Lake, path: Path, fingerprint: str, forgotten: frozenset[str], today: date
) -> Iterator[tuple[Any, ...]]:
    rank, at = lake.next_rank(), 0
    with pq.ParquetFile(path) as file:  # read once: a job that read it again would read all of it
        for batch in file.iter_batches(CHUNK_ROWS):
            yield str(lake.folder), path.stem, batch, f"{fingerprint}-{at}", rank, forgotten, today
            at += batch.num_rows


def _seen(path: Path, held: dict[str, Any]) -> dict[str, Any]:
    """Return what a file holds; it is read only where its size or time differ from last time."""
    status = path.stat()
    touched = {"size": status.st_size, "mtime_ns": status.st_mtime_ns}
    if "sha256" in held and touched.items() <= held.items():
        return {name: held[name] for name in ("size", "mtime_ns", "sha256", "source")}
    source = pq.read_table(path, columns=["source"]).slice(0, 1)["source"][0].as_py()
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return touched | {"sha256": content, "source": source}


def remove_digest(posting_id: str, where: Path | None = None) -> int:
    """Remove one digest from the embedded corpus, where it may be written to; returns how many."""
    removed = 0
    for path in sorted((where or folder()).glob("*.parquet")):
        rows = pq.read_table(path)
        kept = rows.filter(pc.not_equal(rows["posting_id"], posting_id))
        if kept.num_rows < rows.num_rows and os.access(path, os.W_OK):
            removed += rows.num_rows - kept.num_rows
            write_digests(path, kept.to_pylist())
    return removed


def _write_digest_part(
    lake_folder: str,
    stem: str,
    batch: pa.RecordBatch,
    name: str,
    rank: int,
    forgotten: frozenset[str],
    today: date,
) -> Part:
    postings = [render(row) for row in batch.to_pylist() if row["posting_id"] not in forgotten]
    return write_part(Lake(lake_folder), NAME, name, rank, postings, [], today, stem)
