"""`extract --diff` says what the extractor finds now and did not find before, and nothing else."""

from __future__ import annotations

import json

import pytest
from small_data import Place, ads, write_jsonl

from pipeline.mentions.differences import compare


def mention(start=4, surface="PyTorch", **given):
    return {
        "term": "pytorch",
        "kind": "framework",
        "framework": "pytorch",
        "field": "description",
        "start": start,
        "end": start + len(surface),
        "surface": surface,
        "requirement": "required",
        "alternative_group": None,
        "snippet": f"at {start} {surface}",
        **given,
    }


def keras(start, **given):
    return mention(start, "Keras", term="keras", framework="keras", **given)


def changes(before, after):
    return [
        (one.what, one.mention["term"], one.mention["start"]) for one in compare(before, after)[0]
    ]


def test_the_same_mentions_do_not_differ():
    found = compare([mention(4), keras(20)], [mention(4), keras(20)])
    assert (found.changes, found.n_same, found.n_moved) == ((), 2, 0)


def test_a_mention_of_one_side_only_is_gained_or_lost():
    assert changes([mention(4)], [mention(4), keras(20)]) == [("gained", "keras", 20)]
    assert changes([mention(4), keras(20)], [mention(4)]) == [("lost", "keras", 20)]


def test_another_term_at_the_same_place_is_one_lost_and_one_gained():
    found = changes([mention(4)], [mention(4, term="torch7")])
    assert sorted(found) == [("gained", "torch7", 4), ("lost", "pytorch", 4)]


@pytest.mark.parametrize("given", [{"requirement": "preferred"}, {"alternative_group": 3}])
def test_the_same_place_asked_for_in_another_way_is_changed(given):
    assert changes([mention(4)], [mention(4, **given)]) == [("changed", "pytorch", 4)]


def test_the_number_of_a_list_of_alternatives_is_no_change():
    before, after = mention(4, alternative_group=1), mention(4, alternative_group=9)
    assert changes([before], [after]) == []


def test_mentions_that_their_text_moved_are_the_same():
    found = compare([mention(4), keras(20), mention(40)], [mention(4), keras(23), mention(43)])
    assert (found.changes, found.n_same, found.n_moved) == ((), 3, 2)


def test_one_lost_among_moved_ones_is_still_seen():
    before = [keras(4, snippet="first"), keras(20, snippet="second"), mention(40)]
    after = [keras(25, snippet="second"), mention(45)]
    assert changes(before, after) == [("lost", "keras", 4)]


def test_the_same_name_found_elsewhere_in_a_text_that_did_not_move_is_lost_and_gained():
    found = changes([mention(4), keras(200)], [mention(90), keras(200)])
    assert found == [("lost", "pytorch", 4), ("gained", "pytorch", 90)]


def test_a_moved_mention_that_is_asked_for_in_another_way_is_changed():
    found = changes([mention(4)], [mention(9, requirement="preferred")])
    assert found == [("changed", "pytorch", 9)]


def test_two_terms_of_one_span_are_compared_one_by_one():
    both = [mention(4), mention(4, term="keras", framework="keras")]
    assert changes(both, both) == []
    assert changes(both, both[:1]) == [("lost", "keras", 4)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with 30 postings and the facts that this extractor reads from them."""
    place = Place(tmp_path_factory.mktemp("differences"))
    write_jsonl(place.folder / "in.jsonl", ads(30))
    done = place.call("extract", "in.jsonl", "now.jsonl")
    assert done.code == 0, done.err
    return place


def facts_of(place):
    lines = (place.folder / "now.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def edited(place):
    """Write facts of an earlier extractor: one mention fewer, one more, one asked otherwise."""
    found = facts_of(place)
    for one in found:
        one["extractor_version"] = "earlier"
    frameworks = [one for one in found[3]["mentions"] if one["kind"] == "framework"]
    frameworks[0]["requirement"] = "negated"
    found[0]["mentions"] = [one for one in found[0]["mentions"] if one["term"] != "pytorch"]
    found[1]["mentions"].append(mention(5, "Theano", term="theano", framework="theano"))
    write_jsonl(place.folder / "old.jsonl", found)
    return found


def diff(place, old="old.jsonl"):
    done = place.call("extract", "in.jsonl", "new.jsonl", "--diff", old, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_a_real_run_says_what_was_gained_lost_and_changed_with_the_words_around(place, edited):
    done = place.run("extract", "in.jsonl", "new.jsonl", "--diff", "old.jsonl")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "p0"
    assert lines[1].startswith("  + pytorch (framework) description ")
    assert "Three years of PyTorch" in lines[1]
    assert any(line.startswith("  - theano (framework) description 5-11") for line in lines)
    assert any(line.startswith("  ~ ") and "negated -> required" in line for line in lines)
    assert "postings: 30 compared, 3 differ" in lines
    assert any(line.startswith("mentions: 1 gained, 1 lost, 1 changed, ") for line in lines)
    assert any(line.startswith("extractor versions: earlier -> ") for line in lines)
    assert "30 written" in done.err
    assert (place.folder / "new.jsonl").read_bytes() == (place.folder / "now.jsonl").read_bytes()


def test_json_is_one_object_with_the_counts_of_the_run(place, edited):
    found = diff(place)
    assert (found["n_read"], found["n_written"], found["n_rejected"]) == (30, 30, 0)
    told = found["diff"]
    assert told["n_postings_differing"] == 3
    assert [one["posting_id"] for one in told["postings"]] == ["p0", "p1", "p3"]
    assert {"term": "theano", "kind": "framework", "gained": 0, "lost": 1, "changed": 0} in told[
        "by_term"
    ]
    gained = told["postings"][0]["changes"][0]
    assert (gained["what"], gained["term"], gained["surface"]) == ("gained", "pytorch", "PyTorch")
    assert told["old_versions"] == {"earlier": 30}


def test_the_order_of_the_earlier_facts_does_not_matter(place, edited):
    expected = diff(place)["diff"]
    write_jsonl(place.folder / "old.jsonl", edited[::-1])
    found = diff(place)["diff"]
    by_id = {one["posting_id"]: one for one in found.pop("postings")}
    assert by_id == {one["posting_id"]: one for one in expected.pop("postings")}
    assert found == expected


def test_a_posting_of_one_file_only_is_named_and_not_compared(place, edited):
    other = {**edited[4], "posting_id": "elsewhere"}
    write_jsonl(place.folder / "old.jsonl", [other, *edited[:4], *edited[5:]])
    found = diff(place)["diff"]
    assert (found["only_old"], found["only_new"]) == (["elsewhere"], ["p4"])
    assert found["n_postings_compared"] == 29
    shown = place.call("extract", "in.jsonl", "new.jsonl", "--diff", "old.jsonl").out
    assert "postings only in old.jsonl: 1 (elsewhere)" in shown


def test_an_id_that_stands_twice_is_compared_first_with_first(place):
    write_jsonl(place.folder / "twice.jsonl", [*ads(3), *ads(2)])
    assert place.call("extract", "twice.jsonl", "before.jsonl").code == 0
    done = place.call("extract", "twice.jsonl", "after.jsonl", "--diff", "before.jsonl", "--json")
    found = json.loads(done.out)["diff"]
    assert (found["n_postings_compared"], found["n_postings_differing"]) == (5, 0)


def test_equal_facts_are_said_to_be_equal_even_where_out_replaces_them(place):
    (place.folder / "same.jsonl").write_bytes((place.folder / "now.jsonl").read_bytes())
    done = place.call("extract", "in.jsonl", "same.jsonl", "--diff", "same.jsonl")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "no difference: the same mentions in the same postings"


def test_what_out_replaces_is_what_is_compared(place, edited):
    done = place.call("extract", "in.jsonl", "old.jsonl", "--diff", "old.jsonl")
    assert "postings: 30 compared, 3 differ" in done.out


def test_facts_on_standard_output_leave_no_room_for_the_difference(place, edited):
    done = place.run("extract", "in.jsonl", "-", "--diff", "old.jsonl")
    assert (done.code, done.out, len(done.errors)) == (2, "", 1)
    assert "name a file as OUT" in done.errors[0]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("not json at all", "line 2 is not JSON"),
        ('["a list"]', "line 2 is no object with a posting_id"),
        ('{"title": "Engineer"}', "line 2 is no object with a posting_id"),
        ('{"posting_id": "p1"}', "line 2 has no list of mentions"),
        ('{"posting_id": "p1", "mentions": [7]}', "line 2 has a mention that is no object"),
        ('{"posting_id": "p1", "mentions": [{"term": "keras"}]}', "a mention without kind"),
        (json.dumps({"posting_id": "p1", "mentions": [mention(snippet=[])]}), "snippet is no text"),
    ],
)
def test_earlier_facts_that_cannot_be_read_are_exit_2_and_one_line(place, edited, broken, words):
    lines = [json.dumps(edited[0]), broken, json.dumps(edited[2])]
    (place.folder / "broken.jsonl").write_text("\n".join(lines) + "\n")
    done = place.call("extract", "in.jsonl", "new.jsonl", "--diff", "broken.jsonl")
    assert (done.code, done.out, len(done.errors)) == (2, "", 1)
    assert done.errors[0].startswith("jobmarket: broken.jsonl: ")
    assert words in done.errors[0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.jsonl", None, "no such file"),
        ("hollow.jsonl", "\n", "holds no facts"),
        ("noise.jsonl", "noise\n", "line 1 is not JSON"),
    ],
)
def test_what_is_no_facts_file_is_refused_before_anything_is_extracted(place, name, content, words):
    if content is not None:
        (place.folder / name).write_text(content)
    done = place.call("extract", "in.jsonl", "never.jsonl", "--diff", name)
    assert (done.code, len(done.errors)) == (2, 1)
    assert words in done.errors[0]
    assert not (place.folder / "never.jsonl").exists()
