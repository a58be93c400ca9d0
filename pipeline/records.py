"""The words everything else uses: RawDocument, Posting, Mention, Place, Pay, Facts.

Layer:   below all others; standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One answer of a source, as it came (personal fields already dropped when it was archived).

    scope:    the board, site or page it was asked for, as the config names it
    employer: whose board that is, where the answer itself does not say
    row:      JSON of the listing's row that led to it, for an answer that tells one posting
    """

    source: str
    url: str
    body: str
    fetched_on: date
    scope: str = ""
    employer: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One job posting in our words; `description` is plain text, `skills` a list a site showed.

    frame:     all_jobs | search_words (how the source was sampled)
    observes:  full_text | snippet | skill_list | titles | digest (what of the ad we can see)
    date_kind: real | proxy (a scrape date, the same for all rows) | none
    """

    posting_id: str
    source: str
    source_id: str = ""
    title: str = ""
    employer: str = ""
    employer_id: str = ""  # the resolved employer, "" where no name is known
    location: str = ""
    description: str = ""
    skills: tuple[str, ...] = ()
    posted_on: date | None = None
    date_kind: str = "none"
    url: str = ""
    employment_type: str = ""
    salary: str = ""
    language: str = ""
    source_family: str = ""
    frame: str = "all_jobs"
    observes: str = "full_text"
    licence: str = ""
    content_hash: str = ""
    digest: str = ""  # JSON of a digest's own columns, only where observes == "digest"


def observed(usual: str, text: str, skills: Sequence[str]) -> str:
    """Return what of one ad can be seen of a source that usually shows `usual`.

    Without its text, what an ad asks for is unknown, not none.
    """
    if text or usual == "titles":
        return usual
    return "skill_list" if skills else "titles"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record set aside, and why; never lost, never fatal."""

    source: str
    source_id: str
    reason: str


class Place(NamedTuple):
    """One place a job may be done in; parts may be empty, but region or country is set.

    country:     ISO 3166-1 alpha-2;  subdivision: ISO 3166-2 ("US-MA")
    metro:       an identifier of the closed list;  city: GeoNames name;  geonames_id: its id or 0
    region:      UN M49 macro region: north_america, europe, asia, ...
    """

    country: str = ""
    subdivision: str = ""
    metro: str = ""
    city: str = ""
    geonames_id: int = 0
    region: str = ""


class Pay(NamedTuple):
    """Pay as stated: amounts without separators, ISO 4217 currency, year | month | day | hour."""

    min: float | None  # None: "up to 80,000"
    max: float | None  # None: "130,000 and more"
    currency: str
    period: str


class Mention(NamedTuple):
    """One term at one place of a posting's plain text; `text[start:end] == surface` always.

    kind:        framework | ecosystem | tool | skill | own (of a user's own terms)
    framework:   the framework it counts for, or ""
    field:       title | description | skills (the offsets are into that field's text)
    requirement: required | preferred | mentioned | negated; "" for tools and skills
    reason:      why an ambiguous name was taken in this sense, or ""
    """

    term: str
    kind: str
    framework: str
    field: str
    start: int
    end: int
    surface: str
    requirement: str = ""
    alternative_group: int | None = None
    snippet: str = ""
    reason: str = ""


class FrameworkFact(NamedTuple):
    """One framework of a posting, with the strongest requirement in it."""

    name: str
    requirement: str
    alternative: bool
    joint: bool = False  # named only inside a joint span (tf.keras): does not count as naming both


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything extraction says of one posting; identifiers are those of the vocabulary."""

    posting_id: str
    is_ai: bool
    extractor_version: str
    language: str
    frameworks: tuple[FrameworkFact, ...] = ()
    ecosystem: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    seniority: tuple[str, ...] = ()
    employer_kind: str = "unknown"
    industry: str = "other"
    domains: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    countries: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    workplace: str = "unknown"
    salary: Pay | None = None
    mentions: tuple[Mention, ...] = field(default=())
    unseen: tuple[str, ...] = ()  # names listed beside its frameworks that no list of ours knows
