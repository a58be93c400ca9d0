"""Compare the mentions that two extractors found in one posting: gained, lost, changed.

Layer:   mentions (pure). Mentions come as the JSON objects of a facts record.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Stated = Mapping[str, Any]

GAINED, LOST, CHANGED = "gained", "lost", "changed"


class Change(NamedTuple):
    """One mention that two extractors do not agree on; `before` and `after` are its records."""

    what: str
    before: Stated | None
    after: Stated | None

    @property
    def mention(self) -> Stated:
        """Return the newer record of the mention."""
        return self.after or self.before or {}


class Compared(NamedTuple):
    """What became of one posting's mentions; `n_moved` of the same ones stand elsewhere now."""

    changes: tuple[Change, ...]
    n_same: int
    n_moved: int


def compare(before: Sequence[Stated], after: Sequence[Stated]) -> Compared:
    """Return how the mentions of a posting differ, in the order of its text.

    A mention is the same if term, kind, field and offsets are; where the text itself moved, if
    term, kind, field and surface are, by the words around it, else in order of those left over.
    """
    pairs, lost, gained = _paired(before, after, _place)
    fixed: dict[str, int] = {}  # field -> the last offset at which the two texts still agree
    for _, new in pairs:
        fixed[new["field"]] = max(new["start"], fixed.get(new["field"], 0))
    moved, lost, gained = _paired(lost, gained, _around)
    candidates, lost, gained = _paired(lost, gained, _words)
    for old, new in candidates:
        if _shifted(old, new, fixed):
            moved.append((old, new))
        else:
            lost.append(old)
            gained.append(new)
    changes = [Change(LOST, old, None) for old in lost]
    changes += [Change(GAINED, None, new) for new in gained]
    changes += [
        Change(CHANGED, old, new) for old, new in (*pairs, *moved) if asked(old) != asked(new)
    ]
    changes.sort(key=lambda one: (one.mention["field"], one.mention["start"], one.what))
    n_changed = len(changes) - len(lost) - len(gained)
    return Compared(tuple(changes), len(pairs) + len(moved) - n_changed, len(moved))


def asked(mention: Stated) -> tuple[str, bool]:
    """Return how a mention is asked for: its requirement, and whether any one of a list would do.

    The number of its list is no part of it: a mention gained further up renumbers the lists.
    """
    return mention.get("requirement") or "", mention.get("alternative_group") is not None


def _place(mention: Stated) -> Hashable:
    return (*_term(mention), mention["start"], mention["end"])


def _around(mention: Stated) -> tuple[Hashable, ...]:
    return (*_words(mention), mention.get("snippet") or id(mention))  # no words fit no words


def _words(mention: Stated) -> tuple[str, ...]:
    return (*_term(mention), mention.get("surface") or "")


def _term(mention: Stated) -> tuple[str, ...]:
    return mention["field"], mention["term"], mention["kind"]


def _shifted(old: Stated, new: Stated, fixed: Mapping[str, int]) -> bool:
    """Tell a mention that its text carried along from one lost here and another gained there.

    Text that moved stays moved to its end: no mention further down may stand where it stood.
    """
    return fixed.get(old["field"], -1) < min(old["start"], new["start"])


def _paired(
    before: Iterable[Stated], after: Iterable[Stated], key: Any
) -> tuple[list[tuple[Stated, Stated]], list[Stated], list[Stated]]:
    """Pair mentions of the same key, first with first; return (pairs, left of both sides)."""
    waiting: dict[Hashable, deque[Stated]] = defaultdict(deque)
    for one in sorted(before, key=lambda one: one["start"]):
        waiting[key(one)].append(one)
    pairs, gained = [], []
    for one in sorted(after, key=lambda one: one["start"]):
        same = waiting.get(key(one))
        if same:
            pairs.append((same.popleft(), one))
        else:
            gained.append(one)
    return pairs, [one for left in waiting.values() for one in left], gained
