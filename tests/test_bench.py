"""The benchmarks: what they return, and that what they compare is the same; never the speed."""

from __future__ import annotations

import json

import pytest

from pipeline.edge import bench, bench_nightly, bench_site
from pipeline.edge.bench_ads import ads, write_ads
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
    "seconds_build", "seconds_first", "seconds_incremental", "seconds_incremental_at_tenth",
    "growth",
]  # fmt: skip


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


def test_nightly_publishes_both_nights_and_compares_them(monkeypatch):
    monkeypatch.setattr(bench_nightly, "_NIGHTS", 1)
    monkeypatch.setattr(bench_nightly, "_WARM_UP", 10)
    found = bench.nightly(60, 12)
    assert list(found) == NIGHTLY
    assert 0 < found["seconds_build"] < found["seconds_incremental"]


def test_nightly_refuses_a_store_without_a_tenth():
    with pytest.raises(InputError, match="--stored of 10 or more"):
        bench.nightly(5, 1)


def test_every_question_has_the_same_answer_in_duckdb_and_in_pandas():
    found = bench.query(4_000)
    assert found["n_mentions"] == 4_000
    assert len(found["questions"]) >= 8
    for name, one in found["questions"].items():
        assert list(one) == ["seconds_duckdb", "seconds_pandas", "ratio", "is_same"]
        assert one["is_same"], name


def test_site_weighs_every_page_and_touches_no_data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_site, "_INVENTED", 40)
    found = bench.site(Settings(data=tmp_path / "data"))
    assert list(found) == [
        "bytes_per_page", "bytes_in_all", "seconds_build", "seconds_first_interaction",
    ]  # fmt: skip
    assert found["bytes_per_page"]["index.html"] > 1_000
    assert found["bytes_in_all"] > sum(found["bytes_per_page"].values())
    assert not (tmp_path / "data").exists()
