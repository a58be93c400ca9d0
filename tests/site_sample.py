"""A small invented market for tests of the site: frames as the queries of sql/site give them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards.site_data import SiteData

FAMILIES = ("hn_hiring", "linkedin", "indeed", "zhilian")
LEAD_RULE = {
    "id": "tf-most-demanded",
    "topic": "market",
    "why": "The lead is taken within postings.",
    "margin_points": 3,
    "smallest": {"postings": 30, "employers": 15},
    "parts": [
        {
            "name": "all",
            "estimator": "lead",
            "direction": "above",
            "title": "All postings that name a framework",
            "measure": "Lead of TensorFlow over PyTorch, points",
        }
    ],
}
PARTS_RULE = {
    "id": "keras-secondary",
    "topic": "market",
    "margin_points": 3,
    "parts": [
        {
            "name": "alone",
            "estimator": "share",
            "direction": "below",
            "threshold_pct": 50,
            "title": "Keras by itself",
            "measure": "Postings that name Keras and nothing else",
        },
        {
            "name": "rising",
            "estimator": "trend",
            "direction": "above",
            "title": "Keras over the years",
            "measure": "Change of Keras's share, points a year",
        },
    ],
}


def claim(claim_id: str = "tf-most-demanded", **given: Any) -> dict[str, Any]:
    """Return a row of claim.claims."""
    return {
        "claim_id": claim_id,
        "statement": "TensorFlow is the framework employers ask for most.",
        "said_by": "“Which One?”, Some Publisher; Article A (a long guide), in part",
        "rule_hash": "abcdef0123456789",
        "registered_on": pd.Timestamp("2026-11-21"),
        "testable": True,
        "reason_not_testable": None,
    } | given


def verdict(claim_id: str = "tf-most-demanded", part: str = "all", **given: Any) -> dict[str, Any]:
    """Return a row of claim.verdicts."""
    return {
        "claim_id": claim_id,
        "part": part,
        "time_window": "last_24_months",
        "reading": "primary",
        "run_id": "run-1",
        "as_of": pd.Timestamp("2026-10-28"),
        "verdict": "contradicted",
        "estimate": -12.34,
        "ci_low": -20.0,
        "ci_high": -4.7,
        "p_value": 0.001,
        "q_value": 0.0002,
        "n_postings": 1885,
        "n_employers": 859,
        "n_sources": 3,
        "n_families": 3,
        "is_robust": True,
        "minimum_detectable": None,
        "finding": "the reverse",
        "bar": 3.0,
        "provisional": True,
        "sentence": "Contradicted (the reverse): PyTorch is named more often, by -12.3 points.",
    } | given


def estimate(family: str, window: str = "last_24_months", **given: Any) -> dict[str, Any]:
    """Return a row of claim.estimates."""
    place = FAMILIES.index(family) if family in FAMILIES else 0
    return {
        "claim_id": "tf-most-demanded",
        "part": "all",
        "time_window": window,
        "source_family": family,
        "estimate": -10.0 - place,
        "ci_low": -15.0 - place,
        "ci_high": -5.0 - place,
        "n_postings": 400 + place,
        "n_employers": 200 + place,
        "pooled": "yes",
    } | given


def demand(first: int = 2015, last: int = 2026) -> pd.DataFrame:
    """Return counts by year, quarter and month for two families, one without employers."""
    rows = []
    for family, employers in (("hn_hiring", 40), ("zhilian", 0)):
        for year in range(first, last + 1):
            periods = [("year", f"{year}")]
            periods += [("quarter", f"{year}-Q{q}") for q in range(1, 5)]
            periods += [("month", f"{year}-{m:02}") for m in range(1, 13)]
            for granularity, period in periods:
                for place, framework in enumerate(("pytorch", "tensorflow", "keras", "jax")):
                    rows.append(
                        {
                            "source_family": family,
                            "granularity": granularity,
                            "framework": framework,
                            "n_naming": 37 - 7 * place,
                            "n_dl_postings": 53,
                            "period": period,
                            "n_employers": min(employers, 20),
                            "n_dl_employers": employers,
                        }
                    )
    return pd.DataFrame(rows)


def site_data(**given: Any) -> SiteData:
    """Return the data of a whole small site; `given` replaces fields."""
    claims = [
        claim(),
        claim("keras-secondary", statement="Keras comes second.", said_by="Article C (a guide)"),
        claim(
            "nt-speed",
            statement="One framework runs faster.",
            testable=False,
            reason_not_testable="A benchmark question, not one of hiring.",
        ),
    ]
    verdicts = [
        verdict(),
        verdict(time_window="2025", estimate=None, finding=None),
        verdict(time_window="all_time", verdict=None, q_value=None, finding=None),
        *(
            verdict(
                "keras-secondary",
                part,
                verdict="insufficient_data",
                estimate=None,
                ci_low=None,
                ci_high=None,
                finding=None,
                n_employers=3,
                sentence="Not enough data: no source with enough data.",
            )
            for part in ("all", "alone", "rising")
        ),
        verdict("nt-speed", verdict="not_testable", estimate=None, n_postings=None, sentence=None),
    ]
    estimates = [
        *(estimate(family) for family in FAMILIES[:3]),
        estimate("zhilian", pooled="no employer names", ci_low=None, ci_high=None, n_employers=3),
        *(estimate("hn_hiring", str(year)) for year in range(2018, 2027) if year != 2021),
        estimate("linkedin", "2024"),
    ]
    fields: dict[str, Any] = {
        "claims": pd.DataFrame(claims),
        "verdicts": pd.DataFrame(verdicts),
        "estimates": pd.DataFrame(estimates),
        "sensitivity": pd.DataFrame(
            [
                {
                    "claim_id": "tf-most-demanded",
                    "part": "all",
                    "time_window": window,
                    "variant": "employer_weighted",
                    "verdict": "contradicted",
                    "estimate": -11.0,
                    "ci_low": -19.0,
                    "ci_high": -3.0,
                }
                for window in ("last_24_months", "2025")
            ]
        ),
        "demand": demand(),
        "totals": pd.DataFrame(
            [
                {
                    "n_postings": 7010,
                    "n_stored": 8000,
                    "n_employers": 1581,
                    "n_sources": 9,
                    "n_families": 4,
                    "n_dl_postings": 5445,
                    "first_year": 2015,
                    "last_year": 2026,
                }
            ]
        ),
        "sources": pd.DataFrame(
            [
                {
                    "source": "hn_hiring",
                    "frame": "all_jobs",
                    "observes": "full_text",
                    "licence": "their authors' text",
                    "status": "complete",
                    "n_read": 120,
                    "n_kept": 110,
                    "n_rejected": 7,
                    "n_superseded": 3,
                    "message": "",
                    "last_success_on": pd.Timestamp("2026-10-28"),
                    "newest_posted_on": pd.Timestamp("2026-10-18"),
                    "n_postings": 110,
                    "n_employers": 60,
                },
                {"source": "lever", "status": "failed", "message": "saw an error page"},
            ]
        ),
        "checks": pd.DataFrame(
            [{"name": "keys_unique", "n_offending": 0, "sentence": "A key stands once."}]
        ),
        "examples": pd.DataFrame(
            [
                {
                    "claim_id": "tf-most-demanded",
                    "posting_id": f"hn:{number}",
                    "title": f"Engineer <{number}> of learning machines",
                    "employer": "Blue Door & Sons",
                    "posted_on": pd.Timestamp("2026-10-01"),
                    "url": url,
                    "asks_for": "PyTorch (required), TensorFlow (preferred, one of several)",
                    "snippet": None if number % 2 else "… <b>daily</b> work with PyTorch …",
                }
                for number, url in enumerate(
                    [
                        "https://news.ycombinator.com/item?id=1",
                        "https://boards.greenhouse.io/bluedoor/jobs/2",
                        "https://jobs.example.org/3",
                        *[None] * 9,
                    ]
                )
            ]
        ),
        "claim_sql": {"tf-most-demanded": "select 1 as one\nwhere 1 < 2;\n"},
        "claim_rules": {"tf-most-demanded": LEAD_RULE, "keras-secondary": PARTS_RULE},
        "as_of": "2026-10-28",
        "run_id": "run-1",
        "version": "0.1.0",
    }
    return SiteData(**fields | given)
