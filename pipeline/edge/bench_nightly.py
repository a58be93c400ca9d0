"""How long a night takes: the first one, and one that adds a few postings to many.

Layer:   edge (clock, disk). Runs the stages themselves in a temporary folder. What is stored are
         digests drawn from the embedded corpus, with its duplicates; what is new are invented ads
         with their texts, as a night's new postings are: to be parsed, read and compared.

A night is a process of its own, as in life: it starts its own workers and loads what it needs.
The build step is all that makes the published file and site anew from the whole store, and so
grows with it: the stages build, judge, check and publish. What is beyond it is ingest, extract and
the care of the lake before each. The growth is also told with the stage build alone as the step.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb

from pipeline.edge import runs, stages, workers
from pipeline.edge.bench_ads import write_ads
from pipeline.edge.bench_digests import duplicate_rate, write_digests_of
from pipeline.edge.bench_memory import Peak
from pipeline.edge.settings import Settings
from pipeline.errors import InputError
from pipeline.sources.files import FileSpec

_T = TypeVar("_T")
_BUILD_STEP = ("build", "judge", "check", "publish")
_NIGHTS = 5  # what a new posting costs is a fraction of a second: one night would measure noise


class Night(NamedTuple):
    """Seconds of one whole run and of each of its stages, and the most memory it took."""

    whole: float
    stages: dict[str, float]
    peak_mb: float

    @property
    def build_step(self) -> float:
        """Return the seconds of all that is made anew from the whole store."""
        return sum(self.stages[name] for name in _BUILD_STEP)

    @property
    def beyond_step(self) -> float:
        """Return the seconds of all but the build step."""
        return self.whole - self.build_step

    @property
    def beyond_stage(self) -> float:
        """Return the seconds of all but the stage build."""
        return self.whole - self.stages["build"]


def nightly(stored: int, new: int) -> dict[str, Any]:
    """Return the seconds of a night with `new` postings on `stored` ones, and on a tenth of them.

    seconds_build: the build step, which is build, judge, check and publish together. growth: the
    time a night takes besides it, as a multiple of the same at a tenth of the store; 1 means that a
    new posting costs the same however many are stored already. growth_build_alone: the same where
    judge, check and publish count as well, and only the stage build does not. The second night is
    run several times, in turns at both sizes; the quickest counts, growth_rounds has all.
    duplicate_rate: share of the postings stored that are duplicates, once published; of the
    embedded corpus as its digests tell.
    """
    if stored < 10 or new < 1:
        raise InputError(
            f"bench nightly: expected --stored of 10 or more and --new of 1 or more, "
            f"saw {stored} and {new}"
        )
    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as folder:
        small, _ = _first_night(Path(folder) / "tenth", stored // 10)
        large, first = _first_night(Path(folder) / "whole", stored)
        rate = _rate(large.warehouse)
        nights = [
            (_next_night(small, stored // 10, new), _next_night(large, stored, new))
            for _ in range(_NIGHTS)
        ]
    tenth, second = (
        min(some, key=lambda one: one.beyond_stage) for some in zip(*nights, strict=True)
    )
    return {
        "n_stored": stored,
        "n_new": new,
        "seconds_build": round(second.build_step, 3),
        "seconds_first": round(first.whole, 3),
        "seconds_incremental": round(second.whole, 3),
        "seconds_incremental_at_tenth": round(tenth.whole, 3),
        "growth": round(second.beyond_step / tenth.beyond_step, 3),
        "growth_rounds": [round(whole.beyond_step / part.beyond_step, 3) for part, whole in nights],
        "growth_build_alone": round(second.beyond_stage / tenth.beyond_stage, 3),
        "seconds_by_stage": {
            "first": first.stages,
            "incremental": second.stages,
            "incremental_at_tenth": tenth.stages,
        },
        "peak_memory_mb": round(max(first.peak_mb, *(whole.peak_mb for _, whole in nights))),
        "peak_memory_mb_incremental": round(max(whole.peak_mb for _, whole in nights)),
        "duplicate_rate": round(rate, 4),
        "duplicate_rate_corpus": round(duplicate_rate(), 4),
    }


def run_on_ads(folder: Path, count: int) -> Settings:
    """Publish `count` invented ads in a new data folder; return its settings."""
    settings = Settings(data=folder / "data", live={}, reference_enabled=False)
    settings = _with_ads(settings, folder)
    write_ads(folder / "ads" / "new.jsonl", count)
    _run(settings)
    return settings


def _first_night(folder: Path, stored: int) -> tuple[Settings, Night]:
    digests = folder / "digests"
    alone(write_digests_of, digests, stored)
    settings = Settings(data=folder / "data", live={}, reference_folder=digests)
    return settings, alone(_night, settings)


def _next_night(settings: Settings, stored: int, new: int) -> Night:
    """Run the second night on a copy of what the first one left."""
    folder = settings.data.with_name("night")
    again = replace(_with_ads(settings, folder), data=folder / "data")
    # links will do: files of the lake and the published one are replaced, never written to
    shutil.copytree(settings.data, again.data, copy_function=os.link)
    write_ads(folder / "ads" / "new.jsonl", new, first=stored)
    night = alone(_night, again)
    shutil.rmtree(folder)
    return night


def alone(work: Callable[..., _T], *arguments: object) -> _T:
    """Do a piece of work in a process of its own: none finds the memory or imports of others."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as one:
        return one.submit(work, *arguments).result()


def _with_ads(settings: Settings, folder: Path) -> Settings:
    (folder / "ads").mkdir(parents=True)
    ads = FileSpec("bench_ads", str(folder / "ads" / "*.jsonl"), frame="all_jobs")
    return replace(settings, files=(ads,))


def _night(settings: Settings) -> Night:
    """Run every stage in a process that ends with it: it would wait for its workers for ever."""
    try:
        return _run(settings)
    finally:
        workers.end()


def _run(settings: Settings) -> Night:
    """Run every stage once, as the flow does."""
    started = time.perf_counter()
    with Peak() as peak, runs.running(settings) as run_id:
        stages.ingest(settings, run_id)
        stages.extract(settings, run_id)
        stages.build(settings, run_id)
        stages.judge(settings, run_id)
        stages.check(settings, run_id)
        stages.publish(settings, run_id)
    whole = time.perf_counter() - started
    return Night(whole, runs.outcome(settings, run_id)["stages"], peak.mb)


def _rate(warehouse: Path) -> float:
    sql = "select avg((duplicate_of is not null)::integer) from core.postings"
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        (rate,) = connection.execute(sql).fetchone() or (0.0,)
    return float(rate)
