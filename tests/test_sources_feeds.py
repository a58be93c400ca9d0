"""The feeds of remote jobs and job boards: paging, what is set aside, and what is never stored."""

import base64
import json
from datetime import date

import pytest

from pipeline import sources
from pipeline.errors import SourceChanged
from pipeline.facts import facts
from pipeline.records import RawDocument
from pipeline.sources.remoteok_text import repaired, without_tag

FEEDS = "remotive remoteok arbeitnow himalayas jobicy themuse weworkremotely".split()
ADDRESS = "192.0.2.146"
TAG = "R" + base64.b64encode(ADDRESS.encode()).decode()
LINE = (
    f"Please mention the word **BARNACLE** and tag {TAG} when applying to show you read the job"
    f" post completely (#{TAG}). This is a beta feature to avoid spam applicants. Companies can"
    " search these words to find applicants that read this and see they're human."
)


def parse(name, answer, url="http://127.0.0.1:8000/feed"):
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return sources.load(name).parse(RawDocument(name, url, body, date(2026, 11, 20)))


def asked_next(page):
    return [one.url for one in page.more]


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_says_whom_to_name_and_to_link(name):
    info = sources.load(name).INFO
    assert "link" in info["attribution"] and "link" in info["terms"]
    assert info["expected_per_run"]["least"] == 1
    assert info["rate_per_second"] <= 1.0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("remotive", {"jobs": []}),
        ("remoteok", [{"legal": "Link back."}]),
        ("arbeitnow", {"data": [], "links": {"next": "https://x.example/?page=2"}}),
        ("himalayas", {"jobs": [], "totalCount": 90000}),
        ("jobicy", {"jobs": [], "jobCount": 0}),
        ("themuse", {"results": [], "page_count": 9, "total": 180}),
        ("weworkremotely", '<rss version="2.0"><channel><title>None</title></channel></rss>'),
    ],
)
def test_an_empty_answer_is_an_empty_page_that_goes_nowhere(name, answer):
    page = parse(name, answer)
    assert (page.postings, page.rejected, page.more) == ([], [], [])


# Remotive


def test_a_board_of_remote_jobs_says_remote_and_the_countries_it_names():
    job = {"id": 1, "title": "ML Engineer", "candidate_required_location": "Portugal, Spain"}
    (posting,) = parse("remotive", {"jobs": [job]}).postings
    found = facts(posting)
    assert (found.countries, found.workplace) == (("ES", "PT"), "remote")


def test_remotives_own_count_is_no_total():
    page = parse("remotive", {"job-count": 31, "total-job-count": 31, "jobs": []})
    assert page.total is None


# Remote OK


def ok_row(**values):
    row = {"id": "1", "position": "Engineer", "company": "Brackish", "description": "<p>A job</p>"}
    return row | values


def ok(*rows):
    return parse("remoteok", [{"legal": "Link back."}, *rows])


@pytest.mark.parametrize(
    "before", ["", "<br/><br/>", "\n\n", "<p>", "&lt;br/&gt;&lt;br/&gt;", "<br />\n<br>\n "]
)
@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE.replace(TAG, TAG[1:]),
        LINE.replace("=", ""),
        LINE.replace("'", "&#039;"),
        LINE.replace("'", "&amp;#39;"),
        LINE.replace("**BARNACLE**", "<b>BARNACLE</b>"),
        LINE.replace("**", "&lt;b&gt;"),
        LINE.replace(" ", "\n"),
        LINE.replace(" ", "&nbsp;"),
        LINE.upper().replace(TAG.upper(), TAG),
        LINE.replace("word **", "words **"),
        LINE.partition(" This is")[0],
        LINE.partition(" (#")[0],
        LINE.replace(f" and tag {TAG}", "").replace(f" (#{TAG})", ""),
        LINE[:-30],
        LINE[: LINE.index("(#") + 9],
        LINE[:70],
        LINE[:30],
        LINE + LINE,
    ],
)
def test_the_line_that_names_who_asked_goes_however_it_is_written(before, line):
    assert without_tag(f"We sell salt.{before}{line}") == "We sell salt."


def test_the_line_goes_where_it_is_glued_to_the_last_word():
    assert without_tag(f"We sell salt{LINE}") == "We sell salt"


@pytest.mark.parametrize("line", [LINE, LINE.partition(" This is")[0], LINE[:70]])
def test_what_follows_the_line_stays(line):
    assert without_tag(f"Salt.<br/>{line}</p><p>Python.</p>").endswith("</p><p>Python.</p>")


@pytest.mark.parametrize(
    "text",
    [
        "Please mention the word 'pineapple' in your letter. We use PyTorch.",
        "Please mention the word processor you know. Read the job advert.",
        "Our build is MTkyNDU2Nzg5MDEyMzQ1Ng and the token OTHERWISEGOOD stays.",
        "Mention salary expectations when applying (#42).",
    ],
)
def test_what_an_employer_writes_stays(text):
    assert without_tag(text) == text


@pytest.mark.parametrize("address", [ADDRESS, "10.0.0.1", "2001:db8::17", "fe80::1ff:fe23:4567"])
@pytest.mark.parametrize("form", ["{}", "R{}", "(#R{})", "tag #{} here"])
def test_an_address_goes_even_where_the_line_around_it_is_unknown(address, form):
    base = base64.b64encode(address.encode()).decode()
    for written in (base, base.rstrip("=")):
        kept = without_tag(f"Apply with {form.format(written)} please")
        assert written.rstrip("=") not in kept
        assert kept.startswith("Apply with") and kept.endswith("please")


def test_the_archive_never_sees_the_line_in_any_field():
    rows = [{"legal": "x"}, ok_row(description=f"<p>A</p><br/>{LINE}", tags=[LINE], position="B")]
    kept = sources.load("remoteok").trimmed(rows)
    assert TAG[1:-2] not in json.dumps(kept)
    assert kept[1] == ok_row(description="<p>A</p>", tags=[""], position="B")


def test_the_archived_answer_reads_as_the_one_that_came():
    rows = [{"legal": "x"}, ok_row(description=f"<p>We sell salt.</p><br/><br/>{LINE}")]
    trimmed = sources.load("remoteok").trimmed(rows)
    assert parse("remoteok", trimmed).postings == parse("remoteok", rows).postings
    assert parse("remoteok", rows).postings[0].description == "We sell salt."


@pytest.mark.parametrize(
    "row",
    [
        ok_row(position="Menu", company="", description="<p>Fish and lemonade</p>"),
        ok_row(position="sdf", company="", description=f"<p>sdf</p>{LINE}"),
        ok_row(position="Failure Breeds Success", company="", location="Success, ",
               description="<p>" + "How failure breeds success. " * 20 + "</p>"),
        ok_row(position="Hello", company=None, description=None),
    ],
)  # fmt: skip
def test_a_page_that_is_no_ad_is_set_aside_with_its_reason(row):
    page = ok(row)
    assert page.postings == []
    assert [one.reason.startswith("no job: ") for one in page.rejected] == [True]


@pytest.mark.parametrize(
    "row",
    [
        ok_row(description=""),
        ok_row(description="Rust"* 20),
        ok_row(company="", location="Agra, "),
        ok_row(company="", salary_max=90000),
        ok_row(company="", description="We need a keeper of the light. " * 10),
        ok_row(company="", description="Keep it lit…See this and similar jobs on LinkedIn."),
        ok_row(description="灯台を守る機械学習エンジニアを募集します。" * 3),
    ],
)  # fmt: skip
def test_a_short_ad_is_still_an_ad(row):
    page = ok(row)
    assert (len(page.postings), page.rejected) == (1, [])


def test_many_pages_that_are_no_ads_are_no_new_format():
    junk = [ok_row(id=str(n), company="", description="Menu") for n in range(9)]
    page = ok(*junk, ok_row(id="10"))
    assert (len(page.postings), len(page.rejected)) == (1, 9)


def test_records_that_cannot_be_read_are_a_new_format():
    with pytest.raises(SourceChanged, match="remoteok"):
        ok(*[{"id": n, "name": "Engineer"} for n in range(9)])


@pytest.mark.parametrize("value", [0, "0", "", None, 25])
def test_pay_of_nothing_or_of_an_hour_is_not_a_years(value):
    (posting,) = ok(ok_row(salary_min=value, salary_max=value)).postings
    assert posting.salary == ""


@pytest.mark.parametrize(
    ("stated", "shown"),
    [("Agra, ", "Agra; Remote"), ("How, ", "Remote"), ("Success,", "Remote"), (" , ", "Remote"),
     ("", "Remote"), ("Worldwide", "Worldwide; Remote"), ("Europe, USA", "Europe, USA; Remote")],
)  # fmt: skip
def test_a_word_that_names_no_place_is_no_place(stated, shown):
    (posting,) = ok(ok_row(location=stated)).postings
    assert posting.location == shown


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Weâ\x80\x99re", "We’re"),
        ("WeÃ¢Â\x80Â\x99re", "We’re"),
        ("CafÃ© 漢", "Café 漢"),
        ("Café", "Café"),
        ("«CLICHÉ»", "«CLICHÉ»"),
        ("Weâ\x80\x99re at the Café", "Weâ\x80\x99re at the Café"),
        ("cut shortâ\x80", "cut shortâ\x80"),
        ("plain", "plain"),
    ],
)
def test_letters_are_mended_only_where_all_of_them_can_be(text, meant):
    assert repaired(text) == meant


@pytest.mark.parametrize("epoch", [1793800000, "1793800000"])
def test_the_epoch_says_the_day_where_the_date_does_not(epoch):
    (posting,) = ok(ok_row(epoch=epoch, date="")).postings
    assert posting.posted_on == date(2026, 11, 4)


# Arbeitnow


@pytest.mark.parametrize(
    ("url", "following", "asked"),
    [
        ("?page=1", "https://live.example/api?page=2", ["?page=2"]),
        ("", "https://live.example/api?page=2", ["?page=2"]),
        ("?page=3", "...", ["?page=4"]),
        ("?page=3", "https://live.example/api?page=3", []),
        ("?page=3", "https://live.example/api?page=1", []),
        ("?page=3", None, []),
        ("?page=3", "", []),
    ],
)
def test_arbeitnow_is_followed_on_the_host_that_was_asked(url, following, asked):
    here = "http://127.0.0.1:8000/api"
    answer = {"data": [{"slug": "a-1", "title": "A"}], "links": {"next": following}}
    page = parse("arbeitnow", answer, here + url)
    assert asked_next(page) == [here + one for one in asked]


@pytest.mark.parametrize("links", [None, [], "x"])
def test_arbeitnow_without_links_is_its_last_page(links):
    assert parse("arbeitnow", {"data": [{"slug": "a", "title": "A"}], "links": links}).more == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;p&gt;R&amp;amp;D&lt;/p&gt;", "R&D"),
        ("<p>use &lt;p&gt; tags</p>", "use <p> tags"),
        ("plain a &lt; b", "plain a < b"),
        ("&lt;div class=&quot;x&quot;&gt;One&lt;br/&gt;Two&lt;/div&gt;", "One\nTwo"),
    ],
)
def test_html_that_was_escaped_as_a_whole_is_decoded_once_more(written, read):
    answer = {"data": [{"slug": "a", "title": "A", "description": written}]}
    assert parse("arbeitnow", answer).postings[0].description == read


# Himalayas


def himalayas_jobs(n=2):
    return [{"guid": f"https://h.example/{i}", "title": "A"} for i in range(n)]


@pytest.mark.parametrize(
    ("query", "more", "asked"),
    [
        ("limit=20&offset=0", {"totalCount": 90000}, "limit=20&offset=2"),
        ("limit=20&offset=20", {}, "limit=20&offset=22"),
        ("limit=20&offset=20", {"totalCount": 22}, ""),
        ("limit=20&offset=0", {"totalCount": "2"}, ""),
        ("limit=20&offset=0", {"totalCount": 9, "nextCursor": "ab"}, "limit=20&cursor=ab"),
        ("limit=20&offset=0", {"totalCount": 9, "nextCursor": None}, "limit=20&offset=2"),
        ("limit=20&cursor=ab", {"totalCount": 9, "nextCursor": "cd"}, "limit=20&cursor=cd"),
        ("limit=20&cursor=ab", {"totalCount": 9, "nextCursor": ""}, ""),
        ("limit=20&cursor=ab", {"totalCount": 9, "cursor": "ab"}, ""),
        ("limit=20&cursor=ab", {"totalCount": 9, "cursor": "cd"}, "limit=20&cursor=cd"),
    ],
)
def test_himalayas_goes_on_by_its_cursor_or_by_the_rows_that_came(query, more, asked):
    here = "http://127.0.0.1:8000/jobs/api?"
    page = parse("himalayas", {"jobs": himalayas_jobs(), **more}, here + query)
    assert asked_next(page) == ([here + asked] if asked else [])


@pytest.mark.parametrize("written", [1793800000, 1793800000000, "1793800000", "2026-11-04"])
def test_a_day_is_read_in_seconds_and_milliseconds(written):
    job = {**himalayas_jobs(1)[0], "pubDate": written}
    assert parse("himalayas", {"jobs": [job]}).postings[0].posted_on == date(2026, 11, 4)


@pytest.mark.parametrize("total", ["many", None, {}, -1, 2.5])
def test_a_total_that_is_no_number_is_none(total):
    assert parse("himalayas", {"jobs": [], "totalCount": total}).total is None
    assert parse("themuse", {"results": [], "total": total}).total is None


@pytest.mark.parametrize(
    ("pay", "shown"),
    [
        ({"minSalary": 50000, "maxSalary": 60000, "currency": "EUR", "salaryPeriod": "annual"},
         "Pay: 50000-60000 EUR per year"),
        ({"minSalary": 50000, "maxSalary": 60000, "currency": "EUR"}, "50000 - 60000 EUR"),
        ({"minSalary": 1250000, "currency": "JPY"}, "1250000 JPY"),
        ({"minSalary": 500, "maxSalary": 600, "currency": "EUR", "salaryPeriod": "weekly"}, ""),
        ({"minSalary": 50000, "maxSalary": 60000, "currency": None}, ""),
        ({"minSalary": 0, "maxSalary": 0, "currency": "EUR"}, ""),
    ],
)  # fmt: skip
def test_pay_is_what_is_stated_and_no_more(pay, shown):
    job = {**himalayas_jobs(1)[0], **pay}
    assert parse("himalayas", {"jobs": [job]}).postings[0].salary == shown


# Jobicy


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "message": "No jobs for this geo"},
        {"success": False, "jobs": []},
        {"error": "Too many requests", "jobs": []},
        {"statusCode": 404},
    ],
)
def test_a_refusal_with_status_200_is_no_empty_feed(answer):
    with pytest.raises(SourceChanged, match="jobicy"):
        parse("jobicy", answer)


def test_jobicy_reads_each_country_of_a_list():
    job = {"id": 1, "jobTitle": "A", "jobGeo": "UK,  Germany"}
    page = parse("jobicy", {"success": True, "jobs": [job]})
    assert facts(page.postings[0]).countries == ("DE", "GB")
    assert page.drift == set()


# The Muse


def muse(url_page, **answer):
    url = f"http://127.0.0.1:8000/jobs?category=Data+Science&category=IT&page={url_page}"
    jobs = [{"id": n, "name": "A"} for n in range(2)]
    page = parse("themuse", {"items_per_page": 2, "results": jobs, **answer}, url)
    return [one.rpartition("=")[2] for one in asked_next(page)]


def test_the_muse_is_read_to_its_last_page_counted_from_0_or_from_1():
    assert muse(0, page=0, page_count=3) == ["1"]
    assert muse(0, page=1, page_count=3) == ["2"]
    assert muse(2, page=2, page_count=3) == ["3"]  # a full page: counted from 1, there is a third
    assert muse(2, page=2, page_count=3, items_per_page=20) == []
    assert muse(3, page=3, page_count=3) == []
    assert muse(5, page=1, page_count=30) == ["6"]


def test_the_muse_keeps_all_categories_on_its_further_pages():
    url = "http://127.0.0.1:8000/jobs?category=Data+Science&category=IT&page=0"
    page = parse("themuse", {"results": [{"id": 1, "name": "A"}], "page_count": 2}, url)
    assert asked_next(page) == [url.replace("page=0", "page=1")]


@pytest.mark.parametrize("name", ["Flexible / Remote", "Remote", "flexible/remote"])
def test_a_location_that_is_no_place_says_remote(name):
    job = {"id": 1, "name": "A", "locations": [{"name": name}, {"name": "Lisbon, Portugal"}]}
    (posting,) = parse("themuse", {"results": [job]}).postings
    assert posting.location == "Lisbon, Portugal; Remote"
    assert facts(posting).countries == ("PT",)


# We Work Remotely

ITEM = "<item><title>{}</title><guid>g-{}</guid><description>{}</description></item>"


def rss(*items):
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


@pytest.mark.parametrize(
    ("title", "employer", "role"),
    [
        ("Acme: Engineer", "Acme", "Engineer"),
        ("Acme: Engineer: Vision", "Acme", "Engineer: Vision"),
        ("R&amp;D: Co: Engineer", "R&D", "Co: Engineer"),
        ("Engineer", "", "Engineer"),
        ("Acme:", "", "Acme:"),
        ("A:B Labs: Engineer", "A:B Labs", "Engineer"),
    ],
)
def test_the_first_colon_parts_the_company_from_the_role(title, employer, role):
    (posting,) = parse("weworkremotely", rss(ITEM.format(title, 1, "x"))).postings
    assert (posting.employer, posting.title) == (employer, role)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<rss></rss>",
        "<feed><entry/></feed>",
        rss(ITEM.format("A: B", 1, "x"))[:-12],
        "<!DOCTYPE html><html><body>Just a moment...</body></html>",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hosts">]>' + rss(ITEM.format("A", 1, "&x;")),
        '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + rss(ITEM.format("A", 1, "&b;")),
    ],
)
def test_what_is_no_whole_feed_or_holds_entities_of_its_own_stops_it(body):
    with pytest.raises(SourceChanged, match="weworkremotely"):
        parse("weworkremotely", body)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R&D &nbsp;&amp; &lt;b&gt;more&lt;/b&gt;", "R&D & more"),
        ("<![CDATA[R&amp;D & <b>more</b>]]>", "R&D & more"),
        ("<![CDATA[<!DOCTYPE html><p>more</p>]]>", "more"),
        ("a\x08b &#8;c", "ab c"),
        ("&#201;t&#233; &#x1F41A;", "Été 🐚"),
    ],
)
def test_a_text_that_is_no_clean_xml_is_read_whole(written, read):
    first, second = parse(
        "weworkremotely", rss(ITEM.format("A: B", 1, written), ITEM.format("A: C", 2, "x"))
    ).postings
    assert (first.description, second.title) == (read, "C")


def test_the_seat_of_the_employer_is_not_the_place_of_the_job():
    text = "&lt;p&gt;&lt;strong&gt;Headquarters:&lt;/strong&gt; Oslo, Norway&lt;/p&gt;"
    item = ITEM.format("A: B", 1, text).replace("<guid>", "<region>Anywhere</region><guid>")
    (posting,) = parse("weworkremotely", rss(item)).postings
    assert facts(posting).countries == ()
    assert facts(posting).workplace == "remote"
    assert "Oslo" in posting.description
