"""The files of the archive: one answer each, compressed, named for its time and its content.

Layer:   edge (disk).
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import zstandard

from pipeline.edge.cleaning import dumped
from pipeline.edge.durable import write_atomically

log = logging.getLogger("pipeline.edge.archive")

SUFFIX = ".json.zst"
UNREAD = ".unread" + SUFFIX
_STAMP = "%Y%m%dT%H%M%S%fZ"
_STALE_S = 3600.0  # a part older than that is a write that was cut off, not one under way


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived answer; `etag` and `last_modified` are "" where the server sent none."""

    source: str
    url: str
    fetched_at: datetime
    etag: str
    last_modified: str
    body: str


def write(folder: Path, answer: Archived, suffix: str = SUFFIX) -> Path:
    """Write an answer into its URL's folder and return the file."""
    path = folder / f"{answer.fetched_at.strftime(_STAMP)}-{digest(answer.body)}{suffix}"
    record = {
        "source": answer.source,
        "url": answer.url,
        "fetched_on": answer.fetched_at.date().isoformat(),
        "fetched_at": answer.fetched_at.isoformat(),
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "body": answer.body,
    }
    if not path.exists():  # the name holds the content: an existing file is this very answer
        write_atomically(path, zstandard.compress(dumped(record).encode(), level=9))
    return path


def readable(folder: Path, pattern: str) -> list[Path]:
    """Return the answers that a parser may see, by URL folder, oldest first."""
    found = folder.glob(pattern + SUFFIX)
    return sorted(path for path in found if not path.name.endswith(UNREAD))


def digest(body: str) -> str:
    """Return the part of a file's name that stands for its content."""
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:32]


def is_stale(part: Path) -> bool:
    """Tell whether a half-written file was left behind."""
    try:
        return time.time() - part.stat().st_mtime > _STALE_S
    except FileNotFoundError:  # its writer has just moved it to its place
        return False


def read(path: Path) -> Archived | None:
    """Return a file's answer, or None where it cannot be read; the log says so."""
    try:
        record = json.loads(zstandard.decompress(path.read_bytes()))
    except (zstandard.ZstdError, ValueError, OSError) as error:
        log.warning("archive: %s cannot be read (%s); it is left out, remove it", path, error)
        return None
    return Archived(
        record["source"],
        record["url"],
        datetime.fromisoformat(record["fetched_at"]),
        record["etag"],
        record["last_modified"],
        record["body"],
    )
