"""Places: from the words of a location field to countries and metros, and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.postings.gazetteer import REGIONS, gazetteer
from pipeline.postings.places import (
    countries,
    metros,
    notation,
    place_share,
    places_in,
    places_of,
)
from pipeline.postings.text_places import places_in_text
from pipeline.records import Place


def read(location, hint=""):
    """Return a location as "country[-part] city" words, one for each place."""
    return [
        " ".join(filter(None, (place.subdivision or place.country, place.city))) or place.region
        for place in places_in(location, text_hint=hint)
    ]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Cambridge, MA", ["US-MA Cambridge"]),
        ("Cambridge, UK", ["GB-ENG Cambridge"]),
        ("London, ON", ["CA-ON London"]),
        ("London", ["GB-ENG London"]),
        ("Portland, ME", ["US-ME Portland"]),
        ("Portland", ["US-OR Portland"]),
        ("San Jose, CA", ["US-CA San Jose"]),
        ("San Jose, Costa Rica", ["CR San José"]),
        ("Paris, TX", ["US-TX Paris"]),
        ("Ontario, CA", ["US-CA Ontario"]),
        ("Oregon, IL", ["US-OR", "US-IL"]),
        ("Iowa, LA", ["US-IA", "US-LA"]),
        ("Ontario, CAN", ["CA-ON"]),
        ("Birmingham, AL", ["US-AL Birmingham"]),
        ("Vancouver, WA", ["US-WA Vancouver"]),
        ("Vancouver, BC", ["CA-BC Vancouver"]),
        ("Richmond, CA 94804", ["US-CA Richmond"]),
        ("Quebec, QC", ["CA-QC Québec"]),
        ("Surrey, UK", ["GB"]),
        ("Boston; Cambridge", ["US-MA Boston", "US-MA Cambridge"]),
        ("Atlanta, Birmingham", ["US-GA Atlanta", "US-AL Birmingham"]),
        ("London; Toronto", ["GB-ENG London", "CA-ON Toronto"]),
    ],
)
def test_a_homonym_is_decided_by_what_stands_beside_it_else_by_size(location, expected):
    assert read(location) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Tbilisi, Georgia", ["GE Tbilisi"]),
        ("Atlanta, Georgia", ["US-GA Atlanta"]),
        ("Armenia, Georgia, Ukraine", ["AM", "GE", "UA"]),
        ("CA", ["US-CA"]),
        ("US, CA, UK", ["US", "CA", "GB"]),
        ("AZ, CA, MA", ["US-AZ", "US-CA", "US-MA"]),
        ("Remote (US: NC, CO, UT, MA)", ["US", "US-NC", "US-CO", "US-UT", "US-MA"]),
        ("US | MX | CA | Utah", ["US", "MX", "CA", "US-UT"]),
        ("Indianapolis, IN", ["US-IN Indianapolis"]),
        ("Bangalore, IN", ["IN-KA Bengaluru"]),
        ("Wilmington, DE", ["US-DE Wilmington"]),
        ("Munich, DE", ["DE-BY Munich"]),
        ("Berlin, BE", ["DE-BE Berlin"]),
        ("New Orleans, LA", ["US-LA New Orleans"]),
        ("SF, LA", ["US-CA San Francisco", "US-CA Los Angeles"]),
        ("Philomath, OR", ["US-OR"]),
        ("AU or NZ", ["AU", "NZ"]),
    ],
)
def test_a_code_is_a_state_or_a_country_as_its_company_tells(location, expected):
    assert read(location) == expected


@pytest.mark.parametrize(
    "location",
    [
        "Anywhere",
        "Remote",
        "TF",
        "TF or AQ",
        "EST",
        "UTC+2 to UTC-5",
        "Python",
        "Java",
        "Lead",
        "most of the time, split across teams",
        "reading papers",
        "REMOTE, full-time, ON-SITE possible",
        "Remote (US timezones)",
        "European time zones",
        "SWE, ML",
        "TL;DR",
        "Computer Science, Computer",
        "QA Engineer",
        "",
    ],
)
def test_words_hours_and_trades_are_no_places(location):
    assert places_in(location) == ()


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Reading", ["GB-ENG Reading"]),
        ("Nice, France", ["FR Nice"]),
        ("Mobile, AL", ["US-AL Mobile"]),
        ("Split", ["HR Split"]),
        ("Bath, UK", ["GB-ENG Bath"]),
    ],
)
def test_a_town_that_is_a_word_counts_where_it_can_only_be_the_town(location, expected):
    assert read(location) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Remote (US)", ["US"]),
        ("REMOTE (US only)", ["US"]),
        ("US/Canada", ["US", "CA"]),
        ("REMOTE OR NYC", ["US-NY New York City"]),
        ("USA (SF, NYC) and Norway", ["US-CA San Francisco", "US-NY New York City", "NO"]),
        ("Oslo, Norway; Remote-Friendly, United States", ["NO Oslo", "US"]),
        ("Hybrid remote in Rochester, NY 14623+3 locations", ["US-NY Rochester"]),
        ("India, Bengaluru", ["IN-KA Bengaluru"]),
        ("Gurgaon, Haryana", ["IN-HR Gurugram"]),
        ("1221 Broadway Suite 9, Oakland, CA 94612, US", ["US-CA Oakland"]),
        ("Leicester Square, London, UK", ["GB-ENG London"]),
        ("boston, ma", ["US-MA Boston"]),
        ("Zürich", ["CH-ZH Zürich"]),
        ("München", ["DE-BY Munich"]),
        ("北京", ["CN-BJ Beijing"]),
        ("上海-浦东新区", ["CN-SH Shanghai"]),
        ("서울", ["KR Seoul"]),
        ("Москва", ["RU Moscow"]),
        ("DACH", ["DE", "AT", "CH"]),
        ("Home based - LATAM", ["latin_america_caribbean"]),
        ("EU", ["europe"]),
        ("Ghent [BE]", ["BE Gent"]),
    ],
)
def test_every_place_of_a_location_is_read_in_order(location, expected):
    assert read(location) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Palo Alto, CA", ("sf_bay_area",)),
        ("Bay Area", ("sf_bay_area",)),
        ("Brisbane, CA", ("sf_bay_area",)),
        ("Santa Cruz, CA", ()),
        ("Waltham, MA", ("boston",)),
        ("Greater Boston Area", ("boston",)),
        ("Worcester, MA", ()),
        ("Hopkinton, MA", ("boston",)),
        ("Purchase, NY", ("new_york",)),
        ("Woodbridge Township, NJ", ("new_york",)),
        ("Parsippany, NJ", ("new_york",)),
        ("Princeton, NJ", ()),
        ("Ealing, UK", ("london",)),
        ("Courbevoie, France", ("paris",)),
        ("US-CA-Menlo Park", ("sf_bay_area",)),
        ("Jersey City, NJ", ("new_york",)),
        ("Brooklyn", ("new_york",)),
        ("Stamford, CT", ()),
        ("Redmond, WA", ("seattle",)),
        ("Santa Monica, CA", ("los_angeles",)),
        ("Irvine, CA", ()),
        ("Mississauga, ON", ("toronto",)),
        ("Hamilton, ON", ()),
        ("Potsdam, Germany", ()),
        ("Zug/Zurich", ("zurich",)),
        ("Yokohama, Japan", ()),
        ("Tokyo, Japan", ("tokyo",)),
        ("Singapore", ("singapore",)),
        ("NYC & Berlin", ("berlin", "new_york")),
    ],
)
def test_suburbs_belong_to_their_metro_and_neighbouring_cities_do_not(location, expected):
    assert metros(places_in(location)) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Boston, Lincolnshire, UK", ["GB-ENG Boston"]),
        ("Washington, Tyne and Wear, UK", ["GB-ENG Washington"]),
        ("Austin, Travis County, Texas", ["US-TX Austin"]),
    ],
)
def test_a_county_may_stand_between_a_town_and_its_country(location, expected):
    assert read(location) == expected


def test_two_cities_before_a_country_are_two_cities():
    assert metros(places_in("Boston, Berlin, UK")) == ("berlin", "boston")


def test_the_codes_of_hiring_software_name_a_state_and_not_a_second_country():
    assert countries(places_in("US - CA - Remote")) == ("US",)
    assert countries(places_in("CA-ON-Toronto")) == ("CA",)
    assert countries(places_in("US, CA")) == ("CA", "US")


def test_a_hint_decides_between_homonyms_only_where_the_string_does_not():
    assert read("Victoria", "We are a crew in British Columbia, Canada.") == ["CA-BC Victoria"]
    assert read("Portland", "On the coast of Maine.") == ["US-ME Portland"]
    assert read("Portland, OR", "On the coast of Maine.") == ["US-OR Portland"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do maths.\nLocation: Leeds, UK\nPay: fair", ("GB",)),
        ("We are based in Ghent and sell socks.", ("BE",)),
        ("Come to our office in Lyon, France.", ("FR",)),
        ("工作地点：深圳", ("CN",)),
        ("Our customers in Spain and Italy love us.", ()),
        ("We read most papers in Nature and split the work.", ()),
        ("Experience in Java and in Python.", ()),
    ],
)
def test_running_text_gives_a_place_only_where_it_says_so_outright(text, expected):
    assert countries(places_in_text(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "You are welcome to work in our office in Porto, Oslo or at home.",
        "We are hiring in Oslo and Porto.",
        "This role can be based in Oslo or Porto.",
        "Location: Hybrid in Oslo or Porto",
        "Locations\nOslo, Remote, Porto\nDepartment\nData",
        "We have positions all over the place, including:\n\n * Oslo\n * Porto\n\nTell us more.",
        "Able to commute to our Oslo office or relocate to Porto",
    ],
)
def test_a_text_names_the_places_it_gives_the_job_where_no_field_does(text):
    assert countries(places_of("", text)) in (("NO", "PT"), ("PT",))
    assert countries(places_of("Ghent", text)) == ("BE",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You are eligible to work in Canada.", ("CA",)),
        ("Our four founders came to Canada from afar.", ("CA",)),
        ("You must be a U.S. citizen.", ("US",)),
        ("Our teams sit between France, the USA and Japan.", ()),
        ("You report to Chad. JOIN US TODAY", ()),
        ("Remote (US time zones)", ()),
    ],
)
def test_without_any_place_the_one_country_an_ad_names_is_taken(text, expected):
    assert countries(places_of("", text)) == expected


def test_a_head_office_is_no_place_of_work():
    assert places_of("", "Headquartered in Paris, we sell paper.") == ()


def test_a_chinese_head_office_tells_the_country_and_no_more():
    found = places_of("", "我们公司总部位于深圳，业务遍及全球。")
    assert (countries(found), metros(found)) == (("CN",), ())


def test_the_places_of_pay_bands_count_where_an_ad_names_no_other():
    text = "Reno, NV: $90,000 - $95,000\nNew York, NY: $99,000 - $104,000"
    assert metros(places_of("", text)) == ("new_york",)
    assert metros(places_of("Ghent", text)) == ()


def test_a_segment_of_places_and_work_modes_is_wholly_a_place():
    assert place_share("REMOTE (US) or Oslo") == 1.0
    assert place_share("Senior Rust Engineer, Oslo") < 0.5
    assert place_share("Acme Rockets") == 0.0


def every_place():
    """Draw any place the reader can give: cities, states, countries, metros, regions."""
    index = gazetteer()
    return st.one_of(
        st.sampled_from(index.city_ids).map(lambda city: index.place("", "", city)),
        st.sampled_from(sorted(index.subdivisions)).map(lambda iso: index.place(iso[:2], iso)),
        st.sampled_from(sorted(index.countries)).map(index.place),
        st.sampled_from(index.metros).map(index.metro),
        st.sampled_from(REGIONS).map(lambda region: Place(region=region)),
    )


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_canonical_notation_reads_back_to_the_same_places(data):
    places = tuple(data.draw(st.lists(every_place(), unique=True, max_size=6)))
    assert places_in("; ".join(map(notation, places))) == places


def test_every_city_of_the_gazetteer_reads_back():
    index = gazetteer()
    wrong = [
        place
        for city in index.city_ids
        if places_in(notation(place := index.place("", "", city))) != (place,)
    ]
    assert wrong == []


def test_every_place_has_a_country_or_a_region():
    index = gazetteer()
    assert all(index.place("", "", city).country for city in index.city_ids)
