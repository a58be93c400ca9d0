"""The lexicon as data: terms, skill groups and cue words, read once from terms/*.toml.

Layer:   mentions (pure; package data only).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One thing a posting may name.

    kind:       framework | ecosystem | tool | own (a user's, see own.py)
    framework:  the framework it counts for, "" for none; joint: the frameworks one span names
    spellings:  lower-case literals that are always this term
    ambiguous:  literals that are it only in their sense -> the name of the sense rule
    since:      the day before which the name cannot have meant this
    """

    id: str
    kind: str
    title: str
    render: str
    spellings: tuple[str, ...]
    framework: str = ""
    joint: tuple[str, ...] = ()
    also_framework: bool = False
    deep_learning: bool = False
    ambiguous: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    capital: tuple[str, ...] = ()
    sense: str = ""
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InCompany:
    """Words that name a skill in some company only.

    near, not_near: parts of words of which one must, and none may, stand within `reach` characters
                    of the word, on its line
    """

    members: tuple[str, ...]
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    reach: int = 45


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A skill group: named when a member term, or a term that implies it, is named."""

    id: str
    title: str
    members: tuple[str, ...]
    implied_by: tuple[str, ...] = ()
    when: tuple[InCompany, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All vocabulary; order of `terms` is the order ids are listed in facts."""

    terms: tuple[Term, ...]
    groups: tuple[SkillGroup, ...]
    headings: dict[str, tuple[str, ...]]
    sentence: dict[str, tuple[str, ...]]
    company: dict[str, tuple[str, ...]]

    def by_id(self) -> dict[str, Term]:
        """Return the terms by identifier."""
        return {term.id: term for term in self.terms}

    @property
    def frameworks(self) -> tuple[Term, ...]:
        """The frameworks of the taxonomy, PyTorch Lightning (also an ecosystem term) included."""
        return tuple(term for term in self.terms if term.kind == "framework" or term.also_framework)

    def ambiguous_of(self, framework: str) -> tuple[str, ...]:
        """Return the spellings that name a framework, or what counts for it, in one sense only."""
        return tuple(
            spelling
            for term in self.terms
            if framework in (term.id, term.framework)
            for spelling in term.ambiguous
        )


@cache
def load() -> Lexicon:
    """Return the lexicon; raises InputError naming the file and term of a bad entry."""
    cues = _read("cues")
    return Lexicon(
        terms=(*_terms("framework"), *_terms("ecosystem"), *_terms("tool")),
        groups=tuple(_group(**_tupled(entry)) for entry in _read("skills")["group"]),
        headings=_tupled(cues["headings"]),
        sentence=_tupled(cues["sentence"]),
        company=_tupled(cues["company"]),
    )


def _terms(kind: str) -> list[Term]:
    name = {"framework": "frameworks", "ecosystem": "ecosystem", "tool": "tools"}[kind]
    terms = []
    for entry in _read(name)["term"]:
        try:
            terms.append(Term(kind=kind, **_tupled(entry)))
        except TypeError as unknown:
            raise InputError(f"terms/{name}.toml: term {entry.get('id')!r}: {unknown}") from None
    return terms


def _group(when: tuple[dict[str, Any], ...] = (), **entry: Any) -> SkillGroup:
    try:
        return SkillGroup(when=tuple(InCompany(**_tupled(one)) for one in when), **entry)
    except TypeError as unknown:
        raise InputError(f"terms/skills.toml: group {entry.get('id')!r}: {unknown}") from None


def _tupled(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _read(name: str) -> dict[str, Any]:
    text = files("pipeline.mentions").joinpath("terms", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
