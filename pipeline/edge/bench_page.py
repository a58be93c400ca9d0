"""The page of the benchmarks: every result of one `make bench`, as Markdown.

Layer:   edge (disk, clock). `python -m pipeline.edge.bench_page FOLDER` reads FOLDER/NAME.json of
         every bench and writes docs/benchmarks.json, which is all of them, and docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.edge.card import DOCS
from pipeline.errors import InputError
from pipeline.facts import extractor_version
from pipeline.rivals import RIVALS

BENCHES = ("side-by-side", "extract", "query", "nightly", "site")
_COMPARED = ("spacy", "ahocorasick-rs", "duckdb", "pandas")
_TITLES = {
    "ours": "**ours**: a scan, and spaCy where it hits",
    "whole_spacy": "the whole text through our spaCy pipeline",
} | {name: one.what for name, one in RIVALS.items()}
_SETS = {
    "only scored": "never looked at",
    "given": "labelled by others",
    "looked at": "looked at",
}
_HEAD = """\
# Benchmarks

Written by `make bench`; do not edit it. The same figures as JSON are in
[benchmarks.json](benchmarks.json).

Measured on {date} with {cores} cores ({machine}), Python {python}, extractor {extractor}; {versions}.
Seconds hold for this machine only, and other work may have run on it meanwhile. What is compared
therefore takes turns within seconds of each other, in one process, and a ratio is told with its
lowest and its highest round. Prefer ratios to seconds.

## Framework names, side by side

One core, plain text ready in memory, {rounds} rounds; every round all ways take turns on each
250,000 bytes. All get the same {n_names} spellings of our lexicon, or of them the {n_clear} that
are clear by themselves. "Ours is as fast" is the time of the way over the time of ours in the same
round: the median and, in brackets, the lowest and highest round. **Below 1 the way is faster than
ours.**
"""
_FAIR = """\

What is **not** comparable:

- The rivals find names and nothing else. Ours also looks for the packages around a framework, tells
  an ambiguous name by its sense, keeps where each mention stands, and says whether it is required,
  preferred, one of several, or ruled out. That work is in our time.
- The whole record (roles, tools, pay, places, employer and more) takes longer: `facts` below.
- The names were found by reading postings of the kind that are labelled, so all who use them gain.
- skillNer gets a blank spaCy pipeline in which each word is its own lemma, and our names as its
  list: its own model and list would have to be downloaded. With those it is slower, and finds
  skills of all kinds.
- The ways that are not ours take no part in a run. They come with `requirements-bench.lock`.

Other skill extractors of PyPI were tried and left out, since each needs weights that it downloads
when it is first used: `skill-extractor` 0.2.0 (a sentence model; without it a port of flashtext is
left) and `esco-skill-extractor` 0.1.18 (a sentence model, and PyTorch to run it).
`nlp_skillextractor` could not be installed: the registry has none of that name.
"""


def page(results: dict[str, Any]) -> str:
    """Return the page of some results: of `machine`, and of each bench by its name."""
    machine, beside = results["machine"], results["side-by-side"]
    rivals = {RIVALS[name].needs: one for name, one in beside["versions"].items() if one}
    versions = machine["versions"] | rivals
    text = _HEAD.format(
        **machine | {"versions": ", ".join(f"{name} {one}" for name, one in versions.items())},
        rounds=beside["rounds"],
        n_names=beside["n_names"],
        n_clear=beside["n_names_clear"],
    )
    for one, why in beside["left_out"].items():
        text += f"\nNot measured: {one} ({why}).\n"
    text += _labelled(beside["labelled"]) + _others(beside["others"]) + _FAIR
    parts = {"extract": _extract, "query": _query, "nightly": _nightly, "site": _site}
    return text + "".join(part(results[name]) for name, part in parts.items())


def _labelled(found: dict[str, Any] | None) -> str:
    if not found:
        return (
            "\n### Labelled postings\n\nQuality could not be measured: the texts of the labelled "
            "postings were not at hand. See `jobmarket bench --help`, `--dumps` and `--gold`.\n"
        )
    rows = []
    for name, way in found["ways"].items():
        quality = way["quality"]
        every = quality["all"]
        f1s = [_number(quality[one]["f1"]) for one in _SETS]
        measures = [_number(every[key]) for key in ("precision", "recall", "f1")]
        rows.append([_TITLES[name], *measures, *f1s, *_speed(name, way)])
    counts = ", ".join(
        f"{one['n_labelled']:,} {_SETS[name]}"
        for name, one in found["ways"]["ours"]["quality"].items()
        if name in _SETS
    )
    return (
        f"\n### Labelled postings: quality beside speed\n\n"
        f"{found['n_postings']:,} postings, {found['mb']:g} MB. About two thirds were drawn because"
        " they name a framework or a word like one: the hardest reading for the speed of ours."
        f" Labelled frameworks: {counts} while the rules were written. We labelled all but those"
        " labelled by others.\n\n"
        + _table(
            ["way", "precision", "recall", "F1", *(f"F1, {one}" for one in _SETS.values()),
             "MB/s", "postings/s", "ours is as fast"],
            rows,
        )
    )  # fmt: skip


def _others(found: dict[str, Any]) -> str:
    return (
        f"\n### Postings as they come: speed\n\n{found['n_postings']:,} postings, {found['mb']:g}"
        f" MB, drawn evenly from: {found['of']}. Most name no framework.\n\n"
        + _table(
            ["way", "MB/s", "postings/s", "ours is as fast"],
            ([_TITLES[name], *_speed(name, way)] for name, way in found["ways"].items()),
        )
    )


def _speed(name: str, way: dict[str, Any]) -> list[str]:
    ratio = way["ours_times_as_fast"]
    spread = f"{ratio['median']:g} ({ratio['lowest']:g}-{ratio['highest']:g})"
    return [f"{way['mb_per_s']:g}", f"{way['postings_per_s']:,}", "" if name == "ours" else spread]


def _extract(found: dict[str, Any]) -> str:
    return (
        "\n## Extraction\n\n`jobmarket bench extract`: "
        f"{found['n_postings']:,} postings, {found['mb']:g} MB, one core. The scan alone is the"
        " lower bound of what any way takes.\n\n"
        + _table(
            ["what", "MB/s"],
            [
                ["the bare scan", f"{found['scan_mb_per_s']:g}"],
                ["mentions, ours", f"{found['fast_mb_per_s']:g}"],
                ["mentions, the whole text through spaCy", f"{found['full_mb_per_s']:g}"],
                ["facts: the whole record", f"{found['facts_mb_per_s']:g}"],
            ],
        )
        + f"\nBoth ways gave {'the same' if found['identical'] else 'different'} mentions; ours is"
        f" {found['ratio']:g} times as fast.\n"
    )


def _query(found: dict[str, Any]) -> str:
    rows = []
    for name, one in found["questions"].items():
        spread = _spread(one["ratio_rounds"]) if one["ratio_rounds"] else "-"
        cells = [one[key] for key in ("seconds_pandas", "ratio_in_memory")]
        shown = [f"{cell:g}" if cell is not None else "-" for cell in cells]
        rows.append([name, f"{one['seconds_duckdb']:g}", shown[0], spread, shown[1]])
    same = sum(bool(one["is_same"]) for one in found["questions"].values())
    twins = sum(one["is_same"] is not None for one in found["questions"].values())
    return (
        f"\n## Questions, against pandas\n\n`jobmarket bench query`: {found['n_mentions']:,}"
        f" mentions of {found['n_postings']:,} postings, copies of the embedded corpus, built in"
        f" {found['seconds_build']:g} s. Both start from the published file: DuckDB reads what an"
        " answer takes, pandas loads the columns it needs first. Seconds are the quickest of the"
        " rounds, the ratio is the median of the rounds with the lowest and highest; in memory: with"
        f" the loading left out for pandas alone. {same} of {twins} answers are the same in both.\n\n"
        + _table(["question", "DuckDB s", "pandas s", "pandas/DuckDB", "in memory"], rows)
        + "\nA dash: a question over small tables, without a twin in pandas.\n"
    )


def _nightly(found: dict[str, Any]) -> str:
    stages = found["seconds_by_stage"]
    return (
        f"\n## A night\n\n`jobmarket bench nightly`: {found['n_stored']:,} postings stored, then"
        f" {found['n_new']:,} new ones; the second night also on a tenth of the store.\n\n"
        + _table(
            ["seconds", "first night", "second night", "second, a tenth stored"],
            [
                ["whole", *(f"{found[f'seconds_{name}']:g}" for name in stages)],
                *([one, *(f"{stages[name][one]:g}" for name in stages)] for one in stages["first"]),
            ],
        )
        + "\nBesides building the published file and site anew, a night on ten times as many"
        f" postings takes {_spread(found['growth_rounds'])} times as long: the median of"
        f" {len(found['growth_rounds'])} rounds, the lowest and the highest. Most memory at a time:"
        f" {found['peak_memory_mb']:,} MB.\n"
    )


def _site(found: dict[str, Any]) -> str:
    sizes = sorted(found["bytes_per_page"].values())
    first = found["seconds_first_interaction"]
    told = f"{first:g} s (median of three)" if first is not None else "not measured, no Chromium"
    return "\n## The site\n\n`jobmarket bench site`:\n\n" + _table(
        ["what", "figure"],
        [
            ["pages", f"{len(sizes):,}"],
            ["bytes of a page, median", f"{round(statistics.median(sizes)):,}"],
            ["bytes of the largest page", f"{sizes[-1]:,}"],
            ["bytes in all", f"{found['bytes_in_all']:,}"],
            ["seconds to build", f"{found['seconds_build']:g}"],
            ["until the first page's filter has answered", told],
        ],
    )


def _spread(rounds: Sequence[float]) -> str:
    return f"{statistics.median(rounds):g} ({min(rounds):g}-{max(rounds):g})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


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
