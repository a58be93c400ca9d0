"""The fast first look: which stretches of a text can hold a term at all.

Layer:   mentions (pure). One pass of a multi-pattern automaton, whatever the number of terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick


class Hit(NamedTuple):
    """One literal found in a lower-cased text; `text[start:end]` is the literal."""

    start: int
    end: int
    key: str


# ASCII on purpose: Chinese, Japanese and Korean put no space around a Latin name.
WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz") | frozenset(map(chr, range(0xC0, 0x250)))


_LONG = 5  # letters, from which a name is looked for inside words


class Scanner:
    """Find many literals at once, as whole words.

    literals: (literal in lower case, key) pairs; one literal may carry several keys.
    A literal that begins or ends with a letter or digit must not continue on that side
    with an ASCII letter, digit or underscore; one that ends in "*" may continue there
    (a stem: "recruit*" finds "recruiting", and the hit ends where the stem does).
    word: the characters that continue a word; LETTERS lets a digit follow ("tensorflow2").
    """

    def __init__(
        self,
        literals: Iterable[tuple[str, str]],
        *,
        word: frozenset[str] = WORD,
    ):
        self._word = word
        found: dict[str, list[tuple[str, bool]]] = {}
        for literal, key in literals:
            stem = literal.endswith("*")
            found.setdefault(literal.removesuffix("*"), []).append((key, stem))
        self._automaton = ahocorasick.Automaton()
        for literal, keys in found.items():
            self._automaton.add_word(
                literal, (len(literal), literal[0] in word, literal[-1] in word, tuple(keys))
            )
        self._automaton.make_automaton()

    def hits(self, lowered: str, text: str = "") -> list[Hit]:
        """Return every whole-word hit in a lower-cased text, by its end.

        text: the same text as it is written, to find long names in words run together, where a
              capital shows the seam ("ofTensorFlow", "PyTorchExperience").
        """
        found = []
        word = self._word
        size = len(lowered)
        for last, (length, guard_left, guard_right, keys) in self._automaton.iter(lowered):
            start, end = last + 1 - length, last + 1
            is_long = length >= _LONG and text
            if (
                guard_left
                and start
                and lowered[start - 1] in word
                and not (is_long and text[start].isupper())
            ):
                continue
            continues = (
                guard_right
                and end < size
                and lowered[end] in word
                and not (is_long and text[end].isupper())
            )
            for key, stem in keys:
                if stem or not continues:
                    found.append(Hit(start, end, key))
        return found


def lower(text: str) -> str:
    """Lower-case without moving offsets (a few capitals lower to two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
