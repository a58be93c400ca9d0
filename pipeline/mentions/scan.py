"""The fast first look: which stretches of a text can hold a term at all.

Layer:   mentions (pure). One pass of a multi-pattern automaton, whatever the number of terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind


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
            found.setdefault(literal.removesuffix("*"), []).append((key, literal.endswith("*")))
        self._literals = [
            (literal[0] in word, literal[-1] in word, len(literal) >= _LONG, tuple(keys))
            for literal, keys in found.items()
        ]
        self._automaton = AhoCorasick(
            list(found), matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def hits(self, lowered: str, text: str = "") -> list[Hit]:
        """Return every whole-word hit in a lower-cased text, by its end.

        text: the same text as it is written, to find long names in words run together, where a
              capital shows the seam ("ofTensorFlow", "PyTorchExperience").
        """
        found = []
        word, literals, size = self._word, self._literals, len(lowered)
        for which, start, end in self._matches(lowered):
            guard_left, guard_right, is_long, keys = literals[which]
            if (
                guard_left
                and start
                and lowered[start - 1] in word
                and not (is_long and text and text[start].isupper())
            ):
                continue
            continues = (
                guard_right
                and end < size
                and lowered[end] in word
                and not (is_long and text and text[end].isupper())
            )
            for key, stem in keys:
                if stem or not continues:
                    found.append(Hit(start, end, key))
        return found

    def _matches(self, lowered: str) -> list[tuple[int, int, int]]:
        try:
            return self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        except UnicodeEncodeError:  # half a character, left over from a text cut in two
            whole = lowered.encode("utf-8", "replace").decode()
            return self._automaton.find_matches_as_indexes(whole, overlapping=True)


def lower(text: str) -> str:
    """Lower-case without moving offsets (a few capitals lower to two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
