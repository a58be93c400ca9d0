"""The words of an ad that speak for a label: one look at the text for all of them.

Layer:   mentions (pure). Words in terms/profile.toml and terms/workplace.toml.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

STRONG, WEAK = 3.0, 1.0
_FACETS = ("kind", "industry", "domain")
_REPEATS = 3  # how often one word may count


class Cue(NamedTuple):
    """One word that speaks for a label, how strongly, and its how-manieth time it is."""

    word: str
    start: int
    weight: float
    nth: int


class Cues:
    """The cues of one lower-cased text; places, staff and benefits are hits in its order."""

    def __init__(self, text: str):
        """Look for every cue; which of them count is worked out when a label is asked for."""
        self._text = text
        self._spans: dict[str, list[tuple[int, int]]] = {}
        spans = self._spans
        # One list for each key and nothing made for each hit: most labels are never asked for.
        for start, end, key in _table().scanner.hits(text):
            if key in spans:
                spans[key].append((start, end))
            else:
                spans[key] = [(start, end)]
        self.places = self._hits("place")
        self.staff = self._hits("staff")
        self.benefits = self._hits("benefit")

    def of(self, facet: str) -> dict[str, list[Cue]]:
        """Return the cues that count for each label of a facet, in the order of the text.

        A cue within a longer one does not count ("natural language" in "natural language
        processing", "images" in "docker images"), nor does a word said more than three times.
        Labels without any are left out.
        """
        spans = self._spans
        return {
            label: found
            for label, (strong, weak, other) in _table().keys[facet].items()
            if (strong in spans or weak in spans) and (found := self._counted(strong, weak, other))
        }

    def _counted(self, *keys: str) -> list[Cue]:
        spans = [
            (start, -end, -weight)
            for key, weight in zip(keys, (STRONG, WEAK, 0.0), strict=True)
            for start, end in self._spans.get(key, ())
        ]
        spans.sort()
        times: dict[str, int] = {}
        found = []
        covered = 0
        for start, minus_end, minus_weight in spans:
            if start < covered:
                continue
            covered = -minus_end
            if minus_weight:
                word = self._text[start:covered]
                times[word] = nth = times.get(word, 0) + 1
                if nth <= _REPEATS:
                    found.append(Cue(word, start, -minus_weight, nth))
        return found

    def _hits(self, facet: str) -> list[Hit]:
        found = [
            Hit(start, end, label)
            for key, label in _table().others[facet].items()
            if key in self._spans
            for start, end in self._spans[key]
        ]
        return sorted(found, key=_by_end)


def cues_of(text: str) -> Cues:
    """Return the cues of a lower-cased text."""
    return Cues(text)


def labels_in(words: str, facet: str) -> dict[str, float]:
    """Return the labels that a title or a name (lower-cased) speaks for: the strongest weight."""
    if not words:
        return {}
    return {
        label: max(cue.weight for cue in found) for label, found in Cues(words).of(facet).items()
    }


def _by_end(hit: Hit) -> tuple[int, int]:
    return hit.end, hit.start


class _Table(NamedTuple):
    scanner: Scanner
    keys: dict[str, dict[str, tuple[str, str, str]]]  # by facet and label: strong, weak, not
    others: dict[str, dict[str, str]]  # by facet: the label of each key


@cache
def _table() -> _Table:
    literals: dict[tuple[str, str], None] = {}
    keys: dict[str, dict[str, tuple[str, str, str]]] = {facet: {} for facet in _FACETS}
    others: dict[str, dict[str, str]] = {"staff": {}, "place": {}, "benefit": {}}

    def add(words: Iterable[str], key: str) -> str:
        literals.update(dict.fromkeys((word, key) for word in words))
        return key

    terms, workplace = read_terms("profile.toml"), read_terms("workplace.toml")
    for facet in _FACETS:
        for label, words in terms[facet].items():
            strong, weak = f"{facet}:{label}:strong", f"{facet}:{label}:weak"
            other = add(words.get("not", ()), f"{facet}:{label}:not")
            keys[facet][label] = add(words["strong"], strong), add(words["weak"], weak), other
    for label, words in terms["staff"].items():
        others["staff"][add(words, f"staff:{label}")] = label
    others["benefit"][add(terms["benefits"]["words"], "benefit")] = "benefit"
    for label, words in workplace["text"].items():
        others["place"][add(words, f"place:{label}")] = label
    others["place"][add(workplace["not"]["phrases"], "place:not")] = "not"
    return _Table(Scanner(literals), keys, others)
