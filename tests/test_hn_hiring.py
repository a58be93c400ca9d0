"""Hacker News: saved answers parse as approved, and a run against a local copy of both services."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from local_server import LocalServer, Reply, as_json

from pipeline.edge.archive import Archive
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.live import (
    HnSettings,
    Known,
    archive_policy,
    collect,
    harvest_of,
    whole_threads,
)
from pipeline.errors import SourceChanged, SourceUnavailable
from pipeline.postings.privacy import without_personal_data
from pipeline.sources import hn_hiring as hn
from pipeline.sources.hn_answers import trimmed

GOLDEN = Path(__file__).parent / "golden" / "hn_hiring"
TODAY = date(2026, 11, 20)
THREAD = 50000000
TITLE = "Ask HN: Who is hiring? (November 2026)"
PARSERS = {
    "search": lambda body: hn.parse_search(body, str(THREAD)),
    "tree": hn.parse_tree,
    "item": lambda body: hn.parse_item(body, str(THREAD)),
}


def page(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def search(answer, thread=THREAD):
    return hn.parse_search(json.dumps(answer), str(thread))


@pytest.mark.parametrize("name", PARSERS)
def test_a_saved_answer_parses_as_approved(name):
    found = PARSERS[name](json.dumps(page(name)))
    postings = json.loads(json.dumps([asdict(one) for one in found.postings], default=str))
    approved = GOLDEN / f"{name}.expected.json"
    if not approved.exists():
        approved.write_text(json.dumps(postings, indent=1, ensure_ascii=False) + "\n")
        pytest.fail(f"{approved.name} was written from what is parsed today: review it")
    assert postings == json.loads(approved.read_text(encoding="utf-8"))


def test_a_saved_answer_holds_no_field_that_nobody_decided_about():
    assert [parse(json.dumps(page(name))).drift for name, parse in PARSERS.items()] == [[], [], []]


def test_search_tree_and_item_give_the_same_posting():
    same = [
        {one.source_id: one for one in parse(json.dumps(page(name))).postings}["50000103"]
        for name, parse in PARSERS.items()
    ]
    assert same[0] == same[1] == same[2]


def test_replies_and_comments_without_text_are_not_postings():
    found = search(page("search"))
    assert [one.posting_id for one in found.postings] == [
        "hn:50000104",
        "hn:50000103",
        "hn:50000102",
    ]
    assert found.gone == {"50000101"}
    assert len(found.listed) == 5


def test_a_posting_is_dated_by_its_day_in_utc():
    first = search(page("search")).postings[0]
    assert (first.posted_on, first.date_kind) == (date(2026, 11, 3), "real")


def test_neither_an_address_nor_a_phone_number_stays_in_a_posting():
    words = " ".join(one.description for one in search(page("search")).postings)
    assert "hello@" not in words
    assert "555 0134" not in words


@pytest.mark.parametrize(
    "title",
    [
        "Ask HN: Who is hiring? (July 2026)",
        "Ask HN: Who is Hiring?  (August 2013)",
        "Ask HN: Who's Hiring? (March 2011 Edition)",
        "Ask HN: Who’s hiring? - December 2010 edition",
        "Ask HN: Who is Hiring Right Now? (Feb. 2011)",
        "Who Is Hiring (April 2011)",
    ],
)
def test_the_monthly_threads_are_known_by_their_title_old_spellings_too(title):
    assert hn.is_hiring_thread(title)


@pytest.mark.parametrize(
    "title",
    [
        "Ask HN: Who wants to be hired? (July 2026)",
        "Ask HN: Freelancer? Seeking freelancer? (July 2026)",
        "Ask HN: Who is hiring remote interns? (July 2026)",
        "Ask HN: Who is hiring?",
        "Who is hiring in July 2026, and who is firing?",
        None,
    ],
)
def test_other_threads_are_not_hiring_threads(title):
    assert not hn.is_hiring_thread(title)


def test_only_hiring_threads_are_taken_from_the_story_search_newest_first():
    threads = hn.parse_stories(json.dumps(page("stories")))
    assert [one.item_id for one in threads] == ["50000000", "49700000"]


def test_a_tree_of_job_seekers_holds_no_postings():
    tree = page("tree") | {"title": "Ask HN: Who wants to be hired? (November 2026)"}
    assert hn.parse_tree(json.dumps(tree)).postings == []


@pytest.mark.parametrize("field", ["hits", "nbHits", "nbPages"])
def test_a_search_without_its_envelope_stops_the_source(field):
    answer = page("search")
    del answer[field]
    with pytest.raises(SourceChanged, match=rf"hn_hiring: expected .*{field}.*, saw "):
        search(answer)


@pytest.mark.parametrize("field", ["objectID", "created_at", "parent_id", "story_id"])
def test_a_hit_without_a_required_field_stops_the_source_and_names_it(field):
    answer = page("search")
    del answer["hits"][1][field]
    with pytest.raises(SourceChanged, match=f"expected a comment hit with {field}, saw"):
        search(answer)


def test_an_answer_that_is_no_object_stops_the_source():
    with pytest.raises(SourceChanged, match="expected a JSON object, saw 'list'"):
        search([])


def test_a_page_of_ads_without_any_text_is_a_renamed_field_not_a_mass_deletion():
    answer = page("search")
    for hit in answer["hits"]:
        hit["body_html"] = hit.pop("comment_text", None)
    with pytest.raises(SourceChanged, match="expected comments with comment_text"):
        search(answer)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"created_at": "yesterday"}, "created_at is no date: 'yesterday'"),
        ({"objectID": "x1"}, "the id is no number: 'x1'"),
        ({"comment_text": 7}, "comment_text is int, no text"),
        ({"comment_text": "<p> </p>"}, "comment_text holds markup only"),
    ],
)
def test_one_unreadable_hit_is_set_aside_and_the_others_stay(broken, reason):
    answer = page("search")
    answer["hits"][0] |= broken
    found = search(answer)
    assert [one.reason for one in found.rejected] == [reason]
    assert len(found.postings) == 2


def test_a_hit_that_is_no_object_is_set_aside():
    answer = page("search")
    answer["hits"].append(None)
    assert search(answer).rejected[0].reason == "a hit is NoneType, no object"


def test_new_fields_are_noted_in_order_and_stop_nothing():
    answer = page("search") | {"zone": 1}
    answer["hits"][0]["boost"] = 2
    found = search(answer)
    assert found.drift == ["boost", "zone"]
    assert len(found.postings) == 3


def test_fields_that_are_null_are_read_like_absent_ones():
    answer = page("search")
    answer["hits"] = [hit | {"points": None, "_tags": None} for hit in answer["hits"]]
    assert len(search(answer).postings) == 3


@pytest.mark.parametrize(
    "item",
    [
        {"deleted": True, "id": 7, "parent": THREAD, "time": 1, "type": "comment", "kids": [8]},
        {"dead": True, "id": 7, "parent": THREAD, "text": "Ad", "time": 1, "type": "comment"},
        {"id": 7, "parent": THREAD, "time": 1, "type": "comment"},
    ],
)
def test_deleted_dead_and_empty_items_are_reported_as_gone(item):
    found = hn.parse_item(json.dumps(item), str(THREAD))
    assert (found.postings, found.gone) == ([], {"7"})


def test_an_item_that_never_was_is_nothing():
    assert hn.parse_item("null", str(THREAD)) == hn.Parsed()


def test_an_item_below_another_comment_is_not_a_posting():
    item = page("item") | {"parent": 50000104}
    assert hn.parse_item(json.dumps(item), str(THREAD)).postings == []


def test_words_of_replies_and_of_dead_comments_are_left_out_before_storing():
    assert "outside the EU" not in json.dumps(trimmed(page("search")))
    assert "outside the EU" not in json.dumps(trimmed(page("tree")))
    assert "text" not in trimmed({"id": 1, "dead": True, "text": "Ad"})
    assert search(trimmed(page("search"))) == search(page("search"))


# --- a run against a local Hacker News -------------------------------------------------------


class LocalNews:
    """Both services, serving the same comments: Algolia's search and tree, Firebase's items."""

    def __init__(self, server):
        self.server = server
        self.titles = {THREAD: TITLE, THREAD + 1: "Ask HN: Who wants to be hired? (November 2026)"}
        self.opened = {}
        self.items = {}
        server.call("/api/v1/search_by_date", self.search)
        server.call("/api/v1/items/*", self.tree)
        server.call("/v0/item/*", self.item)

    def add(self, item_id, text="Acme | ML Engineer | Berlin<p>PyTorch", parent=THREAD, **flags):
        self.items[item_id] = {"id": item_id, "parent": parent, "text": text, **flags}

    def ads(self, *ids):
        for item_id in ids:
            self.add(item_id, f"Employer {item_id} | Engineer {item_id} | Berlin<p>PyTorch")

    def thread_of(self, one):
        parent = one["parent"]
        return parent if parent in self.titles else self.thread_of(self.items[parent])

    def listed(self):
        return [one for one in self.items.values() if not (one.get("deleted") or one.get("dead"))]

    def search(self, asked):
        query = {name: value[0] for name, value in parse_qs(urlsplit(asked.path).query).items()}
        if query["tags"].startswith("story"):
            hits = [
                {
                    "objectID": str(one),
                    "title": title,
                    "created_at": self.opened.get(one, "2026-11-01T15:00:00Z"),
                }
                for one, title in self.titles.items()
            ]
        else:
            thread = int(query["tags"].rpartition("_")[2])
            hits = [
                {
                    "objectID": str(one["id"]),
                    "author": "golden_user",
                    "created_at": "2026-11-02T10:00:00Z",
                    "comment_text": one["text"],
                    "parent_id": one["parent"],
                    "story_id": thread,
                    "story_title": self.titles.get(thread),
                }
                for one in self.listed()
                if self.thread_of(one) == thread
            ]
        size, number = int(query["hitsPerPage"]), int(query["page"])
        return as_json(
            {
                "hits": hits[number * size : (number + 1) * size],
                "page": number,
                "nbHits": len(hits),
                "nbPages": -(-len(hits) // size),
                "processingTimeMS": len(self.server.asked),
            }
        )

    def tree(self, asked):
        thread = int(asked.path.rpartition("/")[2])
        children = [
            {"id": one["id"], "created_at": "2026-11-02T10:00:00.000Z", "text": one["text"]}
            for one in self.listed()
            if one["parent"] == thread
        ]
        title = self.titles.get(thread, "Show HN: something else")
        return as_json({"id": thread, "title": title, "type": "story", "children": children})

    def item(self, asked):
        number = int(asked.path.rpartition("/")[2].removesuffix(".json"))
        if number in self.titles:
            kids = [one["id"] for one in self.items.values() if one["parent"] == number]
            return as_json({"id": number, "title": self.titles[number], "kids": kids})
        one = self.items.get(number)
        if one and one.get("deleted"):
            one = {"id": number, "parent": one["parent"], "deleted": True}
        return as_json(one and one | {"time": 1793610900, "by": "golden_user"})


@pytest.fixture
def news():
    with LocalServer() as server:
        yield LocalNews(server)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "raw", {hn.NAME: archive_policy()}, without_personal_data)


@pytest.fixture
def run(news, archive):
    def once(known=None, since=None, whole=frozenset(), **how):
        quick = FetchSettings(tries=2, backoff=0, jitter=0, rates={hn.NAME: 1e6})
        url = news.server.url
        settings = HnSettings(url, url, **{"hits_per_page": 3, **how})
        with Fetcher(archive, quick) as fetcher:
            return collect(
                fetcher, settings, today=TODAY, known=known or Known(), since=since, whole=whole
            )

    return once


def ids(found):
    return sorted(one.source_id for one in found.postings)


def test_a_thread_is_read_page_by_page(news, run):
    news.ads(1, 2, 3, 4)
    news.add(5, "A question", parent=2)
    found = run()
    assert (ids(found), found.verdict, found.purge) == (["1", "2", "3", "4"], "complete", [])
    assert [one.via for one in found.threads] == ["search"]
    pages = [path for path in news.server.paths() if "comment" in path]
    assert [path[-1] for path in pages] == ["0", "1"]


def test_a_second_run_without_news_is_unchanged_and_stores_nothing(news, run, archive):
    news.ads(1, 2, 3, 4)
    first = run()
    stored = sorted(archive.folder.rglob("*"))
    second = run(first.known)
    assert (second.verdict, second.postings) == ("unchanged", first.postings)
    assert sorted(archive.folder.rglob("*")) == stored


def test_the_archive_holds_neither_names_nor_addresses_nor_replies(news, run, archive):
    news.ads(1, 2)
    news.add(3, "Mail jane@acme.example")
    news.add(4, "Some chatter", parent=1)
    run()
    words = "".join(one.body for one in archive.answers(hn.NAME))
    assert "Employer 1" in words
    assert not {"golden_user", "jane@acme.example", "Some chatter"} & {
        one for one in ("golden_user", "jane@acme.example", "Some chatter") if one in words
    }


def test_a_deleted_ad_is_purged_on_the_second_run_everywhere(news, run, archive):
    news.ads(1, 2, 3, 4)
    first = run()
    news.items[2]["deleted"] = True
    second = run(first.known)
    archive.purge(hn.NAME, second.purge)
    assert (second.purge, ids(second)) == (["2"], ["1", "3", "4"])
    assert second.known.threads[str(THREAD)] == {"1", "3", "4"}
    assert not any("Employer 2" in one.body for one in archive.answers(hn.NAME))


def test_a_forgotten_ad_stays_away_and_the_listing_still_counts_as_complete(news, run, archive):
    news.ads(1, 2, 3, 4)
    first = run()
    archive.forget(hn.NAME, "2")
    second = run(first.known)
    assert (ids(second), second.threads[0].via) == (["1", "3", "4"], "search")
    assert second.purge == ["2"]
    assert run(second.known).verdict == "unchanged"


def test_an_ad_that_was_dead_and_is_listed_again_comes_back(news, run):
    news.ads(1, 2, 3, 4)
    first = run()
    news.items[2]["dead"] = True
    second = run(first.known)
    del news.items[2]["dead"]
    assert ids(run(second.known)) == ["1", "2", "3", "4"]


def test_an_ad_that_the_search_lost_but_that_lives_stays(news, run):
    news.ads(1, 2, 3)
    first = run()
    live, news.listed = news.listed, lambda: [one for one in live() if one["id"] != 2]
    second = run(first.known)
    assert (second.purge, ids(second)) == ([], ["1", "2", "3"])


def test_a_missing_ad_is_purged_when_nobody_can_say_whether_it_lives(news, run):
    news.ads(1, 2, 3)
    first = run()
    del news.items[2]
    news.server.down("/v0/item/*")
    second = run(first.known)
    assert second.purge == ["2"]
    assert any("purged unconfirmed" in note for note in second.notes)


def test_a_thread_that_lost_most_of_its_ads_overnight_is_not_believed(news, run):
    news.ads(*range(1, 31))
    first = run(hits_per_page=100)
    live, news.listed = news.listed, lambda: live()[:5]
    second = run(first.known, hits_per_page=100)
    assert (second.purge, second.threads[0].via) == ([], "firebase")
    assert len(second.postings) == 30


def test_deleted_and_dead_comments_and_replies_of_firebase_are_not_postings(news, run):
    news.ads(1, 2, 3)
    news.items[2]["deleted"] = True
    news.items[3]["dead"] = True
    news.add(4, "A reply", parent=1)
    news.server.down("/api/v1/search_by_date", 500)
    known = Known({str(THREAD): frozenset({"1", "2"})})
    found = run(known)
    assert (ids(found), found.purge, found.verdict) == (["1"], ["2", "3"], "complete")
    assert found.known.threads == {str(THREAD): {"1"}}


def test_the_tree_stands_in_where_the_comment_search_fails(news, run):
    news.ads(1, 2)
    healthy = news.search

    def broken(asked):
        return Reply(status=500) if "comment" in asked.path else healthy(asked)

    news.server.call("/api/v1/search_by_date", broken)
    found = run()
    assert (ids(found), found.threads[0].via, found.verdict) == (["1", "2"], "tree", "complete")


def test_firebase_stands_in_where_search_and_tree_fail(news, run):
    news.ads(1, 2)
    healthy = news.search

    def broken(asked):
        return Reply(status=500) if "comment" in asked.path else healthy(asked)

    news.server.call("/api/v1/search_by_date", broken)
    news.server.down("/api/v1/items/*")
    found = run()
    assert (ids(found), found.threads[0].via) == (["1", "2"], "firebase")
    assert len(found.notes) == 2


def test_all_three_ways_give_the_same_postings(news, run):
    news.ads(1, 2, 3)
    by_search = run().postings
    healthy = news.search
    news.server.call(
        "/api/v1/search_by_date",
        lambda asked: Reply(status=500) if "comment" in asked.path else healthy(asked),
    )
    by_tree = run().postings
    news.server.down("/api/v1/items/*")
    assert by_search == by_tree
    assert [one.description for one in run().postings] == [one.description for one in by_tree]


def test_a_search_that_repeats_a_page_ends_and_the_tree_takes_over(news, run):
    news.ads(1, 2, 3, 4, 5, 6, 7)
    healthy = news.search

    def repeating(asked):
        turned = asked.path.replace("page=1", "page=0").replace("page=2", "page=0")
        return healthy(type(asked)(turned, asked.headers))

    news.server.call("/api/v1/search_by_date", repeating)
    found = run()
    assert (len(found.postings), found.threads[0].via) == (7, "tree")
    assert sum("comment" in path for path in news.server.paths()) == 2


def test_a_partial_listing_is_kept_as_truncated_and_purges_nothing_it_did_not_see(news, run):
    news.ads(1, 2, 3, 4)
    first = run()
    healthy = news.search

    def second_page_fails(asked):
        return Reply(status=500) if "page=1" in asked.path else healthy(asked)

    news.server.call("/api/v1/search_by_date", second_page_fails)
    news.server.down("/api/v1/items/*")
    news.server.down("/v0/item/*")
    found = run(first.known)
    assert (ids(found), found.verdict, found.purge) == (["1", "2", "3"], "truncated", [])
    assert found.known == first.known


def test_everything_down_is_one_error_that_names_the_source(news, run):
    news.server.down("/api/v1/search_by_date")
    news.server.down("/v0/item/*")
    with pytest.raises(SourceUnavailable, match=r"^hn_hiring: .*search_by_date.* answered 503"):
        run()
    with pytest.raises(SourceUnavailable, match="answered 503"):
        run(Known({str(THREAD): frozenset({"1"})}))


def test_a_changed_envelope_stops_the_run(news, run):
    news.ads(1)
    news.server.call("/api/v1/search_by_date", lambda asked: as_json({"results": []}))
    with pytest.raises(SourceChanged, match=r'list "hits".*results'):
        run()


def test_a_story_search_without_a_hiring_thread_is_an_alarm(news, run):
    del news.titles[THREAD]
    with pytest.raises(SourceChanged, match="at least one hiring thread"):
        run()


def past(news, months=5):
    """Serve threads of earlier months, one ad each; returns their ids, newest first."""
    threads = [THREAD - 1000 * number for number in range(1, months + 1)]
    for number, thread in enumerate(threads, start=1):
        news.titles[thread] = f"Ask HN: Who is hiring? (October 20{26 - number})"
        news.opened[thread] = f"20{26 - number}-10-01T15:00:00Z"
        news.add(thread + 1, f"Past {number} | Engineer | Berlin<p>Keras", parent=thread)
    return threads


def test_a_backfill_reads_the_threads_since_a_day_and_not_those_before(news, run):
    news.ads(1)
    threads = past(news)
    found = run(threads=1, since=date(2023, 1, 1))
    assert [one.thread_id for one in found.threads] == [str(THREAD), *map(str, threads[:3])]
    assert len(found.postings) == 4


def test_a_backfill_that_was_broken_off_goes_on_with_the_threads_it_has_not_read(news, run):
    news.ads(1)
    threads = past(news)
    whole = frozenset(map(str, threads[:2]))
    found = run(threads=1, since=date(2011, 1, 1), whole=whole)
    read = [one.thread_id for one in found.threads]
    assert read[:4] == [str(THREAD), *map(str, threads[2:])]
    assert read[4:] == list(HnSettings().early_threads)
    assert set(whole_threads(found, whole)) >= {*whole, *map(str, threads)}


def test_threads_from_before_the_account_are_known_by_their_ids_and_checked_by_their_title(
    news, run
):
    news.ads(1)
    early = int(HnSettings().early_threads[0])
    news.titles[early] = "Ask HN: Who is hiring? (March 2011 Edition)"
    news.opened[early] = "2011-03-01T15:00:00Z"
    news.add(early + 1, "Old Shop | Engineer | Boston<p>Java", parent=early)
    found = run(threads=1, since=date(2011, 1, 1))
    assert "Old Shop" in {one.employer for one in found.postings}


def test_a_thread_is_a_scope_of_the_harvest_and_its_troubles_are_its_own(news, run):
    news.ads(1, 2)
    healthy = news.search
    news.server.call(
        "/api/v1/search_by_date",
        lambda asked: Reply(status=500) if "comment" in asked.path else healthy(asked),
    )
    by_tree = harvest_of(run())
    assert [(one.is_complete, sorted(one.listed)) for one in by_tree.scopes] == [(True, ["1", "2"])]
    assert any("answered 500" in note for note in by_tree.notes)


def test_settings_come_from_the_configuration_or_the_source_file():
    assert HnSettings.from_table({"threads": 5, "enabled": True}).threads == 5
    assert HnSettings().base_url == "https://hn.algolia.com"
