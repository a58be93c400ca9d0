"""The columns of the four claim tables, with their DuckDB types and comments.

Layer:   claims (pure). Whoever writes the tables creates them from here.
"""

from __future__ import annotations

_KEYS = {
    "claim_id": ("varchar", "Identifier of the claim, with hyphens"),
    "part": ("varchar", "Part of the claim; all for the whole"),
    "time_window": ("varchar", "last_24_months (the headline), a year, or all_time"),
}
_NUMBERS = {
    "estimate": (
        "double",
        "Percent or percentage points; of a trend: points per year, in a single year the share",
    ),
    "ci_low": ("double", "Lower 95 % bound, by employer; of two sources the lower one"),
    "ci_high": ("double", "Upper 95 % bound, by employer; of two sources the higher one"),
}

COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "claims": {
        "claim_id": _KEYS["claim_id"],
        "statement": ("varchar", "What is claimed, in our words"),
        "said_by": ("varchar", "Who says it, separated by semicolons"),
        "rule_hash": ("varchar", "SHA-256 of the rule's TOML and SQL"),
        "registered_on": ("date", "Day the rule was fixed; only later postings confirm it"),
        "testable": ("boolean", "Whether our data can speak to it"),
        "reason_not_testable": ("varchar", "Why they cannot; null where they can"),
        "topic": ("varchar", "Group of claims it is shown with"),
        "articles": ("varchar", "Letters of the articles, separated by blanks"),
        "why": ("varchar", "Why this test is the one for this claim"),
        "needs_frame": ("varchar", "How a source must have been sampled to be heard"),
        "needs_observes": ("varchar", "What a source must show to be heard, by blanks"),
    },
    "verdicts": {
        **_KEYS,
        "reading": ("varchar", "primary, or a named other reading"),
        "run_id": ("varchar", "The run that judged"),
        "as_of": ("date", "End of the window: the newest real posting date"),
        "verdict": (
            "varchar",
            "supported, contradicted, inconclusive, insufficient_data or not_testable; "
            "null for all_time",
        ),
        "estimate": (
            "double",
            "Percent or points (a trend: points per year); null for two sources, which are not "
            "pooled; of a whole in parts, that of the part that decides",
        ),
        "ci_low": _NUMBERS["ci_low"],
        "ci_high": _NUMBERS["ci_high"],
        "p_value": ("double", "One-sided p for the side of the bar the estimate lies on"),
        "q_value": ("double", "Benjamini-Hochberg over all tested parts of one window"),
        "n_postings": ("bigint", "Canonical postings behind it (if none is heard: found)"),
        "n_employers": ("bigint", "Distinct employers behind it"),
        "n_sources": ("bigint", "Sources that are heard"),
        "is_robust": ("boolean", "False if a variant with enough data turns the verdict round"),
        "minimum_detectable": (
            "double",
            "If inconclusive: distance from the bar that these data show with 80 % power",
        ),
        "robustness": ("varchar", "robust, weakened (significance lost in a variant) or flips"),
        "finding": ("varchar", "Of a contradicted comparison: the reverse, or no material lead"),
        "bar": ("double", "What decides: the margin or threshold, signed like the estimate"),
        "pooling": ("varchar", "How the source families were put together"),
        "n_families": ("bigint", "Source families that are heard"),
        "tau2": ("double", "Variance between families, in points squared"),
        "i_squared_pct": ("double", "Share of the spread that is between families, percent"),
        "prediction_low": ("double", "Lower 95 % bound of where one more family would lie"),
        "prediction_high": ("double", "Upper 95 % bound of where one more family would lie"),
        "n_confirmatory": ("bigint", "Of the postings, those of months after registered_on"),
        "decided_by": ("varchar", "Of a whole in parts: the part its numbers are those of"),
        "parts_without_data": ("varchar", "Parts without enough data, separated by blanks"),
        "window_note": ("varchar", "Where the window differs from what its name says"),
        "provisional": (
            "boolean",
            "True until a rule has been confirmed on postings newer than itself",
        ),
        "sentence": ("varchar", "The verdict and its numbers in plain words"),
    },
    "estimates": {
        **_KEYS,
        "source_family": ("varchar", "Sources of one board and collector"),
        **_NUMBERS,
        "n_postings": ("bigint", "Canonical postings behind it"),
        "n_employers": ("bigint", "Distinct employers behind it"),
        "pooled": ("varchar", "yes, or why it did not enter the pool"),
        "sources": ("varchar", "Sources of the family it rests on, separated by blanks"),
    },
    "sensitivity": {
        **_KEYS,
        "variant": ("varchar", "What was done otherwise"),
        "verdict": ("varchar", "The verdict under the variant, without correction for many"),
        **_NUMBERS,
        "n_families": ("bigint", "Source families that are heard"),
    },
}
