"""What lies in the data folder, by kind; of a lake on an object store, what lies there.

Layer:   edge (disk, network).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.edge.disk_space import half_written, size_of
from pipeline.edge.settings import Settings

KINDS = (
    "raw", "lake", "lake_copies", "warehouse", "site", "runs", "prefect", "half_written", "other",
)  # fmt: skip
_OF = {
    "jobmarket.duckdb": "warehouse", "published.json": "warehouse", "report.md": "site",
    "jobmarket.html": "site", "backfill.json": "runs", "notified.json": "runs", ".lock": "runs",
    ".piece": "runs", ".backfill": "runs",
}  # fmt: skip


def kind_of(path: Path) -> str:
    """Return the kind of an entry of the data folder; what is not ours is `other`."""
    return path.name if path.name in KINDS[:-2] else _OF.get(path.name, "other")


def by_kind(settings: Settings) -> dict[str, int]:
    """Return the bytes of each kind, and how many are free on the disk.

    An earlier lake in the data folder of one that lies on a store is `other`: nothing reads it.
    """
    found = dict.fromkeys(KINDS, 0)
    if not settings.data.is_dir():
        return found
    unfinished = half_written(settings)
    for path in settings.data.iterdir():
        if path not in unfinished:
            found[kind_of(path)] += size_of(path)
    for path in unfinished:
        size = size_of(path)
        found["half_written"] += size
        if path.parent != settings.data:  # counted above, with the folder it lies in
            found[kind_of(settings.data / path.relative_to(settings.data).parts[0])] -= size
    if settings.lake_at:
        found["other"] += found["lake"]
        found["lake"] = size_of(settings.lake)
    return found | {"free": shutil.disk_usage(settings.data).free}


def lines(disk: dict[str, int]) -> list[str]:
    """Return it as text, one line."""
    shown = [f"{name} {in_words(size)}" for name, size in disk.items() if size]
    return [f"  disk: {', '.join(shown)}"]


def in_words(size: int) -> str:
    """Return a number of bytes as a person would say it."""
    if size < 1e6:
        return f"{size / 1e3:,.1f} kB"
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
