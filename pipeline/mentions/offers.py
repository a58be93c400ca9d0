"""Which stretches of an ad name the work on offer: its title, or what stands in for one.

Layer:   mentions (pure). Words in terms/roles.toml.
Quirk:   Hacker News ads have no title: their roles stand on the first line, in bullets, on
         lines of their own, and behind "we are hiring"; a colleague's role stands elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.mentions.scan import Scanner
from pipeline.mentions.words import read_terms

_HEADER = 400  # characters of a first line that are read
_PLAIN_HEADER = 160  # a longer first line without "|" is running text
_LEAD = 90  # a line that names a role does so within this many characters
_LEAD_WORDS = 9
_TAIL, _TAIL_WORDS = 48, 4
_OFFER = 220  # how far behind "we are hiring" the list of roles may reach
_LETTER = 500  # an applicant says so within this many characters
_BULLET = re.compile(r"(?:[\s\-*•·–—>+#○●▪◦{\[\"'→►✓]|o\s)*(?:\(?\d{1,2}[.):]\s*)?")
_LEAD_END = re.compile(r"[:([{}<]|\s[-–—]+\s|\shttps?:|https?:|\s@|\||\.\s|\.$|;|--| w/ ")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_ADDRESS = re.compile(r"https?:\S+|[\w-]+\.(?:ai|io|com|co|org|dev)\b\S*")
_RANGE = re.compile(r" to (?:senior|mid|lead|staff|principal)")
_AS = frozenset({"as a", "as an"})
_OWN_PAST = re.compile(r"experience|worked|working|background|years|such|career")


class Offer(NamedTuple):
    """A stretch of lower-cased text that offers work; `kind` says how it was recognised.

    kind: title | header | line | sentence
    """

    text: str
    kind: str


def offers_of(title: str, text: str) -> tuple[Offer, ...]:
    """Return the stretches that name what is offered (both arguments lower-cased)."""
    if title.strip():
        return (Offer(title, "title"),)
    text = text.lstrip()
    if not text or _is_applicant(text):
        return ()
    return tuple(_untitled(text))


def _is_applicant(text: str) -> bool:
    said = {hit.key for hit in _applicant_scanner().hits(text[:_LETTER])}
    return said == {"applicant"}


def _untitled(text: str) -> Iterator[Offer]:
    header = text[: text.find("\n") if "\n" in text else len(text)]
    if len(header) <= _PLAIN_HEADER or "|" in header[:_HEADER]:
        yield Offer(_without_employer(header[:_HEADER]), "header")
    seen_to = len(header)
    for hit in _anchor_scanner().hits(text):
        if hit.key == "cue":
            is_as = text[hit.start : hit.end] in _AS
            if is_as and _OWN_PAST.search(text, max(0, hit.start - 40), hit.start):
                continue
            end = text.find(".", hit.end, hit.end + _OFFER)
            stretch = text[hit.end : end if end > 0 else hit.end + _OFFER]
            yield Offer(_until_stop(stretch), "sentence")
        elif hit.start >= seen_to:
            start = text.rfind("\n", 0, hit.start) + 1
            if hit.start - start > _LEAD:
                continue
            end = text.find("\n", hit.end)
            seen_to = end if end > 0 else len(text)
            if text.count("|", start, seen_to) > 1:  # a second header
                yield Offer(_without_employer(text[start:seen_to][:_HEADER]), "header")
            elif name := _role_line(text[start : min(seen_to, start + 2 * _LEAD)]):
                yield Offer(name, "line")


def _without_employer(header: str) -> str:
    """Drop the employer's name, the first of several parts, unless it holds a whole role."""
    first, bar, rest = _ADDRESS.sub(" ", header).partition("|")
    return rest if bar and not _engineer_scanner().hits(first) else first + bar + rest


def _until_stop(stretch: str) -> str:
    # A list of roles may go over lines ("we're hiring:\n\n* backend engineer"): those lines
    # speak for themselves.
    stretch = stretch.lstrip(" :").split("\n", 1)[0]
    end = len(stretch)
    for stop in read_terms("roles.toml")["offers"]["stops"]:
        at = stretch.find(stop, 0, end)
        if 0 <= at < end and not _RANGE.match(stretch, at):
            end = at
    return stretch[:end]


def _role_line(line: str) -> str:
    """Return the part of a line that is the name of a role, or ""."""
    bullet = _BULLET.match(line)
    rest = line[bullet.end() :] if bullet else line
    end = _LEAD_END.search(rest, 3)
    lead = rest[: end.start()] if end else rest
    words = _WORD.findall(lead)
    if not words or len(lead) > _LEAD or len(words) > _LEAD_WORDS or _prose().intersection(words):
        return ""
    # "Engineer - ML team", "Software Engineer (Deep Learning)": what follows may be the field.
    tail = rest[len(lead) : len(lead) + _TAIL]
    if tail[:1] == "(":
        return lead + tail[: tail.find(")") + 1]
    if tail[:1] == " " and (further := _LEAD_END.search(tail, 3)):
        tail = tail[: further.start()]
        words = _WORD.findall(tail)
        return (
            lead + tail if len(words) <= _TAIL_WORDS and not _prose().intersection(words) else lead
        )
    return lead


@cache
def _anchor_scanner() -> Scanner:
    """Return the scanner of what may name a role in running text: heads, phrases and cues."""
    terms = read_terms("roles.toml")
    literals = [(cue, "cue") for cue in terms["offers"]["cues"]]
    for table in ("heads", "phrases"):
        for words in terms[table].values():
            literals += [(word, "head") for word in words]
    literals += [(word, "head") for word in terms["fields"]["engineering"]]
    return Scanner(dict.fromkeys(literals))


@cache
def _applicant_scanner() -> Scanner:
    cues = read_terms("roles.toml")["applicant"]["cues"]
    employer = ("we are hiring", "we're hiring", "is hiring", "we are looking for", "we're looking")
    return Scanner([(c, "applicant") for c in cues] + [(c, "employer") for c in employer])


@cache
def _engineer_scanner() -> Scanner:
    return Scanner((word, "engineer") for word in read_terms("roles.toml")["heads"]["engineer"])


@cache
def _prose() -> frozenset[str]:
    return frozenset(read_terms("roles.toml")["prose"]["words"])
