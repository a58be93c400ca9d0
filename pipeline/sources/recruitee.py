"""Recruitee: one answer a career site, every published offer with its text.

Layer:   sources (pure).
Source:  https://docs.recruitee.com/reference/intro-to-careers-site-api (terms: recruitee.toml)
Quirk:   `careers_url` may lie on the employer's own domain; `location` of a remote offer may be
         "Remote job" while `locations` still names the office (2023-07).
Quirk:   pay is an object of texts, any of them null, or null itself (2026-06).
Quirk:   remote, hybrid and on_site are three flags, and several may be true.
"""

from __future__ import annotations

from pipeline.records import Pay, Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Row,
    Unreadable,
    loaded,
    make_posting,
    pay_of,
    read_info,
    read_page,
    records_of,
)

INFO = read_info("recruitee")
OUT_OF_SCOPE = frozenset(
    "status position careers_apply_url state_code country_code postal_code street department"
    " updated_at close_at slug guid tags category_code experience_code education_code min_hours"
    " max_hours min_hours_per_week max_hours_per_week translations open_questions dynamic_fields"
    " highlight highlight_html cover_image sharing_title sharing_description sharing_image"
    " options_cv options_cover_letter options_phone options_photo options_salutation options_title"
    " locations_question locations_question_required locations_question_type"
    " location_question_visible pinned eeo_settings location_ids"
    " created_at city state_name country".split()  # these are read where a better field is empty
)
_WORKPLACES = {"remote": "Remote", "hybrid": "Hybrid", "on_site": "On-site"}


def parse(document: RawDocument) -> Page:
    """Return the published offers of a career site; raise SourceChanged where it is none."""
    answer = loaded(document)
    page = read_page(
        document,
        [one for one in records_of(document, answer, "offers") if _is_published(one)],
        lambda offer: _posting(offer, document),
        out_of_scope=OUT_OF_SCOPE | {*INFO["personal_fields"]},
    )
    page.drift |= answer.keys() - {"offers"}
    return page


def _is_published(offer: object) -> bool:
    return not isinstance(offer, dict) or offer.get("status") in (None, "", "published")


def _posting(offer: Row, document: RawDocument) -> Posting:
    requirements = offer.text("requirements")
    headed = f"\n<h3>Requirements</h3>{requirements}" if requirements else ""
    pay, salary = _pay(offer.row("salary"))
    return make_posting(
        INFO,
        offer.need("id"),
        title=offer.text("title"),
        description=offer.text("description") + headed,
        employer=offer.text("company_name") or document.employer or document.scope,
        locations=_places(offer),
        workplace="; ".join(
            word for name, word in _WORKPLACES.items() if offer.get(name) in (True, "true")
        ),
        posted_on=offer.text("published_at") or offer.text("created_at"),
        url=offer.text("careers_url"),
        employment_type=offer.text("employment_type_code").replace("_", " "),
        pay=pay,
        salary=salary,
    )


def _places(offer: Row) -> list[str]:
    stated = offer.text("location") or _place(
        offer.text("city"), offer.text("state_name"), offer.text("country")
    )
    places = [
        _place(one.text("city") or one.text("name"), one.text("state"), one.text("country"))
        for one in offer.rows("locations")
    ]
    return [place for place in places if place] or [stated]


def _place(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _pay(salary: Row) -> tuple[Pay | None, str]:
    """Return pay in fields; in words where its period or its amounts fit no field ("week")."""
    period, currency = salary.text("period"), salary.text("currency")
    try:
        pay = pay_of(salary.number("min"), salary.number("max"), currency, period)
    except Unreadable:  # "5.000,-"
        pay = None
    stated = [str(one) for one in (salary.get("min"), salary.get("max")) if one not in _NO_AMOUNT]
    if pay or not stated or not currency:
        return pay, ""
    return None, f"{'-'.join(stated)} {currency}" + (f" per {period}" if period else "")


_NO_AMOUNT = (None, "", 0, "0", "0.0")
