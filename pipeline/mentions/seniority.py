"""The rank a job is offered at: as its title names it, else by the years it asks for.

Layer:   mentions (pure). Words in terms/seniority.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pipeline.mentions.offers import Offer, offers_of
from pipeline.mentions.scan import Hit, Scanner, lower
from pipeline.mentions.words import read_terms

_RANKS = ("intern", "entry", "mid", "senior", "lead", "executive")
_MOST = 15  # more years than this are the employer's age
# "5+ years", "3-5 years", "at least two years", "3 bis 5 Jahre", "5年以上"
_YEARS = re.compile(
    r"(?:(?<![0-9a-z.,$€£])|(?<![0-9$€£])(?<!\d[.,])(?=\d{1,2}\s?\+))"  # "degree3+ years" too
    r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\)?"
    r"\s*(\+|plus|or more)?"
    r"\s*(?:\(\d\)\s*)?(?:(?:-|–|to|bis|à|a|~|—|/)\s*\d{1,2}\s*\+?\s*)?"
    r"(?:[+\\]+\s*)?(?:full\s+|mehr\s+)?$"
)
# "over 15 years of experience in the industry" is the employer's
_PAST = re.compile(r"(?:over|past|last|combined?s?|for|than|seit|plus de|depuis)\s+(?:the\s+)?$")
_LEAST = re.compile(r"(?:at least|minimum(?: of)?|min\.?|mindestens|mehr als|au moins)\s+$")
# "a degree or equivalent experience (2+ years)": instead of a degree, so of no rank
_INSTEAD = re.compile(
    r"(?:degree|diploma)[^.;\n]{0,60}\bor\s+(?:an? )?(?:equivalent\s+)?(?:[a-z]+\s+)?"
    r"(?:experience\s*)?\(?$"
)
_APART = re.compile(r"[/|,;&(\n]|\b(?:and|or|und)\b")
# Where the name of a role ends that stands behind "we are looking for".
_STOP = re.compile(r"[.,;:!?\n]|\s(?:to|with|who|for|in|at|on|that|from|of|by|reporting)\s")
_BEHIND = 60
_IN_WHAT = (" in ", " of ", "s in ", "s of ")  # "3+ years of PyTorch"
_EXPERIENCE = (
    "experience", "erfahrung", "经验", "expérience", "experiencia", "work", "industry", "as a",
    "background", "ervaring", "doświadcz",
)  # fmt: skip
_NUMBER = dict(
    one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10
)  # fmt: skip


def ranks() -> tuple[str, ...]:
    """Return the levels of seniority in the vocabulary's order."""
    return _RANKS


def seniority_of(title: str, text: str) -> tuple[str, ...]:
    """Return the levels a job is offered at: as named, else by the years it asks for."""
    lowered = lower(text)
    return seniority_in(offers_of(lower(title), lowered), lowered)


def seniority_in(offers: Iterable[Offer], text: str) -> tuple[str, ...]:
    """Return the levels that offers name, else those that the text (lower-cased) states."""
    offers = tuple(offers)
    found = {rank for offer in offers for rank in _named(offer.text)}
    words = found.intersection(_RANKS)
    if not words:
        words = {grade.removeprefix("grade:") for grade in found}
    if offers and not words:
        words = _stated(text)
    return tuple(rank for rank in _RANKS if rank in words)


@lru_cache(maxsize=4096)  # few titles are new
def _named(stretch: str) -> frozenset[str]:
    """Return the ranks (and "grade:..." of numbered grades) that a name of a role holds."""
    named: list[Hit] = []
    end = 0
    for hit in sorted(_rank_scanner().hits(stretch), key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end or (named and hit[:2] == named[-1][:2]):
            end = hit.end
            named.append(hit)
    executives = [hit.start for hit in named if hit.key == "executive"]
    return frozenset(
        hit.key
        for hit in named
        if hit.key != "not"
        # a "senior director" and a "principal recruiting director" are directors
        and not any(
            hit.end < start and not _APART.search(stretch, hit.end, start)
            for start in executives
            if hit.key != "executive"
        )
    )


def _stated(text: str) -> set[str]:
    """Return the ranks that an ad states in its text, else those of the years it asks for."""
    hits = _text_scanner().hits(text)
    stated = {hit.key for hit in hits if hit.key in _RANKS}
    for hit in hits:
        if hit.key == "cues":
            behind = _STOP.split(text[hit.end : hit.end + _BEHIND], maxsplit=1)[0]
            stated |= _named(behind).intersection(_RANKS)
    if stated:
        return stated
    years = _years_asked(text, [hit for hit in hits if hit.key == "years"])
    if years is not None:
        return {"senior" if years >= 5 else "mid" if years >= 2 else "entry"}
    return {"entry"} if any(hit.key == "welcome" for hit in hits) else set()


def _years_asked(text: str, hits: Iterable[Hit]) -> int | None:
    """Return the most years of experience that a text asks for, or None."""
    asked = []
    for hit in hits:
        number = _YEARS.search(text, max(0, hit.start - 28), hit.start)
        if not number:
            continue
        start = number.start()
        if _PAST.search(text, max(0, start - 14), start):
            continue
        around = text[max(0, start - 40) : hit.end + 60]
        is_asked = number[2] and text.startswith(_IN_WHAT, hit.end)
        is_asked = is_asked or _LEAST.search(text, max(0, start - 14), start)
        if not is_asked and not any(word in around for word in _EXPERIENCE):
            continue
        if _INSTEAD.search(text, max(0, start - 100), start):
            continue
        value = _NUMBER.get(number[1]) or int(number[1])
        if value <= _MOST:
            asked.append(value)
    return max(asked) if asked else None


@cache
def _rank_scanner() -> Scanner:
    terms = read_terms("seniority.toml")
    literals = [(word, rank) for rank, words in terms["levels"].items() for word in words]
    literals += [(w, f"grade:{rank}") for rank, words in terms["grades"].items() for w in words]
    return Scanner(literals + [(phrase, "not") for phrase in terms["not"]["phrases"]])


@cache
def _text_scanner() -> Scanner:
    # The blank before each literal is for speed: the automaton then leaves its root only where a
    # word begins, and this is one more look at the whole text.
    return Scanner(
        (f" {word}" if word[0].isascii() and word[0].isalpha() else word, key)
        for key, words in read_terms("seniority.toml")["stated"].items()
        for word in words
    )
