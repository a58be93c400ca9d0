"""A user's own terms: read from their TOML, told from what else their names mean.

Layer:   mentions (pure). File contents come in as text. The terms are read apart from ours, so that
         they change nothing of what is found without them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NoReturn

from pipeline.errors import InputError
from pipeline.mentions.lexicon import Lexicon, Term, load
from pipeline.mentions.scan import LETTERS, Scanner

# (file, its text): small enough to hand to every worker, and its own key of what is cached
OwnFiles = tuple[tuple[str, str], ...]

OWN = "own"  # the kind of such a term, and the rule of sense of its ambiguous names
WRITTEN = "own_written"  # the rule of a certain name that has a capital
_NAMES = ("spellings", "ambiguous")
_COMPANY = ("near", "not_near", "not_before", "not_after")
_EXAMPLES = ("yes", "no")
_FIELDS = ("id", *_NAMES, *_COMPANY, *_EXAMPLES)
_ID = re.compile(r"[a-z][a-z0-9_]*")


@cache
def own_lexicon(files: OwnFiles) -> Lexicon:
    """Return our lexicon with a user's terms in the place of ours.

    Raises InputError that names the file, the term and the field of what is wrong.
    """
    taken = {
        **{term.id: "a term of ours" for term in load().terms},
        **{group.id: "a skill group of ours" for group in load().groups},
    }
    names: dict[str, str] = {}
    terms = []
    for file, entry in _entries(files):
        term = _term(file, entry)
        if term.id in taken:
            _refuse(file, term.id, "id", f"an id of its own, not that of {taken[term.id]}", term.id)
        taken[term.id] = f"another term in {file}"
        for name in (*term.spellings, *term.ambiguous):
            if name in names:
                _refuse(file, term.id, "spellings", f"names that {names[name]} has not", name)
            names[name] = f"the term {term.id!r} in {file}"
        terms.append(term)
    return replace(load(), terms=tuple(terms))


def is_meant(term: Term, name: str, before: str, after: str, near: str) -> bool:
    """Tell whether an ambiguous name is the term here.

    before, after: its line as it is written, up to it and from it on
    near: the lower-cased text around it, and the title
    """
    if not is_written_so(term, name):
        return False
    before, after = before.rstrip(" -").lower(), after.lstrip(" -").lower()
    if any(_ends_with(before, word) for word in term.not_before):
        return False
    if any(_begins_with(after, word) for word in term.not_after):
        return False
    wanted, barred = _company(term)
    return not (barred and barred.hits(near)) and not (wanted and not wanted.hits(near))


def is_written_so(term: Term, name: str) -> bool:
    """Tell whether a name that stands with a capital in the user's file has it here too."""
    exact = {one for one in term.capital if one.lower() == name.lower()}
    return not exact or name in exact


@cache
def _company(term: Term) -> tuple[Scanner | None, Scanner | None]:
    wanted, barred = (
        Scanner(((word, word) for word in words), word=LETTERS) if words else None
        for words in (term.near, term.not_near)
    )
    return wanted, barred


def _ends_with(text: str, word: str) -> bool:
    return text.endswith(word) and not text[: -len(word)][-1:].isalnum()


def _begins_with(text: str, word: str) -> bool:
    return text.startswith(word) and not text[len(word) :][:1].isalnum()


def _entries(files: OwnFiles) -> Iterator[tuple[str, dict[str, Any]]]:
    for file, text in files:
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            raise InputError(f"{file}: expected TOML, saw {broken}; correct the file") from None
        entries = content.pop("term", None)
        found = entries if isinstance(entries, list) else []
        if content or not found or not all(isinstance(entry, dict) for entry in found):
            seen = ", ".join(content) or "none of them"
            raise InputError(f"{file}: expected [[term]] entries alone, saw {seen}; correct it")
        for entry in found:
            yield file, entry


def _term(file: str, entry: dict[str, Any]) -> Term:
    term_id = entry.get("id")
    if not isinstance(term_id, str) or not _ID.fullmatch(term_id):
        _refuse(file, term_id, "id", "lower-case letters, digits and _", term_id)
    for key in entry.keys() - set(_FIELDS):
        _refuse(file, term_id, key, f"one of {', '.join(_FIELDS)}", "no such field")
    words = {key: _texts(file, term_id, key, entry.get(key, [])) for key in _FIELDS[1:]}
    named = words["spellings"] + words["ambiguous"]
    if not named:
        _refuse(file, term_id, "spellings", "at least one name, there or in ambiguous", [])
    for key in _EXAMPLES:
        if not words[key]:
            _refuse(file, term_id, key, "at least one sentence", [])
    if not words["ambiguous"] and (stray := [key for key in _COMPANY if words[key]]):
        _refuse(file, term_id, stray[0], "names in ambiguous, of which alone it speaks", "none")
    return Term(
        id=term_id,
        kind=OWN,
        title=term_id,
        render="",
        spellings=tuple(one for one in words["spellings"] if one == one.lower()),
        ambiguous={
            **{one.lower(): WRITTEN for one in words["spellings"] if one != one.lower()},
            **{one.lower(): OWN for one in words["ambiguous"]},
        },
        capital=tuple(one for one in named if one.lower() not in named),
        near=_lower(words["near"]),
        not_near=_lower(words["not_near"]),
        not_before=_lower(words["not_before"]),
        not_after=_lower(words["not_after"]),
        yes=words["yes"],
        no=words["no"],
    )


def _lower(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.lower() for one in words)


def _texts(file: str, term_id: str, key: str, value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [None]
    if not all(isinstance(one, str) and one for one in texts):
        _refuse(file, term_id, key, "a list of texts", value)
    return tuple(texts)


def _refuse(file: str, term_id: object, key: str, expected: str, seen: object) -> NoReturn:
    raise InputError(
        f"{file}: term {term_id!r}: {key}: expected {expected}, saw {seen!r}; correct it"
    )
