"""What a job is called: the role families it offers.

Layer:   mentions (pure). Words in terms/roles.toml.
Quirk:   "Software Engineer, Machine Learning" and "ML & backend engineers" hold the same kinds of
         word: a field after a bare engineer narrows it, fields in a row share the head behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.mentions.offers import Offer, offers_of
from pipeline.mentions.scan import Hit, Scanner, lower
from pipeline.mentions.seniority import seniority_of
from pipeline.mentions.words import read_terms

__all__ = ["families", "roles_in", "roles_of", "seniority_of"]

_ADJACENT = frozenset(" -\t")
_GROUPS = re.compile(r"[|;\n•·]")
_JOINED = re.compile(r"^\s*(?:[&/,+]|and|or|und|et|y|e|oder|ou|och|en)[\s*]*(?:and|or)?\s*$")
_NARROW = frozenset({"cv_engineer", "nlp_engineer", "robotics_engineer"})
# fields that name a job even without "engineer"
_TELLING = frozenset({"ml", "ai", "nlp", "cv", "robotics", "soft", "devops", "quant", "software"})
_ABOUT = 4000  # characters of an ad without any role that are read for its trade


def families() -> tuple[str, ...]:
    """Return the role families in the vocabulary's order."""
    return tuple(read_terms("roles.toml")["families"])


def roles_of(title: str, text: str, *, has_title: bool) -> tuple[str, ...]:
    """Return the role families a job offers, in the vocabulary's order; () for no job at all."""
    lowered = lower(text)
    return roles_in(offers_of(lower(title) if has_title else "", lowered), lowered)


def roles_in(offers: Iterable[Offer], text: str) -> tuple[str, ...]:
    """Return the families that offers name, in order (`text` lower-cased)."""
    offers = tuple(offers)
    if not offers:
        return ()
    found: set[str] = set()
    for offer in offers:
        named = _read(offer)
        # "Data Scientist - Marketing" is one job; "Data Scientist/Sales Engineer" is two.
        if offer.kind == "title" and "/" not in offer.text and named - {"other", "manager"}:
            named.discard("other")
        found |= named
    if "ai_software_engineer" in found and "as a machine learning engineer" in text:
        found.add("ml_engineer")
    found = found or _fields_alone(offers[0])
    if not found:
        found = {"other"} if offers[0].kind == "title" else _last_resort(text)
    return tuple(family for family in families() if family in found)


def _read(offer: Offer) -> set[str]:
    found: set[str] = set()
    for group in _groups(offer.text):
        found |= _Reader(offer.text, offer.kind).read(group)
    return found


def _fields_alone(offer: Offer) -> set[str]:
    """Return the families of a title that has no head: "Python Backend and Deep Learning"."""
    if offer.kind not in ("title", "header"):
        return set()
    engineer = read_terms("roles.toml")["pairs"]["engineer"]
    values = {hit.key.removeprefix("field:") for hit in _title_scanner().hits(offer.text)}
    return {engineer[value] for value in values & _TELLING}


def _last_resort(text: str) -> set[str]:
    """Return the family of an ad that names no role, from what it is about."""
    fields = [hit.key for hit in _title_scanner().hits(text[:_ABOUT])]
    if fields.count("field:ml") >= 2:
        return {"ml_engineer"}
    is_technical = fields.count("field:soft") >= 2 or "head:engineer" in fields
    return {"software_engineer"} if is_technical else {"other"}


def _groups(stretch: str) -> list[list[Hit]]:
    """Return the longest hits, without overlaps, cut where one role ends and the next begins."""
    hits = sorted(_title_scanner().hits(stretch), key=lambda hit: (hit.start, -hit.end))
    groups: list[list[Hit]] = [[]]
    end = 0
    for hit in hits:
        if hit.start < end:
            continue
        if end and _GROUPS.search(stretch, end, hit.start):
            groups.append([])
        groups[-1].append(hit)
        end = hit.end
    return groups


class _Reader:
    """Reads the words of one title from left to right.

    A field waits for its head ("backend" for "engineer"); a bare engineer waits for a field.
    """

    def __init__(self, stretch: str, kind: str):
        self.stretch = stretch
        self.is_title = kind == "title"
        self.is_sentence = kind == "sentence"
        self.pairs: dict[str, dict[str, str]] = read_terms("roles.toml")["pairs"]
        self.found: set[str] = set()
        self.pending: list[str] = []  # fields that wait for their head
        self.shared: list[str] = []  # those of the head before: "ML researchers & engineers"
        self.end = 0  # of the word before
        self.bare = ""  # "software" or "engineer", which a field may still narrow
        self.is_managed = self.is_business = False

    def read(self, group: list[Hit]) -> set[str]:
        """Return the families that the words of one group name."""
        for hit in group:
            sort, _, value = hit.key.partition(":")
            if sort == "field":
                self.pending.append(value)
                self.is_business |= value == "business"
            elif sort == "phrase":
                self._phrase(value, hit)
            elif value == "manager":
                self.is_managed = True
                self._take("manager", self.pending)
                self.pending = []
            else:
                self._head(value, hit)
            self.end = hit.end
        self._close()
        return self.found

    def _take(self, head: str, fields: Iterable[str]) -> None:
        pairs = self.pairs[head]
        self.found |= {pairs[field] for field in fields if field in pairs}

    def _phrase(self, value: str, hit: Hit) -> None:
        gap = self.stretch[self.end : hit.start]
        if value == "ml_engineer" and not gap and self.found & _NARROW:
            return  # "自然语言处理" + "算法专家" is one name
        fields, self.pending, self.shared = self.pending, [], []
        self.is_business |= value == "other"
        is_software = value == "software_engineer"
        if fields and set(gap) <= _ADJACENT:
            if is_software:
                is_software = self._narrow("software", fields)
            else:  # a "Mechanical Research Engineer" is no researcher of ours
                is_other = value == "ml_researcher" and "hardware" in fields
                self.found.add("other" if is_other else value)
        else:
            self.found.add(value)
            if fields and _JOINED.match(gap):  # "Backend, data engineers"
                self._take("engineer", [f for f in fields if f not in ("data", "business")])
        if is_software and "software" in self.stretch[hit.start : hit.end]:
            self.bare = "software"

    def _head(self, value: str, hit: Hit) -> None:
        is_joined = bool(self.end and _JOINED.match(self.stretch[self.end : hit.start]))
        if value == "weak" and self.found and self.is_title and not is_joined:
            return  # "Data Scientist, NLP - Associate": a rank, not a head
        fields, self.pending = self.pending, []
        if not fields and is_joined and value != "weak":
            fields = self.shared
        head = "engineer" if value == "weak" else value
        if head == "engineer" and "software" in fields and len(fields) > 1:
            self._narrow("software", [field for field in fields if field != "software"])
        else:
            self._take(head, fields)
        if not fields and value == "engineer":
            self.bare = "engineer"
        elif not fields and value in ("scientist", "analyst", "researcher"):
            self.found.add("ml_researcher" if value == "researcher" else "other")
        self.shared = fields

    def _close(self) -> None:
        tail = self.pending
        if self.bare:
            self._narrow(self.bare, tail)
        elif self.is_managed:
            self._take("manager", tail)
        elif tail and tail[-1] == "engineering" and not self.is_sentence:
            self._take("engineer", [field for field in tail if field != "engineering"])
        if self.is_managed:
            self.found.add("other" if self.is_business else "manager")

    def _narrow(self, bare: str, fields: list[str]) -> bool:
        """Add what a bare "(software) engineer" is with its fields; True if it stays that."""
        named = {self.pairs["engineer"][field] for field in fields}
        if bare == "engineer":
            self.found |= named or ({"software_engineer"} if not self.found else set())
            return False
        narrow = named & _NARROW
        if named & {"ml_engineer", "ai_software_engineer"}:
            narrow = {"ai_software_engineer"}
        if narrow:
            self.found.discard("software_engineer")
        self.found |= narrow or {"software_engineer"}
        return not narrow


@cache
def _title_scanner() -> Scanner:
    terms = read_terms("roles.toml")
    literals = [
        (literal, f"{sort}:{value}")
        for sort, table in (("phrase", "phrases"), ("field", "fields"), ("head", "heads"))
        for value, words in terms[table].items()
        for literal in words
    ]
    return Scanner(literals)
