"""Remotive: one answer with a small, changing part of a board of remote jobs.

Layer:   sources (pure).
Source:  https://github.com/remotive-com/remote-jobs-api (terms, rate, volume: remotive.toml)
Quirk:   `category`, `limit` and the like are ignored: every call gives the same 20 to 30 ads, and
         `job-count` counts just these, so it is no total (2026-09).
Quirk:   `tags` are the board's guesses ("AI/ML" on a sales job), no evidence of anything (2026-06).
Quirk:   `publication_date` has no zone; its day is taken as written.
"""

from __future__ import annotations

from pipeline.records import Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    read_info,
    read_page,
    records_of,
)

INFO = read_info("remotive")
OUT_OF_SCOPE = frozenset("company_logo company_logo_url category tags".split())
_ENVELOPE = frozenset({"00-warning", "0-legal-notice", "job-count", "total-job-count", "jobs"})


def parse(document: RawDocument) -> Page:
    """Return the ads of an answer; raise SourceChanged where it holds no list of them."""
    answer = loaded(document)
    page = read_page(
        document, records_of(document, answer, "jobs"), _posting, out_of_scope=OUT_OF_SCOPE
    )
    page.drift |= answer.keys() - _ENVELOPE
    return page


def _posting(job: Row) -> Posting:
    return make_posting(
        INFO,
        job.need("id"),
        title=job.text("title"),
        description=job.text("description"),
        employer=job.text("company_name"),
        locations=job.texts("candidate_required_location"),
        workplace="Remote",  # the board lists nothing else
        posted_on=job.get("publication_date"),
        url=job.text("url"),
        employment_type=job.text("job_type"),
        salary=job.text("salary"),
    )
