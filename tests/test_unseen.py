"""A name that stands in a list beside frameworks is noticed; what is known or no name is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.mentions.find import framework_mentions
from pipeline.mentions.known import is_known, name_key
from pipeline.mentions.lexicon import load
from pipeline.mentions.unseen import MOST, merged, unseen_names
from pipeline.mentions.words import read_terms
from pipeline.records import Mention


def unseen(text):
    return unseen_names(text, framework_mentions("description", text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Experience with PyTorch, Zorp and JAX for training.", ("Zorp",)),
        ("PyTorch/Zorp/TensorFlow", ("Zorp",)),
        ("You know Zorp, Blim or PyTorch.", ("Zorp", "Blim")),
        ("Frameworks (Zorp, PyTorch, Blim) and more", ("Zorp", "Blim")),
        ("熟悉PyTorch、Zorp等框架", ("Zorp",)),
        ("PyTorch and/or Zorp", ("Zorp",)),
        ("one of PyTorch, Zorp 2.1, Blim v3 or Keras", ("Zorp", "Blim")),
        ("PyTorch 2.0, Zorp", ("Zorp",)),
        ("PyTorch (2.x), Zorp (1.0+)", ("Zorp",)),
        ("PyTorch, zLang, zorp.cpp, zorp4all", ("zLang", "zorp.cpp", "zorp4all")),
        ("PyTorch, Python, Docker, Zorp", ("Zorp",)),
        ("PyTorch, NVIDIA Zorp, Apache Blim", ("Zorp", "Blim")),
        ("PyTorch, the Zorp framework", ()),
        ("PyTorch, Zorp framework, Blim library", ("Zorp", "Blim")),
        ("PyTorch or Zorp for serving, Blim", ("Zorp",)),
        ("toolkits, e.g. PyTorch, Zorp, etc.", ("Zorp",)),
        ("PyTorch, Zorp Inference Server", ("Zorp Inference Server",)),
        ("Mit PyTorch, Zorp2 und Datenmodellen, Werkzeuge", ("Zorp2",)),
    ],
)
def test_names_of_the_list_around_a_framework_are_found(text, names):
    assert unseen(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Zorp, Blim and Grick",  # no framework beside
        "PyTorch. Zorp, Blim",  # another sentence
        "PyTorch\nZorp, Blim",  # another line
        "Zorp: PyTorch",
        "PyTorch, pandas, NumPy, SciPy and MATLAB",
        "PyTorch, C++, Java, Go and Rust",
        "PyTorch, AWS, Google Cloud, PostgreSQL, Linux",
        "PyTorch, Machine Learning, Data Science, Deep Neural Networks",
        "PyTorch, Strong communication skills",
        "PyTorch, ability to learn, experience with Zorp",
        "PyTorch, scikit-learn, Keras, XGBoost",
        "PyTorch, www.zorp.com",
        "PyTorchExperience with Zorp",
        "PyTorch, Docker, DockerKnowledge",
        "Deep learning with PyTorch at Zorp",
    ],
)
def test_what_is_known_or_stands_in_no_list_is_no_news(text):
    assert unseen(text) == ()


def test_a_persons_name_is_not_kept():
    assert unseen("PyTorch, Mira Torvik, Zorp") == ("Zorp",)


@pytest.mark.parametrize("name", ["LangChain", "vLLM", "DeepSpeed", "Weka", "H2O", "NeMo"])
def test_machine_learning_libraries_we_do_not_count_are_what_shows(name):
    assert unseen(f"PyTorch, TensorFlow, {name}") == (name,)


def test_a_name_is_listed_once_whatever_its_capitals():
    assert unseen("PyTorch, Zorp-ML, ZorpML\nKeras, zorpML") == ("Zorp-ML",)


def test_a_posting_lists_only_so_many():
    names = [f"Zorp{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert unseen(", ".join(["PyTorch", *names])) == tuple(names[:MOST])
    assert merged(names) == tuple(names[:MOST])


def test_every_spelling_of_the_lexicon_is_known():
    for term in load().terms:
        for spelling in (term.render, *term.spellings, *term.ambiguous):
            assert is_known(spelling), spelling
    for group in load().groups:
        for member in group.members:
            assert is_known(member.rstrip("*")), member


def test_no_known_name_is_written_twice():
    names = [
        name_key(name) for group in read_terms("known.toml")["names"].values() for name in group
    ]
    assert sorted(names) == sorted(set(names))


def repeated(unit, count):
    text, mentions = unit * count, []
    at = text.find("PyTorch")
    while at >= 0:
        place = ("description", at, at + 7)
        mentions.append(Mention("pytorch", "framework", "pytorch", *place, "PyTorch"))
        at = text.find("PyTorch", at + 7)
    return text, mentions


@pytest.mark.parametrize(
    "unit",
    [
        "PyTorch, Zorp and ",
        "PyTorch",
        "PyTorch,,((",
        "PyTorch a.a.a.a.a.",
        "PyTorch Zorp ",
        "PyTorch'’'’--",
    ],
)
def test_a_text_eight_times_as_long_takes_about_eight_times_as_long(unit):
    seconds = []
    for count in (1_000, 8_000):
        text, mentions = repeated(unit, count)
        took = []
        for _ in range(3):
            started = time.perf_counter()
            unseen_names(text, mentions)
            took.append(time.perf_counter() - started)
        seconds.append(min(took))
    assert seconds[1] < 30 * seconds[0] + 0.05  # were it quadratic, 64 times


pieces = st.lists(
    st.sampled_from(
        [
            *",/().:;-、。&+'\"\n –李Ǆİ",
            "PyTorch",
            "Keras",
            "Zorp",
            "v2.0",
            "e.g.",
            "zorp.cpp",
            " and ",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(pieces)
def test_any_text_gives_names_that_stand_in_it_and_are_unknown(text):
    names = unseen(text)
    assert len(names) == len({name_key(name) for name in names}) <= MOST
    for name in names:
        assert name.split()[0] in text
        assert not is_known(name)
        assert ";" not in name and "\n" not in name
