"""The pay an ad states: found in its text, told from all other money, written down again.

Layer:   postings (pure).
Quirk:   most money in ads is no pay (funding, revenue, bonuses, budgets), and much pay carries
         its sign or its "k" on one end only: "$100 - $150k", "20-40K·14薪", "8-10 LPA".
"""

from __future__ import annotations

from pipeline.postings import pay_words as cue
from pipeline.postings.money import DOLLARS, Offer, amounts, resolved
from pipeline.postings.pay_offers import A_YEAR, MOST, offers, whole
from pipeline.postings.pay_stretches import cleaned, money_stretches
from pipeline.records import Pay

_MOST_UNKNOWN = 1e10  # a year: a manager's in the smallest of currencies
_MOST = 500  # amounts; a text with more is a price list, and its first ones tell


def pay_in(text: str, *, country: str = "") -> Pay | None:
    """Return the pay the ad states, None if none; several ranges give the span of them all.

    country: ISO 3166-1 alpha-2 of the job, which settles "$", "kr" and an unstated currency.
    """
    if found := _written_by_us(text):
        return found
    text = cleaned(text)
    numbers = [one for start, end in money_stretches(text) for one in amounts(text, start, end)]
    return _chosen(list(offers(text, numbers[:_MOST], country, is_pay=False)), country)


def stated_pay(words: str, country: str = "") -> Pay | None:
    """Return what a salary field says; there every plausible amount is pay, whatever its words."""
    if found := _written_by_us(words):
        return found
    words = cleaned(words)
    return _chosen(list(offers(words, amounts(words)[:_MOST], country, is_pay=True)), country)


def is_believable(pay: Pay) -> bool:
    """Tell whether anybody may be paid that much, by the rough worth of the currency.

    Of a currency whose worth we do not know, ten billion a year is still believed.
    """
    dollars = DOLLARS.get(pay.currency)
    most = MOST[pay.period] / dollars if dollars else _MOST_UNKNOWN / A_YEAR[pay.period]
    return all(0 < one <= most for one in (pay.min, pay.max) if one is not None)


def notation(pay: Pay) -> str:
    """Write pay down so that `pay_in` reads the same again."""
    if pay.min is None:
        amount = f"up to {_plain(pay.max)}"
    elif pay.max is None:
        amount = f"from {_plain(pay.min)}"
    else:
        amount = _plain(pay.min)
        amount += f"-{_plain(pay.max)}" if pay.max != pay.min else ""
    return f"Pay: {amount} {pay.currency} per {pay.period}"


def per_year(pay: Pay) -> tuple[float | None, float | None]:
    """Return the pay's ends per year of 2,080 hours, 260 days or 12 months; an open end is None."""
    factor = A_YEAR[pay.period]
    return (
        None if pay.min is None else round(pay.min * factor, 2),
        None if pay.max is None else round(pay.max * factor, 2),
    )


def _plain(amount: float | None) -> str:
    return f"{amount:.3f}".rstrip("0").rstrip(".")


def _written_by_us(text: str) -> Pay | None:
    found = cue.NOTATION.search(text) if "Pay: " in text else None
    if not found:
        return None
    low = whole(float(found["low"]))
    high = whole(float(found["high"])) if found["high"] else low
    return Pay(
        None if found["upto"] else low,
        None if found["from"] else high,
        found["currency"],
        found["period"],
    )


def _chosen(found: list[Offer], country: str) -> Pay | None:
    """Return the span of all ranges in one currency and period; without any, the first amount."""
    if not found:
        return None
    own = resolved("", country, is_chinese=False) if country else ""
    found = [o for o in found if not o.is_total] or found
    best = [o for o in found if o.is_range] or [
        o for o in found if o.low is not None and o.high is not None
    ]
    best = best or found
    lead = next((o for o in best if o.currency == own), best[0])
    if not lead.is_range:
        return Pay(lead.low, lead.high, lead.currency, lead.period)
    alike = [o for o in best if (o.currency, o.period) == (lead.currency, lead.period)]
    return Pay(
        min(o.low for o in alike if o.low is not None),
        max(o.high for o in alike if o.high is not None),
        lead.currency,
        lead.period,
    )
