"""Hostile postings through ingest, extraction, build and checks: none is lost, nothing breaks.

Most of what is here must be refused, which two checks say so: only they may stop it. Its tables
are therefore those of the file that was built and not published.
"""

from __future__ import annotations

import json
import random
from datetime import date

import duckdb
import pytest
from local_server import Reply, as_json
from small_data import Place, ad, files_entry, write_csv, write_jsonl, write_parquet
from worlds import World

SEEDS = (20261101, 20261102)
WORDS = (
    "PyTorch", "TensorFlow", "tf.keras", "scikit-learn", "no experience with JAX", "C++/CUDA",
    "Ελληνικά", "日本語で機械学習", "مهندس تعلم الآلة", "\u202eHcroTyP\u202c", "👩🏽‍🔬🧪", "Zürich",
    "\x00", "\x07\x1b[31m", "\u200b\ufeff", "\r\n\r\n", "\t", "'); drop table core.postings; --",
    "${jndi:x}", "{{7*7}}", "%s%n", "\\N", "NULL", "nan", "$1e308 - $1e309 a year", "£-5 per hour",
    "€99999999999999999999 a month", "0 USD", "$120k-$90k", "<p>", "</div></div>", "<script>",
    "&amp;amp;lt;", "<![CDATA[", "<b" * 40, "<div>" * 300, "&#0;&#xD800;&#99999999;", "a" * 3_000,
    "Remote", "Berlin, Germany", "| " * 60, "(YC S19)", "-- ", "\u0301" * 50, "ﷺ" * 20,
)  # fmt: skip
DAYS = (
    "2026-11-02", "0001-01-01", "9999-12-31", "2026-02-30", "1e9", "-1", "yesterday", "1793610900",
    "2026-11-02T25:61:00Z", "", "31/12/2025", "2026-11-02T09:00:00+14:00", "\u0662\u0660",
)  # fmt: skip
FORMS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


def text(chance, most=12):
    """Return some hostile words, now and then very many or none."""
    count = chance.choice((0, 1, 3, most, most, 400 if chance.random() < 0.02 else most))
    return chance.choice((" ", "\n", "</p><p>", "")).join(chance.choices(WORDS, k=count))


def row(chance, number):
    """Return one hostile record; an id may repeat, be empty or be odd itself."""
    known = chance.choice((number, number, number, number // 2))
    values = ad(
        number,
        posting_id=chance.choice(
            (f"p{known}", f"p{known}", f"p{known}", f" {text(chance, 2)}", "")
        ),
        posted_on=chance.choice(DAYS),
    )
    for name in ("title", "employer", "location", "description", "salary", "url"):
        if chance.random() < 0.6:
            values[name] = text(chance)
    return values


def in_json(chance, values):
    """Return a record with values that only JSON can hold."""
    odd = (None, 7, -0.0, 1e308, True, [], ["a", None, ["b"]], {"a": {"b": 1}}, 10**30, "\ud800")
    for name in chance.sample(sorted(values), 2):
        if chance.random() < 0.3:
            values[name] = chance.choice(odd)
    return values


class Fuzzed:
    """Hostile files of every format and hostile live answers, read and built in one folder."""

    def __init__(self, folder, seed):
        chance = random.Random(seed)
        self.place = Place(folder)
        self.n_rows = {}
        entries = []
        for name, write in FORMS.items():
            rows = [row(chance, number) for number in range(90)]
            if name == "jsonl":
                rows = [in_json(chance, one) for one in rows]
            write(folder / f"{name}.{name}", rows)
            self.n_rows[name] = len(rows)
            entries.append(files_entry(name, f"{name}.{name}", 'dates = "real"'))
        with (folder / "jsonl.jsonl").open("ab") as file:  # lines that are no records
            broken = [b"{", b"[1, 2]", b"\xff\xfe", b'"text"', b"null", b'{"posting_id": "x"']
            file.write(b"\n".join(broken) + b"\n")
        self.n_rows["jsonl"] += len(broken)
        with World(("greenhouse", "remotive", "lever")) as world:
            self._listen(world, chance)
            self.place.config(*entries, world.config())
            self.ingested = self.place.call("ingest")
            self.built = self.place.call("build")
            self.again = self.place.call("ingest"), self.place.call("build")
        self.log = self.place.last_log()

    def ask(self, sql):
        """Query what was built."""
        with duckdb.connect(str(self.place.data / "jobmarket.duckdb.next")) as connection:
            return connection.execute(sql).fetchall()

    def _listen(self, world, chance):
        """Let the live sources answer in their shape, with hostile values in it."""
        jobs = [
            {
                "id": number // 2 if chance.random() < 0.1 else number,
                "title": f"Engineer {text(chance, 3)}",
                "content": text(chance),
                "location": {"name": text(chance, 2)},
                "absolute_url": text(chance, 1),
                "first_published": chance.choice(("2026-11-02T09:00:00-05:00", None)),
                "company_name": text(chance, 2),
            }
            for number in range(1, 41)
        ]
        boards = world.servers["greenhouse"]
        boards.on(world.path("greenhouse"), as_json({"jobs": jobs, "meta": {"total": len(jobs)}}))
        feed = [
            {
                "id": number, "title": f"Engineer {text(chance, 3)}", "description": text(chance),
                "company_name": text(chance, 2) or "Tidewater", "salary": text(chance, 2),
                "url": f"https://a.example/{number}", "publication_date": "2026-11-02T09:00:00",
                "candidate_required_location": text(chance, 2),
            }
            for number in range(1, 31)
        ]  # fmt: skip
        remotive = world.servers["remotive"]
        remotive.on(world.path("remotive"), as_json({"job-count": 30, "jobs": feed}))
        bomb = json.dumps([{"id": "x"}] * 3)[:-5] + "[" * 5_000  # not whole, and very deep
        lever = world.servers["lever"]
        lever.on(world.path("lever"), Reply(bomb, headers={"Content-Type": "application/json"}))


@pytest.fixture(scope="module", params=SEEDS)
def fuzzed(request, tmp_path_factory):
    return Fuzzed(tmp_path_factory.mktemp(f"fuzz{request.param}"), request.param)


def test_hostile_input_ends_in_one_line_for_what_failed(fuzzed):
    assert fuzzed.ingested.code == 3, fuzzed.ingested.err
    [line] = fuzzed.ingested.errors
    assert "lever: expected a JSON answer" in line
    assert "fault of jobmarket" not in fuzzed.ingested.err
    assert "Traceback" not in fuzzed.ingested.err + fuzzed.built.err
    assert fuzzed.built.code == 1
    assert len(fuzzed.built.errors) == 1


def test_every_record_of_a_hostile_file_is_kept_or_set_aside(fuzzed):
    rows = fuzzed.ask(
        "select source, n_read, n_kept + n_rejected + n_superseded from ops.source_runs "
        "where run_id = (select max(run_id) from ops.runs)"
    )
    read = {source: n_read for source, n_read, _ in rows}
    assert {name: read[name] for name in FORMS} == fuzzed.n_rows
    assert all(n_read == explained for _, n_read, explained in rows)


def test_every_check_passes_but_those_that_say_how_much_was_refused(fuzzed):
    failed = {one["name"]: one["sample"] for one in fuzzed.log["checks"] if one["n_offending"]}
    assert failed.keys() <= {"rejects_are_few", "languages_read"}, failed
    assert len(fuzzed.log["checks"]) >= 30


def test_every_id_stands_once(fuzzed):
    [(count, ids)] = fuzzed.ask("select count(*), count(distinct posting_id) from core.postings")
    assert count == ids > 150


def test_hostile_words_are_still_found_for_what_they_are(fuzzed):
    named = dict(fuzzed.ask("select framework, count(*) from core.posting_frameworks group by all"))
    assert {"pytorch", "tensorflow", "keras", "scikit_learn"} <= named.keys()
    assert fuzzed.ask("select count(*) from core.postings where posted_on < '1990-01-01'") == [(0,)]
    [(newest,)] = fuzzed.ask("select max(posted_on) from core.postings")
    assert newest <= date.today()


def test_hostile_input_read_again_changes_nothing(fuzzed):
    ingested, built = fuzzed.again
    assert (ingested.code, built.code) == (3, 1)
    assert "sources_did_not_fall" not in built.err
    lines = [line for line in ingested.out.splitlines() if not line.startswith("lever")]
    assert all(" 0 new" in line for line in lines), ingested.out
