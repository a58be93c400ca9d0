"""What a posting says beside its frameworks, places and pay: one record, read together.

Layer:   mentions (pure). What an ad declares in labelled lines is believed; what is known of the
         employer comes next; the words of the ad last.
"""

from __future__ import annotations

from pipeline.mentions.cues import STRONG, Cues, counted, cues_of, labels_in
from pipeline.mentions.declared import Profile, declare, declared, declared_one
from pipeline.mentions.employer import industry_in, kind_in
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

_IN_TITLE = 6.0
# What a domain must reach, by the length of the ad: in a long one a passing word says little.
_ENOUGH = ((2000, 3.0), (4000, 4.0))
_ENOUGH_IN_LONG = 5.0


def profile_of(
    title: str,
    employer: str,
    location: str,
    text: str,
    *,
    known_kind: str = "",
    known_industry: str = "",
) -> Profile:
    """Return roles, seniority, employer kind, industry, domains and workplace of one posting.

    title:      "" where the source has none: the roles are then read from the text.
    known_*:    what a register of employers says of this one, "" where it is not in it.
    """
    stated = declared(text)
    lowered, low_title, low_employer = lower(text), lower(title), lower(employer)
    is_titled = bool(title.strip())
    offers = offers_of(low_title, lowered)
    cues = cues_of(lowered)
    kind = (
        declared_one(stated, "employer_kind", "unknown")
        or known_kind
        or kind_in(low_employer, lowered, cues, is_titled=is_titled)
    )
    return Profile(
        roles=stated["roles"] if "roles" in stated else roles_in(offers, lowered),
        seniority=stated["seniority"] if "seniority" in stated else seniority_in(offers, lowered),
        employer_kind=kind,
        industry=declared_one(stated, "industry", "other")
        or known_industry
        or industry_in(low_employer, lowered, cues, kind=kind),
        domains=stated["domains"]
        if "domains" in stated
        else _domains(low_title, cues, len(lowered)),
        workplace=declared_one(stated, "workplace", "unknown")
        or workplace_in(lower(location), lowered, cues.places, is_titled=is_titled),
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


def _domains(title: str, cues: Cues, size: int) -> tuple[str, ...]:
    enough = next((score for below, score in _ENOUGH if size < below), _ENOUGH_IN_LONG)
    scores = {
        domain: sum(cue.weight if nth == 1 else cue.weight / 2 for cue, nth in counted(found))
        for domain, found in cues.by_facet["domain"].items()
    }
    for facet, domain, weight in labels_in(title):
        if facet == "domain" and weight == STRONG:
            scores[domain] = scores.get(domain, 0.0) + _IN_TITLE
    known = read_terms("profile.toml")["domain"]
    return tuple(domain for domain in known if scores.get(domain, 0.0) >= enough)
