"""The words around an amount: whether they make it pay, and for which period.

Layer:   postings (pure).
Quirk:   most money in ads is no pay (funding, revenue, bonuses, budgets); the nearer word decides.
"""

from __future__ import annotations

import re

from pipeline.postings import pay_words as cue
from pipeline.postings.money import DOLLARS, Amount, Offer


def is_labelled(text: str, first: Amount) -> bool:
    """Tell whether a bare number stands right behind a word for pay: "Salary: Up to 80,000"."""
    digits = first.digits
    if len(digits) < 4 or len(re.sub(r"\D", "", digits)) < 4 or cue.YEAR.fullmatch(digits):
        return False
    return bool(cue.PAY_LABEL.search(text, max(0, first.start - 60), first.start))


def period_of(
    text: str,
    first: Amount,
    last: Amount,
    ends: tuple[float, float],
    currency: str,
    *,
    is_chinese: bool,
) -> tuple[str, bool]:
    """Return the period and whether the ad states it right at the amount."""
    dollars = max(ends) * DOLLARS[currency]
    stated = last.period or first.period
    if not stated and (after := cue.PERIOD_AFTER.match(text, last.end)):
        stated = next(name for name, words in after.groupdict().items() if words)
    if stated and _fits(stated, dollars):
        return stated, True
    line = max(text.rfind("\n", 0, first.start), first.start - 40, 0)
    for found in reversed(list(cue.PERIOD_BEFORE.finditer(text, line, first.start))):
        before = next(name for name, words in found.groupdict().items() if words)
        if _fits(before, dollars) or (before == "hour" and "." in first.digits):
            return before, False
    # In China pay by the hour or the day is a student's, and small.
    if dollars <= (15 if is_chinese else 250):
        return "hour", False
    if dollars <= (120 if is_chinese else 1_500):
        return "day", False
    return ("month" if dollars < 12_000 else "year"), False


def _fits(period: str, dollars: float) -> bool:
    """Tell whether the amount can be that period's: some sites write "$75,000 /hour"."""
    least, most = {
        "hour": (0, 1_500),
        "day": (0, 12_000),
        "week": (0, 40_000),
        # how often it is paid, which often stands beside an hour's pay or a year's
        "fortnight": (250, 20_000),
        "halfmonth": (250, 20_000),
        "month": (0, 150_000),
        "year": (900, 1e9),
    }[period]
    return least <= dollars <= most


def is_pay_by_words(text: str, offer: Offer, *, has_sign: bool, is_stated: bool) -> bool:
    """Tell whether the words on both sides of an offer make it pay.

    has_sign: a currency is written; is_stated: so is the period, right at the amount.
    """
    before = text[max(0, offer.start - 90) : offer.start]
    bound = cue.UP_TO.search(before) or cue.FROM.search(before)
    segment = re.split(r"[|\n]", before)[-1]
    pay_at = max((found.end() for found in cue.PAY_WORD.finditer(before)), default=-1)
    skipped = len(before) - len(segment)
    other_at = max(
        (found.end() + skipped for found in cue.OTHER_BEFORE.finditer(segment)), default=-1
    )
    dollars = (offer.high or 0) * DOLLARS[offer.currency]
    goes_with_pay = bool(cue.GOES_WITH_PAY.match(text, offer.end))
    if not goes_with_pay and (after := cue.OTHER_AFTER.match(text, offer.end)):
        # "Salary 30k 35k per year Bonus Pension": the capital begins the list's next entry
        is_entry = offer.is_range and after.group().strip()[:1].isupper()
        if not (is_entry and cue.PAY_LABEL.search(text, max(0, offer.start - 60), offer.start)):
            return False
    if not offer.is_range and cue.FOR_A_REFERRAL.match(text, offer.end):
        return False
    if other_at > pay_at and other_at > len(before) - (25 if offer.is_range else 45):
        return False
    if pay_at >= 0:
        return True
    lead = before[: bound.start()] if bound else before
    is_field = bool(cue.FIELD_BEFORE.search(lead)) and bool(cue.FIELD_AFTER.match(text, offer.end))
    is_big = dollars >= 15_000
    if offer.is_range:
        if offer.currency == "CNY" and cue.CHINESE_RANGE.match(text, offer.start):
            return True
        return (has_sign and (is_big or is_stated)) or (is_big and (is_field or goes_with_pay))
    if not has_sign:
        return is_big and bool(cue.SALARY_AFTER.match(text, offer.end))
    is_usual = is_big or (dollars <= 1_500) == (offer.period in ("hour", "day"))
    behind_bar = bool(re.search(r"\| {0,2}\Z", lead))
    return (is_stated and is_usual) or (is_big and (is_field or behind_bar or goes_with_pay))
