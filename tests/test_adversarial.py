"""Short texts of our own that try to mislead, each with the facts a careful reader would note.

A case of tests/adversarial/*.toml gives a posting's fields and, under `expect`, only the facts that
the vocabulary makes certain; each must come out exactly. Cases without a date are of May 2024.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.facts import facts, text_fields
from pipeline.mentions.lexicon import load
from pipeline.postings.text import plain_text
from pipeline.records import Facts, Posting

FILES = sorted((Path(__file__).parent / "adversarial").glob("*.toml"))
CASES = [
    (path.stem, case)
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
NAMES = [case["name"] for _, case in CASES]
FIELDS = {"name", "title", "text", "location", "employer", "posted_on", "source", "salary"}
SETS = {"ecosystem", "tools", "roles", "seniority", "domains", "countries", "metros"}
WORDS = {"employer_kind", "industry", "workplace", "language", "is_ai"}
FRAMEWORKS = {"frameworks", "alternative", "not_alternative", "joint"}


def posting(case: dict[str, Any]) -> Posting:
    """Return a case as the posting that a source would make of it."""
    return Posting(
        "t:1",
        case.get("source", "t"),
        title=plain_text(case.get("title", "")),
        employer=case.get("employer", ""),
        location=case.get("location", ""),
        description=plain_text(case["text"]),
        posted_on=case.get("posted_on", date(2024, 5, 1)),
        salary=case.get("salary", ""),
    )


def expected(expect: dict[str, Any]) -> dict[str, Any]:
    """Return the expectations in the shape of `got`; salary "none" says that no pay is stated."""
    shaped: dict[str, Any] = {}
    for key, value in expect.items():
        if key in ("alternative", "not_alternative"):
            shaped.setdefault("alternative", {}).update(dict.fromkeys(value, key == "alternative"))
        elif key == "salary":
            shaped[key] = None if value == "none" else {"min": None, "max": None} | value
        else:
            shaped[key] = set(value) if key in SETS or key == "joint" else value
    return shaped


def got(found: Facts, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what was found of the facts that a case states."""
    shaped: dict[str, Any] = {}
    for key, value in wanted.items():
        if key == "frameworks":
            shaped[key] = {one.name: one.requirement for one in found.frameworks}
        elif key == "alternative":
            any_of = {one.name: one.alternative for one in found.frameworks}
            shaped[key] = {name: any_of.get(name) for name in value}
        elif key == "joint":
            shaped[key] = {one.name for one in found.frameworks if one.joint}
        elif key == "salary":
            shaped[key] = found.salary._asdict() if found.salary else None
        else:
            fact = getattr(found, key)
            shaped[key] = set(fact) if key in SETS else fact
    return shaped


@pytest.mark.parametrize(("subject", "case"), CASES, ids=NAMES)
def test_a_misleading_text_is_read_as_a_careful_reader_would(subject, case):
    wanted = expected(case["expect"])
    ad = posting(case)
    found = facts(ad)
    read = got(found, wanted)
    differing = {key: (wanted[key], read[key]) for key in wanted if wanted[key] != read[key]}
    assert not differing, "\n".join(
        [f"{subject}: {case['name']}"]
        + [f"  {key}: expected {want}, got {have}" for key, (want, have) in differing.items()]
    )
    texts = text_fields(ad)
    assert all(one.surface == texts[one.field][one.start : one.end] for one in found.mentions)


def test_every_case_has_its_own_name_and_only_fields_that_are_read():
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []
    for _, case in CASES:
        assert case.keys() - {"expect"} <= FIELDS, case["name"]
        assert case["expect"].keys() <= SETS | WORDS | FRAMEWORKS | {"salary"}, case["name"]
        assert case["expect"], case["name"]


def test_the_suite_is_large_and_names_every_framework_and_every_tool():
    assert len(CASES) >= 150
    tools = [term for term in load().terms if term.kind == "tool"]
    for key, terms in (("frameworks", load().frameworks), ("tools", tools)):
        named = {name for _, case in CASES for name in case["expect"].get(key, ())}
        assert named == {term.id for term in terms}
