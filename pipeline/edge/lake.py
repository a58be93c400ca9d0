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
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.postings.dedupe import Outline
from pipeline.records import Facts, Posting, Rejected
from pipeline.sources.sightings import Sighting

_TEXT = pa.string()
POSTING_SCHEMA = pa.schema(
    [
        (one.name, {"skills": pa.list_(_TEXT), "posted_on": pa.date32()}.get(one.name, _TEXT))
        for one in fields(Posting)
    ]
    + [("first_seen_on", pa.date32()), ("last_seen_on", pa.date32()), ("part_rank", pa.int32())]
)
_FRAMEWORK = pa.struct(
    [("name", _TEXT), ("requirement", _TEXT), ("alternative", pa.bool_()), ("joint", pa.bool_())]
)
PLACE = pa.struct(
    [
        ("country", _TEXT), ("subdivision", _TEXT), ("metro", _TEXT), ("city", _TEXT),
        ("geonames_id", pa.int64()), ("region", _TEXT),
    ]
)  # fmt: skip
PAY = pa.struct(
    [("min", pa.float64()), ("max", pa.float64()), ("currency", _TEXT), ("period", _TEXT)]
)
_MENTION = pa.struct(
    [
        ("term", _TEXT), ("kind", _TEXT), ("framework", _TEXT), ("field", _TEXT),
        ("start", pa.int32()), ("end", pa.int32()), ("surface", _TEXT), ("requirement", _TEXT),
        ("alternative_group", pa.int32()), ("snippet", _TEXT), ("reason", _TEXT),
    ]
)  # fmt: skip
_LISTS = "ecosystem tools skills roles seniority domains countries metros unseen".split()
FACTS_SCHEMA = pa.schema(
    [
        ("posting_id", _TEXT), ("is_ai", pa.bool_()), ("extractor_version", _TEXT),
        ("language", _TEXT), ("frameworks", pa.list_(_FRAMEWORK)),
        *((name, pa.list_(_TEXT)) for name in _LISTS), ("employer_kind", _TEXT),
        ("industry", _TEXT), ("places", pa.list_(PLACE)), ("workplace", _TEXT), ("salary", PAY),
        ("mentions", pa.list_(_MENTION)),
    ]
)  # fmt: skip
OUTLINE_SCHEMA = pa.schema(
    [
        ("posting_id", _TEXT), ("source", _TEXT), ("employer_id", _TEXT), ("title", _TEXT),
        ("place", _TEXT), ("day", pa.date32()), ("is_dated", pa.bool_()), ("words", pa.int32()),
        ("text", _TEXT), ("sketch", pa.binary()),
    ]
)  # fmt: skip
_SIGHTING = tuple(one.name for one in fields(Sighting))
SIGHTING_SCHEMA = pa.schema(
    [
        ("source_id", _TEXT), ("posting_id", _TEXT), ("scope", _TEXT), ("stated", _TEXT),
        ("posted_on", pa.date32()), ("first_seen_on", pa.date32()),
        ("last_seen_on", pa.date32()), ("n_missed", pa.int32()), ("missed_on", pa.date32()),
        ("closed_on", pa.date32()),
    ]
)  # fmt: skip
REJECT_SCHEMA = pa.schema(
    [("source", _TEXT), ("source_id", _TEXT), ("reason", _TEXT), ("seen_on", pa.date32())]
)


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
    """The lake of one data folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def sources(self) -> list[str]:
        """Return the names of the sources that have a manifest."""
        return sorted(path.parent.name for path in self.folder.glob("*/manifest.json"))

    def manifest(self, source: str) -> Manifest:
        """Return a source's manifest, an empty one for a source never ingested."""
        path = self.folder / source / "manifest.json"
        if not path.exists():
            return Manifest(source)
        values = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            source=values["source"],
            parts=[Part(**part) for part in values["parts"]],
            inputs=values["inputs"],
            state=values["state"],
            sightings=values.get("sightings", ""),
            memory=values.get("memory", ""),
        )

    def commit(self, manifest: Manifest) -> None:
        """Put a manifest in force, whole or not at all, then remove the parts it dropped."""
        folder = self.folder / manifest.source
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / "manifest.json.tmp"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(manifest), file, indent=1, default=str)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / "manifest.json")
        kept = {part.name for part in manifest.parts}
        own = {manifest.sightings, manifest.memory}
        for path in (*folder.glob("*.parquet*"), *folder.glob("*.memory.*")):
            if path.name.split(".")[0] not in kept and path.name not in own:
                path.unlink()

    def next_rank(self) -> int:
        """Return a rank above that of every part in force."""
        ranks = [part.rank for name in self.sources() for part in self.manifest(name).parts]
        return max(ranks, default=0) + 1

    def postings_path(self, source: str, part: str) -> Path:
        """Return where a part's postings lie."""
        return self.folder / source / f"{part}.postings.parquet"

    def rejects_path(self, source: str, part: str) -> Path:
        """Return where a part's rejects lie (absent when there are none)."""
        return self.folder / source / f"{part}.rejects.parquet"

    def facts_path(self, source: str, part: str, version: str) -> Path:
        """Return where the facts that one extractor version read from a part lie."""
        return self.folder / source / f"{part}.{version}.facts.parquet"

    def outlines_path(self, source: str, part: str, version: str) -> Path:
        """Return where the outlines lie that were made with a part's facts."""
        return self.folder / source / f"{part}.{version}.outlines.parquet"

    def sightings_path(self, manifest: Manifest) -> Path | None:
        """Return where a live source's sightings lie, None where it has none yet."""
        return self.folder / manifest.source / manifest.sightings if manifest.sightings else None

    def drop_other_versions(self, source: str, part: str, version: str) -> None:
        """Remove the facts that an earlier extractor read from a part."""
        own = (self.facts_path(source, part, version), self.outlines_path(source, part, version))
        for kind in ("facts", "outlines"):
            for path in (self.folder / source).glob(f"{part}.*.{kind}.parquet"):
                if path not in own:
                    path.unlink()

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
        rows = pq.read_table(path, columns=SIGHTING_SCHEMA.names).to_pylist()
        for row in rows:
            del row["closed_on"]
        return {row.pop("source_id"): Sighting(**row) for row in rows}

    def write_sightings(self, source: str, seen: Mapping[str, Sighting]) -> str:
        """Write a source's sightings; returns the file's name, for its manifest."""
        rows = [
            {"source_id": key, "closed_on": one.closed_on}
            | {name: getattr(one, name) for name in _SIGHTING}
            for key, one in sorted(seen.items())
        ]
        name = f"{_short(map(repr, rows))}.sightings.parquet"
        if not (self.folder / source / name).exists():
            write_table(
                self.folder / source / name, pa.Table.from_pylist(rows, schema=SIGHTING_SCHEMA)
            )
        return name

    def _rewrite_without(self, source: str, part: Part, wanted: set[str]) -> int:
        """Write a part anew under another name without some postings; it is in force on commit."""
        path = self.postings_path(source, part.name)
        ids = pq.read_table(path, columns=["posting_id"])["posting_id"]
        gone = sum(1 for one in ids.to_pylist() if one in wanted)
        if not gone:
            return 0
        old, new = part.name, f"{part.name.split('-')[0]}-{_short(sorted(wanted))}"
        value_set = pa.array(sorted(wanted))
        for file in sorted((self.folder / source).glob(f"{old}.*.parquet")):
            table = pq.read_table(file)
            key = "posting_id" if "posting_id" in table.column_names else "source_id"
            kept = table.filter(pc.invert(pc.is_in(table[key], value_set=value_set)))
            write_table(file.with_name(new + file.name[len(old) :]), kept)
        part.name, part.n_postings = new, part.n_postings - gone
        return gone


def part_name(*words: object) -> str:
    """Return a part's name: a hash of what it was made from, so that the same input lands once."""
    return _short(words)


def _short(words: Iterable[object]) -> str:
    return hashlib.sha256("\0".join(map(str, words)).encode()).hexdigest()[:16]


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    os.replace(temporary, path)


def postings_table(postings: Sequence[Posting], rank: int, seen_on: date | None = None) -> pa.Table:
    """Return postings as rows of the lake; without seen_on they were seen when they were posted."""
    columns: dict[str, list[Any]] = {
        one.name: [getattr(posting, one.name) for posting in postings] for one in fields(Posting)
    }
    columns["skills"] = [list(words) for words in columns["skills"]]
    days = [posting.posted_on for posting in postings]
    columns["first_seen_on"] = [seen_on or day for day in days] if seen_on else days
    columns["last_seen_on"] = columns["first_seen_on"]
    columns["part_rank"] = [rank] * len(postings)
    return pa.table(columns, schema=POSTING_SCHEMA)


def read_postings(path: Path) -> list[Posting]:
    """Return a part's postings."""
    names = [one.name for one in fields(Posting)]
    rows = pq.read_table(path, columns=names).to_pylist()
    for row in rows:
        row["skills"] = tuple(row["skills"])
    return [Posting(**row) for row in rows]


def reject_ids(path: Path) -> list[str]:
    """Return the ids of a part's rejects."""
    return pq.read_table(path, columns=["source_id"])["source_id"].to_pylist()


def first_source(path: Path) -> str:
    """Return the source that a part's first posting names."""
    return pq.read_table(path, columns=["source"])["source"][0].as_py()


def facts_table(found: Sequence[Facts]) -> pa.Table:
    """Return facts as rows of the lake."""
    columns: dict[str, list[Any]] = {}
    for name in FACTS_SCHEMA.names:
        values = [getattr(one, name) for one in found]
        if name in {"frameworks", "places", "mentions"}:
            values = [[one._asdict() for one in value] for value in values]
        elif name == "salary":
            values = [value._asdict() if value else None for value in values]
        elif name in _LISTS:
            values = [list(value) for value in values]
        columns[name] = values
    return pa.table(columns, schema=FACTS_SCHEMA)


def outlines_table(found: Sequence[Outline]) -> pa.Table:
    """Return outlines as rows of the lake."""
    columns = zip(*found, strict=True) if found else [[] for _ in OUTLINE_SCHEMA.names]
    return pa.table(
        {name: list(column) for name, column in zip(OUTLINE_SCHEMA.names, columns, strict=True)},
        schema=OUTLINE_SCHEMA,
    )


def read_outlines(path: Path) -> list[Outline]:
    """Return a part's outlines."""
    table = pq.read_table(path, columns=OUTLINE_SCHEMA.names)
    columns = (table[name].to_pylist() for name in OUTLINE_SCHEMA.names)
    return [Outline(*row) for row in zip(*columns, strict=True)]


def rejects_table(rejects: Sequence[Rejected], seen_on: date) -> pa.Table:
    """Return rejects as rows of the lake."""
    return pa.table(
        {
            "source": [one.source for one in rejects],
            "source_id": [one.source_id for one in rejects],
            "reason": [one.reason for one in rejects],
            "seen_on": [seen_on] * len(rejects),
        },
        schema=REJECT_SCHEMA,
    )
