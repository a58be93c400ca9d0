"""Every number of a text that may be money, with the sign, unit and period written around it.

Layer:   postings (pure). Knows what is written, not whether it is pay: that is pay.py.
Quirk:   "CA$80" after "San Mateo," is a dollar of California; "." parts thousands in Europe and
         cents in America; "万" is ten thousand; a lakh is "1,00,000".
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Rough US dollars in one unit, to tell an hour's pay from a year's; not exchange rates. India's is
# set high: its pay per year is closer to others' pay per month.
DOLLARS = {
    **{"USD": 1, "EUR": 1.1, "GBP": 1.3, "CHF": 1.1, "CAD": 0.75, "AUD": 0.7, "NZD": 0.65},
    **{"SGD": 0.75, "HKD": 0.13, "TWD": 0.032, "CNY": 0.14, "JPY": 0.007, "KRW": 0.00075},
    **{"INR": 0.06, "PLN": 0.25, "CZK": 0.045, "HUF": 0.003, "RON": 0.22, "BGN": 0.55},
    **{"SEK": 0.1, "NOK": 0.1, "DKK": 0.15, "ILS": 0.27, "BRL": 0.2, "MXN": 0.055, "ZAR": 0.055},
    **{"AED": 0.27, "SAR": 0.27, "MYR": 0.22, "THB": 0.03, "PHP": 0.035, "IDR": 0.000065},
    **{"RUB": 0.012, "UAH": 0.025, "TRY": 0.05, "VND": 0.00004, "NGN": 0.002, "PKR": 0.006},
}
CURRENCY_OF = {"US": "USD", "GB": "GBP", "CH": "CHF", "LI": "CHF", "CA": "CAD", "AU": "AUD"}
CURRENCY_OF |= {"NZ": "NZD", "SG": "SGD", "HK": "HKD", "TW": "TWD", "CN": "CNY", "JP": "JPY"}
CURRENCY_OF |= {"KR": "KRW", "IN": "INR", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON"}
CURRENCY_OF |= {"BG": "BGN", "SE": "SEK", "NO": "NOK", "DK": "DKK", "IL": "ILS", "BR": "BRL"}
CURRENCY_OF |= {"MX": "MXN", "ZA": "ZAR", "AE": "AED", "SA": "SAR", "MY": "MYR", "TH": "THB"}
CURRENCY_OF |= {"PH": "PHP", "ID": "IDR", "RU": "RUB", "UA": "UAH", "TR": "TRY", "VN": "VND"}
CURRENCY_OF |= {"NG": "NGN", "PK": "PKR"}
CURRENCY_OF |= dict.fromkeys(
    re.findall("..", "ATBECYDEEEESFIFRGRHRIEITLTLULVMTNLPTSISK"),
    "EUR",
)
_DOLLAR_LANDS = frozenset({"CAD", "AUD", "NZD", "SGD", "HKD", "TWD"})

_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₪": "ILS", "₩": "KRW", "฿": "THB", "₽": "RUB"}
_SIGNS |= {"zł": "PLN", "kč": "CZK", "元": "CNY", "人民币": "CNY", "円": "JPY", "yen": "JPY"}
_SIGNS |= {"rmb": "CNY", "rs": "INR", "inr": "INR", "sfr": "CHF", "fr": "CHF", "rupees": "INR"}
_SIGNS |= {"euro": "EUR", "euros": "EUR", "pounds": "GBP", "r$": "BRL", "nis": "ILS"}
_SIGNS |= {"usd": "USD", "dollars": "$", "$": "$", "¥": "¥", "￥": "¥", "kr": "kr", "ntd": "TWD"}
_DOLLAR_OF = {"US": "USD", "USD": "USD", "CA": "CAD", "C": "CAD", "CDN": "CAD", "CAD": "CAD"}
_DOLLAR_OF |= {"AU": "AUD", "A": "AUD", "AUD": "AUD", "S": "SGD", "SG": "SGD", "SGD": "SGD"}
_DOLLAR_OF |= {"NZ": "NZD", "HK": "HKD", "NT": "TWD", "NTD": "TWD", "MX": "MXN"}

_NUMBER = re.compile(
    r"\d{1,3}(?:(?P<part>[,.'’ ])\d{3})(?:(?P=part)\d{3})*(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"  # 12,50,000
    r"|\d+(?:[.,]\d{1,2}(?!\d))?"
)
_CODES = "|".join(DOLLARS)
_SIGN_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?P<of>USD?|CAD?|CDN|C|AUD?|A|SGD?|S|NZ|HK|NTD?|MX|Sg) ?)?\$[ $]{0,2}\Z"
    rf"|(?P<sign>[€£₹₪₩฿₽¥￥]|R\$|(?<![A-Za-z])(?:{_CODES}|Euro|RMB|NTD|SFr\.?|Fr\.|Rs\.?|INR|kr\.?)"
    r"|(?<![a-z])(?:usd|eur|gbp|chf|inr|rs\.?))[ :.]{0,2}\Z"
)
_UNIT = {"k": 1e3, "千": 1e3, "thousand": 1e3, "tsd": 1e3, "万": 1e4, "萬": 1e4, "w": 1e4}
_UNIT |= {"lakh": 1e5, "lac": 1e5, "lpa": 1e5, "l": 1e5}
_AFTER = re.compile(
    r"(?:[,.][-–—]{1,2}(?=[\s.,;)]|\Z))?"  # "€3000,-"
    r"(?P<percent> ?%)?"
    r"(?: ?(?P<unit>(?i:k)(?=[^A-Za-z]|\Z|[A-Z][a-z]|USD|usd|EUR|eur|GBP|CHF|CAD|AUD|SGD|PLN|per|p)"
    r"|[Tt]housand\b|[Tt]sd\b\.?|(?:[Ll]akhs?|[Ll]acs?|LPA|lpa|L)(?![A-Za-z])|[万萬千]|[wW](?![A-Za-z])))?"
    r"(?: ?(?P<big>(?:MM?|mm?|mn|mln|mil|mill?ions?|Mill?ions?|B|b|bn|BN|bil|[Bb]illions?|T|tn|"
    r"[Tt]rillions?|[Mm]rd|[Mm]io|[Cc]rores?|Cr|cr|亿|億)(?![A-Za-z])))?"
    r"(?P<plus>\+)?"
    rf"(?: ?(?P<sign>[€£₹₪₩฿₽¥￥$](?!\d)|(?:{_CODES}|Euros?|euros?|dollars|pounds|yen|zł|Kč|RMB"
    r"|NIS|kr|rupees|usd|eur|gbp|chf|cad|aud|sgd|pln|inr)(?![A-Za-z])|元|人民币|円))?"
    r"(?: ?\(?(?P<code>USD|CAD|AUD|SGD|NZD|HKD|EUR|GBP|CHF|INR)\b\)?)?"
    r"(?P<plus2>\+)?"
)
_PERIODS = {
    "hour": r"hours?|hr|h|stunde|std|heure|ora|hora|小时|時間|时",
    "day": r"days?|d|tag|jour|d[ií]a|giorno|天|日",
    "fortnight": r"fortnight|(?:two|2|other) weeks?|bi-?week",
    "week": r"weeks?|wk|woche|semaine|周",
    "month": r"months?|mo|mth|mon|m|monat|mois|mes|mese|m[eê]s|月",
    "year": r"years?|yr|y|annum|anum|a|jahr|ann?ée|an|año|anno|ano|年",
}
_PERIOD_WORD = "|".join(f"(?P<{name}>{words})" for name, words in _PERIODS.items())
_ADVERBS = re.compile(
    r"(?P<hour>hourly)|(?P<day>daily)|(?P<fortnight>bi-?weekly|fortnightly)|(?P<week>weekly)"
    r"|(?P<halfmonth>(?:semi|bi)-?monthly|twice (?:monthly|(?:a|per) month))"
    r"|(?P<month>monthly|mensuels?|mensili|pcm|月薪)"
    r"|(?P<year>annual(?:ly)?|yearly|p\.? ?a\b\.?|annuels?|annui|anuales|jährlich|lpa)",
    re.IGNORECASE,
)
_FILLER = (
    r"(?:[ ,)]{0,2}(?:gross|brutto|bruts?|brutos?|lordi|net|netto|base|CTC|ctc|salary|USD|EUR)\b)*"
)
_PER = re.compile(
    rf"[.0-]{{0,2}}{_FILLER}[ ,/(|]{{0,3}}(?:"
    r"(?:/ ?(?:brutos )?|\bper[ -]|\ba |\ban |\bp\.? ?/?|\bpro |\bpar |\bal |\bje |\bim |\bpor "
    r"|\beach |\bevery |每)"
    rf"(?:{_PERIOD_WORD})(?![A-Za-zÀ-ɏ])|(?P<adverb>{_ADVERBS.pattern.replace('?P<', '?P<adv_')}))",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """One number as written: `value` before its unit, `scale` the unit (0: millions and more)."""

    start: int
    end: int
    value: float
    scale: float
    currency: str  # ISO 4217, or "$", "¥", "kr" where the land decides, or ""
    is_signed_before: bool
    is_open: bool  # "130k+"
    period: str
    digits: str


class Offer(NamedTuple):
    """One or two amounts read as pay; an end that the ad leaves open is None."""

    start: int
    end: int
    low: float | None
    high: float | None
    currency: str
    period: str
    is_range: bool
    is_total: bool  # on-target earnings, total compensation


def amounts(text: str, start: int = 0, end: int | None = None) -> list[Amount]:
    """Return every number of a stretch of text in order, those without any sign or unit too."""
    stretch = (text, start, len(text) if end is None else end)
    return [_amount(text, number) for number in _NUMBER.finditer(*stretch)]


def _amount(text: str, number: re.Match[str]) -> Amount:
    start, end = number.span()
    last = text[start - 1 : start]
    # Nearly all numbers of an ad are no money: look at one character before looking at more.
    sign = None
    if last and (last in " .:$" or not last.isascii() or last.isalpha()):
        sign = _SIGN_BEFORE.search(text, max(0, start - 9), start)
    currency = _currency_before(text, sign) if sign else ""
    scale, is_open = 1.0, False
    after = _AFTER.match(text, end)
    if after and after.end() > end:
        end = after.end()
        is_open = bool(after["plus"] or after["plus2"])
        sign_behind = after["sign"] or ""
        behind = (after["code"] or "").upper() or _SIGNS.get(
            sign_behind.lower(), sign_behind.upper()
        )
        currency = behind if not currency or (behind in DOLLARS) else currency
        scale = _scale(after, currency)
    period, end = _period_after(text, end)
    return Amount(
        start=sign.start() if sign else start,
        end=end,
        value=_value(number, period),
        scale=scale,
        currency=currency,
        is_signed_before=sign is not None,
        is_open=is_open,
        period=period,
        digits=number.group(),
    )


def _currency_before(text: str, sign: re.Match[str]) -> str:
    if not sign["sign"]:
        of = (sign["of"] or "").upper()
        is_state = of == "CA" and text[: sign.start()][-2:] == ", "
        return "$" if is_state else _DOLLAR_OF.get(of, "$")
    return _SIGNS.get(sign["sign"].lower().rstrip("."), sign["sign"].upper())


def _scale(after: re.Match[str], currency: str) -> float:
    if after["big"] or after["percent"]:
        # "₹1M - ₹3M": millions are pay where one unit is worth cents
        is_million = bool(after["big"]) and after["big"].lower() in ("m", "mm", "million", "mio")
        return 1e6 if is_million and DOLLARS.get(currency, 1) <= 0.07 else 0.0
    unit = (after["unit"] or "").lower().rstrip(".")
    return _UNIT[unit.removesuffix("s") if unit.startswith("la") else unit] if unit else 1.0


def _period_after(text: str, end: int) -> tuple[str, int]:
    per = _PER.match(text, end)
    if not per:
        return "", end
    names = (name for name, words in per.groupdict().items() if words and name != "adverb")
    return next(names).removeprefix("adv_"), per.end()


def _value(number: re.Match[str], period: str) -> float:
    digits = number.group()
    # $33.895 an hour, in union pay scales; €45.000 a year
    if number["part"] == "." and digits.count(".") == 1 and period == "hour":
        return float(digits)
    if number["part"] or re.search(r",\d{3}", digits):
        whole, cents = re.fullmatch(r"(.*?\d{3})(?:[.,](\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
        return float(re.sub(r"\D", "", whole) + "." + (cents or "0"))
    return float(digits.replace(",", "."))


def resolved(currency: str, country: str, *, is_chinese: bool) -> str:
    """Return the ISO 4217 code meant by what is written, the land's own where nothing is."""
    own = CURRENCY_OF.get(country, "")
    if currency == "$":
        return own if own in _DOLLAR_LANDS else "USD"
    if currency == "¥":
        return "JPY" if own == "JPY" else "CNY"
    if currency == "kr":
        return own if own in ("SEK", "NOK", "DKK") else "SEK"
    return currency or own or ("CNY" if is_chinese else "USD")
