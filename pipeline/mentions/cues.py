"""The words of an ad that speak for a label: one look at the text for all of them.

Layer:   mentions (pure). Words in terms/profile.toml and terms/workplace.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

STRONG, WEAK = 3.0, 1.0
_FACETS = ("kind", "industry", "domain")
_REPEATS = 3  # how often one word may count


class Cue(NamedTuple):
    """One word that speaks for a label, and how strongly."""

    word: str
    start: int
    weight: float


class Cues(NamedTuple):
    """The cues of one text: by facet and label; of the workplace; of the number of people."""

    by_facet: dict[str, dict[str, list[Cue]]]
    places: list[Hit]
    staff: list[Hit]


def cues_of(text: str) -> Cues:
    """Return the cues of a lower-cased text."""
    scanner, meanings = _scanner()
    found = Cues({facet: {} for facet in _FACETS}, [], [])
    for start, end, key in scanner.hits(text):
        facet, label, weight = meanings[key]
        if facet == "place":
            found.places.append(Hit(start, end, label))
        elif facet == "staff":
            found.staff.append(Hit(start, end, label))
        else:
            found.by_facet[facet].setdefault(label, []).append(Cue(text[start:end], start, weight))
    return found


def labels_in(words: str) -> Iterator[tuple[str, str, float]]:
    """Yield (facet, label, weight) of every cue in a title or a name (lower-cased)."""
    if words:
        scanner, meanings = _scanner()
        for hit in scanner.hits(words):
            yield meanings[hit.key]


def counted(cues: list[Cue]) -> Iterator[tuple[Cue, int]]:
    """Yield each cue that counts and its how-manieth it is, in the order of the text.

    A cue within a longer one does not count ("natural language" in "natural language
    processing"), nor does a word said more than three times.
    """
    times: dict[str, int] = {}
    end = 0
    for cue in sorted(cues, key=_longest_first):
        if cue.start < end:
            continue
        end = cue.start + len(cue.word)
        times[cue.word] = nth = times.get(cue.word, 0) + 1
        if nth <= _REPEATS:
            yield cue, nth


def _longest_first(cue: Cue) -> tuple[int, int]:
    return cue.start, -len(cue.word)


@cache
def _scanner() -> tuple[Scanner, dict[str, tuple[str, str, float]]]:
    literals: dict[tuple[str, str], None] = {}
    meanings: dict[str, tuple[str, str, float]] = {}

    def add(words: Iterable[str], facet: str, label: str, weight: float = WEAK) -> None:
        key = f"{facet}:{label}:{weight}"
        meanings[key] = (facet, label, weight)
        literals.update(dict.fromkeys((word, key) for word in words))

    terms = read_terms("profile.toml")
    for facet in _FACETS:
        for label, words in terms[facet].items():
            add(words["strong"], facet, label, STRONG)
            add(words["weak"], facet, label, WEAK)
    for label, words in terms["staff"].items():
        add(words, "staff", label)
    workplace = read_terms("workplace.toml")
    for label, words in workplace["text"].items():
        add(words, "place", label)
    add(workplace["not"]["phrases"], "place", "not")
    return Scanner(literals), meanings
