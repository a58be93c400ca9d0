"""The tables of a file that is checked, and what their comments and column names promise.

Layer:   edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import duckdb

from pipeline.edge.statements import quoted

_PUBLISHED = "('core', 'mart', 'claim', 'ops')"
_NUMBERS = ("DOUBLE", "FLOAT", "INTEGER", "BIGINT", "HUGEINT")
# (lower end, what lies between if the table has it, upper end), by the words in their names
_INTERVALS = (
    ("ci_low", "estimate", "ci_high"),
    ("_low", "", "_high"),
    ("_p25_", "_median_", "_p75_"),
    ("_min_", "", "_max_"),
    ("first_", "", "last_"),
)


class Table(NamedTuple):
    """One table: its key (empty where rows have none), and its columns with their types."""

    relation: str
    key: tuple[str, ...]
    columns: dict[str, str]

    @property
    def row(self) -> str:
        """Return the SQL that shows a row: its key, or all of it."""
        names = ", ".join(f"{one} := {self.relation}.{one}" for one in self.key or self.columns)
        return f"to_json(struct_pack({names}))::varchar"

    @property
    def ranged(self) -> list[str]:
        """Return the columns that have bounds: dates, counts, shares, p and q values."""
        return [
            column
            for column, kind in self.columns.items()
            if kind == "DATE" or column.startswith("n_") or column.endswith(("_pct", "_value"))
        ]


def tables(connection: duckdb.DuckDBPyConnection, database: str = "") -> list[Table]:
    """Return the tables of a database, by default of the one that is checked."""
    rows = connection.execute(
        f"""
        select schema_name || '.' || table_name as relation, any_value(tables.comment),
            map(list(column_name), list(data_type))
        from duckdb_tables() as tables inner join duckdb_columns() as columns
            using (database_name, schema_name, table_name)
        where database_name = {quoted(database) if database else "current_database()"}
            and schema_name in {_PUBLISHED}
        group by all order by all
        """
    ).fetchall()
    return [Table(name, _key(said or "", columns), columns) for name, said, columns in rows]


def intervals(columns: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the columns of each interval: lower end, what lies between ("" if nothing), upper."""
    found: set[str] = set()
    for low, middle, high in _INTERVALS:
        for column, kind in columns.items():
            is_end = column.startswith(low) if low.startswith("first") else low in column
            other, between = column.replace(low, high), column.replace(low, middle)
            is_pair = other in columns and (kind == "DATE" or kind in _NUMBERS)
            if is_end and is_pair and column not in found:
                found.add(column)
                yield column, between if middle and between in columns else "", other
    if {"first_seen_on", "closed_on"} <= columns.keys():
        yield "first_seen_on", "", "closed_on"


def _key(comment: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a table's grain, none where its grain is said in other words."""
    said = comment.partition("grain:")[2]
    words = [word.strip() for word in said.partition("\n")[0].split(",")]
    return tuple(words) if set(words) <= set(columns) else ()
