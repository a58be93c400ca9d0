"""Lever, Ashby and SmartRecruiters: what their answers say in ways that no golden one does."""

import json
from datetime import date

import pytest

from pipeline import sources
from pipeline.edge.archive import Archive
from pipeline.edge.cleaning import Policy
from pipeline.errors import SourceChanged
from pipeline.facts import facts
from pipeline.records import RawDocument
from pipeline.sources.lever import with_country
from pipeline.sources.source import starts

NAMES = ("lever", "ashby", "smartrecruiters")
LISTING = "http://127.0.0.1:8/v1/companies/Mill/postings?limit=100&offset=0"


def parse(name, answer, url="https://api.example.org/", **about):
    body = answer if isinstance(answer, str) else json.dumps(answer)
    about = {"scope": "quarry"} | about
    return sources.load(name).parse(RawDocument(name, url, body, date(2026, 11, 20), **about))


def lever(**fields):
    page = parse("lever", [{"id": "a1", "text": "Engineer"} | fields])
    return page.postings[0]


def ashby(**fields):
    page = parse("ashby", {"jobs": [{"id": "b1", "title": "Engineer"} | fields]})
    return page.postings[0]


def detail(row=None, **fields):
    row = {"id": "700", "name": "Miller"} | (row or {})
    return parse("smartrecruiters", fields, row=json.dumps(row, sort_keys=True))


def listing(*ids, **head):
    content = [{"id": one, "name": f"Miller {one}"} for one in ids]
    return parse("smartrecruiters", {"content": content} | head, LISTING, scope="Mill")


@pytest.mark.parametrize("name", NAMES)
def test_a_board_without_postings_is_empty_and_no_error(name):
    nothing = {
        "lever": [],
        "ashby": {"jobs": [], "apiVersion": "1"},
        "smartrecruiters": {"offset": 0, "limit": 100, "totalFound": 0, "content": []},
    }
    page = parse(name, nothing[name])
    assert (page.postings, page.listed, page.more, page.drift) == ([], set(), [], set())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("lever", "https://api.lever.co/v0/postings/Quarry%20Works?mode=json"),
        (
            "ashby",
            "https://api.ashbyhq.com/posting-api/job-board/Quarry%20Works?includeCompensation=true",
        ),
        (
            "smartrecruiters",
            "https://api.smartrecruiters.com/v1/companies/Quarry%20Works/postings"
            "?limit=100&offset=0",
        ),
    ],
)
def test_a_run_asks_each_named_board_once(name, first):
    info = sources.load(name).INFO
    asked = starts(info, {**info, info["scopes"]: ["Quarry Works", "Quarry Works"]})
    assert [(one.url, one.scope) for one in asked] == [(first, "Quarry Works")]


@pytest.mark.parametrize("name", NAMES)
def test_the_names_of_recruiters_are_never_stored(name, tmp_path):
    policies = {name: Policy.from_info(sources.load(name).INFO)}
    archive = Archive(tmp_path, policies)
    people = {"creator": "Ann", "recruiter": {"name": "Ann"}, "hiringManager": ["Ann"]}
    assert "Ann" not in archive.clean(name, json.dumps([{"id": "1"} | people]))


def test_a_custom_field_that_may_name_a_person_is_never_stored(tmp_path):
    policies = {"smartrecruiters": Policy.from_info(sources.load("smartrecruiters").INFO)}
    field = [{"fieldLabel": "Hiring manager", "valueLabel": "Ann"}]
    body = json.dumps({"content": [{"id": "1", "customField": field}]})
    assert "Ann" not in Archive(tmp_path, policies).clean("smartrecruiters", body)


@pytest.mark.parametrize("name", ["lever", "ashby"])
def test_the_board_stands_for_the_employer_that_nobody_named(name):
    field = {"lever": "text", "ashby": "title"}[name]
    record = {"id": "1", field: "Engineer"}
    answer = [record] if name == "lever" else {"jobs": [record]}
    assert parse(name, answer).postings[0].employer == "quarry"
    assert parse(name, answer, employer="Quarry Ltd").postings[0].employer == "Quarry Ltd"


@pytest.mark.parametrize("title", [None, "", " ", 7, ["Engineer"]])
def test_one_posting_without_a_title_is_set_aside_and_stays_listed(title):
    good = {"id": "1", "text": "Engineer"}
    page = parse("lever", [good, {"id": "2", "text": title}])
    assert [one.source_id for one in page.postings] == ["1"]
    assert [one.source_id for one in page.rejected] == ["2"]
    assert page.listed == {"1", "2"}


def test_postings_grouped_by_team_are_another_format():
    with pytest.raises(SourceChanged, match="lever"):
        parse("lever", [{"title": "Research", "postings": [{"id": "1", "text": "Engineer"}]}])


def test_lever_joins_the_parts_of_a_text_in_reading_order():
    found = lever(
        description="<p>One &amp; only</p>",
        lists=[{"text": "Two", "content": "<li>three</li><li>four</li>"}, {"content": "five\nsix"}],
        additional="seven\neight",
        salaryDescription="<p>nine</p>",
    )
    words = found.description.replace("- ", "").split()
    assert " ".join(words) == "One & only Two three four five six seven eight nine"
    assert "- three\n- four" in found.description
    assert "seven\neight" in found.description


def test_lever_falls_back_to_opening_and_body_and_to_plain_text():
    found = lever(opening="<p>Hello.</p>", description="", descriptionBodyPlain="a < b\nR&D")
    assert found.description == "Hello.\n\na < b\nR&D"


def test_an_opening_that_the_description_repeats_is_said_once():
    found = lever(opening="<p>Hello.</p>", description="<p>Hello.</p><p>Work.</p>")
    assert found.description == "Hello.\n\nWork."


def test_html_that_came_escaped_is_read_as_html():
    assert lever(description="&lt;p&gt;R&amp;amp;D&lt;/p&gt;").description == "R&D"


@pytest.mark.parametrize(
    ("stated", "workplace"),
    [
        ("onsite", "onsite"),
        ("on-site", "onsite"),
        ("ON_SITE", "onsite"),
        ("hybrid", "hybrid"),
        ("remote", "remote"),
        ("unspecified", "unknown"),
        (None, "unknown"),
    ],
)
def test_lever_workplaces_are_known_however_they_are_written(stated, workplace):
    found = lever(workplaceType=stated, categories={"location": "Oslo"})
    assert facts(found).workplace == workplace


@pytest.mark.parametrize(
    ("interval", "salary"),
    [
        ("per-year-salary", "Pay: 10-20.5 EUR per year"),
        ("per-month-salary", "Pay: 10-20.5 EUR per month"),
        ("per-day-wage", "Pay: 10-20.5 EUR per day"),
        ("per-hour-wage", "Pay: 10-20.5 EUR per hour"),
        ("PER_HOUR_WAGE", "Pay: 10-20.5 EUR per hour"),
        ("one-time", ""),
        ("bi-week-salary", ""),
        (None, ""),
    ],
)
def test_lever_pay_has_a_period_that_we_know_or_is_none(interval, salary):
    stated = {"min": "10", "max": 20.5, "currency": "eur", "interval": interval}
    assert lever(salaryRange=stated).salary == salary


@pytest.mark.parametrize("zero", [0, "0", None, ""])
def test_an_amount_of_zero_is_no_pay(zero):
    stated = {"min": zero, "max": zero, "currency": "EUR", "interval": "per-week-salary"}
    assert lever(salaryRange=stated).salary == ""


def test_weekly_pay_is_read_from_its_words():
    stated = {"min": 1000, "max": None, "currency": "USD", "interval": "per-week-salary"}
    found = facts(lever(salaryRange=stated, categories={"location": "Austin, TX"}))
    assert found.salary == (52000, None, "USD", "year")


def test_a_date_is_not_invented_and_milliseconds_are_not_seconds():
    assert lever(createdAt=1793613600123).posted_on == date(2026, 11, 2)
    assert [lever(createdAt=value).posted_on for value in (None, 0, "")] == [None] * 3


@pytest.mark.parametrize(
    ("place", "code", "shown", "country"),
    [
        ("London", "GB", "London", "GB"),  # said already
        ("New York, NY", "US", "New York, NY", "US"),
        ("Cambridge", "US", "Cambridge, United States", "US"),  # else read as the one in England
        ("Remote", "CA", "Remote, Canada", "CA"),  # as a code it would be California
        ("Head office", "ca", "Head office, Canada", "CA"),
        ("", "SE", "Sweden", "SE"),
        ("London", "", "London", "GB"),
        ("Berlin", "XX", "Berlin", "DE"),
        ("Oslo, Norway", "US", "Oslo, Norway", "NO"),  # the place's own words win
        ("Remote", "GE", "Remote", None),  # the name would be read as the American state
    ],
)
def test_the_country_of_the_first_place_is_said_where_the_place_does_not(
    place, code, shown, country
):
    assert with_country(place, code) == shown
    found = facts(lever(categories={"location": place}, country=code)).countries
    assert found == ((country,) if country else ())


def test_the_country_is_not_given_to_the_other_places():
    found = lever(
        categories={"location": "Stockholm", "allLocations": ["Stockholm", "London"]}, country="SE"
    )
    assert found.location == "Stockholm; London"
    assert facts(found).countries == ("GB", "SE")


@pytest.mark.parametrize("address", [None, {}, {"postalAddress": {}}, {"postalAddress": None}])
def test_an_ashby_place_needs_no_address(address):
    assert ashby(location="Oslo", address=address).location == "Oslo"
    assert ashby(location="Oslo").location == "Oslo"


def test_an_ashby_address_settles_which_town_of_that_name_is_meant():
    address = {"addressLocality": "Cambridge ", "addressRegion": "MA", "addressCountry": "USA"}
    found = ashby(location="Cambridge office", address={"postalAddress": address})
    assert found.location == "Cambridge, MA, USA"
    assert facts(found).countries == ("US",)


@pytest.mark.parametrize(
    ("label", "city", "shown"),
    [
        ("London", "London", "London, United Kingdom"),
        ("Remote", "", "Remote; United Kingdom"),
        ("Remote (UK)", "", "Remote (UK)"),
        ("Remote - London", "London", "Remote - London"),
        ("London / Paris", "London", "London / Paris"),
        ("", "Leeds", "Leeds, United Kingdom"),
        ("HQ", "Leeds", "HQ; Leeds, United Kingdom"),
    ],
)
def test_an_ashby_place_is_said_once_and_whole(label, city, shown):
    address = {"addressLocality": city, "addressRegion": city, "addressCountry": "United Kingdom"}
    found = ashby(location=label, address={"postalAddress": address})
    assert found.location == shown
    assert "GB" in facts(found).countries


@pytest.mark.parametrize(
    ("fields", "workplace"),
    [
        ({"workplaceType": "Hybrid", "isRemote": True}, "hybrid"),
        ({"workplaceType": "OnSite", "isRemote": True}, "onsite"),
        ({"workplaceType": "Remote", "isRemote": False}, "remote"),
        ({"workplaceType": None, "isRemote": True}, "remote"),
        ({"isRemote": True}, "remote"),
        ({"isRemote": False}, "unknown"),
        ({"workplaceType": None, "isRemote": None}, "unknown"),
    ],
)
def test_ashby_isremote_speaks_only_where_workplacetype_does_not(fields, workplace):
    assert facts(ashby(location="Oslo", **fields)).workplace == workplace


def test_a_job_that_is_not_listed_is_no_posting_and_no_drift():
    jobs = [{"id": "1", "title": "Engineer", "isListed": False, "department": "Secret"}]
    page = parse("ashby", {"jobs": jobs})
    assert (page.postings, page.rejected, page.listed, page.drift) == ([], [], set(), set())


def salary(low, high, interval="1 YEAR", currency="USD"):
    return {
        "compensationType": "Salary", "interval": interval, "currencyCode": currency,
        "minValue": low, "maxValue": high,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "words", "pay"),
    [
        ([salary(90000, 120000)], None, (90000, 120000, "USD", "year")),
        ([salary("45", "60", "1 HOUR")], None, (45, 60, "USD", "hour")),
        ([salary(None, 7000, "1 MONTH", "EUR")], None, (None, 7000, "EUR", "month")),
        ([salary(1000, 2000, "1 WEEK")], "$1K – $2K per week", (52000, 104000, "USD", "year")),
        ([salary(10000, 10000, "1 TIME")], "$10K", None),
        ([salary(80000, 90000), salary(100000, 110000)], None, (80000, 110000, "USD", "year")),
        ([salary(80000, 90000), salary(70000, 75000, currency="EUR")], None,
         (80000, 90000, "USD", "year")),
        ([], "$265K – $350K • Offers Equity", (265000, 350000, "USD", "year")),
        ([], "$50K – $100K Equity • $150K – $200K • Offers Bonus",
         (150000, 200000, "USD", "year")),
        ([], "OTE $168K – $231K • Offers Equity • 75/25 Split", (168000, 231000, "USD", "year")),
        ([], "Offers Equity", None),
        ([], None, None),
    ],
)  # fmt: skip
def test_ashby_pay_comes_from_its_fields_else_from_the_words_on_salary(parts, words, pay):
    stated = {"summaryComponents": parts, "compensationTierSummary": words}
    assert facts(ashby(location="Austin, TX", compensation=stated)).salary == pay


def test_ashby_pay_that_is_not_to_be_shown_is_not_read():
    stated = {"summaryComponents": [salary(1, 2)], "compensationTierSummary": "$1K – $2K"}
    found = ashby(compensation=stated, shouldDisplayCompensationOnJobPostings=False)
    assert found.salary == ""


def test_ashby_boards_before_2026_and_of_today_are_both_read_without_drift():
    job = {"id": "1", "title": "Engineer", "isRemote": None, "address": None}
    assert parse("ashby", {"jobs": [job]}).drift == set()
    assert parse("ashby", {"apiVersion": "1", "jobs": [job | {"new": 1}]}).drift == {"new"}


def test_a_listing_asks_its_own_server_for_each_posting_and_holds_none_itself():
    page = listing("7", "8", offset=0, limit=100, totalFound=2)
    assert page.postings == []
    assert page.listed == {"7", "8"}
    assert page.total == 2
    assert [one.url for one in page.more] == [
        "http://127.0.0.1:8/v1/companies/Mill/postings/7",
        "http://127.0.0.1:8/v1/companies/Mill/postings/8",
    ]
    assert {one.scope for one in page.more} == {"Mill"}
    assert json.loads(page.more[0].row) == {"id": "7", "name": "Miller 7"}


def test_a_row_reads_the_same_whatever_the_order_of_its_fields():
    rows = [{"id": "7", "name": "Miller"}, {"name": "Miller", "id": "7"}]
    pages = [parse("smartrecruiters", {"content": [row]}, LISTING) for row in rows]
    assert pages[0].more == pages[1].more


def test_the_next_page_is_asked_before_the_postings_of_this_one():
    page = listing("7", "8", offset=0, limit=2, totalFound=5)
    assert page.more[0].url == (
        "http://127.0.0.1:8/v1/companies/Mill/postings?limit=2&offset=2"  # the limit that was kept
    )
    assert page.more[0].row == ""
    assert listing("9", offset=4, limit=2, totalFound=5).more[0].row != ""


def test_pages_go_on_by_the_address_where_the_answer_has_no_head():
    page = listing("7", totalFound="250")
    assert page.more[0].url == "http://127.0.0.1:8/v1/companies/Mill/postings?limit=100&offset=100"


def test_an_empty_page_ends_the_listing_whatever_its_total():
    page = listing(offset=100, limit=100, totalFound=900)
    assert page.more == []
    assert page.total == 900


def test_a_total_that_is_no_number_is_another_format():
    with pytest.raises(SourceChanged, match="totalFound"):
        listing("7", totalFound="many")


def test_a_posting_says_what_its_row_said_and_its_own_answer_more():
    page = detail(
        {"releasedDate": "2026-11-03T11:08:12.368Z", "company": {"name": "Mill Works"}},
        name="Senior Miller",
        releasedDate=None,
        company={},
        jobAd={"sections": {"qualifications": {"title": "You", "text": "<p>grind</p>"}}},
    )
    found = page.postings[0]
    assert (found.source_id, found.title, found.employer) == ("700", "Senior Miller", "Mill Works")
    assert (found.posted_on, found.description) == (date(2026, 11, 3), "You\n\ngrind")
    assert page.listed == {"700"}


@pytest.mark.parametrize("ad", [None, {}, {"sections": None}, {"sections": {}}])
def test_a_posting_without_an_ad_is_kept_with_an_empty_text(ad):
    page = detail(jobAd=ad)
    assert [one.description for one in page.postings] == [""]
    assert page.drift == set()


def test_one_posting_that_cannot_be_read_does_not_stop_the_source():
    page = detail(releasedDate="some day")
    assert page.postings == []
    assert [one.source_id for one in page.rejected] == ["700"]
    assert page.listed == {"700"}


def test_an_answer_about_a_posting_that_is_no_object_is_another_format():
    with pytest.raises(SourceChanged, match="smartrecruiters"):
        parse("smartrecruiters", [], row='{"id": "700"}')


@pytest.mark.parametrize(
    ("location", "shown", "country"),
    [
        ({"fullLocation": "Pune, MH, India", "country": "in"}, "Pune, MH, India", "IN"),
        ({"city": "Toronto", "region": "ON", "country": "ca"}, "Toronto, ON, Canada", "CA"),
        ({"city": "", "region": None, "country": "ca", "remote": True}, "Canada; Remote", "CA"),
        ({"fullLocation": ", , ", "city": "Turin", "country": "it"}, "Turin, Italy", "IT"),
        ({"city": "Oslo", "hybrid": True, "remote": True}, "Oslo; Hybrid", "NO"),
        ({"city": "Oslo", "remote": "true"}, "Oslo; Remote", "NO"),
    ],
)
def test_a_smartrecruiters_place_is_whole_and_its_country_is_no_code(location, shown, country):
    found = detail(location=location).postings[0]
    assert found.location == shown
    assert facts(found).countries == (country,)


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (
            {"min": 10, "max": "20", "currency": "usd", "period": "HOURLY"},
            "Pay: 10-20 USD per hour",
        ),
        ({"min": 10, "max": 20, "currency": "USD"}, ""),
        ("$20 an hour", "$20 an hour"),
        ([{"min": 1}], ""),
        (None, ""),
    ],
)
def test_smartrecruiters_pay_is_read_in_the_shapes_we_know_and_left_in_others(stated, shown):
    assert detail(compensation=stated).postings[0].salary == shown


@pytest.mark.parametrize("language", ["de", {"code": "de-CH", "label": "German"}])
def test_a_language_is_a_code_or_has_one(language):
    assert detail(language=language).postings[0].language == "de"


@pytest.mark.parametrize("name", NAMES)
def test_real_answers_are_read_whole_and_hold_nothing_unknown(name, shared):
    bodies = [
        path.read_text(encoding="utf-8")
        for path in sorted((shared / "payloads" / name).glob("*.json"))
        if not path.name.endswith(".meta.json")
    ]
    pages = [parse(name, body, LISTING) for body in bodies]
    assert bodies
    for body, page in zip(bodies, pages, strict=True):
        answer = json.loads(body)
        records = answer if name == "lever" else answer.get("jobs", answer.get("content"))
        assert page.listed == {one["id"] for one in records}
        assert (page.rejected, page.drift) == ([], set())
        for found in page.postings:
            assert found.description and found.title and found.posted_on and found.url
