"""One id for an employer however it is written, and what is common knowledge about it.

Layer:   postings (pure); the well-known names are in employers.toml.
Quirk:   the same firm is "Google", "GOOGLE LLC", "Google (YC S19)" and "Google, Germany". A land
         behind a comma or a dash is dropped; inside a name ("Air India", "Bank of China") it
         stays, unless what is left is a well-known employer ("Amazon Canada").
Quirk:   boards and threads write more than the name: "Acme-London W4", "Acme, Vision Team",
         "acme.com", "acmerobotics" for "Acme Robotics". Such a rest goes only if what is left is
         well known; a name that is a common word ("Square") must stand alone.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from pipeline.postings.places import place_share


class Known(NamedTuple):
    """What is common knowledge of an employer, in the words of the vocabulary.

    "" leaves it to the ad: a recruiter's industry is its client's, a small firm's kind its own.
    """

    kind: str
    industry: str


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# English; German, Dutch, French and southern Europe; the north, the east, Asia and the Gulf
_LEGAL = _words(
    "inc incorporated llc ltd limited corp corporation co company plc llp lp pllc na pty pte pvt "
    "private lllp "
    "gmbh ggmbh mbh ag se kg kgaa ohg ug ev eg bv nv bvba sprl cvba vof sa sas sasu sarl srl sl "
    "slu sro spa sapi ltda eireli lda cv "
    "ab as asa aps oy oyj ou uab sia spzoo kft zrt nyrt doo dd ood ead eood ooo oao pjsc ao sdn "
    "bhd tbk kk gk jsc fze fzco fzllc wll "
    "careers"  # no form of company, but as little part of the name
)
# Written so they are a suffix, as a word they may be part of a name: "Nordic Spa", "Such As".
_LEGAL_WORDS = frozenset({"spa", "as"})
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}|\b(?:[A-Za-z]\.\s?)+[A-Za-z]\b")
_SPELLED = re.compile(
    r"\bs\.\s?p\.\s?a\b\.?|\bsp\.?\s?z\.?\s?o\.?\s?o\b\.?|\b[aA]/[sS]\b|\bd\.o\.o\b\.?",
    re.IGNORECASE,
)
_HAN_LEGAL = re.compile(
    r"(?:股份|有限|责任|責任|合伙|总公司|分公司|公司|集团|集團|株式会社|有限会社|合同会社"
    r"|주식회사|유한회사)+$"
)
_HAN_BEFORE = re.compile(r"^(?:株式会社|有限会社|合同会社|주식회사|\(株\)|\(주\))\s*")
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]*[)\]）】]\s*")
_YC = re.compile(
    r"\b(?:YC|Y Combinator)\s?[-:]?\s?[SWFX]?\s?\d{2,4}\b|\bYC\b(?=\s*$)", re.IGNORECASE
)
_CAREERS = re.compile(r"^(?:careers|jobs) (?:at|with) ", re.IGNORECASE)
_LANDS = (
    "usa|us|u\\.s\\.a?\\.?|united states(?: of america)?|uk|u\\.k\\.|united kingdom"
    "|great britain|england|scotland|ireland|germany|deutschland|france|spain|españa|italy"
    "|italia|portugal|netherlands"
    "|the netherlands|nederland|belgium|luxembourg|switzerland|schweiz|suisse|austria|österreich"
    "|poland|polska|czech republic|czechia|hungary|romania|bulgaria|greece|turkey|sweden|norway"
    "|denmark|finland|estonia|latvia|lithuania|ukraine|russia|israel|uae|dubai|saudi arabia|egypt"
    "|south africa|nigeria|kenya|india|pakistan|bangladesh|sri lanka|china|hong kong|taiwan|japan"
    "|korea|south korea|singapore|singapour|malaysia|indonesia|thailand|vietnam|philippines"
    "|australia"
    "|new zealand|canada|mexico|brazil|brasil|argentina|chile|colombia|peru|emea|apac|europe"
    "|north america|latam|asia pacific|asia|america|americas|global|worldwide|international"
)
_LAND_BEHIND = re.compile(rf"(?:,|\s[-–—|]|[-–—|]\s)\s*(?:{_LANDS})\s*$", re.IGNORECASE)
_LAND_INSIDE = re.compile(rf"_(?:{_LANDS.replace(' ', '_')})$")
_NOBODY = re.compile(
    r"(?:the )?(?:client )?(?:company |employer |name )?(?:is )?"
    r"(?:confidential|unknown|hidden|anonymous|undisclosed|n a|na|none|null|nan|nil|tbd|unspecified"
    r"|not (?:specified|available|disclosed|provided|given|stated|applicable)|private advertiser"
    r"|we|we re|various|hiring|location|remote|onsite|seeking (?:work|freelancer)|apply at"
    r"|hedge fund"
    r"|(?:in )?stealth(?: mode)?(?: ai)?(?: startup| company)?|a company|company)"
    r"(?: company| employer| client| careers| name)?|保密|匿名|未知|某.+",
)

_UNIVERSITY = re.compile(
    r"universit|universid|université|\bunsw\b|hochschule|\bcollege\b|\bpolytechni|politecnico"
    r"|institute of technology|institute of science|business school|school of (?:medicine|business)"
    r"|\beth\b|\bepfl\b|\becole\b|\bgraduate school\b|\bschool district\b|大学|大學|学院|學院"
    r"|대학교",
    re.IGNORECASE,
)
_HOSPITAL = re.compile(
    r"hospital|medical cent|health system|klinik|clinic\b|健康|医院", re.IGNORECASE
)
_RESEARCH = re.compile(
    r"max planck|fraunhofer|helmholtz|leibniz|\bcnrs\b|\binria\b|national lab"
    r"|research (?:institut|lab|cent|council)|forschungs|institut(?:e|o)? (?:for|of|für|de|des"
    r"|der)\b|laborator(?:y|ies) for"
    r"|academy of sciences|研究院|研究所|实验室|実験|연구원",
    re.IGNORECASE,
)
_GOVERNMENT = re.compile(
    r"^(?:city|county|state|town|commonwealth|government|province) of\b|\bcounty(?: of\b|$)"
    r"|\bministry\b"
    r"|^(?:us |u s )?department of\b"
    r"|federal (?:bureau|agency|reserve|government)|bundesamt|bundeswehr|bundesministerium"
    r"|landesamt|stadtverwaltung|\bcouncil$|\bgovernment\b(?! solutions)|\bpolice\b|\bnhs\b"
    r"|\b(?:us|royal) (?:army|navy|air force)\b|statutory board"
    r"|public service|政府|人民法院|公安|市役所",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"recruit|staffing|talent (?:acqui|solution|partner|search|group|hub|pool)|headhunt"
    r"|personnel|personal(?:dienst|service|beratung|vermittlung)|executive search|\bmanpower\b"
    r"|employment (?:agency|group)"
    r"|\bresourcing\b|search partners|\bjobs (?:via|for)\b|猎头|人力资源|人才|派遣",
    re.IGNORECASE,
)
_NONPROFIT = re.compile(
    r"\bfoundation(?: for| of|$)|\bcharit(?:y|ies|able)\b|non ?profit|\bngo\b|\bstiftung\b"
    r"|^association|\bassociation(?: of| for|$)|基金会",
    re.IGNORECASE,
)


# "Acme Technologies", "Acme Singapore", "acme.com": the firm itself, if the rest is well known.
_TAIL = re.compile(
    rf"_(?:technolog(?:y|ies)|software|systems|services|solutions|group|holdings?|ai|io|com|app|hq"
    rf"|de|co_uk|com_au|team|engineering|north_amer|{_LANDS.replace(' ', '_')})$"
)
_DASH = re.compile(r"\s+[-–—|/]\s*|\s*[–—|/]\s+")
_HYPHEN = re.compile(r"^(.*\w)-([A-Z].*)$")
_REST = re.compile(r"\s*,\s|\s+/\s+|\s\(")
_AT = re.compile(r"\s(?:at|@)\s")
_MOSTLY = 0.5  # of the words behind a hyphen must name a place
_LONG_ENOUGH = 8  # letters from which a name without its spaces is still one firm's


class _Table(NamedTuple):
    known: dict[str, Known]
    aliases: dict[str, str]
    parents: dict[str, str]
    han: dict[str, str]
    joined: dict[str, str]
    common: frozenset[str]
    families: frozenset[str]
    startup_until: dict[str, int]
    arms: dict[str, str]


@cache
def _table() -> _Table:
    words = resources.files("pipeline.postings").joinpath("employers.toml").read_text("utf-8")
    read = tomllib.loads(words)
    aliases = {_plain_id(name): own for own, names in read["aliases"].items() for name in names}
    known: dict[str, Known] = {}
    for group in read["group"]:
        for name in group["names"]:
            plain = _plain_id(name)
            known.setdefault(aliases.get(plain, plain), Known(group["kind"], group["industry"]))
    han = {name: own for name, own in aliases.items() if not name.isascii()}
    joined = {name.replace("_", ""): aliases.get(name, name) for name in [*known, *aliases]}
    return _Table(
        known,
        aliases,
        read["parents"],
        han,
        {name: own for name, own in joined.items() if len(name) >= _LONG_ENOUGH},
        frozenset(read["common"]),
        frozenset(read["families"]),
        read["startup_until"],
        read["arms"],
    )


@cache
def employer_id(name: str) -> str:
    """Return the id of an employer's name, "" where the ad does not tell who it is.

    Ids are lower-case words joined by "_", Han characters kept; the id of an id is itself.
    """
    plain = _plain_id(name)
    if not plain:
        return ""
    table = _table()
    for part in _readings(name, plain, table):
        own = table.aliases.get(part, part)
        if own in table.known:
            return own
    # 北京字节跳动科技有限公司: place and trade stand around the name, with no space between
    if not plain.isascii():
        for han, own in table.han.items():
            if han in plain and not _UNIVERSITY.search(plain):
                return own
    return table.aliases.get(plain, plain)


def _readings(name: str, plain: str, table: _Table) -> Iterator[str]:
    """Yield what a name may stand for, the most literal first."""
    yield plain
    yield _LAND_INSIDE.sub("", plain)
    yield table.joined.get(plain.replace("_", ""), "")
    cuts = [_DASH.split(name)[0], _REST.split(name)[0], _AT.split(name)[-1]]
    if (two := _HYPHEN.match(name)) and place_share(two[2]) >= _MOSTLY:
        cuts.append(two[1])  # "Acme-London W4"
    heads = [_plain_id(cut) for cut in dict.fromkeys(cuts) if cut != name]
    yield from heads
    for head in (plain, *heads):
        for short in _shorter(head):
            yield "" if short in table.common else short
            yield table.joined.get(short, "")


def _shorter(name: str) -> Iterator[str]:
    """Yield an id without its last general word, then without the one before."""
    while (short := _TAIL.sub("", name)) != name:
        yield short
        name = short


def listed(spelled: str) -> str:
    """Return the id of a well-known employer by its words in lower case joined by "_", or ""."""
    table = _table()
    own = table.aliases.get(spelled, spelled)
    return own if own in table.known else ""


@cache
def first_words() -> frozenset[str]:
    """Return the words that ids of well-known employers begin with."""
    table = _table()
    return frozenset(own.partition("_")[0] for own in (*table.known, *table.aliases))


def is_common(employer: str) -> bool:
    """Say whether the name of an employer (its id) is a common word, or a tool, as well."""
    return employer in _table().common


@cache
def arm_of(name: str) -> str:
    """Return the industry of the part of an employer that a name begins with: "AWS Berlin"."""
    words, arms = _plain_id(name).split("_"), _table().arms
    return next((arms[one] for size in (3, 1) if (one := "_".join(words[:size])) in arms), "")


def parent_of(employer: str) -> str:
    """Return the id of the employer that owns this one, "" if it stands alone or is not known."""
    return _table().parents.get(employer, "")


def known(name: str, year: int | None = None) -> Known | None:
    """Return kind and industry of a well-known employer, or of one whose name says what it is.

    year: of the ad; many an enterprise of today was a startup when it wrote it.
    """
    own, table = employer_id(name), _table()
    if found := table.known.get(own):
        if year and year < table.startup_until.get(own, 0):
            found = found._replace(kind="startup")
        return found._replace(industry=arm_of(name) or found.industry)
    return _told(own.replace("_", " ")) or _of_family(own, table)


def _told(words: str) -> Known | None:
    """Return what the words of a name say of it."""
    if _AGENCY.search(words):
        return Known("agency", "")
    if _UNIVERSITY.search(words):
        if _HOSPITAL.search(words):
            return Known("university", "healthcare")
        return Known("university", "education")
    if _RESEARCH.search(words):
        return Known("research_lab", "")
    if _GOVERNMENT.search(words):
        return Known("government", "government")
    return Known("nonprofit", "") if _NONPROFIT.search(words) else None


def _of_family(own: str, table: _Table) -> Known | None:
    """Return what is known of a house whose name this one begins with: "Siemens Healthcare"."""
    words = own.split("_")
    for size in (3, 2, 1):
        house = table.aliases.get(start := "_".join(words[:size]), start)
        if start in table.families and len(words) > size:
            return table.known[house]
    return None


def _plain_id(name: str) -> str:
    """Return the id by spelling alone, before any table is asked."""
    plain = _spelled_id(name)
    # A suffix may only show once another is gone: "集团（深圳）有限公司".
    while (again := _spelled_id(plain)) != plain:
        plain = again
    return plain


def _spelled_id(name: str) -> str:
    words = unicodedata.normalize("NFKC", name).replace("_", " ").replace("%20", " ").strip()
    words = _HAN_BEFORE.sub("", words)
    words = _YC.sub(" ", words)
    words = _BRACKETS.sub(" ", words).strip() or words
    words = _LAND_BEHIND.sub("", words)
    words = _CAREERS.sub("", words.strip())
    words = _SPELLED.sub(lambda found: re.sub(r"\W", "", found.group()), words)
    words = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", words)
    words = re.sub(r"(?<=\w)['’`´](?=\w)", "", words.replace("&", " and "))
    tokens = _folded(re.sub(r"[^\w]+", " ", words)).split()
    cased = re.sub(r"[^\w]+", " ", words).split()
    tokens = _without_legal(tokens, cased if len(cased) == len(tokens) else tokens)
    plain = _HAN_LEGAL.sub("", "_".join(tokens)) or "_".join(tokens)
    return "" if _NOBODY.fullmatch(plain.replace("_", " ")) else plain.strip("_")


_NO_ACCENT = {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("æ"): "ae"}


def _folded(words: str) -> str:
    """Lower the case and drop accents; Han, Kana and Hangul stay as they are."""
    words = words.casefold().translate(_NO_ACCENT)
    apart = unicodedata.normalize("NFD", words)
    kept = (sign for sign in apart if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", "".join(kept))


def _without_legal(tokens: list[str], cased: list[str]) -> list[str]:
    if len(tokens) > 1 and tokens[0] == "the":
        tokens, cased = tokens[1:], cased[1:]
    while len(tokens) > 1:
        last = tokens[-1]
        if last == "careers" and len("".join(tokens)) < 12:
            break  # "e-Careers"
        is_word = last in _LEGAL_WORDS and cased[-1] in (last, last.title())
        if last != "and" and (last not in _LEGAL or is_word):
            break
        tokens, cased = tokens[:-1], cased[:-1]
    return tokens
