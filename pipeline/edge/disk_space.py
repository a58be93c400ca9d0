"""A full disk: said in one line, with what was half written removed.

Layer:   edge (disk). Published files are renamed into their place whole, so they stay as they are.
Quirk:   DuckDB and pyarrow say it in words of their own, within errors of their own (2026-11).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.edge import warehouse
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.publish import clear_leftovers
from pipeline.edge.settings import Settings
from pipeline.edge.store import StorePath
from pipeline.errors import PipelineError

# no space; a quota; a limit on the size of one file
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORDS = re.compile(
    r"no space left on device|disk quota exceeded|file too large|could not write all bytes to file"
    r"|failed to offload data block|disk is full|database or disk is full",
    re.IGNORECASE,
)


class DiskFull(PipelineError):
    """A file could not be written for want of room."""


@contextmanager
def full_disk_told(settings: Settings) -> Iterator[None]:
    """Turn an error that comes of a full disk into one line, and free what this run half wrote.

    Whoever uses it holds the data folder's lock: what is half written is nobody else's.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, DiskFull) or not is_full(error):
            raise
        freed = remove_half_written(settings)
        left = shutil.disk_usage(settings.data).free
        raise DiskFull(
            f"{settings.data}: expected room for this run's files, saw a full disk; the published "
            f"data are as they were, {freed / 1e6:,.1f} MB of half-written files were removed and "
            f"{left / 1e6:,.1f} MB are free: make room (a run needs about twice the published "
            "file beside it), then run again"
        ) from error


def is_full(error: BaseException | None) -> bool:
    """Return whether an error, or one it came of, says that the disk is full."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        if getattr(error, "errno", None) in _FULL or _WORDS.search(str(error)):
            return True
        seen.append(error)
        error = error.__cause__ or error.__context__
    return False


def half_written(settings: Settings) -> list[Path]:
    """Return what a run that ended early leaves beside the published files."""
    built = warehouse.next_to(settings.warehouse)
    patterns = (
        "site.next", "lake/*/*.tmp", "lake/*.tmp", "lake/*.part", "lake/*/*.part",
        "lake_copies/*.tmp", "lake_copies/*.part", "raw/*/*/*.part", "runs/*.tmp", "runs/*.part",
        "notified.json.*.part",
        "published.tmp", "report.md.part",
    )  # fmt: skip
    found = [path for pattern in patterns for path in sorted(settings.data.glob(pattern))]
    if settings.site.exists():  # else the old one is the only one
        found += settings.data.glob("site.old")
    return [*sorted(built.parent.glob(f"{built.name}*")), *found]


def remove_half_written(settings: Settings) -> int:
    """Remove what a run that ended early leaves beside the published files; return the bytes."""
    built = warehouse.next_to(settings.warehouse)
    found = half_written(settings)
    freed = sum(map(size_of, found))
    with suppress(OSError):
        clear_leftovers(built)
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return freed


def size_of(path: LakePath) -> int:
    """Return the bytes of a file or of all files of a folder; what goes meanwhile is nothing."""
    if isinstance(path, StorePath):
        return sum(one.stat().st_size for one in path.below())
    found = (
        [path]
        if not path.is_dir()
        else [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
    )
    total = 0
    for one in found:
        with suppress(FileNotFoundError):
            total += one.stat().st_size
    return total
