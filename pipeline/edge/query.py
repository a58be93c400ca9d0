"""Reading the published warehouse: one query at a time, and nothing but reading.

Layer:   edge.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.edge import limits
from pipeline.edge.only_reading import only_reading
from pipeline.edge.statements import one_line
from pipeline.errors import InputError, PipelineError

FORMATS = ("table", "csv", "json", "parquet")
LARGEST = 200_000_000  # bytes of an answer as Arrow: as Python values it takes several times that
_WIDEST = 60  # characters of one column on a terminal
_BATCH = 10_000  # rows


@dataclass(frozen=True)
class QueryResult:
    """What a query gave; `arrow` is the same as an Arrow table, with exact types."""

    columns: tuple[str, ...]
    arrow: Any

    @cached_property
    def rows(self) -> list[tuple]:
        """Return the rows as Python values."""
        if not self.columns:
            return []
        return list(zip(*(column.to_pylist() for column in self.arrow.columns), strict=True))


def connect_readonly(path: Path, memory: str = limits.MEMORY) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading only; no file, extension or setting is in reach."""
    if not path.exists():
        raise InputError(f"no published warehouse at {path}; run `jobmarket run` first")
    try:
        connection = duckdb.connect(
            path,
            read_only=True,
            config={
                "enable_external_access": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "memory_limit": memory,
                "temp_directory": "",  # a reader leaves nothing on disk
            },
        )
    except duckdb.Error as error:
        raise InputError(
            f"{path}: expected a warehouse that opens, saw {one_line(error)}; "
            "run `jobmarket run` to publish a new one"
        ) from error
    # connections of one process share these: the second finds them set
    if connection.execute("select current_setting('lock_configuration')").fetchone() == (False,):
        connection.execute("set enable_progress_bar = false")  # it prints among the results
        connection.execute("set lock_configuration = true")
    return connection


def query(
    path: Path,
    sql: str,
    *,
    seconds: float = 0,
    memory: str = limits.MEMORY,
    give_up: Callable[[str], object] | None = None,
) -> QueryResult:
    """Run one select on the published file; raise InputError for anything else.

    seconds: after which the query is interrupted, 0 never; give_up: see limits.limited_time.
    Raise PipelineError where time, memory or LARGEST do not suffice.
    """
    with (
        closing(connect_readonly(path, memory)) as connection,
        limits.limited_memory(memory),
        limits.limited_time(connection, seconds, give_up) as clock,
    ):
        try:
            table = _fetch(connection, only_reading(connection, sql))
        except duckdb.InterruptException:
            if clock.is_up:
                raise PipelineError(f"sql: {clock}") from None
            raise
        except (duckdb.OutOfMemoryException, MemoryError):
            raise PipelineError(
                f"sql: expected a query that fits in {memory} of memory, saw one that needs "
                "more; narrow it, or set memory_limit in the config"
            ) from None
        except duckdb.Error as error:
            raise InputError(f"sql: {one_line(error)}") from None
    return QueryResult(tuple(table.column_names), table)


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    reader = connection.execute(sql).to_arrow_reader(_BATCH)
    batches, held = [], 0
    for batch in reader:
        batches.append(batch)
        held += batch.nbytes
        if held > LARGEST:
            raise PipelineError(
                f"sql: expected an answer of at most {LARGEST / 1e6:.0f} MB, saw more; add a "
                "limit, or write whole tables with `jobmarket export`"
            )
    return pa.Table.from_batches(batches, reader.schema)


def to_format(result: QueryResult, form: str) -> str | bytes:
    """Return a result as a text table, CSV, a JSON list of objects, or Parquet (bytes)."""
    if form == "table":
        return _text_table(result)
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows([_plain(value) for value in row] for row in result.rows)
        return text.getvalue()
    if form == "json":
        records = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        return json.dumps(records, default=_plain, ensure_ascii=False, indent=1) + "\n"
    if form == "parquet":
        with tempfile.TemporaryDirectory() as folder, closing(duckdb.connect()) as connection:
            file = Path(folder) / "result.parquet"
            connection.from_arrow(result.arrow).write_parquet(str(file))
            return file.read_bytes()
    raise InputError(f"format: expected one of {', '.join(FORMATS)}, saw {form!r}")


def same_tables_hash(path: Path) -> dict[str, str]:
    """Return a hash per table of core, mart and claim.estimates, blind to the order of rows.

    Columns that say which run wrote a row, or when (`run_id`, `_at`), are left out.
    """
    with closing(connect_readonly(path)) as connection:
        columns = connection.execute("""
            select schema_name || '.' || table_name, list(column_name order by column_index)
            from duckdb_columns()
            where (schema_name in ('core', 'mart')
                or (schema_name = 'claim' and table_name = 'estimates'))
                and column_name <> 'run_id' and not ends_with(column_name, '_at')
            group by all order by all
        """).fetchall()
        return {relation: _hash(connection, relation, names) for relation, names in columns}


def _hash(connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]) -> str:
    # md5 rather than DuckDB's own hash, which another version may compute differently
    values = ", ".join(f"coalesce(\"{column}\"::varchar, '\\N')" for column in columns)
    found = connection.execute(
        f"select count(*), coalesce(sum(md5_number_lower("
        f"concat_ws(chr(31), {values}))::hugeint), 0) from {relation}"
    ).fetchone()
    n_rows, total = found or (0, 0)
    return f"{n_rows}:{total:x}"


def _text_table(result: QueryResult) -> str:
    cells = [[_cell(value) for value in row] for row in result.rows]
    widths = [
        max([len(name), *(len(row[place]) for row in cells)])
        for place, name in enumerate(result.columns)
    ]
    numeric = [
        all(isinstance(row[place], int | float | Decimal | None) for row in result.rows)
        for place in range(len(result.columns))
    ]
    lines = [list(result.columns), ["-" * width for width in widths], *cells]
    return "".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(_plain(value)).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | dict):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    return value if value is None or isinstance(value, str | int | float) else str(value)
