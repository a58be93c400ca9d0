"""What one or two amounts offer: a range or a bound, in which currency, for which period.

Layer:   postings (pure).
Quirk:   much pay carries its sign or its "k" on one end only: "$100 - $150k", "20-40K·14薪", "8-10
         LPA"; a few sites lose the dash between its ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.postings import pay_words as cue
from pipeline.postings.money import DOLLARS, Amount, Offer, resolved
from pipeline.postings.pay_evidence import is_labelled, is_pay_by_words, period_of

_DIGIT_LOST = re.compile(r"\d{2,3},\d\d")  # "$136,00 - 184,000"
_FAR = 150  # characters: farther apart are no two ends of a range
A_YEAR = {"hour": 2_080, "day": 260, "week": 52, "month": 12, "year": 1}  # of work
A_YEAR |= {"fortnight": 26, "halfmonth": 24}
# Rough dollars that nobody is offered more than; what is more is another period's or no pay. The
# dearest consultants take 300 an hour; the largest year's pay among 15,000 ads is 920,000.
MOST = {"hour": 400, "day": 3_000, "month": 40_000, "year": 1_000_000}


def offers(text: str, numbers: list[Amount], country: str, *, is_pay: bool) -> Iterator[Offer]:
    """Yield what the numbers of a text offer as pay, in order.

    is_pay: the text is a salary field, where every plausible amount is pay.
    """
    is_chinese = bool(numbers) and not text.isascii() and bool(cue.HAN.search(text))
    index = 0
    while index < len(numbers):
        first = numbers[index]
        second = numbers[index + 1] if index + 1 < len(numbers) else None
        index += 1
        if not (is_pay or _may_be_pay(first) or (second and _may_be_pay(second))):
            continue
        if second and _is_range(text, first, second):
            offer = _read(text, first, second, country, is_chinese=is_chinese, is_pay=is_pay)
            index += offer is not None
        else:
            offer = _read(text, first, None, country, is_chinese=is_chinese, is_pay=is_pay)
        if offer:
            yield offer


def _may_be_pay(amount: Amount) -> bool:
    """Tell whether a sign, a unit or its size lets a number be pay; most numbers have none."""
    return bool(amount.currency) or amount.scale != 1 or len(amount.digits) > 3


def _is_range(text: str, first: Amount, second: Amount) -> bool:
    if second.start - first.end > _FAR or second.start < first.end:
        return False
    if second.is_signed_before and not (first.currency or first.scale != 1):
        return False
    if not first.is_signed_before and re.match(r"[A-Za-z]", text[max(0, first.start - 1) :][:1]):
        return False  # "d3 - 25K€"
    between = text[first.end : second.start]
    before = text[max(0, first.start - 40) : first.start]
    return bool(
        cue.TO.fullmatch(between)
        or (cue.AND.fullmatch(between) and cue.BETWEEN.search(before))
        or (first.currency and second.currency and cue.FAR_TO.fullmatch(between))
        or (cue.LOST_DASH.fullmatch(between) and _lost_a_dash(text, first, second))
        or (first.currency and cue.FROM.search(before) and cue.SOME_WAY_UP_TO.fullmatch(between))
    )


def _lost_a_dash(text: str, first: Amount, second: Amount) -> bool:
    """Tell whether two amounts side by side are a range: "Salary 30k 35k per year"."""
    low, high = first.value * first.scale, second.value * second.scale
    label = text[max(0, first.start - 40) : first.start]
    return 1_000 <= low < high <= 2 * low and bool(cue.PAY_LABEL.search(label))


def _read(
    text: str, first: Amount, second: Amount | None, country: str, *, is_chinese: bool, is_pay: bool
) -> Offer | None:
    """Return the offer made by one or two amounts, None if they are no pay."""
    last = second or first
    written = next((a for a in (first, last) if len(a.currency) == 3), None)
    sign = written.currency if written else first.currency or last.currency
    if re.match(r"0\d|40[13]\Z|1099\Z", first.digits):
        return None  # a number cut in two; a 401k or 403b plan; the tax form of a contractor
    if not sign:
        is_scaled = first.scale != 1 or last.scale != 1
        if not (is_scaled or is_pay or is_labelled(text, first)):
            return None
        # "30000-45000 per month EUR", "salary in euros: 60-70k"
        reach = (0, last.end + 80) if is_pay else (max(0, first.start - 30), last.end)
        sign = _code_in(text, *reach)
    scales = _scales(first, last)
    if 0 in scales:
        return None
    currency = _meant(sign, max(scales), country, is_chinese=is_chinese)
    low, high = first.value * scales[0], last.value * scales[1]
    if _DIGIT_LOST.fullmatch(first.digits) and high > 1_000:
        low = float(first.digits.replace(",", "") + "0")
    period, is_stated = period_of(text, first, last, (low, high), currency, is_chinese=is_chinese)
    if first.period and last.period and first.period != last.period:
        low, high = low * A_YEAR[first.period], high * A_YEAR[last.period]
        period = "year"
    if period == "hour" and "." in first.digits and high * DOLLARS[currency] > 1_000:
        low, high = low / 1_000, high / 1_000  # Hourly: $33.895 - $42.370
    if period not in MOST:  # a week or two: our records have no such period
        low, high, period = low * A_YEAR[period], high * A_YEAR[period], "year"
    low, high = min(low, high), max(low, high)
    offer = Offer(
        first.start,
        last.end,
        whole(low),
        whole(high),
        currency,
        period,
        second is not None,
        bool(cue.TOTAL.search(text[max(0, first.start - 30) : first.start])),
    )
    if not _is_plausible(offer, is_pay=is_pay):
        return None
    if not is_pay and not is_pay_by_words(text, offer, has_sign=bool(sign), is_stated=is_stated):
        return None
    return offer if second else _bounded(text, offer, first)


def _code_in(text: str, start: int, end: int) -> str:
    """Return the first currency code in a stretch, or what a word for it stands for."""
    for code in cue.ANY_CODE.finditer(text, start, end):
        if code.group() in DOLLARS:
            return code.group()
        if "uro" in code.group():
            return "EUR"
    return ""


def _scales(first: Amount, last: Amount) -> tuple[float, float]:
    one, other = first.scale, last.scale
    if one == 1 and other > 1 and first.value < 1_000:
        one = other  # "$100 - $150k"
    elif other == 1 and one > 1 and last.value < 1_000:
        other = one
    return one, other


def _meant(sign: str, scale: float, country: str, *, is_chinese: bool) -> str:
    if not sign and scale == 1e5:
        return "INR"
    if not sign and (scale == 1e4 or (scale == 1e3 and is_chinese)):
        return "CNY" if country not in ("TW", "JP") else resolved("", country, is_chinese=True)
    return resolved(sign, country, is_chinese=is_chinese)


def _is_plausible(offer: Offer, *, is_pay: bool) -> bool:
    if not offer.low or not offer.high or offer.high / offer.low > 12:
        return False
    dollars = offer.high * DOLLARS[offer.currency]
    is_rich = DOLLARS[offer.currency] > 0.5
    least = 1_000 if is_pay else 9_000 if is_rich and offer.period != "hour" else 1_800
    return least <= dollars * A_YEAR[offer.period] and dollars <= MOST[offer.period]


def _bounded(text: str, offer: Offer, amount: Amount) -> Offer:
    before = text[max(0, offer.start - 30) : offer.start]
    if cue.UP_TO.search(before):
        return offer._replace(low=None)
    if amount.is_open or cue.FROM.search(before) or cue.OR_MORE.match(text, offer.end):
        return offer._replace(high=None)
    return offer


def whole(amount: float) -> float:
    """Return an amount to three digits, as an integer where it is one."""
    rounded = round(amount, 3)
    return int(rounded) if rounded == int(rounded) else rounded
