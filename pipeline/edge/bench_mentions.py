"""A warehouse of any size for the query benchmark: the digests of the corpus, many times over.

Layer:   edge (disk; used by bench_* only). A sample of the digests is read as in any run; what it
         left in the lake is copied under other ids until the mentions suffice, and the tables are
         then built, judged and closed by the stages themselves.
Quirk:   each copy's postings are other ads of other employers, or they would be duplicates. Real
         warehouses of that size name more employers' names, places and terms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from pipeline.edge import runs, stages
from pipeline.edge.bench_digests import write_digests_of
from pipeline.edge.lake import Lake, Manifest, Part
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.settings import Settings
from pipeline.edge.statements import quoted
from pipeline.edge.warehouse import next_to
from pipeline.facts import extractor_version

_SAMPLE = 60_000  # digests drawn from the corpus; more mentions come from copies of them
# what of a row names the posting or its employer, and so differs in each copy
_RENAMED = {
    "posting_id": "posting_id || $copy",
    "source_id": "source_id || $copy",
    "duplicate_of": "duplicate_of || $copy",
    "employer": "if(employer = '', '', employer || $copy)",
    "employer_id": "if(employer_id = '', '', employer_id || $copy)",
    "content_hash": "content_hash || $copy",
    # JSON that names the canonical posting
    "digest": """regexp_replace(digest, '("duplicate_of": "[^"]+)', '\\1' || $copy)""",
}


def build_mentions(folder: Path, mentions: int) -> Path:
    """Build a warehouse of at least so many mentions; return its file."""
    digests = folder / "digests"
    write_digests_of(digests, min(_SAMPLE, mentions // 2))
    settings = Settings(data=folder / "data", live={}, reference_folder=digests)
    with runs.running(settings, ends="built") as run_id:
        stages.ingest(settings, run_id)
        stages.extract(settings, run_id)
        lake = Lake(settings.lake)
        for source in lake.sources():
            _copy_parts(lake, lake.manifest(source), mentions)
        stages.build(settings, run_id)
        stages.judge(settings, run_id)
    return next_to(settings.warehouse)


def _copy_parts(lake: Lake, manifest: Manifest, mentions: int) -> None:
    """Put copies of a source's parts in force, as many as the mentions wanted take."""
    postings = [lake.postings_path(manifest.source, part.name) for part in manifest.parts]
    # each kind of file that lies beside a part's postings, by the end of its name
    ends = [
        path.name.removeprefix(manifest.parts[0].name)
        for path in postings[0].parent.glob(f"{manifest.parts[0].name}.*")
    ]
    facts = f"{extractor_version()}.facts.parquet"
    with closing(duckdb.connect(config={"memory_limit": "2GB", "threads": 2})) as connection:
        files = {
            end: [
                path.with_name(part.name + end)
                for part, path in zip(manifest.parts, postings, strict=True)
            ]
            for end in ends
        }
        held = _one(connection, f"select sum(len(mentions)) from {_parquet(files['.' + facts])}")
        count = _one(connection, f"select count(*) from {_parquet(files['.postings.parquet'])}")
        for number in range(1, math.ceil(mentions / max(1, held))):
            copy = Part(f"copy{number}", manifest.parts[-1].rank, count, 0, "copies")
            for end, some in files.items():
                _write_copy(connection, some, postings[0].with_name(copy.name + end), number)
            manifest.parts.append(copy)
    lake.commit(manifest)


def _write_copy(
    connection: duckdb.DuckDBPyConnection, files: Sequence[LakePath], target: LakePath, number: int
) -> None:
    origin = _parquet(files)
    present = {row[0] for row in connection.execute(f"describe from {origin}").fetchall()}
    renamed = ", ".join(
        f"{sql.replace('$copy', quoted(f'-{number}'))} as {column}"
        for column, sql in _RENAMED.items()
        if column in present
    )
    connection.execute(f"copy (select * replace ({renamed}) from {origin}) to {quoted(target)}")


def _parquet(files: Sequence[LakePath]) -> str:
    return f"read_parquet([{', '.join(quoted(file) for file in files)}])"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
