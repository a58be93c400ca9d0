"""How long a build takes within a memory limit, however many postings are stored.

Layer:   edge (clock, disk). Runs the stages from build on over a lake of digests drawn from the
         embedded corpus. Only a part of them are drawn and read; the rest are the same parts again
         under other ids, since it is the build that is measured and not the reading.
"""

from __future__ import annotations

import math
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.edge import lake_tables, runs, stages, workers
from pipeline.edge.bench_digests import write_digests_of
from pipeline.edge.bench_memory import Peak
from pipeline.edge.bench_nightly import alone
from pipeline.edge.disk_space import size_of
from pipeline.edge.lake import Lake
from pipeline.edge.lake_paths import found
from pipeline.edge.settings import Settings
from pipeline.errors import InputError

_DRAWN = 250_000  # at most; reading as many takes minutes
_OWN = ("posting_id", "source_id", "content_hash")  # what two postings never share
_POINTER = '("duplicate_of": "[^"]+)'


def build(stored: int, memory_limit: str) -> dict[str, Any]:
    """Return the seconds of build, judge, check and publish over at least so many postings.

    memory_limit: what DuckDB may take, such as "2GB"; beyond it spills. peak_memory_mb is of the
    whole process, with what pandas, numpy and the site take beside DuckDB; spilled_mb the most that
    lay in temporary files at a time. lake_seconds: what drawing and reading took before.
    """
    if stored < 10:
        raise InputError(f"bench build: expected --stored of 10 or more, saw {stored}")
    times = math.ceil(stored / _DRAWN)
    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as name:
        folder = Path(name)
        started = time.perf_counter()
        alone(write_digests_of, folder / "digests", math.ceil(stored / times))
        settings = Settings(
            data=folder / "data",
            live={},
            reference_folder=folder / "digests",
            memory_limit=memory_limit,
        )
        alone(_fill, settings, times)
        filled = time.perf_counter() - started
        return alone(_build, settings) | {
            "memory_limit": memory_limit,
            "lake_mb": round(size_of(settings.lake) / 1e6),
            "lake_seconds": round(filled, 1),
        }


def multiply(lake: Lake, times: int) -> None:
    """Put every part of a lake in force so many times, each time under ids of its own."""
    for source in lake.sources():
        manifest = lake.manifest(source)
        for part in list(manifest.parts):
            files = found(lake.folder / source, f"{part.name}.*.parquet")
            tables = {file: pq.read_table(lake_tables.readable(file)) for file in files}
            for number in range(1, times):
                name = f"{part.name}-{number}"
                manifest.parts.append(
                    type(part)(name, part.rank, part.n_postings, part.n_rejects, part.input)
                )
                for file, table in tables.items():
                    target = file.with_name(name + file.name[len(part.name) :])
                    lake_tables.write_table(target, _renamed(table, f".{number}"))
        lake.commit(manifest)


def _renamed(table: pa.Table, end: str) -> pa.Table:
    """Return the rows under other ids; a duplicate points to its canonical one's."""
    for at, name in enumerate(table.column_names):
        if name in _OWN:
            ids = pc.binary_join_element_wise(table[name], end, "")
            table = table.set_column(at, table.field(at), ids)
        elif name == "digest":
            moved = pc.replace_substring_regex(table[name], _POINTER, rf"\1{end}")
            table = table.set_column(at, table.field(at), moved)
    return table


def _fill(settings: Settings, times: int) -> None:
    with runs.running(settings) as run_id:
        stages.ingest(settings, run_id)
        stages.extract(settings, run_id)
    workers.end()
    multiply(Lake(settings.lake), times)


def _build(settings: Settings) -> dict[str, Any]:
    spilled = Peak(lambda: sum(map(size_of, settings.data.glob("*.next.tmp"))))
    with Peak() as peak, spilled, runs.running(settings) as run_id:
        stages.build(settings, run_id)
        stages.judge(settings, run_id)
        stages.check(settings, run_id)
        stages.publish(settings, run_id)
    seconds = runs.outcome(settings, run_id)["stages"]
    with closing(duckdb.connect(settings.warehouse, read_only=True)) as connection:
        return {
            "n_stored": _one(connection, "select count(*) from core.postings"),
            "n_duplicates": _one(
                connection, "select count(*) from core.postings where duplicate_of is not null"
            ),
            "n_mentions": _one(connection, "select count(*) from core.mentions"),
            "n_claims": _one(connection, "select count(*) from claim.claims"),
            "seconds": round(sum(seconds.values()), 3),
            "seconds_by_stage": seconds,
            "peak_memory_mb": round(peak.mb),
            "spilled_mb": round(spilled.mb),
            "warehouse_mb": round(settings.warehouse.stat().st_size / 1e6),
        }


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    (value,) = connection.execute(sql).fetchone() or (0,)
    return int(value)
