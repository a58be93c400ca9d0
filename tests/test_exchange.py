"""Files in, files out through the real commands: extract, digest and score."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_data import Place, ad, ads, write_csv, write_jsonl, write_parquet

WRITERS = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}


def records(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder without a config; the same 30 postings extracted from each format, with texts."""
    place = Place(tmp_path_factory.mktemp("exchange"))
    for form, write in WRITERS.items():
        write(place.folder / f"in.{form}", ads(30))
        done = place.call("extract", f"in.{form}", f"{form}.out", "--with-text")
        assert done.code == 0, done.err
    return place


@pytest.mark.parametrize("form", WRITERS)
def test_there_is_one_record_a_posting_in_the_order_of_the_input(place, form):
    found = [one["posting_id"] for one in records(place.folder / f"{form}.out")]
    assert found == [one["posting_id"] for one in ads(30)]


def test_every_format_gives_the_same_records(place):
    first, *others = ((place.folder / f"{form}.out").read_bytes() for form in WRITERS)
    assert all(other == first for other in others)


@pytest.mark.parametrize("form", WRITERS)
def test_every_mention_is_where_its_offsets_say(place, form):
    found = records(place.folder / f"{form}.out")
    mentions = [(one["text"], mention) for one in found for mention in one["mentions"]]
    assert len(mentions) > 60
    for text, mention in mentions:
        assert text[mention["field"]][mention["start"] : mention["end"]] == mention["surface"]


def test_the_facts_are_those_of_the_posting(place):
    first = records(place.folder / "jsonl.out")[0]
    assert first["is_ai"] is True
    named = {one["name"]: one["requirement"] for one in first["frameworks"]}
    assert named == {"pytorch": "required", "tensorflow": "preferred"}
    assert first["roles"] == ["ml_engineer"]
    assert first["countries"] == ["US"]
    assert first["salary"] == {"min": 90000, "max": 130000, "currency": "USD", "period": "year"}


def test_standard_streams_carry_the_same_records(place):
    body = (place.folder / "in.jsonl").read_bytes()
    done = place.run("extract", "-", "-", "--with-text", given=body)
    assert (done.code, done.out) == (0, (place.folder / "jsonl.out").read_text(encoding="utf-8"))
    assert "30 written, 0 set aside, 30 read" in done.err


def test_more_than_one_batch_keeps_the_order(place):
    write_jsonl(place.folder / "many.jsonl", ads(700))
    assert place.call("extract", "many.jsonl", "many.out").code == 0
    assert [one["posting_id"] for one in records(place.folder / "many.out")] == [
        f"p{number}" for number in range(700)
    ]


@pytest.fixture(scope="module")
def flawed(place):
    """Extract a file with four lines that hold no posting and two unknown fields."""
    good = [json.dumps({**one, "colour": "blue", "mood": "calm"}) for one in ads(5)]
    bad = [
        "not json at all",
        json.dumps({"title": "Data Scientist"}),
        json.dumps({"posting_id": "x"}),
        json.dumps(ad(9, posted_on="the day before")),
    ]
    lines = [good[0], bad[0], good[1], bad[1], bad[2], good[2], bad[3], good[3], good[4]]
    (place.folder / "flawed.jsonl").write_text("\n".join(lines) + "\n")
    return place, place.call("extract", "flawed.jsonl", "flawed.out")


def test_malformed_lines_are_set_aside_with_line_and_reason_and_the_rest_goes_on(flawed):
    place, done = flawed
    assert done.code == 0
    assert len(records(place.folder / "flawed.out")) == 5
    aside = records(place.folder / "flawed.out.rejects.jsonl")
    assert sorted((one["line"], one["posting_id"]) for one in aside) == [
        (2, ""), (4, "line 4"), (5, "x"), (7, "p9"),
    ]  # fmt: skip
    assert all(one["reason"] for one in aside)
    assert "5 written, 4 set aside, 9 read" in done.err


def test_unknown_fields_are_listed_once(flawed):
    _, done = flawed
    assert done.err.count("colour") == done.err.count("mood") == 1


def test_rejects_of_an_earlier_run_do_not_stay_beside_a_clean_one(flawed):
    place, _ = flawed
    write_jsonl(place.folder / "flawed.jsonl", ads(2))
    assert place.call("extract", "flawed.jsonl", "flawed.out").code == 0
    assert not (place.folder / "flawed.out.rejects.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.jsonl", None, "no such file"),
        ("empty.jsonl", b"", "the file is empty"),
        ("noise.jsonl", b"neither\nof these\n", "none of 2 records could be read"),
        ("cut.parquet", b"PAR1 and then nothing", "not a whole Parquet file"),
        ("letter.docx", b"Dear all", "expected .csv"),
    ],
)
def test_an_input_of_which_nothing_can_be_read_is_exit_2_and_one_line(place, name, content, words):
    if content is not None:
        (place.folder / name).write_bytes(content)
    done = place.call("extract", name, "nothing.out")
    assert done.code == 2
    assert [words in line for line in done.errors] == [True]
    assert "Traceback" not in done.err
    assert not (place.folder / "nothing.out").exists()


def test_a_failed_extraction_leaves_the_output_of_an_earlier_one(place):
    before = b'{"posting_id": "earlier"}\n'
    (place.folder / "kept.out").write_bytes(before)
    (place.folder / "noise2.jsonl").write_bytes(b"noise\n")
    assert place.call("extract", "noise2.jsonl", "kept.out").code == 2
    assert (place.folder / "kept.out").read_bytes() == before
    assert not list(place.folder.glob("*.tmp"))


def facts_alone(record):
    """Return a facts record without what belongs to its text."""
    left_out = {"mentions", "text", "extractor_version"}
    return {name: value for name, value in record.items() if name not in left_out}


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_facts_of_a_digest_are_those_of_its_posting(place, form):
    assert place.call("digest", "in.jsonl", f"digest.{form}").code == 0
    assert place.call("extract", f"digest.{form}", f"again.{form}.out").code == 0
    first = {one["posting_id"]: facts_alone(one) for one in records(place.folder / "jsonl.out")}
    again = records(place.folder / f"again.{form}.out")
    assert {one["posting_id"]: facts_alone(one) for one in again} == first


def test_a_digest_holds_no_sentence_of_its_posting(place):
    place.call("digest", "in.jsonl", "shared.parquet")
    table = pq.read_table(place.folder / "shared.parquet")
    assert table.num_rows == 30
    assert "forecasting" not in str(table.to_pylist())


LABEL = {
    "ecosystem": [], "tools": ["docker", "python", "sql"], "skills": [], "seniority": ["senior"],
    "employer_kind": "unknown", "industry": "unknown", "domains": [], "countries": ["US"],
    "metros": ["boston"], "workplace": "unknown", "salary": None, "language": "en",
}  # fmt: skip


def test_score_measures_a_tiny_set_of_labels_and_lists_what_was_missed(place):
    labels = [
        {"id": posting_id, "frameworks": [one], "roles": ["ml_engineer"], **LABEL}
        for posting_id, name in (("p0", "pytorch"), ("p5", "keras"))
        for one in [{"name": name, "requirement": "required", "alternative": False}]
    ]
    write_jsonl(place.folder / "labels.jsonl", labels)
    done = place.call("score", "labels.jsonl", "--postings", "in.jsonl", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["n_postings"] == 2
    measured = found["labels"]["frameworks"]
    assert (measured["n_labelled"], measured["recall"]) == (2, 0.5)
    assert [one["missed"] for one in measured["misses"] if one["id"] == "p5"] == [["keras"]]
    text = place.call("score", "labels.jsonl", "--postings", "in.jsonl")
    assert "precision" in text.out
    assert "p5" in text.out


def test_score_without_labels_is_exit_2(place):
    write_jsonl(place.folder / "unlabelled.jsonl", [{"name": "no id"}])
    done = place.call("score", "unlabelled.jsonl", "--postings", "in.jsonl")
    assert (done.code, len(done.errors)) == (2, 1)


def test_a_skill_list_of_a_parquet_file_is_read_as_a_list(place):
    rows = [{**ad(1), "skills": ["PyTorch", "Keras"], "description": ""}]
    pq.write_table(pa.Table.from_pylist(rows), place.folder / "skills.parquet")
    done = place.run("extract", "skills.parquet", "-")
    assert done.code == 0
    names = [one["name"] for one in json.loads(done.out)["frameworks"]]
    assert sorted(names) == ["keras", "pytorch"]
