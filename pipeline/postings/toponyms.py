"""Find the place names in a location string.

Layer:   postings (pure). Names come from the gazetteer; which of its namesakes one means is
         settled in `homonyms`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.postings.gazetteer import Gazetteer, Meaning, fold, gazetteer


class Toponym(NamedTuple):
    """One name in a text; `code` if it was read as a code in capitals ("MA", "DE")."""

    start: int
    end: int
    key: str
    meanings: tuple[Meaning, ...]
    code: bool = False


_Word = tuple[int, int, str]  # start, end, letters: running text has too many for a record

_CJK = "぀-ヿ㐀-鿿가-힯"
WORD = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])[^\W\d_])+(?:[.'’](?:(?![{_CJK}])[^\W\d_])+)*|\d+")
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:[.'][A-Za-z]+)*|\d+")  # the same, faster
CJK_RUN = re.compile(rf"[{_CJK}]")
_INSIDE_NAME = re.compile(r"(?:[  ]|\.[  ]?|[-‐‑–]| - |’|')")  # between the words of one name
_AFTER_CITY = re.compile(r"[市区县區縣省都府]")
_LOWER_OK = frozenset({"sf", "nyc", "slc", "usa", "uk", "bcn", "eu", "u.k", "pdx"})
_COMPOUND = re.compile(r"-(?!based|BASED|Based)[A-Za-z]{3,}|\d")  # ON-SITE, CO-FOUNDER, ES6
CERTAIN = frozenset({"US", "USA", "UK", "UAE"})  # in capitals these are nothing else
SMALL = 15_000  # a town below this needs a state, a country, or the field to itself


def scan(text: str) -> list[Toponym]:
    """Return the names in a text that can be places, in order, longest first, not overlapping."""
    index = gazetteer()
    words = _words(text)
    found: list[Toponym] = []
    position = 0
    while position < len(words):
        word = words[position][2]
        most = longest_name(word)
        if most > 1 and (
            position + 1 == len(words)
            or f"{fold(word)} {fold(words[position + 1][2])}" not in index.openings
        ):
            most = int(_stands_alone(word))
        if not most:  # nearly every word of running text
            position += 1
            continue
        if CJK_RUN.match(word):
            found += _in_run(index, words[position], found, text)
            position += 1
            continue
        for count in range(min(most, len(words) - position), 0, -1):
            toponym = _name_at(index, text, words, position, count)
            if toponym:
                found.append(toponym)
                position += count
                break
        else:
            position += 1
    return found


def _words(text: str) -> list[_Word]:
    pattern = _ASCII_WORD if text.isascii() else WORD
    return [(match.start(), match.end(), match.group()) for match in pattern.finditer(text)]


@lru_cache(maxsize=50_000)
def longest_name(word: str) -> int:
    """Return how many words the longest name opening with this one has; 0 if none can."""
    known = gazetteer().words_of.get(fold(word).partition(" ")[0], 0)
    return min(known, 7) if known > 1 else int(_stands_alone(word))


@lru_cache(maxsize=50_000)
def _stands_alone(word: str) -> bool:
    """Say whether one word can be a name, or a code."""
    if CJK_RUN.match(word):
        return True
    index, key, letters = gazetteer(), fold(word), word.replace(".", "")
    is_short = len(letters) <= 3 and (letters.isupper() or len(word) == 2)
    if is_short and index.code(letters.upper()):
        return True
    return index.knows(key) and _case_allows(index, key, word)


def _name_at(
    index: Gazetteer, text: str, words: list[_Word], position: int, count: int
) -> Toponym | None:
    part = words[position : position + count]
    for left, right in pairwise(part):
        if not _INSIDE_NAME.fullmatch(text, left[1], right[0]):
            return None
    start, end = part[0][0], part[-1][1]
    key = " ".join([fold(word) for _, _, word in part])
    surface = text[start:end]
    letters = surface.replace(".", "")
    if (
        count == 1
        and len(letters) <= 3
        and letters.isupper()
        and letters.isalpha()
        and (letters in CERTAIN or not _COMPOUND.match(text, end))
    ):
        codes = index.code(letters)
    else:
        codes = []
    known = index.knows(key) and _case_allows(index, key, surface)
    if not known and not codes:
        if count == 1 and _qualifies_by_comma(text, start, end):
            codes = index.code(surface.upper())
        if not codes:
            return None
    meanings = index.meanings(key) if known else ()
    after = words[position + count] if position + count < len(words) else None
    if (
        after
        and not codes
        and fold(after[2]) in index.not_after
        and text[end : after[0]] == " "
        and after[2][0].isupper()
    ):
        return None
    if codes and index.is_alias(key):  # LA is Los Angeles before it is Louisiana
        merged = tuple(dict.fromkeys((*meanings, *codes)))
    else:
        merged = tuple(dict.fromkeys((*codes, *meanings)))
    return Toponym(start, end, key, merged, code=bool(codes))


def _qualifies_by_comma(text: str, start: int, end: int) -> bool:
    """Say whether "Ma" in "Boston, Ma." stands where a state's code does."""
    if end - start != 2 or not text[start:end].isalpha():
        return False
    before, after = text[max(0, start - 9) : start].rstrip(), text[end : end + 2].lstrip(". ")
    return before.endswith(",") and (not after or not (after[0].isalpha() or after[0] == "-"))


def _case_allows(index: Gazetteer, key: str, surface: str) -> bool:
    """Say whether a name is written as a name: towns are words too, until a capital tells."""
    if surface.islower():
        if key in index.never or key in index.doubtful:
            return False
        return len(key) > 3 or key in _LOWER_OK
    if len(key) <= 3 and not surface.isupper():
        return surface[0].isupper() and any(
            meaning.kind == "city" and meaning.weight >= SMALL for meaning in index.meanings(key)
        )
    return True


def _in_run(index: Gazetteer, word: _Word, found: list[Toponym], text: str) -> list[Toponym]:
    """Read a run of Han, Kana or Hangul: a country, then a city; its districts follow unread."""
    # 上海-浦东新区: what follows a hyphen is a part of the city before it.
    if found and text[found[-1].end : word[0]] in ("-", "·", "－", " - ", "—"):
        return []
    run, offset, hits = word[2], 0, []
    while offset < len(run):
        for size in range(min(8, len(run) - offset), 1, -1):
            key = fold(run[offset : offset + size])
            meanings = index.meanings(key) if index.knows(key) else ()
            rest = run[offset + size : offset + size + 1]
            likely = not rest or _AFTER_CITY.match(rest) or (meanings and meanings[0].weight > 1e6)
            if meanings and likely:
                start = word[0] + offset
                hits.append(Toponym(start, start + size, key, meanings))
                if meanings[0].kind in ("city", "area"):
                    return hits
                offset += size
                break
        else:
            return hits
    return hits


def is_filler(word: str) -> bool:
    """Say whether a word tells how or how near one works, not where: "remote", "area"."""
    return fold(word) in gazetteer().fillers
