"""The facts an ad states in labelled lines at its very start, and how we write such lines.

Layer:   mentions (pure). Our own digests are rendered this way; what is declared is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from pipeline.mentions.known import is_known
from pipeline.mentions.seniority import ranks
from pipeline.mentions.unseen import merged
from pipeline.mentions.words import read_terms

_BOXES = ("role", "seniority", "employer kind", "industry", "domain", "workplace")
_KEYS = ("roles", "seniority", "employer_kind", "industry", "domains", "workplace")
_UNSTATED = "not stated"
_LISTED = "Also listed"


class Profile(NamedTuple):
    """What a posting says beside its frameworks, places and pay; identifiers of the vocabulary."""

    roles: tuple[str, ...] = ()
    seniority: tuple[str, ...] = ()
    employer_kind: str = "unknown"
    industry: str = "other"
    domains: tuple[str, ...] = ()
    workplace: str = "unknown"


def declared(text: str) -> dict[str, tuple[str, ...]]:
    """Return the facts of a block of labelled lines at the very start of a text.

    Keys: roles, seniority, employer_kind, industry, domains, workplace; an empty tuple means
    "not stated". A line none of whose values we know is left out: it is ordinary text.
    """
    if not text.startswith("Role:"):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for line in text.split("\n"):
        label, colon, rest = line.partition(":")
        if not colon:
            break
        if label.lower() not in _BOXES:
            continue
        key = _KEYS[_BOXES.index(label.lower())]
        values = _values(rest, _names(key))
        if values is not None and key not in found:
            found[key] = values
    return found


def declare(profile: Profile) -> str:
    """Return a profile as the labelled lines that `declared` reads."""
    lines = []
    for label, value in zip(_BOXES, profile, strict=True):
        values = (value,) if isinstance(value, str) else value
        shown = [each for each in values if each not in ("unknown", "")]
        lines.append(f"{label.capitalize()}: {'; '.join(shown) or _UNSTATED}")
    return "\n".join(lines)


def declare_names(names: Iterable[str]) -> str:
    """Return names that stood beside frameworks as the line that `declared_names` reads."""
    return f"{_LISTED}: {'; '.join(names)}"


def declared_names(text: str) -> tuple[str, ...]:
    """Return the names of the "Also listed" line of a text that begins with labelled lines.

    A name that became known since the line was written is left out: it is no news any more.
    """
    if not text.startswith("Role:"):
        return ()
    for line in text.split("\n"):
        label, colon, rest = line.partition(":")
        if not colon:
            break
        if label == _LISTED:
            names = (name.strip() for name in rest.split(";"))
            return merged(name for name in names if name and not is_known(name))
    return ()


def _values(rest: str, names: Mapping[str, str]) -> tuple[str, ...] | None:
    words = [word.strip().lower() for word in rest.split(";")]
    if words == [_UNSTATED]:
        return ()
    known = {names[word] for word in words if word in names}
    return tuple(value for value in dict.fromkeys(names.values()) if value in known) or None


@cache
def _names(key: str) -> dict[str, str]:
    """Return the values of a key by every spelling of theirs, in the vocabulary's order."""
    terms = read_terms("profile.toml")
    plain: dict[str, Iterable[tuple[str, str]]] = {
        "roles": read_terms("roles.toml")["families"].items(),
        "seniority": [(rank, rank) for rank in ranks()],
        "employer_kind": [(value, words["name"]) for value, words in terms["kind"].items()],
        "industry": [(value, words["name"]) for value, words in terms["industry"].items()],
        "domains": [(value, words["name"]) for value, words in terms["domain"].items()],
        "workplace": [(value, value) for value in ("onsite", "hybrid", "remote")],
    }
    return {
        spelling: value
        for value, name in plain[key]
        for spelling in (value, value.replace("_", " "), name.lower())
    }


def declared_one(stated: Mapping[str, tuple[str, ...]], key: str, unstated: str) -> str:
    """Return the one value of a key, `unstated` where it says "not stated", "" if undeclared."""
    if key not in stated:
        return ""
    return stated[key][0] if stated[key] else unstated
