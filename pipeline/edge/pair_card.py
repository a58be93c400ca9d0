"""The duplicates card: how well copies are told from other jobs, on pairs that a person labelled.

Layer:   edge (disk). `python -m pipeline.edge.pair_card DUMPS` writes docs/duplicates_card.md from
         docs/labels/pairs_*.jsonl; the postings themselves stay in the folder of dumps.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from pipeline.edge import workers
from pipeline.edge.corpus import spec_of
from pipeline.edge.files import Row, read_rows
from pipeline.edge.reference import datasets
from pipeline.errors import InputError
from pipeline.postings.dedupe import Copy, Outline, duplicates, outline
from pipeline.records import Posting
from pipeline.sources.files import FileSpec, columns, posting_from_row, row_id

DOCS = Path(__file__).parents[2] / "docs"
SETS = {"looked at": "pairs_looked_at.jsonl", "only scored": "pairs_only_scored.jsonl"}
SAME = "same_job"
_DRAWS = 2_000
_SEED = 20_261_121
_CHUNK = 3_000
_HEAD = """\
# Duplicates card

How well the rule of `pipeline/postings/dedupe.py` tells that two postings are one job. Written by
`python -m pipeline.edge.pair_card`; do not edit it.

A person read {n} pairs and said of each whether it is the same job, the same role opened again, or
another job: [labels/PAIRS.md](labels/PAIRS.md). Half of them were looked at while the rule was
written, the other half was only scored. A pair counts as found where the rule puts both postings
into one group. Random pairs and pairs that no candidate search would propose are among them, so
recall is not recall among candidates; but the strata are chosen, so precision and recall hold for
this mix of pairs, which is harder than the postings' own. In brackets: 95 % intervals from
{draws:,} resamples of whole pairs.

| set | pairs | same job | precision | recall | F1 |
|---|---|---|---|---|---|
"""


def pair_card(sets: Mapping[str, Sequence[Mapping[str, str]]], copies: Iterable[Copy]) -> str:
    """Return the page; sets: labelled pairs by the set's name."""
    group = {one.posting_id: one.duplicate_of for one in copies}

    def is_found(pair: Mapping[str, str]) -> bool:
        return group.get(pair["a"], pair["a"]) == group.get(pair["b"], pair["b"])

    page = _HEAD.format(n=sum(map(len, sets.values())), draws=_DRAWS)
    for name, pairs in sets.items():
        truth = np.array([pair["label"] == SAME for pair in pairs])
        found = np.array([is_found(pair) for pair in pairs])
        low, high = _intervals(truth, found)
        shown = " | ".join(
            f"{value:.3f} ({a:.3f}-{b:.3f})"
            for value, a, b in zip(_measures(truth, found), low, high, strict=True)
        )
        page += f"| {name} | {len(pairs)} | {truth.sum()} | {shown} |\n"
    page += "\n## By stratum\n\nBoth sets together: how many pairs of each label were joined.\n\n"
    page += (
        "| stratum | same job | of these joined | other opening or different | of these joined |\n"
    )
    page += "|---|---|---|---|---|\n"
    every = [pair for pairs in sets.values() for pair in pairs]
    counts = Counter((one["stratum"], one["label"] == SAME, is_found(one)) for one in every)
    for stratum in sorted({one["stratum"] for one in every}):
        same, other = ([counts[stratum, is_same, found] for found in (True, False)]
                       for is_same in (True, False))  # fmt: skip
        page += f"| {stratum} | {sum(same)} | {same[0]} | {sum(other)} | {other[0]} |\n"
    return page


def _measures(truth: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    both = float((truth & found).sum())
    return (
        both / max(1.0, float(found.sum())),
        both / max(1.0, float(truth.sum())),
        2 * both / max(1.0, float(found.sum() + truth.sum())),
    )


def _intervals(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    draws = np.random.default_rng(_SEED).integers(0, len(truth), (_DRAWS, len(truth)))
    measured = [_measures(truth[drawn], found[drawn]) for drawn in draws]
    return np.quantile(np.array(measured), [0.025, 0.975], axis=0)


def labelled_pairs() -> dict[str, list[dict[str, str]]]:
    """Return the labelled pairs of docs/labels by set."""
    return {
        name: [json.loads(line) for line in (DOCS / "labels" / file).read_text().splitlines()]
        for name, file in SETS.items()
    }


def outlines_of(dumps: Path) -> list[Outline]:
    """Return the outlines of every posting of a folder of datasets; raises InputError."""
    found: list[Outline] = []
    for name, entry in sorted(datasets(None).items()):
        if not (dumps / f"{name}.parquet").exists() or entry.get("left_out"):
            continue
        spec = spec_of(name, entry, dumps)
        rows = [row.values for row in read_rows(Path(spec.path)) if isinstance(row, Row)]
        jobs = ((rows[at : at + _CHUNK], spec) for at in range(0, len(rows), _CHUNK))
        for part in workers.run_in_order(_outlines, jobs):
            found += part
    if not found:
        raise InputError(f"{dumps}: holds none of the datasets; name the folder of dumps")
    return list({one.posting_id: one for one in reversed(found)}.values())


def _outlines(rows: Sequence[Mapping[str, object]], spec: FileSpec) -> list[Outline]:
    """Return the outlines of some rows (runs in a worker)."""
    chosen = columns(spec, list(rows[0])) if rows else {}
    made = (posting_from_row(row, chosen, spec, row_id(row, chosen, spec)) for row in rows)
    return [outline(one) for one in made if isinstance(one, Posting)]


if __name__ == "__main__":
    page = pair_card(labelled_pairs(), duplicates(outlines_of(Path(sys.argv[1]))))
    (DOCS / "duplicates_card.md").write_text(page, encoding="utf-8")
