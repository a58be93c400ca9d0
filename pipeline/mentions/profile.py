"""What a posting says beside its frameworks, places and pay: one record, read together.

Layer:   mentions (pure). What an ad declares in labelled lines is believed; what is known of the
         employer comes next; the words of the ad last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log, log1p

from pipeline.mentions.cues import STRONG, Cue, Cues, cues_of, labels_in
from pipeline.mentions.declared import Profile, declare, declared, declared_one
from pipeline.mentions.employer import calls_itself_startup, industry_in, kind_in, size_in
from pipeline.mentions.offers import offers_of
from pipeline.mentions.roles import roles_in
from pipeline.mentions.scan import lower
from pipeline.mentions.seniority import seniority_in
from pipeline.mentions.words import read_terms
from pipeline.mentions.workplace import workplace_in

__all__ = [
    "Profile",
    "declare",
    "declared",
    "domains_of",
    "employer_kind_of",
    "industry_of",
    "profile_of",
    "workplace_of",
]

_GROWN = ("enterprise", "mid_size", "research_lab")  # what a startup may have become since
_LENGTH = 2000  # characters of a usual ad
_SHORT = 300  # shorter ones say no less in passing


def profile_of(
    title: str,
    employer: str,
    location: str,
    text: str,
    *,
    lowered: str = "",
    known_kind: str = "",
    known_industry: str = "",
) -> Profile:
    """Return roles, seniority, employer kind, industry, domains and workplace of one posting.

    title:      "" where the source has none: the roles are then read from the text.
    lowered: the text as `lower` writes it, for those who have it already
    known_*:    what a register of employers says of this one, "" where it is not in it.
    """
    stated = declared(text)
    lowered, low_title, low_employer = lowered or lower(text), lower(title), lower(employer)
    is_titled = bool(title.strip())
    offers = offers_of(low_title, lowered)
    cues = cues_of(lowered)
    if known_kind in _GROWN and calls_itself_startup(cues):
        known_kind = ""
    if known_kind == "startup" and (size := size_in(lowered, cues)) in _GROWN:
        known_kind = size
    kind = (
        declared_one(stated, "employer_kind", "unknown")
        or known_kind
        or kind_in(low_employer, lowered, cues, is_titled=is_titled)
    )
    roles = stated["roles"] if "roles" in stated else roles_in(offers, lowered)
    return Profile(
        roles=roles,
        seniority=stated["seniority"] if "seniority" in stated else seniority_in(offers, lowered),
        employer_kind=kind,
        industry=declared_one(stated, "industry", "other")
        or known_industry
        or industry_in(low_employer, cues, kind=kind),
        domains=stated["domains"]
        if "domains" in stated
        else _domains(low_title, roles, cues, len(lowered)),
        workplace=declared_one(stated, "workplace", "unknown")
        or workplace_in(
            lower(location), lowered, cues.places, is_titled=is_titled, title=low_title
        ),
    )


def employer_kind_of(employer: str, text: str, *, known_kind: str = "") -> str:
    """Return the kind of employer; an ad without an employer's name counts as a thread's."""
    return profile_of(employer, employer, "", text, known_kind=known_kind).employer_kind


def industry_of(employer: str, text: str, *, known_industry: str = "") -> str:
    """Return the employer's industry."""
    return profile_of(employer, employer, "", text, known_industry=known_industry).industry


def domains_of(title: str, text: str) -> tuple[str, ...]:
    """Return what the work is about, in the vocabulary's order."""
    return profile_of(title, "", "", text).domains


def workplace_of(location: str, text: str) -> str:
    """Return the workplace; an ad without a location field says it on its first line."""
    return profile_of(location, "", location, text).workplace


def _domains(title: str, roles: Iterable[str], cues: Cues, size: int) -> tuple[str, ...]:
    """Return the domains that the title names, and those whose cues in the text suffice.

    What suffices is a model whose numbers stand in terms/profile.toml; in short, a word in
    passing says the less the longer the ad is.
    """
    terms = read_terms("profile.toml")
    score, known = terms["domain_score"], terms["domain"]
    titled = {domain for domain, weight in labels_in(title, "domain").items() if weight == STRONG}
    own = {terms["domain_of_role"].get(role) for role in roles}
    said = cues.of("domain")
    found = []
    for domain, words in known.items():
        if domain in titled:
            found.append(domain)
        elif domain in said:
            total = score["base"] + words["lean"] + score["role"] * (domain in own)
            total += _said(said[domain], size, score)
            if total > 0:
                found.append(domain)
    return tuple(found)


def _said(cues: list[Cue], size: int, score: Mapping[str, float]) -> float:
    strong = [cue.start for cue in cues if cue.weight == STRONG]
    total = score["weak"] * log1p(len({cue.word for cue in cues if cue.weight != STRONG}))
    if strong:
        total += score["strong"] * log1p(len(strong)) + score["early"] * (1 - strong[0] / size)
        total += score["length"] * log(max(size, _SHORT) / _LENGTH)
    return total
