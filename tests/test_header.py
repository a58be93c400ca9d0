"""Headers of ads without fields: who is hiring, for what, where."""

import pytest

from pipeline.postings.header import Header, read_header
from pipeline.postings.places import countries, metros, places_in


def test_bars_separate_employer_roles_place_and_the_rest():
    header = read_header(
        "Acme (YC S19) | Senior ML Engineer, Backend Engineer | San Francisco, CA or REMOTE (US)"
        " | Full-time | $150k-$180k | https://acme.example\n\nWe make anvils."
    )
    assert header == Header(
        employer="Acme",
        title="Senior ML Engineer, Backend Engineer",
        location="San Francisco, CA or REMOTE (US)",
        workplace_words="San Francisco, CA or REMOTE (US)",
    )


def test_several_roles_and_several_places_are_joined():
    header = read_header("Acme | Data Engineer | Oslo, Norway | Frontend Developer | London | VISA")
    assert header.title == "Data Engineer; Frontend Developer"
    assert header.location == "Oslo, Norway; London"


@pytest.mark.parametrize(
    ("text", "employer", "country"),
    [
        ("Palo Alto, CA - Acme - Full Time - Solutions Engineer", "Acme", ("US",)),
        ("Acme (http://acme.example) - NYC - Rails developer", "Acme", ("US",)),
        ("San Francisco / Remote. Acme is hiring engineers.", "Acme", ("US",)),
        ("Acme — https://jobs.acme.example | Amsterdam | Onsite", "Acme", ("NL",)),
        ("Acme / Remote (Canada) / Founding Software Engineer", "Acme", ("CA",)),
        ("Acme, London, Software Engineer, Erlang & Mobile", "Acme", ("GB",)),
        ("Acme (Palo Alto, CA) - Engineer - H1B", "Acme", ("US",)),
        ("Acme Inc. - Software Engineer | Oslo | ONSITE", "Acme Inc", ("NO",)),
        ("**Acme** | Oslo | Full-time", "Acme", ("NO",)),
        ("Software Engineer | Acme | Dublin, Ireland | ONSITE", "Acme", ("IE",)),
        ("Acme - Better Anvils.\n\nLos Angeles | Full Time | Remote option", "Acme", ("US",)),
        ("Acme\n\nHelsinki, onsite\n\nWe make anvils.", "", ("FI",)),
        ("Company: Acme\nRole: Engineer\nLocation: Lyon, France", "Acme", ("FR",)),
    ],
)
def test_older_and_freer_headers_are_read_too(text, employer, country):
    header = read_header(text)
    assert header.employer == employer
    assert countries(places_in(header.location)) == country


def test_a_remote_segment_with_an_area_is_a_location():
    header = read_header("Acme | Engineer | REMOTE (US only) | Full-time")
    assert countries(places_in(header.location)) == ("US",)
    assert "REMOTE" in header.workplace_words


def test_remote_alone_is_no_location():
    header = read_header("Acme | Engineer | REMOTE | Full-time")
    assert header.location == ""
    assert header.workplace_words == "REMOTE"


def test_an_employer_named_like_a_town_is_still_the_employer():
    header = read_header("Braintree | Infrastructure Engineer | Chicago | ONSITE")
    assert header.employer == "Braintree"
    assert metros(places_in(header.location)) == ()


def test_a_place_inside_a_role_is_used_when_no_segment_is_a_place():
    header = read_header("Acme | Senior Engineer (Berlin) | Full-time")
    assert metros(places_in(header.location)) == ("berlin",)


def test_working_hours_are_not_a_place():
    assert read_header("Acme | Engineer | Remote (US timezones) | Full-time").location == ""


@pytest.mark.parametrize("text", ["", "\n\n", "|||", "___ / ---", "🙂", "https://acme.example"])
def test_an_ad_without_a_header_gives_empty_words(text):
    header = read_header(text)
    assert header.location == header.title == ""
