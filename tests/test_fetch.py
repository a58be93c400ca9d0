"""Fetching against a real server on this machine: patience, politeness, limits, the archive."""

import json
import logging
import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address

import pytest
from local_server import LocalServer, Reply, as_json

from pipeline.edge.addresses import refusal
from pipeline.edge.archive import Archive
from pipeline.edge.cleaning import Policy
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.errors import PipelineError, SourceChanged, SourceUnavailable

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
    rates={SOURCE: 1e6, "feed": 1e6},
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
    policies = {SOURCE: POLICY, "feed": Policy(is_json=False)}
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
    with caplog.at_level(logging.INFO, logger="pipeline.edge.session"):
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


def test_no_server_makes_us_wait_longer_than_the_cap(server, archive):
    server.on("/jobs", Reply(status=429, headers={"Retry-After": "86400"}), as_json(JOBS))
    short = FetchSettings(max_wait=0.2, backoff=0.01, jitter=0, rates={SOURCE: 1e6})
    began = time.monotonic()
    with Fetcher(archive, short) as fetcher:
        assert fetcher.get(SOURCE, f"{server.url}/jobs").status == 200
    assert 0.2 <= time.monotonic() - began < 1.5


def test_a_retry_after_that_nobody_can_read_is_said(server, fetcher):
    server.on("/jobs", Reply(status=503, headers={"Retry-After": "soon"}))
    with pytest.raises(SourceUnavailable, match="a Retry-After that is neither seconds nor a date"):
        fetcher.get(SOURCE, f"{server.url}/jobs")


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


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Zürich".encode(), "text/html", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html; charset=ISO-8859-1", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html", "Zürich"),
        ("\ufeffZürich".encode(), "text/xml; charset=utf-8", "Zürich"),
    ],
)
def test_a_body_is_decoded_as_stated_or_as_it_is(server, fetcher, body, content_type, text):
    server.on("/feed", Reply(body=body, headers={"Content-Type": content_type}))
    assert fetcher.get("feed", f"{server.url}/feed").body.lstrip("\ufeff") == text


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
    with pytest.raises(SourceUnavailable, match=r"does not let jobmarket fetch .*/private/jobs"):
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
    with pytest.raises(SourceUnavailable, match="asks for 600 s between requests"):
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


def test_a_web_page_instead_of_json_stops_the_source(server, fetcher, archive):
    server.on("/jobs", Reply(body="<html>Back soon</html>"))
    with pytest.raises(SourceChanged, match="expected a JSON answer, saw '<html>Back soon"):
        fetcher.get(SOURCE, f"{server.url}/jobs")
    assert files(archive) == []


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
