"""Where running text says that a job is done: "based in Ghent", "our offices in Lyon and Nice".

Layer:   postings (pure).
Quirk:   most places in an ad are no workplace (customers, head offices, laws on pay), so a name
         counts by the words before it. What a firm says of itself counts only in an ad that says
         nothing of the job, and a country named in passing only where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.postings import place_words as cue
from pipeline.postings.gazetteer import fold, gazetteer
from pipeline.postings.homonyms import settle, unchained
from pipeline.postings.toponyms import WORD, Toponym, is_filler, longest_name, scan
from pipeline.records import Place

_REACH = 160  # characters of a clause that may list places
_LONGEST_LABEL = 40  # characters before the stem of "**Primary work location**:"
_LONGEST_AREA = 40  # characters of "United States of America" and the like
_BEFORE = 110  # characters before a place that may say whose it is


class _Lead(NamedTuple):
    """A preposition before what may be a place, with the words before and the clause after it."""

    start: int
    before: str
    clause: str


def places_in_text(text: str) -> tuple[Place, ...]:
    """Return the places running text names as the job's own, else as the firm's.

    () unless it says so outright.
    """
    leads = list(_leads(text))
    clauses = [one.clause for one in leads if _is_of_job(text, one)]
    found = _read(text, [*_labelled(text), *clauses])
    if found:
        return found
    clauses = [one.clause for one in leads if _is_of_firm(text, one)]
    clauses += cue.SEGMENT.split(text[:200].partition("\n")[0])[1:8]
    for opening in (cue.OUR_OFFICE, cue.TITLE_HAN):
        clauses += [_clause(text, match.end()) for match in opening.finditer(text)]
    clauses += [match[1] for match in cue.PAY_AT.finditer(text)]
    found = _read(text, clauses)
    if not found:  # on the boards of China a head office tells the country, and no more
        heads = [_clause(text, match.end()) for match in cue.HEAD_OFFICE.finditer(text)]
        lands = {one.country for one in _read(text, heads) if one.country}
        found = tuple(gazetteer().place(land) for land in sorted(lands))
    return found or _only_country(text)


def _leads(text: str) -> Iterator[_Lead]:
    never = gazetteer().never_alone  # "in AI" is not in Anguilla
    for match in cue.LEAD.finditer(text):
        if match[1] not in never and longest_name(match[1]):
            start = match.start()
            before = text[max(0, start - _BEFORE) : start]
            yield _Lead(start, before.rpartition("\n")[2], _clause(text, match.start(1)))


def _clause(text: str, start: int) -> str:
    return cue.END_OF_CLAUSE.split(text[start : start + _REACH], maxsplit=1)[0]


def _is_of_job(text: str, lead: _Lead) -> bool:
    before = lead.before
    if (
        not (cue.IS_LOCATION.match(text, lead.start) or cue.OF_JOB.search(before))
        or cue.ELIGIBLE.search(before)
        or cue.OTHERS.search(before)
    ):
        return False
    sentence = cue.END_OF_SENTENCE.split(text[lead.start : lead.start + _REACH], maxsplit=1)[0]
    return not cue.OF_PAY.search(before + sentence)


def _is_of_firm(text: str, lead: _Lead) -> bool:
    """Tell whether a firm says of itself where it is; an ad's first words often just do."""
    before = lead.before
    if cue.OTHERS.search(before):
        return False
    is_opening = lead.start == len(before) and cue.IN_OR_NEAR.match(text, lead.start)
    return bool(is_opening or cue.OF_FIRM.search(before) or cue.OF_JOB.search(before))


def _labelled(text: str) -> Iterator[str]:
    """Return what stands behind "Location:", and the lines of a list of places."""
    for stem in cue.STEMS:
        at = text.find(stem)
        while at >= 0:
            line = text.rfind("\n", max(0, at - _LONGEST_LABEL), at) + 1
            if (line or at < _LONGEST_LABEL) and (label := cue.LABEL.match(text, line)):
                yield unchained(_clause(text, label.end()))
            at = text.find(stem, at + 1)
    if not text.isascii():
        for match in cue.LABEL_HAN.finditer(text):
            yield _clause(text, match.end())
    for match in cue.LIST.finditer(text):
        if cue.LIST_OF_PLACES.search(text, max(0, match.start() - 80), match.start()):
            yield from match[1].splitlines()


def _read(text: str, clauses: Iterable[str]) -> tuple[Place, ...]:
    found: dict[Place, None] = {}
    context: frozenset[str] | None = None
    for clause in clauses:
        if cue.WORD_OF_PLACE.match(clause) and _may_open_with_place(clause):
            if context is None:
                context = context_of(text)
            found.update(dict.fromkeys(_led_by_place(clause, context)))
    return tuple(found)


def _may_open_with_place(clause: str) -> bool:
    first = WORD.search(clause)
    return first is not None and bool(longest_name(first.group()) or is_filler(first.group()))


@lru_cache(maxsize=2_000)
def context_of(text: str) -> frozenset[str]:
    """Return the countries and subdivisions that running text names by their full names."""
    named = [place for _, place in _areas(text[:4000])]
    return frozenset(part for one in named for part in (one.country, one.subdivision)) - {""}


def _areas(text: str) -> Iterator[tuple[int, Place]]:
    """Return where a text names countries, states and regions by their full names."""
    doubtful = gazetteer().doubtful | gazetteer().never
    pattern = cue.CAPITAL_ASCII if text.isascii() else cue.CAPITAL_WORD
    for match in pattern.finditer(text):
        if not _opens_area(match.group()):
            continue
        start = match.start()
        for name in scan(text[start : start + _LONGEST_AREA].partition("\n")[0])[:1]:
            best = name.meanings[0]
            is_area = best.kind in ("country", "subdivision", "region")
            if is_area and name.start == 0 and len(name.key) > 2 and name.key not in doubtful:
                yield start, best.place


@lru_cache(maxsize=20_000)
def _opens_area(word: str) -> bool:
    return fold(word).partition(" ")[0] in gazetteer().area_openings


def _led_by_place(clause: str, context: frozenset[str]) -> tuple[Place, ...]:
    """Return the places a clause opens with; () if its first words are anything else."""
    found: list[Place] = []
    names = scan(clause)
    end = 0
    for name, place in settle(clause, context, names):
        between = WORD.finditer(clause, end, name.start)
        if not all(
            is_filler(word.group())
            or word.group().isdigit()
            or covered(word.start(), names)
            or word.group().lower() in cue.AREA_WORDS
            for word in between
        ):
            break
        if cue.CAPITAL_OR_CJK.match(clause, name.start):
            found.append(place)
        end = max(end, name.end)
    return tuple(dict.fromkeys(found))


def covered(start: int, names: list[Toponym]) -> bool:
    """Say whether a place in a text lies inside one of its names."""
    return any(name.start <= start < name.end for name in names)


def _only_country(text: str) -> tuple[Place, ...]:
    """Return the one country an ad names: "authorized to work in Canada"; none beside others."""
    index = gazetteer()
    found: dict[Place, bool] = {}
    for start, place in _areas(text):
        if not place.country:
            return ()
        land = index.place(place.country)
        before = text[max(0, start - 16) : start]
        found[land] = found.get(land, False) or bool(cue.COUNTRY_LEAD.search(before))
    if cue.UNITED_STATES.search(text):
        found[index.place("US")] = True
    return tuple(found) if len(found) == 1 and all(found.values()) else ()
