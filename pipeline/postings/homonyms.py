"""Settle which of its namesakes each name in a location string means.

Layer:   postings (pure). `toponyms` finds the names; this module knows how people string them
         together: "Cambridge, MA", "SF or Toronto, ON", "USA (NYC, Boston)", "Remote - US".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.postings.gazetteer import Gazetteer, Meaning, fold, gazetteer
from pipeline.postings.toponyms import CERTAIN, CJK_RUN, SMALL, WORD, Toponym, scan
from pipeline.records import Place

_LINKING_WORDS = re.compile(
    r"\b(?:area|metro|metropolitan|region|city|greater|county|district|office|hq|the|downtown"
    r"|headquarters|based|centre|center|town|suburb|location|locations)\b|\d+",
    re.IGNORECASE,
)
_FAR = re.compile(r"[^\W\d_]|[;|/&+\n•]")
_OR = re.compile(r"\b(?:or|and|OR|AND)\b")
_ZIP = re.compile(r" \d{5}\b")
_TOWN_BEFORE = re.compile(
    r"(?:^|[;|/&(]\s*)(?=[^,]*[a-z])((?:[A-Z][A-Za-z'’.]+[ -]?){1,3}), $"
)  # "Donald, OR"
_HINTS_OF_REMOTE = frozenset({"remote", "anywhere", "within", "hybrid", "onsite"})
_CITY_STATES = ("SG", "HK")
_LARGE = 300_000  # above this a city beside a foreign country is meant all the same
_CONTEXT_BOOST = 12.0  # Birmingham AL beside Atlanta, but never London ON beside Toronto


class _Item(NamedTuple):
    toponym: Toponym
    options: tuple[Meaning, ...]
    qualified: bool
    by_state: bool = False  # qualified by a state or province, not only a country


def settle(text: str, context: frozenset[str] = frozenset()) -> list[tuple[Toponym, Place]]:
    """Return each name that is a place with the place it means, in order.

    context: countries and subdivisions that decide between homonyms where nothing nearer does.
    """
    index = gazetteer()
    toponyms = scan(text)
    items: list[_Item] = []
    position = 0
    while position < len(toponyms):
        item, used = _with_qualifiers(text, toponyms, position)
        if item and _stands(index, text, toponyms, position, item):
            items.append(item)
            position += used
        else:
            position += 1
    return _choose(index, items, context)


def _link(text: str, left: Toponym, right: Toponym) -> str:
    """Return how two neighbouring names are joined: "," "(" " " or "" for not at all."""
    between = text[left.end : right.start]
    stripped = _LINKING_WORDS.sub("", between)
    if _FAR.search(stripped) or len(between) > 40:
        return ""
    if "," in stripped or "，" in stripped:
        return ","
    if "(" in stripped or "[" in stripped:
        return "("
    return " "


def _with_qualifiers(text: str, toponyms: list[Toponym], position: int) -> tuple[_Item | None, int]:
    """Join a name with the state and country after it; return it and the names used up."""
    name = toponyms[position]
    options, used, qualified, by_state = name.meanings, 1, False, False
    while position + used < len(toponyms):
        qualifier = toponyms[position + used]
        link = _link(text, toponyms[position + used - 1], qualifier)
        if not link or (link == " " and name.code and not qualified and len(name.key) < 3):
            break
        if link == "(" and not _closes_soon(text, qualifier):
            break
        fitting = _consistent(options, qualifier, link, bool(_ZIP.match(text, qualifier.end)))
        if fitting:
            options, used, qualified = fitting, used + 1, True
            by_state = by_state or any(m.kind == "subdivision" for m in qualifier.meanings)
            continue
        if not qualified and (link == "," or qualifier.key in ("uk", "usa")):
            strange = _overruled(text, name, qualifier)
            if strange:
                return _Item(qualifier, strange, True), used + 1
        break
    if (
        not qualified
        and position + 1 < len(toponyms)
        and _leads(text, name, toponyms[position + 1])
    ):
        return None, 1
    by_state = by_state or (name.code and not qualified and _after_town(text, name))
    return _Item(name, options, qualified, by_state), used


def _closes_soon(text: str, name: Toponym) -> bool:
    return text[name.end : name.end + 1] in (")", "]", "")


def _consistent(
    options: tuple[Meaning, ...], qualifier: Toponym, link: str, zipped: bool
) -> tuple[Meaning, ...]:
    """Return the meanings that lie in a subdivision or country the qualifier may mean."""
    fitting: list[tuple[float, Meaning]] = []
    states = any(m.kind == "subdivision" and m.place.country == "US" for m in qualifier.meanings)
    for outer in qualifier.meanings:
        if zipped and states and outer.place.country != "US":  # "Richmond, CA 94804"
            continue
        city_state = outer.kind == "city" and outer.place.country in _CITY_STATES
        if outer.kind not in ("subdivision", "country") and not city_state:
            continue
        for inner in options:
            if inner.kind == "region" or (inner.kind == "country" and inner.place != outer.place):
                continue
            if outer.place.country != inner.place.country:
                continue
            if outer.kind == "subdivision" and outer.place.subdivision != inner.place.subdivision:
                continue
            if inner == outer and link == " ":
                continue
            weight = inner.weight
            # "Ontario, CA" is the town in California: the province would stand before "Canada".
            if qualifier.code and outer.kind == "country" and inner.kind == "subdivision":
                weight /= 100
            # "Richmond, CA" is in California, not in Canada.
            if qualifier.code and outer.kind == "country" and states:
                weight /= 20
            # "Quebec, QC" is the city.
            if outer.kind == inner.kind == "subdivision":
                weight /= 100
            fitting.append((weight, inner))
    fitting.sort(key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(inner for _, inner in fitting))


def _overruled(text: str, name: Toponym, qualifier: Toponym) -> tuple[Meaning, ...]:
    """Return the qualifier's meanings where it speaks of a namesake too small for the gazetteer."""
    index = gazetteer()
    if name.meanings[0].kind not in ("city", "area") or name.key in ("la", "dc", "ny"):
        return ()
    if name.key in index.never:
        return ()
    outer = tuple(m for m in qualifier.meanings if m.kind in ("subdivision", "country"))
    small = name.meanings[0].weight < 100_000 and _after_town(text, qualifier)
    if not outer or not (small or outer[0] is qualifier.meanings[0]):
        return ()
    people = name.meanings[0].weight
    if qualifier.code and any(m.kind == "subdivision" for m in outer):
        wordy = qualifier.key.upper() in index.wordy_codes
        following = text[qualifier.end :].lstrip(" .")
        if wordy and following and following[0].isalpha():
            return ()
        return tuple(sorted(outer, key=lambda m: m.kind != "subdivision"))
    surely = outer[0].kind == "subdivision" or qualifier.key in ("uk", "usa")
    limit = 3 * _LARGE if surely else _LARGE
    return outer if people < limit else ()


def _leads(text: str, name: Toponym, following: Toponym) -> bool:
    """Say whether a country or state only introduces a city of its own: "India, Pune"."""
    if name.meanings[0].kind not in ("country", "subdivision"):
        return False
    between = text[name.end : following.start]
    chinese = between.isspace() and CJK_RUN.match(name.key)
    if not chinese and not re.fullmatch(r"\s*[,:(–-]\s*", between):
        return False
    before = text[: name.start].rstrip(" (-").rsplit(None, 1)
    if before and fold(before[-1]) in _HINTS_OF_REMOTE:
        return False
    first = following.meanings[0]
    if first.kind not in ("city", "subdivision", "area") or following.key == name.key:
        return False
    outer = {m.place for m in name.meanings if m.kind in ("country", "subdivision")}
    return any(
        place.country == m.place.country
        and (not place.subdivision or place.subdivision == m.place.subdivision)
        for place in outer
        for m in following.meanings[:1]
    )


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


_NEXT_WORD = re.compile(r" ([A-Z][a-z]+)")
_CLOCK = re.compile(
    r"(?:\s*(?:[/&+]|and|or)\s*[\w-]+)?[ -]*(?:(?:business|working|work|core|office)[ -]*)?"
    r"(?:time[ -]*zones?|timezones?|tz|hours|hrs)\b",
    re.IGNORECASE,
)


def _stands(
    index: Gazetteer, text: str, toponyms: list[Toponym], position: int, item: _Item
) -> bool:
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


def _after_town(text: str, name: Toponym) -> bool:
    """Say whether a code is a US state's, after a town too small for the gazetteer."""
    if not any(m.place.country == "US" and m.kind == "subdivision" for m in name.meanings):
        return False
    before = _TOWN_BEFORE.search(text[: name.start])
    if not before:
        return False
    # "San Francisco, LA" are two cities.
    town = fold(before.group(1))
    known = gazetteer().meanings(town)
    return town not in gazetteer().fillers and (not known or known[0].weight < 100_000)


def _familiar(index: Gazetteer, word: str) -> bool:
    plain = fold(word)
    return plain in index.fillers or index.knows(plain) or bool(index.code(word))


def _whole(text: str, name: Toponym) -> bool:
    rest = text[: name.start] + " " + text[name.end :]
    return all(fold(word.group()) in gazetteer().fillers for word in WORD.finditer(rest))


def _wordy(index: Gazetteer, text: str, name: Toponym) -> bool:
    """Say whether a code is more likely a word in capitals: "REMOTE OR NYC", "IT", "QA"."""
    code = text[name.start : name.end]
    if code not in index.wordy_codes or _after_town(text, name):
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


def _choose(
    index: Gazetteer, items: list[_Item], context: frozenset[str]
) -> list[tuple[Toponym, Place]]:
    """Settle homonyms by what else the string names, else by the number of people."""
    near: set[str] = set()
    for item in items:
        best, *others = item.options
        foreign = [m.weight for m in others if m.place.country != best.place.country]
        if item.qualified or not foreign or max(foreign) * _CONTEXT_BOOST < best.weight:
            near.update({best.place.country, best.place.metro})
        if item.qualified:
            near.add(best.place.subdivision)
    near.discard("")
    states = sum(_is_only(item, "subdivision") for item in items)
    nations = sum(_is_only(item, "country") for item in items)
    chosen: list[tuple[Toponym, Place]] = []
    for item in items:
        if item.toponym.key in index.spreads:
            chosen += [(item.toponym, place) for place in index.spreads[item.toponym.key]]
            continue
        options = item.options
        if not item.qualified and item.toponym.code and len(options) > 1:
            options = _code_options(index, item, near, nations, states)
        best = max(options, key=lambda m: _score(m, item, near | context, nations))
        chosen.append((item.toponym, best.place))
    return chosen


def _is_only(item: _Item, kind: str) -> bool:
    return not item.qualified and all(option.kind == kind for option in item.options)


def _code_options(
    index: Gazetteer, item: _Item, near: set[str], nations: int, states: int
) -> tuple[Meaning, ...]:
    code = item.toponym.key.upper()
    if not item.by_state and item.options[0].kind == "city":  # LA, DC, NY, SF
        if code == "NY" and near and all(place[:2] == "US" for place in near) and states > 1:
            return tuple(m for m in item.options if m.kind == "subdivision")
        return item.options
    country = [m for m in item.options if m.kind == "country"]
    state = [m for m in item.options if m.kind == "subdivision" and m.place.country in ("US", "CA")]
    if item.by_state:
        return tuple(state[:1] or country)
    if country and (not state or nations > 0 or (code in index.countries_first and not states)):
        return tuple(country)
    return tuple(state[:1] or country or item.options)


def _score(meaning: Meaning, item: _Item, near: set[str] | frozenset[str], nations: int) -> float:
    place = meaning.place
    if item.qualified:  # already sorted by fit
        return -float(item.options.index(meaning))
    if meaning.kind == "country" and nations and "US" not in near:
        return meaning.weight * _CONTEXT_BOOST
    if meaning.kind == "area" and place.metro in near:  # SoMa beside San Francisco
        return meaning.weight * 1000
    weight = meaning.weight
    if place.country in near:
        weight *= _CONTEXT_BOOST
    if place.subdivision in near:
        weight *= _CONTEXT_BOOST
    return weight
