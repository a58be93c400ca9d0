"""The day a posting was published, from whatever form a site writes it in.

Layer:   postings (pure).
Quirk:   sites write ISO with and without zone, "2026-06-02 10:10:41 UTC", RFC 822, and epochs in
         seconds or milliseconds, as numbers or as text. Nobody's 01/02/2020 is guessed at.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = date(1995, 1, 1)  # no job board is older
LATEST = date(2099, 12, 31)  # no clock here: this only stops nonsense
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138

# 2020-10-20, 2020/10/20, 2020-10-20T20:28:32.0000+02:00, 2026-06-02 10:10:41 UTC
_ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}(?:Z|[+-]\d{4})?)?")
_NUMBER = re.compile(r"\d{9,14}(?:\.\d+)?")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
# October 20, 2020; 20 Oct 2020; 20th of October 2020
_NAMED = (
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})", re.I),
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[ -](?:of )?{_MONTH},?[ -](?P<year>\d{{4}})", re.I
    ),
)


def posted_on(words: str | date | datetime | float | None) -> date | None:
    """Return the calendar day as the site wrote it (its own zone; epochs in UTC), None if blank.

    Raises ValueError for what cannot be read in one way only, or lies outside 1995 to 2099.
    """
    if words is None or (isinstance(words, str) and not words.strip()):
        return None
    day = _read(words)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(
            f"posting date: expected a day from {EARLIEST} to {LATEST}, saw {day} in {words!r}"
        )
    return day


def _read(words: str | date | datetime | float) -> date:
    if isinstance(words, datetime):
        return words.date()
    if isinstance(words, date):
        return words
    if isinstance(words, str):
        return _read_text(words.strip())
    if isinstance(words, int | float) and not isinstance(words, bool):
        return _read_epoch(words)
    raise _unreadable(words)


def _read_text(words: str) -> date:
    if _NUMBER.fullmatch(words):
        return _read_epoch(float(words))
    if found := _ISO.fullmatch(words):
        return _day(int(found[1]), int(found[3]), int(found[4]), words)
    if found := _COMPACT.fullmatch(words):
        return _day(int(found[1]), int(found[2]), int(found[3]), words)
    for pattern in _NAMED:
        if found := pattern.fullmatch(words):
            month = _MONTHS.index(found["month"][:3].lower()) // 3 + 1
            return _day(int(found["year"]), month, int(found["day"]), words)
    if "," not in words[:6] and not words[:1].isdigit():
        raise _unreadable(words)
    try:
        return parsedate_to_datetime(words).date()  # Tue, 20 Oct 2020 20:28:32 +0000
    except ValueError:
        raise _unreadable(words) from None


def _read_epoch(number: float) -> date:
    seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date()
    except (OverflowError, ValueError):  # beyond the year 9999; not a number
        raise _unreadable(number) from None


def _day(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _unreadable(words) from None


def _unreadable(words: object) -> ValueError:
    return ValueError(
        "posting date: expected an ISO date, an RFC 822 date or an epoch, "
        f"saw {words!r}; write it as YYYY-MM-DD"
    )
