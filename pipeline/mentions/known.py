"""Names that are known: every spelling of the lexicon, and what terms/known.toml lists.

Layer:   mentions (pure; package data only).
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.mentions.lexicon import load
from pipeline.mentions.words import read_terms

_SPACES = re.compile(r"[\s_-]+")
_PARTS = re.compile(r"[\s_+-]+")


def name_key(name: str) -> str:
    """Return what spellings of one name have in common."""
    return _SPACES.sub("", name.lower())


def is_known(name: str) -> bool:
    """Tell whether a name, or every word of it, stands in the lexicon or in terms/known.toml."""
    key = name_key(name)
    if is_word_known(key) or key.startswith(_beginnings()):
        return True
    return all(is_word_known(word.lower()) for word in _PARTS.split(name))


def is_word_known(key: str) -> bool:
    """Tell whether one name by its key, or its singular, is listed as it stands."""
    known = _known()
    return key in known or key.removesuffix("s") in known


@cache
def grammar(name: str) -> frozenset[str]:
    """Return one set of small words of terms/known.toml, in lower case."""
    return frozenset(word.lower() for word in read_terms("known.toml")["grammar"][name])


@cache
def companies() -> frozenset[str]:
    """Return the names of companies, by key."""
    return frozenset(name_key(name) for name in read_terms("known.toml")["names"]["companies"])


@cache
def _known() -> frozenset[str]:
    names = [name for group in read_terms("known.toml")["names"].values() for name in group]
    for term in load().terms:
        names += [term.id, term.title, term.render, *term.spellings, *term.ambiguous, *term.capital]
    for group in load().groups:
        names += group.members
    return frozenset(name_key(name) for name in names if not name.endswith("*"))


@cache
def _beginnings() -> tuple[str, ...]:
    """Return what no new name begins with: long spellings ("PytorchCaffe"), stems of skills."""
    long = {
        name_key(spelling)
        for term in load().terms
        for spelling in term.spellings
        if len(name_key(spelling)) > 5
    }
    stems = {
        name_key(member.removesuffix("*"))
        for group in load().groups
        for member in group.members
        if member.endswith("*") and member.isascii()
    }
    return tuple(sorted(long | stems))
