"""The README's paragraph of findings: three claims with their intervals and dates, as published.

Layer:   edge (disk). `python -m pipeline.edge.findings [DATA]` writes it from the published
         warehouse of the embedded corpus; a test holds the README to it.
"""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from dashboards import words
from pipeline.claims.registry import WHOLE
from pipeline.claims.sentences import VERDICT_WORDS
from pipeline.claims.summaries import in_full, summaries
from pipeline.claims.verdict import INSUFFICIENT, NOT_TESTABLE
from pipeline.edge.claims_report import published
from pipeline.edge.query import connect_readonly
from pipeline.edge.statements import SQL

README = Path(__file__).resolve().parents[2] / "README.md"
START, END = "<!-- findings: start -->\n", "<!-- findings: end -->\n"
# one that holds, one that does not, and the one that everybody asks about
SHOWN = ("pt-rising", "ai-listings-61", "tf-most-demanded")
_TOTALS = (SQL / "site" / "totals.sql").read_text(encoding="utf-8")


def findings(warehouse: Path) -> str:
    """Return the paragraphs as Markdown, each line at most 110 characters long."""
    tables = published(warehouse)
    with closing(connect_readonly(warehouse)) as connection:
        totals = connection.execute(_TOTALS).df().iloc[0].to_dict()
    claims = summaries(tables)
    counts = Counter(claim["verdict"] for claim in claims)
    judged = len(claims) - counts[NOT_TESTABLE]
    said = [
        f"{counts[verdict]} {VERDICT_WORDS[verdict].lower()}"
        for verdict in ("supported", "contradicted", "inconclusive")
    ]
    day = words.day_name(tables.run["as_of"])
    opening = (
        f"{len(claims)} claims of five articles are registered, {judged} of them testable. On the "
        f"embedded corpus ({words.count(totals['n_stored'])} postings, "
        f"{words.count(totals['n_postings'])} real jobs once copies, reposts and city copies are "
        f"counted once, of {words.count(totals['n_employers'])} employers; newest posting {day}): "
        f"{', '.join(said)}, {counts[INSUFFICIENT]} without enough data:"
    )
    lines = [*_wrapped(opening), ""]
    for claim_id in SHOWN:
        claim = in_full(tables, claim_id)
        if claim:
            lines += [*_wrapped(_finding(claim), "- ")]
    return "\n".join(lines) + "\n"


def _finding(claim: Mapping[str, Any]) -> str:
    families = {row["source_family"] for row in claim["families"]}
    told = words.named(words.without_verdict(claim["sentence"]), families)
    told = told.partition(" With data of this size")[0]  # the claim's own page says that too
    window = claim["window_note"] or "The last 24 months"
    crossings = [flip for flip in claim["flips"] if flip["part"] == WHOLE]
    turned = "".join(f" {_turn(flip)}" for flip in crossings)
    return (
        f"**{claim['statement']}** *{VERDICT_WORDS[claim['verdict']]}.* {told} "
        f"{window[:1].upper()}{window[1:]}, as of {words.day_name(claim['as_of'])}.{turned}"
    )


def _turn(flip: Mapping[str, Any]) -> str:
    low, high = (words.month_name(flip[name]) for name in ("ci_low", "ci_high"))
    family = words.name_of(flip["source_family"])
    return f"On {family} it turned in {words.month_name(flip['crossed_on'])} ({low} to {high})."


def _wrapped(text: str, bullet: str = "") -> Iterator[str]:
    return iter(
        textwrap.wrap(
            text,
            110,
            initial_indent=bullet,
            subsequent_indent=" " * len(bullet),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def placed(readme: str, told: str) -> str:
    """Return the README with the paragraphs between its two marks."""
    before, _, rest = readme.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{told}{END}{after}"


if __name__ == "__main__":
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "data")
    text = placed(README.read_text(encoding="utf-8"), findings(data / "jobmarket.duckdb"))
    README.write_text(text, encoding="utf-8")
