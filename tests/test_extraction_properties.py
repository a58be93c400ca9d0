"""What holds for every ad: offsets, blanks and markup, two ads in one, any input at all."""

from __future__ import annotations

import html
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.facts import facts, text_fields
from pipeline.mentions.find import framework_mentions
from pipeline.postings.text import plain_text
from pipeline.records import Facts, Posting

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
COMPARED = [one.name for one in fields(Facts) if one.name not in ("mentions", "extractor_version")]

OPENINGS = [
    "Acme Robotics | Machine Learning Engineer | Boston, MA | ONSITE | $150k - $180k",
    "Senior Data Scientist (m/w/d), Berlin, hybrid",
    "We are a seed-stage startup that teaches satellites to see clouds.",
    "Our hospital group of 12,000 employees is looking for a research engineer.",
    "诚聘算法工程师，工作地点：上海",
]
HEADINGS = [
    "Requirements:", "What you'll do", "Nice to have:", "Minimum qualifications", "About us",
    "Dein Profil", "Anforderungen:", "Profil recherché", "任职要求：", "加分项：", "Our stack:",
]  # fmt: skip
LINES = [
    "- 3+ years with PyTorch or TensorFlow",
    "- Keras, scikit-learn and XGBoost",
    "- frameworks such as MXNet, Theano, etc.",
    "- You do not need to know Chainer",
    "- JAX is a plus, CUDA too",
    "- tf.keras and TF Serving in production on AWS",
    "- Docker, Kubernetes & REST APIs; CI/CD",
    "- SQL, Python, R and Spark",
    "- Erfahrung mit PyTorch oder Keras",
    "熟悉TensorFlow或PyTorch框架，有Keras经验者优先",
    "- Remote within Germany, 70.000 - 85.000 € per year",
    "- Communicate results, clean data, build prototypes",
    "- PhD in computer vision or 5 years of experience",
    "Write to jobs@example.org or see https://example.org/pytorch",
]


@st.composite
def ads(draw):
    parts = [draw(st.sampled_from(OPENINGS))]
    for _ in range(draw(st.integers(1, 4))):
        parts += ["", draw(st.sampled_from(HEADINGS))]
        parts += draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=4))
    return "\n".join(parts)


def read(raw, title="Data Scientist"):
    return Posting("t:1", "board", title=title, description=plain_text(raw))


@RELAXED
@given(ads())
def test_offsets_slice_to_the_surface(raw):
    posting = read(raw)
    words = text_fields(posting)
    for mention in facts(posting).mentions:
        assert words[mention.field][mention.start : mention.end] == mention.surface


@RELAXED
@given(ads(), st.sampled_from(["  ", "\t", " \u00a0 ", "\u2003", "   "]), st.data())
def test_runs_of_blanks_change_no_fact(raw, blanks, data):
    at = data.draw(st.sets(st.integers(0, raw.count(" "))))
    parts = raw.split(" ")
    wide = parts[0] + "".join(
        (blanks if place in at else " ") + part for place, part in enumerate(parts[1:])
    )
    assert same_facts(raw, wide)


@RELAXED
@given(ads(), st.sampled_from(["\r\n", "\r", " \n", "\t\r\n"]))
def test_other_ends_of_lines_change_no_fact(raw, end):
    assert same_facts(raw, raw.replace("\n", end))


@RELAXED
@given(ads(), st.sampled_from(["<div>{}</div>", "<p><span>{}</span></p>", "<b>{}</b>"]))
def test_wrapping_in_html_changes_no_fact(raw, wrap):
    lines = "<br>".join(html.escape(line) for line in raw.split("\n"))
    assert same_facts(raw, wrap.format(lines))


def same_facts(one, other):
    first, second = facts(read(one)), facts(read(other))
    for name in COMPARED:
        assert getattr(first, name) == getattr(second, name), name
    return True


CERTAIN = ["PyTorch", "TensorFlow", "Keras", "MXNet", "scikit-learn", "XGBoost", "CatBoost", "ONNX"]
ASKED = {"Requirements:": "required", "Nice to have:": "preferred", "Our stack:": "mentioned"}


@st.composite
def sections(draw):
    heading = draw(st.sampled_from(sorted(ASKED)))
    names = draw(st.lists(st.sampled_from(CERTAIN), min_size=1, max_size=3, unique=True))
    glue = draw(st.sampled_from([", ", " or ", " and "]))
    return f"{heading}\n- {glue.join(names)}\n"


@RELAXED
@given(sections(), sections())
def test_two_ads_under_headings_of_their_own_yield_the_mentions_of_both(one, other):
    def said(text):
        return sorted(
            (found.term, found.requirement, found.alternative_group is not None)
            for found in framework_mentions("description", text)
        )

    assert said(one + "\n" + other) == sorted(said(one) + said(other))


@RELAXED
@given(st.text(), st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_any_text_at_all_is_read(raw, title, employer, location):
    posting = Posting(
        "t:1", "board", title=title, employer=employer, location=location,
        description=plain_text(raw), salary=location,
    )  # fmt: skip
    assert facts(posting).posting_id == "t:1"


HOSTILE = {
    "a 5 MB ad": ("Requirements:\n- PyTorch\n" + "We like tea and walks. " * 90 + "\n\n") * 2_400,
    "a 5 MB line": "Experience with plumbing and no end in sight " * 110_000 + "PyTorch",
    "a line of names": "PyTorch or " * 20_000,
    "a million brackets": "(" * 1_000_000,
    "pairs of brackets": "()[]{}" * 160_000 + " PyTorch",
    "deep HTML": "<div>" * 60_000 + "PyTorch" + "</div>" * 60_000,
    "open scripts": "<script>" * 100_000,
    "open comments": "<!--" * 200_000,
    "signs of HTML": "<&" * 200_000,
    "lead-ins without lists": "You know:\n" * 100_000,
    "headings without lines": "Requirements: " * 60_000,
    "dots": "." * 1_000_000 + " PyTorch",
    "blanks": " " * 1_000_000 + "PyTorch",
    "amounts": "$1 " * 8_000,
    "digits": "1 " * 300_000,
    "cities": "Boston, MA, " * 50_000,
    "roles": "Senior Data Scientist, " * 30_000,
    "years": "5+ years of " * 80_000,
    "addresses": "a.b+c@d." * 100_000,
    "glued lines": "workExperience withStrong skillsMust knowAbility " * 20_000,
    "no blank in Chinese": "熟悉，" * 300_000 + "PyTorch",
    "half characters": "\ud83d PyTorch " * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_to_its_end(name):
    # quadratic time would keep these from ending: the longest takes some seconds
    assert facts(read(HOSTILE[name])).posting_id == "t:1"
