"""facts(posting): the one record that says everything extraction knows of a posting.

Layer:   over postings and mentions (pure). A posting goes in, Facts come out; nothing else is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.mentions.declared import declared, declared_names
from pipeline.mentions.find import framework_mentions
from pipeline.mentions.lexicon import load
from pipeline.mentions.own import OwnFiles
from pipeline.mentions.profile import Profile, profile_of
from pipeline.mentions.scan import lower
from pipeline.mentions.tools import skills_named, tools_and_skills
from pipeline.mentions.unseen import merged, unseen_names
from pipeline.postings import places as gazetteer
from pipeline.postings.employer_in_text import employer_in
from pipeline.postings.employers import known
from pipeline.postings.header import read_header
from pipeline.postings.language import language_of
from pipeline.postings.pay import is_believable, pay_in, stated_pay
from pipeline.records import Facts, FrameworkFact, Mention, Pay, Place, Posting

_STRENGTH = {"negated": 0, "mentioned": 1, "preferred": 2, "required": 3}
_AI_ROLES = frozenset(
    "ml_researcher ml_engineer ai_software_engineer mlops_engineer cv_engineer nlp_engineer".split()
)
_AI_DOMAINS = frozenset("llm_genai nlp speech computer_vision reinforcement_learning".split())


@cache
def extractor_version(own: OwnFiles = ()) -> str:
    """Return a hash of the code and the lexicon that extraction consists of, own terms included."""
    ours = _hash_of("mentions", "mentions/terms", "postings", "facts.py")
    return hashlib.sha256(repr((ours, own)).encode()).hexdigest()[:12] if own else ours


@cache
def reader_version() -> str:
    """Return a hash of the code that turns a source's records into postings."""
    return _hash_of("postings", "sources", "digest.py")


def _hash_of(*names: str) -> str:
    digest = hashlib.sha256()
    for name in names:
        entry = files("pipeline").joinpath(name)
        for file in (
            sorted(entry.iterdir(), key=lambda one: one.name) if entry.is_dir() else [entry]
        ):
            if file.name.endswith((".py", ".toml")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _order() -> tuple[str, ...]:
    """Return the identifiers of all terms in the vocabulary's order."""
    return tuple(term.id for term in load().terms)


@cache
def _deep_learning() -> frozenset[str]:
    return frozenset(term.id for term in load().terms if term.deep_learning)


def text_fields(posting: Posting) -> dict[str, str]:
    """Return the plain texts that mentions' offsets refer to, by field.

    A digest's title is left out: its facts already hold what the title said beside its text, and
    reading it again without that text could only add error. A Hacker News ad's title was read
    off the first line of its text, and would be read twice.
    """
    title = "" if posting.observes == "digest" or posting.source == "hn_hiring" else posting.title
    return {
        "title": title,
        "description": posting.description,
        "skills": ", ".join(posting.skills),
    }


def facts(posting: Posting, own: OwnFiles = ()) -> Facts:
    """Return what a posting says, in the vocabulary's identifiers; own: a user's terms beside it.

    Own terms are mentions and nothing else; a digest was made without them and can show none.
    """
    fields = text_fields(posting)
    fields["description"] = _without_declared(fields["description"])
    title, text = fields["title"], fields["description"]
    mentions: list[Mention] = []
    unseen = list(declared_names(posting.description))
    low_text = lower(text)
    for field, words in fields.items():
        if words:
            lowered = low_text if field == "description" else lower(words)
            named = framework_mentions(
                field, words, posted_on=posting.posted_on, context=title, lowered=lowered
            )
            unseen += unseen_names(words, named)
            taken = [(one.start, one.end) for one in named]
            mentions += named + tools_and_skills(field, words, lowered, taken)
            if own and posting.observes != "digest":
                mentions += framework_mentions(
                    field,
                    words,
                    posted_on=posting.posted_on,
                    context=title,
                    lowered=lowered,
                    own=own,
                    first=len(named),
                )
    places = _places(posting, title, text)
    countries = gazetteer.countries(places)
    is_whole = text == posting.description
    profile = _profile(posting, title, posting.description, low_text if is_whole else "")
    if not profile.roles:  # who offers no role (an applicant's own letter) demands nothing
        mentions = [_only_mentioned(mention) for mention in mentions]
    frameworks = _frameworks(mentions)
    tools = {mention.term for mention in mentions if mention.kind == "tool"}
    ecosystem = {mention.term for mention in mentions if mention.kind == "ecosystem"}
    return Facts(
        posting_id=posting.posting_id,
        is_ai=_is_ai(profile, frameworks),
        extractor_version=extractor_version(own),
        language=_language(posting, title, text),
        frameworks=frameworks,
        ecosystem=tuple(name for name in _order() if name in ecosystem) if ecosystem else (),
        tools=tuple(name for name in _order() if name in tools) if tools else (),
        skills=skills_named(mentions),
        roles=profile.roles,
        seniority=profile.seniority,
        employer_kind=profile.employer_kind,
        industry=profile.industry,
        domains=profile.domains,
        places=places,
        countries=countries,
        metros=gazetteer.metros(places),
        workplace=profile.workplace,
        salary=_pay(posting, posting.description, places),
        mentions=tuple(mentions),
        unseen=merged(unseen),
    )


def _without_declared(text: str) -> str:
    """Blank the labelled lines a text begins with: they state facts, they mention no term."""
    if not declared(text):
        return text
    ended = text.find("\n\n") if "\n\n" in text else len(text)
    return " " * ended + text[ended:]


def _language(posting: Posting, title: str, text: str) -> str:
    if posting.language or posting.observes == "digest":  # our template is English, the ad was not
        return posting.language
    return language_of(text or title)


def _profile(posting: Posting, title: str, text: str, lowered: str) -> Profile:
    employer = "" if posting.observes == "digest" else posting.employer
    name = employer if employer or posting.observes == "digest" else employer_in(text)
    year = posting.posted_on.year if posting.posted_on else None
    what = known(name, year) if name else None
    return profile_of(
        title=title,
        employer=employer,
        location="" if posting.observes == "digest" else posting.location,
        text=text or ", ".join(posting.skills),
        lowered=lowered,
        known_kind=what.kind if what else "",
        known_industry=what.industry if what else "",
    )


def _places(posting: Posting, title: str, text: str) -> tuple[Place, ...]:
    if posting.observes == "digest":
        return gazetteer.places_in(posting.location)
    location = posting.location
    if not location and not title:
        location = read_header(text).location
    return gazetteer.places_of(location, text)


def _pay(posting: Posting, text: str, places: tuple[Place, ...]) -> Pay | None:
    country = next((one.country for one in places if one.country), "")
    stated = stated_pay(posting.salary, country=country) if posting.salary else None
    found = stated if stated and is_believable(stated) else pay_in(text, country=country)
    return found if found and is_believable(found) else None


def _frameworks(mentions: Iterable[Mention]) -> tuple[FrameworkFact, ...]:
    """Return each framework once, with its strongest requirement; any-of only if all agree."""
    best: dict[str, FrameworkFact] = {}
    spans: dict[tuple[str, int, int], set[str]] = {}
    for mention in mentions:
        if mention.kind == "framework":
            spans.setdefault((mention.field, mention.start, mention.end), set()).add(mention.term)
    for mention in mentions:
        name = mention.framework
        if not name:
            continue
        any_of = mention.alternative_group is not None
        joint = len(spans.get((mention.field, mention.start, mention.end), ())) > 1
        before = best.get(name)
        if before is None:
            best[name] = FrameworkFact(name, mention.requirement, any_of, joint)
            continue
        stronger = _STRENGTH[mention.requirement] - _STRENGTH[before.requirement]
        best[name] = FrameworkFact(
            name,
            mention.requirement if stronger > 0 else before.requirement,
            any_of if stronger > 0 else before.alternative and (any_of or stronger < 0),
            joint and before.joint,
        )
    return tuple(best[name] for name in _order() if name in best) if best else ()


def _only_mentioned(mention: Mention) -> Mention:
    if mention.requirement in {"required", "preferred"}:
        return mention._replace(requirement="mentioned", alternative_group=None)
    return mention


def _is_ai(profile: Profile, frameworks: Iterable[FrameworkFact]) -> bool:
    if _AI_ROLES & set(profile.roles) or _AI_DOMAINS & set(profile.domains):
        return True
    return any(
        fact.name in _deep_learning() and fact.requirement != "negated" for fact in frameworks
    )


def facts_record(found: Facts) -> dict[str, Any]:
    """Return the JSON object of one posting's facts, as `jobmarket extract` writes it."""
    return {
        "posting_id": found.posting_id,
        "is_ai": found.is_ai,
        "extractor_version": found.extractor_version,
        "language": found.language,
        "frameworks": [
            {"name": one.name, "requirement": one.requirement, "alternative": one.alternative}
            for one in found.frameworks
        ],
        "ecosystem": list(found.ecosystem),
        "tools": list(found.tools),
        "skills": list(found.skills),
        "roles": list(found.roles),
        "seniority": list(found.seniority),
        "employer_kind": found.employer_kind,
        "industry": found.industry,
        "domains": list(found.domains),
        "countries": list(found.countries),
        "metros": list(found.metros),
        "workplace": found.workplace,
        "salary": found.salary._asdict() if found.salary else None,
        "unseen_names": list(found.unseen),
        "mentions": [
            {key: value for key, value in mention._asdict().items() if key != "reason" or value}
            for mention in found.mentions
        ],
    }
