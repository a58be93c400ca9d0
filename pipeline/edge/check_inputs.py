"""What the checks read beside the tables: the run, what was published before, what is known.

Layer:   edge. All of it lies in the catalog `lake`, in memory: nothing of it is published.

    lake.run, lake.accepted_drops     the run; sources and tables whose fall was confirmed
    lake.source_counts                records of each source, counted again
    lake.previous_counts, .previous_months, .table_rows     the file published before, and now
    lake.known_gaps, .known_textless  what sources are known to lack (sql/known_gaps.toml)

and what check_promises finds in the tables themselves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from pipeline.edge import check_promises, check_tables, lake_views, statements
from pipeline.edge.check_tables import Table
from pipeline.edge.statements import quoted
from pipeline.errors import PipelineError


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
    tables = check_tables.tables(connection)
    check_promises.expose(connection, tables)
    _expose_gaps(connection)
    try:
        _expose_previous(connection, tables, previous, accepted)
    except duckdb.Error as error:
        raise PipelineError(
            f"{previous.name if previous else ''}: expected the published file to compare with, "
            f"saw {statements.one_line(error)}; move it away if it is broken"
        ) from error


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
    tables: Iterable[Table],
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
    before = {table.relation: table for table in check_tables.tables(connection, "previous")}
    for table in tables:
        # what a table has fewer columns of is counted by what both have
        if table.relation in before and table.relation.startswith(("core.", "mart.")):
            _count_rows(connection, table, before[table.relation], accepted)
    connection.execute("detach previous")


def _count_rows(
    connection: duckdb.DuckDBPyConnection, now: Table, before: Table, accepted: list[str]
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
    rows = f"{{}}{now.relation}"
    if now.relation == "core.mentions":  # own terms come and go as their user likes
        rows = f"(select * from {rows} where kind <> 'own')"
    counts = [f"(select count(*) from {rows.format(where)} {which[where]})" for where in which]
    connection.execute(
        f"insert into lake.table_rows select {quoted(now.relation)}, {counts[1]}, {counts[0]}"
    )
