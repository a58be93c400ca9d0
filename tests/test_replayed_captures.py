"""Real answers, saved from the sources and kept beside the project, replayed through whole runs.

What is expected is read off the answers here, by other code than the sources' own.
"""

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from local_server import LocalServer, Reply, as_json
from lxml import etree
from small_data import Place
from test_live_sources import Nights

pytestmark = [pytest.mark.flow]
QUICK = "rate_per_second = 1000.0\ntries = 1\n"


def _iso(value):
    return str(value or "")[:10] or None


def _epoch(value):
    value = int(value)
    seconds = value / 1000 if value > 1e11 else value
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _lever_text(job):
    parts = [job.get("description") or job.get("descriptionPlain"), job.get("additional")]
    return [*parts, *(one["content"] for one in job.get("lists", ()))]


# source -> (path, option of boards, records of an answer, fields of a record): id, title,
# employer, date, url, pieces of the text; None where the source does not say
CASES = {
    "greenhouse": (
        "/v1/boards/{board}/jobs", "boards", lambda a: a["jobs"],
        lambda j: (j["id"], j["title"], j.get("company_name"), _iso(j.get("first_published")),
                   j["absolute_url"], [html.unescape(j["content"])]),
    ),
    "lever": (
        "/v0/postings/{board}", "sites", lambda a: a,
        lambda j: (j["id"], j["text"], None, _epoch(j["createdAt"]), j["hostedUrl"],
                   _lever_text(j)),
    ),
    "ashby": (
        "/posting-api/job-board/{board}", "boards", lambda a: a["jobs"],
        lambda j: (j["id"], j["title"], None, _iso(j["publishedAt"]), j["jobUrl"],
                   [j.get("descriptionHtml") or j.get("descriptionPlain")]),
    ),
    "smartrecruiters": (
        "/v1/companies/{board}/postings", "companies", lambda a: a["content"],
        lambda j: (j["id"], j["name"], j["company"]["name"], _iso(j["releasedDate"]), None, []),
    ),
    "workable": (
        "/api/v1/widget/accounts/{board}", "companies", lambda a: a["jobs"],
        lambda j: (j["shortcode"], j["title"], "Zego", _iso(j["published_on"]), j["url"], []),
    ),
    "recruitee": (
        "/api/offers/", "companies", lambda a: a["offers"],
        lambda j: (j["id"], j["title"], j["company_name"], _iso(j["published_at"]),
                   j["careers_url"], [j["description"]]),
    ),
    "remotive": (
        "/api/remote-jobs", None, lambda a: a["jobs"],
        lambda j: (j["id"], j["title"], j["company_name"], _iso(j["publication_date"]), j["url"],
                   [j["description"]]),
    ),
    "remoteok": (
        "/api", None, lambda a: a[1:],
        lambda j: (j["id"], j["position"], j["company"], _iso(j["date"]), j["url"], []),
    ),
    "arbeitnow": (
        "/api/job-board-api", None, lambda a: a["data"],
        lambda j: (j["slug"], j["title"], j["company_name"], _epoch(j["created_at"]), j["url"],
                   [html.unescape(j["description"])]),
    ),
    "himalayas": (
        "/jobs/api", None, lambda a: a["jobs"],
        lambda j: (j["guid"], j["title"], j["companyName"], _epoch(j["pubDate"]),
                   j["applicationLink"], [j["description"]]),
    ),
    "jobicy": (
        "/api/v2/remote-jobs", None, lambda a: a["jobs"],
        lambda j: (j["id"], j["jobTitle"], j["companyName"], _iso(j["pubDate"]), j["url"],
                   [j["jobDescription"]]),
    ),
    "themuse": (
        "/api/public/jobs", None, lambda a: a["results"],
        lambda j: (j["id"], j["name"], j["company"]["name"], _iso(j["publication_date"]),
                   j["refs"]["landing_page"], [j["contents"]]),
    ),
    "usajobs": (
        "/api/Search", "queries", lambda a: a["SearchResult"]["SearchResultItems"],
        lambda j: (
            j["MatchedObjectId"],
            j["MatchedObjectDescriptor"]["PositionTitle"],
            j["MatchedObjectDescriptor"]["OrganizationName"],
            _iso(j["MatchedObjectDescriptor"]["PublicationStartDate"]),
            j["MatchedObjectDescriptor"]["PositionURI"].replace(":443", ""),
            [j["MatchedObjectDescriptor"]["UserArea"]["Details"]["JobSummary"]],
        ),
    ),
}  # fmt: skip


def captures(shared, source):
    """Return the saved answers of a source: JSON that holds records in its listing's shape."""
    found = []
    for path in sorted((shared / "payloads" / source).glob("*.json")):
        if path.name.endswith(".meta.json"):
            continue
        answer = json.loads(path.read_text(encoding="utf-8"))
        if source == "greenhouse" and "jobs" not in answer:
            continue  # one job's own answer, which a board's listing holds already
        found.append((path, answer))
    return found


def squeezed(words):
    """Return words as they compare: without blanks, marks and case."""
    return re.sub(r"[\W_]+", "", words or "").lower()


def sentences(markup):
    """Return some words of a text that no layout can change: single runs between tags."""
    plain = [html.unescape(run) for run in re.split(r"<[^>]*>", markup or "")]
    return [squeezed(run) for run in plain if 40 < len(run) < 400 and "@" not in run][:40]


def serve(server, source, answer, board):
    path = CASES[source][0].format(board=board)
    server.call("/*", lambda asked: Reply(status=404))
    server.on(path, as_json(answer))


def config(source, url, board):
    option = CASES[source][1]
    scopes = f'{option} = ["{board}"]\n' if option else ""
    return f'[sources.{source}]\nbase_url = "{url}"\n{scopes}{QUICK}'


@pytest.mark.parametrize("source", CASES)
def test_every_posting_of_every_saved_answer_arrives_as_it_is(
    shared, source, tmp_path, monkeypatch
):
    monkeypatch.setenv("JOBMARKET_USAJOBS_KEY", "k")
    records_of, fields = CASES[source][2:]
    n_checked = 0
    for number, (path, answer) in enumerate(captures(shared, source)):
        folder = tmp_path / str(number)
        folder.mkdir()
        board = path.stem.rpartition("_")[2]
        with LocalServer() as server:
            serve(server, source, answer, board)
            place = Place(folder)
            place.config(config(source, server.url, board))
            done = place.call("ingest", "--json")
        held = {one["source_id"]: one for one in _postings(place, source)}
        for record in records_of(answer):
            expected = fields(record)
            posting = held.get(str(expected[0]))
            if posting is None and source == "remoteok":
                aside = " ".join(one["reason"] for one in _rejects(place, source))
                assert "no job" in aside or "expected" in aside, (path.name, expected)
                continue
            assert posting, (path.name, expected[:2], done.err)
            check(posting, expected)
            n_checked += 1
    assert n_checked


def check(posting, expected):
    _, title, employer, day, url, pieces = expected
    assert squeezed(posting["title"]) == squeezed(html.unescape(title.strip()))
    if employer:
        assert squeezed(posting["employer"]) == squeezed(html.unescape(employer))
    assert (str(posting["posted_on"]) if posting["posted_on"] else None) == day
    if url:
        assert posting["url"] == url
    text = squeezed(posting["description"])
    for piece in pieces:
        for sentence in sentences(piece):
            assert sentence in text, (posting["posting_id"], sentence)
    words = posting["description"]
    assert not re.search(r"&(?:nbsp|amp|lt|gt|quot|#\d+);", words), posting["posting_id"]
    assert not re.search(r"</?(?:p|div|li|ul|br|strong|span)\b[^>]*>", words)


def _postings(place, source):
    return Nights.postings(_Held(place), source)


def _rejects(place, source):
    import pyarrow.parquet as pq

    folder = place.data / "lake" / f"{source}.live"
    return [row for p in folder.glob("*.rejects.parquet") for row in pq.read_table(p).to_pylist()]


class _Held:
    def __init__(self, place):
        self.place = place


def test_a_saved_feed_of_xml_arrives(shared, tmp_path):
    [path] = (shared / "payloads" / "personio").glob("*.xml")
    with LocalServer() as server:
        server.call("/*", lambda asked: Reply(status=404))
        server.on("/xml", Reply(path.read_text(), headers={"Content-Type": "text/xml"}))
        place = Place(tmp_path)
        place.config(f'[sources.personio]\nbase_url = "{server.url}"\ncompanies = ["x"]\n{QUICK}')
        assert place.call("ingest").code == 0
    [posting] = _postings(place, "personio")
    position = etree.fromstring(path.read_bytes()).find("position")
    assert posting["source_id"] == position.findtext("id")
    assert posting["title"] == position.findtext("name")
    assert posting["employer"] == position.findtext("subcompany")
    assert posting["location"] == "Munich; Berlin"
    assert str(posting["posted_on"]) == position.findtext("createdAt")[:10]
    assert posting["observes"] == "titles"  # its text is empty: what it asks for is unknown


def test_places_and_pay_of_saved_answers_arrive_in_the_warehouse(shared, tmp_path, monkeypatch):
    """One run over all of them: the flow, the build and the checks."""
    monkeypatch.setenv("JOBMARKET_USAJOBS_KEY", "k")
    servers, blocks, n_expected = [], [], 0
    for source in CASES:
        board_answers = captures(shared, source)[:1]
        server = LocalServer()
        server.__enter__()
        servers.append(server)
        for path, answer in board_answers:
            board = path.stem.rpartition("_")[2]
            serve(server, source, answer, board)
            blocks.append(config(source, server.url, board))
            n_expected += len(CASES[source][2](answer))
    place = Place(tmp_path)
    place.env["JOBMARKET_USAJOBS_KEY"] = "k"
    place.config(*blocks)
    done = place.run("run")
    for server in servers:
        server.__exit__()
    assert done.code in {0, 3}, done.err
    [(n_held,)] = place.ask("select count(*) from core.postings")
    [(n_aside,)] = place.ask("select count(*) from core.rejects")
    assert n_held + n_aside == n_expected
    pay = place.ask(
        "select source, count(salary_min_year) from core.postings group by all order by all"
    )
    paid = {source for source, count in pay if count}
    assert {"recruitee", "usajobs", "jobicy", "ashby"} <= paid
    placed = place.ask(
        "select source, count(*) from core.posting_places inner join core.postings "
        "using (posting_id) where country <> '' group by all"
    )
    assert {source for source, _ in placed} >= {
        "workable", "recruitee", "smartrecruiters", "arbeitnow", "himalayas", "themuse",
    }  # fmt: skip


def test_saved_comments_of_hacker_news_arrive(shared, tmp_path):
    path = next((shared / "payloads" / "hn_algolia").glob("jobpilot_comments*partial.json"))
    answer = json.loads(path.read_text())
    assert answer["hits"]
    thread = str(answer["hits"][0]["story_id"])
    ads = {
        hit["objectID"]
        for hit in answer["hits"]
        if str(hit["parent_id"]) == thread and hit.get("comment_text")
    }

    def search(asked):
        if "comment" in asked.path:
            return as_json(answer)
        title = answer["hits"][0]["story_title"]
        story = {"objectID": thread, "title": title, "created_at": "2026-06-01T15:00:00Z"}
        return as_json({"hits": [story], "page": 0, "nbHits": 1, "nbPages": 1})

    with LocalServer() as server:
        server.call("/*", lambda asked: Reply(status=404))
        server.call("/api/v1/search_by_date", search)
        place = Place(tmp_path)
        from small_data import hn_entry

        place.config(hn=hn_entry(server.url))
        place.call("ingest")
    held = _postings(place, "hn_hiring")
    assert {one["source_id"] for one in held} == ads
    assert all(one["description"] and one["posted_on"] for one in held)


def test_saved_career_pages_arrive_or_say_what_they_lack(shared, tmp_path):
    pages = sorted(Path(shared / "payloads" / "jsonld_pages").glob("*.html"))
    with LocalServer() as server:
        for path in pages:
            server.on(
                f"/{path.stem}",
                Reply(path.read_bytes(), headers={"Content-Type": "text/html; charset=utf-8"}),
            )
        urls = [f"{server.url}/{path.stem}" for path in pages]
        place = Place(tmp_path)
        place.config(f"[sources.career_pages]\nurls = {json.dumps(urls)}\n{QUICK}")
        done = place.call("ingest", "--json")
    [run] = json.loads(done.out)["sources"]
    held = _postings(place, "career_pages")
    without = [path.stem for path in pages if b"JobPosting" not in path.read_bytes()]
    assert len(held) >= len(pages) - len(without) - 1
    for one in held:
        assert one["title"] and one["employer"] and one["url"] and one["posted_on"], one["url"]
        assert len(one["description"]) > 300
        assert not re.search(r"&(?:nbsp|amp|lt|gt);|</?(?:p|div|li|strong)\b", one["description"])
    for name in without:
        assert any(name in problem for problem in run["problems"]), name
