"""A user's own terms against their own sentences: a term that misreads them is not taken.

Layer:   mentions (pure).
"""

from __future__ import annotations

from functools import cache

from pipeline.errors import InputError
from pipeline.mentions.find import framework_mentions
from pipeline.mentions.own import OwnFiles, own_lexicon


@cache
def demand_sound(files: OwnFiles) -> None:
    """Raise InputError for the first term that is misread in a sentence of its own, or no term."""
    if not files:
        return
    own_lexicon(files)  # what is wrong between two files is said before what a sentence says
    for file in files:
        for term in own_lexicon((file,)).terms:
            for sentence in term.yes:
                _demand(file[0], term.id, "yes", sentence, files)
            for sentence in term.no:
                _demand(file[0], term.id, "no", sentence, files)


def _demand(file: str, term: str, key: str, sentence: str, files: OwnFiles) -> None:
    found = framework_mentions("description", sentence, own=files)
    if any(one.term == term for one in found) is not (key == "yes"):
        wanted, seen = ("a mention", "none") if key == "yes" else ("no mention", "one")
        raise InputError(
            f"{file}: term {term!r}: {key}: expected {wanted} in {sentence!r}, saw {seen}; "
            "correct its names, the words near them, or the sentence"
        )
