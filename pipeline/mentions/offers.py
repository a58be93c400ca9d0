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

from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

_HEADER = 400  # characters of a title or a first line that are read
_PLAIN_HEADER = 160  # a longer first line without "|" is running text
_LEAD = 90  # a line that names a role does so within this many characters
_LEAD_WORDS = 9
_TAIL, _TAIL_WORDS = 48, 4
_OFFER = 220  # how far behind "we are hiring" the list of roles may reach
_LETTER = 500  # an applicant says so within this many characters
_FOUNDER = re.compile(r"founder|\bceo\b|^\((?:cto|vp|head)\b")
_BULLET = re.compile(r"(?:[\s\-*•·–—>+#○●▪◦{\[\"'→►✓]|o\s)*(?:\(?\d{1,2}[.):]\s*)?")
_LEAD_END = re.compile(r"[:([{}<]|\s[-–—]+\s|\shttps?:|https?:|\s@|\||\.\s|\.$|;|--| w/ ")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_ADDRESS = re.compile(r"https?:\S+|[\w-]+\.(?:ai|io|com|co|org|dev)\b\S*")
_RANGE = re.compile(r" to (?:senior|mid|lead|staff|principal)")
_AS = frozenset({"as a", "as an"})
_ASKED = re.compile(r"\byou(?:'re|’re| are)?\s$")
_OWN_PAST = re.compile(r"experience|worked|working|background|years|such|career")
_WHOSE = re.compile(r"\b(?:we|you|your)\b")
_WHOSE_WITHIN = 160
_LINK = re.compile(r"[(\[<]?\s*https?:")
# "Data science: Data Analyst - Data Scientist": roles that a line lists behind its label
_LISTED = re.compile(r"\s+[-–—]+\s+|\s*[,;/•·]\s*|\s+(?:and|or|&)\s+")
_LIST_LABEL = re.compile(r"\b(?:key ?words|roles|positions|openings|jobs|hiring)\b")
_LISTED_WITHIN, _LISTED_WORDS = 240, 6


class Offer(NamedTuple):
    """A stretch of lower-cased text that offers work; `kind` says how it was recognised.

    kind: title | header | line | sentence
    """

    text: str
    kind: str


def offers_of(title: str, text: str) -> tuple[Offer, ...]:
    """Return the stretches that name what is offered (both arguments lower-cased)."""
    if title.strip():
        return (Offer(title[:_HEADER], "title"),)
    text = text.lstrip()
    if not text or _is_applicant(text):
        return ()
    offers = tuple(_untitled(text))
    opening = text[:_HEADER].split("\n", 1)[0]
    if not offers and _head_scanner().hits(opening):
        return (Offer(opening, "sentence"),)  # an ad that is one long line
    return offers


def _is_applicant(text: str) -> bool:
    said = {
        hit.key
        for hit in _applicant_scanner().hits(text[:_LETTER])
        # "are you looking for a job with impact?" is the employer's question
        if not _ASKED.search(text, max(0, hit.start - 10), hit.start)
    }
    return said == {"applicant"}


def _untitled(text: str) -> Iterator[Offer]:
    header = text[: text.find("\n") if "\n" in text else len(text)]
    if len(header) <= _PLAIN_HEADER or "|" in header[:_HEADER]:
        yield Offer(_without_employer(header[:_HEADER]), "header")
    seen_to = len(header)
    for hit in _anchor_scanner().hits(text):
        if hit.key == "cue":
            is_as = text[hit.start : hit.end] in _AS
            if is_as and not _is_for_you(text, hit):
                continue
            end = text.find(".", hit.end, hit.end + _OFFER)
            stretch = text[hit.end : end if end > 0 else hit.end + _OFFER]
            if not stretch.startswith(" manager"):  # "write to the hiring manager"
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
            if ":" in text[start : start + _LEAD] and "://" not in text[start : start + _LEAD]:
                yield from _listed(text[start : min(seen_to, start + _LISTED_WITHIN)])


def _is_for_you(text: str, cue: Hit) -> bool:
    """Say whether "as a ..." speaks of the job: not of a past one, nor of the firm ("we")."""
    if _OWN_PAST.search(text, max(0, cue.start - 40), cue.start):
        return False
    whose = _WHOSE.search(text, cue.end, cue.end + _WHOSE_WITHIN)
    return not whose or whose.group() != "we"


def _without_employer(header: str) -> str:
    """Drop the employer's name, the first of several parts, unless it holds a whole role."""
    first, bar, rest = header.partition("|")
    # "Acme (https://...), makers of Robot Engineer": what stands before the address is the name
    link = _LINK.search(first)
    name = first[: link.start()] if link and link.start() > 2 else first
    if bar and not _head_scanner().hits(_ADDRESS.sub(" ", name)):
        return _ADDRESS.sub(" ", rest)
    return _ADDRESS.sub(" ", header)


def _listed(line: str) -> Iterator[Offer]:
    """Yield the roles of a list behind a label: parts that end in the name of a role."""
    label, _, rest = line.partition(":")
    if not (_LIST_LABEL.search(label) or _anchor_scanner().hits(label)):
        return
    if _prose().intersection(_WORD.findall(label)):
        return
    for part in _LISTED.split(_ADDRESS.sub(" ", rest.lstrip("/")).rstrip(" .")):
        name = part.strip(" *.")
        if len(name.split()) <= _LISTED_WORDS and not _prose().intersection(_WORD.findall(name)):
            hits = _anchor_scanner().hits(name)
            if any(hit.key == "head" and hit.end == len(name) for hit in hits):
                yield Offer(name, "line")


def _until_stop(stretch: str) -> str:
    # A list of roles may go over lines ("we're hiring:\n\n* backend engineer"): those lines
    # speak for themselves.
    stretch = stretch.lstrip(" :").split("\n", 1)[0]
    for stop in _stops().finditer(stretch):
        if not _RANGE.match(stretch, stop.start()):
            return stretch[: stop.start()]
    return stretch


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
        is_person = _FOUNDER.search(tail)  # "Ada Byron (CTO)"
        return "" if is_person else lead + tail[: tail.find(")") + 1]
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
def _head_scanner() -> Scanner:
    """Return the scanner of the words that no employer's name but every role holds."""
    terms = read_terms("roles.toml")
    heads = ("engineer", "scientist", "researcher", "analyst", "manager")
    words = [word for head in heads for word in terms["heads"][head]]
    return Scanner((word, "head") for word in words + terms["phrases"]["manager"])


@cache
def _prose() -> frozenset[str]:
    return frozenset(read_terms("roles.toml")["prose"]["words"])


@cache
def _stops() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, read_terms("roles.toml")["offers"]["stops"])))
