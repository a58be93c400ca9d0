"""The benchmarks: what they return, and that what they compare is the same; never the speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.edge import (
    bench,
    bench_build,
    bench_mentions,
    bench_nightly,
    bench_query,
    bench_site,
    statements,
    workers,
)
from pipeline.edge.bench_ads import ads, write_ads
from pipeline.edge.bench_digests import duplicate_rate, write_digests_of
from pipeline.edge.bench_questions import TWINS
from pipeline.edge.reference import folder
from pipeline.edge.settings import Settings
from pipeline.errors import InputError
from pipeline.mentions import blocks, sections
from pipeline.mentions.find import framework_mentions
from pipeline.mentions.scan import lower

EXTRACT = [
    "n_postings", "mb", "fast_mb_per_s", "full_mb_per_s", "ratio", "scan_mb_per_s",
    "share_of_scan", "identical", "facts_mb_per_s",
]  # fmt: skip
NIGHTLY = [
    "n_stored", "n_new", "seconds_build", "seconds_first", "seconds_incremental",
    "seconds_incremental_at_tenth", "growth", "growth_rounds", "growth_build_alone",
    "seconds_by_stage", "peak_memory_mb", "peak_memory_mb_incremental", "duplicate_rate",
    "duplicate_rate_corpus",
]  # fmt: skip
STAGES = ["ingest", "extract", "build", "judge", "check", "publish"]
QUESTION = [
    "seconds_duckdb", "seconds_pandas", "ratio", "seconds_pandas_in_memory", "ratio_in_memory",
    "ratio_rounds", "is_same", "n_answer", "n_rows", "is_small_table",
]  # fmt: skip


@pytest.fixture(scope="module")
def digests(tmp_path_factory):
    """Give three thousand drawn digests, as a table of DuckDB with the file of each."""
    target = tmp_path_factory.mktemp("digests")
    write_digests_of(target, 3_000)
    connection = duckdb.connect()
    connection.execute(
        "create table digests as select *, parse_filename(filename) as file "
        f"from read_parquet('{target}/*.parquet', filename = true)"
    )
    connection.execute(
        "create view linked as select copies.*, originals.posting_id as original_id, "
        "originals.employer as original_employer, originals.posted_on as original_day "
        "from digests as copies left join digests as originals "
        "on copies.duplicate_of = originals.posting_id where copies.duplicate_of <> ''"
    )
    return connection


def test_the_invented_ads_are_the_same_every_time_and_differ_from_each_other():
    some = list(ads(60))
    assert some == list(ads(60))
    assert some[40:] == list(ads(20, first=40))
    assert len({ad["description"] for ad in some}) == 60
    assert 0 < sum(bool(framework_mentions("description", ad["description"])) for ad in some) < 12


def test_extract_finds_the_same_mentions_both_ways_and_says_so(tmp_path):
    write_ads(tmp_path / "ads.jsonl", 36)
    found = bench.extract(str(tmp_path / "ads.jsonl"))
    assert list(found) == EXTRACT
    assert found["n_postings"] == 36
    assert found["identical"] is True
    assert all(found[key] > 0 for key in EXTRACT)
    json.dumps(found)


def test_extract_counts_bytes_of_title_and_description(tmp_path):
    ad = {"posting_id": "a", "title": "Engineer", "description": "PyTorch für Teams. " * 300}
    (tmp_path / "one.jsonl").write_text(json.dumps(ad))
    text = ad["description"].strip()
    assert bench.extract(str(tmp_path / "one.jsonl"))["mb"] == round(
        (len("Engineer") + len(text.encode())) / 1e6, 3
    )


def test_extract_refuses_a_file_without_texts(tmp_path):
    (tmp_path / "none.jsonl").write_text('{"posting_id": "a"}\n')
    with pytest.raises(InputError, match="saw none"):
        bench.extract(str(tmp_path / "none.jsonl"))


@pytest.mark.parametrize(
    "text",
    [
        "We use PyTorch. We like it, e.g. for vision. " * 40,
        "no full stop anywhere but PyTorch and more words " * 60,
        "x" * 2_500 + " PyTorch " + "y" * 2_500,
        "Requirements: • PyTorch • SQL   Keras - Docker\n熟悉TensorFlow或PyTorch；熟悉Keras。" * 9,
        "systemsProficiency in PyTorchExperience with SQL (cf. J. Doe).Keras helps   " * 12,
        "\n\n  \n" + "Ends here! " * 30 + "PyTorch",
        "One line of many pages. It names PyTorch! And Keras, etc. " * 400,
        "no stop in many pages of PyTorch " * 600,
    ],
    ids=["sentences", "grid", "one_word", "bullets", "glued", "blank_lines", "pages", "no_stop"],
)
def test_looking_up_one_block_gives_the_block_that_reading_all_of_them_gives(text):
    every = blocks.all_blocks(text)
    for start, end in every:
        for position in {start, (start + end) // 2, end - 1}:
            assert blocks.blocks_at(text, [position]) == [(start, end)]
    fast = framework_mentions("description", text)
    assert fast
    assert fast == framework_mentions("description", text, fast=False)


def test_only_the_headings_that_bear_on_a_stretch_are_read():
    text = "About us\n" + "- We dance.\n" * 200 + "Requirements:\n- SQL\n" + "- Python\n" * 200
    text += "- PyTorch\nNice to have:\n- Keras\n"
    at = text.index("PyTorch")
    found = sections.sections_around(text, lower(text), at, at + 7)
    assert [text[one.start :][:12] for one in found] == ["Requirements"]
    every = sections.sections_around(text, lower(text), 0, len(text))
    assert [one.kind for one in every] == ["boilerplate", "required", "preferred"]
    assert sections.section_at(found, at) == sections.section_at(every, at)
    assert sections.section_at(found, at).kind == "required"


def test_drawn_digests_are_as_many_as_asked_for_each_under_an_id_of_its_own(digests):
    assert digests.sql("select count(*), count(distinct posting_id) from digests").fetchall() == [
        (3_000, 3_000)
    ]


def test_drawn_duplicates_are_as_many_as_the_corpus_holds_and_keep_their_original(digests):
    ((rate,),) = digests.sql("select avg((duplicate_of <> '')::int) from digests").fetchall()
    assert duplicate_rate() > 0.05
    assert rate == pytest.approx(duplicate_rate(), abs=0.015)
    astray = (
        "select count(*) from linked where original_id is null or employer <> original_employer"
    )
    assert digests.sql(astray).fetchall() == [(0,)]


def test_two_draws_of_one_digest_are_two_postings_of_other_content(digests):
    ((most,),) = digests.sql(
        "select max(n) from (select count(distinct duplicate_of) as n from "
        "(select content_hash, if(duplicate_of = '', posting_id, duplicate_of) as duplicate_of "
        "from digests) group by content_hash)"
    ).fetchall()
    assert most == 1


def test_a_drawn_employer_and_day_are_not_those_the_digest_came_with(digests):
    digests.execute(
        "create temp table corpus as select posting_id, employer, posted_on, date_kind "
        f"from '{folder()}/*.parquet'"
    )
    ((same_employer, same_day, outside),) = digests.sql("""
        select
            avg((digests.employer = corpus.employer)::int),
            avg((digests.posted_on = corpus.posted_on)::int)
                filter (where digests.date_kind = 'real'),
            count(*) filter (where digests.posted_on > (select max(posted_on) from corpus))
        from digests
        inner join corpus
            on regexp_replace(digests.posting_id, '[.][0-9]+$', '') = corpus.posting_id
    """).fetchall()
    assert same_employer < 0.2
    assert same_day < 0.5
    assert outside == 0


def test_drawing_again_draws_the_same(tmp_path):
    for name in ("one", "other"):
        write_digests_of(tmp_path / name, 300)
    ours, theirs = (sorted((tmp_path / name).iterdir()) for name in ("one", "other"))
    assert [path.name for path in ours] == [path.name for path in theirs]
    assert [path.read_bytes() for path in ours] == [path.read_bytes() for path in theirs]


def test_nightly_publishes_both_nights_and_compares_them(monkeypatch):
    monkeypatch.setattr(bench_nightly, "_NIGHTS", 1)
    found = bench.nightly(900, 12)
    assert list(found) == NIGHTLY
    assert 0 < found["seconds_build"] < found["seconds_incremental"]
    nights = [
        (found["seconds_incremental"], found["seconds_by_stage"]["incremental"]),
        (found["seconds_incremental_at_tenth"], found["seconds_by_stage"]["incremental_at_tenth"]),
    ]
    for name, step in (("growth", STAGES[2:]), ("growth_build_alone", ["build"])):
        whole, tenth = (seconds - sum(by[one] for one in step) for seconds, by in nights)
        assert found[name] == pytest.approx(whole / tenth, abs=0.01)
    assert found["seconds_build"] == pytest.approx(sum(nights[0][1][one] for one in STAGES[2:]))
    assert found["growth_rounds"] == [found["growth"]]
    assert found["duplicate_rate"] == pytest.approx(found["duplicate_rate_corpus"], abs=0.03)
    assert all(list(stages) == STAGES for stages in found["seconds_by_stage"].values())
    assert found["peak_memory_mb"] >= found["peak_memory_mb_incremental"] > 50
    json.dumps(found)


def test_nightly_and_build_refuse_a_store_without_a_tenth():
    with pytest.raises(InputError, match="bench nightly: expected --stored of 10 or more"):
        bench.nightly(5, 1)
    with pytest.raises(InputError, match="bench build: expected --stored of 10 or more"):
        bench.build(5, "2GB")


def test_build_lays_the_same_parts_down_again_under_other_ids_and_publishes_them(monkeypatch):
    monkeypatch.setattr(bench_build, "_DRAWN", 100)
    found = bench.build(300, "400MB")
    assert (found["n_stored"], found["n_claims"]) == (300, 71)
    assert 0 < found["n_duplicates"] < 150 and found["n_duplicates"] % 3 == 0
    assert found["memory_limit"] == "400MB"
    assert list(found["seconds_by_stage"]) == STAGES[2:]
    assert found["seconds"] == pytest.approx(sum(found["seconds_by_stage"].values()))
    assert found["spilled_mb"] >= 0 and found["peak_memory_mb"] > 50
    assert 0 < found["warehouse_mb"] < 100


def test_workers_that_were_let_go_end_and_the_next_job_starts_others():
    before = set(workers.run(os.getpid, [()] * 4))
    workers.end()
    workers.end()  # nothing is left to end
    assert not before & set(workers.run(os.getpid, [()] * 4))
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in before):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers.end()


_HOLD = """
import time
from pipeline.edge.bench_memory import Peak

with Peak() as before:
    pass
with Peak() as peak:
    held = bytearray(200_000_000)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(0.2)
    del held
print(peak.mb - before.mb)
"""


def test_a_peak_is_what_was_held_at_a_time_not_what_is_left():
    # a process of its own: in this one earlier tests' memory may be given back meanwhile
    done = subprocess.run([sys.executable, "-c", _HOLD], capture_output=True, text=True, check=True)
    assert 190 < float(done.stdout) < 400


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Give what bench query says of a small warehouse that holds copies of its digests."""
    patch = pytest.MonkeyPatch()
    patch.setattr(bench_mentions, "_SAMPLE", 1_500)
    found = bench.query(9_000)
    patch.undo()
    return found


def test_every_ad_hoc_query_is_asked_over_as_many_mentions_as_named(asked):
    assert 9_000 <= asked["n_mentions"] < 30_000
    assert list(asked["questions"]) == [one.name for one in statements.read_folder("adhoc")]
    assert all(list(one) == QUESTION for one in asked["questions"].values())
    assert asked["n_postings"] > 1_500
    json.dumps(asked)


@pytest.mark.parametrize("name", TWINS)
def test_a_query_has_the_same_answer_in_duckdb_and_in_pandas(asked, name):
    assert asked["questions"][name]["is_same"] is True


def test_pandas_starts_from_the_file_as_duckdb_does_and_the_harder_reading_stands_beside(asked):
    for one in (asked["questions"][name] for name in TWINS):
        assert one["seconds_pandas"] > one["seconds_pandas_in_memory"] > 0
        assert one["ratio"] > one["ratio_in_memory"] > 0
        assert len(one["ratio_rounds"]) == 5
    for named, key in (("below_10", "ratio"), ("below_10_in_memory", "ratio_in_memory")):
        assert set(asked[named]) == {name for name in TWINS if asked["questions"][name][key] < 10}
    slowest = max(one["seconds_duckdb"] for one in asked["questions"].values())
    assert asked["questions"][asked["slowest"]]["seconds_duckdb"] == slowest


def test_twins_are_compared_by_their_rows():
    assert bench_query.plain([("a", 1, None)]) == bench_query.plain([("a", 1.0, float("nan"))])
    assert bench_query.plain([("a", 1)]) != bench_query.plain([("a", 2)])
    assert bench_query.plain([("a", pd.NaT)]) != bench_query.plain([("a", date(2026, 1, 1))])


def test_a_query_without_a_twin_reads_tables_that_stay_small(asked):
    growing = ("core.", "mart.framework_demand", "mart.framework_traits", "postings_naming(")
    without = [one for one in statements.read_folder("adhoc") if one.name not in TWINS]
    assert not [one.name for one in without if any(name in one.select for name in growing)]
    assert all(asked["questions"][one.name]["is_small_table"] for one in without)
    assert TWINS.keys() <= asked["questions"].keys()


def test_what_a_query_reads_is_found_through_macros(asked):
    share = asked["questions"]["framework_by_metro"]
    assert share["n_rows"] > asked["n_postings"]


def test_site_weighs_every_page_and_touches_no_data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_site, "_INVENTED", 40)
    found = bench.site(Settings(data=tmp_path / "data"))
    assert list(found) == [
        "bytes_per_page", "bytes_in_all", "seconds_build", "seconds_first_interaction",
    ]  # fmt: skip
    assert found["bytes_per_page"]["index.html"] > 1_000
    assert found["bytes_in_all"] > sum(found["bytes_per_page"].values())
    assert not (tmp_path / "data").exists()
