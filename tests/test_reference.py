"""The embedded corpus: its digests read back to their own facts, and hold nothing they must not."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pyarrow.parquet as pq
import pytest

from pipeline.digest import PUBLIC_URLS, digest_of, render
from pipeline.edge import reference
from pipeline.edge.corpus import spec_of
from pipeline.edge.files import Row, read_rows
from pipeline.edge.lake import Lake
from pipeline.edge.provenance import provenance
from pipeline.facts import facts
from pipeline.postings.gazetteer import gazetteer
from pipeline.records import Posting
from pipeline.sources.files import columns, posting_from_row, row_id

FILES = sorted(reference.folder().glob("*.parquet"))
LISTED = reference.datasets()
FACTS = (
    "frameworks ecosystem tools skills roles seniority employer_kind industry domains places"
    " workplace salary language is_ai"
).split()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_digest_of_the_corpus_is_read_back_to_itself(path):
    rows = pq.read_table(path).to_pylist()
    for row in rows[:: max(1, len(rows) // 150)]:
        posting = render(row)
        again = digest_of(posting, facts(posting))
        for name in FACTS:
            assert again[name] == row[name], (row["posting_id"], name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_dataset_says_its_frame_and_terms(path):
    entry = LISTED[path.stem]
    assert entry["frame"] in {"all_jobs", "search_words"}
    assert entry["licence"] and entry["found_in"] and entry["family"]
    assert not entry.get("left_out"), "a dataset that is left out has no digests here"
    assert "NC" not in entry["licence"]


def test_the_corpus_is_small_and_holds_no_text():
    assert FILES
    assert sum(path.stat().st_size for path in FILES) < 25_000_000
    for path in FILES:
        names = set(pq.read_schema(path).names)
        assert names == set(reference.DIGEST_SCHEMA.names)
        assert not names & {"description", "text", "snippet", "skills_text", "author"}


def test_links_are_kept_for_public_boards_only():
    for path in FILES:
        urls = pq.read_table(path, columns=["url"])["url"].unique().to_pylist()
        assert all(not url or url.startswith(PUBLIC_URLS) for url in urls)


def test_the_provenance_page_counts_the_countries_of_every_dataset():
    page = provenance().partition("## Countries")[2].partition("## Left out")[0]
    for path in FILES:
        named = [
            {place["country"] for place in row["places"]} - {""}
            for row in pq.read_table(path, columns=["places"]).to_pylist()
        ]
        [line] = [one for one in page.splitlines() if one.startswith(f"| `{path.stem}` |")]
        n_nowhere = sum(not countries for countries in named)
        assert line.endswith(f" | {n_nowhere:,} |")
        [(code, n)] = Counter(code for one in named for code in one).most_common(1)
        assert f" | {gazetteer().countries[code]} {n:,}" in line


def test_one_line_leaves_a_dataset_out(tmp_path):
    small = [path for path in FILES if path.stat().st_size < 25_000][:2]
    where = tmp_path / "corpus"
    where.mkdir()
    for path in small:
        (where / path.name).write_bytes(path.read_bytes())
    lake = Lake(tmp_path / "lake")
    every = reference.ingest_reference(lake, version="1", today=date(2026, 1, 1), where=where)
    (where / "datasets.toml").write_text(f'[{small[0].stem}]\nleft_out = "asked to"\n')
    fewer = reference.ingest_reference(lake, version="1", today=date(2026, 1, 1), where=where)
    assert len(every) == 2 and len(fewer) == 1
    assert {part.input for part in lake.manifest("reference").parts} == {small[1].stem}


def test_a_forgotten_digest_leaves_the_corpus(tmp_path):
    path = min(FILES, key=lambda one: one.stat().st_size)
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    first = pq.read_table(copy, columns=["posting_id"])["posting_id"][0].as_py()
    assert reference.remove_digest(first, tmp_path) == 1
    assert first not in pq.read_table(copy)["posting_id"].to_pylist()


def test_the_facts_of_real_texts_survive_the_digest(shared):
    for name in ("glassdoor_de_2020", "lagou_china_2020", "ml_jobs_us_2024_25", "hn_who_is_hiring"):
        spec = spec_of(name, LISTED[name], shared / "data" / "postings")
        for number, row in enumerate(read_rows(shared / "data" / "postings" / f"{name}.parquet")):
            if number >= 2_000:
                break
            if number % 12 or not isinstance(row, Row):
                continue
            chosen = columns(spec, list(row.values))
            posting = posting_from_row(row.values, chosen, spec, row_id(row.values, chosen, spec))
            if isinstance(posting, Posting):
                found = facts(posting)
                again = facts(render(digest_of(posting, found)))
                for one in (*FACTS, "countries", "metros"):
                    assert getattr(again, one) == getattr(found, one), (posting.posting_id, one)
