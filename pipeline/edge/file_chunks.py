"""A file of records in chunks: the rows of one part each, with what could not be one.

Layer:   edge (disk). Repeated and forgotten ids are told apart over the whole file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.edge.files import BadRow, Row, read_rows
from pipeline.errors import InputError
from pipeline.records import Rejected
from pipeline.sources import files as rows_of
from pipeline.sources.files import FileSpec

CHUNK_ROWS = 3_000  # rows a part: the unit of parallel work and of re-extraction
CHUNK_CHARS = 12_000_000
FORGOTTEN = "forgotten on request"  # set aside without its id: nothing of it stays


@dataclass(slots=True)
class Chunk:
    """Rows to turn into postings, each with its id, and what was set aside while reading them."""

    chosen: dict[str, str]
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)


class FileChunks:
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
