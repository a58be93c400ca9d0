"""Digests: a posting's facts without its text, and the text our own template renders of them.

Layer:   over facts (pure). `facts(render(digest))` gives back the facts the digest was made of.
         No sentence of any ad is in a digest; digests are never compared with each other by text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.mentions.declared import declare_names
from pipeline.mentions.lexicon import load
from pipeline.mentions.profile import Profile, declare
from pipeline.postings import pay as pay_words
from pipeline.postings import places as gazetteer
from pipeline.postings.employers import employer_id
from pipeline.records import Facts, Pay, Place, Posting

VERSION = 1  # of the template; a rendered text of another version would read differently
PUBLIC_URLS = (
    "https://news.ycombinator.com/item?id=",
    "https://jobs.ashbyhq.com/",
    "https://boards.greenhouse.io/",
    "https://job-boards.greenhouse.io/",
    "https://jobs.lever.co/",
)
_SECTIONS = {
    "required": "Requirements",
    "preferred": "Nice to have",
    "mentioned": "Tech stack",
    "negated": "Tech stack left behind",
}


def digest_of(
    posting: Posting, found: Facts, *, duplicate: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """Return the row that stands for a posting: facts, and what identifies and dates it.

    duplicate: (posting_id of the canonical posting, reason), empty strings for a canonical one.
    """
    origin = _origin(posting)
    url = posting.url if posting.url.startswith(PUBLIC_URLS) else ""
    return {
        "digest_version": VERSION,
        "posting_id": posting.posting_id,
        "source": posting.source,
        "source_id": posting.source_id,
        "source_family": posting.source_family,
        "frame": posting.frame,
        "observes": origin.get("observes") or posting.observes,
        "licence": posting.licence,
        "posted_on": posting.posted_on,
        "date_kind": posting.date_kind,
        "title": posting.title,
        "employer": posting.employer,
        "url": url,
        "language": found.language,
        "is_ai": found.is_ai,
        "duplicate_of": duplicate[0] or origin.get("duplicate_of", ""),
        "duplicate_reason": duplicate[1] or origin.get("duplicate_reason", ""),
        "content_hash": posting.content_hash,
        "extractor_version": origin.get("extractor_version") or found.extractor_version,
        "frameworks": [one._asdict() for one in found.frameworks],
        "ecosystem": list(found.ecosystem),
        "tools": list(found.tools),
        "skills": list(found.skills),
        "roles": list(found.roles),
        "seniority": list(found.seniority),
        "employer_kind": found.employer_kind,
        "industry": found.industry,
        "domains": list(found.domains),
        "places": [place._asdict() for place in found.places],
        "workplace": found.workplace,
        "salary": found.salary._asdict() if found.salary else None,
        "unseen_names": list(found.unseen),
    }


def _origin(posting: Posting) -> dict[str, str]:
    return json.loads(posting.digest) if posting.digest else {}


def is_digest(row: Mapping[str, Any]) -> bool:
    """Tell a digest from a posting in an input file."""
    return "digest_version" in row


def render(row: Mapping[str, Any]) -> Posting:
    """Return the posting a digest stands for: real title and employer, our template as its text."""
    return Posting(
        posting_id=str(row["posting_id"]),
        source=row.get("source") or "",
        source_id=row.get("source_id") or "",
        title=row.get("title") or "",
        employer=row.get("employer") or "",
        employer_id=employer_id(row.get("employer") or ""),
        location="; ".join(gazetteer.notation(Place(**place)) for place in row.get("places") or ()),
        description=render_text(row),
        posted_on=_day(row.get("posted_on")),
        date_kind=row.get("date_kind") or "none",
        url=row.get("url") or "",
        language=row.get("language") or "",
        source_family=row.get("source_family") or "",
        frame=row.get("frame") or "all_jobs",
        observes="digest",
        licence=row.get("licence") or "",
        content_hash=row.get("content_hash") or "",
        digest=json.dumps(
            {
                "observes": row.get("observes") or "full_text",
                "duplicate_of": row.get("duplicate_of") or "",
                "duplicate_reason": row.get("duplicate_reason") or "",
                "extractor_version": row.get("extractor_version") or "",
            }
        ),
    )


def _day(words: object) -> date | None:
    if words is None or isinstance(words, date):
        return words
    return date.fromisoformat(str(words)[:10])


def render_text(row: Mapping[str, Any]) -> str:
    """Return the template's text: labelled lines, then one bullet a term under its heading."""
    profile = Profile(
        roles=tuple(row.get("roles") or ()),
        seniority=tuple(row.get("seniority") or ()),
        employer_kind=row.get("employer_kind") or "unknown",
        industry=row.get("industry") or "other",
        domains=tuple(row.get("domains") or ()),
        workplace=row.get("workplace") or "unknown",
    )
    parts = [declare(profile).rstrip("\n")]
    if row.get("unseen_names"):  # digests written before names were kept have no such column
        parts.append(declare_names(row["unseen_names"]))
    if row.get("salary"):
        parts.append(pay_words.notation(Pay(**row["salary"])))
    bullets = _bullets(row)
    for requirement, heading in _SECTIONS.items():
        if bullets[requirement]:
            parts.append(
                "\n".join(["", heading, *(f"- {words}" for words in bullets[requirement])])
            )
    return "\n".join(parts) + "\n"


def _bullets(row: Mapping[str, Any]) -> dict[str, list[str]]:
    terms = load().by_id()
    bullets: dict[str, list[str]] = {requirement: [] for requirement in _SECTIONS}
    negated = set()
    spans = {name: term for term in terms.values() for name in term.joint}
    shown = set()
    for fact in row.get("frameworks") or ():
        name, requirement = fact["name"], fact["requirement"]
        words = terms[name].render
        if fact.get("joint"):
            if spans[name].id in shown:
                continue  # both frameworks of the joint span stand in its one bullet
            shown.add(spans[name].id)
            words = spans[name].render
        if requirement == "negated":
            negated.add(name)
            words = f"no {words}"
        bullets[requirement].append(f"{words} or similar" if fact["alternative"] else words)
    for name in row.get("ecosystem") or ():
        term = terms[name]
        if term.also_framework:
            continue  # its framework bullet gives both
        where = "negated" if term.framework in negated else "mentioned"
        bullets[where].append(f"no {term.render}" if where == "negated" else term.render)
    bullets["mentioned"] += [terms[name].render for name in row.get("tools") or ()]
    first = {group.id: group.members[0] for group in load().groups}
    bullets["mentioned"] += [first[name] for name in row.get("skills") or ()]
    return bullets
