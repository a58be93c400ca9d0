"""Tables to take away: one as CSV or Parquet, or all of a published run with a manifest.

Layer:   edge (disk). The same published file gives the same bytes: rows are sorted, and nothing
         says when a release was written.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from pipeline.edge.durable import sync_folder
from pipeline.edge.query import connect_readonly
from pipeline.edge.statements import one_line
from pipeline.errors import InputError, PipelineError

MANIFEST = "manifest.json"
SCHEMAS = ("core", "mart", "claim", "ops")
# a snippet is the employer's sentence: whether it may be passed on is each source's to say
LEFT_OUT = {
    ("core.mentions", "snippet"): "words of the ads, which their sources' licences may not let "
    "us pass on; the published warehouse of whoever runs this holds them"
}
_LICENCE = (
    "Facts read in job postings, without their texts. Each source's data carry the licence stated "
    "under `licences` (also core.postings.licence); the program and its own text are Apache-2.0."
)
_ROWS = 100_000  # of one row group


def export(path: Path, table: str, form: str, out: IO[bytes]) -> int:
    """Write one table or view of the published file; returns the number of its rows."""
    with closing(connect_readonly(path)) as connection:
        relation = _named(connection, table)
        return _write(connection, relation, _columns(connection, relation), form, out)


def export_file(path: Path, table: str, form: str, target: Path) -> int:
    """Write one table or view to a file, whole or not at all; returns the number of its rows."""
    if not target.parent.is_dir():
        raise InputError(f"{target}: its folder does not exist; make it first")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            n_rows = export(path, table, form, out)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return n_rows


def _named(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Return the qualified name of a table or view; of two of one name that without a schema."""
    found = connection.execute("""
        select schema_name || '.' || table_name from duckdb_tables() where not internal
        union all
        select schema_name || '.' || view_name from duckdb_views() where not internal
        order by all
    """).fetchall()
    names = [name for (name,) in found]
    wanted = asked.lower()
    for name in (wanted, f"main.{wanted}", *(f"{schema}.{wanted}" for schema in SCHEMAS)):
        if name in names:
            return name
    bare = {name.partition(".")[2]: name for name in reversed(names)}
    near = [bare[one] for one in difflib.get_close_matches(wanted.rpartition(".")[2], bare, 3, 0.6)]
    near = near or difflib.get_close_matches(wanted, names, 3, 0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(names)}"
    raise InputError(f"export: expected a table or view, saw {asked!r}; {hint}")


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    schema, _, table = relation.partition(".")
    rows = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = ? and table_name = ? and not internal order by column_index",
        [schema, table],
    ).fetchall()
    return [{"name": name, "type": kind, "comment": said} for name, kind, said in rows]


def _write(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: list[dict[str, Any]],
    form: str,
    out: IO[bytes],
) -> int:
    """Write columns of a table, its rows sorted by all of them, as csv or parquet."""
    picked = [
        # CSV knows no lists
        f'to_json("{one["name"]}")::varchar as "{one["name"]}"'
        if form == "csv" and one["type"].endswith("]")
        else f'"{one["name"]}"'
        for one in columns
    ]
    try:
        reader = connection.execute(
            f"select {', '.join(picked)} from {relation} order by all"
        ).to_arrow_reader(_ROWS)
        return _write_batches(reader, form, out)
    except duckdb.Error as error:
        raise PipelineError(f"{relation}: expected its rows, saw {one_line(error)}") from error


def _write_batches(reader: pa.RecordBatchReader, form: str, out: IO[bytes]) -> int:
    n_rows = 0
    if form == "csv":
        options = pa_csv.WriteOptions(quoting_style="needed")
        with pa_csv.CSVWriter(out, reader.schema, write_options=options) as lines:
            for batch in reader:
                lines.write_batch(batch)
                n_rows += batch.num_rows
        return n_rows
    with pq.ParquetWriter(out, reader.schema, compression="zstd") as groups:
        for batch in reader:
            groups.write_batch(batch)
            n_rows += batch.num_rows
    return n_rows


def release(path: Path, folder: Path, site: Path) -> dict[str, Any]:
    """Write every table of the published run but the words of ads; returns the manifest.

    Raise InputError if the folder holds anything but this very release.
    """
    with _opened(path, folder) as connection:
        about = _about(connection)
        if folder.exists() and any(folder.iterdir()):
            _demand_same(folder, about)
            return check(folder)
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        found = connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() "
            f"where schema_name in {SCHEMAS} and not internal order by all"
        ).fetchall()
        files = [_file(connection, part, *one) for one in found]
    manifest = about | {"site": _site(site), "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (part / MANIFEST).write_text(text, encoding="utf-8")
    if folder.exists():
        folder.rmdir()  # it is empty
    os.replace(part, folder)
    sync_folder(folder.parent)
    return manifest


@contextmanager
def _opened(path: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for sorts larger than memory, which spill beside the release."""
    with closing(connect_readonly(path)):
        pass  # says in one line what is wrong with the file
    spilled = folder.with_name(f"{folder.name}.tmp")
    connection = duckdb.connect(
        path, read_only=True, config={"memory_limit": "2GB", "temp_directory": str(spilled)}
    )
    try:
        connection.execute("set enable_progress_bar = false")
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spilled, ignore_errors=True)


def _about(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    run = connection.execute(
        "select run_id, as_of::varchar, version, extractor_version "
        "from ops.runs order by started_at desc limit 1"
    ).fetchone()
    if run is None:
        raise InputError("release: expected a published run in ops.runs, saw none")
    licences = connection.execute(
        "select source, coalesce(string_agg(distinct licence, '; ' order by licence), "
        "'none stated') from core.postings group by all order by all"
    ).fetchall()
    return {
        "run_id": run[0],
        "as_of": run[1],
        "jobmarket_version": run[2],
        "extractor_version": run[3],
        "licence": _LICENCE,
        "licences": dict(licences),
        "left_out": [
            {"column": f"{relation}.{column}", "why": why}
            for (relation, column), why in LEFT_OUT.items()
        ],
    }


def _file(
    connection: duckdb.DuckDBPyConnection, folder: Path, relation: str, comment: str
) -> dict[str, Any]:
    target = folder / f"{relation}.parquet"
    columns = [
        one for one in _columns(connection, relation) if (relation, one["name"]) not in LEFT_OUT
    ]
    with target.open("wb") as out:
        n_rows = _write(connection, relation, columns, "parquet", out)
    return {
        "file": target.name,
        "table": relation,
        "rows": n_rows,
        "bytes": target.stat().st_size,
        "sha256": sha256(target),
        "comment": comment,
        "columns": columns,
    }


def _site(site: Path) -> dict[str, Any]:
    """Return what pins the site that was published with the tables; null where there is none."""
    files = sorted(path for path in site.rglob("*") if path.is_file()) if site.is_dir() else []
    lines = "".join(f"{sha256(path)}  {path.relative_to(site).as_posix()}\n" for path in files)
    return {
        "n_files": len(files),
        "sha256": hashlib.sha256(lines.encode()).hexdigest() if files else None,
    }


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _demand_same(folder: Path, about: dict[str, Any]) -> None:
    held = read_manifest(folder) if (folder / MANIFEST).is_file() else {}
    if held.get("run_id") != about["run_id"]:
        what = f"the release of run {held['run_id']}" if held else "other files"
        raise InputError(
            f"{folder}: expected an empty or new folder, saw {what}; name another folder"
        )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a release's manifest; raise InputError if the folder holds none."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(f"{folder}: expected a release with its {MANIFEST}, saw none")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        names = [(one["file"], one["sha256"], one["rows"]) for one in values["files"]]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: expected the manifest of a release, saw {error!r}") from None
    for name, *_ in names:
        if Path(name).name != name:
            raise InputError(f"{path}: expected file names, saw {name!r}")
    return values


def check(folder: Path) -> dict[str, Any]:
    """Return the manifest if the files are those it was written for; raise PipelineError if not."""
    manifest = read_manifest(folder)
    wanted = {one["file"]: one["sha256"] for one in manifest["files"]}
    held = {path.name for path in folder.iterdir()} - {MANIFEST}
    wrong = [f"{name} is missing" for name in sorted(wanted.keys() - held)]
    wrong += [f"{name} is no part of it" for name in sorted(held - wanted.keys())]
    wrong += [
        f"{name} was changed"
        for name in sorted(wanted.keys() & held)
        if not (folder / name).is_file() or sha256(folder / name) != wanted[name]
    ]
    if wrong:
        raise PipelineError(
            f"{folder}: expected the files of run {manifest.get('run_id')}, saw that "
            f"{'; '.join(wrong)}; get the release again"
        )
    return manifest
