"""Where a job may be done: from a location field or a sentence to places, and back.

Layer:   postings (pure).
Quirk:   what counts as which metro is data (places.toml). Los Angeles is the county, not Orange
         County; the Bay Area is without Santa Cruz; New York reaches into New Jersey but not into
         Connecticut; Zug is not Zurich, Potsdam not Berlin, Yokohama not Tokyo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.postings.gazetteer import gazetteer
from pipeline.postings.homonyms import settle
from pipeline.postings.toponyms import WORD, Toponym, is_filler, scan
from pipeline.records import Place

_ONE = (
    r"(?:\[(?:region [a-z_]+|metro [a-z_]+|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)\]"
    r"|[^\[\];\n]+ \[[A-Z]{2}(?:-[A-Z0-9]{1,3})?, [0-9]+\])"
)
_CANONICAL = re.compile(rf"{_ONE}(?:; {_ONE})*")
_BRACKET = re.compile(
    r"\[(?:region ([a-z_]+)|metro ([a-z_]+)|([A-Z]{2})(-[A-Z0-9]{1,3})?(?:, ([0-9]+))?)\]"
)
_URL = re.compile(r"https?://[^\s/]+/?([^\s?#]*)\S*")
_MARGIN_NOTE = re.compile(r"\(from [a-z ]+\)")  # a collector's own remark on where it looked
_MILLION = 1_000_000


def places_in(location: str, *, text_hint: str = "") -> tuple[Place, ...]:
    """Return every place a location string names, in order, without repeats.

    location:  a location field, or the part of an ad's header that says where; the canonical
               notation of `notation` is read back exactly.
    text_hint: running text whose countries and states decide between homonyms when the string
               itself does not.
    """
    if not location:
        return ()
    if location[-1] == "]" and _CANONICAL.fullmatch(location):
        return _read_notation(location)
    context = _context(text_hint) if text_hint else frozenset()
    return _read(location, context)


def places_in_text(text: str) -> tuple[Place, ...]:
    """Return the places running text names as the job's own; () unless it says so outright.

    For ads without a location field: "Location: Leeds", "based in Ghent", "our office in Lyon".
    """
    found: dict[Place, None] = {}
    for cue in _CUES:
        for match in cue.finditer(text):
            clause = _END_OF_CLAUSE.split(text[match.end() : match.end() + 160], maxsplit=1)[0]
            if clause and _WORD_OF_PLACE.match(clause):
                found.update(dict.fromkeys(_led_by_place(clause, _context(text))))
        if found:
            break
    return tuple(found)


def countries(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the countries of places, sorted."""
    return tuple(sorted({place.country for place in places if place.country}))


def metros(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the metros of places, sorted."""
    return tuple(sorted({place.metro for place in places if place.metro}))


def notation(place: Place) -> str:
    """Render a place so that `places_in` reads the same place back: "Lyon [FR, 2996944]"."""
    if place.geonames_id:
        where = place.subdivision or place.country
        return f"{_plain(place.city)} [{where}, {place.geonames_id}]"
    if place.metro:
        return f"[metro {place.metro}]"
    if place.country:
        return f"[{place.subdivision or place.country}]"
    return f"[region {place.region}]"


def place_share(text: str) -> float:
    """Return which share of a text's words are place names or say how one works (0 to 1).

    0 if no place is named: a header's segment is a place if most of it is.
    """
    settled = settle(text)
    if not settled:
        return 0.0
    never = gazetteer().never
    names = [name for name in scan(text) if name.code or name.key not in never]
    words = [match for match in WORD.finditer(text) if not match.group().isdigit()]
    named = sum(_covered(match.start(), names) or is_filler(match.group()) for match in words)
    return named / len(words) if words else 0.0


def _covered(start: int, names: list[Toponym]) -> bool:
    return any(name.start <= start < name.end for name in names)


@lru_cache(maxsize=100_000)
def _read(location: str, context: frozenset[str]) -> tuple[Place, ...]:
    text = _MARGIN_NOTE.sub(" ", location)
    if "http" in text:
        text, address = _URL.sub(" ", text), _URL.search(text)
        if address and not text.strip():
            return _in_address(address.group(1))
    return tuple(dict.fromkeys(place for _, place in settle(text, context)))


def _in_address(path: str) -> tuple[Place, ...]:
    """Read a large city off a web address that files its ads by city: /hangzhou-xh/12.html."""
    first = re.split(r"[/-]", path, maxsplit=1)[0]
    if not first.isalpha():
        return ()
    for meaning in gazetteer().meanings(first):
        if meaning.kind == "city" and meaning.weight >= _MILLION:
            return (meaning.place,)
    return ()


@lru_cache(maxsize=20_000)
def _read_notation(location: str) -> tuple[Place, ...]:
    found: dict[Place, None] = {}
    index = gazetteer()
    for region, metro, country, part, city in _BRACKET.findall(location):
        if region:
            found[Place(region=region)] = None
        elif metro:
            if (area := index.metro(metro)) is not None:
                found[area] = None
        elif city and index.has_city(int(city)):
            found[index.place(country, "", int(city))] = None
        elif country in index.countries:
            found[index.place(country, country + part if part else "")] = None
    return tuple(found)


def _plain(city: str) -> str:
    return re.sub(r"[\[\];\n]", " ", city)


@lru_cache(maxsize=2_000)
def _context(text: str) -> frozenset[str]:
    """Return the countries and subdivisions that running text names by their full names."""
    settled = settle(text[:4000])
    named = (place for name, place in settled if len(name.key) > 3 and place.country)
    return frozenset(
        part for place in named if not place.city for part in (place.country, place.subdivision)
    ) - {""}


_LABEL = (
    r"(?im)^[\s*#>•·-]*(?:job |work |primary |office |company )?(?:location|locations|standort|"
    r"lieu|ubicaci[oó]n|where)\**\s*(?:\(s\)|\(city\))?\**\s*[:–—-]+\s*\**\s*"
)
_CUES = tuple(
    re.compile(pattern)
    for pattern in (
        _LABEL + r"|(?:工作地点|工作城市|工作地|办公地点|上班地点|勤務地)\s*[:：]?\s*",
        r"(?i)\b(?:position|role|job|internship|opening|opportunity)s? (?:is|are|will be|can be) "
        r"(?:\w+ ){0,3}?(?:based |located |situated )?(?:out of|in|at) (?:our |the )?(?:\w+ )?",
        r"(?i)\b(?:on-?site|in-?person|in-?office|hybrid|remote(?:ly)?)(?: \w+)?"
        r" (?:in|from|within|at|out of)(?: our)?(?: the)? ",
        r"(?i)\boffices?(?: (?:is|are))?(?: located| based)? in(?: downtown| the heart of| central"
        r"| beautiful| sunny)?(?: the)? ",
        r"(?i)\b(?:we(?:'re|’re| are)|team is|company is|startup|start-up|company|located|based|"
        r"headquartered)(?:,)? (?:based |located |headquartered )?(?:out of|in|near)(?: downtown"
        r"| the heart of| beautiful| sunny| central)?(?: the)? ",
        r"(?i)\b(?:hiring|openings?|join us|developers?|engineers?|scientists?)(?: \w+){0,4}? in"
        r" (?:downtown |our )?",
        r"(?i)\bour (?=[\w., -]{3,40}? (?:based|offices?|hq|headquarters)\b)",
        r"(?m)\A.{0,60}?[-—|·（(／\s]\s*(?=[一-鿿])",
    )
)
_CAPITAL_OR_CJK = re.compile(r"[^\W\d_a-z]")
_WORD_OF_PLACE = re.compile(
    r"[\s*(]*(?:[a-z]+ ){0,2}[^\W\d_a-z]"
)  # else no look into the gazetteer
_END_OF_CLAUSE = re.compile(r"[\n.;!?](?:\s|$)|\n|\s(?:with|where|who|that|which|to|for)\s")


def _led_by_place(clause: str, context: frozenset[str]) -> tuple[Place, ...]:
    """Return the places a clause opens with; () if its first words are anything else."""
    found: list[Place] = []
    names = scan(clause)
    end = 0
    for name, place in settle(clause, context):
        between = WORD.finditer(clause, end, name.start)
        if not all(
            is_filler(word.group()) or word.group().isdigit() or _covered(word.start(), names)
            for word in between
        ):
            break
        if _CAPITAL_OR_CJK.match(clause, name.start):
            found.append(place)
        end = max(end, name.end)
    return tuple(dict.fromkeys(found))
