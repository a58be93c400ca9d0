"""What the checks read beside the tables: the run, what was published before, what tables promise.

Layer:   edge. All of it lies in the catalog `lake`, in memory: nothing of it is published.

    lake.run, lake.accepted_drops     the run; sources and tables whose fall was confirmed
    lake.source_counts                records of each source, counted again
    lake.previous_counts, .previous_months, .table_rows     the file published before, and now
    lake.repeated_keys                rows that share the key which their table's comment states
    lake.orphans                      keys of other tables that are not there
    lake.column_ranges, .date_ranges  smallest and largest value of each count, share and date
    lake.unordered                    intervals and spans whose ends lie the wrong way round
    lake.known_gaps, .known_textless  what sources are known to lack (sql/known_gaps.toml)
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.edge import lake_views, statements
from pipeline.edge.statements import quoted
from pipeline.errors import PipelineError

_PUBLISHED = "('core', 'mart', 'claim', 'ops')"
# column -> the table whose key it is
_REFERENCES = {
    "posting_id": "core.postings",
    "framework": "core.frameworks",
    "employer_id": "core.employers",
}
_NUMBERS = ("DOUBLE", "FLOAT", "INTEGER", "BIGINT", "HUGEINT")
# (lower end, what lies between if the table has it, upper end), by the words in their names
_INTERVALS = (
    ("ci_low", "estimate", "ci_high"),
    ("_low", "", "_high"),
    ("_p25_", "_median_", "_p75_"),
    ("_min_", "", "_max_"),
    ("first_", "", "last_"),
)
# what these hold besides keys: totals, and candidates from before a framework was left out
_NO_KEYS = {"framework": ("all",)}


class _Table(NamedTuple):
    """One table of the file that is checked: its key (empty where rows have none) and columns."""

    relation: str
    key: tuple[str, ...]
    columns: dict[str, str]


def expose(
    connection: duckdb.DuckDBPyConnection,
    *,
    run_id: str,
    as_of: date,
    previous: Path | None,
    accept_drop: Iterable[str],
) -> None:
    """Create what the checks read; raise PipelineError if the published file cannot be read."""
    connection.execute("attach if not exists ':memory:' as lake")
    accepted = sorted(set(accept_drop))
    _expose_run(connection, run_id, as_of, accepted)
    tables = _tables(connection)
    _expose_keys(connection, tables)
    _expose_orphans(connection, tables)
    _expose_ranges(connection, tables)
    _expose_unordered(connection, tables)
    _expose_gaps(connection)
    try:
        _expose_previous(connection, tables, previous, accepted)
    except duckdb.Error as error:
        raise PipelineError(
            f"{previous.name if previous else ''}: expected the published file to compare with, "
            f"saw {statements.one_line(error)}; move it away if it is broken"
        ) from error


def _tables(connection: duckdb.DuckDBPyConnection, database: str = "") -> list[_Table]:
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
    return [_Table(name, _key(said or "", columns), columns) for name, said, columns in rows]


def _key(comment: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a table's grain, none where its grain is said in other words."""
    said = comment.partition("grain:")[2]
    words = [word.strip() for word in said.partition("\n")[0].split(",")]
    return tuple(words) if set(words) <= set(columns) else ()


def _expose_run(
    connection: duckdb.DuckDBPyConnection, run_id: str, as_of: date, accepted: list[str]
) -> None:
    connection.execute("create or replace table lake.run (run_id varchar, as_of date)")
    lake_views.insert(connection, "lake.run", [(run_id, as_of)])
    # a source, or a table that no source explains
    connection.execute("create or replace table lake.accepted_drops (source varchar)")
    lake_views.insert(connection, "lake.accepted_drops", [(one,) for one in accepted])
    # kept and rejected are counted again: what was recorded when they were built proves nothing
    connection.execute("""
        create or replace table lake.source_counts as
        with kept as (select source, count(*) as n_kept from core.postings group by all),
        rejected as (select source, count(*) as n_rejected from core.rejects group by all),
        recorded as (
            select source, n_read, n_superseded
            from ops.source_runs inner join lake.run using (run_id)
        )
        select
            source,
            coalesce(n_read, 0) as n_read,
            coalesce(n_kept, 0) as n_kept,
            coalesce(n_rejected, 0) as n_rejected,
            coalesce(n_superseded, 0) as n_superseded
        from recorded full join kept using (source) full join rejected using (source)
    """)


def _expose_keys(connection: duckdb.DuckDBPyConnection, tables: Iterable[_Table]) -> None:
    connection.execute(
        "create or replace table lake.repeated_keys (relation varchar, key varchar, n_rows bigint)"
    )
    for relation, key, _ in tables:
        if key:
            names = ", ".join(key)
            connection.execute(f"""
                insert into lake.repeated_keys
                select {quoted(relation)}, concat_ws(' ', {names}), count(*)
                from {relation} group by {names} having count(*) > 1
            """)


def _expose_orphans(connection: duckdb.DuckDBPyConnection, tables: Iterable[_Table]) -> None:
    connection.execute("""
        create or replace table lake.orphans
        (relation varchar, column_name varchar, value varchar, row varchar)
    """)
    for relation, key, columns in tables:
        for column, home in _REFERENCES.items():
            if column not in columns or relation == home:
                continue
            others = ", ".join(f"{one} := {relation}.{one}" for one in key or columns)
            words = ", ".join(map(quoted, _NO_KEYS.get(column, ("",))))
            connection.execute(f"""
                insert into lake.orphans
                select {quoted(relation)}, {quoted(column)}, {column},
                    to_json(struct_pack({others}))::varchar
                from {relation} anti join {home} using ({column})
                where {column} is not null and {column} not in ({words})
            """)


def _expose_ranges(connection: duckdb.DuckDBPyConnection, tables: Iterable[_Table]) -> None:
    for name, kind in (("column_ranges", "double"), ("date_ranges", "date")):
        connection.execute(f"""
            create or replace table lake.{name}
            (relation varchar, column_name varchar, low {kind}, high {kind}, row_of_high varchar)
        """)
    for relation, key, columns in tables:
        for column, kind in columns.items():
            counts = column.startswith("n_") or column.endswith(("_pct", "_value"))
            if kind != "DATE" and not counts:
                continue
            target, cast = (
                ("date_ranges", "date") if kind == "DATE" else ("column_ranges", "double")
            )
            names = ", ".join(f"{one} := {one}" for one in key or columns)
            connection.execute(f"""
                insert into lake.{target}
                with bounds as (select min({column}) as low, max({column}) as high from {relation})
                select {quoted(relation)}, {quoted(column)}, low::{cast}, high::{cast}, (
                    select to_json(struct_pack({names}))::varchar
                    from {relation} where {column} = bounds.high limit 1
                )
                from bounds
            """)


def _expose_unordered(connection: duckdb.DuckDBPyConnection, tables: Iterable[_Table]) -> None:
    connection.execute("""
        create or replace table lake.unordered
        (relation varchar, column_name varchar, is_day boolean, low varchar, middle varchar,
        high varchar, row varchar)
    """)
    for relation, key, columns in tables:
        names = ", ".join(f"{one} := {one}" for one in key or columns)
        for low, middle, high in _intervals(columns):
            is_day = columns[low] == "DATE"
            slack = "" if is_day else " + 0.005"  # rounding moves an end by half a percent of 1
            between = middle or "null"
            wrong = [f"{low} > {high}{slack}"]
            if middle:
                wrong += [f"{low} > {middle}{slack}", f"{middle} > {high}{slack}"]
            if not is_day:
                wrong += [f"not isfinite({one}::double)" for one in (low, middle, high) if one]
            connection.execute(f"""
                insert into lake.unordered
                select {quoted(relation)}, {quoted(low)}, {is_day}, {low}, {between}, {high},
                    to_json(struct_pack({names}))::varchar
                from {relation} where {" or ".join(wrong)}
            """)


def _intervals(columns: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
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


def _expose_gaps(connection: duckdb.DuckDBPyConnection) -> None:
    known = tomllib.loads((statements.SQL / "known_gaps.toml").read_text(encoding="utf-8"))
    connection.execute(
        "create or replace table lake.known_gaps (source varchar, month date, reason varchar)"
    )
    lake_views.insert(
        connection,
        "lake.known_gaps",
        [(gap["source"], gap["month"], gap["reason"]) for gap in known["gap"]],
    )
    connection.execute(
        "create or replace table lake.known_textless (source varchar, reason varchar)"
    )
    lake_views.insert(
        connection,
        "lake.known_textless",
        [(one["source"], one["reason"]) for one in known["textless"]],
    )


def _expose_previous(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[_Table],
    previous: Path | None,
    accepted: list[str],
) -> None:
    connection.execute("""
        create or replace table lake.previous_counts (source varchar, n_postings bigint);
        create or replace table lake.previous_months
            (source varchar, month date, n_postings bigint);
        create or replace table lake.table_rows
            (relation varchar, n_rows_before bigint, n_rows_now bigint)
    """)
    if previous is None or not previous.exists():
        return
    connection.execute(f"attach {quoted(previous)} as previous (read_only)")
    connection.execute(
        "insert into lake.previous_counts "
        "select source, count(*) from previous.core.postings group by all"
    )
    connection.execute("""
        insert into lake.previous_months
        select source, date_trunc('month', posted_on)::date as month, count(*)
        from previous.core.postings where date_kind = 'real' and posted_on is not null group by all
    """)
    before = {table.relation: table for table in _tables(connection, "previous")}
    for table in tables:
        # what a table has fewer columns of is counted by what both have
        if table.relation in before and table.relation.startswith(("core.", "mart.")):
            _count_rows(connection, table, before[table.relation], accepted)
    connection.execute("detach previous")


def _count_rows(
    connection: duckdb.DuckDBPyConnection, now: _Table, before: _Table, accepted: list[str]
) -> None:
    """Count a table's rows then and now, without those of sources whose fall was confirmed."""
    which = {"": "", "previous.": ""}
    if accepted:
        gone = ", ".join(map(quoted, accepted))
        both = now.columns.keys() & before.columns.keys()
        if "source" in both:
            # the rows of all sources together have fallen with it: nobody can take them apart
            which = dict.fromkeys(which, f"where source not in ({gone}, 'all')")
        elif "posting_id" in both:
            which = {
                where: f"semi join (select posting_id from {where}core.postings "
                f"where source not in ({gone})) using (posting_id)"
                for where in which
            }
        else:
            return  # no row of it says its source: the confirmed fall explains it
    counts = [f"(select count(*) from {where}{now.relation} {which[where]})" for where in which]
    connection.execute(
        f"insert into lake.table_rows select {quoted(now.relation)}, {counts[1]}, {counts[0]}"
    )
