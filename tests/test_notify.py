"""Telling somebody: to real receivers on loopback, of runs over real folders; no failure of it."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import duckdb
from local_server import LocalServer
from receiver import MailServer, Receiver
from small_data import Place, ads, files_entry, hn_entry, write_csv

from pipeline.claims.standing import standing_rows
from pipeline.edge import notify, runs, stages
from pipeline.edge.claim_tables import write_claims
from pipeline.edge.messenger import send
from pipeline.edge.settings import read_settings
from pipeline.errors import PipelineError
from pipeline.notice import Notice

MESSAGE = Notice("jobmarket: the run failed", "What to do: look at it.", ("failure",))
# the nights that pass come after the run that a test begins with
NIGHT = datetime.now(UTC).replace(hour=3, minute=0) + timedelta(days=1)


def test_a_webhook_receives_title_body_and_how_grave_it_is():
    with Receiver() as receiver:
        assert send([receiver.url], MESSAGE) == []
    (got,) = receiver.messages
    assert (got["title"], got["message"], got["type"]) == (MESSAGE.title, MESSAGE.body, "failure")


def test_a_mail_arrives_with_a_password_that_stands_only_in_the_environment(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "p@ss/w:rd #1")
    with MailServer() as server:
        address = f"mailto://me:${{MAIL_PASSWORD}}@127.0.0.1:{server.port}"
        assert send([f"{address}/?from=me@example.org&to=you@example.org"], MESSAGE) == []
    assert base64.b64decode(server.login).split(b"\0")[1:] == [b"me", b"p@ss/w:rd #1"]
    assert "the run failed" in server.mail["Subject"]
    assert server.mail["To"] == "you@example.org"


def test_a_whole_address_may_stand_in_the_environment(monkeypatch):
    with Receiver() as receiver:
        monkeypatch.setenv("CHAT", f"{receiver.url}/a-secret-path?x=1")
        assert send(["${CHAT}"], MESSAGE) == []
    assert receiver.paths == ["/hook/a-secret-path"]


def test_an_address_that_fails_is_named_by_its_place_and_the_others_are_told(monkeypatch):
    monkeypatch.setenv("TOKEN", "s3cr3t")
    with Receiver(500) as broken, Receiver() as well:
        urls = [f"{broken.url}/${{TOKEN}}", "json://127.0.0.1:1/${TOKEN}", "nonsense://x", well.url]
        lines = send([*urls, "json://127.0.0.1/${NOT_SET}"], MESSAGE)
    assert len(well.messages) == 1
    assert [line.partition(":")[0] for line in lines] == [
        f"[notify] urls, number {number} ({kind})"
        for number, kind in ((1, "json"), (2, "json"), (3, "nonsense"), (5, "json"))
    ]
    assert "500" in lines[0]
    assert "onnection" in lines[1]
    assert "does not know" in lines[2]
    assert "no NOT_SET in the environment" in lines[3]
    assert "s3cr3t" not in "".join(lines)


def test_a_receiver_that_never_answers_is_left_behind():
    with Receiver(delay=3) as slow:
        (line,) = send([slow.url], MESSAGE, seconds=0.5)
    assert "no answer within 0.5 s" in line


def test_a_test_message_goes_to_every_address_and_leaves_no_trace(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", "s3cr3t")
    place = Place(tmp_path)
    with Receiver(500) as broken, Receiver() as well:
        urls = [
            f"{well.url}/a-word",
            f"{broken.url}/${{TOKEN}}/another-word",
            "json://a-third-one/x",
        ]
        place.config(f"[notify]\nurls = {json.dumps(urls)}\n")
        done = place.call("notify", "--test")
        place.config(f"[notify]\nurls = {json.dumps(urls[:1])}\n")
        alone = place.call("notify", "--test", "--json")
    assert well.titles() == ["jobmarket: a test"] * 2
    first, second, third = done.out.splitlines()
    assert first == "[notify] urls, number 1 (json): got through"
    assert "number 2 (json): " in second
    assert "error=500" in second
    assert "onnection" in third
    assert not any(word in done.out for word in ("word", "s3cr3t"))
    assert (done.code, done.err) == (1, "")
    assert (alone.code, alone.err) == (0, "")
    assert json.loads(alone.out) == [{"number": 1, "kind": "json", "why": ""}]
    assert not place.data.exists()


def test_a_test_message_without_an_address_is_refused_in_one_line(tmp_path):
    place = Place(tmp_path)
    place.config()
    done = place.call("notify", "--test")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "jobmarket: jobmarket.toml: expected an address in [notify] urls, saw none; "
        "docs/scheduling.md shows some\n"
    )


class Nights:
    """A published folder over which nights pass by the clock that a test gives them."""

    def __init__(self, folder, *urls, source=""):
        self.place = Place(folder)
        self.source = source
        self.place.config(
            f"[notify]\nurls = {json.dumps(urls)}\n",
            files_entry("board", folder / "a.csv"),
            hn=source,
        )
        write_csv(folder / "a.csv", ads(40))
        settings = read_settings(self.place.data, folder / "jobmarket.toml")
        with runs.running(settings) as run_id:
            stages.ingest(settings, run_id, ["board"])
            stages.rebuild(settings, run_id)

    def pass_one(self, after_days=0, *, error=None, ingest=True):
        """Let a night pass: ingest, then an end with an error or without; returns its log."""
        settings = read_settings(self.place.data, self.place.folder / "jobmarket.toml")
        with runs.only_writer(settings):
            run_id = runs.begin(settings, NIGHT + timedelta(days=after_days))
            if ingest:
                stages.ingest(settings, run_id, ["hn_hiring"] if self.source else ["board"])
            runs.finish(settings, run_id, "failed" if error else "published", error or "")
            notify.tell(settings, run_id)
        return runs.outcome(settings, run_id)


def test_a_source_that_is_silent_for_three_days_is_told_then_and_again_at_six(tmp_path):
    with LocalServer() as site, Receiver() as receiver:
        site.down("/api/v1/search_by_date")
        nights = Nights(tmp_path, receiver.url, source=hn_entry(site.url))
        told = [nights.pass_one(day)["notice"] is not None for day in (0, 2, 3, 5, 6)]
    assert told == [False, False, True, False, True]
    assert receiver.titles() == ["jobmarket: hn_hiring is silent"] * 2
    assert (
        "no whole answer for 3 days, never since it was first asked"
        in (receiver.messages[0]["message"])
    )


def test_a_file_that_is_gone_for_three_days_is_told(tmp_path):
    with Receiver() as receiver:
        nights = Nights(tmp_path, receiver.url)
        (tmp_path / "a.csv").unlink()
        for day in range(4):  # the first of them is the day after it was last read
            nights.pass_one(day)
    assert receiver.titles() == ["jobmarket: board is silent"]
    assert "no file matches" in receiver.messages[0]["message"]


def test_a_changed_verdict_is_told_once_and_once_more_when_it_changes_back(tmp_path):
    """Each run has new data; what three of them agree on is published as changed."""
    found = {"pt-rising": "ABBBAAA", "keras-still-relevant": "ABBBBBB"}
    words = {"A": "inconclusive", "B": "supported"}
    rows, n_changes = [], []
    with Receiver() as receiver:
        nights = Nights(tmp_path, receiver.url)
        for day in range(7):
            run = {"run_id": f"{NIGHT + timedelta(day):%Y%m%dT%H%M%S.%fZ}", "as_of": NIGHT.date()}
            headline = {"part": "all", "time_window": "last_24_months", "reading": "primary"}
            numbers = {"rule_hash": "r", "sums_hash": str(day), "estimate": 1.0}
            rows += [
                {**run, **headline, **numbers, "claim_id": claim, "verdict": words[letters[day]]}
                for claim, letters in found.items()
            ]
            nights.place.warehouse.chmod(0o644)
            with duckdb.connect(nights.place.warehouse) as file:
                write_claims(file, {"standing": standing_rows(rows, {})})
            n_changes.append(len(nights.pass_one(day, ingest=False)["verdict_changes"]))
    assert n_changes == [0, 0, 0, 2, 0, 0, 1]
    there, back = receiver.messages
    assert there["title"] == "jobmarket: 2 verdicts changed"
    assert lines_on(there, "was inconclusive, is supported now") == sorted(found)
    assert back["title"] == "jobmarket: 1 verdict changed"
    assert lines_on(back, "was supported, is inconclusive now") == ["pt-rising"]


def lines_on(message, end):
    """Return the claims of whose verdict a message says so."""
    lines = message["message"].splitlines()
    return [line.partition(" (")[0] for line in lines if line.endswith(f"): {end}")]


def test_two_runs_that_fail_in_one_night_are_one_message(tmp_path):
    with Receiver() as receiver:
        nights = Nights(tmp_path, receiver.url)
        for day in (0, 0.1, 1):
            nights.pass_one(day, error="expected a, saw b", ingest=False)
    assert len(receiver.messages) == 2
    assert "Published stays what was: the run " in receiver.messages[0]["message"]


def test_a_run_that_ended_without_a_word_is_told_by_the_one_after_it(tmp_path):
    with Receiver() as receiver:
        nights = Nights(tmp_path, receiver.url)
        settings = read_settings(nights.place.data, tmp_path / "jobmarket.toml")
        lost = runs.begin(settings, NIGHT)  # and the power goes
        nights.pass_one(1, ingest=False)
        nights.pass_one(2, ingest=False)
    assert receiver.titles() == ["jobmarket: the run before was lost"]
    assert lost in receiver.messages[0]["message"]


def test_a_notifier_that_fails_fails_nothing_is_reported_and_speaks_the_next_night(tmp_path):
    with Receiver(503) as receiver:
        nights = Nights(tmp_path, receiver.url)
        log = nights.pass_one(0, error="expected a, saw b", ingest=False)
        assert "error=503" in log["not_notified"][0]
        status = nights.place.call("status")
        assert "warning: [notify] urls, number 1 (json): expected to tell" in status.out
        receiver.status = 200
        assert nights.pass_one(0.1, error="still so", ingest=False)["not_notified"] == []
    assert len(receiver.messages) == 1


def test_a_broken_memory_of_what_was_told_is_begun_anew(tmp_path):
    with Receiver() as receiver:
        nights = Nights(tmp_path, receiver.url)
        (nights.place.data / "notified.json").write_text("{")
        nights.pass_one(error="expected a, saw b", ingest=False)
    assert len(receiver.messages) == 1


def test_an_error_of_ours_is_told_as_it_is_and_any_other_with_its_name(tmp_path):
    settings = read_settings(tmp_path / "data")
    for error in (PipelineError("it is so"), KeyError("x")):
        with suppress(type(error)), runs.running(settings) as run_id:
            raise error
        said = runs.outcome(settings, run_id)["message"]
        assert said == ("it is so" if isinstance(error, PipelineError) else "KeyError: 'x'")
