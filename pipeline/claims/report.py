"""report.md: every verdict as it can be quoted, with what it rests on; Markdown.

Layer:   claims (pure). No clock: the same data give the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.claims.sentences import VERDICT_WORDS
from pipeline.claims.summaries import Row
from pipeline.claims.terminal import behind, estimate
from pipeline.claims.verdict import INSUFFICIENT, NOT_TESTABLE

HASH_LENGTH = 12
_ROBUST = {
    "robust": "Robust: no other choice with enough data turns it round",
    "weakened": "Weakened: under some other choice it loses its significance",
    "flips": "Not robust: some other choice turns it round",
}


def report(
    claims: Sequence[Row],
    run: Mapping[str, Any],
    totals: Mapping[str, Any],
    site_url: str = "",
) -> str:
    """Return the report.

    claims: the records of `summaries`, in their order
    totals: the one row of sql/site/totals.sql
    """
    changed = [claim for claim in claims if claim["changed"]]
    rest = [claim for claim in claims if not claim["changed"]]
    judged = [one for one in rest if one["verdict"] not in (INSUFFICIENT, NOT_TESTABLE)]
    told = [
        "# What employers ask for: claims and verdicts",
        "",
        *_about(claims, run, totals),
        "",
        "## Changed with this run",
        "",
        *(_entries(changed, site_url) if changed else ["No verdict changed with this run.", ""]),
    ]
    for topic in dict.fromkeys(claim["topic"] for claim in judged):
        told += [f"## {_plain(topic).capitalize()}", ""]
        told += _entries([one for one in judged if one["topic"] == topic], site_url)
    for title, verdict in (
        ("Not enough data", INSUFFICIENT),
        ("Not testable here", NOT_TESTABLE),
    ):
        found = [claim for claim in rest if claim["verdict"] == verdict]
        if found:
            told += [f"## {title}", "", *_entries(found, site_url)]
    return "\n".join([*told, *_how_to_cite(run, site_url)])


def _about(
    claims: Sequence[Row], run: Mapping[str, Any], totals: Mapping[str, Any]
) -> Iterable[str]:
    if not run:
        yield "No run has judged a claim yet."
        return
    verdicts = Counter(claim["verdict"] for claim in claims)
    each = "; ".join(
        f"{verdicts[known]} {words.lower()}"
        for known, words in VERDICT_WORDS.items()
        if known in verdicts
    )
    first, last = totals["first_year"], totals["last_year"]
    yield f"- As of: {run['as_of']} (the newest posting date; it ends the windows)"
    yield f"- Run: `{run['run_id']}`"
    yield f"- Read by: jobmarket {run['version']}, extractor `{run['extractor_version']}`"
    yield (
        f"- Data: {totals['n_stored']:,} postings, {totals['n_postings']:,} of them canonical (the "
        f"same ad twice counts once), {totals['n_dl_postings']:,} of these name a deep-learning "
        f"framework; {totals['n_employers']:,} employers; {totals['n_sources']} sources in "
        f"{totals['n_families']} families; {first} to {last}"
    )
    yield f"- Claims: {len(claims)}, of which {each}"
    yield "- Window: the last 24 months, where no other is named; intervals are 95 %, by employer"


def _entries(claims: Sequence[Row], site_url: str) -> list[str]:
    return [line for claim in claims for line in (*_entry(claim, site_url), "")]


def _entry(claim: Row, site_url: str) -> Iterable[str]:
    name = claim["claim_id"]
    where = f"[`{name}`]({site_url}/claims/{name}.html)" if site_url else f"`{name}`"
    yield f"### {_plain(claim['statement'])}"
    yield ""
    yield f"- Claim: {where}, said by {_plain('; '.join(claim['said_by']))}"
    verdict = VERDICT_WORDS[claim["verdict"]]
    if claim["verdict"] == NOT_TESTABLE:
        yield f"- **{verdict}**: {_plain(claim['reason_not_testable'])}"
    else:
        new = f" ({_plain(claim['changed'])})" if claim["changed"] else ""
        # tonight's sentence opens with tonight's verdict, which may not be the one that stands
        differs = claim["verdict"] != claim["tonight"]
        head, _, rest = claim["sentence"].partition(": ")
        if not differs and rest and head.startswith(verdict):
            verdict, told = _plain(head), _plain(rest)  # Contradicted (no material lead)
        else:
            told = f"the newest run: {_plain(claim['sentence'])}"
        yield f"- **{verdict}**{new} since {claim['since']}: {told}"
        if differs:
            yield f"- Standing: {_plain(claim['standing_sentence'])}"
        yield from _numbers(claim)
    yield f"- Rule: `{claim['rule_hash'][:HASH_LENGTH]}`, registered on {claim['registered_on']}"


def _numbers(claim: Row) -> Iterable[str]:
    if told := estimate(claim):
        decides = ", in the part that decides" if claim["decided_by"] else ""
        yield f"- Estimate: {told}; {_plain(claim['measure'] or 'as stated')}{decides}"
    if claim["window_note"]:
        yield f"- Window: {_plain(claim['window_note'])}"
    if rests := behind(claim):
        yield f"- {'Rests on' if claim['n_sources'] else 'Found, but not enough'}: {rests}"
    if claim["robustness"]:
        yield f"- {_ROBUST[claim['robustness']]}"


def _how_to_cite(run: Mapping[str, Any], site_url: str) -> list[str]:
    where = f", {site_url}" if site_url else ""
    return [
        "## How to cite",
        "",
        "Name the claim, its verdict, the as-of date, the run and the rule's hash: a later run may "
        "find otherwise, and the hash tells whether the rule was the same. A verdict speaks of job "
        "postings in the sources that were heard, not of all jobs. For example:",
        "",
        f"> jobmarket, claim `tf-most-demanded`, as of {run.get('as_of', '…')}, run "
        f"`{run.get('run_id', '…')}`, rule `…`{where}",
        "",
    ]


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
