"""Whether a name in a text is meant as a place at all, and not as a word, a person or a firm.

Layer:   postings (pure).
Quirk:   half of English is a town somewhere: "Mobile", "Reading", "Java", "OR". What stands beside
         a name decides, and how many people live there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.postings.gazetteer import Gazetteer, Meaning, fold, gazetteer
from pipeline.postings.toponyms import CERTAIN, SMALL, WORD, Toponym

_OR = re.compile(r"\b(?:or|and|OR|AND)\b")
_TOWN_BEFORE = re.compile(
    r"(?:^|[;|/&(]\s*)(?=[^,]*[a-z])((?:[A-Z][A-Za-z'’.]+[ -]?){1,3}), $"
)  # "Donald, OR"
_HAMLET = 2_000  # a place below this is read only beside its state or country
_NEXT_WORD = re.compile(r" ([A-Z][a-z]+)")
_CLOCK = re.compile(
    r"(?:\s*(?:[/&+]|and|or)\s*[\w-]+)?[ -]*(?:(?:business|working|work|core|office)[ -]*)?"
    r"(?:time[ -]*zones?|timezones?|tz|hours|hrs)\b",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A name with the places it may mean, and whether a state or country stands beside it."""

    toponym: Toponym
    options: tuple[Meaning, ...]
    qualified: bool
    by_state: bool = False  # qualified by a state or province, not only a country


def stands(index: Gazetteer, text: str, toponyms: list[Toponym], position: int, item: Name) -> bool:
    """Say whether a name is meant as a place at all."""
    name = toponyms[position]
    if not item.qualified and _CLOCK.match(text, name.end):  # "US hours" is when, not where
        return False
    if item.qualified:
        if item.toponym is name and name.key in index.never:
            return item.by_state and "," in text[name.end :][:2]
        return not (item.toponym is name and name.code and _wordy(index, text, name))
    if name.code and text[name.start : name.end].replace(".", "") in CERTAIN:
        return True
    if name.code and item.options[0].kind in ("subdivision", "country"):
        if not text[name.start : name.end].isupper():  # "Ma." says nothing by itself
            return False
        return not _wordy(index, text, name) and not _piece(text, name.start, name.end)
    if name.key in index.never:
        return False
    best = item.options[0]
    if best.kind in ("region", "country", "subdivision") or name.key in index.spreads:
        return name.key not in index.doubtful or not _piece(text, name.start, name.end)
    if best.weight < _HAMLET:
        return False
    if name.key in index.doubtful:
        return not _piece(text, 0, 0) or _whole(text, name)
    if best.kind == "city" and best.weight < SMALL:
        return not _piece(text, name.start, name.end)
    if best.weight < 100_000 and " " not in name.key:
        before = text[: name.start]
        if before.endswith(" ") and (word := before.split()[-1:]):
            if word[0][:1].isupper() and word[0].isalpha() and not _familiar(index, word[0]):
                return False
            if word[0].isdigit() and len(word[0]) < 5:
                return False
        if (after := _NEXT_WORD.match(text, name.end)) and not _familiar(index, after.group(1)):
            return False
    return True


def _piece(text: str, start: int, end: int) -> str:
    """Return what is written around a name between separators, without workplace words."""
    left = max((text.rfind(mark, 0, start) for mark in ",;|/()&+\n•:[]-–"), default=-1) + 1
    rights = [found for mark in ",;|/()&+\n•:[]-–" if (found := text.find(mark, end)) >= 0]
    before = _OR.split(text[left:start])[-1]
    after = _OR.split(text[end : min(rights, default=len(text))])[0]
    piece = f"{before} {after}"
    words = [fold(word.group()) for word in WORD.finditer(piece)]
    return " ".join(
        word for word in words if word not in gazetteer().fillers and not word.isdigit()
    )


def after_town(text: str, name: Toponym) -> bool:
    """Say whether a code is a US state's, after a town too small for the gazetteer."""
    if not any(m.place.country == "US" and m.kind == "subdivision" for m in name.meanings):
        return False
    before = _TOWN_BEFORE.search(text[: name.start])
    if not before:
        return False
    town = fold(before.group(1))
    known = gazetteer().meanings(town)
    if town in gazetteer().fillers:
        return False
    # "San Francisco, LA" are two cities; "Oregon, IL" is a town that is named like a state.
    return not known or known[0].weight < 100_000 or _is_us_state(known[0])


def _is_us_state(meaning: Meaning) -> bool:
    return meaning.kind == "subdivision" and meaning.place.country == "US"


def _familiar(index: Gazetteer, word: str) -> bool:
    plain = fold(word)
    return plain in index.fillers or index.knows(plain) or bool(index.code(word))


def _whole(text: str, name: Toponym) -> bool:
    rest = text[: name.start] + " " + text[name.end :]
    return all(fold(word.group()) in gazetteer().fillers for word in WORD.finditer(rest))


def _wordy(index: Gazetteer, text: str, name: Toponym) -> bool:
    """Say whether a code is more likely a word in capitals: "REMOTE OR NYC", "IT", "QA"."""
    code = text[name.start : name.end]
    if code not in index.wordy_codes or after_town(text, name):
        return False
    state = any(
        m.kind == "subdivision" and m.place.region == "north_america" for m in index.code(code)
    )
    alone = code in index.countries_first or (state and code not in index.never_alone)
    if alone and _whole(text, name):
        return False
    # Among two other codes a code is a code: "CA, OR, WA".
    others = re.findall(r"(?<![^\s,(/])([A-Z]{2})(?=[\s,)/]|$)", text)
    plain = [other for other in others if other not in index.wordy_codes and index.code(other)]
    joined = re.search(r"[,(/]\s*$", text[: name.start]) or re.match(r"\s*[,)/]", text[name.end :])
    return len(plain) < (2 if code in index.never_alone else 1) or not joined
