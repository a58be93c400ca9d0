"""Side by side: what each way finds, and the page of the benchmarks; never the speed."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

from pipeline.edge.bench_page import BENCHES, page, read_results, write
from pipeline.edge.bench_side_by_side import compare, side_by_side, with_texts
from pipeline.edge.card import Labelled
from pipeline.errors import InputError
from pipeline.records import Posting
from pipeline.rivals import RIVALS, framework_names

DOCS = Path(__file__).resolve().parents[1] / "docs"
COMMITTED = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
PAGE = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
TEXTS = {
    "s:1": ("You know PyTorch and scikit-learn. " * 3, ["pytorch", "scikit_learn"]),
    "s:2": ("Our founder Jax carried the Olympic torch to Oslo.", []),
    "s:3": ("Deep learning with JAX, Flax and Theano.", ["jax", "flax", "theano"]),
}
INSTALLED = [name for name, one in RIVALS.items() if one.is_there]


@pytest.fixture(scope="module")
def compared():
    postings = [Posting(id, "s", title="Engineer", description=TEXTS[id][0]) for id in TEXTS]
    labels = [
        {"id": id, "frameworks": [{"name": one} for one in named]}
        for id, (_, named) in TEXTS.items()
    ]
    given = Labelled("given", "", labels, {one.posting_id: one for one in postings})
    sets = [given, Labelled("looked at", "", [], {}), Labelled("only scored", "", [], {})]
    return compare(sets, with_texts(postings), rounds=5)


def headings(text):
    return re.findall(r"^#+ .*$", text, re.MULTILINE)


def columns(text):
    """Return the first line of every table."""
    return re.findall(r"^(\|.*\|)\n\| --- ", text, re.MULTILINE)


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_finds_plain_names_whatever_stands_around_them(name):
    if name not in INSTALLED:
        pytest.skip(f"{RIVALS[name].needs} is not installed, see requirements-bench.lock")
    found = set(RIVALS[name].ready()("Skills:\n- PyTorch/TensorFlow,\n- scikit-learn (or KERAS)."))
    assert found == {"pytorch", "tensorflow", "scikit_learn", "keras"}
    assert not set(RIVALS[name].ready()("We sell bread and butter."))


def test_clear_names_are_those_that_are_a_framework_in_every_sense():
    every, clear = framework_names(), framework_names(clear_only=True)
    assert clear.keys() < every.keys()
    assert "jax" in every
    assert "jax" not in clear
    assert clear["tensorflow"] == ("tensorflow",)


def test_every_way_that_is_installed_is_measured_on_the_same_postings(compared):
    ways = ["ours", "whole_spacy", *INSTALLED]
    for found in (compared["labelled"], compared["others"]):
        assert list(found["ways"]) == ways
        assert found["n_postings"] == 3
        assert found["mb"] == round(sum(len(text) + 8 for text, _ in TEXTS.values()) / 1e6, 3)
        for way in found["ways"].values():
            ratio = way["ours_times_as_fast"]
            assert len(way["by_round"]) == 5
            assert 0 < ratio["lowest"] <= ratio["median"] <= ratio["highest"]
    assert set(compared["left_out"]) == {RIVALS[name].needs for name in RIVALS.keys() - INSTALLED}


def test_a_word_in_another_sense_costs_the_plain_ways_precision_and_not_ours(compared):
    quality = {name: way["quality"]["all"] for name, way in compared["labelled"]["ways"].items()}
    assert quality["ours"] == quality["whole_spacy"]
    assert quality["ours"]["precision"] == 1.0
    assert quality["regex"]["precision"] < 1.0
    assert quality["regex_clear"]["precision"] == 1.0
    assert quality["regex_clear"]["recall"] < quality["regex"]["recall"]


def test_the_committed_page_is_what_its_generator_gives():
    assert page(COMMITTED) == PAGE, "run `python -m pipeline.edge.bench_page FOLDER`"


def test_the_committed_page_tells_five_rounds_and_leaves_nobody_out():
    beside = COMMITTED["side-by-side"]
    assert beside["rounds"] >= 5
    assert beside["left_out"] == {}
    assert beside["labelled"]["ways"].keys() == {"ours", "whole_spacy", *RIVALS}
    asked = COMMITTED["query"]["questions"].values()
    assert min(len(one["ratio_rounds"]) for one in asked if one["ratio_rounds"]) >= 5
    assert len(COMMITTED["nightly"]["growth_rounds"]) >= 5


def test_what_is_measured_now_makes_a_page_of_the_committed_ones_form(compared):
    again = page(
        COMMITTED | {"side-by-side": {**compared, "others": {"of": "x"} | compared["others"]}}
    )
    assert headings(again) == headings(PAGE)
    assert columns(again) == columns(PAGE)
    committed = COMMITTED["side-by-side"]
    assert compared.keys() == committed.keys()
    for part in ("labelled", "others"):
        ours, before = (one[part]["ways"]["ours"] for one in (compared, committed))
        assert ours.keys() == before.keys()


def test_without_labelled_texts_the_page_says_that_quality_could_not_be_measured():
    results = copy.deepcopy(COMMITTED)
    results["side-by-side"] |= {"labelled": None, "left_out": {"flashtext": "not installed"}}
    text = page(results)
    assert "Quality could not be measured" in text
    assert "Not measured: flashtext (not installed)." in text
    assert "precision" not in text


def test_a_bench_that_did_not_run_is_named(tmp_path):
    for name in BENCHES[1:]:
        (tmp_path / f"{name}.json").write_text("{}")
    with pytest.raises(InputError, match="jobmarket bench side-by-side --json"):
        read_results(tmp_path)


def test_the_page_is_written_with_the_machine_and_the_day_of_the_run(tmp_path):
    for name in BENCHES:
        (tmp_path / f"{name}.json").write_text(json.dumps(COMMITTED[name]))
    write(tmp_path, tmp_path)
    results = json.loads((tmp_path / "benchmarks.json").read_text())
    assert results.keys() == COMMITTED.keys()
    assert results["machine"].keys() == COMMITTED["machine"].keys()
    assert results["machine"]["date"] in (tmp_path / "benchmarks.md").read_text()


def test_no_rounds_are_refused_with_the_number_seen():
    with pytest.raises(InputError, match="saw 0"):
        side_by_side(None, None, None, 0)
