"""The words of one title, read from left to right into the role families they name.

Layer:   mentions (pure). Words in terms/roles.toml.
Quirk:   "Software Engineer, Machine Learning" and "ML & backend engineers" hold the same kinds of
         word: a field after a bare engineer narrows it, fields in a row share the head behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pipeline.mentions.offers import Offer
from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

_ADJACENT = frozenset(" -\t")
_GROUPS = re.compile(r"[|;\n•·]")
_JOINED = re.compile(r"^\s*(?:[&/,+]|and|or|und|et|y|e|oder|ou|och|en)[\s*]*(?:and|or)?\s*$")
_DASHED = re.compile(r"\s[-–—|]\s")
_ASIDE = re.compile(r"\s*[,(:–—-]\s*")  # "Software Engineer, ML Infrastructure"
_RANKS = re.compile(r"\b(?:senior|sr|junior|lead|principal|associate|assistant|deputy)\b\.?")
_CHINESE_RANKS = str.maketrans("", "", "高资深初中级")
_NARROW = frozenset({"cv_engineer", "nlp_engineer", "robotics_engineer"})
_DATA = frozenset({"data_scientist", "data_engineer", "data_analyst"})
_BESIDE = frozenset({"manager", "other", "product_design"})
_NO_JOB_BEFORE = frozenset({"data", "business", "research", "quant"})
# Names of fields as much as of roles: behind a role they say where it is done.
_FIELD_LIKE = ("science", "analytics", "intelligence", "engineering", "mining", "development")


@lru_cache(maxsize=4096)  # few titles are new
def read_title(offer: Offer) -> tuple[frozenset[str], frozenset[str]]:
    """Return the families that an offer names, and those it only hints at."""
    found: set[str] = set()
    vague: set[str] = set()
    for group in _groups(offer.text):
        reader = _Reader(offer.text, offer.kind)
        reader.read(group)
        found |= reader.found
        vague |= reader.vague
    return frozenset(found), frozenset(vague)


def words_in(text: str) -> list[str]:
    """Return the words of titles in a lower-cased text, as "field:ml" or "head:engineer"."""
    return [hit.key for hit in _title_scanner().hits(text)]


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
        self.kind = kind
        self.is_title = kind == "title"
        self.is_sentence = kind == "sentence"
        self.pairs: dict[str, dict[str, str]] = read_terms("roles.toml")["pairs"]
        self.found: set[str] = set()
        self.vague: set[str] = set()  # "engineers", "an engineering role": better words win
        self.pending: list[str] = []  # fields that wait for their head
        self.shared: list[str] = []  # those of the head before: "ML researchers & engineers"
        self.end = 0  # of the word before
        self.bare = ""  # "software", "engineer" or "analyst", which a field may still narrow
        self.was_phrase = False  # the word before: "full stack" + "developer" is one name
        self.is_other = False  # the last role read is of business: "supply chain" + "manager"
        self.is_managed = False
        self.is_aside = False  # within brackets behind a role

    def read(self, group: list[Hit]) -> None:
        """Take the words of one group."""
        for hit in group:
            sort, _, value = hit.key.partition(":")
            gap = self.stretch[self.end : hit.start]
            if self.pending and (self.found or self.bare):
                # "ML Engineer (LLM), Data Engineer", "Data Scientist - NLP - Manager"
                if ")" in gap or (self.is_title and _DASHED.search(gap)):
                    self._end_tail()
                elif "(" in gap and sort == "field":
                    continue  # "Engineer, ML systems (robotics)": where it is used
            if self.found and gap.count("(") != gap.count(")"):
                self.is_aside = "(" in gap
            if self.is_aside and value in ("other", "business"):
                continue  # "Full stack lead (content and marketing)"
            if sort == "field":
                self.pending.append(value)
            elif sort == "phrase":
                self._phrase(value, hit)
            elif value == "manager":
                if self.is_other or "business" in self.pending or self._is_of_another_trade(hit):
                    self.found.add("other")
                else:
                    self.is_managed = True
                    if self.pending == ["engineering"]:  # the field may follow
                        self.bare = "engineer"
                    else:
                        self._take("manager", self.pending)
                self.pending = []
            else:
                self._head(value, hit)
            self.was_phrase = sort == "phrase"
            self.end = hit.end
        self._close()

    def _is_of_another_trade(self, hit: Hit) -> bool:
        """Say whether an unknown word stands before "manager": "Senior Warehouse Manager"."""
        if self.pending or self.found or not self.stretch.startswith("manager", hit.start):
            return False
        before = _RANKS.sub("", self.stretch[self.end : hit.start]).split("|")[-1].split(",")[-1]
        return not self.is_sentence and before.strip(" -–—(/*•").isalpha()

    def _take(self, head: str, fields: Iterable[str]) -> None:
        pairs = self.pairs[head]
        self.found |= {pairs[field] for field in fields if field in pairs}

    def _phrase(self, value: str, hit: Hit) -> None:
        gap = self.stretch[self.end : hit.start]
        said = self.stretch[hit.start : hit.end]
        gap = gap.translate(_CHINESE_RANKS)  # "nlp高级算法工程师"
        if self.was_phrase and not gap and value in ("ml_engineer", "software_engineer"):
            return  # "自然语言处理" + "算法专家", "算法" + "架构师" are one name
        is_field = said.endswith(_FIELD_LIKE) and not _JOINED.match(gap)
        if is_field and self.is_title and self.found - _BESIDE:
            self.pending = []
            return  # "Data Scientist, Business Intelligence"
        fields, self.pending = self.pending, []
        # "Data scientist/engineer", "Data Analyst / Scientist" share their first word
        self.shared = ["data"] if value in _DATA and "data" in said else []
        self.is_other = value == "other"
        if value == "mlops_engineer" and self.bare == "software" and _ASIDE.fullmatch(gap):
            self.found.discard("software_engineer")
        if self.bare == "engineer" and value in _BESIDE and self.stretch[self.end - 1] == "s":
            self.found.add("software_engineer")  # "engineers, designers and sales people"
        self.bare = ""
        is_software = value == "software_engineer"
        if fields and set(gap) <= _ADJACENT:
            if is_software:
                is_software = self._narrow("software", fields)
            else:  # a "Mechanical Research Engineer" is no researcher of ours
                is_other = value == "ml_researcher" and "hardware" in fields
                # "NLP/LLM 算法工程师"
                narrow = {self.pairs["engineer"][field] for field in fields} & _NARROW
                if value == "ml_engineer" and narrow:
                    self.found |= narrow
                else:
                    self.found.add("other" if is_other else value)
        else:
            self.found.add(value)
            if fields and _JOINED.match(gap):  # "Backend, data engineers"
                self._take("engineer", [f for f in fields if f not in _NO_JOB_BEFORE])
            elif "side" in fields:  # "backend, frontend, legal, marketing"
                self.found.add("software_engineer")
        if is_software and "software" in said:
            self.bare = "software"

    def _head(self, value: str, hit: Hit) -> None:
        gap = self.stretch[self.end : hit.start]
        is_joined = bool(self.end and _JOINED.match(gap))
        if value == "weak" and self.found and self.is_title and not is_joined:
            return  # "Data Scientist, NLP - Associate": a rank, not a head
        if value == "weak" and "," in gap and self.found:
            self._end_tail()  # "Software Engineer, Data, Lead": a rank behind a field
        fields, self.pending = self.pending, []
        if self.was_phrase and not fields and set(gap) <= _ADJACENT:
            return  # "full stack" + "developer"
        is_second = is_joined and self.stretch.startswith("develop", hit.start)
        if not fields and is_joined and value != "weak" and not is_second:
            fields = self.shared
        if value == "weak":  # "growth lead", "product associate"
            fields = [field for field in fields if field != "loose"]
        head = "engineer" if value == "weak" else value
        self.is_other &= value == "weak"  # "HR specialist/manager"
        if value == "weak" and self.is_sentence:
            fields = [each for each in fields if each != "business"]  # "our office has positions"
            if fields == ["engineering"]:
                self.vague.add("software_engineer")
                return
        if head == "engineer":
            self._engineer(fields)
        else:
            self._take(head, fields)
        self.bare = ""
        if value == "scientist" and not self.found:
            self.vague.add("other")  # "Food Scientist"
        if not fields and is_second and self.found:  # "Data Analyst and Developer"
            self.found.add("software_engineer")
        elif not fields and value in ("engineer", "analyst"):
            self.bare = value
        elif not fields and value == "researcher":
            self.found.add("ml_researcher")
        self.shared = fields

    def _engineer(self, fields: list[str]) -> None:
        if "software" in fields and len(fields) > 1:
            self._narrow("software", [field for field in fields if field != "software"])
        else:
            self._take("engineer", fields)

    def _end_tail(self) -> None:
        """Settle a bare head by the fields behind it."""
        if self.bare == "analyst":
            self.found.add("other" if "business" in self.pending else "data_analyst")
        elif self.bare:
            self._narrow(self.bare, self.pending)
        self.pending, self.bare = [], ""

    def _close(self) -> None:
        tail = self.pending
        if "side" in tail and not self.bare and self.kind != "title":
            self.found.add("software_engineer")  # "DevOps, front-end and back-end"
        if self.bare:
            self._end_tail()
        elif self.is_managed:
            self._take(
                "manager", [field for field in tail if field != "business" or not self.found]
            )
        elif tail and tail[-1] == "engineering" and not self.is_sentence:
            before = [field for field in tail if field != "engineering"]
            if self.kind == "line":  # a task as often as a role
                self.vague |= {self.pairs["engineer"][field] for field in before}
            else:
                self._engineer(before)
        if self.is_managed:
            self.found |= {"manager"} if self.found != {"other"} else set()
        if "academic" in self.found:  # a "postdoctoral researcher" is one name
            self.found.discard("ml_researcher")

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
