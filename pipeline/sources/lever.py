"""Lever: one bare list a site, every published posting with its text in parts.

Layer:   sources (pure).
Source:  https://github.com/lever/postings-api (terms, rate, volume: lever.toml)
Quirk:   the requirements stand in `lists`, not in `description`, which is opening and body; the
         text is all parts, as the posting's page shows them (2026-07).
Quirk:   `workplaceType` is documented as "on-site" and answered as "onsite" (2026-07).
Quirk:   `createdAt` is in milliseconds and undocumented; evergreen postings keep one of years ago.
Quirk:   `country` belongs to the first place alone: "Stockholm" and "London" under "SE" (2026-07).
Quirk:   no field names the employer.
"""

from __future__ import annotations

import html
import re

from pipeline.postings.gazetteer import gazetteer
from pipeline.postings.places import countries, places_in
from pipeline.records import Pay, Posting, RawDocument
from pipeline.sources.markup import as_markup
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    pay_of,
    read_info,
    read_page,
)

INFO = read_info("lever")
OUT_OF_SCOPE = frozenset(
    "applyUrl opening openingPlain descriptionPlain descriptionBody descriptionBodyPlain"
    " additionalPlain salaryDescriptionPlain".split()
)
_WORKPLACE = {"onsite": "On-site", "remote": "Remote", "hybrid": "Hybrid"}  # "unspecified" is ""
# per-year-salary, per-hour-wage; neither one-time nor bi-week-salary
_INTERVAL = re.compile(r"(?:per )?(year|month|week|day|hour)(?: salary| wage)?")


def parse(document: RawDocument) -> Page:
    """Return the postings of a site; raise SourceChanged where the answer is no list."""
    return read_page(
        document,
        loaded(document, list),
        lambda posting: _posting(posting, document),
        out_of_scope=OUT_OF_SCOPE,
    )


def _posting(posting: Row, document: RawDocument) -> Posting:
    categories = posting.row("categories")
    places = [categories.text("location"), *categories.texts("allLocations")]
    first, *others = [place for place in places if place] or [""]
    workplace = re.sub(r"[^a-z]", "", posting.text("workplaceType").lower())
    pay, salary = _pay(posting.row("salaryRange"))
    return make_posting(
        INFO,
        posting.need("id"),
        title=posting.text("text"),
        description=_text(posting),
        employer=document.employer or document.scope,
        locations=[
            with_country(first, posting.text("country")),
            *(place for place in others if place != first),
        ],
        workplace=_WORKPLACE.get(workplace, ""),
        posted_on=posting.get("createdAt") or None,
        url=posting.text("hostedUrl") or posting.text("applyUrl"),
        employment_type=categories.text("commitment"),
        pay=pay,
        salary=salary,
    )


def _text(posting: Row) -> str:
    """Return all parts of a posting's text in the order its page shows them."""
    body = _part(posting, "description")
    parts = [body] if body else [_part(posting, "opening"), _part(posting, "descriptionBody")]
    for one in posting.rows("lists"):
        heading, content = one.text("text"), as_markup(one.text("content"))
        parts.append((heading and f"<h3>{heading}</h3>") + (content and f"<ul>{content}</ul>"))
    parts += [_part(posting, "additional"), _part(posting, "salaryDescription")]
    return "".join(f"<section>{part}</section>" for part in parts if part)


def _part(posting: Row, name: str) -> str:
    words = as_markup(posting.text(name))
    return words or html.escape(posting.text(f"{name}Plain")).replace("\n", "<br>")


def with_country(place: str, stated: str) -> str:
    """Return a place with its country's name, unless it says so or would be read as another one.

    stated: the country's code; "CA" beside a place would be California, so it is spelled out.
    """
    names, code = gazetteer().countries, stated.strip().upper()
    name = names.get(code, stated)
    meant = (code,) if code in names else countries(places_in(name))
    if not meant or set(meant) & set(countries(places_in(place))):
        return place
    whole = f"{place}, {name}" if place else name
    return whole if countries(places_in(whole)) == meant else place


def _pay(stated: Row) -> tuple[Pay | None, str]:
    """Return pay in fields, or in words where its period is a week: our records have none."""
    low, high, currency = stated.number("min"), stated.number("max"), stated.text("currency")
    interval = re.sub(r"[\s_-]+", " ", stated.text("interval").lower())
    named = _INTERVAL.fullmatch(interval)
    period = named[1] if named else interval
    if period == "week" and currency and (low or high):
        amounts = " - ".join(f"{one:.2f}" for one in (low, high) if one)
        only = "" if low and high else "from " if low else "up to "
        return None, f"{only}{amounts} {currency} per week"
    return pay_of(low, high, currency, period), ""
