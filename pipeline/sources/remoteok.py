"""Remote OK: one JSON list, its first element a legal notice, the others ads of remote jobs.

Layer:   sources (pure).
Source:  https://remoteok.com/api (terms, rate, volume: remoteok.toml)
Quirk:   every description ends in a line that holds the address of the computer that asked, so
         that the text differs for each: it is cut before anything is stored (remoteok_text.py).
Quirk:   pages that are no ads get in ("Menu", an article), without an employer: see `_why_no_job`.
         They are set aside and do not count as unreadable (2026-06).
Quirk:   `location` is a city and a comma ("Agra, "), the country left out; where a page that is no
         ad was taken for one, it is any word ("How, "). A word that names no place is dropped.
Quirk:   `salary_min` and `salary_max` are dollars a year, as the site shows them; nothing in the
         answer says so. 0 is unknown, and an amount below 1,000 is no year's pay.
Quirk:   an ad taken from LinkedIn is its first two sentences: a snippet (2026-06).
Quirk:   `epoch` was a text in 2020 and is a number now; `tags` are the site's guesses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.postings.places import places_in
from pipeline.postings.text import plain_text
from pipeline.records import Pay, Posting, RawDocument, Rejected
from pipeline.sources.remoteok_text import repaired, without_tag
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    pay_of,
    read_info,
    read_page,
)

INFO = read_info("remoteok")
OUT_OF_SCOPE = frozenset(
    "slug company_logo logo tags original verified featured epoch apply_url".split()
)
_LEAST_YEAR = 1000
_SHORT_TEXT = 200  # letters; an ad with no more that names nobody tells nothing
_SHORT_WORD = 40  # letters; Chinese has no spaces, and an ad in it more letters
_SNIPPET = re.compile(r"See this and similar jobs on LinkedIn\.?\s*\Z", re.IGNORECASE)


def parse(document: RawDocument) -> Page:
    """Return the ads of the feed; raise SourceChanged where the answer is no list of them."""
    jobs, aside = [], []
    for record in loaded(document, list):
        if isinstance(record, Mapping) and "legal" in record and "position" not in record:
            continue
        why = _why_no_job(record) if isinstance(record, Mapping) else ""
        if why:
            aside.append(Rejected(document.source, str(record.get("id", ""))[:80], why))
        else:
            jobs.append(record)
    page = read_page(document, jobs, _posting, out_of_scope=OUT_OF_SCOPE)
    # set aside on their own: many of them are no sign of a new format
    page.rejected += aside
    page.n_records += len(aside)
    return page


def trimmed(answer: Any) -> Any:
    """Return a parsed answer without the line that names who asked, in whatever field it is."""
    if isinstance(answer, list):
        return [trimmed(one) for one in answer]
    if isinstance(answer, dict):
        return {name: trimmed(one) for name, one in answer.items()}
    return without_tag(answer) if isinstance(answer, str) else answer


def _why_no_job(record: Mapping[str, Any]) -> str:
    """Return why a record is no ad at all, "" where it is one or cannot be read.

    Only what cannot be an ad goes: one with an employer stays, whatever its text.
    """
    title, employer, text, location = (
        plain_text(value) if isinstance(value := record.get(name), str) else ""
        for name in ("position", "company", "description", "location")
    )
    text = plain_text(without_tag(text))
    if not title or employer:
        return ""
    if 0 < len(text) < _SHORT_WORD and len(text.split()) == 1:
        return f"no job: its whole text is {text!r}"
    if places_in(location) or _SNIPPET.search(text):
        return ""
    if len(text) < _SHORT_TEXT and record.get("salary_max") in (None, "", 0, "0"):
        return f"no job: no employer, place or pay, and a text of {len(text)} letters"
    word = location.rstrip(" ,").lower()
    if location.endswith(",") and word in f"{title} {text}".lower():
        return f"no job: no employer, and a word of its text as its place ({location!r})"
    return ""


def _posting(job: Row) -> Posting:
    text = repaired(without_tag(job.text("description")))
    posting = make_posting(
        INFO,
        job.need("id"),
        title=repaired(job.text("position")),
        description=text,
        employer=repaired(job.text("company")),
        locations=_places(repaired(job.text("location"))),
        workplace="Remote",  # the board lists nothing else
        posted_on=job.text("date") or job.number("epoch"),
        url=job.text("url") or job.text("apply_url"),
        pay=_pay(job),
    )
    return replace(posting, observes="snippet") if _SNIPPET.search(posting.description) else posting


def _places(location: str) -> list[str]:
    """Return the place as stated, without the comma it may end in; none where that is no place."""
    place = location.rstrip(" ,")
    if not any(letter.isalpha() for letter in place):
        return []
    is_cut = location.endswith(",")
    return [place] if not is_cut or places_in(place) else []


def _pay(job: Row) -> Pay | None:
    low, high = job.number("salary_min"), job.number("salary_max")
    if any(end is not None and end < _LEAST_YEAR for end in (low, high)):
        return None
    return pay_of(low, high, "USD", "year")
