"""Postings without the e-mail addresses and phone numbers of the people in them.

Layer:   postings (pure).
Quirk:   people hide addresses from harvesters ("jane [at] acme [dot] com"), and a posting is full
         of digits that are no phone: pay ranges, years, versions, job numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

EMAIL_REMOVED = "[e-mail removed]"
PHONE_REMOVED = "[phone removed]"

_LETTER = r"A-Za-z0-9\u00c0-\u024f"
_OPEN, _CLOSE = r"[\[({<_]{1,2}\s?", r"\s?[\])}>_]{1,2}"
_HIDDEN_DOT = rf"(?:\s?{_OPEN}(?:dot|\.){_CLOSE}\s?| ?[ -] ?(?:dot|DOT|Dot) ?[ -] ?)"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}_-]{{0,61}}[{_LETTER}])?"
_DOMAIN = (
    rf"{_LABEL}(?:(?:@|\.|{_HIDDEN_DOT}){_LABEL})*?(?:\.|{_HIDDEN_DOT})[A-Za-z]{{2,24}}"
    rf"(?![{_LETTER}])(?:(?:@|\.|{_HIDDEN_DOT}){_LABEL})*"
)
_SIGN = re.compile(rf"(?:[@＠]|%40)(?={_DOMAIN})")
# jane [at] acme.com, jane(at)acme(dot)com, jane {@} acme com
_HIDDEN_AT = re.compile(
    rf"\s?{_OPEN}(?:at|@|a){_CLOSE}\s?(?={_DOMAIN}|{_LABEL} (?:com|org|net|io)\b)", re.IGNORECASE
)
_SPOKEN_AT = re.compile(rf"[ -](?:[aA][tT]|@)[ -](?={_DOMAIN})")  # jane AT acme dot com
_DOMAIN_HERE = re.compile(rf"{_DOMAIN}|{_LABEL} (?:com|org|net|io)\b", re.IGNORECASE)
_SPELLED_OUT = re.compile(_HIDDEN_DOT)
# Looked for backwards from an "at": forwards, every word of every posting would be tried.
_LOCAL = re.compile(
    rf"(?:mailto:\s?)?[{_LETTER}_](?:[{_LETTER}._%+'-]|{_HIDDEN_DOT}(?=\w)){{0,63}}\Z",
    re.IGNORECASE,
)
# "write to jane at acme.com" names an address, "a data scientist at acme.com" a place of work
_CONTACT = re.compile(
    r"e-?mail|contact|reach|\bping\b|\bwrite|\bsend|in touch|(?:drop|shoot|hit) (?:me|us)|resume"
    r"|questions|apply to|\bcv\b|\bcc\b|\bsay h|message|[(<{]\s?\Z",
    re.IGNORECASE,
)
_NO_LOCAL = re.compile(
    r"(?:\A|[^a-z])(?:"
    "a about and apply applied application are available be benefits career check ceo contact "
    "designer details developer director directly email employee engineer engineers find founder "
    "free head her here him hiring in info intern is it job lead life live look looking manager me "
    "more now on online or out page position recruiter role scientist site team teams them touch "
    "up us visit website work worked working works".replace(" ", "|")
    + r")\Z",
    re.IGNORECASE,
)
_NOBODY = frozenset({"git"})  # git@github.com

# A run of digits as phones are written; the library, some 100 times slower, only sees such runs.
_DIGIT_RUN = re.compile(r"[+(\d][\d \t().\u00a0\u2010-\u2013/-]{5,22}\d")
_CALL = re.compile(
    r"(?:\b(?:tel|telephone|phone|call|calling|mobile|mob|cell|fax|whatsapp|dial|text|ph|telefon"
    r"|handy|number is|mobil|mobilnr|mobilnummer|tfn|telnr|telefonnummer|telefonnr)"
    r"\b\.?[^\w\n+]{0,4}"
    r"|\b(?:phone|mobile|contact|call|whatsapp|telefon)\b[^\n\d+$€£]{0,25}"
    r"|(?:电话|手机|热线|微信)[^\n\d+]{0,6})\(?\Z",
    re.IGNORECASE,
)
# "Ring gärna Anna Ek på", "reach me on": before a number that begins with a 0, as no pay does
_REACH = re.compile(
    r"(?:\bring|\breach(?= ))(?: (?:gärna|oss|mig|till|på|out|to|me|us|him|her|them|directly|on|at"
    r"|by|via|(?-i:[A-ZÅÄÖ])[\w.-]*),?){0,6}[ :]{1,3}\Z",
    re.IGNORECASE,
)
_GAP = r"[ .\u00a0\u2010-\u2013-]"
_NORTH_AMERICAN = re.compile(
    rf"(?:\+?1{_GAP}?)?(?:\(\d{{3}}\){_GAP}?|\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}"
)
_CHINESE_MOBILE = re.compile(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
# 070-123 45 67; without a gap, or behind a word for one, ten digits may be any number
_SWEDISH_MOBILE = re.compile(r"07[02369](?: ?[-\u2010-\u2013] ?| )\d{2,3} ?\d{2,3} ?\d{2,3}")
_NUMBERED = re.compile(
    r"(?:\bid|\bref|reference|requisition|\breq|\bjob|number|\bno|\bnr|nummer|\bkod|\bcode"
    r"|\bdnr|ärende)\b[^\n\d]{0,8}\Z",
    re.IGNORECASE,
)
_MONEY_BEHIND = re.compile(
    r"[:,]-|[ \u00a0]?(?:kr\b|kronor|SEK|NOK|DKK|EUR|euro|USD|GBP|CHF|[€$£])"
)
_REGIONS = ("US", "GB", "IN", "DE", "AU", "FR", "SG", "CN", "CH", "NL", "SE")


def without_personal_data(text: str) -> str:
    """Return the text with every e-mail address and phone number replaced by a bracketed note."""
    # Two addresses may be glued together: what is left of the second shows once the first is gone.
    while (less := _without(text, _emails(text), EMAIL_REMOVED)) != text:
        text = less
    while (less := _without(text, _phones(text), PHONE_REMOVED)) != text:
        text = less
    return text


def _without(text: str, spans: Iterable[tuple[int, int]], note: str) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start >= end:
            pieces += text[end:start], note
            end = stop
    return "".join([*pieces, text[end:]]) if pieces else text


def _emails(text: str) -> Iterator[tuple[int, int]]:
    if "@" in text or "＠" in text or "%40" in text:
        for at in _SIGN.finditer(text):
            yield from _address(text, at)
    for at in _HIDDEN_AT.finditer(text):
        yield from _address(text, at)
    for at in _SPOKEN_AT.finditer(text):
        yield from _address(text, at, spoken=True)


def _address(text: str, at: re.Match[str], *, spoken: bool = False) -> Iterator[tuple[int, int]]:
    window = max(0, at.start() - 80)
    local = _LOCAL.search(text[window : at.start()])
    domain = _DOMAIN_HERE.match(text, at.end())
    if not local or not domain or local.group().lower() in _NOBODY:
        return
    start = window + local.start()
    if spoken:
        if _NO_LOCAL.search(local.group()):
            return
        line = text.rfind("\n", window, start) + 1
        is_deliberate = _SPELLED_OUT.search(domain.group())
        # Another address before it, or the note in its place, is no reason to see a second one.
        before = re.split(r"[@\]]", text[max(line, start - 40) : start])[-1]
        if not is_deliberate and not _CONTACT.search(before):
            return
    yield start, domain.end()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for run in _DIGIT_RUN.finditer(text):
        start, end = run.span()
        n_digits = sum(character.isdigit() for character in run.group())
        if n_digits < 7 or _is_part_of_a_word(text, start, end) or _MONEY_BEHIND.match(text, end):
            continue
        regions = _regions(run.group(), text[max(0, start - 40) : start])
        # The library reads on for an extension: "x 12".
        window = text[start : end + 14]
        for region in regions:
            found = list(PhoneNumberMatcher(window, region, leniency=Leniency.VALID))
            if found:
                yield from ((start + phone.start, start + phone.end) for phone in found)
                break


def _regions(digits: str, before: str) -> tuple[str, ...]:
    """Return the countries whose numbers this run may be: none unless it is written like one."""
    if digits.startswith(("+", "(+", "00")):
        return ("US",)
    if _CALL.search(before) or (digits.lstrip("(").startswith("0") and _REACH.search(before)):
        return _REGIONS
    if _NORTH_AMERICAN.search(digits):
        return ("US",)
    if _SWEDISH_MOBILE.fullmatch(digits) and not _NUMBERED.search(before):
        return ("SE",)
    return ("CN",) if _CHINESE_MOBILE.fullmatch(digits) else ()


def _is_part_of_a_word(text: str, start: int, end: int) -> bool:
    """Tell whether the digits belong to an address, an amount, a version or an identifier."""
    word_start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    word = text[word_start:start].lower()
    if word.endswith("tel:"):
        return False
    if (
        "/" in word
        or "=" in word
        or "www." in word
        or word.endswith(("-", ".", ",", "_", "#", "$"))
    ):
        return True
    in_word = word[-1:].isascii() and word[-1:].isalnum()
    return in_word or text[end : end + 1] in ("%", "_", "=")
