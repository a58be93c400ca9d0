"""The lake: immutable Parquet parts of postings, and beside each the facts read from it.

Layer:   edge (disk). A source's manifest names its parts; what no manifest names does not exist,
         so a run that is killed anywhere leaves the lake as it was before or after, never between.

    lake/<source>/manifest.json          parts in force, inputs they came from, source state
    lake/<source>/<part>.postings.parquet
    lake/<source>/<part>.rejects.parquet
    lake/<source>/<part>.<extractor version>.facts.parquet
    lake/<source>/<part>.<extractor version>.outlines.parquet   by which duplicates are found
    lake/<source>/<hash>.sightings.parquet   live sources: when each posting was listed
    lake/<source>/<hash>.memory.json.zst     live sources: what each answer held (memory.py)

The folder may lie on an object store (store.py): there a manifest is switched by one put, which
the store refuses where the manifest is not the one that was read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.edge import writer_lease
from pipeline.edge.durable import write_atomically
from pipeline.edge.lake_paths import LakePath, found, place
from pipeline.edge.lake_tables import column, read_sightings, readable, sightings_table, write_table
from pipeline.edge.store import StorePath
from pipeline.sources.sightings import Sighting


@dataclass(slots=True)
class Part:
    """One part in force. rank: of two parts with the same posting the higher wins."""

    name: str
    rank: int
    n_postings: int
    n_rejects: int
    input: str = ""


@dataclass(slots=True)
class Manifest:
    """What of a source is in force; `state` is the source's own (its health ...).

    sightings, memory: names of the files of a live source, "" where there are none.
    """

    source: str
    parts: list[Part] = field(default_factory=list)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    sightings: str = ""
    memory: str = ""


class Lake:
    """The lake of one data folder, or of one prefix of an object store.

    without: parts (source, name) that are left out, as if no manifest named them: to read only
    """

    def __init__(self, folder: LakePath | str, without: Collection[tuple[str, str]] = ()):
        self.folder = place(folder)
        self._without = frozenset(without)
        self._read: dict[str, str] = {}  # of the manifests read from a store, their tags

    def sources(self) -> list[str]:
        """Return the names of the sources that have a manifest."""
        return sorted(path.parent.name for path in self.folder.glob("*/manifest.json"))

    def manifest(self, source: str) -> Manifest:
        """Return a source's manifest, an empty one for a source never ingested."""
        path = self.folder / source / "manifest.json"
        try:
            if isinstance(path, StorePath):
                self._read[source] = ""  # of one that is absent
                self._read[source] = path.stat().tag  # before its words: a newer one hid news
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Manifest(source)
        return Manifest(
            source=values["source"],
            parts=[
                Part(**part)
                for part in values["parts"]
                if (source, part["name"]) not in self._without
            ],
            inputs=values["inputs"],
            state=values["state"],
            sightings=values.get("sightings", ""),
            memory=values.get("memory", ""),
        )

    def commit(self, manifest: Manifest) -> None:
        """Put a manifest in force, whole or not at all, then remove the parts it dropped."""
        if self._without:
            raise ValueError("a lake with parts left out is read only: they would be removed")
        folder = self.folder / manifest.source
        path = folder / "manifest.json"
        content = json.dumps(asdict(manifest), indent=1, default=str).encode()
        if isinstance(path, StorePath):
            writer_lease.demand_held(path.parent.parent)
            tag = path.write_whole(content, over=self._read.get(manifest.source))
            self._read[manifest.source] = tag
        else:
            write_atomically(path, content)
        for path in self.strays(manifest):
            path.unlink()

    def strays(self, manifest: Manifest) -> list[LakePath]:
        """Return the files of a source that its manifest does not name: they do not exist."""
        folder = self.folder / manifest.source
        kept = {part.name for part in manifest.parts}
        own = {manifest.sightings, manifest.memory}
        return [
            path
            for path in (*folder.glob("*.parquet*"), *folder.glob("*.memory.*"))
            if path.name.split(".")[0] not in kept and path.name not in own
        ]

    def names(self, source: str) -> frozenset[str]:
        """Return the names of a source's files, as one listing tells them."""
        return frozenset(path.name for path in found(self.folder / source))

    def next_rank(self) -> int:
        """Return a rank above that of every part in force."""
        ranks = [part.rank for name in self.sources() for part in self.manifest(name).parts]
        return max(ranks, default=0) + 1

    def postings_path(self, source: str, part: str) -> LakePath:
        """Return where a part's postings lie."""
        return self.folder / source / f"{part}.postings.parquet"

    def rejects_path(self, source: str, part: str) -> LakePath:
        """Return where a part's rejects lie (absent when there are none)."""
        return self.folder / source / f"{part}.rejects.parquet"

    def facts_path(self, source: str, part: str, version: str) -> LakePath:
        """Return where the facts that one extractor version read from a part lie."""
        return self.folder / source / f"{part}.{version}.facts.parquet"

    def outlines_path(self, source: str, part: str, version: str) -> LakePath:
        """Return where the outlines lie that were made with a part's facts."""
        return self.folder / source / f"{part}.{version}.outlines.parquet"

    def sightings_path(self, manifest: Manifest) -> LakePath | None:
        """Return where a live source's sightings lie, None where it has none yet."""
        return self.folder / manifest.source / manifest.sightings if manifest.sightings else None

    def versions(self, source: str) -> dict[str, list[str]]:
        """Return which extractor versions have read each part whole, the latest one last."""
        facts: list[tuple[int, str, str]] = []
        outlines = set()
        # one look at the folder: a glob a part would take the square of their number
        with suppress(FileNotFoundError):
            for entry in (self.folder / source).iterdir():
                part, _, rest = entry.name.partition(".")
                version, _, kind = rest.partition(".")
                if kind == "facts.parquet":
                    facts.append((entry.stat().st_mtime_ns, part, version))
                elif kind == "outlines.parquet":
                    outlines.add((part, version))
        by_part: dict[str, list[str]] = {}
        for _, part, version in sorted(facts):
            if (part, version) in outlines:
                by_part.setdefault(part, []).append(version)
        return by_part

    def remove_postings(self, wanted: set[str]) -> int:
        """Remove postings by id from every part, facts and rejects included; return how many."""
        removed = 0
        for source in self.sources():
            manifest = self.manifest(source)
            changed = False
            for part in manifest.parts:
                gone = self._rewrite_without(source, part, wanted)
                removed += gone
                changed = changed or gone > 0
            seen = self.sightings(manifest)
            left = {key: one for key, one in seen.items() if one.posting_id not in wanted}
            if len(left) < len(seen):
                manifest.sightings = self.write_sightings(source, left)
                changed = True
            if changed:
                self.commit(manifest)
        return removed

    def sightings(self, manifest: Manifest) -> dict[str, Sighting]:
        """Return a live source's sightings, by the source's own id."""
        path = self.sightings_path(manifest)
        if path is None:
            return {}
        return read_sightings(path)

    def write_sightings(self, source: str, seen: Mapping[str, Sighting]) -> str:
        """Write a source's sightings; returns the file's name, for its manifest."""
        table = sightings_table(seen)
        name = f"{_short(map(repr, table.to_pylist()))}.sightings.parquet"
        if not (self.folder / source / name).exists():
            write_table(self.folder / source / name, table)
        return name

    def _rewrite_without(self, source: str, part: Part, wanted: set[str]) -> int:
        """Write a part anew under another name without some postings; it is in force on commit."""
        path = self.postings_path(source, part.name)
        gone = sum(1 for one in column(path, "posting_id") if one in wanted)
        if not gone:
            return 0
        old, new = part.name, f"{part.name.split('-')[0]}-{_short(sorted(wanted))}"
        value_set = pa.array(sorted(wanted))
        for file in found(self.folder / source, f"{old}.*.parquet"):
            table = pq.read_table(readable(file))
            key = "posting_id" if "posting_id" in table.column_names else "source_id"
            kept = table.filter(pc.invert(pc.is_in(table[key], value_set=value_set)))
            write_table(file.with_name(new + file.name[len(old) :]), kept)
        part.name, part.n_postings = new, part.n_postings - gone
        return gone


def in_force(versions: Sequence[str], version: str) -> str:
    """Return whose facts of a part are in force: this version's, else the latest, else ""."""
    if version in versions:
        return version
    return versions[-1] if versions else ""


def part_name(*words: object) -> str:
    """Return a part's name: a hash of what it was made from, so that the same input lands once."""
    return _short(words)


def _short(words: Iterable[object]) -> str:
    return hashlib.sha256("\0".join(map(str, words)).encode()).hexdigest()[:16]
