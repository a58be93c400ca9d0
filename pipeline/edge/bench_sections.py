"""The sections of the benchmarks' page, one a bench, each from the values that bench returned.

Layer:   edge (used by bench_page only).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.rivals import RIVALS

_TITLES = {
    "ours": "**ours**: a scan, and spaCy where it hits",
    "whole_spacy": "the whole text through our spaCy pipeline",
} | {name: one.what for name, one in RIVALS.items()}
_SETS = {
    "only scored": "never looked at",
    "given": "labelled by others",
    "looked at": "looked at",
}


def labelled(found: dict[str, Any] | None) -> str:
    """Return quality beside speed, on the labelled postings."""
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
    n = {name: one["n_labelled"] for name, one in found["ways"]["ours"]["quality"].items()}
    return (
        f"\n### Labelled postings: quality beside speed\n\n"
        f"{found['n_postings']:,} postings, {found['mb']:g} MB. About two thirds were drawn because"
        " they name a framework or a word like one: the hardest reading for the speed of ours."
        f" Labelled frameworks: {n['only scored']:,} in postings never looked at while the rules"
        f" were written, {n['given']:,} in postings labelled by others and {n['looked at']:,} in"
        " further ones labelled by us, both looked at. See the"
        " [extraction card](extraction_card.md).\n\n"
        + _table(
            ["way", "precision", "recall", "F1", *(f"F1, {one}" for one in _SETS.values()),
             "MB/s", "postings/s", "theirs / ours"],
            rows,
        )
    )  # fmt: skip


def others(found: dict[str, Any]) -> str:
    """Return the speeds on postings as they come."""
    return (
        f"\n### Postings as they come: speed\n\n{found['n_postings']:,} postings, {found['mb']:g}"
        f" MB, drawn evenly from: {found['of']}. {found['n_naming']:,} name a framework.\n\n"
        + _table(
            ["way", "MB/s", "postings/s", "theirs / ours"],
            ([_TITLES[name], *_speed(name, way)] for name, way in found["ways"].items()),
        )
    )


def _speed(name: str, way: dict[str, Any]) -> list[str]:
    ratio = way["ours_times_as_fast"]
    spread = f"{ratio['median']:g} ({ratio['lowest']:g}-{ratio['highest']:g})"
    return [f"{way['mb_per_s']:g}", f"{way['postings_per_s']:,}", "" if name == "ours" else spread]


def extract(found: dict[str, Any]) -> str:
    """Return what `bench extract` found."""
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
        f" {found['ratio']:g} times as fast (one round; the spread stands above).\n"
    )


def query(found: dict[str, Any]) -> str:
    """Return what `bench query` found."""
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
        " rounds. In memory: the loading is left out, for pandas alone."
        f" {same} of {twins} answers are the same in both.\n\n"
        + _table(["question", "DuckDB s", "pandas s", "pandas/DuckDB", "in memory"], rows)
        + "\nA dash: a question over small tables, without a twin in pandas.\n"
    )


def nightly(found: dict[str, Any]) -> str:
    """Return what `bench nightly` found."""
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
        f" postings takes {_spread(found['growth_rounds'])} times as long, in"
        f" {len(found['growth_rounds'])} rounds. Most memory at a time:"
        f" {found['peak_memory_mb']:,} MB.\n"
    )


def site(found: dict[str, Any]) -> str:
    """Return what `bench site` found."""
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
