"""SmartRecruiters: pages of a company's postings without text, and one answer a posting with it.

Layer:   sources (pure).
Source:  https://developers.smartrecruiters.com/docs/posting-api (terms, rate: smartrecruiters.toml)
Quirk:   a company that does not exist answers like one without postings: 200 and an empty list
         (2026-10).
Quirk:   the text is in four sections, any of which may be empty: some ads have all they say in
         `qualifications` (2026-06).
Quirk:   a row's `ref` names the live host, whoever answered; `country` is a lower-case code, and
         latitude is text (2026-06).
Quirk:   no shape of `compensation` is documented for these answers; what is in it beside the four
         fields we read is drift.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from pipeline.errors import SourceChanged
from pipeline.postings.gazetteer import gazetteer
from pipeline.records import Pay, Posting, RawDocument, Rejected
from pipeline.sources.markup import as_markup
from pipeline.sources.source import (
    Page,
    Request,
    Row,
    Unreadable,
    loaded,
    make_posting,
    pay_of,
    query_value,
    read_info,
    read_page,
    records_of,
    with_query,
)

INFO = read_info("smartrecruiters")
OUT_OF_SCOPE = frozenset(
    "uuid jobAdId jobId defaultJobAd refNumber industry department function experienceLevel"
    " customField visibility active ref creator actions applyUrl".split()
)
_IN_DETAIL = frozenset(
    "company releasedDate location typeOfEmployment language jobAd postingUrl compensation".split()
)
_SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")
_LIMIT = 100  # what a page holds where neither the answer nor its address says so


def parse(document: RawDocument) -> Page:
    """Return what a page of a company lists, or the one posting of a listed row's own answer."""
    answer = loaded(document)
    return _detail(document, answer) if document.row else _listing(document, answer)


def _listing(document: RawDocument, answer: Mapping[str, Any]) -> Page:
    more: list[Request] = []
    listed: set[str] = set()

    def read(row: Row) -> None:
        posting_id = str(row.need("id"))
        row.need("name")
        row_json = json.dumps(row.values, sort_keys=True)
        more.append(Request(_address(document.url, posting_id), document.scope, row_json))
        listed.add(posting_id)

    records = records_of(document, answer, "content")
    page = read_page(document, records, read, out_of_scope=OUT_OF_SCOPE | _IN_DETAIL)
    page.listed |= listed
    page.drift |= answer.keys() - {"offset", "limit", "totalFound", "content"}
    page.total = _count(document, answer, "totalFound")
    limit = _count(document, answer, "limit") or query_value(document.url, "limit", _LIMIT)
    offset = _count(document, answer, "offset") or query_value(document.url, "offset", 0)
    following = offset + limit
    # the next page first: the list must not move while the postings of this one are asked for
    if records and following < (page.total or 0):
        url = with_query(document.url, limit=limit, offset=following)
        page.more.append(Request(url, document.scope))
    page.more += more
    return page


def _count(document: RawDocument, answer: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of a listing's head, None where there is none; raise SourceChanged."""
    value = answer.get(name)
    if value is None:
        return None
    if not str(value).isdecimal():
        raise SourceChanged(document.source, f"a listing with a number {name}", repr(value))
    return int(value)


def _address(listing: str, posting_id: str) -> str:
    parts = urlsplit(listing)
    path = f"{parts.path.rstrip('/')}/{quote(posting_id, safe='')}"
    return urlunsplit(parts._replace(path=path, query="", fragment=""))


def _detail(document: RawDocument, answer: Mapping[str, Any]) -> Page:
    """Return one posting: its row, overlaid with what its own answer says more."""
    listed = json.loads(document.row)
    said = {name: value for name, value in answer.items() if value not in (None, "", {}, [])}
    fields = Row({**listed, **said, "id": listed["id"]}, OUT_OF_SCOPE)
    page = Page(listed={str(listed["id"])}, n_records=1)
    try:
        page.postings.append(_posting(fields, document, page.drift))
    except (Unreadable, ValueError) as reason:
        # read_page would take one bad record of one for a new format
        page.rejected.append(Rejected(document.source, str(listed["id"]), str(reason)))
        return page
    page.drift |= fields.drift
    return page


def _posting(fields: Row, document: RawDocument, drift: set[str]) -> Posting:
    location = fields.row("location")
    language = fields.get("language")
    sections = fields.row("jobAd").row("sections")
    pay, salary = _pay(fields.get("compensation"), drift)
    found = make_posting(
        INFO,
        fields.need("id"),
        title=fields.text("name"),
        description="".join(_section(sections.row(name)) for name in _SECTIONS),
        employer=fields.row("company").text("name") or document.employer or document.scope,
        locations=[_place(location)],
        workplace=(
            "Hybrid" if _is_true(location, "hybrid")
            else "Remote" if _is_true(location, "remote")
            else ""
        ),
        posted_on=fields.text("releasedDate"),
        url=fields.text("postingUrl") or fields.text("applyUrl"),
        employment_type=fields.row("typeOfEmployment").text("label"),
        pay=pay,
        salary=salary,
        language=language if isinstance(language, str) else fields.row("language").text("code"),
    )  # fmt: skip
    drift |= {f"jobAd.sections.{name}" for name in sections.drift - {"videos"}}
    return found


def _section(section: Row) -> str:
    title, text = section.text("title"), as_markup(section.text("text"))
    return f"<section><h3>{title}</h3>{text}</section>" if text else ""


def _place(location: Row) -> str:
    whole = location.text("fullLocation")
    code = location.text("country")
    parts = whole.split(",") if whole.strip(" ,") else [
        location.text("city"),
        location.text("region"),
        gazetteer().countries.get(code.upper(), code),
    ]  # fmt: skip
    return ", ".join(part.strip() for part in parts if part.strip())


def _is_true(location: Row, name: str) -> bool:
    return location.get(name) in (True, "true")


def _pay(stated: object, drift: set[str]) -> tuple[Pay | None, str]:
    """Return pay in fields or in words; another kind of value says nothing we know how to read."""
    if not isinstance(stated, Mapping):
        return None, stated if isinstance(stated, str) else ""
    fields = Row(stated)
    pay = pay_of(
        fields.number("min"), fields.number("max"), fields.text("currency"), fields.text("period")
    )
    drift |= {f"compensation.{name}" for name in fields.drift}
    return pay, ""
