"""The same datasets judged twice: from their full texts, and from their digests.

Layer:   edge (disk). Each side is a data folder of its own, made by the stages of any other run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.edge import stages, warehouse
from pipeline.edge.corpus import spec_of
from pipeline.edge.lake import Lake
from pipeline.edge.reference import NAME, datasets
from pipeline.edge.runs import begin
from pipeline.edge.settings import Settings
from pipeline.facts import extractor_version
from pipeline.sources.files import FileSpec

_STAGES = (stages.ingest, stages.extract, stages.build, stages.judge)


def of_texts(folder: Path, names: Sequence[str], data: Path) -> Settings:
    """Return a run over the datasets themselves, each as the files of a source."""
    return Settings(
        data=data,
        files=tuple(_specs(folder, names, data / "datasets")),
        reference_enabled=False,
    )


def of_digests(corpus: Path, data: Path) -> Settings:
    """Return a run over the digests of a folder."""
    return Settings(data=data, reference_folder=corpus)


def _specs(folder: Path, names: Sequence[str], links: Path) -> Iterator[FileSpec]:
    """Yield one source of files a source: two datasets may be two files of one."""
    listed = datasets()
    specs: dict[str, FileSpec] = {}
    for name in names:
        spec = spec_of(name, listed[name], folder)
        place = links / spec.name
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.parquet").symlink_to(Path(spec.path).resolve())
        specs[spec.name] = replace(spec, path=str(place / "*.parquet"))
    yield from specs.values()


def judged(settings: Settings, now: datetime) -> Path:
    """Run every stage up to the judgement; returns the warehouse, which is not published.

    now: both sides are given the same, so that no window and no run's name tells them apart.
    """
    run_id = begin(settings, now)
    for stage in _STAGES:
        stage(settings, run_id)
    return warehouse.next_to(settings.warehouse)


def parts_of(settings: Settings, dataset: str) -> tuple[list[str], list[str]]:
    """Return the files of postings and of facts that hold one dataset in a side's lake."""
    lake = Lake(settings.lake)
    postings, facts = [], []
    for source in lake.sources():
        for part in lake.manifest(source).parts:
            # a part of digests is named by its dataset, one of a file by the file's path
            if (part.input if source == NAME else Path(part.input).stem) == dataset:
                postings.append(str(lake.postings_path(source, part.name)))
                facts.append(str(lake.facts_path(source, part.name, extractor_version())))
    return postings, facts


def headlines(warehouse: Path) -> dict[str, int]:
    """Return how many claims have each headline verdict, the commonest first."""
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        rows = connection.execute("""
            select verdict, count(*)
            from claim.verdicts
            where part = 'all' and reading = 'primary' and time_window = 'last_24_months'
            group by all order by 2 desc, 1
        """).fetchall()
    return {verdict.replace("_", " "): n for verdict, n in rows}
