"""The SQL files: one plain select each, named for the relation it builds, with a header.

Layer:   edge.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.claims.tables import COLUMNS as CLAIM_COLUMNS
from pipeline.errors import PipelineError

SQL = Path(__file__).resolve().parents[2] / "sql"
# folder -> schema of what its files build; `lake` is the catalog in memory, never published
_STRETCH = 1_000_000  # postings
SCHEMAS = {
    "inputs": "lake",
    "tables": "core",
    "marts": "mart",
    "checks": "check",
    "variants": "variant",
    "macros": "main",
    "views": "main",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One file: `relation` is its qualified name, `comment` its header without the first line.

    file: where it lies, as `sql/<folder>/<file>`
    """

    relation: str
    comment: str
    select: str
    file: str = ""

    @property
    def name(self) -> str:
        """Return the relation's name without its schema."""
        return self.relation.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Written:
    """A table that rows are written to, not a select: its comment, and a type per column."""

    comment: str
    types: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> Statement:
    """Read one file; raise PipelineError if it has no header or builds another relation."""
    text = path.read_text(encoding="utf-8")
    header = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        header.append(line.removeprefix("--").removeprefix(" "))
    relation = f"{SCHEMAS.get(path.parent.name, path.parent.name)}.{path.stem}"
    if len(header) < 2 or header[0] != relation:
        raise PipelineError(
            f"sql/{path.parent.name}/{path.name}: expected a header that opens with "
            f"'-- {relation}' and a sentence, saw {header[:1]}; add it"
        )
    file = f"sql/{path.parent.name}/{path.name}"
    return Statement(relation, "\n".join(header[1:]), text.strip().removesuffix(";"), file)


def read_folder(folder: str) -> list[Statement]:
    """Read every file of one folder of `sql`, by name."""
    return [read(path) for path in sorted((SQL / folder).glob("*.sql"))]


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Sort statements so that each comes after those it reads; raise PipelineError."""
    by_relation = {statement.relation: statement for statement in statements}
    # an empty database of its own: where a name is a view, DuckDB would look into the view
    with closing(duckdb.connect()) as connection:
        reads = {
            relation: _tables_read(connection, statement) & set(by_relation)
            for relation, statement in sorted(by_relation.items())
        }
    try:
        order = list(TopologicalSorter(reads).static_order())
    except CycleError as circle:
        raise PipelineError(
            f"sql: these files read each other in a circle: {circle.args[1]}"
        ) from None
    return [by_relation[relation] for relation in order]


def _tables_read(connection: duckdb.DuckDBPyConnection, statement: Statement) -> set[str]:
    try:
        return connection.get_table_names(statement.select, qualified=True)
    except duckdb.Error as error:
        raise PipelineError(
            f"{statement.file or statement.relation}: expected one select, saw {one_line(error)}; "
            "correct the file"
        ) from None


@cache
def _sentences() -> dict[str, dict]:
    return tomllib.loads((SQL / "columns.toml").read_text(encoding="utf-8"))


def written() -> dict[str, Written]:
    """Return the tables of `claim` and `ops`, which no file builds, by qualified name."""
    return {
        relation: Written(table["comment"], table.get("types") or _claim_types(relation))
        for relation, table in _sentences()["written"].items()
    }


def _claim_types(relation: str) -> dict[str, str]:
    columns = CLAIM_COLUMNS[relation.removeprefix("claim.")]
    return {column: kind for column, (kind, _) in columns.items()}


def sentence(relation: str, column: str) -> str:
    """Return what a column is, in one sentence; raise PipelineError if nobody said it."""
    sentences = _sentences()
    own = sentences["tables"].get(relation, {})
    if relation.startswith("claim."):
        columns = CLAIM_COLUMNS[relation.removeprefix("claim.")]
        own = {name: said for name, (_, said) in columns.items()}
    found = own.get(column) or sentences["columns"].get(column)
    if not found:
        raise PipelineError(
            f"sql/columns.toml: expected a sentence for the column {column} of {relation}, "
            "saw none; add one under [columns]"
        )
    return found


def comment_on(connection: duckdb.DuckDBPyConnection, relation: str, comment: str) -> None:
    """Write the comments of one table and of all its columns into the database."""
    schema, _, table = relation.partition(".")
    columns = connection.execute(
        "select column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    connection.execute(f"comment on table {relation} is {quoted(comment)}")
    for (column,) in columns:
        text = quoted(sentence(relation, column))
        connection.execute(f'comment on column {relation}."{column}" is {text}')


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do several things at once: hundreds of small ones would each wait for the disk."""
    connection.begin()
    with ExitStack() as undo:
        undo.callback(connection.rollback)
        yield
        undo.pop_all()
    connection.commit()


def create_table(connection: duckdb.DuckDBPyConnection, relation: str, select: str) -> int:
    """Create a table from a select; returns its rows.

    A select that asks for first_no and last_no is run for a stretch of core.postings at a time:
    joins as wide as its own would fill the memory, or spill many times what they read.
    """
    if "getvariable('first_no')" not in select:
        return _count(connection.execute(f"create table {relation} as {select}"))
    newest = connection.execute("select coalesce(max(posting_no), 0) from core.postings").fetchone()
    rows, verb = 0, f"create table {relation} as"
    for first in range(0, (newest[0] if newest else 0) + 1, _STRETCH):
        connection.execute(f"set variable first_no = {first}")
        connection.execute(f"set variable last_no = {first + _STRETCH - 1}")
        rows += _count(connection.execute(f"{verb} {select}"))
        verb = f"insert into {relation}"
    connection.execute("reset variable first_no")
    connection.execute("reset variable last_no")
    return rows


def _count(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def quoted(text: object) -> str:
    """Return a text as an SQL literal, for statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"


def one_line(error: duckdb.Error) -> str:
    """Return what a database error says, without the excerpt of the query below it."""
    said = str(error).split("\n\nLINE ")[0]
    return " ".join(said.split())
