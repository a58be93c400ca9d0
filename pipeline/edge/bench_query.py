"""How fast the warehouse answers: every query of sql/adhoc in DuckDB, and the same in pandas.

Layer:   edge (clock, disk). The warehouse is built from copies of the embedded digests, see
         bench_mentions. Both start from that file and use two threads at most: DuckDB reads from
         it what an answer takes, pandas has to load the columns that it needs first. Both join on
         posting_no, and what is not asked about is put aside before anything is counted.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from pipeline.edge import statements
from pipeline.edge.bench_mentions import build_mentions
from pipeline.edge.bench_questions import TWINS, Frames, Twin
from pipeline.errors import InputError

_ROUNDS = 5  # in each DuckDB answers, then pandas; the quickest of each counts
_OF_PANDAS = (
    "seconds_pandas",
    "ratio",
    "seconds_pandas_in_memory",
    "ratio_in_memory",
    "ratio_rounds",
    "is_same",
)
_T = TypeVar("_T")
_SMALL = 100_000  # rows; a table with fewer is read in milliseconds by anything


def query(mentions: int) -> dict[str, Any]:
    """Return, by query, the seconds it takes in DuckDB and in pandas; ratio: pandas / DuckDB.

    seconds_pandas and ratio are from the file to the answer, on both sides: the columns that
    pandas takes are loaded from the published file, then asked. seconds_pandas_in_memory and
    ratio_in_memory leave the loading out, as for a second question about the same columns in one
    session, while DuckDB still reads its file: the harder reading for DuckDB, which often gives
    less than 10. below_10 and below_10_in_memory name the queries that fall short of 10 times in
    either reading; slowest is the query that takes DuckDB longest.
    ratio_rounds: the ratio of every round by itself.
    n_rows: what the tables hold that the query reads; is_small_table: none of them holds 100,000
    rows, so that the ratio says little. is_same: whether both gave the same rows. Where there is
    no twin in pandas what is said of it is null.
    """
    if mentions < 100:
        raise InputError(f"bench query: expected --mentions of 100 or more, saw {mentions}")
    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as folder:
        started = time.perf_counter()
        file = build_mentions(Path(folder), mentions)
        seconds_build = time.perf_counter() - started
        return {"seconds_build": round(seconds_build, 1)} | ask(file)


def ask(file: Path) -> dict[str, Any]:
    """Return what `query` does, of a warehouse that is there already."""
    with closing(duckdb.connect(file, read_only=True, config={"threads": 2})) as connection:
        sizes = _sizes(connection)
        questions = {
            one.name: _compare(connection, sizes, one.name, one.select)
            for one in statements.read_folder("adhoc")
        }
    return {
        "n_mentions": sizes["core.mentions"],
        "n_postings": sizes["core.postings"],
        "slowest": max(questions, key=lambda name: questions[name]["seconds_duckdb"]),
        "below_10": _below_10(questions, "ratio"),
        "below_10_in_memory": _below_10(questions, "ratio_in_memory"),
        "questions": questions,
    }


def _below_10(questions: dict[str, dict[str, Any]], key: str) -> list[str]:
    return [name for name, one in questions.items() if one[key] is not None and one[key] < 10]


def _sizes(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
    )
    return dict(rows.fetchall())


def _compare(
    connection: duckdb.DuckDBPyConnection, sizes: dict[str, int], name: str, sql: str
) -> dict[str, Any]:
    read = _tables(connection, sql)
    largest = max((sizes[one] for one in read), default=0)
    twin = TWINS.get(name)
    spent: list[tuple[float, float, float]] = []  # DuckDB, loading for pandas, pandas
    for _ in range(_ROUNDS):
        asked, rows = _timed(lambda: connection.execute(sql).fetchall())
        columns = [column[0] for column in connection.description or ()]
        loading, answering, frame = _in_pandas(connection, twin) if twin else (0.0, 0.0, None)
        spent.append((asked, loading, answering))
    duckdb_seconds, load_seconds, memory_seconds = map(min, zip(*spent, strict=True))
    found: dict[str, Any] = {"seconds_duckdb": round(duckdb_seconds, 4)}
    found |= dict.fromkeys(_OF_PANDAS)
    if frame is not None:
        pandas_seconds = load_seconds + memory_seconds
        found["seconds_pandas"] = round(pandas_seconds, 4)
        found["ratio"] = round(pandas_seconds / duckdb_seconds, 2)
        found["seconds_pandas_in_memory"] = round(memory_seconds, 4)
        found["ratio_in_memory"] = round(memory_seconds / duckdb_seconds, 2)
        found["ratio_rounds"] = [round((load + ask) / duck, 2) for duck, load, ask in spent]
        found["is_same"] = plain(rows) == plain(frame[columns].itertuples(index=False, name=None))
    return found | {
        "n_answer": len(rows),
        "n_rows": sum(sizes[one] for one in read),
        "is_small_table": largest < _SMALL,
    }


def _tables(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Return the tables a query comes to read, also through views and macros."""
    plan = connection.execute(f"explain (format json) {sql}").fetchall()[0][1]
    return {name.split(".", 1)[1] for name in _scanned(json.loads(plan))}


def _scanned(plan: list[dict[str, Any]]) -> Iterator[str]:
    for step in plan:
        table = step["extra_info"].get("Table")
        if table:
            yield table
        yield from _scanned(step["children"])


def _load(connection: duckdb.DuckDBPyConnection, reads: dict[str, str]) -> Frames:
    """Return the columns that a twin names, by table without its schema."""
    return {
        relation.partition(".")[2]: connection.execute(
            f"select {', '.join(columns.split())} from {relation}"
        ).df()
        for relation, columns in reads.items()
    }


def _in_pandas(
    connection: duckdb.DuckDBPyConnection, twin: Twin
) -> tuple[float, float, pd.DataFrame]:
    """Return the seconds of loading and of answering, and the answer; frames are large, and go."""
    loading, frames = _timed(lambda: _load(connection, twin.reads))
    answering, frame = _timed(lambda: twin.answer(frames))
    return loading, answering, frame


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def plain(rows: Any) -> list[tuple[str, ...]]:
    """Return rows in one order, each value as text: types differ between the two."""
    return sorted(tuple(_text(value) for value in row) for row in rows)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict):
        return repr(value)
    if value is None or pd.isna(value):
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return f"{float(value):.4f}"
