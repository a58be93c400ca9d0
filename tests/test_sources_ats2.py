"""Workable, Recruitee, Personio, USAJOBS, JobTech: what their golden answers do not show."""

import json
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline import sources
from pipeline.edge.cleaning import Policy, cleaned
from pipeline.errors import SourceChanged
from pipeline.facts import facts
from pipeline.postings.privacy import without_personal_data
from pipeline.records import Pay, RawDocument
from pipeline.sources import jobtech_se, personio, recruitee, usajobs, workable
from pipeline.sources.source import starts

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("workable", "recruitee", "personio", "usajobs", "jobtech_se")
TODAY = date(2026, 11, 20)
SEARCH = "https://jobs.example.org/search?limit=100&offset=0"


def document(name, answer, url="https://acme.example/xml", **more):
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return RawDocument(name, url, body, TODAY, **more)


def only(page):
    (posting,) = page.postings
    return posting


def workable_job(**fields):
    job = {"shortcode": "A1", "title": "Engineer", **fields}
    return only(workable.parse(document("workable", {"name": "Acme", "jobs": [job]})))


def recruitee_offer(**fields):
    offer = {"id": 1, "title": "Engineer", **fields}
    return only(recruitee.parse(document("recruitee", {"offers": [offer]}, scope="acme")))


def opening(details=None, **fields):
    told = {"PositionTitle": "Engineer", "UserArea": {"Details": details or {}}, **fields}
    item = {"MatchedObjectId": "1", "MatchedObjectDescriptor": told}
    return only(usajobs.parse(document("usajobs", found([item]))))


def found(items, total=None):
    return {"SearchResult": {"SearchResultItems": items, "SearchResultCountAll": total}}


def ad(number=1, **fields):
    return {"id": str(number), "headline": "Utvecklare", **fields}


def archived(name, answer):
    module = sources.load(name)
    policy = Policy.from_info(module.INFO, getattr(module, "trimmed", None))
    return cleaned(policy.trim(answer), policy, without_personal_data)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_board_is_no_error(name):
    empty = {
        "workable": {"name": "Acme", "description": None, "jobs": []},
        "recruitee": {"offers": []},
        "personio": "<workzag-jobs/>",
        "usajobs": found([], 0),
        "jobtech_se": {"total": {"value": 0}, "hits": []},
    }
    page = sources.load(name).parse(document(name, empty[name], url=SEARCH))
    assert (page.postings, page.listed, page.more) == ([], set(), [])


@pytest.mark.parametrize("name", NAMES)
def test_a_title_that_is_no_text_sets_its_record_aside(name):
    told = [{"PositionTitle": "x"}, {"PositionTitle": 7}]
    answers = {
        "workable": {"jobs": [{"shortcode": "1", "title": "x"}, {"shortcode": "2", "title": 7}]},
        "recruitee": {"offers": [{"id": 1, "title": "x"}, {"id": 2, "title": ["y"]}]},
        "personio": "<workzag-jobs><position><id>1</id><name>x</name></position>"
        "<position><id>2</id><name><b>y</b></name></position></workzag-jobs>",
        "usajobs": found(
            [
                {"MatchedObjectId": str(number), "MatchedObjectDescriptor": one}
                for number, one in enumerate(told)
            ]
        ),
        "jobtech_se": {"total": 2, "hits": [ad(1), ad(2, headline={"text": "y"})]},
    }
    page = sources.load(name).parse(document(name, answers[name], url=SEARCH))
    assert len(page.postings) == len(page.rejected) == 1
    assert len(page.listed) == 2


@pytest.mark.parametrize(
    "name,told",
    [
        ("workable", "https://apply.workable.com/api/v1/widget/accounts/acme?details=true"),
        ("recruitee", "https://acme.recruitee.com/api/offers/"),
        ("personio", "https://acme.jobs.personio.de/xml"),
    ],
)
def test_a_company_has_one_address(name, told):
    info = sources.load(name).INFO
    (first,) = starts(info, {**info, "companies": ["acme"]})
    assert (first.url, first.scope) == (told, "acme")


def test_a_base_url_without_a_company_is_asked_as_it_stands():
    info = recruitee.INFO
    (first,) = starts(info, {**info, "base_url": "http://127.0.0.1:8/", "companies": ["acme"]})
    assert first.url == "http://127.0.0.1:8/api/offers/"


# Workable


@pytest.mark.parametrize(
    "fields,workplace",
    [
        ({"telecommuting": True}, "Remote"),
        ({"telecommuting": True, "workplace_type": "hybrid"}, "Hybrid"),
        ({"telecommuting": False, "workplace": "on_site"}, "On-site"),
        ({"telecommuting": "false"}, ""),
        ({"workplace": "remote"}, "Remote"),
    ],
)
def test_workable_says_where_the_work_is_done(fields, workplace):
    assert workable_job(**fields).location == workplace


def test_a_hidden_place_is_not_shown_by_its_repetition_either():
    hidden = {"city": "Vigo", "region": "Galicia", "country": "Spain", "hidden": True}
    top = {"city": "Vigo", "state": "Galicia", "country": "Spain"}
    assert workable_job(locations=[hidden], **top).location == ""
    assert workable_job(locations=[], **top).location == "Vigo, Galicia, Spain"
    assert workable_job(locations=[hidden], country="Spain").location == "Spain"


def test_a_whole_text_replaces_its_parts():
    job = workable_job(full_description="<p>All.</p>", description="<p>Part.</p>", benefits="Tea")
    assert job.description == "All."


def test_regions_of_one_workable_job_stay_postings():
    jobs = [{"shortcode": code, "title": "Engineer", "country": code} for code in ("PT", "ES")]
    page = workable.parse(document("workable", {"jobs": jobs}, scope="acme"))
    assert [one.employer for one in page.postings] == ["acme", "acme"]


# Recruitee


@pytest.mark.parametrize(
    "low,high,period,currency,stated",
    [
        ("5253", "6152", "month", "EUR", Pay(5253, 6152, "EUR", "month")),
        (None, "60000", "year", "EUR", Pay(None, 60000, "EUR", "year")),
        ("0", "0", "year", "EUR", None),
        ("50,000", None, "year", "EUR", Pay(50000, None, "EUR", "year")),
        ("1000", "1200", "week", "EUR", Pay(52000, 62400, "EUR", "year")),
        ("5000", "6000", "month", None, None),
        (None, None, None, None, None),
    ],
)
def test_recruitee_pay_is_read_or_left_out(low, high, period, currency, stated):
    salary = {"min": low, "max": high, "period": period, "currency": currency}
    assert facts(recruitee_offer(salary=salary)).salary == stated


def test_only_published_offers_are_postings():
    offers = [
        {"id": n, "title": "x", "status": s} for n, s in enumerate(("draft", "published", None))
    ]
    page = recruitee.parse(document("recruitee", {"offers": offers}))
    assert (page.listed, page.drift) == ({"1", "2"}, set())


def test_several_workplaces_are_all_shown():
    assert recruitee_offer(remote=True, hybrid=True, on_site=False).location == "Remote; Hybrid"


# Personio


ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">'
    for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)
BOMB = (
    f'<!DOCTYPE workzag-jobs [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
    "<workzag-jobs><position><id>1</id><name>&j;</name></position></workzag-jobs>"
)
OUTSIDE = (
    '<!DOCTYPE workzag-jobs [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<workzag-jobs><position><id>1</id><name>&x;</name></position></workzag-jobs>"
)


@pytest.mark.parametrize(
    "body",
    [BOMB, OUTSIDE, "<!-- <workzag-jobs -->" + OUTSIDE, "<!-- <workzag-jobs -->" + BOMB],
)
def test_a_feed_that_declares_entities_is_not_read(body):
    before = time.monotonic()
    with pytest.raises(SourceChanged, match="personio"):
        personio.parse(document("personio", body))
    assert time.monotonic() - before < 1


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body>Page not found</body></html>",
        "<workzag-jobs><position><id>1</id><name>cut o",
        "<positions><workzag-jobs/></positions>",
        "<workzag-jobs-2/>",
    ],
)
def test_what_is_no_whole_feed_stops_personio(body):
    with pytest.raises(SourceChanged, match="personio"):
        personio.parse(document("personio", body))


def test_a_feed_is_read_past_what_xml_forbids():
    body = (
        '\ufeff\n<?xml version="1.0" encoding="ISO-8859-1"?><workzag-jobs><position><id>1</id>'
        "<name>Prüfer</name><jobDescriptions><jobDescription><name>Was</name>"
        "<value>Plain \x0bwords <b>and</b> more</value></jobDescription></jobDescriptions>"
        "</position></workzag-jobs>"
    )
    posting = only(personio.parse(document("personio", body, scope="acme")))
    assert (posting.title, posting.employer) == ("Prüfer", "acme")
    assert posting.description == "Was\n\nPlain words and more"


def test_the_page_of_a_position_stands_beside_its_feed():
    body = "<workzag-jobs><position><id>7</id><name>x</name></position></workzag-jobs>"
    posting = only(
        personio.parse(document("personio", body, "http://127.0.0.1:8/a/xml?language=en"))
    )
    assert posting.url == "http://127.0.0.1:8/a/job/7"


# USAJOBS


def test_usajobs_headers_carry_the_key_and_the_address_it_was_given_to():
    assert usajobs.headers("k", "me@example.org") == {
        "Authorization-Key": "k",
        "User-Agent": "me@example.org",
    }
    assert usajobs.headers("k", "") == {"Authorization-Key": "k"}


def test_every_search_is_a_start():
    first = starts(usajobs.INFO, usajobs.INFO)
    assert len(first) == len(usajobs.INFO["queries"]) > 1
    assert "Keyword=machine%20learning&" in first[0].url


@pytest.mark.parametrize(
    "n_items,total,query,further",
    [
        (500, 1100, "ResultsPerPage=500&Page=1", {"ResultsPerPage": ["500"], "Page": ["2"]}),
        (500, "1100", "ResultsPerPage=500&Page=2", {"ResultsPerPage": ["500"], "Page": ["3"]}),
        (100, 1100, "ResultsPerPage=500&Page=3", None),
        (250, 600, "ResultsPerPage=500&Page=1", {"ResultsPerPage": ["250"], "Page": ["2"]}),
        (3, 3, "ResultsPerPage=500&Page=1", None),
        (0, 1100, "ResultsPerPage=500&Page=2", None),
        (500, None, "ResultsPerPage=500&Page=1", {"ResultsPerPage": ["500"], "Page": ["2"]}),
        (499, None, "ResultsPerPage=500&Page=1", None),
    ],
)
def test_usajobs_is_paged_until_its_total(n_items, total, query, further):
    items = [
        {"MatchedObjectId": str(n), "MatchedObjectDescriptor": {"PositionTitle": "x"}}
        for n in range(n_items)
    ]
    url = f"https://data.example.org/api/Search?{query}"
    page = usajobs.parse(document("usajobs", found(items, total), url, scope="x"))
    assert [parse_qs(urlsplit(one.url).query) for one in page.more] == [further] * bool(further)
    assert {one.scope for one in page.more} <= {"x"}


@pytest.mark.parametrize(
    "low,high,code,said,pay",
    [
        ("106437", "158322", "PA", "Per Year", Pay(106437, 158322, "USD", "year")),
        ("20.50", "31.75", "PH", "Per Hour", Pay(20.5, 31.75, "USD", "hour")),
        ("92166", "161600", "Per Year", None, Pay(92166, 161600, "USD", "year")),
        ("$92,166", "$161,600", "PA", "Per Year", Pay(92166, 161600, "USD", "year")),
        ("0", "0.00", "WC", "Without Compensation", None),
        ("2000", "3000", "BW", "Bi-weekly", None),
        (None, None, "PA", "Per Year", None),
    ],
)
def test_usajobs_pay_is_read_or_left_out(low, high, code, said, pay):
    stated = {
        "MinimumRange": low,
        "MaximumRange": high,
        "RateIntervalCode": code,
        "Description": said,
    }
    assert facts(opening(PositionRemuneration=[stated])).salary == pay


def test_a_display_that_names_no_place_is_no_place():
    assert opening(PositionLocationDisplay="Multiple Locations").location == ""
    posting = opening(
        {"RemoteIndicator": True}, PositionLocationDisplay="Anywhere in the U.S. (remote job)"
    )
    assert (facts(posting).countries, facts(posting).workplace) == (("US",), "remote")


def test_no_federal_contact_is_archived():
    kept = json.dumps(archived("usajobs", json.loads((GOLDEN / "usajobs/search.json").read_text())))
    assert "@" not in kept and "456-1111" not in kept and "Pat Example" not in kept
    assert "Train models." in kept


# JobTech


def window(url):
    query = parse_qs(urlsplit(url).query)
    return tuple(
        datetime.fromisoformat(query[name][0]) if name in query else None
        for name in ("published-after", "published-before")
    )


def answer_of(ads, url):
    """Answer a search as the API does: newest first, filtered by time, no offset past 2,000."""
    after, before = window(url)
    query = {
        name: int(value[0])
        for name, value in parse_qs(urlsplit(url).query).items()
        if value[0].isdecimal()
    }
    assert query["offset"] <= 2000 and query["limit"] <= 100
    hits = [
        one
        for one in ads
        if (after is None or one["publication_date"] > after.isoformat())
        and (before is None or one["publication_date"] < before.isoformat())
    ]
    shown = hits[query["offset"] : query["offset"] + query["limit"]]
    return {"total": {"value": len(hits)}, "hits": shown}


def harvested(ads):
    queue, listed, asked, n_records, total = [SEARCH], set(), set(), 0, 0
    while queue:
        url = queue.pop(0)
        assert url not in asked and len(asked) < 400
        asked.add(url)
        page = jobtech_se.parse(document("jobtech_se", answer_of(ads, url), url))
        assert not (page.more and page.listed and page.listed <= listed)  # the crawler's guard
        listed |= page.listed
        n_records += page.n_records
        total = max(total, page.total)
        queue += [one.url for one in page.more]
    return listed, n_records, total, len(asked)


def published(number, minutes):
    moment = datetime(2026, 11, 20, 12) - timedelta(minutes=minutes)
    return ad(number, publication_date=moment.isoformat())


def test_a_search_within_its_reach_is_not_split():
    listed, _, total, n_asked = harvested([published(n, 7 * n) for n in range(2100)])
    assert (len(listed), total, n_asked) == (2100, 2100, 21)


def test_a_search_beyond_its_reach_is_read_whole():
    # dense lately, thin before, some older than any first window
    ads = [published(n, 9 * n) for n in range(6000)]
    ads += [published(6000 + n, 900_000 + 500 * n) for n in range(50)]
    listed, n_records, total, n_asked = harvested(ads)
    assert len(listed) == total == 6050 <= n_records
    assert n_asked < 120


def test_ads_too_close_in_time_to_be_split_are_missed_by_their_total():
    listed, _, total, _ = harvested([published(n, 0) for n in range(2500)])
    assert len(listed) == 2100 < total


@pytest.mark.parametrize("total", [{"value": 3}, 3, "3", None])
def test_the_total_may_be_bare_or_missing(total):
    page = jobtech_se.parse(document("jobtech_se", {"total": total, "hits": [ad()] * 3}, SEARCH))
    assert page.total == (3 if total else None)
    assert page.more == []


def test_a_removed_ad_is_no_posting_and_no_drift():
    hits = [ad(1), {"id": "2", "removed": True, "removed_date": "2026-11-19T10:00:00"}]
    page = jobtech_se.parse(document("jobtech_se", {"total": {"value": 2}, "hits": hits}, SEARCH))
    assert (page.listed, page.rejected, page.drift, page.n_records) == ({"1"}, [], set(), 2)


def test_no_contact_survives_the_archive_or_the_posting():
    answer = json.loads((GOLDEN / "jobtech_se/search.json").read_text())
    kept = archived("jobtech_se", answer)
    page = jobtech_se.parse(document("jobtech_se", kept, SEARCH))
    told = json.dumps(kept, ensure_ascii=False)
    shown = " ".join(f"{one.title} {one.description} {one.employer}" for one in page.postings)
    for text in (told, shown):
        for secret in ("@", "070-123", "123 45 67", "123 456 78", "0000000000"):
            assert secret not in text
    # a name in an ad's own words stays; every field of a contact is gone
    assert told.count("Exempla") == shown.count("Exempla") == 1
    assert "Strömmen AB" in told and "40 000 - 50 000 kr" in told


def test_dropped_fields_change_no_posting():
    answer = json.loads((GOLDEN / "jobtech_se/search.json").read_text())
    raw = jobtech_se.parse(document("jobtech_se", answer, SEARCH))
    clean = jobtech_se.parse(document("jobtech_se", archived("jobtech_se", answer), SEARCH))
    assert raw.postings == clean.postings


@pytest.mark.parametrize(
    "text,left",
    [
        ("Ring 070-123 45 67 idag", "Ring [phone removed] idag"),
        ("0701234567", "[phone removed]"),
        ("(08) 123 456 78", "[phone removed]"),
        ("0920-12 34 56", "[phone removed]"),
        ("070 123 45 67", "[phone removed]"),
        ("40 000 - 50 000 kr", "40 000 - 50 000 kr"),
        ("kl 08-17 eller 08.00-17.00", "kl 08-17 eller 08.00-17.00"),
        ("2026-08-01T09:12:00", "2026-08-01T09:12:00"),
        ("annonser/0701234567", "annonser/0701234567"),
        ("ref 2026-0123456", "ref 2026-0123456"),
    ],
)
def test_swedish_phones_go_and_other_numbers_stay(text, left):
    assert jobtech_se.trimmed({"id": text, "a": [text]}) == {"id": text, "a": [left]}


@pytest.mark.parametrize(
    "address,country",
    [
        ({"municipality": "Umeå", "region": "Västerbottens län", "country": "Sverige"}, "SE"),
        ({"country_code": "199"}, "SE"),
        ({"city": "Zürich", "country": "Schweiz"}, "CH"),
        ({"country": "Tyskland"}, "DE"),
        ({"country": "Storbritannien"}, "GB"),
    ],
)
def test_a_swedish_name_of_a_country_is_understood(address, country):
    answer = {"hits": [ad(workplace_address=address)]}
    posting = only(jobtech_se.parse(document("jobtech_se", answer, SEARCH)))
    assert facts(posting).countries == (country,)


def test_the_occupation_field_is_an_option():
    (first,) = starts(jobtech_se.INFO, {**jobtech_se.INFO, "occupation_field": "abc_DEF_ghi"})
    assert "occupation-field=abc_DEF_ghi&limit=100&offset=0" in first.url
