"""What a digest renders is read back as the facts it was made of, whatever these are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.digest import digest_of, is_digest, render, render_text
from pipeline.facts import facts, facts_record, text_fields
from pipeline.mentions.declared import declared_names
from pipeline.mentions.lexicon import load
from pipeline.records import Posting

LEXICON = load()
NAMES = [spelling for term in LEXICON.terms for spelling in (term.render, *term.spellings[:3])]
AMBIGUOUS = [word for term in LEXICON.terms for word in term.ambiguous]
SKILLS = [member.rstrip("*") for group in LEXICON.groups for member in group.members[:4]]
HEADINGS = [phrase.title() for phrases in LEXICON.headings.values() for phrase in phrases[:12]]
CUES = [phrase for phrases in LEXICON.sentence.values() for phrase in phrases[:8]]
TITLES = [
    "Senior Machine Learning Engineer", "Data Scientist, NLP", "Research Scientist (PhD)",
    "Software Engineer, Machine Learning", "Head of Data", "Werkstudent Data Science (m/w/d)",
    "高级算法工程师", "Sales Manager", "MLOps Engineer II", "PyTorch Developer", "",
]  # fmt: skip
PLACES = [
    "Boston, MA", "London, UK; Toronto, ON", "Remote (US)", "北京", "Berlin", "EMEA", "",
    "San Jose, CA", "Anywhere", "Bengaluru, Karnataka, India", "Cambridge, MA or Cambridge, UK",
]  # fmt: skip
PAY = ["$150k-$180k", "€60,000 per year", "$60/hr", "raised a $20M series A", "15-25K·14薪", ""]
WORDS = [
    "and", "or", "/", ",", ", ", " such as ", "(", ")", "•", "\n", "\n- ", ": ", ". ", "; ",
    ", Zorp 2.1", ", zorp.cpp", " and Acme Boost",
    "we build", "startup in healthcare", "hybrid", "on-site", "large language models", "5+ years",
]  # fmt: skip
EMPLOYERS = ["Acme Robotics GmbH", "Google", "University of Somewhere", "Lantern Capital", ""]

pieces = st.lists(
    st.one_of(
        *(st.sampled_from(words) for words in (NAMES, AMBIGUOUS, SKILLS, HEADINGS, CUES, WORDS))
    ),
    max_size=40,
).map(" ".join)
postings = st.builds(
    lambda title, employer, location, text, pay, day, source: Posting(
        posting_id="t:1",
        source=source,
        title=title,
        employer=employer,
        location=location,
        description=f"{text}\n{pay}",
        posted_on=day,
    ),
    st.sampled_from(TITLES),
    st.sampled_from(EMPLOYERS),
    st.sampled_from(PLACES),
    pieces,
    st.sampled_from(PAY),
    st.sampled_from([None, date(2016, 3, 1), date(2018, 12, 1), date(2024, 5, 5)]),
    st.sampled_from(["board", "hn_hiring"]),
)
COMPARED = (
    "frameworks ecosystem tools skills roles seniority employer_kind industry domains countries"
    " metros places workplace salary language is_ai unseen"
).split()


def same(posting: Posting) -> None:
    found = facts(posting)
    again = facts(render(digest_of(posting, found)))
    for name in COMPARED:
        assert getattr(again, name) == getattr(found, name), name


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(postings)
def test_the_facts_of_any_posting_survive_the_digest(posting):
    same(posting)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(postings)
def test_every_mention_points_at_its_own_words(posting):
    fields = text_fields(posting)
    for mention in facts(posting).mentions:
        assert fields[mention.field][mention.start : mention.end] == mention.surface
        assert len(mention.snippet) <= 160


def test_a_digest_of_a_digest_is_the_same_digest():
    posting = Posting(
        "board:7", "board", title="ML Engineer", employer="Acme", location="Boston, MA",
        description="Requirements:\n- PyTorch or TensorFlow\nNice to have\n- tf.keras\n$150k-$180k",
        posted_on=date(2024, 1, 2), content_hash="abc", observes="snippet",
    )  # fmt: skip
    first = digest_of(posting, facts(posting))
    rendered = render(first)
    second = digest_of(rendered, facts(rendered))
    assert second == first


def test_a_digest_holds_no_words_of_the_text_and_links_only_where_one_may():
    secret = "unmistakable sentence about umbrellas"
    posting = Posting(
        "board:8", "board", title="Data Scientist", description=f"{secret}. Python required.",
        url="https://www.example.com/jobs/8",
    )  # fmt: skip
    row = digest_of(posting, facts(posting))
    assert "umbrellas" not in json.dumps(row, default=str) + render_text(row)
    assert row["url"] == ""
    linked = replace(posting, url="https://news.ycombinator.com/item?id=8")
    assert digest_of(linked, facts(linked))["url"] == linked.url


def test_names_listed_beside_frameworks_survive_the_digest():
    names = ("Zorp", "llama.cpp", "Acme Boost")
    posting = Posting("b:6", "b", title="ML Engineer", description="We use PyTorch.")
    row = digest_of(posting, replace(facts(posting), unseen=names))
    assert row["unseen_names"] == list(names)
    assert "\nAlso listed: Zorp; llama.cpp; Acme Boost\n" in render_text(row)
    assert declared_names(render(row).description) == names


def test_a_digest_without_the_column_of_unseen_names_is_read_as_before():
    posting = Posting("b:6", "b", title="ML Engineer", description="We use PyTorch.")
    row = digest_of(posting, facts(posting))
    older = {name: value for name, value in row.items() if name != "unseen_names"}
    assert render(older) == render(row | {"unseen_names": None})
    assert declared_names(render(older).description) == ()


def test_a_name_that_became_known_since_its_digest_was_written_is_dropped():
    assert declared_names("Role: ml_engineer\nAlso listed: Zorp; PyTorch; NumPy\n") == ("Zorp",)


def test_an_ad_that_does_not_open_with_labelled_lines_declares_no_names():
    assert declared_names("About us\nAlso listed: Zorp\n") == ()


def test_a_joint_span_survives_without_naming_both():
    posting = Posting("b:9", "b", title="ML Engineer", description="You know layers in tf.keras.")
    found = facts(posting)
    assert {one.name: one.joint for one in found.frameworks} == {"tensorflow": True, "keras": True}
    same(posting)


def test_a_facts_record_has_the_promised_keys():
    record = facts_record(facts(Posting("b:1", "b", title="Engineer", description="PyTorch")))
    assert (
        list(record)
        == (
            "posting_id is_ai extractor_version language frameworks ecosystem tools skills roles"
            " seniority employer_kind industry domains countries metros workplace salary"
            " unseen_names mentions"
        ).split()
    )
    assert is_digest({"digest_version": 1}) and not is_digest(record)
