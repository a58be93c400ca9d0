"""Fetching against a real server on this machine: patience, politeness, limits, the archive."""

import gzip
import json
import logging
import os
import socket
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from itertools import pairwise
from threading import Barrier, Lock

import pytest
from local_server import LocalServer, RawServer, Reply, as_json

from pipeline.edge.addresses import is_private_by_name, refusal
from pipeline.edge.archive import Archive
from pipeline.edge.archive_files import read
from pipeline.edge.cleaning import Policy
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.errors import Disallowed, OutOfTime, PipelineError, SourceChanged, SourceUnavailable
from pipeline.postings.privacy import without_personal_data

SOURCE = "board"
POLICY = Policy(
    drop_fields=frozenset({"author", "took_ms"}),
    text_fields=frozenset({"text"}),
    id_fields=("id", "parent_id"),
)
QUICK = FetchSettings(
    contact="https://example.org/about",
    connect_timeout=2,
    read_timeout=2,
    max_bytes=20_000,
    max_wait=2,
    tries=3,
    backoff=0.01,
    jitter=0,
    rates={SOURCE: 1e6, "feed": 1e6, "pages": 1e6},
)
JOBS = {"jobs": [{"id": 1, "text": "One"}]}


def without_addresses(text):
    return " ".join("[gone]" if "@" in word else word for word in text.split(" "))


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


@pytest.fixture
def archive(tmp_path):
    policies = {
        SOURCE: POLICY,
        "feed": Policy(is_json=False),
        "pages": Policy(is_json=False, is_page=True),
    }
    return Archive(tmp_path / "raw", policies, without_addresses)


@pytest.fixture
def fetcher(archive):
    with Fetcher(archive, QUICK) as running:
        yield running


def files(archive):
    return sorted(archive.folder.glob("*/*/*"))


def test_an_answer_comes_back_with_its_status_and_body(server, fetcher):
    server.on("/jobs", as_json(JOBS))
    answer = fetcher.get(SOURCE, f"{server.url}/jobs", params={"page": "2"})
    assert answer.url == f"{server.url}/jobs?page=2"
    assert (answer.status, json.loads(answer.body), answer.unchanged) == (200, JOBS, False)


def test_every_request_says_who_asks_and_whom_to_write_to(server, fetcher):
    server.on("/jobs", as_json(JOBS))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    agents = {asked.headers["user-agent"] for asked in server.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("jobmarket/")
    assert server.asked[0].headers["user-agent"].endswith(" (+https://example.org/about)")


def test_one_line_is_logged_per_request(server, fetcher, caplog):
    server.on("/jobs", as_json(JOBS))
    with caplog.at_level(logging.INFO, logger="pipeline.edge.asking"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    asked = [record.message for record in caplog.records]
    assert len(asked) == 2
    assert asked[1].startswith(f"board: {server.url}/jobs -> 200, ")


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_429_is_tried_again_when_the_server_says(server, fetcher, form):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    wait = {"seconds": "1", "date": soon}[form]
    server.on("/jobs", Reply(status=429, headers={"Retry-After": wait}), as_json(JOBS))
    began = time.monotonic()
    assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200
    assert 0.3 < time.monotonic() - began < 4  # a date has whole seconds, so it waits 1 to 2


def test_a_host_that_asks_for_more_than_our_patience_is_left_alone_by_everybody(server, fetcher):
    server.on("/jobs", Reply(status=429, headers={"Retry-After": "86400"}), as_json(JOBS))
    began = time.monotonic()
    with pytest.raises(SourceUnavailable, match="asks us to wait 86400 s, we wait at most 2 s"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    with pytest.raises(SourceUnavailable, match=r"feed: .* asks us to wait 86400 s"):
        fetcher.get("feed", f"{server.url}/feed")
    assert server.paths() == ["/jobs"]
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("stated", ["soon", "-5", "9" * 5000, "Fri, 99 Foo 2026 25:00:00 GMT"])
def test_a_retry_after_that_nobody_can_read_does_not_stop_the_next_try(server, fetcher, stated):
    server.on("/jobs", Reply(status=503, headers={"Retry-After": stated}), as_json(JOBS))
    assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200


def test_the_pause_between_two_tries_has_a_random_part(server, archive, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    server.on("/jobs", Reply(status=500), as_json(JOBS))
    began = time.monotonic()
    with Fetcher(archive, replace(QUICK, jitter=0.4)) as fetcher:
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert 0.4 < time.monotonic() - began < 0.7


def test_the_rate_holds_for_a_second_try_too(server, archive):
    server.on("/jobs", Reply(status=500), Reply(status=500), as_json(JOBS))
    began = time.monotonic()
    with Fetcher(archive, replace(QUICK, rates={SOURCE: 5.0})) as fetcher:
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert time.monotonic() - began > 0.58  # robots.txt and three tries, a fifth of a second apart


def test_a_500_is_tried_again(server, fetcher):
    server.on("/jobs", Reply(status=500), as_json(JOBS))
    assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200
    assert server.paths() == ["/jobs", "/jobs"]


def test_a_site_that_stays_down_is_one_line_with_a_next_step(server, fetcher):
    server.down("/jobs", 502)
    with pytest.raises(SourceUnavailable) as error:
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert str(error.value) == (
        f"board: {server.url}/jobs answered 502 instead of 200; "
        "what we have of it stays; try again later"
    )
    assert len(server.paths()) == 3


def test_a_host_that_does_not_answer_is_one_line_too(fetcher):
    with LocalServer() as gone:
        url = gone.url
    with pytest.raises(
        SourceUnavailable, match=r"robots\.txt could not be reached, so .* try again later$"
    ):
        fetcher.get(SOURCE, f"{url}/jobs")


def test_a_server_that_keeps_silent_is_given_up_in_time(server, archive):
    def slow(_):
        time.sleep(0.6)
        return as_json(JOBS)

    server.call("/jobs", slow)
    hasty = FetchSettings(read_timeout=0.2, tries=2, backoff=0, jitter=0, rates={SOURCE: 1e6})
    with Fetcher(archive, hasty) as fetcher, pytest.raises(SourceUnavailable, match="no answer"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


def test_an_unknown_board_is_told_apart_from_a_site_that_is_down(server, fetcher):
    with pytest.raises(SourceUnavailable, match=r"answered 404 .*check the address or the board"):
        fetcher.get(SOURCE, f"{server.url}/boards/nobody")


def test_a_missing_item_is_an_answer_where_the_caller_expects_one(server, fetcher, archive):
    answer = fetcher.get(SOURCE, f"{server.url}/items/9", missing_ok=True)
    assert (answer.status, answer.body) == (404, "")
    assert files(archive) == []


@pytest.mark.parametrize(
    "how", [{"cut": 10}, {"cut": 10, "gzip": True}, {"cut": 10, "unlength": True}]
)
def test_a_truncated_body_is_fetched_again(server, fetcher, how):
    server.on("/jobs", as_json(JOBS, **how), as_json(JOBS))
    assert json.loads(fetcher.get(SOURCE, f"{server.url}/jobs").body) == JOBS


@pytest.mark.parametrize("how", [{"cut": 10}, {"cut": 10, "unlength": True}])
def test_a_body_that_is_always_truncated_is_an_error_and_not_stored(server, fetcher, archive, how):
    server.on("/jobs", as_json(JOBS, **how))
    with pytest.raises(SourceUnavailable, match=r"/jobs was cut short 3 times \(.*\); what we"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert files(archive) == []
    assert len(server.paths()) == 3


def test_a_compressed_body_is_read(server, fetcher):
    server.on("/jobs", as_json(JOBS, gzip=True))
    assert json.loads(fetcher.get(SOURCE, f"{server.url}/jobs").body) == JOBS


@pytest.mark.parametrize("how", [{}, {"gzip": True}, {"unlength": True}])
def test_a_huge_body_is_refused(server, fetcher, archive, how):
    server.on("/jobs", as_json({"jobs": ["x" * 30_000]}, **how))
    with pytest.raises(SourceUnavailable, match="more than 20000 bytes; nothing was stored"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert files(archive) == []


def test_a_bomb_of_a_gigabyte_ends_at_the_limit(server, fetcher):
    one = gzip.compress(bytes(10 * 1024 * 1024))
    header = {"Content-Encoding": "gzip"}
    for path, body in (("/members", one * 100), ("/chain", gzip.compress(one * 100))):
        layers = header if path == "/members" else {"Content-Encoding": "gzip, gzip"}
        server.on(path, Reply(body=body, headers=layers))
        tracemalloc.start()
        with pytest.raises(SourceUnavailable, match="more than 20000 bytes"):
            fetcher.get("feed", f"{server.url}{path}")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Zürich".encode(), "text/html", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html; charset=ISO-8859-1", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html", "Zürich"),
        ("\ufeffZürich".encode(), "text/xml; charset=utf-8", "Zürich"),
        ("Zürich".encode(), "text/html; charset=ISO-8859-1", "Zürich"),
        ("5 €".encode("cp1252"), "text/html; charset=ISO-8859-1", "5 €"),
        ("Zürich".encode("cp1252"), "text/html; charset=utf-8", "Zürich"),
        ("Zürich".encode("cp1252"), "text/html; charset=klingon", "Zürich"),
        ("Łódź".encode("iso-8859-2"), "text/html; charset=iso-8859-2", "Łódź"),
        ("職".encode("gbk"), "text/html; charset=gbk", "職"),
        ("Zürich".encode("utf-16"), "text/html", "Zürich"),
        (
            '<?xml version="1.0" encoding="iso-8859-2"?><a>Łódź</a>'.encode("iso-8859-2"),
            "text/xml",
            '<?xml version="1.0" encoding="iso-8859-2"?><a>Łódź</a>',
        ),
        (
            '<html><meta charset="gbk"><p>招聘</p>'.encode("gbk"),
            "text/html",
            '<html><meta charset="gbk"><p>招聘</p>',
        ),
    ],
)
def test_a_body_is_decoded_as_stated_or_as_it_is(server, fetcher, body, content_type, text):
    server.on("/feed", Reply(body=body, headers={"Content-Type": content_type}))
    assert fetcher.get("feed", f"{server.url}/feed").body.lstrip("\ufeff") == text


def test_json_is_utf_8_whatever_its_header_says(server, fetcher):
    body = '{"text": "Zürich, 東京"}'
    header = {"Content-Type": "application/json; charset=ISO-8859-2"}
    server.on("/jobs", Reply(body=body, headers=header))
    assert json.loads(fetcher.get(SOURCE, f"{server.url}/jobs").body) == json.loads(body)


@pytest.mark.parametrize("how", [{"etag": 'W/"a"'}, {"modified": "Fri, 20 Nov 2026 03:00:00 GMT"}])
def test_an_unchanged_page_is_answered_from_the_archive(server, fetcher, archive, how):
    server.on("/jobs", as_json({"id": 1, "author": "somebody"}, **how))
    first = fetcher.get(SOURCE, f"{server.url}/jobs")
    second = fetcher.get(SOURCE, f"{server.url}/jobs")
    assert (second.status, second.body, second.unchanged) == (304, first.body, True)
    assert len(files(archive)) == 1


def test_a_page_that_changed_is_stored_beside_the_old_one(server, fetcher, archive):
    server.on("/jobs", as_json({"n": 1}, etag="a"), as_json({"n": 2}, etag="b"))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    assert not fetcher.get(SOURCE, f"{server.url}/jobs").unchanged
    assert [json.loads(one.body)["n"] for one in archive.answers(SOURCE)] == [1, 2]
    assert archive.latest(SOURCE, f"{server.url}/jobs").etag == "b"


def test_a_page_that_differs_only_in_timings_is_unchanged(server, fetcher, archive):
    server.on("/jobs", as_json({"n": 1, "took_ms": 3}), as_json({"n": 1, "took_ms": 4}))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    assert fetcher.get(SOURCE, f"{server.url}/jobs").unchanged
    assert len(files(archive)) == 1


def test_robots_txt_is_read_once_and_honoured(server, fetcher):
    server.on("/robots.txt", Reply(body="User-agent: *\nDisallow: /private/\n"))
    server.on("/jobs", as_json(JOBS))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    with pytest.raises(Disallowed, match=r"does not let jobmarket fetch .*/private/jobs"):
        fetcher.get(SOURCE, f"{server.url}/private/jobs")
    assert [asked.path for asked in server.asked] == ["/robots.txt", "/jobs"]


def test_rules_for_us_by_name_come_before_those_for_all(server, fetcher):
    server.on(
        "/robots.txt", Reply(body="User-agent: *\nAllow: /\n\nUser-agent: jobmarket\nDisallow: /")
    )
    with pytest.raises(SourceUnavailable, match=r"robots.txt does not let"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


@pytest.mark.parametrize("status", [404, 410])
def test_a_site_without_robots_txt_has_no_rules(server, fetcher, status):
    server.on("/robots.txt", Reply(status=status))
    server.on("/jobs", as_json(JOBS))
    assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200


@pytest.mark.parametrize("status", [503, 500, 429])
def test_a_broken_robots_txt_is_not_consent(server, fetcher, status):
    server.down("/robots.txt", status)
    server.on("/jobs", as_json(JOBS))
    with pytest.raises(SourceUnavailable, match=f"answered {status}, so consent cannot be assumed"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert server.paths() == []


def test_a_crawl_delay_slows_us_down(server, fetcher):
    server.on("/robots.txt", Reply(body="User-agent: *\nCrawl-delay: 0.3\n"))
    server.on("/jobs", as_json(JOBS))
    began = time.monotonic()
    for page in "123":
        fetcher.get(SOURCE, f"{server.url}/jobs", params={"page": page})
    assert time.monotonic() - began > 0.55


def test_a_crawl_delay_beyond_our_patience_is_said(server, fetcher):
    server.on("/robots.txt", Reply(body="User-agent: *\nCrawl-delay: 600\n"))
    with pytest.raises(Disallowed, match="asks for 600 s between requests"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


def test_a_host_is_asked_no_more_often_than_its_rate(server, archive):
    server.on("/jobs", as_json(JOBS))
    began = time.monotonic()
    with Fetcher(archive, FetchSettings(), {SOURCE: 8.0}) as fetcher:
        for page in range(5):
            fetcher.get(SOURCE, f"{server.url}/jobs", params={"page": str(page)})
    assert (
        time.monotonic() - began > 0.6
    )  # six requests with robots.txt, an eighth of a second apart


def test_a_redirect_is_followed_and_archived_under_the_first_address(server, fetcher, archive):
    server.on("/old", Reply(status=301, headers={"Location": "/jobs"}))
    server.on("/jobs", as_json(JOBS))
    assert json.loads(fetcher.get(SOURCE, f"{server.url}/old").body) == JOBS
    assert archive.latest(SOURCE, f"{server.url}/old") is not None


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://10.0.0.1/jobs", "10.0.0.1 is a private address"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is a private address"),
        ("http://[::ffff:192.168.1.1]/", "private address"),
        ("file:///etc/hosts", "file address instead of http or https"),
    ],
)
def test_a_redirect_into_a_private_network_or_off_the_web_is_refused(server, fetcher, target, why):
    server.on("/jobs", Reply(status=302, headers={"Location": target}))
    with pytest.raises(SourceUnavailable, match=rf"which is refused \(.*{why}"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


def test_redirects_that_never_end_are_given_up(server, fetcher):
    server.on("/jobs", Reply(status=302, headers={"Location": "/jobs"}))
    with pytest.raises(SourceUnavailable, match="redirects more than 5 times"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


@pytest.mark.parametrize(
    ("configured", "target", "refused"),
    [
        ("https://jobs.example/", "https://www.example/", False),
        ("https://jobs.example/", "http://127.0.0.1/", True),
        ("https://jobs.example/", "https://intranet.example/", True),
        ("http://intranet.example/", "http://intranet.example/jobs", False),
        ("http://intranet.example/", "http://10.0.0.9/", True),
        ("http://127.0.0.1:8000/", "http://localhost:9000/", False),
    ],
)
def test_where_a_redirect_may_lead_depends_on_where_we_were_sent(configured, target, refused):
    addresses = {
        "jobs.example": "93.184.216.34",
        "www.example": "93.184.216.35",
        "intranet.example": "10.1.2.3",
        "localhost": "127.0.0.1",
    }
    why = refusal(configured, target, lambda host: [ip_address(addresses.get(host, host))])
    assert bool(why) is refused


def test_neither_proxies_nor_cookies_come_in_from_outside(server, fetcher, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.on("/jobs", as_json(JOBS, headers={"Set-Cookie": "who=me"}))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    fetcher.get(SOURCE, f"{server.url}/jobs")
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_a_secret_header_does_not_follow_to_another_host(server, fetcher):
    with LocalServer() as other:
        server.on("/jobs", Reply(status=302, headers={"Location": f"{other.url}/jobs"}))
        other.on("/jobs", as_json(JOBS))
        fetcher.get(SOURCE, f"{server.url}/jobs", headers={"Authorization-Key": "k"})
        assert all("authorization-key" not in asked.headers for asked in other.asked)
    assert server.asked[-1].headers["authorization-key"] == "k"


def test_a_web_page_instead_of_json_stops_the_source_and_is_kept(server, fetcher, archive):
    body = "<html>Back soon, says jane@acme.example <b>42</b></html>"
    server.on("/jobs", as_json(JOBS, etag="a"), Reply(body=body), as_json(JOBS, etag="a"))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    with pytest.raises(
        SourceChanged, match="expected a JSON answer, saw '<html>Back soon"
    ) as error:
        fetcher.get(SOURCE, f"{server.url}/jobs")
    named = str(error.value).partition("; the answer is kept in raw/")[2]
    kept = read(archive.folder / named)
    assert kept.body == "<html>Back soon, says [gone] <b>42</b></html>"
    assert archive.latest(SOURCE, f"{server.url}/jobs").etag == "a"
    assert [json.loads(one.body) for one in archive.answers(SOURCE)] == [JOBS]
    assert fetcher.get(SOURCE, f"{server.url}/jobs").unchanged


def test_an_unread_answer_is_kept_once_and_loses_its_personal_fields(archive):
    body = 'callback({"author": "Jane \\"J\\" Roe", "took_ms": "1", "text": "x"})'
    for day in (19, 20):
        with pytest.raises(SourceChanged):
            unread(archive, body, day)
    (path,) = files(archive)
    assert read(path).body == 'callback({"author": "", "took_ms": "", "text": "x"})'


def test_an_unread_answer_goes_when_it_is_old_or_names_a_purged_item(archive):
    for day, body in enumerate(["<p>old</p>", "<p>7</p>", "<p>8</p>"], 1):
        with pytest.raises(SourceChanged):
            unread(archive, body, day)
    assert archive.purge(SOURCE, ["7"]) == 1
    assert archive.prune(1, today=date(2026, 11, 3)) == 1
    assert [read(path).body for path in files(archive)] == ["<p>8</p>"]


def test_an_unread_answer_that_names_a_forgotten_item_is_not_kept(archive):
    archive.forget(SOURCE, "7")
    with pytest.raises(SourceChanged, match="kept in no file, since"):
        unread(archive, "<p>7</p>")
    assert files(archive) == []


def test_a_text_that_names_a_forgotten_item_is_read_and_not_stored(archive):
    archive.forget("feed", "42")
    kept = archive.store("feed", "http://x/", "<item>42</item>", fetched_at=datetime.now(UTC))
    assert kept.body == "<item>42</item>"
    assert files(archive) == []


def test_a_write_under_way_in_another_thread_survives_pruning(archive):
    stored(archive, JOBS)
    part = files(archive)[0].with_name("x.1.part")
    part.write_bytes(b"")
    archive.prune(30, today=date(2026, 11, 20))
    assert part.exists()
    os.utime(part, (0, 0))
    archive.prune(30, today=date(2026, 11, 20))
    assert not part.exists()


PAGE = """<html><head><script type="application/ld+json">{"@type": "JobPosting",
"identifier": 13812345678, "datePosted": "2026-07-01T10:00:00+02:00", "telephone": 4155552671,
"salary": [120000, 150000], "text": 4155552671, "validThrough": "2026-08-01"}</script></head>
<p>Call 415-555-2671, write <a href="mailto:jo@acme.example">jo@acme.example</a></p></html>"""
FEED = "<rss><item><guid>13812345678</guid><author>Jo Roe</author><author/><p>x</p></item></rss>"


def test_a_page_is_cleaned_as_text_and_its_json_stays_json(tmp_path):
    policies = {"pages": Policy(is_json=False, id_fields=("identifier",))}
    archive = Archive(tmp_path / "raw", policies, without_personal_data)
    kept = archive.store("pages", "http://x/", PAGE, fetched_at=datetime.now(UTC)).body
    inner = json.loads(kept.partition('json">')[2].partition("</script>")[0])
    assert inner == {
        "@type": "JobPosting",
        "identifier": 13812345678,
        "datePosted": "2026-07-01T10:00:00+02:00",
        "telephone": "[phone removed]",
        "salary": [120000, 150000],
        "text": "[phone removed]",
        "validThrough": "2026-08-01",
    }
    assert "acme.example" not in kept
    assert "2671" not in kept


def test_a_feed_loses_personal_elements_and_is_trimmed_and_keeps_its_ids(tmp_path):
    policy = Policy(
        drop_fields=frozenset({"author"}),
        id_fields=("guid",),
        is_json=False,
        trim=lambda text: text.replace("<p>x</p>", ""),
    )
    archive = Archive(tmp_path / "raw", {"feed": policy}, without_personal_data)
    kept = archive.store("feed", "http://x/", FEED, fetched_at=datetime.now(UTC)).body
    assert kept == "<rss><item><guid>13812345678</guid><author/></item></rss>"


def unread(archive, body, day=1):
    at = datetime(2026, 11, day, 3, tzinfo=UTC)
    return archive.store(SOURCE, "http://x/1", body, fetched_at=at)


def stored(archive, body, url="http://x/1", day=date(2026, 11, 20), **how):
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return archive.store(SOURCE, url, json.dumps(body), fetched_at=at, **how)


def raw_bytes(archive):
    import zstandard

    paths = archive.folder.glob("*/*/*.zst")
    return b"".join(zstandard.decompress(path.read_bytes()) for path in paths)


def test_personal_fields_and_addresses_never_reach_the_disk(archive):
    body = {
        "jobs": [
            {"author": "Jane Roe", "nested": {"author": "J"}, "text": "Write jane@acme.example"}
        ]
    }
    kept = stored(archive, body)
    assert json.loads(kept.body) == {"jobs": [{"nested": {}, "text": "Write [gone]"}]}
    assert b"Jane" not in raw_bytes(archive)
    assert b"acme.example" not in raw_bytes(archive)


def test_a_source_without_a_policy_is_never_archived(archive):
    with pytest.raises(PipelineError, match="no archive policy"):
        archive.store("other", "http://x/", "{}", fetched_at=datetime.now(UTC))


def test_the_same_answer_is_stored_once(archive):
    stored(archive, JOBS, day=date(2026, 11, 19))
    stored(archive, JOBS, day=date(2026, 11, 20))
    assert len(files(archive)) == 1


def test_an_archived_answer_is_never_overwritten(archive):
    stored(archive, {"n": 1})
    before = [(path, path.read_bytes()) for path in files(archive)]
    stored(archive, {"n": 2})
    assert all(path.read_bytes() == content for path, content in before)
    assert len(files(archive)) == 2


def test_a_file_that_cannot_be_read_is_passed_over(archive, caplog):
    stored(archive, {"n": 1}, day=date(2026, 11, 19))
    stored(archive, {"n": 2}, day=date(2026, 11, 20))
    files(archive)[-1].write_bytes(b"not zstd")
    assert json.loads(archive.latest(SOURCE, "http://x/1").body) == {"n": 1}
    assert "cannot be read" in caplog.text


def test_answers_older_than_thirty_days_are_removed(archive):
    stored(archive, {"n": 1}, day=date(2026, 10, 20))
    stored(archive, {"n": 2}, day=date(2026, 10, 21))
    assert archive.prune(30, today=date(2026, 11, 20)) == 1
    assert [json.loads(one.body) for one in archive.answers(SOURCE)] == [{"n": 2}]


def test_a_purged_item_is_gone_with_its_replies_and_the_rest_stays(archive):
    page = {"hits": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": 3, "parent_id": 2}]}
    stored(archive, page, etag="e")
    stored(archive, {"id": 7, "kids": [1, 2], "children": [{"id": 2, "text": "b"}]}, "http://x/7")
    stored(archive, {"id": 2, "text": "b"}, "http://x/2")
    assert archive.purge(SOURCE, ["2"]) == 3
    left = [json.loads(one.body) for one in archive.answers(SOURCE)]
    assert {"hits": [{"id": 1, "text": "a"}]} in left
    assert {"id": 7, "kids": [1], "children": []} in left
    assert len(left) == len(files(archive)) == 2
    assert archive.latest(SOURCE, "http://x/1").etag == "e"


def test_purging_what_is_not_there_changes_nothing(archive):
    stored(archive, JOBS)
    before = files(archive)
    assert archive.purge(SOURCE, ["99"]) == 0
    assert files(archive) == before


def test_a_page_that_is_not_json_goes_whole_when_it_names_a_purged_item(archive):
    archive.store("feed", "http://x/", "<item>42</item>", fetched_at=datetime.now(UTC))
    assert archive.purge("feed", ["42"]) == 1
    assert files(archive) == []


def test_a_forgotten_item_does_not_come_back_with_the_next_answer(server, fetcher, archive):
    server.on("/jobs", as_json({"jobs": [{"id": 1, "text": "One"}, {"id": 2, "text": "Two"}]}))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    archive.forget(SOURCE, "1")
    again = fetcher.get(SOURCE, f"{server.url}/jobs")
    assert json.loads(again.body) == {"jobs": [{"id": 2, "text": "Two"}]}
    assert again.unchanged


def test_half_a_surrogate_pair_does_not_stop_a_source(archive):
    kept = archive.store(
        SOURCE, "http://x/", '{"text": "a \\ud83d b"}', fetched_at=datetime.now(UTC)
    )
    assert json.loads(kept.body) == {"text": "a ? b"}


@pytest.mark.parametrize(("rate", "apart"), [(1e6, 0.0), (10.0, 0.09)])
def test_threads_ask_one_host_in_turn_and_as_slowly_as_the_slowest_source(archive, rate, apart):
    open_now, seen, times = [], [], []
    lock = Lock()

    def script(connection, asked):
        with lock:
            open_now.append(1)
            seen.append(len(open_now))
            times.append(time.monotonic())
        time.sleep(0.02)
        with lock:
            open_now.pop()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    rates = {SOURCE: 1e6, "feed": rate}
    with (
        RawServer(script) as raw,
        Fetcher(archive, FetchSettings(), rates) as fetcher,
        ThreadPoolExecutor(6) as pool,
    ):
        fetcher.get("feed", f"{raw.url}/0")
        sources = [SOURCE, "feed"] * 3
        asked = [pool.submit(fetcher.get, one, f"{raw.url}/{n}") for n, one in enumerate(sources)]
        assert all(one.result().status == 200 for one in asked)
    assert max(seen) == 1
    assert len(times) == 8  # the first of them, robots.txt, also waits for the TLS library
    assert min(later - earlier for earlier, later in pairwise(times[1:])) > apart


def test_threads_ask_different_hosts_at_the_same_time(archive):
    meeting = Barrier(3, timeout=2)

    def script(connection, asked):
        if b"robots.txt" not in asked:
            meeting.wait()  # breaks unless all three hosts are being asked
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with (
        RawServer(script) as one,
        RawServer(script) as two,
        RawServer(script) as three,
        Fetcher(archive, QUICK) as fetcher,
        ThreadPoolExecutor(3) as pool,
    ):
        asked = [pool.submit(fetcher.get, SOURCE, f"{host.url}/jobs") for host in (one, two, three)]
        assert [one.result().status for one in asked] == [200, 200, 200]


def test_twenty_threads_that_ask_at_once_read_robots_txt_once(archive):
    asked = []

    def script(connection, request):
        asked.append(request.split()[1])
        time.sleep(0.1 if b"robots" in request else 0)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with (
        RawServer(script) as raw,
        Fetcher(archive, QUICK) as fetcher,
        ThreadPoolExecutor(20) as pool,
    ):
        list(pool.map(lambda n: fetcher.get("feed", f"{raw.url}/{n}"), range(20)))
    assert len(asked) == 21
    assert asked.count(b"/robots.txt") == 1


def test_a_source_may_have_settings_of_its_own(server, archive):
    server.on("/jobs", as_json({"jobs": ["x" * 1000]}))
    patient = {"feed": replace(QUICK, max_bytes=100, contact="https://example.org/feed")}
    with Fetcher(archive, QUICK, by_source=patient) as fetcher:
        assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200
        with pytest.raises(SourceUnavailable, match="more than 100 bytes"):
            fetcher.get("feed", f"{server.url}/jobs")
    assert server.asked[-1].headers["user-agent"].endswith("(+https://example.org/feed)")


def test_a_user_agent_given_for_one_request_replaces_ours(server, fetcher):
    server.on("/jobs", as_json(JOBS))
    fetcher.get(SOURCE, f"{server.url}/jobs", headers={"user-agent": "jo@example.org"})
    assert [asked.headers["user-agent"] for asked in server.asked][1:] == ["jo@example.org"]


def test_a_spent_budget_ends_a_source_and_no_other(server, archive):
    server.on("/jobs", as_json(JOBS))
    short = {SOURCE: replace(QUICK, budget=0.05)}
    with Fetcher(archive, QUICK, by_source=short) as fetcher:
        fetcher.start(SOURCE)
        fetcher.start("feed")
        fetcher.get(SOURCE, f"{server.url}/jobs")
        time.sleep(0.06)
        with pytest.raises(OutOfTime) as error:
            fetcher.get(SOURCE, f"{server.url}/jobs")
        assert fetcher.get("feed", f"{server.url}/jobs").status == 200
    assert str(error.value) == (
        "board: its time budget of 0.05 s is spent; what was read so far stands, "
        "raise its budget or let it ask for less"
    )


@pytest.mark.parametrize(
    ("first", "rate"),
    [(Reply(status=429, headers={"Retry-After": "60"}), 1e6), (as_json(JOBS), 0.01)],
)
def test_nobody_waits_for_what_would_come_after_the_budget(server, archive, first, rate):
    server.on("/jobs", first)
    short = replace(QUICK, budget=5, max_wait=100, rates={SOURCE: rate})
    began = time.monotonic()
    with Fetcher(archive, short) as fetcher:
        fetcher.start(SOURCE)
        with pytest.raises(OutOfTime, match="time budget of 5 s"):
            fetcher.get(SOURCE, f"{server.url}/jobs")
    assert time.monotonic() - began < 0.5


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def drip(connection, parts):
    for part in parts:
        connection.sendall(part)
        time.sleep(0.03)


AWKWARD = {
    "silence": lambda connection: time.sleep(3),
    "headers drop by drop": lambda connection: drip(connection, [HEAD, *[b"x"] * 100]),
    "header lines without end": lambda connection: drip(connection, [HEAD, *[b"A: b\r\n"] * 90]),
    "go on without end": lambda connection: drip(
        connection, [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100
    ),
    "a body drop by drop": lambda connection: drip(
        connection, [HEAD, b"Content-Length: 200\r\n\r\n", *[b"x"] * 100]
    ),
    "chunks drop by drop": lambda connection: drip(
        connection, [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 100]
    ),
    "a body that stops": lambda connection: drip(
        connection, [HEAD, b"Content-Length: 200\r\n\r\nx", *[b""] * 100]
    ),
}


def awkward(how):
    def script(connection, asked):
        if b"robots.txt" in asked:
            connection.sendall(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n")
        else:
            AWKWARD[how](connection)

    return RawServer(script)


@pytest.mark.parametrize("how", AWKWARD)
def test_a_server_that_holds_us_is_left_at_the_time_out(archive, how):
    hasty = replace(QUICK, connect_timeout=0.1, read_timeout=0.1, body_timeout=0.15, tries=1)
    began = time.monotonic()
    with awkward(how) as raw, Fetcher(archive, hasty) as fetcher:
        with pytest.raises(SourceUnavailable, match=r"no answer in time|to no end"):
            fetcher.get("feed", f"{raw.url}/jobs")
        assert 0.09 < time.monotonic() - began < 0.6
        with pytest.raises(SourceUnavailable):
            fetcher.get("feed", f"{raw.url}/jobs")
        with pytest.raises(SourceUnavailable):
            fetcher.get("feed", f"{raw.url}/jobs")
        with pytest.raises(SourceUnavailable, match="did not answer 3 times in a row"):
            fetcher.get("pages", f"{raw.url}/jobs")


@pytest.mark.parametrize("how", AWKWARD)
def test_a_server_that_holds_us_is_left_when_the_budget_is_spent(archive, how):
    began = time.monotonic()
    with awkward(how) as raw, Fetcher(archive, replace(QUICK, budget=0.15)) as fetcher:
        fetcher.start("feed")
        with pytest.raises(OutOfTime, match="budget"):
            fetcher.get("feed", f"{raw.url}/jobs")
        assert 0.14 < time.monotonic() - began < 0.5


def test_time_that_was_up_on_our_side_is_not_held_against_a_host(archive):
    with awkward("silence") as raw, Fetcher(archive, replace(QUICK, budget=0.05)) as fetcher:
        for _ in range(3):
            fetcher.start("feed")
            with pytest.raises(OutOfTime):
                fetcher.get("feed", f"{raw.url}/jobs")
        assert fetcher.get(SOURCE, f"{raw.url}/robots.txt", missing_ok=True).status == 404


@pytest.mark.parametrize("how", AWKWARD)
def test_a_server_that_holds_us_is_left_when_the_run_is_stopped(archive, how):
    with awkward(how) as raw, Fetcher(archive, QUICK) as fetcher, ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(fetcher.get, "feed", f"{raw.url}/{n}") for n in range(2)]
        time.sleep(0.1)
        began = time.monotonic()
        fetcher.stop()
        for one in asked:  # one holds the host, one waits for it
            with pytest.raises(OutOfTime, match="the run was stopped"):
                one.result()
        assert time.monotonic() - began < 0.5
        with pytest.raises(OutOfTime):
            fetcher.get(SOURCE, f"{raw.url}/3")


def test_more_than_a_hundred_header_lines_are_no_answer(archive):
    def script(connection, asked):
        connection.sendall(HEAD + b"A: b\r\n" * 200 + b"Content-Length: 0\r\n\r\n")

    with (
        RawServer(script) as raw,
        Fetcher(archive, QUICK) as fetcher,
        pytest.raises(SourceUnavailable, match="could not be reached"),
    ):
        fetcher.get("feed", f"{raw.url}/jobs")


def test_closing_while_a_request_is_under_way_does_not_hang(archive):
    with awkward("silence") as raw:
        fetcher = Fetcher(archive, QUICK)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(fetcher.get, "feed", raw.url)
            time.sleep(0.1)
            began = time.monotonic()
            fetcher.close()
            with pytest.raises(OutOfTime):
                asked.result(2)
        assert time.monotonic() - began < 0.5


def test_an_answer_in_between_lets_a_host_be_silent_again(server, archive):
    silent = {"/a", "/b", "/d", "/e"}

    def script(connection, asked):
        if asked.split()[1].decode() not in silent:
            connection.sendall(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n")
        else:
            connection.close()

    with RawServer(script) as raw, Fetcher(archive, replace(QUICK, tries=1)) as fetcher:
        for path in "abcdefg":
            with pytest.raises(SourceUnavailable) as error:
                fetcher.get("feed", f"{raw.url}/{path}")
            assert ("answered 404" in str(error.value)) is (path not in "abde")


RESERVED = [
    {"headers": {"TDM-Reservation": "1"}},
    {"headers": {"X-Robots-Tag": "noimageai, NoAI"}},
    {"headers": {"X-Robots-Tag": "jobmarket: noai"}},
    {"body": "<!doctype html><head><meta name=tdm-reservation content=1></head>"},
    {"body": "<html><head><META content='noindex, noai' name='ROBOTS'/></head>"},
    {"body": '<html><head><meta name="jobmarket" content="noai"></head>'},
]
FREE = [
    {"headers": {"TDM-Reservation": "0"}},
    {"headers": {"X-Robots-Tag": "noimageai, otherbot: noai, unavailable_after: 25 Jun 2027"}},
    {"body": '<html><head><meta name="otherbot" content="noai"></head>'},
    {"body": "<html><head></head><body>&lt;meta name=robots content=noai&gt;"},
    {"body": "<rss><item><meta name='robots' content='noai'></item></rss>"},
]


@pytest.mark.parametrize("how", RESERVED)
def test_a_text_that_its_site_reserves_is_neither_stored_nor_used(server, fetcher, archive, how):
    server.on("/jobs", Reply(**how))
    with pytest.raises(Disallowed, match="is reserved by its site"):
        fetcher.get("feed", f"{server.url}/jobs")
    assert files(archive) == []
    assert len(server.paths()) == 1


@pytest.mark.parametrize("how", FREE)
def test_what_is_not_reserved_for_us_is_read(server, fetcher, how):
    server.on("/jobs", Reply(**how))
    assert fetcher.get("feed", f"{server.url}/jobs").status == 200


@pytest.mark.parametrize(
    ("location", "allowed"),
    [
        ("/jobs/", False),
        ("/", False),
        ("/*.html$", False),
        ("/jobs/[a]?", True),
        ("/career", True),
        ("/*.htm$", True),
    ],
)
def test_a_site_may_reserve_its_pages_in_a_file(server, fetcher, location, allowed):
    rules = [{"location": location, "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    server.on("/.well-known/tdmrep.json", as_json(rules))
    server.on("/jobs/a.html", Reply(body="<html>"))
    for _ in range(2):
        if allowed:
            assert fetcher.get("pages", f"{server.url}/jobs/a.html").status == 200
        else:
            with pytest.raises(Disallowed, match=r"reserved by its site \(http.*/tdmrep.json\)"):
                fetcher.get("pages", f"{server.url}/jobs/a.html")
    assert server.paths().count("/.well-known/tdmrep.json") == 1


@pytest.mark.parametrize("body", ["<html>404</html>", "{}", "[1, null]", "[]"])
def test_a_file_of_reservations_that_is_none_reserves_nothing(server, fetcher, body):
    server.on("/.well-known/tdmrep.json", Reply(body=body))
    server.on("/jobs", Reply(body="<html>"))
    assert fetcher.get("pages", f"{server.url}/jobs").status == 200


def test_an_interface_is_not_asked_for_a_file_of_reservations(server, fetcher):
    server.on("/jobs", as_json(JOBS))
    fetcher.get(SOURCE, f"{server.url}/jobs")
    assert server.paths() == ["/jobs"]


def resolving(monkeypatch, **addresses):
    """Let made-up names resolve: each look-up takes the next address, the last one for ever."""
    real, left = socket.getaddrinfo, {name: list(those) for name, those in addresses.items()}

    def found(host, port, *args, **how):
        those = left.get(host.partition(".")[0])
        chosen = (those.pop(0) if len(those) > 1 else those[0]) if those else host
        return real(chosen, port, *args, **how)

    monkeypatch.setattr(socket, "getaddrinfo", found)


def at_name(server, name):
    return server.url.replace("127.0.0.1", name)


def test_a_public_name_that_leads_into_a_private_network_is_not_fetched(
    server, fetcher, archive, monkeypatch
):
    resolving(monkeypatch, careers=["127.0.0.1"])
    with pytest.raises(SourceUnavailable, match=r"leads to 127\.0\.0\.1, a private address"):
        fetcher.get(SOURCE, f"{at_name(server, 'careers.example')}/jobs")
    assert server.asked == []


def test_a_public_name_of_our_own_network_may_be_named(server, archive, monkeypatch):
    resolving(monkeypatch, careers=["127.0.0.1"])
    server.on("/jobs", as_json(JOBS))
    ours = replace(QUICK, private_hosts=("careers.example",))
    with Fetcher(archive, ours) as fetcher:
        assert fetcher.get(SOURCE, f"{at_name(server, 'careers.example')}/jobs").status == 200


def test_a_name_that_resolves_anew_after_the_check_is_still_refused(server, fetcher, monkeypatch):
    with LocalServer() as inside:
        resolving(monkeypatch, rebind=["93.184.216.34", "127.0.0.1"])
        target = at_name(inside, "rebind.example")
        server.on("/jobs", Reply(status=302, headers={"Location": f"{target}/secret"}))
        with pytest.raises(SourceUnavailable, match=r"leads to 127\.0\.0\.1, a private address"):
            fetcher.get(SOURCE, f"{server.url}/jobs")
        assert inside.asked == []


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("wiki", True),
        ("jobs.internal", True),
        ("jobs.example", False),
        ("93.184.216.34", False),
        ("local.example", False),
    ],
)
def test_a_name_that_can_only_be_private_was_meant_to_be(host, private):
    assert is_private_by_name(host) is private


@pytest.mark.parametrize("target", ["http://[bad", "http://x:99999/", "http:///jobs", "//a..b/"])
def test_a_redirect_to_no_address_is_one_line(server, fetcher, target):
    server.on("/jobs", Reply(status=302, headers={"Location": target}))
    with pytest.raises(SourceUnavailable):
        fetcher.get(SOURCE, f"{server.url}/jobs")


@pytest.mark.parametrize("url", ["jobs", "", "http://", "http://[bad/", "http://x:y/", "ftp://x/"])
def test_an_address_that_is_none_is_one_line(fetcher, url):
    with pytest.raises(SourceUnavailable, match="expected an http or https address"):
        fetcher.get(SOURCE, url)


def test_a_key_that_cannot_be_sent_is_not_shown(server, fetcher):
    with pytest.raises(SourceUnavailable, match="check the address and the key") as error:
        fetcher.get(SOURCE, f"{server.url}/jobs", headers={"Authorization-Key": "secret\n"})
    assert "secret" not in str(error.value)


def test_the_body_of_a_redirect_is_not_read(server, fetcher):
    server.on("/old", Reply(status=301, body="x" * 50_000, headers={"Location": "/jobs"}))
    server.on("/jobs", as_json(JOBS))
    assert json.loads(fetcher.get(SOURCE, f"{server.url}/old").body) == JOBS
