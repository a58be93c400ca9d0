"""What every live source is made of: its TOML, what to ask, and a page of postings read from it.

Layer:   sources (pure). A source is a module with `parse(document) -> Page` and a TOML of the
         same name; the rest (asking, archiving, judging, storing) is the same for all.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pipeline.errors import SourceChanged
from pipeline.postings.dates import posted_on as day_of
from pipeline.postings.dedupe import content_hash
from pipeline.postings.employers import employer_id
from pipeline.postings.pay import notation
from pipeline.postings.privacy import without_personal_data
from pipeline.postings.text import plain_text
from pipeline.records import Pay, Posting, RawDocument, Rejected, observed
from pipeline.sources.row import Row, Unreadable

__all__ = [
    "FILLED", "Page", "Request", "Row", "Unreadable", "loaded", "make_posting", "pay_of",
    "query_value", "read_info", "read_page", "records_of", "starts", "whole_number", "with_query",
]  # fmt: skip

# Of every posting of a run: how many have them says whether a source still tells what it told.
FILLED = (
    "title", "employer", "location", "description", "posted_on", "url", "salary",
    "employment_type",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One address to ask.

    scope: the board, site or page whose listing the answer is part of; a scope is read whole or not
    row:   JSON of the listing's row, for an address that tells one posting only; while the row
           stays the same, the address is not asked again
    """

    url: str
    scope: str = ""
    row: str = ""


@dataclass(slots=True)
class Page:
    """What one answer holds.

    listed:    ids of all its postings, those that were set aside included
    n_records: records it holds, repeated ids and all
    more:      what must be asked too before the scope is whole
    total:     how many postings the source says the scope has, None where it does not say
    short:     why the source itself shows less than all, in words; "" where it shows all
    """

    postings: list[Posting] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    drift: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    n_records: int = 0
    more: list[Request] = field(default_factory=list)
    total: int | None = None
    short: str = ""


@cache
def read_info(name: str) -> Mapping[str, Any]:
    """Return what a source's TOML says of it."""
    entry = files("pipeline.sources").joinpath(f"{name}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))


def starts(info: Mapping[str, Any], options: Mapping[str, Any]) -> list[Request]:
    """Return what a run asks first: the TOML's path once, or once a scope that the config names.

    A path may hold {scope} and any option by its name; so may base_url, where every company has
    a host of its own.
    """
    scopes = options.get(info["scopes"], []) if info.get("scopes") else [""]
    named = {name: value for name, value in options.items() if isinstance(value, str | int | float)}
    return [
        Request(
            (options["base_url"].rstrip("/") + info.get("path", "")).format_map(
                named | {"scope": quote(scope, safe="")}
            ),
            scope,
        )
        for scope in dict.fromkeys(scopes)
    ]


def loaded(document: RawDocument, kind: type = dict) -> Any:
    """Return the JSON of an answer; raise SourceChanged where it is not of the kind."""
    try:
        answer = json.loads(document.body)
    except ValueError:
        raise SourceChanged(document.source, "a JSON answer", document.body[:60]) from None
    if not isinstance(answer, kind):
        expected = "a JSON object" if kind is dict else "a JSON list"
        raise SourceChanged(document.source, expected, type(answer).__name__)
    return answer


def records_of(document: RawDocument, answer: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list of an answer by its name; raise SourceChanged where there is none."""
    if not isinstance(answer.get(name), list):
        raise SourceChanged(document.source, f'an answer with a list "{name}"', sorted(answer))
    return answer[name]


def read_page(
    document: RawDocument,
    records: Sequence[object],
    read: Callable[[Row], Posting | None],
    *,
    out_of_scope: Iterable[str] = (),
    id_field: str = "id",
) -> Page:
    """Read every record of an answer; `read` returns None for a record that is no posting.

    One that cannot be read is set aside; raises SourceChanged where most of them cannot: that
    is a new format, not a bad record.
    """
    page = Page(n_records=len(records))
    for record in records:
        shown = str(record.get(id_field) or "")[:80] if isinstance(record, Mapping) else ""
        try:
            row = Row(record, {id_field, *out_of_scope})
            found = read(row)
        except (Unreadable, ValueError) as reason:
            page.rejected.append(Rejected(document.source, shown, str(reason)))
            page.listed.add(shown)
            continue
        page.drift |= row.drift
        if found is not None:
            page.postings.append(found)
            page.listed.add(found.source_id)
    if 2 * len(page.rejected) > len(records):
        first = page.rejected[0]
        keys = sorted(records[0]) if isinstance(records[0], Mapping) else records[0]
        raise SourceChanged(
            document.source,
            f"records we can read ({first.source_id}: {first.reason}; "
            f"{len(page.rejected)} of {len(records)} such)",
            keys,
        )
    page.listed.discard("")
    return page


def make_posting(
    info: Mapping[str, Any],
    source_id: object,
    *,
    title: str,
    description: str = "",
    employer: str = "",
    locations: Iterable[str] = (),
    workplace: str = "",
    posted_on: str | float | None = None,
    url: str = "",
    employment_type: str = "",
    pay: Pay | None = None,
    salary: str = "",
    language: str = "",
    skills: Iterable[str] = (),
) -> Posting:
    """Return a posting in our words; raise ValueError for a date that cannot be read.

    description: HTML or plain text, its entities as the site shows them (escaped once at most)
    locations:   places as stated, in the order stated; repeated ones count once
    workplace:   Remote, Hybrid or On-site where the site has a field for it, shown with the places
    pay:         pay that the site states in fields; salary: pay that it states in words
    """
    name = info["name"]
    if not isinstance(title, str):
        raise Unreadable(f"expected the title as text, saw {type(title).__name__}")
    shown_title = _line(title)
    if not shown_title:
        raise Unreadable("expected a title, saw none")
    text = without_personal_data(plain_text(description))
    shown_employer = _line(employer)
    places = dict.fromkeys(line for one in (*locations, workplace) if (line := _line(one)))
    location = "; ".join(places)
    words = tuple(dict.fromkeys(line for one in skills if (line := _line(one))))
    day = day_of(posted_on)
    return Posting(
        posting_id=f"{name}:{source_id}",
        source=name,
        source_id=str(source_id),
        title=shown_title,
        employer=shown_employer,
        employer_id=employer_id(shown_employer),
        location=location,
        description=text,
        skills=words,
        posted_on=day,
        date_kind="real" if day else "none",
        url=url if url.startswith(("http://", "https://")) else "",
        employment_type=_line(employment_type),
        salary=notation(pay) if pay else _line(salary),
        language=language[:2].lower(),
        source_family=info["source_family"],
        frame=info["frame"],
        observes=observed(info["observes"], text, words),
        licence=info["licence"],
        content_hash=content_hash(shown_title, shown_employer, location, text, words),
    )


def whole_number(value: object) -> int | None:
    """Return a count that an answer states as a number or as its digits, None for all else."""
    if isinstance(value, bool) or not str(value).isdecimal():
        return None
    return int(str(value))


def pay_of(low: float | None, high: float | None, currency: str, period: str) -> Pay | None:
    """Return pay that a site states in fields; None unless an amount, currency and period are said.

    period: any of the words that sites use for a year, month, day or hour.
    """
    if (low is None and high is None) or not currency:
        return None
    if low is not None and high is not None and low > high:
        low, high = high, low
    per = _PERIODS.get(period.strip().lower())
    return Pay(low, high, currency.strip().upper(), per) if per else None


_PERIODS = {
    word: period
    for period, words in {
        "year": "year yearly annual annually annum pa per_year per-year-salary 1_year y",
        "month": "month monthly pm per_month per-month-salary 1_month m",
        "day": "day daily pd per_day 1_day d",
        "hour": "hour hourly ph per_hour per-hour-wage 1_hour h",
    }.items()
    for one in words.split()
    for word in (one, one.replace("_", " "))
}


def with_query(url: str, **values: object) -> str:
    """Return an address with these query values in place of its own of the same names."""
    parts = urlsplit(url)
    asked = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in values]
    asked += [(name, str(value)) for name, value in values.items()]
    return urlunsplit(parts._replace(query=urlencode(asked)))


def query_value(url: str, name: str, default: int) -> int:
    """Return a whole number of an address's query."""
    value = dict(parse_qsl(urlsplit(url).query)).get(name, "")
    return int(value) if value.isdecimal() else default


def _line(words: str) -> str:
    return without_personal_data(" ".join(plain_text(words).split()))
