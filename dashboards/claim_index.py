"""The list of claims: its filters, its groups, and what stands behind all of it.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import tables, words
from dashboards.site_data import Row

SORTS = (
    ("", "Topic"),
    ("verdict", "Verdict"),
    ("estimate", "Size of the estimate"),
    ("n", "Postings behind it"),
)

Summaries = Sequence[Mapping[str, Any]]


def index_values(
    claims: Summaries, totals: Sequence[Row], as_of: str, *, is_provisional: bool
) -> dict[str, Any]:
    """Return everything the template of the list shows."""
    topics = [t for t in words.TOPICS if any(c["topic"] == t for c in claims)]
    topics += sorted({c["topic"] for c in claims} - set(topics))
    groups = [
        {
            "topic": topic,
            "title": next(c["group"] for c in claims if c["topic"] == topic),
            "claims": [c for c in claims if c["topic"] == topic],
        }
        for topic in topics
    ]
    has_small = any(words.SMALL_MARK in " ".join(claim["sample"]) for claim in claims)
    return {
        "claims": claims,
        "groups": groups,
        "verdict_counts": _verdicts(claims),
        "articles": _articles(claims),
        "sorts": SORTS,
        "facts": facts_of(totals, as_of),
        "headline": words.window_name(words.HEADLINE).removeprefix("the "),
        "is_provisional": is_provisional,
        "small_note": tables.SMALL_NOTE if has_small else "",
    }


def _verdicts(claims: Summaries) -> list[tuple[str, words.VerdictWords, int]]:
    found = [str(claim["verdict"]) for claim in claims]
    return [(v, told, found.count(v)) for v, told in words.VERDICTS.items() if v in found]


def _articles(claims: Summaries) -> list[tuple[str, str, int]]:
    """Return each article's letter, its name and how many claims it makes, or makes in part."""
    named = [dict(claim["by_letter"]) for claim in claims]
    letters = sorted({letter for one in named for letter in one})
    return [
        (
            letter,
            next(one[letter] for one in named if letter in one),
            sum(letter in one for one in named),
        )
        for letter in letters
    ]


def facts_of(found: Sequence[Row], as_of: str) -> list[tuple[str, str]]:
    """Return what stands behind the site: (value, what it counts)."""
    row = found[0] if found else {}
    first, last = row.get("first_year"), row.get("last_year")
    years = f"{first}–{last}" if first and last and first != last else str(last or "–")
    return [
        (words.count(row.get("n_postings")), "postings"),
        (words.count(row.get("n_dl_postings")), "of them name a deep-learning framework"),
        (words.count(row.get("n_employers")), "employers"),
        (words.count(row.get("n_sources")), "sources"),
        (years, "years"),
        (as_of or "–", "as of"),
    ]
