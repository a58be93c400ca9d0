"""One id for an employer however it is written, and what is common knowledge about it.

Layer:   postings (pure); well-known names are in employers.toml, other names of one employer in
         employer_aliases.toml, what surrounds a name in employer_spelling.py.
Quirk:   an employer is who hires: the one whose name the offer of the job carries. So its legal
         entities, its branches by land and town, and brands that hire through it (AWS, YouTube,
         Instagram) are one employer with it. A firm with an owner that hires under its own name
         (LinkedIn, GitHub, Waymo, TikTok) is its own, and so is a research lab (DeepMind, Google
         Research): it is another kind of employer. `parent_of` names the owner.
Quirk:   boards and threads write more than the name: "Acme-London W4", "Acme, Vision Team",
         "acme.com", "acmerobotics" for "Acme Robotics". A team goes only if what is left is well
         known; a place and a web address go from any name that is no common word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.postings.employer_kinds import is_public, is_seat_of_learning, told
from pipeline.postings.employer_spelling import LANDS, LONGEST, plain_id
from pipeline.postings.employer_table import LONG_ENOUGH, Known, Table, aliases, exact_key, table
from pipeline.postings.places import metros, place_share, places_in

__all__ = ["Known", "aliases", "employer_id", "known", "parent_of"]

_LANDS = LANDS.replace(" ", "_")
_LAND_INSIDE = re.compile(rf"_(?:{_LANDS})$")
# "Acme India" is Acme; "Acme Global", "Acme America", "New England" may be names of their own.
_BRANCH = re.compile(
    r"_(?!(?:us|the_netherlands|england|scotland|asia|americas?|global|worldwide|international)$)"
    rf"(?:{_LANDS}|south_?east_asia)$"
)
_US = re.compile(r"\bU\.?S\.?(?:\W*$|,? (?:Inc|LLC|LLP)\.?$)")
_OF = re.compile(
    r"_(?:co|of|for|in|and|de|du|the|to|at|by|from|new|north|south|east|west|central)$"
)
# "Acme Technologies", "Acme Singapore", "acme.com": the firm itself, if the rest is well known.
_TAIL = re.compile(
    rf"_(?:technolog(?:y|ies)|software|systems|services|solutions|group|holdings?|ai|io|com|app|hq"
    rf"|de|co_uk|com_au|team|engineering|north_amer|{_LANDS})$"
)
_CODE = re.compile(
    r"^(?:[a-z]{2}\d{2}|\d{3,5})_"
)  # of a legal entity: "631 Acme Hamilton_United States"
_WEB = re.compile(
    r"^(?:https?:/*)?(?:www\.)?([\w-]+)\.(?:(com)|io|co|org|net|app|dev|tech|co\.uk|de|nl|eu)"
    r"(?:/\S*)?(?:,? (?:inc|llc|ltd|limited|gmbh|ag|pte|pvt|private)\.?)*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\(.*\)")
_DASH = re.compile(r"\s+[-–—|/]\s*|\s*[–—|/]\s+")
_HYPHEN = re.compile(r"^(.*\w)-([A-Z].*)$")
_REST = re.compile(r"\s*,\s|\s+/\s+|\s\(")
_PLACE_BEHIND = re.compile(r"\s*,\s|\s+[-–—|/]+\s+|(?<=\w{5})\.\s+|-(?=[A-Z])")
_AT = re.compile(r"\s(?:at|@)\s")
_MOSTLY = 0.5  # of the words behind a hyphen must name a place
# Letters from which a web address is a coined name ("modash.io") and hardly a common word
# ("flux.ai"); .com mostly belongs to the firm that is called so.
_COINED, _COINED_COM = 7, 5


@cache
def employer_id(name: str) -> str:
    """Return the id of an employer's name, "" where the ad does not tell who it is.

    Ids are lower-case words joined by "_", Han characters kept; the id of an id is itself.
    """
    names, name = table(), name[:LONGEST]
    if own := names.exact.get(exact_key(name)):
        return own
    plain = plain_id(name)
    if not plain or plain in names.apart:
        return plain
    if plain in names.aliases:
        return names.aliases[plain]
    if plain in names.known:
        return plain
    for part in _readings(name, plain, names):
        own = names.aliases.get(part, part)
        if own in names.known:
            return own
    # 北京字节跳动科技有限公司: place and trade stand around the name, with no space between
    if not plain.isascii() and (own := _in_han(plain, names)):
        return own
    if (house := _house(plain, names)) and not is_public(plain.replace("_", " ")):
        return house
    short = _unadorned(name, plain, names)
    short = names.aliases.get(short) or names.joined.get(short.replace("_", ""), short)
    return short if short == plain else employer_id(short)


_HAN_PLACE = re.compile(r"^(?:北京|上海|深圳|广州|杭州|南京|苏州|成都|武汉|天津|西安)市?")


def _in_han(plain: str, names: Table) -> str:
    """Return the well-known employer named within a Han name, the longest name first."""
    if is_seat_of_learning(plain):
        return ""
    words = _HAN_PLACE.sub("", plain)
    return next(
        (names.han[han] for han in sorted(names.han, key=len, reverse=True) if han in words), ""
    )


def _house(plain: str, names: Table) -> str:
    """Return the house all of whose firms and teams are one employer: "Amazon Advertising"."""
    first, _, rest = plain.partition("_")
    return names.aliases.get(first, first) if rest and first in names.whole else ""


def _readings(name: str, plain: str, names: Table) -> Iterator[str]:
    """Yield what a name may stand for, the most literal first."""
    yield _LAND_INSIDE.sub("", plain)
    yield _joined(plain, names)
    cuts = [_DASH.split(name)[0], _REST.split(name)[0], _AT.split(name)[-1]]
    if (two := _HYPHEN.match(name)) and place_share(two[2]) >= _MOSTLY:
        cuts.append(two[1])  # "Acme-London W4"
    heads = [plain_id(cut) for cut in dict.fromkeys(cuts) if cut != name]
    if plain != (bare := _CODE.sub("", plain)):
        heads.append(bare)
    if (web := _WEB.match(_ASIDE.sub("", name).strip())) and len(
        stem := plain_id(web[1])
    ) >= LONG_ENOUGH:
        yield "" if stem in names.vague else stem
    for head in heads:
        yield "" if head in names.vague else head
    for head in (plain, *heads):
        for short in _shorter(head):
            if short not in names.common and short not in names.vague:
                yield short
                yield _joined(short, names)


def _joined(plain: str, names: Table) -> str:
    """Return the id that differs by its spaces alone: "acmerobotics" for "acme_robotics"."""
    return names.joined.get(plain.replace("_", ""), "")


def _unadorned(name: str, plain: str, names: Table) -> str:
    """Return the id without a place or a web address, for an employer nobody has listed."""
    if web := _WEB.match(_ASIDE.sub("", name).strip()):
        stem = plain_id(web[1])
        least = _COINED_COM if web[2] else _COINED
        if len(stem.replace("_", "")) >= least and not _is_loose(stem, names):
            return stem
    if is_public(plain.replace("_", " ")):
        return plain
    for cut in _PLACE_BEHIND.finditer(name):
        before, behind = name[: cut.start()], name[cut.end() :]
        if place_share(behind) == 1.0 and (cut.group() != "-" or metros(places_in(behind))):
            head = plain_id(before)
            is_office = is_public(before) or is_public(behind)
            if len(head) > 1 and not is_office and place_share(before) == 0.0:
                return head
    head = _BRANCH.sub("", plain)
    if head == plain and plain.endswith("_us") and _US.search(name) and not name.isupper():
        head = plain[:-3]
    if head == plain or len(head) <= 2 or _OF.search(head) or _is_loose(head, names):
        return plain
    return head


def _is_loose(head: str, names: Table) -> bool:
    """Say whether a name is a common word, or made of such, and may be several firms'."""
    return head in names.common or all(word in names.vague for word in head.split("_"))


def _shorter(name: str) -> Iterator[str]:
    """Yield an id without its last general word, then without the one before."""
    while (short := _TAIL.sub("", name)) != name:
        yield short
        name = short


def listed(spelled: str) -> str:
    """Return the id of a well-known employer by its words in lower case joined by "_", or ""."""
    names = table()
    own = names.aliases.get(spelled, spelled)
    return own if own in names.known else ""


@cache
def first_words() -> frozenset[str]:
    """Return the words that ids of well-known employers begin with."""
    names = table()
    others = (name for name, own in names.aliases.items() if own in names.known)
    return frozenset(own.partition("_")[0] for own in (*names.known, *others))


def is_common(employer: str) -> bool:
    """Say whether the name of an employer (its id) is a common word, or a tool, as well."""
    return employer in table().common


@cache
def arm_of(name: str) -> str:
    """Return the industry of the part of an employer that a name begins with: "AWS Berlin"."""
    words, arms = plain_id(name).split("_"), table().arms
    return next((arms[one] for size in (3, 1) if (one := "_".join(words[:size])) in arms), "")


def parent_of(employer: str) -> str:
    """Return the id of the employer that owns this one, "" if it stands alone or is not known."""
    return table().parents.get(employer, "")


def known(name: str, year: int | None = None) -> Known | None:
    """Return kind and industry of a well-known employer, or of one whose name says what it is.

    year: of the ad; many an enterprise of today was a startup when it wrote it.
    """
    own, names = employer_id(name), table()
    if found := names.known.get(own):
        if year and year < names.startup_until.get(own, 0):
            found = found._replace(kind="startup")
        return found._replace(industry=arm_of(name) or found.industry)
    if says := told(own.replace("_", " ")):
        return Known(*says)
    return _of_family(own, names)


def _of_family(own: str, names: Table) -> Known | None:
    """Return what is known of a house whose name this one begins with: "Siemens Healthcare"."""
    words = own.split("_")
    for size in (3, 2, 1):
        house = names.aliases.get(start := "_".join(words[:size]), start)
        if start in names.families and len(words) > size:
            return names.known[house]
    return None
