"""The tables of the lake: what a row of each Parquet file holds, and records to rows and back.

Layer:   edge (disk).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.edge.lake_paths import LakePath
from pipeline.edge.store import StorePath
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
        ("closed_on", pa.date32()), ("n_reopened", pa.int32()), ("reopened_on", pa.date32()),
        ("closed_before_on", pa.date32()),
    ]
)  # fmt: skip
REJECT_SCHEMA = pa.schema(
    [("source", _TEXT), ("source_id", _TEXT), ("reason", _TEXT), ("seen_on", pa.date32())]
)


def readable(path: LakePath) -> Any:
    """Return what pyarrow reads of a file: of an object its bytes, had by one request."""
    return pa.BufferReader(path.read_bytes()) if isinstance(path, StorePath) else path


def column(path: LakePath, name: str) -> list[Any]:
    """Return the values of one column of a file."""
    return pq.read_table(readable(path), columns=[name])[name].to_pylist()


def write_table(path: LakePath, table: pa.Table) -> None:
    """Write a Parquet file whole or not at all."""
    if isinstance(path, StorePath):
        held = pa.BufferOutputStream()
        pq.write_table(table, held, compression="zstd", compression_level=1)
        path.write_whole(held.getvalue().to_pybytes())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # the machine as well: two that share a disk may both have a process of this number
    temporary = path.with_name(f"{path.name}.{platform.node()}.{os.getpid()}.tmp")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    os.replace(temporary, path)


def postings_table(
    postings: Sequence[Posting],
    rank: int,
    seen_on: date | None = None,
    boards: Mapping[str, str] | None = None,
) -> pa.Table:
    """Return postings as rows of the lake; without seen_on they were seen when they were posted.

    boards: of a live source, which board lists a posting, by the source's own id
    """
    columns: dict[str, list[Any]] = {
        one.name: [getattr(posting, one.name) for posting in postings] for one in fields(Posting)
    }
    columns["skills"] = [list(words) for words in columns["skills"]]
    days = [posting.posted_on for posting in postings]
    columns["first_seen_on"] = [seen_on or day for day in days] if seen_on else days
    columns["last_seen_on"] = columns["first_seen_on"]
    columns["part_rank"] = [rank] * len(postings)
    table = pa.table(columns, schema=POSTING_SCHEMA)
    return table if boards is None else with_boards(table, boards)


def with_boards(table: pa.Table, boards: Mapping[str, str]) -> pa.Table:
    """Return rows of a live source with the board that lists each, "" where none is known."""
    named = [boards.get(one, "") for one in table["source_id"].to_pylist()]
    return table.append_column("board", pa.array(named, _TEXT))


def read_postings(path: LakePath) -> list[Posting]:
    """Return a part's postings."""
    names = [one.name for one in fields(Posting)]
    rows = pq.read_table(readable(path), columns=names).to_pylist()
    for row in rows:
        row["skills"] = tuple(row["skills"])
    return [Posting(**row) for row in rows]


def reject_ids(path: LakePath) -> list[str]:
    """Return the ids of a part's rejects."""
    return column(path, "source_id")


def first_source(path: LakePath) -> str:
    """Return the source that a part's first posting names."""
    return column(path, "source")[0]


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


def read_outlines(path: LakePath) -> list[Outline]:
    """Return a part's outlines."""
    table = pq.read_table(readable(path), columns=OUTLINE_SCHEMA.names)
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


def sightings_table(seen: Mapping[str, Sighting]) -> pa.Table:
    """Return sightings as rows of the lake, by the source's own id."""
    rows = [
        {"source_id": key, "closed_on": one.closed_on}
        | {name: getattr(one, name) for name in _SIGHTING}
        for key, one in sorted(seen.items())
    ]
    return pa.Table.from_pylist(rows, schema=SIGHTING_SCHEMA)


def read_sightings(path: LakePath) -> dict[str, Sighting]:
    """Return a live source's sightings, by the source's own id; those of format 2 as well."""
    table = pq.read_table(readable(path))
    names = ["source_id", *(name for name in _SIGHTING if name in table.column_names)]
    rows = table.select(names).to_pylist()
    return {row.pop("source_id"): Sighting(**row) for row in rows}
