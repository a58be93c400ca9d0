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
from pipeline.postings.homonyms import settle, unchained
from pipeline.postings.text_places import context_of, covered, places_in_text
from pipeline.postings.toponyms import WORD, is_filler, scan
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
    context = context_of(text_hint) if text_hint else frozenset()
    return _read(location, context)


def places_of(location: str, text: str) -> tuple[Place, ...]:
    """Return where a job may be done: what its location field names, else what its text says.

    Reading the text beside a field as well found as many wrong places as right ones on postings
    it was not written on.
    """
    return places_in(location) or places_in_text(text)


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


@lru_cache(maxsize=1_000)
def place_share(text: str) -> float:
    """Return which share of a text's words are place names or say how one works (0 to 1).

    0 if no place is named: a header's segment is a place if most of it is.
    """
    toponyms = scan(text)
    if not toponyms or not settle(text, toponyms=toponyms):
        return 0.0
    never = gazetteer().never
    names = [name for name in toponyms if name.code or name.key not in never]
    words = [match for match in WORD.finditer(text) if not match.group().isdigit()]
    named = sum(covered(match.start(), names) or is_filler(match.group()) for match in words)
    return named / len(words) if words else 0.0


@lru_cache(maxsize=100_000)
def _read(location: str, context: frozenset[str]) -> tuple[Place, ...]:
    text = _MARGIN_NOTE.sub(" ", location)
    if "http" in text:
        text, address = _URL.sub(" ", text), _URL.search(text)
        if address and not text.strip():
            return _in_address(address.group(1))
    return tuple(dict.fromkeys(place for _, place in settle(unchained(text), context)))


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
