"""Files written whole or not at all, and still there after the power went.

Layer:   edge.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.edge.lake_paths import LakePath
from pipeline.edge.store import StorePath


def write_atomically(path: LakePath, content: bytes) -> None:
    """Write a file beside its place, then move it there; an object of a store is put whole."""
    if isinstance(path, StorePath):
        path.write_whole(content)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or removal in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
