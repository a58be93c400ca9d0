"""Nights over all live sources, each a local server in its real shape."""

import json
import time
from contextlib import contextmanager
from itertools import pairwise
from threading import Event

import pyarrow.parquet as pq
import pytest
from local_server import Reply, as_json
from small_data import Place, hn_entry
from test_hn_hiring import LocalNews
from worlds import PAGED, SCOPED, SOURCES, World, job_page

pytestmark = [pytest.mark.flow]
JSON = [name for name in SOURCES if name not in {"personio", "weworkremotely", "career_pages"}]
WHOLE = {name for name in SOURCES if name not in {"remotive", "themuse"}}  # may close postings


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("JOBMARKET_USAJOBS_KEY", "secret-key-of-nobody")


class Nights:
    """A data folder, a world of sources, and one `jobmarket ingest` after another."""

    def __init__(self, folder, world, **options):
        self.world = world
        self.place = Place(folder)
        self.configure(**options)

    def configure(self, names=None, hn="", **options):
        blocks = self.world.config(names, **options)
        self.place.config(blocks, **({"hn": hn} if hn else {}))

    def night(self, *arguments):
        """Run one night; returns each source's run by name."""
        self.done = self.place.call("ingest", "--json", *arguments)
        self.runs = {one["source"]: one for one in json.loads(self.done.out)["sources"]}
        return self.runs

    def verdicts(self):
        return {name: one["verdict"] for name, one in self.runs.items()}

    def sightings(self, name):
        folder = self.place.data / "lake" / f"{name}.live"
        manifest = json.loads((folder / "manifest.json").read_text())
        rows = pq.read_table(folder / manifest["sightings"]).to_pylist()
        return {row["source_id"]: row for row in rows}

    def postings(self, name):
        folder = self.place.data / "lake" / f"{name}.live"
        tables = [pq.read_table(path) for path in sorted(folder.glob("*.postings.parquet"))]
        return [row for table in tables for row in table.to_pylist()]

    def n_asked(self):
        return sum(len(server.asked) for server in self.world.servers.values())


@pytest.fixture
def nights(tmp_path):
    @contextmanager
    def made(*names, **options):
        with World(names or SOURCES) as world:
            yield Nights(tmp_path, world, **options)

    return made


# --- an ordinary night ------------------------------------------------------------------------


def test_every_source_arrives_whole_and_the_same_night_again_brings_and_does_nothing(nights):
    with nights() as run:
        run.night()
        assert run.done.code == 0, run.done.err
        assert set(run.verdicts().values()) == {"complete"}
        for name in SOURCES:
            held = run.postings(name)
            assert len(held) == 12, name
            for one in held:
                assert one["title"].startswith("Machine Learning Engineer"), name
                assert "tides & currents" in one["description"], name
                assert one["employer"] and one["location"] and one["url"], name
                assert str(one["posted_on"]).startswith("2026-11-0"), name
                assert one["posting_id"] == f"{name}:{one['source_id']}"
        asked = run.n_asked()
        files = sorted((run.place.data / "lake").rglob("*.parquet"))
        run.night()
        assert set(run.verdicts().values()) == {"unchanged"}
        assert sum(one["n_new"] + one["n_changed"] for one in run.runs.values()) == 0
        assert sorted((run.place.data / "lake").rglob("*.parquet")) == files
        # details of postings whose listing says nothing new are not even asked for
        assert run.n_asked() - asked < asked


def test_an_answer_304_is_neither_sent_nor_read_again(nights):
    with nights("greenhouse") as run:
        server, path = run.world.servers["greenhouse"], run.world.path("greenhouse")
        body = json.dumps({"jobs": [], "meta": {"total": 0}})
        server.on(path, Reply(body, etag='"one"', headers={"Content-Type": "application/json"}))
        run.night()
        run.night()
        assert server.asked[-1].headers["if-none-match"] == '"one"'
        assert run.runs["greenhouse"]["n_same"] == 1


def test_recruiters_of_jobtech_are_in_no_file_of_ours(nights):
    with nights("jobtech_se") as run:
        run.night()
        archive = [p for p in (run.place.data / "raw").rglob("*") if p.is_file()]
        assert archive
        import zstandard

        for path in (run.place.data).rglob("*"):
            if path.is_file():
                held = path.read_bytes()
                if path.name.endswith(".zst"):
                    held = zstandard.decompress(held)
                assert b"Nameless" not in held, path


def test_a_key_goes_to_its_source_and_into_no_file(nights):
    with nights("usajobs", "remotive") as run:
        run.night()
        asked = run.world.servers["usajobs"].asked[-1]
        assert asked.headers["authorization-key"] == "secret-key-of-nobody"
        others = run.world.servers["remotive"].asked
        assert not any("authorization-key" in one.headers for one in others)
        for path in run.place.data.rglob("*"):
            assert not path.is_file() or b"secret-key" not in path.read_bytes()


def test_a_source_without_its_key_is_not_configured_and_no_failure(nights, monkeypatch):
    monkeypatch.delenv("JOBMARKET_USAJOBS_KEY")
    with nights("usajobs", "remotive") as run:
        run.night()
        assert run.done.code == 0
        assert run.verdicts() == {"usajobs": "not_configured", "remotive": "complete"}
        assert "set JOBMARKET_USAJOBS_KEY in the environment" in run.done.err
        assert not run.world.servers["usajobs"].asked


def test_a_source_that_names_no_boards_is_not_configured(nights):
    with nights("greenhouse", boards=[]) as run:
        run.night()
        assert run.verdicts() == {"greenhouse": "not_configured"}
        assert "names no boards to ask; set boards under [sources.greenhouse]" in run.done.err


def test_new_fields_are_drift_and_a_bad_record_is_set_aside(nights):
    with nights("greenhouse") as run:
        server, path = run.world.servers["greenhouse"], run.world.path("greenhouse")
        from worlds import _greenhouse

        answer = _greenhouse([1, 2, 3, 4])
        answer["jobs"][0]["glitter"] = True
        answer["jobs"][1]["title"] = None
        server.on(path, as_json(answer))
        run.night()
        assert run.runs["greenhouse"]["drift"] == ["glitter"]
        assert run.verdicts() == {"greenhouse": "complete"}
        folder = run.place.data / "lake" / "greenhouse.live"
        [aside] = [
            row for p in folder.glob("*.rejects.parquet") for row in pq.read_table(p).to_pylist()
        ]
        assert (aside["source_id"], aside["reason"]) == ("2", "expected title, saw None")
        run.night()
        assert len(list(folder.glob("*.rejects.parquet"))) == 1


# --- opening and closing ----------------------------------------------------------------------


def test_two_whole_nights_without_a_posting_close_it_and_a_third_with_it_opens_it(nights):
    with nights() as run:
        run.night()
        for name in SOURCES:
            run.world.list(name, range(2, 13))  # the first one is gone
        run.night()
        assert {one["n_closed"] for one in run.runs.values()} == {0}
        run.night()
        closed = {name for name, one in run.runs.items() if one["n_closed"]}
        # dates are all the same here: a window says nothing of what is as old as its oldest
        windows = {"remoteok", "himalayas", "jobicy", "weworkremotely"}
        assert closed == WHOLE - windows
        for name in closed:
            rows = run.sightings(name)
            assert sum(row["closed_on"] is not None for row in rows.values()) == 1, name
        for name in SOURCES:
            run.world.list(name, range(1, 13))
        run.night()
        assert {name for name, one in run.runs.items() if one["n_reopened"]} == closed
        for name in SOURCES:
            again = [row for row in run.sightings(name).values() if row["n_reopened"]]
            assert [row["closed_on"] for row in again] == [None] * (name in closed), name
            assert all(row["closed_before_on"] and row["reopened_on"] for row in again), name


def test_a_night_that_breaks_off_closes_nothing(nights):
    with nights("smartrecruiters") as run:
        run.world.list("smartrecruiters", range(1, 31))
        run.night()
        server, path = run.world.servers["smartrecruiters"], run.world.path("smartrecruiters")
        run.world.list("smartrecruiters", range(2, 31))
        healthy = run.world._paged
        server.call(
            path,
            lambda asked: (
                Reply(status=500)
                if "offset=20" in asked.path
                else as_json(healthy("smartrecruiters", asked))
            ),
        )
        for _ in range(3):
            run.night()
            assert run.verdicts() == {"smartrecruiters": "truncated"}
            assert run.done.code == 3
        assert not any(row["closed_on"] for row in run.sightings("smartrecruiters").values())


def test_one_board_of_several_that_is_gone_stops_no_other(nights):
    with nights("greenhouse", boards=["tidewater", "gone"]) as run:
        run.night()
        assert run.verdicts() == {"greenhouse": "truncated"}
        assert len(run.postings("greenhouse")) == 12
        [problem] = run.runs["greenhouse"]["problems"]
        assert "/v1/boards/gone/" in problem
        assert "answered 404" in problem
        run.world.list("greenhouse", range(2, 13))
        run.night()
        run.night()
        assert run.runs["greenhouse"]["n_closed"] == 1


def test_half_of_a_board_gone_is_not_believed_until_somebody_confirms_it(nights):
    with nights("lever") as run:
        run.world.list("lever", range(1, 41))
        run.night()
        run.world.list("lever", range(1, 10))
        for _ in range(3):
            run.night()
            assert run.verdicts() == {"lever": "suspicious"}
            assert run.done.code == 3
        assert "lists 9 postings where the last good run listed 40" in run.done.err
        assert not any(row["closed_on"] for row in run.sightings("lever").values())
        for _ in range(2):
            run.night("--accept-drop", "lever")
        assert sum(row["closed_on"] is not None for row in run.sightings("lever").values()) == 31


def test_texts_that_vanish_from_a_source_replace_no_text_that_we_hold(nights):
    with nights("ashby") as run:
        run.night()
        from worlds import _ashby

        answer = _ashby(list(range(1, 13)))
        for job in answer["jobs"]:
            job["descriptionHtml"] = ""
        run.world.servers["ashby"].on(run.world.path("ashby"), as_json(answer))
        run.night()
        assert run.verdicts() == {"ashby": "suspicious"}
        assert "description is filled in 0% of postings, in the last good run 100%" in run.done.err
        assert all(one["description"] for one in run.postings("ashby"))
        assert run.runs["ashby"]["n_changed"] == 0


def test_a_career_page_that_is_gone_closes_its_posting_and_a_wrong_address_is_a_problem(nights):
    with nights("career_pages") as run:
        run.night()
        assert len(run.postings("career_pages")) == 12
        urls = [f"{run.world.servers['career_pages'].url}/job/{n}" for n in range(1, 13)]
        run.world.list("career_pages", range(2, 13))
        run.place.config(run.world.config(urls=urls))
        run.night()
        run.night()
        assert run.runs["career_pages"]["n_closed"] == 1
        assert run.verdicts() == {"career_pages": "complete"}
        run.place.config(run.world.config(urls=[*urls, urls[0].replace("job", "nowhere")]))
        run.night()
        assert run.verdicts() == {"career_pages": "truncated"}
        assert "answered 404" in run.done.err


# --- side by side, and one after another -------------------------------------------------------


def test_hosts_are_asked_side_by_side_and_each_of_them_one_request_at_a_time(nights):
    with nights() as run:
        run.world.delay = 0.05
        run.night()
        assert set(run.verdicts().values()) == {"complete"}
        for name, spans in run.world.spans.items():
            for (_, ended), (began, _) in pairwise(sorted(spans)):
                assert began >= ended, name
        every = [span for spans in run.world.spans.values() for span in spans]
        at_once = max(sum(b <= began < e for b, e in every) for began, _ in every)
        assert at_once >= 6


def test_a_host_is_asked_no_faster_than_its_rate_whichever_sources_ask(nights):
    with nights("greenhouse", "lever") as run:
        # both of one host: the second one's pages are served by the first one's server
        server = run.world.servers["greenhouse"]
        server._replies |= run.world.servers["lever"]._replies
        blocks = run.world.config(["greenhouse"], rate_per_second=5.0, boards=["tidewater", "b"])
        more = run.world.config(["lever"], rate_per_second=4.0)
        run.place.config(blocks, more.replace(run.world.servers["lever"].url, server.url))
        run.night()
        began = sorted(at for at, _ in [*run.world.spans["greenhouse"], *run.world.spans["lever"]])
        assert len(began) == 2
        assert began[1] - began[0] > 0.24
        assert run.verdicts()["lever"] == "complete"


# --- faults -----------------------------------------------------------------------------------


def _redirect(asked):
    return Reply(status=302, headers={"Location": "http://10.0.0.1/inside"})


def _html(asked):
    page = "<html><head><title>Down for maintenance</title></head><body>Soon back</body></html>"
    return Reply(page, headers={"Content-Type": "text/html"})


FAULTS = {
    "429": (lambda asked: Reply(status=429), "answered 429"),
    "500": (lambda asked: Reply(status=500), "answered 500"),
    "html": (_html, "expected"),
    "redirect": (_redirect, "10.0.0.1 is a private address"),
}


def _break(run, fault):
    for server in run.world.servers.values():
        server._replies.clear()
        server.call(
            "/*", lambda asked: Reply(status=404) if "robots" in asked.path else fault(asked)
        )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_every_source_by_name_and_changes_nothing_we_hold(nights, fault):
    answer, words = FAULTS[fault]
    with nights(hn="") as run:
        run.night()
        before = {name: run.sightings(name) for name in SOURCES}
        _break(run, answer)
        run.night()
        assert set(run.verdicts().values()) == {"failed"}
        assert run.done.code == 1  # not one source gave anything
        for name in SOURCES:
            assert name in " ".join(run.runs[name]["problems"])
            assert words in " ".join(run.runs[name]["problems"]), run.runs[name]["problems"]
            assert run.sightings(name) == before[name]
            run.world.restore(name)
        run.night()
        assert set(run.verdicts().values()) <= {"complete", "unchanged"}


def test_json_that_breaks_off_fails_the_source(nights):
    with nights(*JSON) as run:
        run.night()
        _break(run, lambda asked: Reply('{"jobs": [{"id": 1, "title": "Engin'))
        run.night()
        assert set(run.verdicts().values()) == {"failed"}
        assert all("cut short" in " ".join(one["problems"]) for one in run.runs.values())


def test_a_source_that_hangs_costs_its_own_time_and_no_other_sources(nights):
    let_go = Event()
    with nights(read_timeout=0.5, connect_timeout=0.5) as run:
        hanging = ["lever", "remotive", "personio", "career_pages"]
        for name in hanging:
            run.world.servers[name]._replies.clear()
            server = run.world.servers[name]
            server.call("/robots.txt", lambda asked: Reply(status=404))
            server.call("/*", lambda asked: let_go.wait(30) and Reply(status=404))
        began = time.monotonic()
        run.night()
        spent = time.monotonic() - began
        let_go.set()
        for name, verdict in run.verdicts().items():
            assert verdict == ("failed" if name in hanging else "complete"), name
            if name in hanging:
                problems = " ".join(run.runs[name]["problems"])
                assert "no answer in time" in problems or "did not answer" in problems
        assert run.done.code == 3
        assert spent < 25


def test_an_empty_list_where_there_were_postings_is_suspicious(nights):
    lists = [name for name in SOURCES if name != "career_pages"]
    with nights(*lists) as run:
        run.night()
        for name in lists:
            run.world.list(name, [])
        run.night()
        assert set(run.verdicts().values()) == {"suspicious"}
        run.night()
        for name in lists:
            assert not any(row["closed_on"] for row in run.sightings(name).values())


def test_pages_that_repeat_end_the_listing_and_it_counts_as_truncated(nights):
    with nights(*sorted(PAGED)) as run:
        for name in PAGED:
            run.world.list(name, range(1, 41))
            answer, server = run.world._paged, run.world.servers[name]
            server.call(run.world.path(name), _first_page(run.world, name, answer))
        run.night()
        for name, one in run.runs.items():
            assert one["verdict"] == "truncated", (name, one)
            assert "a loop" in " ".join(one["problems"]) or "gave 10 of 40" in " ".join(
                one["problems"]
            )
            assert len(run.postings(name)) == 10


def _first_page(world, name, answer):
    """Answer every page of a source with what its first one holds."""
    from worlds import _page

    first = {
        "arbeitnow": lambda: {"data": _page(name, world.ids[name], 0)["data"],
                              "links": {"next": "https://live.example/?page=9"}, "meta": {}},
    }.get(name, lambda: _page(name, world.ids[name], 0))  # fmt: skip
    return lambda asked: as_json(first())


def test_pages_without_end_are_cut_at_the_limit(nights):
    with nights(*sorted(PAGED), max_pages=3) as run:
        for name in PAGED:
            # the search for Sweden would be split instead
            run.world.list(name, range(1, 2_001 if name == "jobtech_se" else 100_001))
        run.night()
        for name, one in run.runs.items():
            newest = name in {"himalayas", "themuse"}
            assert one["verdict"] == ("complete" if newest else "truncated"), one
            assert "more than 3 pages" in one["message"]
            assert one["n_kept"] == 30, name


def test_a_charset_that_is_stated_wrongly_spoils_no_text(nights):
    with nights(*JSON) as run:
        for name in JSON:
            server = run.world.servers[name]
            path, world = run.world.path(name), run.world
            for key, reply in list(server._replies.items()):
                server.call(key, _latin(reply))
            assert path and world
        run.night()
        for name in JSON:
            assert {one["employer"] for one in run.postings(name)} <= {
                "Tïdewater",
                "tidewater",
                "Tïde Service",
            }, name


def _latin(reply):
    def answer(asked):
        found = reply(asked)
        body = found.body.replace("Tidewater", "Tïdewater").replace("Tide Service", "Tïde Service")
        return Reply(
            json.dumps(json.loads(body), ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=ISO-8859-1"},
        )

    return answer


def test_a_required_field_that_is_gone_stops_the_source_and_its_answer_is_kept(nights):
    with nights("greenhouse", "remotive") as run:
        from worlds import _greenhouse

        answer = _greenhouse([1, 2, 3])
        for job in answer["jobs"]:
            job["name"] = job.pop("title")
        run.world.servers["greenhouse"].on(run.world.path("greenhouse"), as_json(answer))
        run.night()
        assert run.verdicts() == {"greenhouse": "failed", "remotive": "complete"}
        [problem] = run.runs["greenhouse"]["problems"]
        assert "expected title, saw none" in problem
        assert "'name'" in problem
        kept = list((run.place.data / "raw" / "greenhouse").rglob("*.zst"))
        assert len(kept) == 1


def test_a_fault_of_our_own_in_one_source_stops_no_other(nights, monkeypatch):
    from pipeline.sources import lever

    with nights("lever", "remotive") as run:
        monkeypatch.setattr(lever, "OUT_OF_SCOPE", 7)  # as if somebody had broken the module
        run.night()
        assert run.verdicts() == {"lever": "failed", "remotive": "complete"}
        assert "this is a fault of jobmarket" in run.done.err


def test_a_backfill_reads_the_past_of_the_source_that_keeps_it(tmp_path):
    with World(("greenhouse",)) as world:
        from local_server import LocalServer

        with LocalServer() as server:
            news = LocalNews(server)
            news.ads(1, 2)
            run = Nights(tmp_path, world)
            run.configure(hn=hn_entry(server.url))
            run.night()
            assert run.verdicts() == {"hn_hiring": "complete", "greenhouse": "complete"}
            from test_hn_hiring import past

            past(news)
            run.night("--since", "2024-01")
            assert run.runs["hn_hiring"]["n_new"] == 2
            server.down("/*")
            news.server.down("/api/v1/search_by_date")
            news.server.down("/api/v1/items/*")
            news.server.down("/v0/item/*")
            run.night()
            assert run.verdicts()["hn_hiring"] == "failed"
            assert run.verdicts()["greenhouse"] == "unchanged"
            assert len(run.postings("hn_hiring")) == 4


def test_since_must_be_a_day(nights):
    with nights("greenhouse") as run:
        done = run.place.call("ingest", "--since", "long ago")
        assert done.code == 2
        assert "--since 'long ago': expected a year, a month or a day" in done.err


def test_names_of_the_world_cover_every_source():
    from pipeline.sources import LIVE

    assert {*SOURCES, "hn_hiring"} == set(LIVE)
    assert SCOPED and job_page(1)
