"""Read the header of an ad that has no fields, as on Hacker News "Who is hiring?".

Layer:   postings (pure).
Quirk:   the custom is "Employer | role | place | ..." since about 2015; before, dashes, slashes or
         a plain sentence. The order is free, so each segment is told by what it holds.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from pipeline.postings.gazetteer import fold, gazetteer
from pipeline.postings.places import place_share, places_in


class Header(NamedTuple):
    """What an ad's first line says; "" where it does not. Several roles or places: "a; b"."""

    employer: str
    title: str
    location: str
    workplace_words: str


_URL = re.compile(r"\(?\s*(?:https?://|www\.)[^\s|)<>\]]+\s*\)?", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
_MARKDOWN = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_TAG = re.compile(r"<[^>]{1,300}>")
_PARAGRAPH = re.compile(r"<p>|<br ?/?>|\n", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]{1,3}\s+|\s*[•·・‖]\s*|\s+::?\s+|\s*--+\s*|\s*—\s*")
_SLASH = re.compile(r"\s+/{1,2}\s+")
_ROLE = re.compile(
    r"engineer|develop|scien(?:tist|ce)|designer|\bdesign\b|manager|\blead\b|architect|analyst"
    r"|programmer|devops|\bsre\b|research|\bc[tpeio]o\b|head of|director|\bvp\b|vice president"
    r"|founder|administrator|\bdba\b|specialist|consultant|recruiter|marketer|writer|frontend"
    r"|full[ -]?stack|front[ -]end|back[ -]?end|\bios\b|android|\bqa\b|tester|professor|postdoc"
    r"|statistician|hacker|product owner|sysadmin|technician|coordinator|executive|\bstaff\b"
    r"|(?:multiple|various|several|many|all|open|tech\w*) (?:roles|positions|openings|jobs)"
    r"|\bsales\b|marketing|\bpositions\b|\broles\b|\bml\b|machine learning|counsel|accountant"
    r"|operations",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"full[ -]?time|part[ -]?time|fulltime|parttime|\bft\b|\bpt\b|contract(?:or|ing)?\b|freelance"
    r"|\bperm(?:anent)?\b|\bintern(?:s|ships?)?\b|\bvisas?\b|sponsor\w*|\bh-?1b\b|\bequity\b"
    r"|competitive|salary|\bstocks?\b|\bbenefits\b|relocation|\brelo\b|\bco-?op\b",
    re.IGNORECASE,
)
_PAY = re.compile(r"[$€£¥₹]\s?\d|\b\d{2,3}\s?k\b|\b\d{2,3}[,.]?000\b|\b(?:usd|eur|gbp|chf)\b", re.I)
_WORKPLACE = re.compile(
    r"\bremot\w*|\bon-?\s?sites?\b|\bhybrid\b|\bin-?\s?office\b|\bin-?\s?person\b|\bwfh\b|anywhere"
    r"|distributed|work from home|telecommut\w*|worldwide|location[- ]independent|\bglobal\b",
    re.IGNORECASE,
)
_HIRING = re.compile(
    r"(?:^|[.!]\s+)(?:at )?([A-Z0-9][\w.&'-]*(?: (?:[A-Z0-9&][\w.&'-]*|of|and|the|for))*)"
    r"(?:,? \([^)]*\))?,?(?: (?:is|are)(?: \w+){0,2} (?:hiring|looking|seeking|searching|building"
    r"|growing|an?\b)|, (?:located|based)| located| based)"
)
_AT_EMPLOYER = re.compile(r"\b(?:at|@|join) ([A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*)*)")
_ASIDE = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]?")
_IS_HIRING = re.compile(r"\s+(?:is|are)\s+(?:\w+\s+)?(?:hiring|looking|seeking)\b.*", re.I | re.S)
_SENTENCE = re.compile(r"\b(?:we|we're|are|is|our|you|i|i'm|have|has)\b", re.IGNORECASE)
_LABEL = re.compile(r"^(?:location|where|office|place)s?\s*:\s*", re.IGNORECASE)
_BESIDE = (
    re.compile(r"[(\[]([^)\]|]+)"),
    re.compile(r"(?:,|@|\bin\b|\bat\b)\s+([A-Z].*)$"),
)
_FIELD = re.compile(r"(company|employer|location|role|job|position|title)s?\s*:\s*(.+)", re.I)
_LONG = 160  # a longer segment is prose, not an entry of a header


def read_header(text: str) -> Header:
    """Return employer, title, location and workplace words of an ad's header."""
    lines = _lines(text)
    if not lines:
        return Header("", "", "", "")
    at = next((number for number, line in enumerate(lines[:4]) if line.count("|") >= 1), 0)
    if lines[at].count("|") < 1:
        at = 0
    segments = _segments(lines[at])
    header = _classify(segments) if len(segments) > 1 else _read_prose(lines[0])
    if at:  # the name stands above the line of bars
        first = _segments(lines[0])[0]
        if len(first) < 60 and not _kinds(first) & {"title", "location"}:
            header = header._replace(employer=_employer(first))
    if not header.employer:
        said = (_HIRING.search(line) for line in lines[at : at + 3])
        names = (_employer(match.group(1)) for match in said if match)
        header = header._replace(employer=next(filter(_is_name, names), ""))
    for line in lines[:6]:
        header = _with_field(header, line)
    for line in lines[at + 1 : at + 4]:
        if not header.location:
            header = _look_below(header, line)
    return header


def _lines(text: str) -> list[str]:
    """Return the first non-empty lines as plain text; drawings made of signs are no lines."""
    found = []
    for raw in _PARAGRAPH.split(text[:6000]):
        line = html.unescape(_TAG.sub(" ", raw)).replace("\u00a0", " ")
        line = _MARKDOWN.sub(lambda match: match.group(1) or "", line)
        line = " ".join(line.replace("｜", "|").replace("│", "|").replace("¦", "|").split())
        letters = sum(char.isalpha() for char in line)
        if letters >= 2 and letters > len(line.replace(" ", "")) / 3:
            found.append(line)
        if len(found) == 6:
            break
    return found


def _segments(line: str) -> list[str]:
    """Split a header on the strongest separator it uses."""
    if "|" in line:
        parts = line.split("|")
        first = _DASH.split(parts[0])
        # "Acme -- NYC or remote | Engineer": only the first segment mixes the two.
        mixed = any(place_share(part) >= 0.6 or _ROLE.search(part) for part in first[1:])
        if mixed and not _ROLE.search(first[0]):
            parts[:1] = first
    elif (len(parts := _DASH.split(line)) > 1 and len(parts[0]) < _LONG) or (
        len(parts := _SLASH.split(line)) > 1 and len(line) < 2 * _LONG
    ):
        return _cleaned(parts, line)
    else:
        parts = re.split(r"\s*;\s*", line)
        if len(line) < _LONG and len(parts) == 1 and not _SENTENCE.search(line):
            parts = _comma_parts(line)
        if not any(place_share(part) >= 0.6 for part in parts):
            parts = [line]
    return _cleaned(parts, line)


def _cleaned(parts: list[str], line: str) -> list[str]:
    return [part for raw in parts if (part := raw.strip(" \t-–—,;:/"))] or [line]


def _comma_parts(line: str) -> list[str]:
    """Split "Acme, Oslo, Rust engineer" but keep "Oslo, Norway" in one piece."""
    parts: list[str] = []
    for part in re.split(r",\s+", line):
        if parts and place_share(parts[-1]) >= 0.6 and place_share(part) >= 0.6:
            parts[-1] += ", " + part
        else:
            parts.append(part)
    return parts


def _kinds(segment: str) -> set[str]:
    """Return what a segment may be: title, location, terms, pay, workplace; empty for a name."""
    kinds = set()
    bare = _URL.sub(" ", segment).strip()
    if not bare or _MAIL.fullmatch(bare):
        return {"link"}
    if _TERMS.search(bare):
        kinds.add("terms")
    if _PAY.search(bare):
        kinds.add("pay")
    if _WORKPLACE.search(bare):
        kinds.add("workplace")
    if _ROLE.search(bare):
        kinds.add("title")
    places = places_in(bare)
    if places and len(bare) < 2 * _LONG:
        share = place_share(bare)
        is_role = "title" in kinds
        if share >= 0.6 or (not is_role and (share >= 0.3 or "workplace" in kinds)):
            kinds.add("location")
    if "location" in kinds:
        kinds.discard("title")
    return kinds


def _classify(segments: list[str]) -> Header:
    employer, titles, locations, ways, rest = "", [], [], [], []
    for number, segment in enumerate(segments):
        bare = _bare(segment)
        kinds = _kinds(segment)
        is_name = number == 0 and _looks_like_a_name(bare, kinds)
        if "workplace" in kinds and not is_name:
            ways.append(bare)
        if kinds == {"location"} and not employer and "(http" in segment and "," not in bare:
            is_name = True  # "Karma (https://karma.example)"
        if is_name or (not kinds and not employer):
            employer = employer or _employer(bare)
        elif "location" in kinds:
            locations.append(_LABEL.sub("", _first_clause(bare)))
        elif "title" in kinds and len(bare) <= _LONG:
            titles.append(bare)
        else:
            rest.append(bare)
    if not employer:
        employer = next((_employer(part) for part in rest if _is_domain(part)), "")
    first = _bare(segments[0])
    if len(locations) > 1 and locations[0] == first and (not employer or _is_small_town(first)):
        employer = _employer(locations.pop(0))  # "Braintree | Engineer | Chicago"
    if not employer and titles:
        employer = next((m.group(1) for part in titles if (m := _AT_EMPLOYER.search(part))), "")
    if not locations:  # "Acme (Oslo)", "Acme, Oslo"
        locations = [place for part in segments[:2] if (place := _place_beside(part))]
    if not locations:  # "Engineer in Oslo", "Oslo office, Python, Rust"
        locations = [part for part in (*titles, *rest, *ways) if places_in(part)][:2]
    return Header(employer, "; ".join(titles), "; ".join(locations), "; ".join(ways))


def _place_beside(segment: str) -> str:
    """Return the place written in brackets or after a comma beside a name; "" if none."""
    for pattern in _BESIDE:
        for match in pattern.finditer(segment):
            if place_share(match.group(1)) >= 0.6:
                return match.group(1)
    return ""


def _is_small_town(name: str) -> bool:
    known = gazetteer().meanings(fold(name))
    return bool(known) and known[0].kind == "city" and known[0].weight < 300_000


def _bare(segment: str) -> str:
    """Return a segment without addresses and without signs left over at its ends."""
    words = _URL.sub(" ", segment).replace("( )", " ").replace("()", " ").split()
    bare = " ".join(words).strip(" ,-<>")
    return bare if bare.count("(") == bare.count(")") else bare.strip("()")


def _first_clause(segment: str) -> str:
    return segment if len(segment) <= 2 * _LONG else re.split(r"[.;] ", segment)[0][: 2 * _LONG]


def _looks_like_a_name(first: str, kinds: set[str]) -> bool:
    """Say whether a header's first segment is the employer, though it may hold any word."""
    if not first or not kinds:
        return bool(first)
    if "location" in kinds:
        return place_share(_ASIDE.sub("", first)) < 0.6 and not _WORKPLACE.match(first)
    if "title" in kinds:
        return not re.search(
            r"engineers?\b|developers?\b|scientists?\b|designer|manager|programmer|analyst|architect",
            _ASIDE.sub("", first),
            re.IGNORECASE,
        )
    return "link" not in kinds and not (kinds & {"workplace", "terms"} and len(first.split()) < 3)


def _read_prose(line: str) -> Header:
    """Read an ad that opens with a sentence: who is hiring, for what, where."""
    opening = re.split(r"(?<=[.!?:])\s+(?=[A-Z\[])", line, maxsplit=1)
    hiring = _HIRING.search(line) or _AT_EMPLOYER.search(line)
    employer = _employer(hiring.group(1)) if hiring else ""
    location, title, ways = "", "", ""
    for part in opening[:2]:
        head = part.strip(" .")
        if not location and place_share(head) >= 0.5:
            location = head
        elif not location and opening[0].endswith(":") and places_in(head[:60]):
            location = head[:60]
    if len(line) < _LONG and _ROLE.search(opening[0]) and not location:
        title = opening[0].strip(" .:")
    if found := _WORKPLACE.search(opening[0]):
        ways = found.group()
    return Header(employer, title, location, ways)


def _with_field(header: Header, line: str) -> Header:
    """Take over a line that names its field: "Company: Acme"."""
    match = _FIELD.fullmatch(line)
    if not match or len(line) > _LONG:
        return header
    name, value = match.group(1).lower(), _bare(match.group(2))
    if name == "location":
        return header._replace(location=value)
    if name in ("company", "employer"):
        return header._replace(employer=_employer(value))
    return header._replace(title=value)


def _look_below(header: Header, line: str) -> Header:
    """Take the place from the second line where it is only that: "Oslo, onsite"."""
    line = _bare(line)
    parts = _segments(line)
    if len(line) <= 100:
        parts = [line, *parts, *line.split(" / ")]
    for part in parts if len(line) <= 100 else parts[: len(parts) > 1]:
        if place_share(part) >= 0.6:
            ways = header.workplace_words or (part if _WORKPLACE.search(part) else "")
            return header._replace(location=part, workplace_words=ways)
    return header


def _is_name(words: str) -> bool:
    return words.lower() not in (
        "we",
        "this",
        "it",
        "he",
        "she",
        "they",
        "you",
        "there",
        "our team",
    )


def _is_domain(part: str) -> bool:
    return bool(_DOMAIN.fullmatch(part))


def _employer(part: str) -> str:
    name = _IS_HIRING.sub("", _URL.sub(" ", part))
    name = re.split(r"\s*[|,;]\s+(?=[a-z])", _ASIDE.sub(" ", name) or name, maxsplit=1)[0]
    return " ".join(name.split()).strip(" -–—,.:;/")[:80]
