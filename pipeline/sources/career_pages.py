"""Career pages: the ads that any web page states as schema.org JobPosting.

Layer:   sources (pure).
Source:  https://schema.org/JobPosting (terms, rate, volume: career_pages.toml)
Quirk:   `identifier` may be the employer's name or number, the same for all its ads: a posting's id
         is the page's address, and "#" with the identifier, or with the ad's own address (2026-07).
Quirk:   `url` may be the employer's home page, or no address at all: "http://Stealth co" (2020-10).
Quirk:   `validThrough` says little (2035; a day long past on an ad that is still open): an ad is
         open while its page states it. A list of links is not followed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

from pipeline.errors import InputError, SourceChanged
from pipeline.records import Posting, RawDocument, Rejected
from pipeline.sources.job_fields import listed, pay, places, texts, words
from pipeline.sources.job_text import description, skills, text
from pipeline.sources.source import Page, Request, Row, Unreadable, make_posting, read_info
from pipeline.sources.structured_data import Structured, address, read
from pipeline.sources.trimmed_page import trimmed

__all__ = ["INFO", "OUT_OF_SCOPE", "parse", "starts", "trimmed"]

INFO = read_info("career_pages")
# estimatedSalary is the site's guess, not the employer's word; the rest says nothing we count.
OUT_OF_SCOPE = frozenset(
    "@context @type @id @graph additionalType alternateName applicationDeadline benefits"
    " directApply disambiguatingDescription eligibilityToWorkRequirement employerOverview"
    " employmentUnit estimatedSalary experienceInPlaceOfEducation image incentiveCompensation"
    " incentives industry jobBenefits jobImmediateStart jobStartDate logo mainEntityOfPage"
    " occupationalCategory physicalRequirement position potentialAction publisher"
    " relevantOccupation sameAs securityClearanceRequirement sensoryRequirement"
    " specialCommitments subjectOf totalJobOpenings validThrough workHours dateModified".split()
)
_MOST_POSTINGS = 2000  # of one page; whoever states more is no career page
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?:[-_]\w+)*")


def starts(info: Mapping[str, Any], options: Mapping[str, Any]) -> list[Request]:
    """Return one request a page that the config names; raise InputError for what is no address."""
    urls = options.get(info["scopes"], [])
    for url in urls:
        if not isinstance(url, str) or not address(url):
            raise InputError(
                f'career_pages: expected an address as "https://example.org/jobs/1" in '
                f"{info['scopes']}, saw {url!r}"
            )
    return [Request(url, url) for url in dict.fromkeys(url.strip() for url in urls)]


def parse(document: RawDocument) -> Page:
    """Return the ads of a page; raise SourceChanged where it states none that can be read."""
    stated = read(document.body, document.url)
    page = Page(n_records=len(stated.jobs) + len(stated.broken))
    for values in stated.jobs[:_MOST_POSTINGS]:
        _add(page, Row(values, OUT_OF_SCOPE), document, stated)
    if not page.listed:
        raise SourceChanged("career_pages", "a page with a schema.org JobPosting", _seen(stated))
    reasons = list(stated.broken)
    if (more := len(stated.jobs) - _MOST_POSTINGS) > 0:
        reasons.append(f"{more} JobPostings more than the {_MOST_POSTINGS} that are read of a page")
    page.rejected += [Rejected("career_pages", document.url, reason) for reason in reasons]
    page.short = "a part of the page cannot be read" if reasons else ""
    return page


def _seen(stated: Structured) -> str:
    title = f'"{stated.title[:80]}"' if stated.title else "a page without a title"
    if stated.broken:
        return f"{title} with {'; '.join(stated.broken[:3])}"
    if stated.pointers:
        return f"{title} with the addresses of {stated.pointers} such pages: name them in urls"
    return f"{title} with none"


def _add(page: Page, job: Row, document: RawDocument, stated: Structured) -> None:
    source_id = _id(job, document, page.listed)
    page.listed.add(source_id)
    try:
        page.postings.append(_posting(job, source_id, document, stated))
    except (Unreadable, ValueError) as reason:
        page.rejected.append(Rejected("career_pages", source_id, str(reason)))
        return
    page.drift |= job.drift


def _id(job: Row, document: RawDocument, taken: set[str]) -> str:
    """Return the page's address and what tells its ads apart; two that say the same are counted."""
    employer, title = words(job.get("hiringOrganization")), words(job.get("title"))
    names = {"", employer.casefold(), title.casefold()}
    named = [_value(one) for one in listed(job.get("identifier"))]
    key = next((one for one in named if one.casefold() not in names and len(one) <= 200), "")
    page = urldefrag(document.url).url
    own = _own_address(job, page)
    key = key or (own if own != page else "")
    found = f"{page}#{key}" if key else page
    number = 1
    while (numbered := found if number == 1 else f"{found}#{number}") in taken:
        number += 1
    return numbered


def _value(identifier: Any) -> str:
    return words(identifier.get("value") if isinstance(identifier, dict) else identifier)


def _own_address(job: Row, page: str) -> str:
    """Return the address that an ad states as its own, "" where it is the employer's or none."""
    url = words(job.get("url"))
    stated = address(url, page) if url else ""
    employer = job.get("hiringOrganization")
    employer = employer if isinstance(employer, dict) else {}
    homes = texts([employer.get("sameAs"), employer.get("url")])
    parts = urlsplit(stated)
    is_home = not parts.path.strip("/") and not parts.query and not parts.fragment
    return "" if is_home or url in homes else stated


def _posting(job: Row, source_id: str, document: RawDocument, stated: Structured) -> Posting:
    title = text(job, "title") or text(job, "name")
    if not title:
        raise Unreadable("expected a title, saw none")
    named = skills(job.get("skills"))
    told = description(job, named)
    locations, workplace = places(job)
    stated_pay, salary = pay(job)
    language = words(job.get("inLanguage"))
    urls = (_own_address(job, document.url), stated.address, document.url)
    return make_posting(
        INFO if told else {**INFO, "observes": "titles"},
        source_id,
        title=title,
        description=html.escape(told, quote=False),  # it is plain by now: "<" is a "<"
        employer=words(job.get("hiringOrganization")) or document.employer,
        locations=locations,
        workplace=workplace,
        posted_on=words(job.get("datePosted")),
        url=next(one for one in urls if one),
        employment_type=", ".join(texts(job.get("employmentType"))),
        pay=stated_pay,
        salary=salary,
        language=language if _LANGUAGE.fullmatch(language) else "",
        skills=named,
    )
