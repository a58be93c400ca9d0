"""People's addresses and numbers go; pay, dates, versions and handles stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.postings.privacy import EMAIL_REMOVED, PHONE_REMOVED, without_personal_data

EMAILS = [
    "jane@example.com",
    "jane.doe+jobs@mail.example.co.uk",
    "jobs(at)example.com",
    "jane [at] example [dot] com",
    "jane[at]example[dot]com",
    "jane {at} example {dot} io",
    "jane <at> example <dot> com",
    "jane _at_ example dot com",
    "jane at example dot com",
    "jane AT example DOT com",
    "jane-at-example-dot-com",
    "jane (dot) doe (at) example (dot) com",
    "jane @ example dot com",
    "jane@example dot io",
    "mailto:jane@example.com",
    "jane%40example.com",
]
PHONES = [
    "+1 415 555 2671",
    "+45 61 69 67 81",
    "+49 (0)89 1234567",
    "(415) 555-2671",
    "415-555-2671",
    "415.555.2671",
    "1-800-555-4748",
    "13812345678",
    "070-123 45 67",
    "073 123 45 67",
    "076-1234567",
]
KEPT = [
    "$120,000-150,000 a year",
    "120000 - 150000 USD",
    "80 000 - 100 000 €",
    "₹3,00,000.00 - ₹5,00,000.00 per year",
    "from 2016-2020 (and 2021 - 2022)",
    "on 2020-10-20 12:00 and 20/10/2020",
    "Python 3.11.4, CUDA 11.8.0.163",
    "npm install @angular/core react@18.2.0",
    "follow @example on Twitter, medium.com/@example",
    "https://github.com/example/repo/issues/12345678901",
    "https://news.ycombinator.com/item?id=28038090",
    "git clone git@github.com:example/repo",
    "Job ID: JR-1234567890, requisition 2025551234",
    "Cambridge, MA 02139-1234",
    "1001-5000 employees, 1000000 users",
    "we look at booking.com as a peer",
    "a data scientist at example.com",
    "Engineer @ Example.com, precision@10",
    "look at the dot product",
    "24/7, 365 days, 9-5, UTC+12",
    "Ring oss! Lön 35 000 - 45 000 kr",
    "Lön: 30 000 - 40 000 kr/mån, mobil 45 000 - 55 000 SEK",
    "Ring: 35 000 - 45 000 per month",
    "we reach 120 000 - 150 000 users",
    "salary will reach 450 000 - 550 000",
    "Job ID: 072-123 45 67, ref 070-123 45 67",
    "Org.nr 556070-1234, annons 0701234567",
]


@pytest.mark.parametrize("address", EMAILS)
def test_an_address_goes_however_it_is_hidden(address):
    assert without_personal_data(f"Write to {address}, please") == (
        f"Write to {EMAIL_REMOVED}, please"
    )


@pytest.mark.parametrize("number", PHONES)
def test_a_phone_number_goes_however_it_is_grouped(number):
    assert without_personal_data(f"Reach Jane: {number}.") == f"Reach Jane: {PHONE_REMOVED}."


@pytest.mark.parametrize(
    "words",
    [
        "Tel: 020 7946 0958",
        "Telefon 030-123456789",
        "手机号 138 1234 5678",
        "ring 08-123 456 78",
        "Ring gärna Anna Ek på 0701234567",
        "Mobil: 0731234567",
        "Tfn 031-12 34 56",
        "reach me on 020 7946 0958",
        "Reach out to Jane at 020 7946 0958",
    ],
)
def test_a_national_number_goes_where_a_word_says_it_is_a_phone(words):
    assert PHONE_REMOVED in without_personal_data(words)


@pytest.mark.parametrize("words", KEPT)
def test_what_is_no_address_and_no_phone_stays(words):
    assert without_personal_data(words) == words


def test_an_address_said_in_words_needs_somebody_to_write_to():
    assert without_personal_data("send your CV to jane at example.com") == (
        f"send your CV to {EMAIL_REMOVED}"
    )
    assert without_personal_data("See careers at example.com") == "See careers at example.com"


def test_an_address_inside_a_url_goes_and_the_url_stays():
    assert without_personal_data("https://example.com/apply?to=jane@example.com&id=1") == (
        f"https://example.com/apply?to={EMAIL_REMOVED}&id=1"
    )


def test_an_address_between_han_characters_goes_alone():
    assert (
        without_personal_data("简历发送至jane@example.com谢谢") == f"简历发送至{EMAIL_REMOVED}谢谢"
    )


PIECES = st.sampled_from(
    [*EMAILS, *PHONES, *KEPT, "Email", "call", "at", "dot", "@", ".com", "a", "\n"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=8), st.sampled_from(["", " ", ", "]))
def test_a_text_once_cleaned_stays_as_it_is(pieces, joint):
    once = without_personal_data(joint.join(pieces))
    assert without_personal_data(once) == once
