"""Settle which of its namesakes each name in a location string means.

Layer:   postings (pure). `toponyms` finds the names; this module knows how people string them
         together: "Cambridge, MA", "SF or Toronto, ON", "USA (NYC, Boston)", "Remote - US".
"""

from __future__ import annotations

import re

from pipeline.postings.gazetteer import Gazetteer, Meaning, fold, gazetteer
from pipeline.postings.standing import Name, after_town, stands
from pipeline.postings.toponyms import CJK_RUN, Toponym, is_filler, scan
from pipeline.records import Place

_LINKING_WORDS = re.compile(
    r"\b(?:area|metro|metropolitan|region|city|greater|county|district|township|office|hq|the|downtown"
    r"|headquarters|based|centre|center|town|suburb|location|locations)\b|\d+",
    re.IGNORECASE,
)
_COUNTY = re.compile(r", ([A-Z][\w'’-]+(?: (?:and |& |of |y )?[A-Z][\w'’-]+){0,3}), ")
_FAR = re.compile(r"[^\W\d_]|[;|/&+\n•]")
_ZIP = re.compile(r" \d{5}\b")
_CHAIN = re.compile(r"\b(USA?|CAN?) ?- ?([A-Z]{2})(?: ?- ?((?:[A-Z][A-Za-z.]+ ?)+)|(?= ?-))")
_HINTS_OF_REMOTE = frozenset({"remote", "anywhere", "within", "hybrid", "onsite"})
_CITY_STATES = ("SG", "HK")
_LARGE = 300_000  # above this a city beside a foreign country is meant all the same
_CONTEXT_BOOST = 12.0  # Birmingham AL beside Atlanta, but never London ON beside Toronto


def unchained(text: str) -> str:
    """Turn round how hiring software writes places: "US-CA-Menlo Park" is "Menlo Park, CA, US"."""
    return _CHAIN.sub(lambda found: f"{(found[3] or '').strip()}, {found[2]}, {found[1]}", text)


def settle(
    text: str, context: frozenset[str] = frozenset(), toponyms: list[Toponym] | None = None
) -> list[tuple[Toponym, Place]]:
    """Return each name that is a place with the place it means, in order.

    context: countries and subdivisions that decide between homonyms where nothing nearer does.
    toponyms: what `scan` finds in the text, where the caller has it.
    """
    index = gazetteer()
    toponyms = scan(text) if toponyms is None else toponyms
    items: list[Name] = []
    position = 0
    while position < len(toponyms):
        item, used = _with_qualifiers(text, toponyms, position)
        if item and stands(index, text, toponyms, position, item):
            items.append(item)
            position += used
        else:
            position += 1
    return _choose(index, items, context)


def _link(text: str, left: Toponym, right: Toponym) -> str:
    """Return how two neighbouring names are joined: "," "(" " " or "" for not at all."""
    between = text[left.end : right.start]
    if (county := _COUNTY.fullmatch(between)) and not all(map(is_filler, county[1].split())):
        return ","
    stripped = _LINKING_WORDS.sub("", between)
    if _FAR.search(stripped) or len(between) > 40:
        return ""
    if "," in stripped or "，" in stripped:
        return ","
    if "(" in stripped or "[" in stripped:
        return "("
    return " "


def _with_qualifiers(text: str, toponyms: list[Toponym], position: int) -> tuple[Name | None, int]:
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
        if link == "," and not qualified and _is_county(text, toponyms, position + used, options):
            used += 1
            continue
        if not qualified and (link == "," or qualifier.key in ("uk", "usa")):
            strange = _overruled(text, name, qualifier)
            if strange:
                return Name(qualifier, strange, True), used + 1
        break
    if (
        not qualified
        and position + 1 < len(toponyms)
        and _leads(text, name, toponyms[position + 1])
    ):
        return None, 1
    by_state = by_state or (name.code and not qualified and after_town(text, name))
    return Name(name, options, qualified, by_state), used


def _is_county(
    text: str, toponyms: list[Toponym], position: int, options: tuple[Meaning, ...]
) -> bool:
    """Say whether a name is the county between city and country: "Boston, Lincolnshire, UK"."""
    county = toponyms[position]
    if position + 1 >= len(toponyms) or county.meanings[0].weight > 100_000 or county.code:
        return False
    land = toponyms[position + 1]
    is_land = bool(land.meanings) and land.meanings[0].kind in ("country", "subdivision")
    return (
        is_land
        and _link(text, county, land) == ","
        and bool(_consistent(options, land, ",", False))
        and not _consistent(county.meanings, land, ",", False)
    )


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
            inside = gazetteer().subdivisions_of(inner.place)
            if outer.kind == "subdivision" and outer.place.subdivision not in inside:
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
    small = name.meanings[0].weight < 100_000 and after_town(text, qualifier)
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


def _choose(
    index: Gazetteer, items: list[Name], context: frozenset[str]
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
    if states and "US" in near and nations == sum(_is_of_us(item) for item in items):
        nations = 0  # "US: NC, CO, UT" are states: the one nation that is named is theirs
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


def _is_only(item: Name, kind: str) -> bool:
    return not item.qualified and all(option.kind == kind for option in item.options)


def _is_of_us(item: Name) -> bool:
    return _is_only(item, "country") and item.options[0].place.country == "US"


def _code_options(
    index: Gazetteer, item: Name, near: set[str], nations: int, states: int
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


def _score(meaning: Meaning, item: Name, near: set[str] | frozenset[str], nations: int) -> float:
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
