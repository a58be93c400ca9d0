"""Build the reference corpus: the digests of every dataset of a folder, one file a dataset.

Layer:   edge (disk). What a dataset is, and on what terms, stands in reference/datasets.toml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.digest import digest_of, is_digest
from pipeline.edge import workers
from pipeline.edge.exchange import Read, digest_pairs
from pipeline.edge.file_chunks import CHUNK_ROWS
from pipeline.edge.files import Row, read_rows
from pipeline.edge.progress import Progress
from pipeline.edge.reference import datasets, write_digests
from pipeline.errors import InputError
from pipeline.postings.dedupe import duplicates
from pipeline.sources.files import FileSpec, columns, row_id


def spec_of(name: str, entry: dict[str, Any], folder: Path) -> FileSpec:
    """Return a dataset of datasets.toml as a source of files."""
    keys = ("licence", "family", "frame", "observes", "dates", "mapping")
    chosen = {key: entry[key] for key in keys if key in entry}
    return FileSpec(name=entry.get("source", name), path=str(folder / f"{name}.parquet"), **chosen)


def build_corpus(folder: Path, target: Path) -> dict[str, int]:
    """Write one digest file per dataset that may be embedded; returns their counts.

    Raises InputError for a file of the folder that datasets.toml does not list: its frame and
    terms have to be written down first.
    """
    target.mkdir(parents=True, exist_ok=True)
    listed = datasets(target if (target / "datasets.toml").exists() else None)
    present = {path.stem for path in folder.glob("*.parquet")}
    if unknown := sorted(present - listed.keys()):
        raise InputError(
            f"{folder}: {', '.join(unknown)} not in datasets.toml; "
            "write down its frame, terms and dates first"
        )
    made: dict[str, list[Read]] = {}
    chosen = [name for name in sorted(present) if not listed[name].get("left_out")]
    with Progress("digest") as progress:
        for number, name in enumerate(chosen):
            progress(number, len(chosen))
            made[name] = _read(spec_of(name, listed[name], folder))
        progress(len(chosen), len(chosen))
    copies = _copies(made)
    for name, pairs in made.items():
        write_digests(
            target / f"{name}.parquet",
            [
                digest_of(posting, found, duplicate=copies.get(posting.posting_id, ("", "")))
                for posting, found, _ in pairs
            ],
        )
    return {name: len(pairs) for name, pairs in made.items()}


def _copies(made: dict[str, list[Read]]) -> dict[str, tuple[str, str]]:
    outlines = (one.outline for pairs in made.values() for one in pairs)
    return {copy: (canonical, reason) for copy, canonical, reason in duplicates(outlines)}


def _read(spec: FileSpec) -> list[Read]:
    rows: list[Row] = []
    seen: set[str] = set()
    for row in read_rows(Path(spec.path)):
        if not isinstance(row, Row) or is_digest(row.values):
            continue
        posting_id = row_id(row.values, columns(spec, list(row.values)), spec)
        if posting_id not in seen:  # a repeated id in one file is set aside
            seen.add(posting_id)
            rows.append(row)
    jobs = ((rows[at : at + CHUNK_ROWS], spec) for at in range(0, len(rows), CHUNK_ROWS))
    return [pair for pairs, _ in workers.run_in_order(digest_pairs, jobs) for pair in pairs]
