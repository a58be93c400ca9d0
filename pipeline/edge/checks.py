"""Checks: selects of offending rows, run on the file that is about to be published.

Layer:   edge. The checks themselves are sql/checks/*.sql.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipeline.edge import lake_views, statements
from pipeline.errors import ChecksFailed, PipelineError

log = logging.getLogger(__name__)

_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found: how many rows offend, and the first few of them."""

    name: str
    n_offending: int
    columns: tuple[str, ...]
    rows: tuple[tuple, ...]
    sentence: str

    @property
    def passed(self) -> bool:
        """Return whether no row offends."""
        return not self.n_offending

    @property
    def sample(self) -> str:
        """Return the first offending rows as JSON."""
        return json.dumps(
            [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            default=str,
            ensure_ascii=False,
        )


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    *,
    run_id: str,
    as_of: date,
    previous: Path | None = None,
    accept_drop: Iterable[str] = (),
) -> list[CheckResult]:
    """Run every check, by name; none is skipped because an earlier one failed.

    previous: the published file, to compare with. accept_drop: sources that may have fallen.
    """
    connection.execute("attach if not exists ':memory:' as lake")
    _expose_run(connection, run_id, as_of, accept_drop)
    _expose_previous(connection, previous)
    results = [_run(connection, statement) for statement in statements.read_folder("checks")]
    for result in results:
        if not result.passed:
            log.warning("%s: %d rows, %s", result.name, result.n_offending, result.sample)
    return results


def demand_passed(results: Sequence[CheckResult]) -> None:
    """Raise ChecksFailed, naming each check that found something and its first row."""
    failed = [result for result in results if not result.passed]
    if failed:
        found = "; ".join(
            f"{result.name} ({result.n_offending}, first {json.loads(result.sample)[0]})"
            for result in failed
        )
        raise ChecksFailed(
            f"expected every check to pass, saw {len(failed)} fail: {found}; nothing was "
            "published (--accept-drop SOURCE confirms a fall that is meant)"
        )


def _run(connection: duckdb.DuckDBPyConnection, statement: statements.Statement) -> CheckResult:
    try:
        cursor = connection.execute(
            f"select *, count(*) over () as n_offending from ({statement.select}) limit {_SAMPLE}"
        )
    except duckdb.Error as error:
        raise PipelineError(
            f"{statement.relation}: expected its select to run, saw {statements.one_line(error)}; "
            f"see sql/checks/{statement.name}.sql"
        ) from error
    columns = tuple(column[0] for column in cursor.description or ())[:-1]
    rows = cursor.fetchall()
    return CheckResult(
        name=statement.name,
        n_offending=rows[0][-1] if rows else 0,
        columns=columns,
        rows=tuple(row[:-1] for row in rows),
        sentence=statement.comment.partition("\nwhy:")[0].replace("\n", " "),
    )


def _expose_run(
    connection: duckdb.DuckDBPyConnection, run_id: str, as_of: date, accept_drop: Iterable[str]
) -> None:
    connection.execute("create or replace table lake.run (run_id varchar, as_of date)")
    lake_views.insert(connection, "lake.run", [(run_id, as_of)])
    connection.execute("create or replace table lake.accepted_drops (source varchar)")
    lake_views.insert(connection, "lake.accepted_drops", [(source,) for source in accept_drop])
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


def _expose_previous(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    connection.execute(
        "create or replace table lake.previous_counts (source varchar, n_postings bigint)"
    )
    if previous is None or not previous.exists():
        return
    try:
        connection.execute(f"attach {statements.quoted(previous)} as previous (read_only)")
        connection.execute(
            "insert into lake.previous_counts "
            "select source, count(*) from previous.core.postings group by all"
        )
        connection.execute("detach previous")
    except duckdb.Error as error:
        raise PipelineError(
            f"{previous.name}: expected the published file to compare with, saw "
            f"{statements.one_line(error)}; move it away if it is broken"
        ) from error
