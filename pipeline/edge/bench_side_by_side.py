"""Our extraction beside what others would use: speed and quality, on the same postings.

Layer:   edge (clock). One process, one core, plain text ready in memory, everything warmed up. In
         every round all ways take turns on each stretch of text, and each round begins with
         another one, so that whatever else the machine does meets them alike.
Quirk:   ours looks for the packages around a framework as well, and says how each is asked for;
         the rivals only find names. The whole-text way is what ours would be without its scan.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import rivals
from pipeline.edge.bench_extract import (
    Texts,
    in_turns,
    postings_of,
    size_of,
    stretches,
    texts_of,
)
from pipeline.edge.card import Labelled, labelled_sets
from pipeline.errors import InputError
from pipeline.mentions.find import framework_mentions
from pipeline.mentions.score import Tally
from pipeline.records import Posting

_CLOCK = time.process_time  # none of them waits or has threads: others' work is not in it
OURS, WHOLE = "ours", "whole_spacy"
_DRAWN = 2_000_000  # bytes, drawn evenly from postings without labels: the slowest sets the pace

Ready = Sequence[tuple[Posting, Texts]]
Way = Callable[[Ready], list[set[str]]]  # the frameworks that each posting names


def side_by_side(
    source: str | None, dumps: str | None, gold: str | None, rounds: int
) -> dict[str, Any]:
    """Return what each way finds and how fast, on labelled postings and on others.

    source: a file of postings to measure speed on; without one, invented ads.
    dumps, gold: the folders of the labelled postings' texts, see card.py; without both, quality
    cannot be measured and `labelled` is null.
    by_round: MB (10^6 bytes of UTF-8) a second of CPU time, in each round. ours_times_as_fast:
    median, lowest and highest of the rounds; below 1 the rival is faster. left_out: why a rival was
    not measured. n_naming: how many postings name a framework, by ours.
    """
    if rounds < 1:
        raise InputError(f"bench side-by-side: expected --rounds of 1 or more, saw {rounds}")
    sets = labelled_sets(Path(dumps), Path(gold)) if dumps and gold else []
    of = Path(source).stem if source else "invented ads"
    found = compare(sets, _drawn(source), rounds)
    found["others"] = {"of": of} | found["others"]
    return found


def compare(sets: Sequence[Labelled], others: Ready, rounds: int) -> dict[str, Any]:
    """Return what `side_by_side` does, of postings that are there already."""
    installed = {name: one for name, one in rivals.RIVALS.items() if one.is_there}
    ways = {OURS: _ours(fast=True), WHOLE: _ours(fast=False)}
    ways |= {name: _rival(one.ready()) for name, one in installed.items()}
    return {
        "rounds": rounds,
        "n_names": len(rivals.framework_names()),
        "n_names_clear": len(rivals.framework_names(clear_only=True)),
        "versions": {name: one.version for name, one in installed.items()},
        "left_out": {
            one.needs: "not installed; `make bench` installs requirements-bench.lock"
            for one in rivals.RIVALS.values()
            if not one.is_there
        },
        "labelled": _on_labelled(sets, ways, rounds) if sets else None,
        "others": _measured(others, ways, rounds)[0],
    }


def _ours(*, fast: bool) -> Way:
    return lambda stretch: [
        {
            one.framework
            for name, text in texts
            for one in framework_mentions(
                name,
                text,
                posted_on=posting.posted_on,
                context=dict(texts).get("title", ""),
                fast=fast,
            )
            if one.kind == "framework"
        }
        for posting, texts in stretch
    ]


def _rival(find: rivals.Find) -> Way:
    return lambda stretch: [
        {one for _, text in texts for one in find(text)} for _, texts in stretch
    ]


def _drawn(source: str | None) -> Ready:
    ready = [one for one in with_texts(postings_of(source)) if one[1]]
    if not ready:
        raise InputError(f"{source}: expected postings with a title or description, saw none")
    every = max(1, round(sum(size_of(texts) for _, texts in ready) / _DRAWN))
    return ready[::every]


def with_texts(postings: Iterable[Posting]) -> list[tuple[Posting, Texts]]:
    """Return postings, each with its texts that are measured."""
    return [(posting, texts_of(posting)) for posting in postings]


def _on_labelled(sets: Sequence[Labelled], ways: Mapping[str, Way], rounds: int) -> dict[str, Any]:
    ready = [pair for one in sets for pair in with_texts(one.postings.values())]
    measured, found = _measured(ready, ways, rounds)
    ids = [posting.posting_id for posting, _ in ready]
    for name, way in measured["ways"].items():
        by_id = dict(zip(ids, found[name], strict=True))
        way["quality"] = {one.name: _quality([one], by_id) for one in sets}
        way["quality"]["all"] = _quality(sets, by_id)
    return measured


def _quality(sets: Sequence[Labelled], found: Mapping[str, set[str]]) -> dict[str, Any]:
    tally = Tally()
    for one in sets:
        for label in one.labels:
            named = [framework["name"] for framework in label["frameworks"] or ()]
            tally.compare(label["id"], named, found[label["id"]])
    return {key: value for key, value in tally.measures().items() if key != "misses"}


def _measured(
    ready: Ready, ways: Mapping[str, Way], rounds: int
) -> tuple[dict[str, Any], dict[str, list[set[str]]]]:
    """Return the speeds of every way, and what it found in each posting."""
    sizes = [size_of(texts) for _, texts in ready]
    cut = list(stretches(ready, sizes))
    seconds: dict[str, list[float]] = {name: [0.0] * rounds for name in ways}
    found: dict[str, list[set[str]]] = {name: [] for name in ways}
    in_turns(list(ways.values()), cut[0], 1)  # warm
    for number in range(rounds):
        first = number % len(ways)
        order = [*ways][first:] + [*ways][:first]
        for stretch in cut:
            spent, results = in_turns([ways[name] for name in order], stretch, 1, _CLOCK)
            for name, one, result in zip(order, spent, results, strict=True):
                seconds[name][number] += one
                if not number:
                    found[name] += result
    mb = sum(sizes) / 1e6
    speeds = {name: _speeds(each, seconds[OURS], mb, len(ready)) for name, each in seconds.items()}
    naming = sum(map(bool, found[OURS]))
    return {
        "n_postings": len(ready),
        "n_naming": naming,
        "mb": round(mb, 3),
        "ways": speeds,
    }, found


def _speeds(
    seconds: Sequence[float], ours: Sequence[float], mb: float, n_postings: int
) -> dict[str, Any]:
    middle = statistics.median(seconds)
    ratios = [theirs / own for theirs, own in zip(seconds, ours, strict=True)]
    return {
        "mb_per_s": _rounded(mb / middle),
        "postings_per_s": round(n_postings / middle),
        "by_round": [_rounded(mb / one) for one in seconds],
        "ours_times_as_fast": {
            "median": _rounded(statistics.median(ratios)),
            "lowest": _rounded(min(ratios)),
            "highest": _rounded(max(ratios)),
        },
    }


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
