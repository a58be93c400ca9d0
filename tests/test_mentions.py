"""How a posting asks: requirement, any-of lists, sections, and the floor of the scores."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.facts import facts
from pipeline.mentions.find import framework_mentions
from pipeline.records import Posting


def named(text: str, title: str = "ML Engineer") -> dict[str, tuple[str, bool]]:
    found = facts(Posting("t:1", "t", title=title, description=text, posted_on=date(2024, 5, 1)))
    return {one.name: (one.requirement, one.alternative) for one in found.frameworks}


CASES = [
    # what the sentence says, whatever the section
    ("You must know PyTorch.", {"pytorch": ("required", False)}),
    ("Experience with PyTorch and TensorFlow.", {"pytorch": ("required", False), "tensorflow": ("required", False)}),
    ("Experience with PyTorch or TensorFlow.", {"pytorch": ("required", True), "tensorflow": ("required", True)}),
    ("Experience with frameworks such as Keras and MXNet.", {"keras": ("required", True), "mxnet": ("required", True)}),
    ("Knowledge of deep learning libraries (Keras, MXNet).", {"keras": ("required", True), "mxnet": ("required", True)}),
    ("Knowledge of TensorFlow, Keras, etc.", {"tensorflow": ("required", True), "keras": ("required", True)}),
    ("TensorFlow/PyTorch skills required", {"tensorflow": ("required", True), "pytorch": ("required", True)}),
    ("PyTorch experience is a plus.", {"pytorch": ("preferred", False)}),
    ("Ideally you have used JAX or PyTorch for deep learning.", {"jax": ("preferred", True), "pytorch": ("preferred", True)}),
    ("Strong Python required; TensorFlow would be a bonus.", {"tensorflow": ("preferred", False)}),
    ("Our stack: Python, PyTorch, Kubernetes", {"pytorch": ("mentioned", False)}),
    ("We use TensorFlow in production.", {"tensorflow": ("mentioned", False)}),
    ("No TensorFlow here.", {"tensorflow": ("negated", False)}),
    ("We are moving away from TensorFlow.", {"tensorflow": ("negated", False)}),
    ("Experience with Keras is not required.", {"keras": ("negated", False)}),
    # sections carry down to bullets
    ("Requirements\n- PyTorch\n- SQL", {"pytorch": ("required", False)}),
    ("Nice to have:\n- PyTorch\n- SQL", {"pytorch": ("preferred", False)}),
    ("What you'll do\n- Train models in PyTorch", {"pytorch": ("mentioned", False)}),
    ("Requirements:\n- Python\n- PyTorch (preferred)", {"pytorch": ("preferred", False)}),
    ("It would be great if you know:\n- JAX for deep learning\n\nWe offer fruit.", {"jax": ("preferred", False)}),
    ("Minimum Qualifications: BSc. PyTorch. Preferred Qualifications: Keras.", {"pytorch": ("required", False), "keras": ("preferred", False)}),
    # the strongest mention decides
    ("We use PyTorch.\n\nRequirements\n- PyTorch", {"pytorch": ("required", False)}),
    # other languages
    ("Ihr Profil\n- Erfahrung mit TensorFlow oder PyTorch", {"tensorflow": ("required", True), "pytorch": ("required", True)}),
    ("Kenntnisse in Keras sind von Vorteil.", {"keras": ("preferred", False)}),
    ("Vous maîtrisez des outils tels que TensorFlow et Keras.", {"tensorflow": ("required", True), "keras": ("required", True)}),
    ("任职要求：\n1、熟悉TensorFlow或PyTorch框架；", {"tensorflow": ("required", True), "pytorch": ("required", True)}),
    ("有Keras经验者优先", {"keras": ("preferred", False)}),
    # spellings
    ("Kenntnis von Tensor Flow, Pytorh und ＭＸＮｅｔ".replace("ＭＸＮｅｔ", "MXNet"), {"tensorflow": ("mentioned", False), "pytorch": ("mentioned", False), "mxnet": ("mentioned", False)}),
    ("Experience with TensorFlow2.x", {"tensorflow": ("required", False)}),
    ("See https://keras.io and mail keras@example.org", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:40] for text, _ in CASES])
def test_a_text_asks_as_it_reads(text, expected):
    assert named(text) == expected


def test_an_ecosystem_term_counts_for_its_framework():
    found = facts(
        Posting("t:1", "t", title="Engineer", description="Requirements\n- TF Lite\n- torchvision")
    )
    assert [(one.name, one.requirement) for one in found.frameworks] == [
        ("tensorflow", "required"),
        ("pytorch", "required"),
    ]
    assert set(found.ecosystem) == {"tf_lite", "torchvision"}


def test_whole_text_and_fast_scan_find_the_same():
    text = "\n".join(text for text, _ in CASES)
    fast = framework_mentions("description", text)
    assert fast == framework_mentions("description", text, fast=False)
    assert len(fast) > 30


def test_alternatives_of_one_list_share_a_group():
    text = "Experience with PyTorch or JAX for deep learning.\nKnowledge of Keras or MXNet."
    groups = {one.term: one.alternative_group for one in framework_mentions("description", text)}
    assert groups["pytorch"] == groups["jax"] != groups["keras"] == groups["mxnet"]


FLOORS = {
    "frameworks": 0.99,
    "requirement": 0.93,
    "alternative": 0.94,
    "tools": 0.98,
    "roles": 0.91,
    "seniority": 0.87,
    "domains": 0.74,
    "countries": 0.96,
    "metros": 0.95,
    "workplace": 0.90,
    "salary": 0.95,
}


def test_scores_on_labelled_postings_do_not_fall_below_their_floor(shared, capsys):
    from pipeline.cli import main

    assert main(["score", str(shared / "gold" / "labels.jsonl"), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)["labels"]
    fallen = {
        name: measured[name]["f1"] for name, floor in FLOORS.items() if measured[name]["f1"] < floor
    }
    assert not fallen
