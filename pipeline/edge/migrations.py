"""Migrations: a lake that an earlier version wrote, brought step by step to the shape of this one.

Layer:   edge (disk). `lake/format.json` says which shape a lake has; each step can be interrupted
         and run again. A lake of a later version is refused: nobody here knows what it holds.

    1  a live source's state names the ads of each thread, its parts say when an ad was last seen
    2  a live source has a file of sightings (resighting.py), and one of what its answers held
    3  sightings say how often a posting was reopened, a live source's parts which board lists it
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pyarrow.parquet as pq

from pipeline.edge import lake_tables
from pipeline.edge.durable import write_atomically
from pipeline.edge.lake import Lake
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.lake_tables import readable
from pipeline.edge.resighting import sightings_of_parts
from pipeline.edge.whole_files import BROKEN
from pipeline.errors import PipelineError

VERSION = 3


def migrate(lake: Lake) -> list[str]:
    """Bring a lake to this version's shape; return a line per step that changed something.

    Raise PipelineError where it is of a later version, or does not say of which.
    """
    if not lake.folder.is_dir():
        return []
    found = _version(lake)
    if found > VERSION:
        raise PipelineError(
            f"{lake.folder}: expected a lake of format {VERSION} or earlier, saw format {found}, "
            "which a newer jobmarket wrote; run that one here, or name another folder with "
            "`--data DIR` and fill it with `jobmarket run`"
        )
    said = []
    for step in range(found, VERSION):
        said += _STEPS[step](lake)
        _write(lake, step + 1)
    if not _path(lake).exists():
        _write(lake, VERSION)
    return said


def format_of(lake: Lake) -> int | None:
    """Return the format of a lake, None before there is one; raises as `migrate` does."""
    return _version(lake) if lake.folder.is_dir() else None


def _path(lake: Lake) -> LakePath:
    return lake.folder / "format.json"


def _version(lake: Lake) -> int:
    """Return the format of a lake; one that does not say it is as old as its manifests look."""
    path = _path(lake)
    if not path.exists():
        manifests = [one.read_bytes() for one in lake.folder.glob("*/manifest.json")]
        return 1 if any(b'"sightings"' not in one for one in manifests) else 2
    try:
        version = json.loads(path.read_bytes())["version"]
    except (ValueError, KeyError, TypeError):
        version = None
    if not isinstance(version, int) or version < 1:
        raise PipelineError(
            f'{path}: expected {{"version": {VERSION}}}, saw '
            f"{path.read_bytes()[:40].decode(errors='replace')!r}; remove the file, and the next "
            "run works the format out from what lies beside it"
        )
    return version


def _write(lake: Lake, version: int) -> None:
    write_atomically(_path(lake), json.dumps({"version": version}).encode())


def _to_sightings(lake: Lake) -> list[str]:
    """Write the sightings of a live source whose state named the ads of each thread."""
    said = []
    for source in lake.sources():
        manifest = lake.manifest(source)
        threads = manifest.state.get("threads")
        if manifest.sightings or threads is None:
            continue
        scopes = {str(one): thread for thread, ids in threads.items() for one in ids}
        seen = sightings_of_parts(lake, manifest, scopes)
        manifest.sightings = lake.write_sightings(source, seen)
        for name in ("threads", "hashes"):
            manifest.state.pop(name, None)
        lake.commit(manifest)
        said.append(f"{source}: brought to format 2, {len(seen):,} postings with their sightings")
    return said


def _to_reopenings(lake: Lake) -> list[str]:
    """Write sightings that can say what was reopened, and the board of each posting in its part.

    What cannot be read is left as it is: lake_care.py sets it aside.
    """
    said = []
    for source in lake.sources():
        if not source.endswith(".live"):
            continue
        manifest = lake.manifest(source)
        path = lake.sightings_path(manifest)
        try:
            seen = lake.sightings(manifest)
            is_old = path is not None and "n_reopened" not in pq.read_schema(readable(path)).names
        except BROKEN:
            continue
        boards = {key: one.scope for key, one in seen.items()}
        for part in manifest.parts:
            _name_boards(lake.postings_path(source, part.name), boards)
        if is_old:
            manifest.sightings = lake.write_sightings(source, seen)
            lake.commit(manifest)
            said.append(f"{source}: brought to format 3, {len(seen):,} postings with their boards")
    return said


def _name_boards(path: LakePath, boards: Mapping[str, str]) -> None:
    try:
        table = pq.read_table(readable(path))
    except BROKEN:
        return
    if "board" not in table.column_names:
        lake_tables.write_table(path, lake_tables.with_boards(table, boards))


_STEPS: dict[int, Callable[[Lake], list[str]]] = {1: _to_sightings, 2: _to_reopenings}
