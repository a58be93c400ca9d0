"""Score: precision, recall and F1 of facts against labelled postings, with the misses.

Layer:   mentions (pure). Labels are those of TAXONOMY; a label's posting is found by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.mentions.lexicon import load

_SETS = ("ecosystem", "tools", "skills", "roles", "seniority", "domains", "countries", "metros")
_VALUES = ("employer_kind", "industry", "workplace", "language")
_MOST_MISSES = 200


@dataclass(slots=True)
class Tally:
    """Counts of one label type; `misses` names what was missed or made up, and where.

    by_posting: (right, made up, missed) of each posting, by its id
    """

    by_posting: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    misses: list[dict[str, Any]] = field(default_factory=list)

    def compare(self, posting_id: str, labelled: Iterable[str], found: Iterable[str]) -> None:
        """Count one posting's labels against what was found."""
        wanted, got = set(labelled), set(found)
        self.by_posting[posting_id] = len(wanted & got), len(got - wanted), len(wanted - got)
        if wanted != got and len(self.misses) < _MOST_MISSES:
            self.misses.append(
                {"id": posting_id, "missed": sorted(wanted - got), "made_up": sorted(got - wanted)}
            )

    def measures(self) -> dict[str, Any]:
        """Return precision, recall, F1 (0-1, None without a denominator) and n labelled."""
        right, made_up, missed = map(sum, zip((0, 0, 0), *self.by_posting.values(), strict=True))
        found, labelled = right + made_up, right + missed
        precision = right / found if found else None
        recall = right / labelled if labelled else None
        f1 = 2 * right / (found + labelled) if found + labelled else None
        return {
            "precision": _rounded(precision),
            "recall": _rounded(recall),
            "f1": _rounded(f1),
            "n_labelled": labelled,
            "n_found": found,
            "misses": self.misses,
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def score(
    labels: Iterable[Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the measures of every label type.

    labels: labelled postings (key `id`); found: facts records by posting_id.
    """
    return {name: tally.measures() for name, tally in tallied(labels, found).items()}


def tallied(
    labels: Iterable[Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]
) -> dict[str, Tally]:
    """Return the counts of every label type, for those who need more than their sums."""
    names = ["frameworks", "deep_learning_frameworks", "requirement", "alternative"]
    tallies = {name: Tally() for name in [*names, *_SETS, *_VALUES, "salary"]}
    for label in labels:
        record = found.get(label["id"])
        if record is None:
            continue
        _frameworks(tallies, label, record)
        for name in _SETS:
            if name not in label:  # not every set of labels has every type
                continue
            tallies[name].compare(label["id"], label[name] or (), record[name])
        for name in _VALUES:
            if label.get(name):
                tallies[name].compare(label["id"], [label[name]], [record[name] or "unknown"])
        tallies["salary"].compare(label["id"], _pay(label.get("salary")), _pay(record["salary"]))
    return tallies


def _frameworks(
    tallies: Mapping[str, Tally], label: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    wanted = {one["name"]: one for one in label.get("frameworks") or ()}
    got = {one["name"]: one for one in record["frameworks"]}
    deep = {term.id for term in load().terms if term.deep_learning}
    tallies["frameworks"].compare(label["id"], wanted, got)
    tallies["deep_learning_frameworks"].compare(label["id"], deep & set(wanted), deep & set(got))
    # how a framework is named is judged on those that both sides name
    both = sorted(wanted.keys() & got.keys())
    tallies["requirement"].compare(
        label["id"],
        (f"{name}:{wanted[name]['requirement']}" for name in both),
        (f"{name}:{got[name]['requirement']}" for name in both),
    )
    asked = {"required", "preferred"}
    agreed = [
        name
        for name in both
        if wanted[name]["requirement"] in asked
        and wanted[name]["requirement"] == got[name]["requirement"]
    ]
    tallies["alternative"].compare(
        label["id"],
        (f"{name}:{wanted[name]['alternative']}" for name in agreed),
        (f"{name}:{got[name]['alternative']}" for name in agreed),
    )


def _pay(stated: Mapping[str, Any] | None) -> list[str]:
    if not stated:
        return []
    bounds = f"{float(stated['min'] or 0):.0f}-{float(stated['max'] or 0):.0f}"
    return [f"{bounds} {stated['currency']} {stated['period']}"]
