"""Himalayas: the newest pages of a very long board of remote jobs.

Layer:   sources (pure).
Source:  https://himalayas.app/api (terms, rate, volume: himalayas.toml)
Quirk:   an answer holds 20 jobs at most whatever `limit` says; `offset` is being replaced by a
         cursor that the answer names, so the cursor is followed where there is one (2026-09).
Quirk:   there is no id: `guid`, the address of the job's page, is it.
Quirk:   the documentation has `pubDate` in milliseconds and objects in `locationRestrictions`,
         answers have seconds and plain names (2026-06); both are read.
Quirk:   where `description` is empty the excerpt is all we have of the ad: a snippet.
Quirk:   `salaryPeriod` is not documented; pay without it is read as words, by its size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.records import Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Request,
    Row,
    loaded,
    make_posting,
    pay_of,
    query_value,
    read_info,
    read_page,
    records_of,
    with_query,
)

INFO = read_info("himalayas")
OUT_OF_SCOPE = frozenset(
    "companySlug companyLogo seniority timezoneRestrictions categories parentCategories"
    " expiryDate".split()
)
_ENVELOPE = frozenset(
    "comments updatedAt totalCount offset limit jobs nextCursor cursor hasMore".split()
)


def parse(document: RawDocument) -> Page:
    """Return the jobs of a page and where it goes on; raise SourceChanged where it is no page."""
    answer = loaded(document)
    page = read_page(
        document,
        records_of(document, answer, "jobs"),
        _posting,
        out_of_scope=OUT_OF_SCOPE,
        id_field="guid",
    )
    page.drift |= answer.keys() - _ENVELOPE
    total = str(answer.get("totalCount"))
    page.total = int(total) if total.isdecimal() else None
    if page.n_records and (url := _next_url(document, answer, page)):
        page.more.append(Request(url, document.scope))
    return page


def _next_url(document: RawDocument, answer: dict[str, Any], page: Page) -> str:
    """Return the address of the next page, "" after the last one."""
    cursor = answer.get("nextCursor") or answer.get("cursor")
    if isinstance(cursor, str | int):
        path = document.url.partition("?")[0]
        url = with_query(path, limit=query_value(document.url, "limit", 20), cursor=cursor)
        # an answer may only repeat the cursor it was asked with
        return "" if url == document.url else url
    if "cursor=" in document.url:
        return ""
    offset = query_value(document.url, "offset", 0) + page.n_records
    is_last = page.total is not None and offset >= page.total
    return "" if is_last else with_query(document.url, offset=offset)


def _posting(job: Row) -> Posting:
    guid, link = str(job.need("guid")), job.text("applicationLink")
    low, high = job.number("minSalary"), job.number("maxSalary")
    currency, period = job.text("currency"), job.text("salaryPeriod")
    whole, excerpt = job.text("description"), job.text("excerpt")
    posting = make_posting(
        INFO,
        guid,
        title=job.text("title"),
        description=whole or excerpt,
        employer=job.text("companyName"),
        locations=_places(job),
        workplace="Remote",  # the board lists nothing else
        posted_on=job.get("pubDate") or None,
        # the terms ask for a link to Himalayas; the other may lead to the employer
        url=guid if guid.startswith("http") else link,
        employment_type=", ".join(job.texts("employmentType")),
        pay=pay_of(low, high, currency, period),
        salary="" if period else _in_words(low, high, currency),
    )
    return posting if whole else replace(posting, observes="snippet")


def _places(job: Row) -> list[str]:
    """Return the countries that may apply; none are named where all may."""
    stated = job.get("locationRestrictions")
    listed = stated if isinstance(stated, list) else [stated]
    return [
        str(one.get("name") or one.get("alpha2") or "") if isinstance(one, dict) else str(one or "")
        for one in listed
    ]


def _in_words(low: float | None, high: float | None, currency: str) -> str:
    """Return pay whose period is not stated: "53300 - 119850 USD"; "" unless all else is."""
    ends = " - ".join(f"{one:.15g}" for one in (low, high) if one is not None)
    return f"{ends} {currency}" if ends and currency else ""
