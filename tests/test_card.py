"""The extraction card: fresh, with intervals that hold its figures, and labels without texts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.edge.card import DOCS, LOOKED_AT, ONLY_SCORED, Labelled, card, labelled_sets
from pipeline.records import Posting

SHARED = Path(__file__).resolve().parents[2] / "shared"
CARD = (DOCS / "extraction_card.md").read_text(encoding="utf-8")
OURS = {
    name: [json.loads(line) for line in (DOCS / "labels" / name).read_text("utf-8").splitlines()]
    for name in (LOOKED_AT, ONLY_SCORED)
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled postings' texts are not here")
def test_the_card_is_what_its_generator_gives():
    again = card(labelled_sets(SHARED / "data" / "postings", SHARED / "gold"))
    assert again == CARD, "run `python -m pipeline.edge.card DUMPS GOLD`"


@pytest.mark.parametrize("figure", re.findall(r"(\d\.\d{3}) \((\d\.\d\d)-(\d\.\d\d)\)", CARD))
def test_a_figure_lies_in_its_interval(figure):
    middle, low, high = map(float, figure)
    assert low - 0.005 <= middle <= high + 0.005


def test_no_posting_is_both_looked_at_and_only_scored():
    looked, blind = ({label["id"] for label in OURS[name]} for name in OURS)
    assert looked.isdisjoint(blind)
    assert len(looked) + len(blind) == sum(map(len, OURS.values()))


def test_labels_hold_identifiers_and_no_words_of_an_ad():
    for label in (label for labels in OURS.values() for label in labels):
        words = [
            value
            for key, values in label.items()
            if isinstance(values, list) and key != "frameworks"
            for value in values
        ]
        assert all(re.fullmatch(r"[a-zA-Z0-9_]+", word) for word in words), label["id"]
        assert "note" not in label


def test_skill_groups_are_labelled_on_sixty_postings_and_more():
    assert all("skills" in label for labels in OURS.values() for label in labels)
    assert min(map(len, OURS.values())) >= 60


def test_a_set_read_without_an_error_scores_one():
    label = {
        "id": "t:1", "frameworks": [{"name": "pytorch", "requirement": "required",
                                     "alternative": False}],
        "tools": ["docker"], "language": "en",
    }  # fmt: skip
    ad = Posting("t:1", "t", description="Requirements:\n- PyTorch for our models\n- Docker")
    page = card([Labelled("made up", "one posting", [label], {"t:1": ad})])
    assert "| frameworks | F1 | 1.000 (1.00-1.00) |" in page
    assert "| requirement of a found framework | accuracy | 1.000 (1.00-1.00) |" in page
    assert "| skill groups | F1 | - |" in page
