"""Pages with schema.org JobPosting: every shape of it, broken ones, and what of a page is kept."""

import copy
import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError, SourceChanged
from pipeline.facts import facts
from pipeline.records import RawDocument
from pipeline.sources.broken_json import read_json
from pipeline.sources.career_pages import INFO, parse, starts, trimmed
from pipeline.sources.job_fields import amount

URL = "https://jobs.example.org/careers/1"
GOLDEN = Path(__file__).parent / "golden" / "career_pages"
JOB = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "A-1"},
    "title": "Data Engineer",
    "description": "<p>Build pipelines with PyTorch.</p>",
    "hiringOrganization": {
        "@type": "Organization",
        "name": "Acme",
        "sameAs": "https://acme.example/",
    },
    "jobLocation": {
        "@type": "Place",
        "address": {"addressLocality": "Porto", "addressCountry": "PT"},
    },
    "baseSalary": {
        "currency": "EUR",
        "value": {"minValue": 50000, "maxValue": 60000, "unitText": "YEAR"},
    },
    "employmentType": "FULL_TIME",
    "skills": ["Python", "SQL"],
    "qualifications": "Patience.",
    "datePosted": "2026-10-01",
    "url": "https://jobs.example.org/careers/1?ad=A-1",
}


def block(content):
    words = content if isinstance(content, str) else json.dumps(content)
    return f'<script type="application/ld+json">{words}</script>'


def document(body, url=URL):
    return RawDocument("career_pages", url, body, date(2026, 11, 20), url)


def page_of(*contents):
    return parse(document("<title>Jobs</title>" + "".join(block(one) for one in contents)))


def posting(**changes):
    (found,) = page_of({**JOB, **changes}).postings
    return found


def test_a_start_asks_each_page_that_the_config_names_once():
    found = starts(INFO, {"urls": [URL, f" {URL} ", "http://a.example/?x=1"]})
    assert [(one.url, one.scope) for one in found] == [
        (URL, URL),
        ("http://a.example/?x=1", "http://a.example/?x=1"),
    ]
    assert starts(INFO, {}) == []


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "jobs.example.org/1", "http://a b", 7, "http://["]
)
def test_a_start_refuses_what_is_no_web_address_by_name(url):
    with pytest.raises(InputError, match="career_pages: expected an address") as stopped:
        starts(INFO, {"urls": [URL, url]})
    assert repr(url) in str(stopped.value)


@pytest.mark.parametrize(
    "name",
    [
        "JobPosting",
        "schema:JobPosting",
        "http://schema.org/JobPosting",
        "https://schema.org/JobPosting",
        ["Thing", "JobPosting"],
    ],
)
def test_a_type_may_be_written_in_any_of_its_ways(name):
    assert posting(**{"@type": name}).title == "Data Engineer"


@pytest.mark.parametrize(
    "name", ["JobPostingAction", "NotAJobPosting", "Organization", None, 5, {}]
)
def test_another_type_is_no_job(name):
    with pytest.raises(SourceChanged, match="JobPosting"):
        page_of({**JOB, "@type": name})


@pytest.mark.parametrize(
    "wrapped",
    [
        [JOB],
        {"@graph": [{"@type": "WebSite"}, JOB]},
        {"@type": "WebPage", "mainEntity": JOB},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": JOB}]},
        [[{"x": [JOB]}]],
        {f"schema:{name}".replace("schema:@", "@"): value for name, value in JOB.items()},
    ],
)
def test_a_job_is_found_at_any_depth(wrapped):
    assert page_of(wrapped).postings == page_of(JOB).postings


def test_an_object_that_is_only_named_is_looked_up():
    other = {"@type": "Organization", "@id": "#o", "name": "Zeta"}
    (found,) = page_of({**JOB, "hiringOrganization": {"@id": "#o"}}, other).postings
    assert found.employer == "Zeta"


def test_two_jobs_on_a_page_are_two_postings_and_the_same_block_twice_is_one():
    other = {**JOB, "identifier": "A-2", "title": "Analyst"}
    assert [one.title for one in page_of(JOB, other, JOB).postings] == ["Data Engineer", "Analyst"]


def test_the_same_ad_in_microdata_and_json_ld_counts_once():
    item = (
        '<div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">{}</b></div>'
    )
    body = block(JOB) + item.format("Data  engineer") + item.format("Cook")
    assert [one.title for one in parse(document(body)).postings] == ["Data Engineer", "Cook"]


@pytest.mark.parametrize(
    ("identifier", "ending"),
    [
        ("A-1", "#A-1"),
        (17, "#17"),
        ({"value": "A-1"}, "#A-1"),
        ([None, {"value": 3}], "#3"),
        ("acme", "?"),
        ({"name": "Acme"}, "?"),
        ("", "?"),
        (None, "?"),
        ({"value": "Acme"}, "?"),
    ],
)
def test_an_id_is_the_pages_address_with_what_tells_its_ads_apart(identifier, ending):
    ending = "#" + JOB["url"] if ending == "?" else ending
    assert posting(identifier=identifier).source_id == URL + ending


def test_ads_that_nothing_tells_apart_are_counted():
    bare = {**JOB, "identifier": None, "url": None}
    found = page_of(bare, {**bare, "title": "Cook"}, {**bare, "title": "Baker"})
    assert [one.source_id for one in found.postings] == [URL, f"{URL}#2", f"{URL}#3"]


@pytest.mark.parametrize(
    "url",
    [
        "http://Acme co",
        "https://acme.example/",
        "https://acme.example",
        "javascript:void(0)",
        "",
        None,
        5,
        "http://[",
    ],
)
def test_an_address_that_is_not_the_ads_own_gives_way_to_the_page(url):
    found = posting(url=url)
    assert found.url in (URL, f"{URL.rsplit('/', 1)[0]}/5")
    assert posting(url="/careers/9").url == "https://jobs.example.org/careers/9"


def test_a_page_says_its_own_address():
    body = '<link rel="canonical" href="/careers/one">' + block({**JOB, "url": ""})
    assert parse(document(body)).postings[0].url == "https://jobs.example.org/careers/one"


@pytest.mark.parametrize(
    "text",
    [
        "<p>One &amp; all</p><ul><li>Two</li></ul>",
        "&lt;p&gt;One &amp;amp; all&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Two&lt;/li&gt;&lt;/ul&gt;",
        "&amp;lt;p&amp;gt;One &amp;amp;amp; all&amp;lt;/p&amp;gt;&amp;lt;ul&amp;gt;"
        "&amp;lt;li&amp;gt;Two&amp;lt;/li&amp;gt;&amp;lt;/ul&amp;gt;",
    ],
)
def test_html_is_read_however_often_it_was_escaped(text):
    found = posting(description=text, qualifications=None).description
    assert found == "One & all\n\n- Two"


def test_a_code_sample_in_html_stays_what_it_is():
    text = "<p>Write &lt;p&gt; and vector&lt;int&gt;, a &lt; b &amp;amp; so on.</p>"
    found = posting(description=text, qualifications="").description
    assert found == "Write <p> and vector<int>, a < b &amp; so on."


def test_a_section_is_added_once_and_skills_are_a_list_or_prose():
    found = posting(
        description="You need Patience. Much.",
        qualifications="patience",
        skills="You can write well, and you do so daily for our many readers.",
    )
    assert "Qualifications" not in found.description
    assert found.description.endswith(
        "Skills:\nYou can write well, and you do so daily for our many readers."
    )
    assert found.skills == ()
    assert posting(skills="Python, C#; SQL").skills == ("Python", "C#", "SQL")
    assert posting(skills=[{"@type": "DefinedTerm", "name": "Rust"}, None, "Go"]).skills == (
        "Rust",
        "Go",
    )


@pytest.mark.parametrize(
    ("place", "location"),
    [
        ("Lyon, France", "Lyon, France"),
        ({"address": "Lyon, France"}, "Lyon, France"),
        ({"name": "Head office"}, "Head office"),
        (
            {
                "address": {
                    "addressLocality": "Lyon",
                    "addressRegion": "-",
                    "addressCountry": ["FR"],
                }
            },
            "Lyon, France",
        ),
        (
            {
                "address": {
                    "addressLocality": "Boston, MA",
                    "addressRegion": "MA",
                    "addressCountry": "USA",
                }
            },
            "Boston, MA, USA",
        ),
        ({"address": {"addressCountry": ["CA", "AT"]}}, "Canada; Austria"),
        (
            {"address": {"addressLocality": ["Bonn", "Köln"], "addressCountry": {"name": "DE"}}},
            "Bonn, Germany; Köln, Germany",
        ),
        (
            [{"address": [{"addressLocality": "Bonn"}, {"addressLocality": "Ulm"}]}, None, 7],
            "Bonn; Ulm; 7",
        ),
        ({"address": {"addressLocality": "Anywhere", "addressCountry": "Anywhere"}}, "Anywhere"),
        ({"@type": "VirtualLocation"}, "Remote"),
        ({"addressLocality": "Turku", "addressCountry": "FI"}, "Turku, Finland"),
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"address": None}, ""),
        (True, ""),
    ],
)
def test_a_place_is_read_in_every_shape(place, location):
    assert posting(jobLocation=place).location == location


def test_names_speak_where_all_places_share_one_locality():
    places = [
        {"name": name, "address": {"addressLocality": "Riga", "addressRegion": "LV"}}
        for name in ("Riga", "Oslo", "Remote, US")
    ]
    assert posting(jobLocation=places).location == "Riga; Oslo; Remote, US"
    assert posting(jobLocation=places[1:2]).location == "Riga, LV"


def test_every_country_of_the_world_is_no_choice_of_places():
    codes = (
        "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY"
        " BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ES ET FI FJ FM"
        " FR GA GB"
    ).split()
    places = [{"address": {"addressCountry": code}} for code in codes]
    found = posting(jobLocation=places, jobLocationType="TELECOMMUTE")
    assert found.location == "Worldwide; Remote"
    assert facts(found).workplace == "remote"
    assert posting(jobLocation=places[:40]).location.count(";") == 39


def test_where_applicants_may_live_is_said_beside_the_office():
    found = posting(
        jobLocationType=["TELECOMMUTE"],
        applicantLocationRequirements=[
            {"@type": "Country", "name": "PT"},
            {"@type": "State", "name": "Ohio, USA"},
            "Canada",
        ],
    )
    assert found.location == "Porto, Portugal; Ohio, USA; Canada; Remote"


@pytest.mark.parametrize(
    ("salary", "shown"),
    [
        (
            {
                "currency": "gbp",
                "value": {"minValue": "85,000", "maxValue": 110000.0, "unitText": "YEAR"},
            },
            "Pay: 85000-110000 GBP per year",
        ),
        (
            {"currency": "EUR", "value": {"value": "25.50", "unitText": "Hour"}},
            "Pay: 25.5 EUR per hour",
        ),
        ({"currency": "USD", "value": 4000, "unitCode": "MON"}, "Pay: 4000 USD per month"),
        ({"currency": "USD", "minValue": 900, "unitText": "WEEK"}, "from 900 USD per week"),
        ({"currency": "USD", "value": {"minValue": 0, "maxValue": 0, "unitText": "YEAR"}}, ""),
        (
            {"currency": "USD", "value": {"minValue": 90, "maxValue": 80, "unitText": "DAY"}},
            "Pay: 80-90 USD per day",
        ),
        ({"currency": "USD", "value": {"minValue": 70000, "maxValue": None}}, "from 70000 USD"),
        ({"currency": "USD", "value": "$85k - 110k"}, "$85k - 110k"),
        (
            {"priceCurrency": "EUR", "price": "3.500", "unitText": "MONTH"},
            "Pay: 3500 EUR per month",
        ),
        (
            [{"currency": "EUR", "value": [{"maxValue": 9, "unitText": "HOUR"}]}],
            "Pay: up to 9 EUR per hour",
        ),
        ("80,000 - 90,000 EUR a year", "80,000 - 90,000 EUR a year"),
        (50000, "50000"),
        ({"currency": "USD", "value": "55000", "unitCode": "ANN"}, ""),
        ({"currency": "EUR", "value": "55000", "unitCode": "ANN"}, "Pay: 55000 EUR per year"),
        (
            {"currency": "USD", "value": {"value": 55000, "unitText": "YEAR"}},
            "Pay: 55000 USD per year",
        ),
        ("competitive", ""),
        ("0", ""),
        (None, ""),
        ([], ""),
        ({}, ""),
        (True, ""),
        ([[None]], ""),
    ],
)
def test_pay_is_read_in_every_shape(salary, shown):
    assert posting(baseSalary=salary).salary == shown


@pytest.mark.parametrize(
    ("stated", "number"),
    [
        ("1e999", None),
        (float("inf"), None),
        (True, None),
        ("9" * 400, None),
        ("-5", None),
        ("12.345,50", 12345.5),
    ],
)
def test_an_amount_is_a_number_a_person_could_earn(stated, number):
    assert amount(stated) == number


def test_an_expired_ad_is_kept_while_its_page_states_it():
    assert posting(validThrough="2020-01-01", datePosted="2019-12-01").posted_on == date(
        2019, 12, 1
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": None}, "expected a title"),
        ({"title": 42}, "title as text, saw int"),
        ({"title": {}}, "title as text, saw dict"),
        ({"title": [" "]}, "expected a title"),
        ({"description": {"a": 1}}, "description as text, saw dict"),
        ({"datePosted": "soon"}, "soon"),
    ],
)
def test_a_bad_record_is_set_aside_with_its_reason_and_counts_as_listed(changes, reason):
    page = page_of(JOB, {**JOB, "identifier": "B", **changes})
    assert [one.source_id for one in page.postings] == [f"{URL}#A-1"]
    assert reason in page.rejected[0].reason
    assert page.listed == {f"{URL}#A-1", f"{URL}#B"}


def test_a_field_nobody_decided_about_is_drift():
    assert page_of({**JOB, "moodOfTheTeam": 1}).drift == {"moodOfTheTeam"}
    assert page_of(JOB).drift == set()


@pytest.mark.parametrize(
    "words",
    [
        '{"a": "raw\nbreak\ttab"}',
        r'{"a": "¯\_(ツ)_/¯"}',
        '<!-- {"a": 1} -->',
        '{"a": 1,}',
        '{"a": 1};',
        '//<![CDATA[\n{"a": 1}\n//]]>',
        '/*<![CDATA[*/{"a": 1}/*]]>*/',
        '<!-- a note --> {"a": 1}',
        "{&quot;a&quot;: 1}",
        '\ufeff {"a": 1}',
        '{"a": 1}</script><p>',
        '{"a": "she said "yes" to it"}',
    ],
)
def test_json_that_a_writer_slipped_in_is_mended(words):
    value, reason = read_json(words)
    assert (list(value), reason) == (["a"], "")


def test_mending_keeps_every_letter():
    assert read_json('{"a": "x\ny", "b": "¯\\_(ツ)_/¯"}')[0] == {"a": "x\ny", "b": "¯\\_(ツ)_/¯"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ('{"@type": "JobPosting", "title": "cut in the mid', "ends in the middle"),
        ("JobPosting? soon!", "is no JSON"),
        ("[" * 100_000 + '"JobPosting"' + "]" * 100_000, "nested deeper"),
        ('{"@type":"JobPosting","x":' + "[" * 100_000, "nested deeper"),
        ('{"@type":"JobPosting","x":' + "[" * 300 + "]" * 300 + "}", "nested deeper"),
        ('{"@type":"JobPosting",,"x":"' + "a " * 500_000 + '"}', "too long to mend"),
    ],
)
def test_a_block_that_cannot_be_mended_is_reported_and_stops_a_page_with_nothing_else(
    words, reason
):
    with pytest.raises(SourceChanged, match=reason):
        page_of(words)
    page = page_of(JOB, words)
    assert len(page.postings) == 1
    assert (
        page.rejected[0].reason.startswith("JSON-LD block 2: ")
        and reason in page.rejected[0].reason
    )
    assert page.short


def test_microdata_speaks_where_the_json_ld_is_lost():
    item = (
        '<div itemscope itemtype="http://schema.org/JobPosting"><b itemprop="title">Cook</b>'
        '<div itemprop="description"><p>Soup.</p><p>Bread.</p></div></div>'
    )
    page = parse(document(block('{"@type": "JobPosting", "title": "Co') + item))
    assert [(one.title, one.description) for one in page.postings] == [("Cook", "Soup.\n\nBread.")]
    assert "ends in the middle" in page.rejected[0].reason


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<title>Gone fishing</title><p>No jobs</p>", '"Gone fishing" with none'),
        (block("") + block("  \n"), "a page without a title with none"),
        ("", "a page without a title"),
        ("<!-- -->", "a page without a title"),
        (
            block([{"@type": "JobPosting", "url": f"/{n}"} for n in range(3)]),
            "addresses of 3 such pages",
        ),
        ('<div itemscope itemtype="http://schema.org/JobPosting"></div>', "without properties"),
    ],
)
def test_a_page_without_a_job_stops_its_scope_and_says_what_was_seen(body, seen):
    with pytest.raises(SourceChanged, match="expected a page with a schema") as stopped:
        parse(document(body))
    assert seen in str(stopped.value)


def read_as(body):
    try:
        return parse(document(body))
    except SourceChanged as stopped:
        return str(stopped)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.html")), ids=lambda path: path.name)
def test_a_trimmed_page_reads_like_the_page_and_names_nobody(path):
    body = path.read_text(encoding="utf-8")
    kept = trimmed(body)
    assert read_as(kept) == read_as(body)
    assert trimmed(kept) == kept
    for word in (
        "Holly",
        "Wanda",
        "Pia",
        "@tidetern",
        "7946",
        "fisher",
        "431234567",
        "dataLayer",
        "track(",
    ):
        assert word not in kept


def test_a_trimmed_real_page_reads_like_the_page(shared):
    pages = sorted((shared / "payloads" / "jsonld_pages").glob("*.html"))
    read = 0
    for path in pages:
        body = path.read_text(encoding="utf-8")
        assert read_as(trimmed(body)) == read_as(body), path.name
        read += not isinstance(read_as(body), str)
    assert read >= 6


def test_a_trimmed_page_keeps_what_it_says_about_machines_and_its_text_where_it_states_nothing():
    kept = trimmed(
        '<html lang="de"><head><title>Wir &amp; du</title><meta name="TDM-Reservation" content="1">'
        '<meta name="robots" content="noindex"><style>p{}</style></head>'
        "<body><p>Hallo, x@y.example</p>"
    )
    for words in (
        '<html lang="de">',
        "<title>Wir &amp; du</title>",
        "Hallo, [e-mail removed]",
        '<meta name="tdm-reservation" content="1">',
        '<meta name="robots" content="noindex">',
    ):
        assert words in kept
    assert "p{}" not in kept
    assert len(trimmed("<p>word</p>" * 50_000)) < 101_000


def test_an_address_after_a_line_break_leaves_json_that_can_be_read():
    body = block({**JOB, "description": "Write to\njane@acme.example\n+1 202-555-0143"})
    assert "acme.example\\n" not in trimmed(body) and "jane" not in trimmed(body)
    assert "[e-mail removed]\n[phone removed]" in parse(document(body)).postings[0].description


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000 + block(JOB),
        "\x00\ud800<?xml version='1.0'?>" + block({**JOB, "x": "\ud800\x00"}),
        '<html itemscope itemtype="http://schema.org/WebPage">' + block(JOB),
        block(JOB) + '<a itemtype="' * 50_000,
        block([JOB] + [{**JOB, "@type": "JobPosting "}] * 5_000),
        block(JOB) + block("<!--" * 100_000) + block("//" * 100_000),
        block(JOB) + "<div itemscope itemtype='http://schema.org/JobPosting'>" * 3000,
        block(
            [
                {"@id": "#a", "b": [{"@id": "#a"}] * 500},
                {**JOB, "hiringOrganization": [{"@id": "#a"}] * 5000},
                JOB,
            ]
        ),
    ],
)
def test_a_hostile_page_still_gives_its_ad_in_good_time(body):
    started = time.monotonic()
    assert "Data Engineer" in {one.title for one in parse(document(body)).postings}
    trimmed(body).encode("utf-8")
    assert time.monotonic() - started < 10


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["", "-", "<p>", "&lt;p&gt;", "http://[", "@", "DE", "\ud800", "9" * 40]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "value",
                    "address",
                    "addressCountry",
                    "@id",
                    "@type",
                    "@value",
                    "minValue",
                    "unitText",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def spots(value, way=()):
    """Return the ways to every value inside a value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [found for key, one in inner for found in [(*way, key), *spots(one, (*way, key))]]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_job_with_any_value_replaced_is_read_or_set_aside(data):
    job = copy.deepcopy(JOB)
    for way in data.draw(st.lists(st.sampled_from(spots(JOB)), min_size=1, max_size=4)):
        place = job
        for key in way[:-1]:
            place = place.get(key) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place[way[-1]] = data.draw(JUNK)
    body = block(json.dumps(job))
    found = read_as(body)
    assert found == read_as(trimmed(body))
    if not isinstance(found, str):
        assert len(found.postings) + len(found.rejected) >= 1
        for one in found.postings:
            assert one.title and one.source_id.startswith(URL) and replace(one) == one


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_page_with_any_letters_changed_is_read_or_refused(data):
    body = block(JOB) + (GOLDEN / "microdata.html").read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        gone = data.draw(st.integers(0, 20))
        put = data.draw(
            st.text(max_size=3) | st.sampled_from(['"', "\\", "{", "]", "</script>", "<!--"])
        )
        body = body[:at] + put + body[at + gone :]
    assert read_as(body) == read_as(trimmed(body))
