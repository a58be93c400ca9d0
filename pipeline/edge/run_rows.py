"""What a run leaves of itself in the warehouse: ops.runs, ops.source_runs, ops.checks.

Layer:   edge. The rows of earlier runs are carried over from one published file to the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipeline.edge import lake_views, statements
from pipeline.edge.checks import CheckResult
from pipeline.edge.statements import transaction


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run; `stages` are seconds by stage, times are UTC, `status` says how it ended."""

    run_id: str
    as_of: date
    started_at: datetime
    ended_at: datetime | None = None
    status: str = "running"
    version: str = ""
    extractor_version: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SourceRunRow:
    """One source in a run, see SourceRun; `drift` are fields that nobody decided about."""

    source: str
    status: str
    on: date | None = None
    seconds: float = 0.0
    n_asked: int = 0
    n_same: int = 0
    n_listed: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_closed: int = 0
    n_reopened: int = 0
    message: str = ""
    drift: Sequence[str] = ()
    fill_rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def last_success_on(self) -> date | None:
        """Return the day of the run where it went well."""
        return self.on if self.status in {"complete", "unchanged"} else None

    @property
    def last_new_on(self) -> date | None:
        """Return the day of the run where it brought something."""
        return self.on if self.n_new or self.n_changed else None


def carry_history(connection: duckdb.DuckDBPyConnection, previous: Path) -> None:
    """Copy what earlier runs recorded, and their verdicts, from the published file."""
    connection.execute(f"attach {statements.quoted(previous)} as previous (read_only)")
    for relation in (
        "ops.runs",
        "ops.source_runs",
        "ops.source_fields",
        "ops.checks",
        "claim.verdicts",
        "claim.rules",
    ):
        schema, _, table = relation.partition(".")
        before = connection.execute(
            "select column_name from duckdb_columns() "
            "where database_name = 'previous' and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
        # an older version may have had fewer columns, or one that is gone now
        known = statements.written()[relation].types
        names = ", ".join(column for (column,) in before if column in known)
        if names:
            connection.execute(
                f"insert into {relation} by name select {names} from previous.{relation}"
            )
    connection.execute("detach previous")


def record_sources(
    connection: duckdb.DuckDBPyConnection, run: RunRow, source_runs: Sequence[SourceRunRow]
) -> None:
    """Write a row per source that ran or that the lake holds, so that none is forgotten."""
    read = {
        source: counts
        for source, *counts in connection.execute(
            "select source, n_read, n_superseded from lake.source_records"
        ).fetchall()
    }
    kept = _counts(connection, "core.postings")
    rejected = _counts(connection, "core.rejects")
    ran = {row.source: row for row in source_runs}
    rows = []
    for source in sorted(read.keys() | ran.keys()):
        row = ran.get(source, SourceRunRow(source, "not_run"))
        n_read, n_superseded = read.get(source, (0, 0))
        rows.append(
            (
                run.run_id,
                source,
                row.status,
                row.seconds,
                row.n_asked,
                row.n_same,
                row.n_listed,
                row.n_new,
                row.n_changed,
                row.n_closed,
                row.n_reopened,
                n_read,
                kept.get(source, 0),
                rejected.get(source, 0),
                n_superseded,
                row.last_success_on,
                row.last_new_on,
                row.message or None,
                json.dumps(list(row.drift)),
            )
        )
    fields = [
        (run.run_id, row.source, name, round(100 * rate, 2))
        for row in source_runs
        for name, rate in row.fill_rates.items()
    ]
    for relation, found in (("ops.source_runs", rows), ("ops.source_fields", fields)):
        connection.execute(f"delete from {relation} where run_id = ?", [run.run_id])
        lake_views.insert(connection, relation, found)
    _record_health(connection, run)


def _record_health(connection: duckdb.DuckDBPyConnection, run: RunRow) -> None:
    """Write how each source stands after this run, over all runs that published."""
    connection.execute("delete from ops.source_health")
    connection.execute(
        """
        insert into ops.source_health
        with asked as (
            select * from ops.source_runs where status not in ('not_run', 'not_configured')
        ),

        known as (
            select
                source,
                max(last_success_on) as last_success_on,
                max(last_new_on) as last_new_on,
                arg_max(status, run_id) as status,
                arg_max(message, run_id) as message,
                arg_max(n_listed, run_id) as n_listed
            from asked
            group by all
        )

        select
            now.source,
            coalesce(known.status, now.status) as status,
            known.last_success_on,
            $day - known.last_success_on as silent_days,
            known.last_new_on,
            now.n_kept,
            known.n_listed,
            coalesce(known.message, now.message) as message
        from ops.source_runs as now
        left join known using (source)
        where now.run_id = $run_id
        order by now.source
        """,
        {"day": run.started_at.date(), "run_id": run.run_id},
    )


def _counts(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, int]:
    rows = connection.execute(f"select source, count(*) from {relation} group by all").fetchall()
    return dict(rows)


def record_run(
    connection: duckdb.DuckDBPyConnection, run: RunRow, checks: Sequence[CheckResult] = ()
) -> None:
    """Write how a run went and what its checks found; writing it again replaces it."""
    row = (
        run.run_id,
        run.as_of,
        run.started_at,
        run.ended_at,
        run.status,
        run.version,
        run.extractor_version,
        json.dumps(dict(run.stages)),
        json.dumps(list(run.warnings)),
    )
    found = [
        (run.run_id, check.name, check.passed, check.n_offending, check.sentence, check.sample)
        for check in checks
    ]
    with transaction(connection):
        for relation, rows in (("ops.runs", [row]), ("ops.checks", found)):
            connection.execute(f"delete from {relation} where run_id = ?", [run.run_id])
            lake_views.insert(connection, relation, rows)
