"""The extraction card: how well extraction reads labelled postings, with intervals, as a page.

Layer:   edge (disk). `python -m pipeline.edge.card DUMPS GOLD` writes docs/extraction_card.md from
         the labels in docs/labels, whose texts are in a folder of dumps, and from a folder with
         labels.jsonl and postings.jsonl. Only labels are ours to publish, so the texts stay there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pipeline.edge.exchange import Exchange, read_posting, read_postings_file
from pipeline.edge.files import Row
from pipeline.edge.labelled import read_labels, records_of
from pipeline.errors import InputError
from pipeline.facts import extractor_version
from pipeline.mentions.score import Tally, tallied
from pipeline.records import Posting

DOCS = Path(__file__).parents[2] / "docs"
LOOKED_AT, ONLY_SCORED = "looked_at.jsonl", "only_scored.jsonl"
_DRAWS = 2_000
_SEED = 20_261_121
_FEW = 8  # postings; of fewer a group is only counted
_HN = ("hn_who_is_hiring", "hn_who_is_hiring_gapfill")
_COLUMNS = {
    "title": "title", "company": "employer", "location_raw": "location",
    "description": "description", "posted_at": "posted_on", "url": "url",
}  # fmt: skip
_ACCURACIES = frozenset(
    "requirement alternative employer_kind industry workplace language salary".split()
)
_NAMES = {
    "frameworks": "frameworks",
    "deep_learning_frameworks": "deep-learning frameworks",
    "requirement": "requirement of a found framework",
    "alternative": "alternative, where the requirement is right",
    "ecosystem": "ecosystem terms",
    "tools": "tools",
    "skills": "skill groups",
    "roles": "roles",
    "seniority": "seniority",
    "employer_kind": "employer kind",
    "industry": "industry",
    "domains": "domains",
    "countries": "countries",
    "metros": "metros",
    "workplace": "workplace",
    "language": "language",
    "salary": "pay, exactly",
}
_IN_GROUPS = ("frameworks", "requirement", "tools", "roles", "countries")
_HEAD = """\
# Extraction card

How well extraction reads postings that a person has labelled. Written by
`python -m pipeline.edge.card`; do not edit it. Extractor {version}.

Every figure is F1 (the harmonic mean of precision and recall, micro-averaged) or, where the table
says so, accuracy; in brackets its 95 % interval from {draws:,} resamples of whole postings. The
scripts, the rules and the words are in [methods.md](methods.md); the labels of our own sets are in
[labels/](labels/), without the postings' texts, which are not ours to publish.

| set | postings | naming a framework | what it is |
|---|---|---|---|
"""
_LIMITS = """\

## What it cannot do

- **Say how often it errs on another market.** About two thirds of each set were drawn because they
  name a framework or a word like one, half are from Hacker News, and nine in ten are in English.
- **Read requirement where nothing says it.** Cue words are known in English, German, French,
  Spanish, Dutch and Chinese; in every other language a framework is `mentioned`, never guessed.
- **Read texts that lost their punctuation** (one London collection) as well as others: its lists,
  headings and sentences run into each other.
- **Know employers it has never heard of.** Kind and industry come from a register of well-known
  names first, from what the ad says of itself second; people who label disagree on both, too.
- **Tell what a job is about from what it lists.** Domains are the softest label of all.
- **Follow links or images.** What stands only in a linked page or a picture is not read.
- **Agree with every reader.** Requirement and alternative follow the conventions in methods.md;
  two careful readers differ on some postings, and so does this program from each of them.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One set of labelled postings: its labels, and the postings by id."""

    name: str
    what: str
    labels: Sequence[Mapping[str, Any]]
    postings: Mapping[str, Posting]


def card(sets: Sequence[Labelled]) -> str:
    """Return the page of some sets of labelled postings, in their order."""
    scored = [_scored(one) for one in sets]
    page = _HEAD.format(version=extractor_version(), draws=_DRAWS)
    for one in sets:
        naming = sum(bool(label["frameworks"]) for label in one.labels)
        page += f"| {one.name} | {len(one.labels)} | {naming} | {one.what} |\n"
    page += "\n## By label\n\n"
    page += _table(
        ["label", "measure", *(one.name for one in sets)],
        [
            [shown, _measure(name), *(_with_interval(tallies.get(name)) for tallies in scored)]
            for name, shown in _NAMES.items()
        ],
    )
    for title, key in (("By language", _language), ("By source", _source)):
        page += f"\n## {title}\n\nAll sets together. A dash: nothing labelled to measure.\n\n"
        page += _groups(sets, scored, key)
    return page + _LIMITS


def _scored(one: Labelled) -> dict[str, Tally]:
    return tallied(one.labels, records_of(one.labels, one.postings.values()))


def _groups(
    sets: Sequence[Labelled],
    scored: Sequence[Mapping[str, Tally]],
    key: Callable[[Mapping[str, Any]], str],
) -> str:
    ids: dict[str, set[str]] = {}
    for one in sets:
        for label in one.labels:
            ids.setdefault(key(label), set()).add(label["id"])
    rows = []
    for group in sorted(ids, key=lambda group: (-len(ids[group]), group)):
        cells = [group or "unknown", str(len(ids[group]))]
        for name in _IN_GROUPS:
            counts = [
                counts
                for tallies in scored
                for posting, counts in tallies[name].by_posting.items()
                if posting in ids[group]
            ]
            cells.append(_f1(counts) if len(ids[group]) >= _FEW else "")
        rows.append(cells)
    heads = [f"{_NAMES[name]}" for name in _IN_GROUPS]
    return _table(["", "postings", *heads], rows)


def _language(label: Mapping[str, Any]) -> str:
    return str(label.get("language") or "")


def _source(label: Mapping[str, Any]) -> str:
    name = str(label["id"]).partition(":")[0]
    return "hn_hiring" if name == "hn" else name


def _measure(name: str) -> str:
    return "accuracy" if name in _ACCURACIES else "F1"


def _f1(counts: Iterable[tuple[int, int, int]]) -> str:
    right, made_up, missed = map(sum, zip((0, 0, 0), *counts, strict=True))
    labelled = 2 * right + made_up + missed
    return f"{2 * right / labelled:.3f}" if labelled else "-"


def _with_interval(tally: Tally | None) -> str:
    """Return F1 (of one label a posting: the accuracy) and its bootstrap interval."""
    if tally is None or not tally.by_posting:
        return "-"
    counts = np.array(list(tally.by_posting.values()))
    if not counts.sum():
        return "-"
    n = len(counts)
    draws = np.random.default_rng(_SEED).multinomial(n, [1 / n] * n, size=_DRAWS) @ counts
    labelled = 2 * draws[:, 0] + draws[:, 1] + draws[:, 2]
    shares = 2 * draws[labelled > 0, 0] / labelled[labelled > 0]
    low, high = np.quantile(shares, [0.025, 0.975])
    return f"{_f1(tally.by_posting.values())} ({low:.2f}-{high:.2f})"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def labelled_sets(dumps: Path, gold: Path) -> list[Labelled]:
    """Return the sets: the given one, and ours by whether their texts were looked at."""
    given = read_labels(gold / "labels.jsonl")
    looked, blind = (read_labels(DOCS / "labels" / name) for name in (LOOKED_AT, ONLY_SCORED))
    return [
        Labelled(
            "given", "labelled by others; looked at while the rules were written", given,
            {one.posting_id: one for one in read_postings_file(
                str(gold / "postings.jsonl"), Exchange())},
        ),
        Labelled("looked at", "labelled by us; looked at while the rules were written", looked,
                 _postings(dumps, looked)),
        Labelled("only scored", "labelled by us; never looked at, scored at the end", blind,
                 _postings(dumps, blind)),
    ]  # fmt: skip


def _postings(dumps: Path, labels: Sequence[Mapping[str, Any]]) -> dict[str, Posting]:
    """Return the labelled postings of a folder of dumps; an ad of a thread has its text only."""
    wanted: dict[str, list[str]] = {}
    for label in labels:
        source, _, source_id = label["id"].partition(":")
        for name in _HN if source == "hn" else (source,):
            wanted.setdefault(name, []).append(source_id)
    found: dict[str, Posting] = {}
    for name, ids in wanted.items():
        table = pq.read_table(dumps / f"{name}.parquet", filters=[("source_id", "in", ids)])
        for values in table.to_pylist():
            shown = {ours: values[theirs] for theirs, ours in _COLUMNS.items()}
            if name in _HN:
                shown |= {"title": None, "employer": None, "location": None}
            shown["source"] = "hn" if name in _HN else name
            shown["posting_id"] = f"{shown['source']}:{values['source_id']}"
            made = read_posting(Row(1, shown))
            if isinstance(made, Posting):
                found.setdefault(made.posting_id, made)
    if missing := {label["id"] for label in labels} - found.keys():
        raise InputError(f"{dumps}: expected posting {min(missing)} and {len(missing) - 1} others")
    return found


if __name__ == "__main__":
    page = card(labelled_sets(Path(sys.argv[1]), Path(sys.argv[2])))
    (DOCS / "extraction_card.md").write_text(page, encoding="utf-8")
