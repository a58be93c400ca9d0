"""Greenhouse: one answer a board, every open job with its text.

Layer:   sources (pure).
Source:  https://developers.greenhouse.io/job-board.html (terms, rate, volume: greenhouse.toml)
Quirk:   `content` is escaped once as a whole, so that "&amp;nbsp;" inside it is "&nbsp;" of the ad;
         decoding it twice would corrupt code samples (2026-07).
Quirk:   `updated_at` moves for whole boards at once; the day of posting is `first_published`, which
         boards before 2026 do not state (2023-08).
Quirk:   one job is posted once a place, each with its own id and one `internal_job_id`: 191 posts
         of 126 jobs (2023-08). Prospect posts have no `internal_job_id`.
"""

from __future__ import annotations

import html
import re

from pipeline.records import Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    read_info,
    read_page,
    records_of,
    whole_number,
)

INFO = read_info("greenhouse")
OUT_OF_SCOPE = frozenset(
    "internal_job_id updated_at requisition_id data_compliance education ai_disclaimer"
    " ai_opt_out_request_url include_ai_disclaimer application_deadline departments".split()
)


def parse(document: RawDocument) -> Page:
    """Return the jobs of a board; raise SourceChanged where the answer is no board."""
    answer = loaded(document)
    page = read_page(
        document,
        records_of(document, answer, "jobs"),
        lambda job: _posting(job, document),
        out_of_scope=OUT_OF_SCOPE,
    )
    meta = answer.get("meta")
    page.total = whole_number(meta.get("total")) if isinstance(meta, dict) else None
    page.drift |= answer.keys() - {"jobs", "meta"}
    return page


def _posting(job: Row, document: RawDocument) -> Posting:
    stated = {
        one.text("name").lower(): one.get("value")
        for one in job.rows("metadata")
        if one.get("name")
    }
    workplace = stated.get("workplace type") or stated.get("location type")
    kind = stated.get("employment type") or stated.get("employment length")
    offices = [office.text("location") or office.text("name") for office in job.rows("offices")]
    location = job.row("location").text("name")
    return make_posting(
        INFO,
        job.need("id"),
        title=job.need("title"),
        description=html.unescape(job.need("content")),
        employer=job.text("company_name") or document.employer,
        # the offices are whole boards' lists at some employers: they speak only where nothing else
        locations=re.split(r"[|;]", location) if location else offices,
        workplace=workplace if isinstance(workplace, str) else "",
        posted_on=job.text("first_published"),
        url=job.text("absolute_url"),
        employment_type=kind if isinstance(kind, str) else "",
        language=job.text("language"),
    )
