"""Digests give the facts, tables and verdicts of the texts they were made from, and say so."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.digest import VERSION
from pipeline.edge import reference
from pipeline.edge.corpus_compare import LeftOut, compare_files, compare_tables, sha256
from pipeline.edge.corpus_page import HASH_LENGTH, page
from pipeline.edge.corpus_proof import TARGET, prove
from pipeline.facts import extractor_version

# Small, of several years, boards, languages and pays; enough postings for some verdicts.
SMALL = (
    "boss_zhipin_2025", "glassdoor_de_2020", "jsearch_ds_us_2025", "linkedin_europe_2024",
    "linkedin_ml_2025_indemand", "ml_jobs_us_2024_25",
)  # fmt: skip


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """Return the proof for some small datasets."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "postings"
    if not folder.is_dir():
        pytest.skip("the folder of real postings is not beside this checkout")
    return prove(folder, tmp_path_factory.mktemp("proof") / "work", SMALL)


def test_digests_and_texts_give_the_same_facts_tables_and_verdicts(proof):
    assert proof.differences() == []


def test_the_small_proof_compares_postings_and_verdicts_that_say_something(proof):
    assert sum(one.n_compared for one in proof.postings) > 4_000
    decided = {"supported", "contradicted", "inconclusive"}
    assert sum(n for word, n in proof.verdicts.items() if word in decided) >= 10, proof.verdicts
    rows = {one.name: one.rows for one in proof.tables}
    assert rows["claim.sensitivity"] and rows["mart.framework_demand"]


def test_the_page_counts_no_table_as_compared_that_is_not(proof):
    lines = page(proof).splitlines()
    [mentions] = [line for line in lines if line.startswith("| `core.mentions` |")][:1]
    assert mentions.endswith("| none of 14 | not compared |")
    of_verdicts = next(line for line in lines if line.startswith("| `claim.verdicts` |"))
    assert of_verdicts.endswith("| 34 of 35 | 0 |")


def test_the_page_of_the_proof_is_of_this_extractor_and_these_files():
    written = TARGET.read_text(encoding="utf-8")
    stale = "run `python -m pipeline.edge.corpus_proof DATASETS_FOLDER`"
    assert f"`{extractor_version()}`, digest template {VERSION} " in written, stale
    hashes = dict(re.findall(r"^\| `(\w+)` \| [\d,]+ \| `([0-9a-f]+)` \|", written, re.M))
    files = sorted(reference.folder().glob("*.parquet"))
    assert hashes == {path.stem: sha256(path)[:HASH_LENGTH] for path in files}, stale
    assert "It does not hold" not in written


def test_one_changed_fact_of_one_digest_is_seen(tmp_path):
    name = "boss_zhipin_2025"
    rows = pq.read_table(reference.folder() / f"{name}.parquet").to_pylist()
    rows[3]["seniority"] = [*rows[3]["seniority"], "intern"]
    reference.write_digests(tmp_path / f"{name}.parquet", rows)
    [found] = compare_files(reference.folder(), tmp_path, [name])
    assert (found.n_differing, found.rows) == (1, len(rows))
    assert found.sha256 != found.sha256_rebuilt


@pytest.fixture
def sides(tmp_path):
    """Return two warehouses of one table that differ in one column of one row."""
    paths = []
    for name, value in (("texts", 0.1), ("digests", 0.1 + 1e-16)):
        paths.append(tmp_path / f"{name}.duckdb")
        with duckdb.connect(str(paths[-1])) as connection:
            connection.execute("create schema claim")
            connection.execute(
                "create table claim.estimates as select * from (values ('pt', 0.5), ('tf', ?)) "
                "as rows(claim_id, estimate)",
                [value],
            )
    return paths


def test_the_last_digit_of_one_number_is_a_difference(sides):
    [found] = compare_tables(*sides, (), {})
    assert (found.rows, found.n_differing) == (2, 1)


def test_what_is_left_out_is_counted_and_no_difference(sides):
    of_tf = LeftOut("claim.estimates", ("estimate",), "why", "claim_id = 'tf'")
    of_pt = LeftOut("claim.estimates", ("estimate",), "why", "claim_id = 'pt'")
    [found] = compare_tables(*sides, [of_tf], {})
    assert (found.n_differing, found.left_out) == (0, {"estimate": 1})
    [found] = compare_tables(*sides, [of_pt], {})
    assert found.n_differing == 1


def test_an_answer_of_a_query_is_compared_like_a_table(sides):
    answers = compare_tables(*sides, (), {"many": "select count(*) from claim.estimates"})
    assert [one.n_differing for one in answers if one.name == "many"] == [0]
    answers = compare_tables(*sides, (), {"least": "select min(estimate) from claim.estimates"})
    assert [one.n_differing for one in answers if one.name == "least"] == [1]
