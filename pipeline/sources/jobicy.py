"""Jobicy: the hundred newest ads of a board of remote jobs, in one answer.

Layer:   sources (pure).
Source:  https://github.com/Jobicy/remote-jobs-api (terms, rate, volume: jobicy.toml)
Quirk:   `jobIndustry` and `jobType` are lists, and their names are HTML ("&amp;") (2026-06).
Quirk:   keys of pay are absent where none is known; older answers have `annualSalaryMin` and
         `annualSalaryMax`, which are a year's. Pay without a period is read as words, by its size.
Quirk:   `jobCount` counts the answer, not the board. A refusal is an answer of status 200 with
         `success` false or `error`.
Quirk:   where `jobDescription` is missing the excerpt is all we have of the ad: a snippet.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.errors import SourceChanged
from pipeline.records import Pay, Posting, RawDocument
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

INFO = read_info("jobicy")
OUT_OF_SCOPE = frozenset("jobSlug companyLogo jobIndustry jobLevel".split())
_ENVELOPE = frozenset(
    "apiVersion documentationUrl friendlyNotice jobCount xRayHash clientKey lastUpdate"
    " success statusCode message usageNotice jobs".split()
)


def parse(document: RawDocument) -> Page:
    """Return the ads of an answer; raise SourceChanged where it is none, or refuses."""
    answer = loaded(document)
    if answer.get("success") is False or answer.get("error"):
        why = answer.get("message") or answer.get("error") or "success: false"
        raise SourceChanged(document.source, "an answer with jobs", why)
    page = read_page(
        document, records_of(document, answer, "jobs"), _posting, out_of_scope=OUT_OF_SCOPE
    )
    page.drift |= answer.keys() - _ENVELOPE
    return page


def _posting(job: Row) -> Posting:
    pay, salary = _pay(job)
    whole, excerpt = job.text("jobDescription"), job.text("jobExcerpt")
    posting = make_posting(
        INFO,
        job.need("id"),
        title=job.text("jobTitle"),
        description=whole or excerpt,
        employer=job.text("companyName"),
        # "UK,  Germany": names of countries and regions, none of which holds a comma
        locations=[place for one in job.texts("jobGeo") for place in one.split(",")],
        workplace="Remote",  # the board lists nothing else
        posted_on=job.get("pubDate"),
        url=job.text("url"),
        employment_type=", ".join(job.texts("jobType")),
        pay=pay,
        salary=salary,
    )
    return posting if whole else replace(posting, observes="snippet")


def _pay(job: Row) -> tuple[Pay | None, str]:
    """Return pay that is stated in fields, else what is stated of it in words."""
    currency, period = job.text("salaryCurrency"), job.text("salaryPeriod")
    low, high = job.number("salaryMin"), job.number("salaryMax")
    old = job.number("annualSalaryMin"), job.number("annualSalaryMax")
    if low is None and high is None:
        return pay_of(*old, currency, "year"), ""
    ends = " - ".join(f"{one:.15g}" for one in (low, high) if one is not None)
    words = f"{ends} {currency}" if currency and not period else ""
    return pay_of(low, high, currency, period), words
