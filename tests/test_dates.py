"""A posting's day is read from every form the sites use, and never guessed."""

from datetime import UTC, date, datetime

import pytest

from pipeline.postings.dates import posted_on

READ = [
    ("2020-10-20", date(2020, 10, 20)),
    (" 2020-10-20 ", date(2020, 10, 20)),
    ("2020/10/20", date(2020, 10, 20)),
    ("20201020", date(2020, 10, 20)),
    ("2026-06-02 10:10:41 UTC", date(2026, 6, 2)),
    ("2026-06-02T10:10:41Z", date(2026, 6, 2)),
    ("2026-06-02T10:10:41.123+00:00", date(2026, 6, 2)),
    ("2026-07-06T00:00:00.0000", date(2026, 7, 6)),
    ("2026-07-06T00:00:00.0000000", date(2026, 7, 6)),
    ("2023-08-08T22:15:00-04:00", date(2023, 8, 8)),
    ("Tue, 20 Oct 2020 20:28:32 +0000", date(2020, 10, 20)),
    ("20 Oct 2020 20:28:32 GMT", date(2020, 10, 20)),
    ("October 20, 2020", date(2020, 10, 20)),
    ("20th of October 2020", date(2020, 10, 20)),
    ("20-Oct-2020", date(2020, 10, 20)),
    (1603225712, date(2020, 10, 20)),
    (1603225712000, date(2020, 10, 20)),
    ("1603225712", date(2020, 10, 20)),
    (1603225712.5, date(2020, 10, 20)),
    (date(2020, 10, 20), date(2020, 10, 20)),
    (datetime(2020, 10, 20, 23, 59, tzinfo=UTC), date(2020, 10, 20)),
]


@pytest.mark.parametrize(("words", "day"), READ)
def test_a_date_is_read_from_each_form_sites_use(words, day):
    assert posted_on(words) == day


@pytest.mark.parametrize("words", [None, "", "  \n"])
def test_a_blank_date_is_no_date(words):
    assert posted_on(words) is None


@pytest.mark.parametrize("words", ["01/02/2020", "1.2.2020", "13/02/2020", "02-01-2020"])
def test_day_and_month_are_never_guessed(words):
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        posted_on(words)


@pytest.mark.parametrize(
    "words",
    ["yesterday", "2020", "2020-13-01", "2020-02-30", "Just now", "Oct 2020", True, float("nan")],
)
def test_what_is_no_date_is_refused_with_what_was_seen(words):
    with pytest.raises(ValueError, match="saw"):
        posted_on(words)


@pytest.mark.parametrize("words", ["1970-01-01", 0, 123, "1994-12-31", "2100-01-01", 1e30, "0"])
def test_a_day_before_the_web_or_in_a_far_century_is_refused(words):
    with pytest.raises(ValueError, match="expected"):
        posted_on(words)


def test_a_late_evening_keeps_the_day_the_site_printed():
    assert posted_on("2023-08-08T23:59:59-04:00") == date(2023, 8, 8)
