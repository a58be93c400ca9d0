"""The fields of a schema.org JobPosting, in the many shapes that sites give them.

Layer:   sources (pure).
Quirk:   Meta states nine places whose addressLocality is one and the same while their names differ,
         and a country's name as a list of ten times "USA" (2025-06).
Quirk:   Stack Overflow named 251 countries where it meant "anywhere"; RemoteOK the country, region,
         city and street "Anywhere"; an unknown region is "-" (2020-04).
Quirk:   RemoteOK's template states 55000 USD, unitCode "ANN", for jobs whose text and API row know
         of no pay (2020-10). No other site writes that unit beside a bare value.
"""

from __future__ import annotations

import math
import re
from typing import Any

from pipeline.postings.gazetteer import gazetteer
from pipeline.records import Pay
from pipeline.sources.source import Row, pay_of

# More countries than this is no choice of places: the EU and its neighbours are some 45.
_ALL_COUNTRIES = 60
_NOTHING = frozenset(("", "-", "--", ".", "n/a", "na", "none", "null", "undefined"))
# UN/CEFACT writes ANN, MON, DAY, HUR where schema.org writes YEAR, MONTH, DAY, HOUR
_UNITS = {"an": "year", "mo": "month", "we": "week", "da": "day", "hu": "hour"}
_WORKPLACES = {
    "telecommute": "Remote", "remote": "Remote", "fullyremote": "Remote", "hybrid": "Hybrid",
    "onsite": "On-site",
}  # fmt: skip


def words(value: Any) -> str:
    """Return the one text that a value says: the first of a list, the name of an object."""
    return next(iter(texts(value)), "")


def texts(value: Any) -> list[str]:
    """Return every text that a value says, in order, each once."""
    found: dict[str, None] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            waiting.append(
                next((one[key] for key in ("name", "legalName", "value") if one.get(key)), None)
            )
        elif isinstance(one, str | int | float) and not isinstance(one, bool):
            text = " ".join(str(one).split())
            if text.lower() not in _NOTHING:
                found[text] = None
    return list(found)


def places(job: Row) -> tuple[list[str], str]:
    """Return where a job may be done, as stated, and its workplace in our word or ""."""
    stated = texts(job.get("jobLocationType"))
    kinds = [_WORKPLACES.get(re.sub(r"[\W_]", "", one).lower(), "") for one in stated]
    workplace = next(filter(None, kinds), "")
    found: list[tuple[str, str, str]] = []  # the place's name, its locality, its whole address
    for place in listed(job.get("jobLocation")):
        if isinstance(place, dict) and "VirtualLocation" in str(place.get("@type")):
            workplace = workplace or "Remote"
            continue
        found += _place(place)
    names = {name for name, _, _ in found if name}
    localities = {locality for _, locality, _ in found}
    if (
        len(names) > 1
        and len(found) == len(names)
        and len(localities) == 1
        and "" not in localities
    ):
        lines = [name for name, _, _ in found]
    else:
        lines = [line or name for name, _, line in found]
    lines = _fewer(lines)
    allowed = _fewer([line or name for one in listed(job.get("applicantLocationRequirements"))
                      for name, _, line in _place(one)])  # fmt: skip
    covered = {part.strip().casefold() for line in lines for part in line.split(",")[-1:]}
    return [*lines, *(one for one in allowed if one.casefold() not in covered)], workplace


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _place(place: Any) -> list[tuple[str, str, str]]:
    if not isinstance(place, dict):
        return [("", "", _country(one)) for one in texts(place)]
    name = words(place.get("name"))
    kind = str(place.get("@type"))
    addresses = listed(place.get("address")) if place.get("address") else [place]
    found = [(name, *one) for address in addresses for one in _address(address)]
    if not found and name:
        names = texts(place.get("name")) if kind.endswith("Country") else [name]
        return [(one, "", _country(one)) for one in names]
    return found


def _address(address: Any) -> list[tuple[str, str]]:
    """Return the localities and whole lines of one address."""
    if not isinstance(address, dict):
        return [("", one) for one in texts(address)]
    localities = texts(address.get("addressLocality"))
    region = words(address.get("addressRegion"))
    countries = [_country(one) for one in texts(address.get("addressCountry"))]
    if not localities and not region:
        return [("", one) for one in countries]
    country = countries[0] if countries else ""
    return [(one, _line(one, region, country)) for one in localities or [""]]


def _line(*parts: str) -> str:
    """Join the parts of an address; "Berlin, Germany" as a city needs no second "Germany"."""
    kept = [parts[0]] if parts[0] else []
    for part in filter(None, parts[1:]):
        said = [one.strip().casefold() for one in ", ".join(kept).split(",")]
        if part.casefold() not in said[1:]:
            kept.append(part)
    is_one_word = len({one.casefold() for one in kept}) == 1  # Anywhere, Anywhere, Anywhere
    return kept[0] if is_one_word else ", ".join(kept)


def _country(stated: str) -> str:
    """Return a country's name for its ISO code: "CA" alone would be read as California."""
    return gazetteer().countries.get(stated, stated) if len(stated) == 2 else stated


def _fewer(lines: list[str]) -> list[str]:
    lines = list(dict.fromkeys(line for line in lines if line))
    known = set(gazetteer().countries.values())
    named = sum(line in known for line in lines) if len(lines) > _ALL_COUNTRIES else 0
    return ["Worldwide"] if named > _ALL_COUNTRIES else lines


def pay(job: Row) -> tuple[Pay | None, str]:
    """Return the pay that fields state, or the words for it where they say no period of ours."""
    currency = words(job.get("salaryCurrency"))
    base = next((one for one in listed(job.get("baseSalary")) if one), None)
    unit = ""
    value = base
    if isinstance(base, dict):
        currency = words(base.get("currency")) or words(base.get("priceCurrency")) or currency
        unit = words(base.get("unitText")) or words(base.get("unitCode"))
        stated = base.get("value", base.get("price"))
        value = next((one for one in listed(stated) if one), base)
    if isinstance(value, dict):
        unit = words(value.get("unitText")) or words(value.get("unitCode")) or unit
        low, high = amount(value.get("minValue")), amount(value.get("maxValue"))
        single = (
            words(value.get("value")) if isinstance(value.get("value"), str | int | float) else ""
        )
    else:
        low = high = None
        single = words(value)
    if low is None and high is None:
        low = high = amount(single)
        if low is None:
            return None, single if re.search(r"[1-9]", single) else ""
    if unit == "ANN" and low == high == 55_000 and currency == "USD":
        return None, ""
    if low is not None and high is not None and low > high:
        low, high = high, low
    unit = unit.lower()
    period = _UNITS.get(unit[:2], unit) if len(unit) == 3 else unit
    if found := pay_of(low, high, currency, period):
        return found, ""
    return None, _in_words(low, high, currency, period)


def amount(value: Any) -> float | None:
    """Return a positive amount; 85,000 and 85.000 as text are thousands, 0 is none."""
    text = re.sub(r"[\s\u00a0'’$€£]", "", words(value)).removesuffix(".-")
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,20})?(?:[eE]\+?\d)?", text):
        return None
    found = float(text)
    return found if found > 0 and math.isfinite(found) else None


def _in_words(low: float | None, high: float | None, currency: str, period: str) -> str:
    ends = [f"{one:.2f}".removesuffix(".00") for one in (low, high) if one is not None]
    said = "-".join(dict.fromkeys(ends))
    said = f"from {said}" if high is None else f"up to {said}" if low is None else said
    return f"{said} {currency}".strip() + (f" per {period}" if period else "")
