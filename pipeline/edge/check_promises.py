"""Where tables break what they promise: keys that repeat or lead nowhere, values out of order.

Layer:   edge. All of it lies in the catalog `lake`, in memory: nothing of it is published.

    lake.repeated_keys                 rows that share the key which their table's comment states
    lake.orphans                       keys of other tables that are not there
    lake.column_ranges, .date_ranges   smallest and largest value of each count, share and date
    lake.unordered                     intervals and spans whose ends lie the wrong way round

Each table is read once to measure it all; rows are looked for only where something is amiss.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from pipeline.edge.check_tables import Table, intervals
from pipeline.edge.statements import quoted

# column -> the table whose key it is
_REFERENCES = {
    "posting_id": "core.postings",
    "framework": "core.frameworks",
    "employer_id": "core.employers",
}
# what these hold besides keys: totals, and candidates from before a framework was left out
_NO_KEYS = {"framework": ("all",)}
_BITS = 64  # of an integer that holds a set of frameworks


def expose(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Create what the checks read of these tables."""
    connection.execute("""
        create or replace table lake.repeated_keys (relation varchar, key varchar, n_rows bigint);
        create or replace table lake.orphans
            (relation varchar, column_name varchar, value varchar, row varchar);
        create or replace table lake.column_ranges
            (relation varchar, column_name varchar, low double, high double, row_of_high varchar);
        create or replace table lake.date_ranges
            (relation varchar, column_name varchar, low date, high date, row_of_high varchar);
        create or replace table lake.unordered
            (relation varchar, column_name varchar, is_day boolean, low varchar, middle varchar,
            high varchar, row varchar);
    """)
    known = connection.execute(
        "select distinct framework from core.frameworks where framework is not null order by all"
    ).fetchall()
    frameworks = [name for (name,) in known]
    for table in tables:
        _measure(connection, table, frameworks)
    for column, home in _REFERENCES.items():
        _expose_orphans(connection, column, home, tables)


def _measure(
    connection: duckdb.DuckDBPyConnection, table: Table, frameworks: Sequence[str]
) -> None:
    """Look at a table's key, intervals and ranges in one pass over it."""
    spans, ranged = list(intervals(table.columns)), table.ranged
    wanted = [
        "count(*)",
        _n_keys(table, frameworks) if table.key else "count(*)",
        *(f"count(*) filter (where {_wrong(table, *span)})" for span in spans),
        *(f"{end}({column})" for column in ranged for end in ("min", "max")),
    ]
    measured = connection.execute(f"select {', '.join(wanted)} from {table.relation}").fetchone()
    n_rows, n_keys, *rest = measured or ()
    if n_keys < n_rows:
        keys = ", ".join(table.key)
        connection.execute(f"""
            insert into lake.repeated_keys
            select {quoted(table.relation)}, concat_ws(' ', {keys}), count(*)
            from {table.relation} group by {keys} having count(*) > 1
        """)
    for span, n_wrong in zip(spans, rest, strict=False):
        if n_wrong:
            _expose_unordered(connection, table, *span)
    ends = rest[len(spans) :]
    for column, low, high in zip(ranged, ends[::2], ends[1::2], strict=True):
        name = "date_ranges" if table.columns[column] == "DATE" else "column_ranges"
        connection.execute(
            f"insert into lake.{name} values ({quoted(table.relation)}, {quoted(column)}, ?, ?, "
            f"(select {table.row} from {table.relation} where {column} = ? limit 1))",
            [low, high, high],
        )


def _n_keys(table: Table, frameworks: Sequence[str]) -> str:
    """Return the SQL that counts a table's keys by their hashes: never too many of them.

    As many as rows proves that no key stands twice, since equal keys have equal hashes; two keys
    of one hash only call for a closer look.
    """
    *others, last = table.key
    if last != "framework" or not others or not 0 < len(frameworks) < _BITS:
        return f"count(distinct hash({', '.join(table.key)}))"
    # millions of rows are cells with every framework: a set of bits for each is far cheaper
    names = ", ".join(map(quoted, frameworks))
    number = f"enum_code(try_cast(framework as enum ({names})))"
    return f"""(
        select coalesce(sum(bit_count(numbers)), 0) from (
            select bit_or(1::ubigint << coalesce({number}, {_BITS - 1})) as numbers
            from {table.relation} group by hash({", ".join(others)})
        )
    )"""


def _wrong(table: Table, low: str, middle: str, high: str) -> str:
    """Return the condition that the ends of an interval lie the wrong way round."""
    is_day = table.columns[low] == "DATE"
    slack = "" if is_day else " + 0.005"  # rounding moves an end by half a percent of 1
    wrong = [f"{low} > {high}{slack}"]
    if middle:
        wrong += [f"{low} > {middle}{slack}", f"{middle} > {high}{slack}"]
    if not is_day:
        wrong += [f"not isfinite({one}::double)" for one in (low, middle, high) if one]
    return " or ".join(wrong)


def _expose_unordered(
    connection: duckdb.DuckDBPyConnection, table: Table, low: str, middle: str, high: str
) -> None:
    connection.execute(f"""
        insert into lake.unordered
        select {quoted(table.relation)}, {quoted(low)}, {table.columns[low] == "DATE"},
            {low}, {middle or "null"}, {high}, {table.row}
        from {table.relation} where {_wrong(table, low, middle, high)}
    """)


def _expose_orphans(
    connection: duckdb.DuckDBPyConnection, column: str, home: str, tables: Iterable[Table]
) -> None:
    """Look for the keys of one table in all others at once: they are gathered only once."""
    words = ", ".join(map(quoted, _NO_KEYS.get(column, ("",))))
    is_key = f"{column} is not null and {column} not in ({words})"
    holders = {
        number: table
        for number, table in enumerate(tables)
        if column in table.columns and table.relation != home
    }
    every = " union all ".join(
        f"select {number} as number, {column} from {table.relation} where {is_key}"
        for number, table in holders.items()
    )
    astray = connection.execute(
        f"select distinct number from ({every}) anti join {home} using ({column})"
    ).fetchall()
    for (number,) in astray:
        table = holders[number]
        connection.execute(f"""
            insert into lake.orphans
            select {quoted(table.relation)}, {quoted(column)}, {column}, {table.row}
            from {table.relation} anti join {home} using ({column}) where {is_key}
        """)
