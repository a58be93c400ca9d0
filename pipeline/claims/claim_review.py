"""Verdicts as schema.org ClaimReview: one for each published article that makes the claim.

Layer:   claims (pure).
Source:  https://schema.org/ClaimReview and Google's guide to fact-check markup, read 2026-11: a
         review needs claimReviewed, reviewRating and url; the nearer a rating is to bestRating, the
         truer the claim.

Only an article whose publisher and address are known is reviewed: nobody is named on a guess. One
that merely leans towards a claim is not said to have made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.claims.sayings import Saying
from pipeline.claims.sentences import VERDICT_WORDS

# What is not judged is not rated.
RATINGS = {"contradicted": 1, "inconclusive": 2, "supported": 3}
NAME = "jobmarket"


def claim_reviews(
    claim_id: str,
    statement: str,
    said_by: Iterable[Saying],
    verdict: str,
    *,
    as_of: date | str,
    site_url: str = "",
) -> list[dict[str, Any]]:
    """Return a ClaimReview an article, in the order in which the articles are named.

    site_url: where the site stands; without it addresses are relative to any folder of the site
    """
    if verdict not in RATINGS:
        return []
    author = {"@type": "Organization", "name": NAME} | ({"url": site_url} if site_url else {})
    return [
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "url": f"{site_url or '..'}/claims/{claim_id}.html",
            "claimReviewed": statement,
            "itemReviewed": {
                "@type": "Claim",
                "author": {"@type": "Organization", "name": saying.publisher},
                "appearance": {
                    "@type": "CreativeWork",
                    "url": saying.url,
                    "headline": saying.title,
                },
            },
            "author": author,
            "datePublished": str(as_of),
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": RATINGS[verdict],
                "bestRating": max(RATINGS.values()),
                "worstRating": min(RATINGS.values()),
                "alternateName": VERDICT_WORDS[verdict],
            },
        }
        for saying in said_by
        if saying.publisher and saying.url and not saying.in_part
    ]
