"""One claim's page: its verdict in plain words and everything it rests on.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dashboards import claim_records, evidence_tables, words
from dashboards.claim_doubts import sureness, who_is_heard, would_change
from dashboards.claim_parts import part_view, readings_view
from dashboards.claim_summaries import ClaimRows, summary
from dashboards.claim_words import Decision, meaning
from dashboards.measures import PRIMARY, WHOLE, Measure, measures_of
from dashboards.site_data import Row

# Boards whose postings one may link to; every other address stays out of the pages.
LINKED_HOSTS = (
    "news.ycombinator.com",
    "greenhouse.io",
    "jobs.lever.co",
    "jobs.eu.lever.co",
    "jobs.ashbyhq.com",
    "jobs.smartrecruiters.com",
    "careers.smartrecruiters.com",
    "apply.workable.com",
    "jobs.workable.com",
    "recruitee.com",
    "jobs.personio.de",
    "jobs.personio.com",
)
LONGEST_SNIPPET = 160  # characters of anything that may go back to an ad's own words
MOST_EXAMPLES = 10


def page_values(found: ClaimRows, others: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return everything the template of a claim's page shows.

    others: the summaries of all claims by id, for those a rule says to read beside this one
    """
    measures = measures_of(found.rule)
    primary = [row for row in found.verdicts if row.get("reading") in (PRIMARY, None)]
    names = [str(row.get("part")) for row in (*found.estimates, *primary)]
    parts = list(dict.fromkeys([*measures, *(n for n in names if n != WHOLE)])) or [WHOLE]
    views = [part_view(found, part, measures.get(part, Measure())) for part in parts]
    readings = readings_view(found)
    decided = _decision(found, measures)
    drawn = [view[name] for view in views for name in ("forest", "timeline", "strip")]
    return {
        "claim": summary(found),
        "meaning": meaning(decided),
        "sureness": sureness(decided),
        "would_change": would_change(decided, found.standing),
        "heard": who_is_heard(decided),
        "parts": views,
        "has_figures": any(drawn) or bool(readings and readings["figures"]),
        "readings": readings,
        "rivals": [others[name] for name in _rivals(found, others)],
        "silent": claim_records.silent_table(found),
        "standing": claim_records.standing_words(found.standing),
        "history": claim_records.history_table(found) if found.history else None,
        "verdicts": evidence_tables.verdicts_table(primary),
        "has_choices": any(view["choices"].rows for view in views),
        "rule": evidence_tables.rule_table(found.rule),
        "rule_words": " ".join(str(found.rule.get("why") or "").split()),
        "rule_hash": str(found.claim.get("rule_hash") or ""),
        "registered_on": found.claim.get("registered_on"),
        "versions": claim_records.versions_view(found),
        "sql": found.sql.strip(),
        "beside": [others[name] for name in _beside(found, others)],
        "examples": [_example(row) for row in found.examples[:MOST_EXAMPLES]],
    }


def _decision(found: ClaimRows, measures: Mapping[str, Measure]) -> Decision:
    row = found.headline()
    part = str(row.get("decided_by") or WHOLE)
    measure = measures.get(part) or next(iter(measures.values()), Measure())
    return Decision(found.claim, row, found.headline(part), measure, found.rule)


def _rivals(found: ClaimRows, others: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the claims that say the contrary, whichever of the two names the other."""
    own = str(found.claim["claim_id"])
    named = set(str(found.claim.get("rivals") or "").split())
    named |= {name for name, other in others.items() if own in other["rivals"]}
    return sorted(name for name in named if name in others)


def _beside(found: ClaimRows, others: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the other claims a rule names, wherever in it, but for its rivals."""
    named: list[str] = []
    waiting: list[object] = [found.rule]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, str) and value in others and value != found.claim["claim_id"]:
            named.append(value)
    return sorted(set(named) - set(_rivals(found, others)))


def _example(row: Row) -> dict[str, str]:
    url = str(row.get("url") or "")
    return {
        "title": words.shortened(row.get("title") or "untitled", LONGEST_SNIPPET),
        "employer": words.shortened(row.get("employer") or "not named", LONGEST_SNIPPET),
        "posted_on": str(row.get("posted_on") or "–"),
        "url": url if is_linked(url) else "",
        "asks_for": words.shortened(row.get("asks_for"), LONGEST_SNIPPET),
        "snippet": words.shortened(row.get("snippet"), LONGEST_SNIPPET),
    }


def is_linked(url: str) -> bool:
    """Say whether a posting's address is one of Hacker News or of a public job board."""
    if not url.startswith("https://"):
        return False
    host = urlsplit(url).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in LINKED_HOSTS)
