"""Each term against its own yes- and no-examples; the lexicon's shape."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.mentions.find import framework_mentions
from pipeline.mentions.lexicon import load
from pipeline.mentions.scan import lower
from pipeline.mentions.tools import skills_named, tools_and_skills

TERMS = load().terms
GROUPS = load().groups
TODAY = date(2026, 11, 21)


def named(term, sentence):
    if term.kind == "tool":
        return {one.term for one in tools_and_skills("description", sentence, lower(sentence))}
    found = framework_mentions("description", sentence, posted_on=TODAY)
    return {one.term for one in found} | (
        {"tf_keras", "py_or_torch"} if any(set("(.") & set(m.surface) for m in found) else set()
    )


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_term_is_found_in_its_yes_examples(term):
    for sentence in term.yes:
        assert term.id in named(term, sentence), sentence


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_term_is_not_found_in_its_no_examples(term):
    for sentence in term.no:
        assert term.id not in named(term, sentence), sentence


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_every_term_has_examples_of_both_kinds(term):
    assert term.yes and term.no and term.render


def skills(text):
    return skills_named(tools_and_skills("description", text, lower(text)))


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_a_skill_group_is_found_in_its_yes_examples(group):
    for sentence in group.yes:
        assert group.id in skills(sentence), sentence


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_a_skill_group_is_not_found_in_its_no_examples(group):
    for sentence in group.no:
        assert group.id not in skills(sentence), sentence


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_every_skill_group_has_examples_of_both_kinds(group):
    assert group.yes and group.no


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.id)
def test_what_the_digests_render_names_that_skill_group_alone(group):
    assert skills(f"- {group.members[0]}") == (group.id,)


def test_no_word_of_a_skill_group_is_listed_twice():
    for group in GROUPS:
        words = [*group.members, *(word for company in group.when for word in company.members)]
        assert sorted(words) == sorted(set(words)), group.id
        assert all(word == word.lower() for word in words)


def test_a_field_of_study_is_no_skill_but_the_same_word_elsewhere_is():
    degree = "Master's degree in statistics, physics or a related field"
    assert skills(degree) == ()
    assert skills(f"{degree}\nA sound grasp of statistics") == ("ml_fundamentals",)


def test_the_company_of_a_skill_word_stands_on_its_own_line():
    assert skills("we label images and other data") == ("data_preparation",)
    assert skills("we label images\nother data") == ()


def test_no_spelling_belongs_to_two_terms():
    seen = {}
    for term in TERMS:
        if term.kind == "tool":
            continue
        for spelling in (*term.spellings, *term.ambiguous):
            assert spelling == spelling.lower()
            assert seen.setdefault(spelling, term.id) == term.id


def test_what_the_digests_render_is_read_back_as_that_term_alone():
    for term in TERMS:
        if term.kind == "tool":
            continue
        found = framework_mentions("description", f"- {term.render}", posted_on=TODAY)
        expected = set(term.joint) or {term.id}
        assert {one.term for one in found} == expected, term.render


def test_a_name_cannot_mean_what_did_not_exist_yet():
    sentence = "deep learning in JAX or PyTorch"
    before = framework_mentions("description", sentence, posted_on=date(2018, 6, 1))
    after = framework_mentions("description", sentence, posted_on=date(2019, 6, 1))
    assert "jax" not in {one.term for one in before}
    assert "jax" in {one.term for one in after}


def test_bare_torch_is_the_lua_library_until_2018():
    sentence = "deep learning with Torch on GPUs"
    old = framework_mentions("description", sentence, posted_on=date(2016, 5, 1))
    new = framework_mentions("description", sentence, posted_on=date(2022, 5, 1))
    assert [one.term for one in old] == ["torch7"]
    assert [one.term for one in new] == ["pytorch"]
