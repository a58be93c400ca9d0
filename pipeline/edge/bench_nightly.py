"""How long a night takes: the first one, and one that adds a few postings to many.

Layer:   edge (clock, disk). Runs the stages themselves in a temporary folder, on invented ads.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipeline.edge import runs, stages
from pipeline.edge.bench_ads import write_ads
from pipeline.edge.settings import Settings
from pipeline.errors import InputError
from pipeline.sources.files import FileSpec

_NIGHTS = 3  # what a new posting costs is a fraction of a second: one night would measure noise
_WARM_UP = 200  # ads of a first small night that starts the workers and loads the lexicon


class Night(NamedTuple):
    """Seconds of one whole run, and of its build, judge, check and publish alone."""

    whole: float
    build: float


def nightly(stored: int, new: int) -> dict[str, float]:
    """Return the seconds of a night with `new` postings on `stored` ones, and on a tenth of them.

    growth: the time a night takes besides its build, as a multiple of the same at a tenth of the
    store; 1 means that a new posting costs the same however many are stored already.
    """
    if stored < 10 or new < 1:
        raise InputError(
            f"bench nightly: expected --stored of 10 or more and --new of 1 or more, "
            f"saw {stored} and {new}"
        )
    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as folder:
        run_on_ads(Path(folder) / "warm-up", min(_WARM_UP, stored))
        _, tenth = _two_nights(Path(folder) / "tenth", stored // 10, new)
        first, second = _two_nights(Path(folder) / "whole", stored, new)
    return {
        "seconds_build": round(second.build, 3),
        "seconds_first": round(first.whole, 3),
        "seconds_incremental": round(second.whole, 3),
        "seconds_incremental_at_tenth": round(tenth.whole, 3),
        "growth": round((second.whole - second.build) / (tenth.whole - tenth.build), 3),
    }


def run_on_ads(folder: Path, count: int) -> Settings:
    """Publish `count` invented ads in a new data folder; return its settings."""
    settings = _settings(folder)
    write_ads(folder / "ads" / "stored.jsonl", count)
    _run(settings)
    return settings


def _two_nights(folder: Path, stored: int, new: int) -> tuple[Night, Night]:
    """Run a first night, and then the same second night several times; the quickest counts."""
    settings = _settings(folder)
    write_ads(folder / "ads" / "stored.jsonl", stored)
    first = _run(settings)
    write_ads(folder / "ads" / "new.jsonl", new, first=stored)
    nights = []
    for number in range(_NIGHTS):
        again = replace(settings, data=folder / f"night-{number}")
        shutil.copytree(settings.data, again.data)
        nights.append(_run(again))
    return first, min(nights, key=lambda night: night.whole - night.build)


def _settings(folder: Path) -> Settings:
    (folder / "ads").mkdir(parents=True)
    return Settings(
        data=folder / "data",
        files=(FileSpec("bench_ads", str(folder / "ads" / "*.jsonl"), frame="all_jobs"),),
        live={},
        reference_enabled=False,
    )


def _run(settings: Settings) -> Night:
    """Run every stage once, as the flow does."""
    started = time.perf_counter()
    with runs.running(settings) as run_id:
        stages.ingest(settings, run_id)
        stages.extract(settings, run_id)
        extracted = time.perf_counter()
        stages.build(settings, run_id)
        stages.judge(settings, run_id)
        stages.check(settings, run_id)
        stages.publish(settings, run_id)
        published = time.perf_counter()
    return Night(time.perf_counter() - started, published - extracted)
