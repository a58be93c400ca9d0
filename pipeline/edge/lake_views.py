"""What the warehouse reads: the lake's Parquet files as views of a catalog in memory.

Layer:   edge. The catalog is called `lake` and lives as long as the connection, so no path of
         a file reaches what is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.edge import indicators
from pipeline.edge.believed_days import believe
from pipeline.edge.publish import spills_of
from pipeline.edge.statements import quoted
from pipeline.errors import PipelineError
from pipeline.postings.employers import aliases

POSTINGS = {
    "posting_id": "varchar",
    "source": "varchar",
    "source_id": "varchar",
    "title": "varchar",
    "employer": "varchar",
    "employer_id": "varchar",
    "location": "varchar",
    "url": "varchar",
    "employment_type": "varchar",
    "language": "varchar",
    "source_family": "varchar",
    "frame": "varchar",
    "observes": "varchar",
    "licence": "varchar",
    "content_hash": "varchar",
    "digest": "varchar",
    "posted_on": "date",
    "date_kind": "varchar",
    "first_seen_on": "date",
    "last_seen_on": "date",
    "part_rank": "integer",
}
FACTS = {
    "posting_id": "varchar",
    "is_ai": "boolean",
    "extractor_version": "varchar",
    "language": "varchar",
    "frameworks": 'struct("name" varchar, requirement varchar, alternative boolean, '
    "joint boolean)[]",
    "tools": "varchar[]",
    "skills": "varchar[]",
    "unseen": "varchar[]",
    "roles": "varchar[]",
    "seniority": "varchar[]",
    "employer_kind": "varchar",
    "industry": "varchar",
    "domains": "varchar[]",
    "places": "struct(country varchar, subdivision varchar, metro varchar, city varchar, "
    "geonames_id bigint, region varchar)[]",
    "workplace": "varchar",
    "salary": 'struct("min" double, "max" double, currency varchar, period varchar)',
    "mentions": "struct(term varchar, kind varchar, framework varchar, field varchar, "
    '"start" integer, "end" integer, surface varchar, requirement varchar, '
    "alternative_group integer, snippet varchar, reason varchar)[]",
}
SIGHTINGS = {
    "posting_id": "varchar",
    "scope": "varchar",
    "first_seen_on": "date",
    "last_seen_on": "date",
    "closed_on": "date",
    "n_reopened": "bigint",
    "reopened_on": "date",
    "closed_before_on": "date",
}
REJECTS = {"source": "varchar", "source_id": "varchar", "reason": "varchar", "seen_on": "date"}


@dataclass(frozen=True, slots=True)
class LakeFiles:
    """The files of the lake; `facts[i]` holds the facts of the postings in `postings[i]`.

    duplicates: (posting_id, duplicate_of, reason), found over the whole lake.
    """

    postings: Sequence[Path] = ()
    facts: Sequence[Path] = ()
    rejects: Sequence[Path] = ()
    duplicates: Sequence[tuple[str, str, str]] = ()
    sightings: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """One framework the lexicon looks for.

    ambiguous:   spellings that have other senses
    unlisted_by: sources that show a fixed list of words without it
    """

    framework: str
    title: str
    is_deep_learning: bool
    ambiguous: Sequence[str] = ()
    unlisted_by: Sequence[str] = ()


def attach(
    connection: duckdb.DuckDBPyConnection,
    lake: LakeFiles,
    frameworks: Sequence[FrameworkRow],
    today: date | None = None,
) -> None:
    """Attach the catalog `lake`: postings, facts, rejects, sightings, duplicates, frameworks.

    today: the run's day, after which nothing was posted; None where every date is believed
    """
    if len(lake.postings) != len(lake.facts):
        raise PipelineError(
            f"lake: expected one file of facts per file of postings, saw {len(lake.facts)} "
            f"for {len(lake.postings)}; extract the postings again"
        )
    folder = spills_of(connection)
    # a file: its tables are compressed, those in memory are not and crowd out all else
    file = quoted(folder / "lake.duckdb" if folder else ":memory:")
    connection.execute(f"attach {file} as lake")
    _view(connection, "stated_postings", lake.postings, POSTINGS)
    believe(connection, today)
    _view(connection, "facts", lake.facts, FACTS)
    _view(connection, "rejects", lake.rejects, REJECTS)
    _view(connection, "sightings", lake.sightings, SIGHTINGS)
    connection.execute(
        "create table lake.duplicates (posting_id varchar, duplicate_of varchar, reason varchar)"
    )
    connection.execute(
        "create table lake.frameworks (framework varchar, title varchar, "
        "is_deep_learning boolean, ambiguous_spellings varchar[], unlisted_by varchar[])"
    )
    connection.execute(
        "create table lake.employer_aliases (name varchar, employer_id varchar, reason varchar)"
    )
    columns = ", ".join(f"{name} {kind}" for name, kind in indicators.INDICATORS.items())
    connection.execute(f"create table lake.indicators ({columns})")
    _insert_many(connection, "lake.indicators", indicators.observations())
    _insert_many(connection, "lake.duplicates", lake.duplicates)
    _insert_many(connection, "lake.employer_aliases", aliases())
    insert(
        connection,
        "lake.frameworks",
        [
            (
                row.framework,
                row.title,
                row.is_deep_learning,
                list(row.ambiguous),
                sorted(row.unlisted_by),
            )
            for row in frameworks
        ],
    )


def insert(
    connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows in the order of the relation's columns, many at a time."""
    # one statement per thousand rows: one per row takes a millisecond each
    for start in range(0, len(rows), 1000):
        some = rows[start : start + 1000]
        marks = ", ".join(["(" + ", ".join("?" * len(some[0])) + ")"] * len(some))
        connection.execute(
            f"insert into {relation} values {marks}", [value for row in some for value in row]
        )


def _insert_many(
    connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert very many rows: a statement per thousand would take minutes."""
    names = [f"column{number}" for number in range(len(rows[0]) if rows else 0)]
    if names:
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        connection.register("many_rows", pa.table(columns))
        connection.execute(f"insert into {relation} from many_rows")
        connection.unregister("many_rows")


def _view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    files: Sequence[Path],
    types: Mapping[str, str],
) -> None:
    # `part` says which file a row lies in: facts pair with postings by it
    columns = ", ".join(f'"{column}"::{kind} as "{column}"' for column, kind in types.items())
    if files:
        paths = ", ".join(quoted(path) for path in files)
        origin = f"read_parquet([{paths}], union_by_name = true)"
        select = f"select {columns}, file_index::integer as part from {origin}"
    else:
        nothing = ", ".join(f'null::{kind} as "{column}"' for column, kind in types.items())
        select = f"select {nothing}, null::integer as part where false"
    connection.execute(f"create view lake.{name} as {select}")
