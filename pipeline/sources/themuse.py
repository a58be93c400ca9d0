"""The Muse: pages of the jobs of a few categories.

Layer:   sources (pure).
Source:  https://www.themuse.com/developers/api/v2 (terms, rate, volume: themuse.toml)
Quirk:   20 jobs a page; a page out of range is an empty list. `page` begins at 0 by the
         documentation and at 1 in answers we saw, so the answer's own number counts (2026-06).
Quirk:   the jobs of one page are months apart: the order is not that of the dates (2026-06).
Quirk:   "Flexible / Remote" is the name of a location.
Quirk:   the text is HTML laid out with <br>, its bullets written "- " (2026-06).
"""

from __future__ import annotations

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

INFO = read_info("themuse")
OUT_OF_SCOPE = frozenset("type short_name model_type categories levels tags".split())
_ENVELOPE = frozenset(
    "page page_count items_per_page took timed_out total results aggregations".split()
)
_REMOTE = re.compile(r"(?:flexible\s*/\s*)?remote", re.IGNORECASE)
_A_PAGE = 20


def parse(document: RawDocument) -> Page:
    """Return the jobs of a page and which is next; raise SourceChanged where it is no page."""
    answer = loaded(document)
    page = read_page(
        document, records_of(document, answer, "results"), _posting, out_of_scope=OUT_OF_SCOPE
    )
    page.drift |= answer.keys() - _ENVELOPE
    page.total = _whole(answer, "total", 0) or None
    following = max(query_value(document.url, "page", 0), _whole(answer, "page", 0)) + 1
    if page.n_records and _goes_on(answer, following, page.n_records):
        page.more.append(Request(with_query(document.url, page=following), document.scope))
    return page


def _goes_on(answer: dict[str, Any], following: int, n_records: int) -> bool:
    """Say whether there is a page of this number; counted from 1, the last is `page_count`."""
    n_pages = _whole(answer, "page_count", following + 1)
    is_full = n_records >= _whole(answer, "items_per_page", _A_PAGE)
    return following < n_pages or (following == n_pages and is_full)


def _whole(answer: dict[str, Any], name: str, default: int) -> int:
    value = str(answer.get(name))
    return int(value) if value.isdecimal() else default


def _posting(job: Row) -> Posting:
    places = [one.text("name") for one in job.rows("locations")]
    return make_posting(
        INFO,
        job.need("id"),
        title=job.text("name"),
        description=job.text("contents"),
        employer=job.row("company").text("name"),
        locations=[one for one in places if not _REMOTE.fullmatch(one)],
        workplace="Remote" if any(map(_REMOTE.fullmatch, places)) else "",
        posted_on=job.get("publication_date"),
        url=job.row("refs").text("landing_page"),
    )
