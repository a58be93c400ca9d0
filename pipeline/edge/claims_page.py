"""docs/claims.md: every registered claim, who says it, what is measured and why.

Layer:   edge (disk). `python -m pipeline.edge.claims_page`, a part of `make docs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipeline.claims.registry import Claim, Part, read_claims
from pipeline.claims.sayings import articles
from pipeline.edge.claim_tables import claim_files

PAGE = Path(__file__).resolve().parents[2] / "docs" / "claims.md"
_HEAD = """\
# The claims and their rules

What five articles say about PyTorch, TensorFlow and Keras in the job market and in research, in our
words, and how each is tested. Written by `python -m pipeline.edge.claims_page` from `sql/claims/`;
do not edit it. How a verdict is reached: [methods.md](methods.md). Claims of your own:
[own_claims.md](own_claims.md).
"""


def claims_page() -> str:
    """Return the page's text."""
    claims = sorted(read_claims(claim_files()), key=lambda claim: (claim.topic, claim.claim_id))
    lines = [_HEAD, "| article | what it is |", "|---|---|"]
    lines += [f"| {letter} | {_article(letter)} |" for letter in sorted(articles())]
    for topic, of_topic in groupby(claims, key=lambda claim: claim.topic):
        lines += ["", f"## {topic.capitalize()}"]
        for claim in of_topic:
            lines += ["", *_claim(claim)]
    return "\n".join(lines) + "\n"


def _article(letter: str) -> str:
    known = articles()[letter]
    return f"“{known.title}”, {known.publisher}: {known.what}" if known.title else known.what


def _claim(claim: Claim) -> Iterator[str]:
    said = " ".join(
        f"({saying.article})" if saying.in_part else saying.article for saying in claim.said_by
    )
    yield f"**`{claim.claim_id}`** {claim.statement} *{said}*"
    yield ""
    if not claim.testable:
        yield f"Not testable here. {' '.join(claim.reason_not_testable.split())}"
        return
    yield " ".join(claim.why.split())
    yield ""
    for part in claim.parts:
        yield f"- {_part(claim, part)}"


def _part(claim: Claim, part: Part) -> str:
    title = part.title if part.is_primary else f"{part.title} (reading {part.reading})"
    if part.is_band:
        line = f"holds from {part.centre - part.margin:g} to {part.centre + part.margin:g}"
    else:
        line = f"holds {part.direction} {part.sign * part.bar:g}"
    sample = (
        f"from {claim.min_postings} postings of {claim.min_employers} {claim.clusters}s a source"
    )
    if claim.evidence != "postings" or claim.is_census:
        sample = claim.window_note or f"voices: {claim.clusters}"
    return (
        f"{title}: {part.measure[:1].lower()}{part.measure[1:]}; {part.estimator}, {line}; {sample}"
    )


if __name__ == "__main__":
    PAGE.write_text(claims_page(), encoding="utf-8")
