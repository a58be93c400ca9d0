"""Ashby: one answer a board, every listed job with its text and, where shown, its pay.

Layer:   sources (pure).
Source:  https://developers.ashbyhq.com/docs/public-job-posting-api (terms, rate: ashby.toml)
Quirk:   `isRemote` means "may be remote" to most employers: 101 of 126 jobs of one board had it
         and "Hybrid" too. It speaks only where `workplaceType` does not: that is null at some
         employers, and absent before 2026 (2026-07).
Quirk:   a job's place and its postal address may say the same ("London"), more ("Remote", in the
         United Kingdom) or another thing ("Bay Area", in Palo Alto); an address may be null, be
         empty or lack the level `postalAddress`; regions end in spaces (2025-10).
Quirk:   `summaryComponents` holds what the tiers have in common; one-off pay has "1 TIME", and
         the summary in words mixes salary, equity and bonus, parted by "•" (2025-10).
Quirk:   no field names the employer; one posting may stand on two boards of one employer.
"""

from __future__ import annotations

import re

from pipeline.postings.places import places_in
from pipeline.records import Pay, Place, Posting, RawDocument
from pipeline.sources.markup import as_markup
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    pay_of,
    read_info,
    read_page,
    records_of,
)

INFO = read_info("ashby")
OUT_OF_SCOPE = frozenset("department team applyUrl descriptionPlain updatedAt".split())
_WORKPLACE = {"onsite": "On-site", "remote": "Remote", "hybrid": "Hybrid"}
_HOW = re.compile(r"remote|hybrid|anywhere|home|virtual|distributed", re.IGNORECASE)
_NO_SALARY = re.compile(
    r"equity|bonus|commission|split|stock|option|sign|one.?time|percent|%", re.IGNORECASE
)


def parse(document: RawDocument) -> Page:
    """Return the listed jobs of a board; raise SourceChanged where the answer is no board."""
    answer = loaded(document)
    page = read_page(
        document,
        records_of(document, answer, "jobs"),
        lambda job: _posting(job, document),
        out_of_scope=OUT_OF_SCOPE,
    )
    page.drift |= answer.keys() - {"jobs", "apiVersion"}
    return page


def _posting(job: Row, document: RawDocument) -> Posting | None:
    pay, salary = _pay(job)
    found = make_posting(
        INFO,
        job.need("id"),
        title=job.text("title"),
        description=as_markup(job.text("descriptionHtml")) or job.text("descriptionPlain"),
        employer=document.employer or document.scope,
        locations=[
            place for where in (job, *job.rows("secondaryLocations")) for place in _places(where)
        ],
        workplace=_workplace(job),
        posted_on=job.text("publishedAt"),
        url=job.text("jobUrl") or job.text("applyUrl"),
        employment_type=job.text("employmentType"),
        pay=pay,
        salary=salary,
    )
    # a job that is not listed is open to those who have its link: it was not offered to us
    return None if job.get("isListed") is False else found


def _workplace(job: Row) -> str:
    stated = re.sub(r"[^a-z]", "", job.text("workplaceType").lower())
    is_remote = job.get("isRemote") is True
    if not stated:
        return "Remote" if is_remote else ""
    return _WORKPLACE.get(stated, "")


def _places(where: Row) -> list[str]:
    """Return a place as shown, as its address, or as both where neither says what the other does.

    "Birmingham" at an address in Alabama is that address; "Remote" and "United States" are two.
    """
    label, address = where.text("location"), where.row("address")
    postal = address.row("postalAddress")
    stated = postal if postal.values else address
    city, *wider = (
        stated.text(f"address{part}").strip(" ,") for part in ("Locality", "Region", "Country")
    )
    whole = ", ".join(dict.fromkeys(part for part in (city, *wider) if part))
    if not label or not whole:
        return [label or whole]
    shown = places_in(label)
    names_city = city and re.search(rf"\b{re.escape(city)}\b", label, re.IGNORECASE)
    if names_city and len(shown) < 2 and not _HOW.search(label):
        return [whole]
    if all(any(_is_within(one, other) for one in shown) for other in places_in(whole)):
        return [label]
    return [label, whole]


def _is_within(one: Place, other: Place) -> bool:
    """Return whether one place says all that the other does."""
    return all(theirs in ("", ours) for ours, theirs in zip(one[:4], other[:4], strict=True)) and (
        one.region == other.region
    )


def _pay(job: Row) -> tuple[Pay | None, str]:
    """Return the pay in fields, else the summary's words on salary; nothing that is not shown."""
    stated = job.row("compensation")
    if job.get("shouldDisplayCompensationOnJobPostings") is False:
        return None, ""
    parts = stated.rows("summaryComponents") or [
        part for tier in stated.rows("compensationTiers") for part in tier.rows("components")
    ]
    salaries = [part for part in parts if part.text("compensationType").lower() == "salary"]
    paid = [pay for part in salaries if (pay := _amount(part))]
    if paid:
        return _span(paid), ""
    if any("time" in part.text("interval").lower() for part in salaries):
        return None, ""
    words = stated.text("scrapeableCompensationSalarySummary") or stated.text(
        "compensationTierSummary"
    )
    return None, next((one for one in words.split("•") if _is_salary(one)), "")


def _amount(part: Row) -> Pay | None:
    return pay_of(
        part.number("minValue"),
        part.number("maxValue"),
        part.text("currencyCode"),
        part.text("interval"),
    )


def _span(paid: list[Pay]) -> Pay:
    """Return the span of all ranges in the currency and period of the first."""
    alike = [one for one in paid if one[2:] == paid[0][2:]]
    lows = [one.min for one in alike]
    highs = [one.max for one in alike]
    low = None if None in lows else min(one for one in lows if one is not None)
    high = None if None in highs else max(one for one in highs if one is not None)
    return paid[0]._replace(min=low, max=high)


def _is_salary(words: str) -> bool:
    return bool(re.search(r"\d", words)) and not _NO_SALARY.search(words)
