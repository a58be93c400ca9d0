"""The pay an ad states: found in its text, told from all other money, written down again.

Layer:   postings (pure).
Quirk:   most money in ads is no pay (funding, revenue, bonuses, budgets), and much pay carries
         its sign or its "k" on one end only: "$100 - $150k", "20-40K·14薪", "8-10 LPA".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.postings import pay_words as cue
from pipeline.postings.money import DOLLARS, Amount, amounts, resolved
from pipeline.records import Pay

_BEFORE_NUMBER = frozenset({" ", ".", "s"})  # what may stand between a code and its number
_NEAR = 150  # characters: farther apart are no two ends of a range
_A_YEAR = {"hour": 2_080, "day": 260, "week": 52, "month": 12, "year": 1}  # of work


class _Offer(NamedTuple):
    start: int
    end: int
    low: float | None
    high: float | None
    currency: str
    period: str
    is_range: bool
    is_total: bool  # on-target earnings, total compensation


def pay_in(text: str, *, country: str = "") -> Pay | None:
    """Return the pay the ad states, None if none; several ranges give the span of them all.

    country: ISO 3166-1 alpha-2 of the job, which settles "$", "kr" and an unstated currency.
    """
    if found := _written_by_us(text):
        return found
    text = _cleaned(text)
    numbers = [one for start, end in _stretches(text) for one in amounts(text, start, end)]
    return _chosen(list(_offers(text, numbers, country, is_pay=False)), country)


def stated_pay(words: str, country: str = "") -> Pay | None:
    """Return what a salary field says; there every plausible amount is pay, whatever its words."""
    if found := _written_by_us(words):
        return found
    words = _cleaned(words)
    return _chosen(list(_offers(words, amounts(words), country, is_pay=True)), country)


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
    factor = _A_YEAR[pay.period]
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
    low = _whole(float(found["low"]))
    high = _whole(float(found["high"])) if found["high"] else low
    return Pay(
        None if found["upto"] else low,
        None if found["from"] else high,
        found["currency"],
        found["period"],
    )


def _whole(amount: float) -> float:
    rounded = round(amount, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return the parts of a text near a sign, a unit, a code or a labelled number, in order.

    Most numbers of an ad are no money; a stretch begins and ends at a letter, never in a number.
    """
    found = [sign.start() for sign in cue.SIGN.finditer(text)]
    for number in cue.NUMBER.finditer(text):
        start, end = number.span()
        if _is_money(text, start, end):
            found.append(start)
    stretches: list[tuple[int, int]] = []
    for at in sorted(found):
        start, end = at - _NEAR, at + _NEAR
        if stretches and start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return [(_to_letter(text, start, -1), _to_letter(text, end, 1)) for start, end in stretches]


def _is_money(text: str, start: int, end: int) -> bool:
    """Tell whether a unit stands behind a number, or a code or a word for pay before it."""
    after, before = text[end : end + 1], text[start - 1 : start]
    # most numbers are settled by the one character on each side
    if (after == " " or after.isalpha()) and cue.UNIT.match(text, end):
        return True
    if before in _BEFORE_NUMBER or before.isupper():
        code = cue.CODE.search(text, max(0, start - 5), start)
        if code and code[1] in cue.CODES:
            return True
    if end - start < 4 or before in cue.NO_LABEL or cue.YEAR.fullmatch(text, start, end):
        return False
    return bool(cue.PAY_LABEL.search(text, max(0, start - 60), start))


def _to_letter(text: str, at: int, step: int) -> int:
    """Return the first place from `at` on, in one direction, that holds a letter, or the end."""
    while 0 < at < len(text) and not text[at].isalpha():
        at += step
    return min(max(at, 0), len(text))


def _cleaned(text: str) -> str:
    r"""Undo what hides amounts: Markdown's "\-", entities left over, "$113, 343"."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    text = text.replace("\u2009", " ")
    if "\\" in text:
        text = re.sub(r"\\+(?=[-.+$~*–])", "", text)
    return re.sub(r"([$€£] ?\d{2,3}), (\d{3})(?![\d,])", r"\1,\2", text)


def _offers(text: str, numbers: list[Amount], country: str, *, is_pay: bool) -> Iterator[_Offer]:
    is_chinese = bool(numbers) and bool(cue.HAN.search(text))
    index = 0
    while index < len(numbers):
        first = numbers[index]
        second = numbers[index + 1] if index + 1 < len(numbers) else None
        index += 1
        offer = None
        if second and _is_range(text, first, second):
            offer = _read(text, first, second, country, is_chinese=is_chinese, is_pay=is_pay)
            index += offer is not None
        if not offer:
            offer = _read(text, first, None, country, is_chinese=is_chinese, is_pay=is_pay)
        if offer:
            yield offer


def _is_range(text: str, first: Amount, second: Amount) -> bool:
    if second.start - first.end > 90 or second.start < first.end:
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
        or (first.currency and cue.FROM.search(before) and cue.SOME_WAY_UP_TO.fullmatch(between))
    )


def _read(
    text: str, first: Amount, second: Amount | None, country: str, *, is_chinese: bool, is_pay: bool
) -> _Offer | None:
    """Return the offer made by one or two amounts, None if they are no pay."""
    last = second or first
    written = next((a for a in (first, last) if len(a.currency) == 3), None)
    sign = written.currency if written else first.currency or last.currency
    if re.match(r"0\d|40[13]\Z", first.digits):
        return None  # a number cut in two; a 401k or 403b plan
    if not sign:
        is_scaled = first.scale != 1 or last.scale != 1
        if not (is_scaled or is_pay or _labelled(text, first)):
            return None
        # "30000-45000 per month EUR", "salary in euros: 60-70k"
        reach = (0, last.end + 80) if is_pay else (max(0, first.start - 30), last.end)
        sign = _code_in(text, *reach)
    scales = _scales(first, last)
    if 0 in scales:
        return None
    currency = _meant(sign, max(scales), country, is_chinese=is_chinese)
    low, high = first.value * scales[0], last.value * scales[1]
    period, is_stated = _period(text, first, last, (low, high), currency, is_chinese=is_chinese)
    if first.period and last.period and first.period != last.period:
        low, high = low * _A_YEAR[first.period], high * _A_YEAR[last.period]
        period = "year"
    if period == "hour" and "." in first.digits and high * DOLLARS[currency] > 1_000:
        low, high = low / 1_000, high / 1_000  # Hourly: $33.895 - $42.370
    if period == "week":
        low, high, period = low * _A_YEAR["week"], high * _A_YEAR["week"], "year"
    low, high = min(low, high), max(low, high)
    offer = _Offer(
        first.start,
        last.end,
        _whole(low),
        _whole(high),
        currency,
        period,
        second is not None,
        bool(cue.TOTAL.search(text[max(0, first.start - 30) : first.start])),
    )
    if not _is_plausible(offer, is_pay=is_pay):
        return None
    has_sign = bool(sign)
    if not is_pay and not _is_pay(text, offer, has_sign=has_sign, is_stated=is_stated, last=last):
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


def _labelled(text: str, first: Amount) -> bool:
    """Tell whether a bare number stands right behind a word for pay: "Salary: Up to 80,000"."""
    digits = first.digits
    if len(digits) < 4 or len(re.sub(r"\D", "", digits)) < 4 or cue.YEAR.fullmatch(digits):
        return False
    return bool(cue.PAY_LABEL.search(text, max(0, first.start - 60), first.start))


def _meant(sign: str, scale: float, country: str, *, is_chinese: bool) -> str:
    if not sign and scale == 1e5:
        return "INR"
    if not sign and (scale == 1e4 or (scale == 1e3 and is_chinese)):
        return "CNY" if country not in ("TW", "JP") else resolved("", country, is_chinese=True)
    return resolved(sign, country, is_chinese=is_chinese)


def _period(
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
        "month": (0, 150_000),
        "year": (900, 1e9),
    }[period]
    return least <= dollars <= most


def _is_plausible(offer: _Offer, *, is_pay: bool) -> bool:
    if not offer.low or not offer.high or offer.high / offer.low > 12:
        return False
    a_year = offer.high * _A_YEAR[offer.period] * DOLLARS[offer.currency]
    is_rich = DOLLARS[offer.currency] > 0.5
    least = 1_000 if is_pay else 9_000 if is_rich and offer.period in ("month", "year") else 1_800
    return least <= a_year <= 4_000_000


def _is_pay(text: str, offer: _Offer, *, has_sign: bool, is_stated: bool, last: Amount) -> bool:
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
    if not goes_with_pay and cue.OTHER_AFTER.match(text, offer.end):
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


def _bounded(text: str, offer: _Offer, amount: Amount) -> _Offer:
    before = text[max(0, offer.start - 30) : offer.start]
    if cue.UP_TO.search(before):
        return offer._replace(low=None)
    if amount.is_open or cue.FROM.search(before) or cue.OR_MORE.match(text, offer.end):
        return offer._replace(high=None)
    return offer


def _chosen(offers: list[_Offer], country: str) -> Pay | None:
    """Return the span of all ranges in one currency and period; without any, the first amount."""
    if not offers:
        return None
    own = resolved("", country, is_chinese=False) if country else ""
    offers = [o for o in offers if not o.is_total] or offers
    best = [o for o in offers if o.is_range] or [
        o for o in offers if o.low is not None and o.high is not None
    ]
    best = best or offers
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
