"""The warehouse: one DuckDB file, built whole from the lake beside the published one.

Layer:   edge. `build` and what follows it write to `<file>.next`; `publish.publish` renames it
         over the published file, and only then does a reader see anything of it.
Quirk:   while a process holds a connection to the published file, its later connections share
         that one's view of the old file: close before a run publishes (DuckDB 1.5).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipeline.edge import lake_views, macros, statements
from pipeline.edge.lake_views import FrameworkRow, LakeFiles
from pipeline.edge.publish import clear_leftovers, set_stray_wal_aside, spills
from pipeline.edge.run_rows import (
    RunRow,
    SourceRunRow,
    carry_history,
    record_run,
    record_sources,
)
from pipeline.edge.statements import one_line, transaction
from pipeline.errors import PipelineError

log = logging.getLogger(__name__)


def next_to(published: Path) -> Path:
    """Return where the file is built that will replace the published one."""
    return published.with_name(f"{published.name}.next")


@contextmanager
def opened(
    target: Path, *, memory_limit: str = "2GB", threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file that is being built; closing it writes everything into the one file."""
    connection = duckdb.connect(
        target,
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(spills(target)),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # a missing table is an error, never a Python variable of that name
            "python_enable_replacements": False,
        },
    )
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spills(target), ignore_errors=True)


def build(
    target: Path,
    lake: LakeFiles,
    run: RunRow,
    *,
    previous: Path | None,
    frameworks: Sequence[FrameworkRow],
    source_runs: Sequence[SourceRunRow] = (),
    memory_limit: str = "2GB",
    threads: int = 2,
) -> None:
    """Build core and mart at `target`, and carry the history of runs and verdicts over.

    previous: the published file, if there is one. Leftovers of a killed run are removed first.
    Raise PipelineError if a statement fails or a column has no sentence.
    """
    clear_leftovers(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(target, memory_limit=memory_limit, threads=threads) as connection:
        try:
            build_tables(connection, lake, frameworks, run.started_at.date())
            _create_written(connection)
            macros.create(connection)
            if previous is not None and previous.exists():
                set_stray_wal_aside(previous)
                carry_history(connection, previous)
            record_sources(connection, run, source_runs)
            record_run(connection, run)
        except duckdb.Error as error:
            raise PipelineError(
                f"{target.name}: expected to build from {len(lake.postings)} files, saw "
                f"{one_line(error)}; the published file is as it was"
            ) from error


def renew(
    target: Path, published: Path, run: RunRow, *, source_runs: Sequence[SourceRunRow] = ()
) -> None:
    """Copy the published file to `target` for a run whose inputs are those it was built from.

    core and mart stand as they are; only the run and its sources are recorded anew.
    """
    clear_leftovers(target)
    set_stray_wal_aside(published)
    shutil.copyfile(published, target)
    with opened(target) as connection:
        connection.execute("attach ':memory:' as lake")
        connection.execute("""
            create table lake.source_records as
            select source, n_read, n_superseded from ops.source_runs
            where run_id = (select arg_max(run_id, started_at) from ops.runs)
        """)
        record_sources(connection, run, source_runs)
        record_run(connection, run)


def build_tables(
    connection: duckdb.DuckDBPyConnection,
    lake: LakeFiles,
    frameworks: Sequence[FrameworkRow],
    today: date | None = None,
) -> None:
    """Build core and mart from the lake, each table after those it reads, with comments.

    today: the run's day, after which nothing was posted; None where every date is believed
    """
    lake_views.attach(connection, lake, frameworks, today)
    files = [
        file for folder in ("inputs", "tables", "marts") for file in statements.read_folder(folder)
    ]
    connection.execute("create schema core; create schema mart")
    for statement in statements.in_order(files):
        try:
            rows = statements.create_table(connection, statement.relation, statement.select)
        except duckdb.Error as error:
            raise PipelineError(
                f"{statement.relation}: expected its select to run, saw {one_line(error)}; "
                f"see sql/*/{statement.name}.sql"
            ) from error
        log.info("%s: %d rows", statement.relation, rows)
    with transaction(connection):
        for file in files:
            if not file.relation.startswith("lake."):
                statements.comment_on(connection, file.relation, file.comment)


def _create_written(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection):
        connection.execute("create schema claim; create schema ops")
        for relation, table in statements.written().items():
            columns = ", ".join(f"{column} {kind}" for column, kind in table.types.items())
            connection.execute(f"create table {relation} ({columns})")
            statements.comment_on(connection, relation, table.comment)
