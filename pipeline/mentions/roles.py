"""What a job is called: the role families it offers.

Layer:   mentions (pure). Words in terms/roles.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.mentions.offers import Offer, offers_of
from pipeline.mentions.scan import lower
from pipeline.mentions.seniority import seniority_of
from pipeline.mentions.titles import read_title, words_in
from pipeline.mentions.words import read_terms

__all__ = ["families", "roles_in", "roles_of", "seniority_of"]

# fields that name a job even without "engineer"
_TELLING = frozenset("ml ai nlp cv robotics soft side loose devops quant software".split())
_FOR_ML = re.compile(r"machine learning|deep learning|\bml\b")
# "You train, deploy and monitor machine learning models"
_TRAINS = re.compile(r"\b(?:train|training)\b[^.\n]{0,60}\bmodels?\b|\bmodel training\b")
_GENDERS = re.compile(r"\b[mwfdxhi](?:\s?[/|]\s?[mwfdxhi])+\b")  # "(m/w/d)", "H/F"
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
    vague: set[str] = set()  # what bare words say, for want of better ones
    for offer in offers:
        named, bare = read_title(offer)
        vague |= bare
        # "Data Scientist - Marketing" is one job; "Data Scientist/Sales Engineer" is two.
        is_one = offer.kind == "title" and "/" not in _GENDERS.sub("", offer.text)
        if is_one and named - {"other", "manager"}:
            named -= {"other"}
        found |= named
    if "ai_software_engineer" in found and _is_training(offers, text):
        found.add("ml_engineer")
    found = found or vague or _fields_alone(offers[0])
    if not found:
        found = {"other"} if offers[0].kind == "title" else _last_resort(text)
    return tuple(family for family in families() if family in found)


def _is_training(offers: tuple[Offer, ...], text: str) -> bool:
    """Say whether a software engineer for machine learning does an ML engineer's work."""
    titles = [offer.text for offer in offers if offer.kind == "title"]
    is_for_ml = any("software" in title and _FOR_ML.search(title) for title in titles)
    return (is_for_ml and bool(_TRAINS.search(text))) or "as a machine learning engineer" in text


def _fields_alone(offer: Offer) -> set[str]:
    """Return the families of a title that has no head: "Python Backend and Deep Learning"."""
    if offer.kind not in ("title", "header"):
        return set()
    engineer = read_terms("roles.toml")["pairs"]["engineer"]
    values = {word.removeprefix("field:") for word in words_in(offer.text)}
    return {engineer[value] for value in values & _TELLING}


def _last_resort(text: str) -> set[str]:
    """Return the family of an ad that names no role, from what it is about."""
    fields = words_in(text[:_ABOUT])
    if fields.count("field:ml") >= 2:
        return {"ml_engineer"}
    is_technical = fields.count("field:soft") >= 2 or "head:engineer" in fields
    return {"software_engineer"} if is_technical else {"other"}
