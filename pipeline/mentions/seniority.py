"""The rank a job is offered at: as its title names it, else by the years it asks for.

Layer:   mentions (pure). Words in terms/seniority.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.mentions.offers import Offer, offers_of
from pipeline.mentions.scan import Scanner, lower
from pipeline.mentions.words import read_terms

_RANKS = ("intern", "entry", "mid", "senior", "lead", "executive")
_MOST = 15  # more years than this are the employer's age
# "5+ years", "3-5 years", "at least two years", "3 bis 5 Jahre", "5年以上"
_YEARS = re.compile(
    r"(?<![0-9a-z.,$€£])(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\)?"
    r"\s*(\+|plus|or more)?"
    r"\s*(?:\(\d\)\s*)?(?:(?:-|–|to|bis|à|a|~|—|/)\s*\d{1,2}\s*\+?\s*)?"
    r"(?:[+\\]+\s*)?(?:full\s+|mehr\s+)?$"
)
# "over 15 years of experience in the industry" is the employer's
_PAST = re.compile(
    r"(?:over|past|last|combined?s?|for|than|mehr als|seit|plus de|depuis)\s+(?:the\s+)?$"
)
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
    """Return the levels that offers name, else those of the years asked for."""
    offers = tuple(offers)
    found: set[str] = set()
    for offer in offers:
        hits = _rank_scanner().hits(offer.text)
        masks = [hit for hit in hits if hit.key == "not"]
        found |= {
            hit.key
            for hit in hits
            if hit.key != "not"
            and not any(mask.start <= hit.start and hit.end <= mask.end for mask in masks)
        }
    words = found.intersection(_RANKS)
    if not words:
        words = {grade.removeprefix("grade:") for grade in found}
    if offers and not words:
        words = _by_years(text)
    return tuple(rank for rank in _RANKS if rank in words)


def _by_years(text: str) -> set[str]:
    years = _years_asked(text)
    if years is None:
        return set()
    return {"senior" if years >= 5 else "mid" if years >= 2 else "entry"}


def _years_asked(text: str) -> int | None:
    """Return the most years of experience that a text asks for, or None."""
    asked = []
    for hit in _years_scanner().hits(text):
        number = _YEARS.search(text, max(0, hit.start - 28), hit.start)
        if not number or _PAST.search(text, max(0, number.start() - 14), number.start()):
            continue
        around = text[max(0, number.start() - 40) : hit.end + 60]
        is_asked = number[2] and text.startswith((" in ", " of "), hit.end)
        if not is_asked and not any(word in around for word in _EXPERIENCE):
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
def _years_scanner() -> Scanner:
    words = (
        "years",
        "year",
        "yrs",
        "yr",
        "yoe",
        "jahre",
        "jahren",
        "ans",
        "años",
        "jaar",
        "年",
        "lat",
    )
    return Scanner([(word, "years") for word in words])
