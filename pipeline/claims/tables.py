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
        "evidence": ("varchar", "postings, outside series, or arithmetic"),
        "clusters": (
            "varchar",
            "What speaks with one voice: employer, or what stands for it",
        ),
        "variants": ("varchar", "What is done otherwise to see whether it stands, by blanks"),
        "beside": ("varchar", "Claims to be read beside it, separated by blanks"),
        "rivals": ("varchar", "Claims of other articles that say the contrary, by blanks"),
    },
    "rules": {
        "claim_id": _KEYS["claim_id"],
        "rule_hash": ("varchar", "SHA-256 of the rule's TOML and SQL"),
        "registered_on": ("date", "Day this version of the rule was fixed"),
        "statement": ("varchar", "What was claimed, in our words"),
        "rule": ("varchar", "The rule's TOML, as it was registered"),
        "sql": ("varchar", "The query of its sums, as it was registered"),
        "first_run_id": ("varchar", "The first run that judged by it"),
        "is_current": ("boolean", "Whether claims are judged by it now"),
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
        "p_value": (
            "double",
            "Twice the one-sided p of the side the estimate lies on; of an equivalence, of both",
        ),
        "q_value": ("double", "Benjamini-Hochberg over all tested parts of one window"),
        "n_postings": ("bigint", "Canonical postings behind it (if none is heard: found)"),
        "n_employers": ("bigint", "Distinct employers behind it"),
        "n_sources": ("bigint", "Sources that are heard"),
        "is_robust": (
            "boolean",
            "False if a variant with enough data turns the verdict round; null in years",
        ),
        "minimum_detectable": (
            "double",
            "If inconclusive: distance from the bar that these data show with 80 % power",
        ),
        "robustness": ("varchar", "robust, weakened (significance lost in a variant) or flips"),
        "finding": (
            "varchar",
            "Of a contradicted claim: the reverse, or no material lead or change",
        ),
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
        "rule_hash": ("varchar", "The version of the rule it was judged by"),
        "sums_hash": ("varchar", "Hash of the sums it was judged on; new data, another hash"),
        "n_clusters": ("bigint", "Voices that were counted: employers, or what stands for them"),
    },
    "standing": {
        "claim_id": _KEYS["claim_id"],
        "verdict": ("varchar", "The headline verdict that stands"),
        "since_run_id": ("varchar", "The run that published it"),
        "since": ("date", "End of the window in which it was published"),
        "before": ("varchar", "The verdict that stood before it under the same rule; null if none"),
        "tonight": ("varchar", "What the newest run found"),
        "n_agreeing": (
            "bigint",
            "Consecutive runs with new data that found tonight's, where it differs",
        ),
        "n_needed": ("bigint", "Runs that must agree before it is published as changed"),
        "reason": (
            "varchar",
            "Why tonight's numbers differ from the run before: new data, a new extractor, "
            "a new rule, a new method; null where they do not",
        ),
        "estimate_before": ("double", "The headline estimate of the run before"),
        "sentence": ("varchar", "What stands, since when, and what would change it"),
    },
    "examples": {
        "claim_id": _KEYS["claim_id"],
        "part": _KEYS["part"],
        "posting_id": ("varchar", "A posting of the last 24 months that the claim's query counts"),
        "counts": ("double", "What it adds to the numerator of the claim's sums"),
    },
    "flips": {
        "claim_id": _KEYS["claim_id"],
        "part": _KEYS["part"],
        "source_family": ("varchar", "The sources within which the lead changed sides"),
        "last_before": ("varchar", "The last year whose interval lay wholly on the first side"),
        "first_after": ("varchar", "The first year whose interval lies wholly on the other"),
        "crossed_on": ("date", "Where the line through the yearly leads crosses zero"),
        "ci_low": ("date", "Start of the 95 % interval of that day, employers drawn anew"),
        "ci_high": ("date", "End of that interval"),
        "crossing_pct": ("double", "Draws in which the lead crosses at all, percent"),
        "above_before": ("boolean", "Whether the lead was positive before"),
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
    "readings": {
        **_KEYS,
        "reading": ("varchar", "The reading, which is shown and decides nothing"),
        "source_family": ("varchar", "Sources of one board and collector, or a country or venue"),
        **_NUMBERS,
        "n_postings": ("bigint", "Canonical postings behind it; null for outside series"),
        "n_employers": ("bigint", "Distinct employers behind it; null for outside series"),
        "pooled": ("varchar", "yes, or why it did not enter"),
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
