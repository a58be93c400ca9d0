"""The names of employers that are listed: what is known of them, and what else they are called.

Layer:   postings (pure); employers.toml and employer_aliases.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.postings.employer_spelling import plain_id

REASONS = ("suffix", "spelling", "brand", "subsidiary", "renamed")
LONG_ENOUGH = 8  # letters from which a name without its spaces is still one firm's


class Known(NamedTuple):
    """What is common knowledge of an employer, in the words of the vocabulary.

    "" leaves it to the ad: a recruiter's industry is its client's, a small firm's kind its own.
    """

    kind: str
    industry: str


class Table(NamedTuple):
    known: dict[str, Known]
    aliases: dict[str, str]
    parents: dict[str, str]
    han: dict[str, str]
    joined: dict[str, str]
    common: frozenset[str]
    families: frozenset[str]
    startup_until: dict[str, int]
    arms: dict[str, str]
    exact: dict[str, str]
    apart: frozenset[str]
    vague: frozenset[str]
    whole: frozenset[str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(
        resources.files("pipeline.postings").joinpath(name).read_text(encoding="utf-8")
    )


@cache
def aliases() -> tuple[tuple[str, str, str], ...]:
    """Return every other name of an employer with its id and the reason they are one.

    The reason is one of REASONS; behind "renamed" stands the year where it is known.
    """
    rows = []
    for own, reasons in _read("employer_aliases.toml").items():
        for reason, names in reasons.items():
            for name in names:
                year = names[name] if reason == "renamed" else 0
                rows.append((name, own, f"{reason} {year}" if year else reason))
    return tuple(sorted(rows))


@cache
def table() -> Table:
    read = _read("employers.toml")
    exact = {exact_key(name): own for name, own in read["exact"].items()}
    other = {plain_id(name): own for name, own, _ in aliases() if exact_key(name) not in exact}
    stated = [
        (plain_id(name), Known(group["kind"], group["industry"]))
        for group in read["group"]
        for name in group["names"]
    ]
    known: dict[str, Known] = {}
    for is_other in (False, True):  # the employer itself before what else it is called
        for plain, what in stated:
            if (plain in other) is is_other:
                known.setdefault(other.get(plain, plain), what)
    names = {**{name: name for name in (*known, *other.values())}, **other}
    joined = {name.replace("_", ""): own for name, own in names.items()}
    return Table(
        known,
        other,
        read["parents"],
        {name: own for name, own in other.items() if not name.isascii()},
        {name: own for name, own in joined.items() if len(name) >= LONG_ENOUGH},
        frozenset(read["common"]),
        frozenset(read["families"]),
        read["startup_until"],
        read["arms"],
        exact,
        frozenset(plain_id(name) for name in read["apart"]),
        frozenset(read["vague"]),
        frozenset(read["whole"]),
    )


def exact_key(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()
