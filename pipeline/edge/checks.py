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

from pipeline.edge import check_inputs, statements
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

    previous: the published file, to compare with. accept_drop: sources and tables that may have
    fallen, such as greenhouse or mart.framework_pay.
    """
    check_inputs.expose(
        connection, run_id=run_id, as_of=as_of, previous=previous, accept_drop=accept_drop
    )
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
            "published (--accept-drop NAME confirms once that the fall of a source or a table "
            "is meant)"
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
