"""What a build reads of a lake on an object store: copies in the data folder, each had once.

Layer:   edge (network, disk). Texts are left out: no table holds them, and they are most of a
         part. A copy is named for the tag of its object, so that it never stands for another one.
Quirk:   DuckDB reads objects through fsspec as well, at a dozen requests a file and query (1.5).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.edge.durable import write_atomically
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.lake_tables import write_table
from pipeline.edge.lake_views import POSTINGS
from pipeline.edge.store import StorePath, read_many
from pipeline.errors import PipelineError

_AT_ONCE = 16


class LakeCopies:
    """The copies in one folder; a file that lies on disk anyway is its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._asked: set[str] = set()

    def here(self, paths: Sequence[LakePath]) -> list[Path]:
        """Return a file on disk for each path, in their order; what is missing stays missing."""
        away = [path for path in paths if isinstance(path, StorePath)]
        tags = {one: one.stat().tag for folder in {path.parent for path in away}
                for one in folder.glob("*.parquet")}  # fmt: skip
        copies = {path: self.folder / _name(tags.get(path, "missing")) for path in away}
        self._asked |= {copy.name for copy in copies.values()}
        wanted = [path for path in away if path in tags and not copies[path].exists()]
        for path, content in _in_pieces(wanted):
            if path.name.endswith(".postings.parquet"):
                write_table(copies[path], _without_texts(path, content))
            else:
                write_atomically(copies[path], content)
        return [copies[path] if isinstance(path, StorePath) else path for path in paths]

    def drop(self) -> bool:
        """Remove all copies; returns whether there were any."""
        before = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return before

    def sweep(self) -> None:
        """Remove the copies that nobody asked for since this was made."""
        for path in self.folder.glob("*"):
            if path.name not in self._asked:
                path.unlink()


def _name(tag: str) -> str:
    return f"{tag.strip(chr(34))}.parquet"


def _without_texts(path: StorePath, content: bytes) -> pa.Table:
    try:
        return pq.read_table(pa.BufferReader(content), columns=list(POSTINGS))
    except pa.ArrowException as error:
        seen = " ".join(str(error).split())[:160]
        raise PipelineError(f"{path}: expected postings, saw {seen}") from None


def _in_pieces(paths: Sequence[StorePath]) -> Iterator[tuple[StorePath, bytes]]:
    for at in range(0, len(paths), _AT_ONCE):
        yield from read_many(paths[at : at + _AT_ONCE])
