"""Arbeitnow: every open job of a board, page by page, most of them in Germany.

Layer:   sources (pure).
Source:  https://www.arbeitnow.com/blog/job-board-api (terms, rate, volume: arbeitnow.toml)
Quirk:   there is no id but the slug and no total; `links.next` is null on the last page (2026-09).
Quirk:   jobs taken over from Greenhouse have their HTML escaped as a whole ("&lt;p&gt;"), the
         board's own have it plain: each row is looked at (2026-09).
Quirk:   a remote job's place may be the words "Remote job"; `remote` false says nothing of offices.
"""

from __future__ import annotations

import html
import re
from typing import Any

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

INFO = read_info("arbeitnow")
OUT_OF_SCOPE = frozenset({"tags"})
_TAGS = r"/?(?:p|div|br|ul|ol|li|h[1-6]|strong|b|em|i|u|span|a|table|section)\b"
_REAL = re.compile(rf"<{_TAGS}[^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(rf"&lt;{_TAGS}", re.IGNORECASE)
_NO_PLACE = re.compile(r"remote(?: job)?", re.IGNORECASE)


def parse(document: RawDocument) -> Page:
    """Return the jobs of a page and which page is next; raise SourceChanged where it is none."""
    answer = loaded(document)
    page = read_page(
        document,
        records_of(document, answer, "data"),
        _posting,
        out_of_scope=OUT_OF_SCOPE,
        id_field="slug",
    )
    page.drift |= answer.keys() - {"data", "links", "meta"}
    following = _next_page(document, answer)
    if following and page.n_records:
        # links.next names the live host: only its page number is taken from it
        page.more.append(Request(with_query(document.url, page=following), document.scope))
    return page


def _next_page(document: RawDocument, answer: dict[str, Any]) -> int:
    """Return the number of the page to ask next, 0 on the last one."""
    links = answer.get("links")
    named = links.get("next") if isinstance(links, dict) else None
    this = query_value(document.url, "page", 1)
    if not named or not isinstance(named, str) or query_value(named, "page", this + 1) <= this:
        return 0
    return this + 1


def _posting(job: Row) -> Posting:
    places = job.texts("location")
    is_remote = job.get("remote") in (True, "true", "1")
    return make_posting(
        INFO,
        job.need("slug"),
        title=job.text("title"),
        description=_html(job.text("description")),
        employer=job.text("company_name"),
        locations=[one for one in places if not _NO_PLACE.fullmatch(one)],
        workplace="Remote" if is_remote or any(map(_NO_PLACE.fullmatch, places)) else "",
        posted_on=job.get("created_at"),
        url=job.text("url"),
        employment_type=", ".join(job.texts("job_types")),
    )


def _html(text: str) -> str:
    """Return HTML that was escaped as a whole without that escape, other text as it is."""
    return html.unescape(text) if _ESCAPED.search(text) and not _REAL.search(text) else text
