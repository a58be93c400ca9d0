"""Tools and skill groups: named or not, read straight off the scan (they carry no requirement).

Layer:   mentions (pure).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.mentions.find import snippet
from pipeline.mentions.lexicon import InCompany, Term, load
from pipeline.mentions.scan import LETTERS, Hit, Scanner
from pipeline.records import Mention

_SPARK_VERB = re.compile(
    r"spark(?:s|ed|ing)?\s+(?:a|an|the|your|our|their|joy|interest|curiosity|change|new|innovation|ar|post)\b"
)
_NEAR = 60  # characters around a name in which another world may show (welding, clinics)
_R_NAME = re.compile(r"[&.'’+#-]|\s&")  # R&D, H.R., R'n'B, R+D


@cache
def _terms() -> dict[str, Term]:
    return {term.id: term for term in load().terms if term.kind == "tool"}


@cache
def _companies() -> dict[str, InCompany]:
    """Return what words of skills need beside them, by group and number."""
    return {
        f"{group.id} {number}": company
        for group in load().groups
        for number, company in enumerate(group.when)
    }


@cache
def _scanner() -> Scanner:
    literals = [
        (spelling, f"tool|{term.id}|") for term in _terms().values() for spelling in term.spellings
    ]
    literals += [
        (spelling, f"tool|{term.id}|{rule}")
        for term in _terms().values()
        for spelling, rule in term.ambiguous.items()
    ]
    literals += [
        (member, f"skill|{group.id}|") for group in load().groups for member in group.members
    ]
    literals += [
        (member, f"skill|{rule.partition(' ')[0]}|{rule}")
        for rule, company in _companies().items()
        for member in company.members
    ]
    return Scanner(literals, word=LETTERS)


@cache
def _named(key: str) -> tuple[tuple[str, str], str, InCompany | None]:
    kind, name, rule = key.split("|")
    return (kind, name), rule, _companies().get(rule)


@cache
def _capitals() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of the names that need their capitals, and their terms.

    Apart from the scan: one letter would be a hit wherever it stands in a word.
    """
    names = {capital: term.id for term in _terms().values() for capital in term.capital}
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-zÀ-ɏ0-9])"), names


@cache
def _data_company() -> Scanner:
    return Scanner(((word, word) for word in load().company["data_engine"]), word=LETTERS)


def tools_and_skills(
    field: str, text: str, lowered: str, taken: Sequence[tuple[int, int]] = ()
) -> list[Mention]:
    """Return the first mention of each tool and each skill group in one field's text.

    taken: spans of framework names, in which no skill is named (TensorFlow Probability).
    """
    first: dict[tuple[str, str], Hit] = {}
    for hit in _scanner().hits(lowered):
        named, rule, company = _named(hit.key)
        if named in first:
            continue
        if named[0] == "skill":
            if taken and any(start <= hit.start and hit.end <= end for start, end in taken):
                continue
            if not company or _in_company(lowered, hit, company):
                first[named] = hit
        elif _is_meant(text, lowered, hit, _terms()[named[1]], rule):
            first[named] = hit
    for hit in _capital_hits(text):
        term = _terms()[hit.key]
        is_first = ("tool", term.id) not in first or hit.start < first["tool", term.id].start
        if is_first and (term.sense != "letter" or _is_language_r(text, lowered, hit)):
            first["tool", term.id] = hit
    return [
        Mention(
            name, kind, "", field, hit.start, hit.end, text[hit.start : hit.end],
            snippet=snippet(text, hit.start, hit.end),
        )
        for (kind, name), hit in first.items()
    ]  # fmt: skip


def _capital_hits(text: str) -> Iterator[Hit]:
    pattern, names = _capitals()
    for match in pattern.finditer(text):
        before = text[match.start() - 1] if match.start() else " "
        if before.lower() not in LETTERS:
            yield Hit(match.start(), match.end(), names[match.group()])


def _in_company(lowered: str, hit: Hit, company: InCompany) -> bool:
    """Tell whether a word stands, on its line, beside what its skill needs and nothing it bars."""
    before = lowered[max(0, hit.start - company.reach) : hit.start].rpartition("\n")[2]
    after = lowered[hit.start : hit.end + company.reach].partition("\n")[0]
    around = before + after
    for word in company.not_near:  # loops: `any` costs more than all its comparisons here
        if word in around:
            return False
    for word in company.near:
        if word in around:
            return True
    return not company.near


def _is_meant(text: str, lowered: str, hit: Hit, term: Term, rule: str) -> bool:
    if rule == "data_engine":
        return _is_engine(text, lowered, hit)
    if term.not_near:
        near = lowered[max(0, hit.start - _NEAR) : hit.end + _NEAR]
        if any(word in near for word in term.not_near):
            return False
    before = lowered[max(0, hit.start - 14) : hit.start].rstrip()
    after = lowered[hit.end : hit.end + 14]
    if before.endswith(term.not_before) and any(
        _ends_with_word(before, word) for word in term.not_before
    ):
        return False
    return not (after.startswith(term.not_after) or after.lstrip().startswith(term.not_after))


def _ends_with_word(before: str, word: str) -> bool:
    if not before.endswith(word):
        return False
    return len(before) == len(word) or not before[-len(word) - 1].isalpha()


def _is_language_r(text: str, lowered: str, hit: Hit) -> bool:
    """Tell the language R from R&D, initials and list labels: its neighbours are a list or "in"."""
    before, after = text[max(0, hit.start - 24) : hit.start], text[hit.end : hit.end + 24]
    if _R_NAME.match(after) and not re.match(
        r"[.](?:\s|$)|-(?:studio|shiny|language)", after, re.I
    ):
        return False
    if before[-1:] in "&.'’-+" and before[-1:]:
        return False
    listed = re.search(
        r"(?:[,/;(:|、，]|\bor|\band|\bin|\busing|\bwith|\bund|\boder|\blike|\bas|[和或])\s*$",
        before,
    )
    follows = re.match(
        r"\s*(?:[,/;):|.、，]|or\b|and\b|und\b|oder\b|programming|language|studio|shiny|package|\(|[和或等语]|$)",
        after,
    )
    near = lowered[max(0, hit.start - 80) : hit.end + 80]
    company = re.search(
        r"(?<![a-z])(?:python|sas|sql|matlab|spss|stata|scala|julia|statist|pandas|java|tableau|programm|analy|ggplot|hadoop|excel)",
        near,
    )
    return bool((listed or follows or not before.strip()) and company) or bool(listed and follows)


def _is_engine(text: str, lowered: str, hit: Hit) -> bool:
    """Tell Apache Spark from a spark: a capital or a list, beside words of data work."""
    if _SPARK_VERB.match(lowered, hit.start) or lowered[max(0, hit.start - 6) : hit.start] in {
        "adobe ",
        "to the ",
    }:
        return False
    capital = text[hit.start].isupper()
    listed = lowered[max(0, hit.start - 2) : hit.start].strip() in {
        ",",
        "/",
        "(",
        "、",
        "&",
        "-",
    } or lowered[hit.end : hit.end + 1] in {",", "/", ")", "、"}
    near = lowered[max(0, hit.start - 120) : hit.end + 120]
    return (capital or listed) and any(True for _ in _data_company().hits(near))


def skills_named(mentions: list[Mention]) -> tuple[str, ...]:
    """Return the skill groups a posting names, those that its tools imply included."""
    named = {mention.term for mention in mentions}
    return tuple(
        group.id for group in load().groups if group.id in named or named & set(group.implied_by)
    )
