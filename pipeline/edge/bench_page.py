"""The page of the benchmarks: every result of one `make bench`, as Markdown.

Layer:   edge (disk, clock). `python -m pipeline.edge.bench_page FOLDER` reads FOLDER/NAME.json of
         every bench and writes docs/benchmarks.json, which is all of them, and docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.edge import bench_sections
from pipeline.edge.card import DOCS
from pipeline.errors import InputError
from pipeline.facts import extractor_version
from pipeline.rivals import RIVALS

BENCHES = ("side-by-side", "extract", "query", "nightly", "site")
_COMPARED = ("spacy", "ahocorasick-rs", "duckdb", "pandas")
_HEAD = """\
# Benchmarks

Written by `make bench`; do not edit it. The same figures as JSON are in
[benchmarks.json](benchmarks.json).

Measured on {date} with {cores} cores ({machine}), Python {python}, extractor {extractor};
{versions}. Seconds hold for this machine only, and other work may have run on it meanwhile. What is
compared therefore takes turns, and a ratio is told as the median of its rounds with, in brackets,
the lowest and the highest. Prefer ratios to seconds.

## Framework names, side by side

One process, one core, plain text ready in memory, timed by the CPU, {rounds} rounds; in each of
them all ways take turns on every 250,000 bytes. All get the same {n_names} spellings of our
lexicon, or of them the {n_names_clear} that are clear by themselves. "Theirs / ours" is the time of
a way over the time of ours in the same round. **Below 1 the way is faster than ours.**
"""
_FAIR = """\

What is **not** comparable:

- The rivals find names and nothing else. Ours also looks for the packages around a framework, tells
  an ambiguous name by its sense, keeps where each mention stands, and says whether it is required,
  preferred, one of several, or ruled out. That work is in our time.
- The whole record (roles, tools, pay, places, employer and more) takes longer: `facts` below.
- All names are ours, and our lexicon was written while some of these postings were read: every way
  gains by that, and none had to find out how frameworks are spelt.
- skillNer gets our names, and a blank spaCy pipeline in which each word is its own lemma: the list
  and the model that it is meant to run with would have to be downloaded. So its figures are those
  of its matching, not of skillNer as its authors set it up.
- The ways that are not ours take no part in a run. They come with `requirements-bench.lock`.

Two more skill extractors of PyPI were looked at and not run, since by their code each downloads
weights when it is first used: `skill-extractor` 0.2.0 (a sentence model; without it a port of
flashtext is left) and `esco-skill-extractor` 0.1.18 (a sentence model, and PyTorch to run it).
"""


def page(results: dict[str, Any]) -> str:
    """Return the page of some results: of `machine`, and of each bench by its name."""
    machine, beside = results["machine"], results["side-by-side"]
    versions = machine["versions"] | {
        RIVALS[name].needs: one for name, one in beside["versions"].items() if one
    }
    shown = ", ".join(f"{name} {one}" for name, one in versions.items())
    text = _HEAD.format(**beside | machine | {"versions": shown})
    for one, why in beside["left_out"].items():
        text += f"\nNot measured: {one} ({why}).\n"
    return (
        text
        + bench_sections.labelled(beside["labelled"])
        + bench_sections.others(beside["others"])
        + _FAIR
        + bench_sections.extract(results["extract"])
        + bench_sections.query(results["query"])
        + bench_sections.nightly(results["nightly"])
        + bench_sections.site(results["site"])
    )


def read_results(folder: Path) -> dict[str, Any]:
    """Return what one run of every bench gave, and the machine and day of it."""
    results: dict[str, Any] = {"machine": _machine()}
    for name in BENCHES:
        path = folder / f"{name}.json"
        if not path.is_file():
            raise InputError(f"{path}: not there; run `jobmarket bench {name} --json > {path}`")
        results[name] = json.loads(path.read_text(encoding="utf-8"))
    return results


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "machine": f"{platform.system()}, {platform.machine()}",
        "python": platform.python_version(),
        "extractor": extractor_version(),
        "versions": {name: version(name) for name in _COMPARED},
    }


def write(folder: Path, docs: Path = DOCS) -> None:
    """Write both files of the page from a folder of results."""
    results = read_results(folder)
    (docs / "benchmarks.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (docs / "benchmarks.md").write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
