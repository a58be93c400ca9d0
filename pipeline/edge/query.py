"""Reading the published warehouse: one query at a time, and nothing but reading.

Layer:   edge.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.edge.statements import one_line
from pipeline.errors import InputError

FORMATS = ("table", "csv", "json", "parquet")
_WIDEST = 60  # characters of one column on a terminal


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gave; `arrow` is the same as an Arrow table, with exact types."""

    columns: tuple[str, ...]
    rows: list[tuple]
    arrow: Any


def connect_readonly(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading only; no file, extension or setting is in reach."""
    if not path.exists():
        raise InputError(f"no published warehouse at {path}; run `jobmarket run` first")
    try:
        return duckdb.connect(
            path,
            read_only=True,
            config={
                "enable_external_access": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "lock_configuration": True,
            },
        )
    except duckdb.Error as error:
        raise InputError(
            f"{path}: expected a warehouse that opens, saw {one_line(error)}; "
            "run `jobmarket run` to publish a new one"
        ) from error


def query(path: Path, sql: str) -> QueryResult:
    """Run one select on the published file; raise InputError for anything else."""
    with closing(connect_readonly(path)) as connection:
        try:
            parts = connection.extract_statements(sql)
        except duckdb.Error as error:
            raise InputError(f"sql: {one_line(error)}") from None
        kinds = [part.type for part in parts]
        reading = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
        if len(kinds) != 1 or kinds[0] not in reading:
            seen = ", ".join(kind.name.lower() for kind in kinds) or "nothing"
            raise InputError(
                f"sql: expected one select, saw {seen}; the published file is read-only, "
                "copy it to change it"
            )
        try:
            cursor = connection.execute(parts[0])
            table = cursor.to_arrow_table()
        except duckdb.Error as error:
            raise InputError(f"sql: {one_line(error)}") from None
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return QueryResult(tuple(table.column_names), rows, table)


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
