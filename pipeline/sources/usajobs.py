"""USAJOBS: a search a word, in pages of 500, every opening with most of its text.

Layer:   sources (pure).
Source:  https://developer.usajobs.gov/api-reference/get-api-search (terms, rate: usajobs.toml)
Quirk:   numbers are texts, addresses hold ":443", dates have four to seven digits of a second
         (2026-07). "Multiple Locations" stands where the places are listed elsewhere.
Quirk:   text comes as HTML, as plain text or as a list of either.
Quirk:   pay every two weeks is left out: no posting of ours can state that period, and its amount
         would be taken for a month's.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.errors import SourceChanged
from pipeline.postings.privacy import without_personal_data
from pipeline.records import Pay, Posting, RawDocument
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

INFO = read_info("usajobs")
OUT_OF_SCOPE = frozenset("RelevanceRank RelevanceScore $$hashKey".split())
_DESCRIPTOR = frozenset(
    "PositionID ApplyURI JobCategory JobGrade PositionOfferingType PositionStartDate"
    " PositionEndDate ApplicationCloseDate PositionFormattedDescription SubAgency"
    " AppointmentType SearchAdditionalInformation"
    " DepartmentName".split()  # read where no organization is named
)
_DETAILS = frozenset(
    "WhoMayApply LowGrade HighGrade PromotionPotential SubAgencyName OrganizationCodes Relocation"
    " HiringPath MCOTags TotalOpenings AgencyMarketingStatement TravelCode ApplyOnlineUrl"
    " DetailStatusUrl Evaluations RequiredDocuments Benefits BenefitsUrl OtherInformation"
    " BenefitsDisplayDefaultText WithinArea CommuteDistance ServiceType AnnouncementClosingType"
    " SecurityClearance DrugTestRequired PositionSensitivitiy PositionSensitivity AdjudicationType"
    " FinancialDisclosure BargainingUnitStatus TeleworkEligible SecurityClearanceRequired"
    " ExtensionDate SupervisoryStatus TravelPercentage JobSummaryHtml".split()
)
_PERIODS = {"PA": "year", "PM": "month", "PD": "day", "PH": "hour", "BW": "bi-week"}
_UNPAID = "WC"
_SAYS_NOTHING = frozenset({"multiple locations", "many locations", "n/a"})
_MARKUP = re.compile(r"</?[a-zA-Z]")


def headers(key: str, contact: str) -> dict[str, str]:
    """Return what every request must carry; contact is the address the key was given to."""
    return {"Authorization-Key": key} | ({"User-Agent": contact} if contact else {})


def trimmed(answer: Any) -> Any:
    """Return an answer whose lists of texts hold no personal data; single texts come later."""
    if isinstance(answer, dict):
        return {name: trimmed(one) for name, one in answer.items()}
    if isinstance(answer, list):
        return [
            without_personal_data(one) if isinstance(one, str) else trimmed(one) for one in answer
        ]
    return answer


def parse(document: RawDocument) -> Page:
    """Return the openings of a page of a search; raise SourceChanged where it is none."""
    answer = loaded(document)
    result = answer.get("SearchResult")
    if not isinstance(result, dict):
        raise SourceChanged(document.source, 'an answer with "SearchResult"', sorted(answer))
    records = records_of(document, result, "SearchResultItems")
    drift: set[str] = set()
    page = read_page(
        document,
        records,
        lambda item: _posting(item, drift),
        out_of_scope=OUT_OF_SCOPE,
        id_field="MatchedObjectId",
    )
    page.drift |= drift
    page.total = _total(result.get("SearchResultCountAll"))
    if further := _next(document.url, len(records), page.total):
        page.more.append(Request(further, document.scope))
    return page


def _total(stated: object) -> int | None:
    return int(str(stated)) if str(stated).isdecimal() else None


def _next(url: str, n_records: int, total: int | None) -> str:
    """Return the next page's address, "" after the last; a page may hold less than was asked."""
    number, size = query_value(url, "Page", 1), query_value(url, "ResultsPerPage", 250)
    if number == 1 and total is not None and n_records < total:
        size = n_records
    read_to_here = number * size
    if not n_records or (n_records < size if total is None else read_to_here >= total):
        return ""
    return with_query(url, ResultsPerPage=size, Page=number + 1)


def _posting(item: Row, drift: set[str]) -> Posting:
    told = Row(item.need("MatchedObjectDescriptor"), _DESCRIPTOR)
    details = Row(told.row("UserArea").get("Details") or {}, _DETAILS | {*INFO["personal_fields"]})
    pay, salary = _pay(told.rows("PositionRemuneration"))
    schedules = [one.text("Name") for one in told.rows("PositionSchedule")]
    posting = make_posting(
        INFO,
        item.need("MatchedObjectId"),
        title=told.text("PositionTitle"),
        description=_text(told, details),
        employer=told.text("OrganizationName") or told.text("DepartmentName"),
        locations=_places(told),
        workplace="Remote" if details.get("RemoteIndicator") in (True, "true", "True") else "",
        posted_on=told.text("PublicationStartDate"),
        url=told.text("PositionURI").replace(":443/", "/"),
        employment_type=", ".join(name for name in schedules if name),
        pay=pay,
        salary=salary,
    )
    drift |= told.drift | details.drift
    return posting


def _text(told: Row, details: Row) -> str:
    parts = {
        "Summary": details.texts("JobSummary"),
        "Duties": details.texts("MajorDuties"),
        "Qualifications": told.texts("QualificationSummary"),
        "Requirements": details.texts("Requirements") + details.texts("KeyRequirements"),
        "Education": details.texts("Education"),
    }
    return "\n".join(
        f"<h3>{heading}</h3>" + (_html(found[0]) if len(found) == 1 else _list(found))
        for heading, found in parts.items()
        if found
    )


def _html(text: str) -> str:
    return text if _MARKUP.search(text) else text.replace("\n", "<br>")


def _list(texts: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{_html(one)}</li>" for one in texts) + "</ul>"


def _places(told: Row) -> list[str]:
    shown = told.text("PositionLocationDisplay")
    places = [_place(one) for one in told.rows("PositionLocation")]
    return [
        place
        for place in ([one for one in places if one] or [shown])
        if place.lower() not in _SAYS_NOTHING
    ]


def _place(place: Row) -> str:
    name = place.text("LocationName") or place.text("CityName")
    country = place.text("CountryCode")
    if not name or not country or country.lower() in name.lower():
        return name or country
    return f"{name}, {country}"


def _pay(stated: list[Row]) -> tuple[Pay | None, str]:
    """Return the first pay in fields; in words where its period or its amounts fit no field."""
    words = []
    for one in stated:
        code, said = one.text("RateIntervalCode"), one.text("Description")
        per = code or said  # older answers: "Per Year"
        period = _PERIODS.get(per, per.lower().removeprefix("per "))
        try:
            low, high = one.number("MinimumRange"), one.number("MaximumRange")
        except Unreadable:  # "$106,437"
            low, high = None, None
        if pay := pay_of(low, high, "USD", period):
            return pay, ""
        ends = [str(one.get(name) or "") for name in ("MinimumRange", "MaximumRange")]
        amounts = "-".join(end for end in ends if end.strip("0."))
        if amounts and per and per != _UNPAID and "week" not in period:
            words.append(f"{amounts} USD {said or code}")
    return None, "; ".join(words)
