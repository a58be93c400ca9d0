"""The page that compares the articles: who says what, and what the data say of it.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards import words
from dashboards.tables import Column, Table
from pipeline.claims.sayings import Saying, articles

WHOLE, IN_PART = "says it", "in part"
_LETTER = re.compile(r"Article ([A-Z])\b")
_TITLE = re.compile(r"“([^”]+)”")
Claim = Mapping[str, Any]  # a claim's summary, as the list of claims shows it


def page_values(claims: Sequence[Claim], rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the template of the comparison shows.

    claims: the summaries of all claims;  rules: the registry's entries by claim_id
    """
    said = {str(claim["claim_id"]): sayers(claim["said_by"]) for claim in claims}
    letters = [letter for letter in articles() if any(letter in one for one in said.values())]
    known = [verdict for verdict in words.VERDICTS if any(c["verdict"] == verdict for c in claims)]
    return {
        "counts": _counts(letters, known, claims, said),
        "articles": [_article(letter, known, claims, said) for letter in letters],
        "letters": letters,
        "topics": _topics(letters, claims, said),
        "disagreements": list(_disagreements(claims, rules, said)),
    }


def sayers(said_by: Iterable[str]) -> dict[str, str]:
    """Return the letters of the articles that say a claim, and how: whole or in part."""
    found = {}
    for saying in said_by:
        if letter := _letter(saying):
            found[letter] = IN_PART if saying.endswith(", in part") else WHOLE
    return found


def _letter(saying: str) -> str:
    if named := _LETTER.match(saying):
        return named[1] if named[1] in articles() else ""
    title = _TITLE.match(saying)
    titles = {one.title: letter for letter, one in articles().items() if one.title}
    return titles.get(title[1], "") if title else ""


def _named(one: Saying) -> str:
    return f"Article {one.article}"


def _counts(
    letters: Sequence[str],
    known: Sequence[str],
    claims: Sequence[Claim],
    said: Mapping[str, Mapping[str, str]],
) -> Table:
    columns = (
        Column("Article"),
        Column("Claims", True),
        *(Column(words.VERDICTS[verdict].label, True) for verdict in known),
        Column("Said in part only", True),
    )
    lines = []
    for letter in letters:
        own = [claim for claim in claims if letter in said[str(claim["claim_id"])]]
        verdicts = [claim["verdict"] for claim in own]
        leans = sum(said[str(claim["claim_id"])][letter] == IN_PART for claim in own)
        counts = [len(own), *(verdicts.count(verdict) for verdict in known), leans]
        lines.append((_named(articles()[letter]), *(words.count(n) for n in counts)))
    return Table("Claims of each article by verdict", columns, tuple(lines))


def _article(
    letter: str,
    known: Sequence[str],
    claims: Sequence[Claim],
    said: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    about = articles()[letter]
    own = [claim for claim in claims if letter in said[str(claim["claim_id"])]]
    counts = {verdict: sum(c["verdict"] == verdict for c in own) for verdict in known}
    n_right, n_wrong = counts.get("supported", 0), counts.get("contradicted", 0)
    return {
        "letter": letter,
        "name": _named(about),
        "title": about.title,
        "publisher": about.publisher,
        "url": about.url,
        "what": about.what,
        "score": _score(len(own), n_right, n_wrong),
        "groups": [
            {
                "verdict": verdict,
                "label": words.VERDICTS[verdict].label,
                "claims": [
                    {**claim, "in_part": said[str(claim["claim_id"])][letter] == IN_PART}
                    for claim in own
                    if claim["verdict"] == verdict
                ],
            }
            for verdict in known
            if counts[verdict]
        ],
    }


def _score(n_claims: int, n_right: int, n_wrong: int) -> str:
    settled = n_right + n_wrong
    if not settled:
        return f"{words.plural(n_claims, 'claim')}, none of them settled by the data."
    return (
        f"{words.plural(n_claims, 'claim')}; the data settle {settled}: {n_right} held up, "
        f"{n_wrong} did not."
    )


def _topics(
    letters: Sequence[str], claims: Sequence[Claim], said: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return the matrix, topic by topic: a claim's row has one cell for each article."""
    order = [*words.TOPICS, *sorted({str(c["topic"]) for c in claims} - set(words.TOPICS))]
    topics = []
    for topic in order:
        lines = [
            {**claim, "cells": [said[str(claim["claim_id"])].get(at, "") for at in letters]}
            for claim in claims
            if claim["topic"] == topic and said[str(claim["claim_id"])]
        ]
        if lines:
            topics.append({"title": lines[0]["group"] or "Other claims", "claims": lines})
    return topics


def _disagreements(
    claims: Sequence[Claim],
    rules: Mapping[str, Mapping[str, Any]],
    said: Mapping[str, Mapping[str, str]],
) -> Iterable[dict[str, Any]]:
    """Yield every pair of claims that say the contrary, each pair once."""
    by_id = {str(claim["claim_id"]): claim for claim in claims}
    seen: set[frozenset[str]] = set()
    for one in by_id:
        for other in rules.get(one, {}).get("rivals", ()):
            pair = frozenset((one, str(other)))
            if other not in by_id or pair in seen:
                continue
            seen.add(pair)
            both = sorted(said[one].keys() & said[str(other)].keys())
            yield {
                "sides": [
                    {**by_id[name], "letters": sorted(said[name])} for name in (one, str(other))
                ],
                "on_both": both,
            }
