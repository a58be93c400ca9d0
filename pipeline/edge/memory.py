"""What a source's answers held last time, so that an answer that is the same is not read again.

Layer:   edge (disk). One file a source beside its parts; the manifest names the one in force.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import zstandard

from pipeline.edge.durable import write_atomically
from pipeline.edge.lake_paths import LakePath
from pipeline.sources.harvest import ScopeRun
from pipeline.sources.source import Page, Request

SUFFIX = ".memory.json.zst"


@dataclass(slots=True)
class Remembered:
    """One answer as it was read: all that a run needs of it besides its postings.

    reader: version of the code that read it; row: the listing's row it was asked for
    """

    reader: str
    scope: str
    row: str
    listed: list[str]
    more: list[list[str]]
    n_records: int = 0
    total: int | None = None
    short: str = ""
    drift: list[str] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)
    n_postings: int = 0
    oldest: str = ""

    def page(self) -> Page:
        """Return the page it was, without its postings and what was set aside."""
        return Page(
            drift=set(self.drift),
            listed=set(self.listed),
            n_records=self.n_records,
            more=[Request(*one) for one in self.more],
            total=self.total,
            short=self.short,
        )

    def count_into(self, run: ScopeRun) -> None:
        """Add what its postings had filled."""
        run.filled.update(self.filled)
        run.n_postings += self.n_postings
        oldest = date.fromisoformat(self.oldest) if self.oldest else None
        if oldest and (run.oldest is None or oldest < run.oldest):
            run.oldest = oldest


def remember(page: Page, request: Request, reader: str) -> Remembered:
    """Return what is remembered of a page that was read."""
    counted = ScopeRun(request.scope)
    counted.count(page.postings)
    return Remembered(
        reader=reader,
        scope=request.scope,
        row=request.row,
        listed=sorted(page.listed),
        more=[[one.url, one.scope, one.row] for one in page.more],
        n_records=page.n_records,
        total=page.total,
        short=page.short,
        drift=sorted(page.drift),
        filled=dict(sorted(Counter(counted.filled).items())),
        n_postings=counted.n_postings,
        oldest=counted.oldest.isoformat() if counted.oldest else "",
    )


def read_memory(path: LakePath) -> dict[str, Remembered]:
    """Return what is remembered, by address; nothing where there is no file."""
    if not path.is_file():
        return {}
    values = json.loads(zstandard.decompress(path.read_bytes()))
    return {url: Remembered(**one) for url, one in values.items()}


def write_memory(folder: LakePath, memory: dict[str, Remembered]) -> str:
    """Write what is remembered; returns the file's name, which is a hash of what it holds."""
    values: dict[str, Any] = {
        url: {name: getattr(memory[url], name) for name in Remembered.__slots__}
        for url in sorted(memory)
    }
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    name = hashlib.sha256(body).hexdigest()[:16] + SUFFIX
    if not (folder / name).exists():
        write_atomically(folder / name, zstandard.compress(body, level=3))
    return name
