"""JobTech: the ads of Platsbanken in one occupation field, newest first, in pages of 100.

Layer:   sources (pure).
Source:  https://jobsearch.api.jobtechdev.se (terms, rate, volume: jobtech_se.toml)
Quirk:   a search shows no more than 2,100 ads, whatever its total: a larger one is split by the
         time of publication, in halves, until each part fits.
Quirk:   times are Swedish and have no zone; countries have Swedish names. Not all jobs are in
         Sweden (2026-08).
Quirk:   about every third ad names recruiters; their fields are dropped, and phone numbers written
         the Swedish way are taken out of the texts here.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipeline.postings.privacy import PHONE_REMOVED
from pipeline.records import Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Request,
    Row,
    loaded,
    make_posting,
    query_value,
    read_info,
    read_page,
    records_of,
    with_query,
)

INFO = read_info("jobtech_se")
OUT_OF_SCOPE = frozenset(
    "external_id original_id label logo_url application_deadline number_of_vacancies salary_type"
    " duration scope_of_work access experience_required access_to_own_car driving_license_required"
    " driving_license occupation occupation_group occupation_field last_publication_date"
    " removed removed_date source_type timestamp relevance open_for_all larling trainee franchise"
    " hire_work_place detected_language ad_language".split()
)
_AROUND = frozenset("total positions query_time_in_millis result_time_in_millis stats hits".split())
_LAST_OFFSET = 2000
_AGE = timedelta(days=400)  # what a part without a first day is taken to reach back
_SMALLEST = timedelta(minutes=10)
_EDGE = timedelta(seconds=1)  # parts overlap: nobody says whether their ends are included
# most of these names the gazetteer does not know
_COUNTRIES = dict(
    zip(
        "tyskland storbritannien frankrike spanien nederländerna österrike belgien italien polen"
        " irland luxemburg estland lettland litauen island kina kanada tjeckien"
        " rumänien ungern grekland cypern turkiet ukraina sverige norge danmark schweiz".split(),
        "Germany,United Kingdom,France,Spain,Netherlands,Austria,Belgium,Italy,Poland,"
        "Ireland,Luxembourg,Estonia,Latvia,Lithuania,Iceland,China,Canada,Czechia,"
        "Romania,Hungary,Greece,Cyprus,Turkey,Ukraine,Sweden,Norway,Denmark,Switzerland".split(","),
        strict=True,
    )
)
# 070-123 45 67, 08-123 456 78, 0701234567, 070 123 45 67; but not "40 000 - 50 000"
_PHONE = re.compile(
    r"(?<![\w/.,+=-])(?<!\d\s)(?=(?:[^\d\n]{0,3}\d){8})"
    r"(?:07\d{8}|\(?0[1-9]\d{0,2}\)?(?:\s?[-\u2010-\u2013]\s?|[ \u00a0])"
    r"\d{2,3}(?:[ \u00a0]?\d{2,3}){1,3})(?!\d)"
)


def trimmed(answer: Any) -> Any:
    """Return an answer whose texts hold no phone number as Swedes write it."""
    if isinstance(answer, str):
        return _PHONE.sub(PHONE_REMOVED, answer)
    if isinstance(answer, list):
        return [trimmed(one) for one in answer]
    if isinstance(answer, dict):
        return {name: one if name == "id" else trimmed(one) for name, one in answer.items()}
    return answer


def parse(document: RawDocument) -> Page:
    """Return the ads of a page, or how to split a search that is too large."""
    answer = loaded(document)
    hits = records_of(document, answer, "hits")
    total = _total(answer.get("total"))
    limit, offset = query_value(document.url, "limit", 10), query_value(document.url, "offset", 0)
    read = offset + len(hits)
    is_too_large = total is not None and total > _LAST_OFFSET + limit
    parts = _halves(document) if is_too_large and not offset else []
    # an answer that is split lists nothing: its ads come again in the newer half
    kept = [] if parts else [hit for hit in hits if not _is_removed(hit)]
    known = OUT_OF_SCOPE | {*INFO["personal_fields"]}
    page = read_page(document, kept, _posting, out_of_scope=known)
    page.n_records = 0 if parts else len(hits)
    page.drift |= answer.keys() - _AROUND
    page.total = total
    if parts:
        page.more = [Request(url, document.scope) for url in parts]
    elif hits and read <= _LAST_OFFSET and (len(hits) >= limit if total is None else read < total):
        page.more = [Request(with_query(document.url, offset=read), document.scope)]
    return page  # where more cannot be shown, the total tells that something is missing


def _total(stated: object) -> int | None:
    """Return the number of ads; older answers wrap it in an object, others state it bare."""
    value = stated.get("value") if isinstance(stated, dict) else stated
    return int(str(value)) if str(value).isdecimal() else None


def _halves(document: RawDocument) -> list[str]:
    """Return the search of each half of the time that this one covers; none if it is too short."""
    asked = parse_qs(urlsplit(document.url).query)
    tomorrow = datetime.combine(document.fetched_on, time()) + timedelta(days=1)
    end = _moment(asked, "published-before") or tomorrow
    start = _moment(asked, "published-after") or end - _AGE
    if end - start < _SMALLEST or end < tomorrow - 20 * _AGE:
        return []
    middle = (start + (end - start) / 2).replace(microsecond=0)
    newer = {"published-after": (middle - _EDGE).isoformat(), "published-before": end.isoformat()}
    older = {"published-before": (middle + _EDGE).isoformat()}  # its start, if any, stays as it is
    return [with_query(document.url, **newer), with_query(document.url, **older)]


def _moment(asked: dict[str, list[str]], name: str) -> datetime | None:
    return datetime.fromisoformat(asked[name][0]) if name in asked else None


def _is_removed(hit: object) -> bool:
    return isinstance(hit, dict) and bool(hit.get("removed"))


def _posting(ad: Row) -> Posting:
    told, employer = ad.row("description"), ad.row("employer")
    kinds = [ad.row(name).text("label") for name in ("employment_type", "working_hours_type")]
    parts = ("company_information", "needs", "requirements", "conditions")
    text = told.text("text_formatted") or told.text("text")
    return make_posting(
        INFO,
        ad.need("id"),
        title=trimmed(ad.text("headline")),
        description=trimmed(text or "\n\n".join(told.text(name) for name in parts)),
        employer=employer.text("name") or employer.text("workplace"),
        locations=[_place(ad.row("workplace_address"))],
        workplace="Remote" if ad.get("remote_work") is True else "",
        posted_on=ad.text("publication_date"),
        url=ad.text("webpage_url"),
        employment_type=", ".join(kind for kind in kinds if kind),
        salary=trimmed(ad.text("salary_description")),
        skills=[
            skill.text("label")
            for name in ("must_have", "nice_to_have")
            for skill in ad.row(name).rows("skills")
        ],
    )


def _place(address: Row) -> str:
    """Return the municipality, else the city, else the region, with its country."""
    country = address.text("country")
    if address.get("country_code") == "199" and not country:
        country = "Sverige"
    city = address.text("municipality") or address.text("city") or address.text("region")
    parts = (city, _COUNTRIES.get(country.lower(), country))
    return ", ".join(part for part in parts if part)
