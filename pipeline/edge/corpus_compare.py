"""What is the same of two sides: digest files, the facts of every posting, every table and number.

Layer:   edge (disk). Rows are compared whole and exactly: no rounding, no tolerance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipeline.edge.corpus_sides import parts_of
from pipeline.edge.lake_tables import FACTS_SCHEMA
from pipeline.edge.reference import DIGEST_SCHEMA
from pipeline.edge.settings import Settings
from pipeline.edge.statements import SQL, quoted

# What a digest promises of a posting: every fact, but not where in the text it was found.
FACTS = tuple(name for name in FACTS_SCHEMA.names if name not in ("posting_id", "mentions"))
# ... and what it says of the posting beside its facts.
IDENTITY = (
    "source source_id title employer employer_id posted_on date_kind source_family frame licence"
    " content_hash first_seen_on last_seen_on"
).split()
# What two files say of copies depends on which other datasets lay beside them.
_COPIES = ("duplicate_of", "duplicate_reason")


@dataclass(frozen=True, slots=True)
class File:
    """One file of digests and the one built anew from the dataset; hashes are SHA-256."""

    dataset: str
    rows: int
    sha256: str
    sha256_rebuilt: str
    n_differing: int


@dataclass(frozen=True, slots=True)
class Postings:
    """One dataset, posting by posting; `differing` counts by column."""

    dataset: str
    n_texts: int
    n_digests: int
    n_compared: int
    differing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a table is not compared, and why: `columns` in the rows that meet `where`."""

    table: str
    columns: tuple[str, ...]
    why: str
    where: str = "true"


@dataclass(frozen=True, slots=True)
class Table:
    """One table or query of both sides.

    n_differing: rows that the other side does not have, the larger of the two counts
    left_out:    by column that is not compared, how many rows it alone makes differ
    """

    name: str
    rows: int
    n_columns: int
    n_differing: int
    left_out: Mapping[str, int] = field(default_factory=dict)


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compare_files(corpus: Path, rebuilt: Path, names: Sequence[str]) -> Iterator[File]:
    """Compare each dataset's digests with those built anew; of a row, all but what copies it."""
    compared = [name for name in DIGEST_SCHEMA.names if name not in _COPIES]
    for name in names:
        old, new = corpus / f"{name}.parquet", rebuilt / f"{name}.parquet"
        rows = {one["posting_id"]: one for one in pq.read_table(old, columns=compared).to_pylist()}
        again = {one["posting_id"]: one for one in pq.read_table(new, columns=compared).to_pylist()}
        n_differing = sum(rows.get(key) != again.get(key) for key in rows.keys() | again.keys())
        yield File(name, len(rows), sha256(old), sha256(new), n_differing)


def compare_postings(
    texts: Settings, digests: Settings, names: Sequence[str]
) -> Iterator[Postings]:
    """Compare what was read from each text with what was read from its digest."""
    for name in names:
        with closing(duckdb.connect()) as connection:
            for side, settings in (("texts", texts), ("digests", digests)):
                postings, facts = (
                    f"read_parquet([{', '.join(map(quoted, paths))}])"
                    for paths in parts_of(settings, name)
                )
                # a posting has a language and skills of its own: as its source states them
                connection.execute(
                    f"create view {side} as select {', '.join(IDENTITY)}, facts.* "
                    f"from {postings} as postings inner join {facts} as facts using (posting_id)"
                )
            yield _postings(connection, name)


def _postings(connection: duckdb.DuckDBPyConnection, name: str) -> Postings:
    columns = [*IDENTITY, *FACTS]
    counted = ", ".join(
        f"count(*) filter (texts.{one} is distinct from digests.{one})" for one in columns
    )
    found = connection.execute(
        f"select (select count(*) from texts), (select count(*) from digests), count(*), {counted} "
        "from texts inner join digests using (posting_id)"
    ).fetchone()
    n_texts, n_digests, n_compared, *n_differing = found or (0, 0, 0)
    differing = {one: n for one, n in zip(columns, n_differing, strict=True) if n}
    return Postings(name, n_texts, n_digests, n_compared, differing)


def demand_queries() -> dict[str, str]:
    """Return what the demand page asks of a warehouse, by file."""
    files = [SQL / "site" / "demand.sql", *sorted((SQL / "site" / "demand").glob("*.sql"))]
    return {
        path.relative_to(SQL.parent).as_posix(): path.read_text(encoding="utf-8").rstrip("; \n")
        for path in files
    }


def compare_tables(
    texts: Path, digests: Path, left_out: Sequence[LeftOut], queries: Mapping[str, str]
) -> Iterator[Table]:
    """Compare every table of core, mart and claim of two warehouses, and the queries' answers."""
    with closing(duckdb.connect()) as connection:
        for side, path in (("texts", texts), ("digests", digests)):
            connection.execute(f"attach {quoted(path)} as {side} (read_only)")
        relations = connection.execute("""
            select schema_name || '.' || table_name
            from duckdb_tables()
            where database_name = 'texts' and schema_name in ('claim', 'core', 'mart')
            order by all
        """).fetchall()
        for (relation,) in relations:
            unlike = [one for one in left_out if one.table == relation]
            yield _table(connection, relation, f"from {relation}", unlike)
        for name, select in queries.items():
            yield _table(connection, name, select, ())


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, select: str, left_out: Sequence[LeftOut]
) -> Table:
    for side in ("texts", "digests"):
        connection.execute(f"use {side}")
        connection.execute(f"create or replace temp table of_{side} as {select}")
    columns = connection.execute("from temp.main.of_texts limit 0").description or []
    wholly = any(not one.columns for one in left_out)
    blanks = {
        column: f'case when not ({one.where}) then "{column}" end as "{column}"'
        for one in left_out
        for column in one.columns
    }
    alone = {
        column: _n_differing(connection, [blanks[one] for one in blanks if one != column])
        for column in blanks
    }
    return Table(
        name=name,
        rows=_count(connection, "from temp.main.of_texts"),
        n_columns=len(columns),
        # a table of which nothing is compared need not even have as many rows
        n_differing=0 if wholly else _n_differing(connection, list(blanks.values())),
        left_out={"all": _n_differing(connection, [])} if wholly else alone,
    )


def _n_differing(connection: duckdb.DuckDBPyConnection, blanks: Sequence[str]) -> int:
    columns = f"* replace ({', '.join(blanks)})" if blanks else "*"
    texts, digests = (f"select {columns} from temp.main.of_{one}" for one in ("texts", "digests"))
    return max(
        _count(connection, f"{one} except all {other}")
        for one, other in ((texts, digests), (digests, texts))
    )


def _count(connection: duckdb.DuckDBPyConnection, select: str) -> int:
    [rows] = connection.execute(f"select count(*) from ({select})").fetchone() or (0,)
    return int(rows)
