"""What is told of a claim: the rows of the claim tables put together, one record a claim.

Layer:   claims (pure). A record speaks of the verdict that stands; `tonight` is what the newest run
         found, and the numbers are those of the newest run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.claims.registry import HEADLINE, PRIMARY, WHOLE
from pipeline.claims.sayings import Saying, sayings

Row = dict[str, Any]
# The order of the site; a topic of the user's own comes after them.
TOPICS = (
    "market", "employers", "regions", "roles", "domains", "skills", "research", "figures",
)  # fmt: skip
_UNITS = {
    "share": "%",
    "median": "%",
    "value": "%",
    "trend": "points a year",
    "adjusted": "log points",
}


@dataclass(frozen=True)
class Tables:
    """Rows of the claim tables by name, of verdicts those of one run.

    run: run_id, as_of, version and extractor_version of that run, or nothing before the first
    """

    rows: Mapping[str, Sequence[Row]]
    run: Mapping[str, Any]
    has_earlier_runs: bool = False

    def of(self, table: str, claim_id: str) -> list[Row]:
        """Return the rows of one claim, in their order."""
        return [row for row in self.rows[table] if row["claim_id"] == claim_id]


def summaries(tables: Tables) -> list[Row]:
    """Return one record a claim, by topic and id."""
    rules = {row["claim_id"]: row for row in tables.rows["rules"] if row["is_current"]}
    standing = {row["claim_id"]: row for row in tables.rows["standing"]}
    headlines = {row["claim_id"]: row for row in tables.rows["verdicts"] if _is_headline(row)}
    found = [
        _summary(
            claim,
            tomllib.loads(rules[name]["rule"]),
            headlines[name],
            standing[name],
            tables.has_earlier_runs,
        )
        for claim in tables.rows["claims"]
        if (name := claim["claim_id"]) in headlines
    ]
    return sorted(found, key=lambda row: (_topic_order(row["topic"]), row["claim_id"]))


def in_full(tables: Tables, claim_id: str) -> Row | None:
    """Return everything about one claim; None if there is no such claim."""
    known = {row["claim_id"]: row for row in summaries(tables)}
    if claim_id not in known:
        return None
    (claim,) = tables.of("claims", claim_id)
    verdicts = tables.of("verdicts", claim_id)
    primary = [row for row in verdicts if row["reading"] == PRIMARY]
    estimates = tables.of("estimates", claim_id)
    (rule,) = (row for row in tables.of("rules", claim_id) if row["is_current"])
    headline = next(row for row in verdicts if _is_headline(row))
    parts = _parts(tomllib.loads(rule["rule"]))
    of_parts = {row["part"]: row for row in primary if row["time_window"] == HEADLINE}
    return {
        **headline,
        **claim,
        **known[claim_id],
        "standing": next(iter(tables.of("standing", claim_id)), None),
        "parts": [
            of_parts[name] | _measure_of(part) for name, part in parts.items() if name in of_parts
        ],
        "families": [row for row in estimates if row["time_window"] == HEADLINE],
        "years": [row for row in primary if row["time_window"].isdigit()],
        "years_by_family": [row for row in estimates if row["time_window"].isdigit()],
        "all_time": [row for row in primary if row["time_window"] == "all_time"],
        "flips": tables.of("flips", claim_id),
        "sensitivity": tables.of("sensitivity", claim_id),
        "readings": [row for row in verdicts if row["reading"] != PRIMARY],
        "readings_by_family": tables.of("readings", claim_id),
        "versions": [
            {name: row[name] for name in row if name not in ("rule", "sql", "claim_id")}
            for row in tables.of("rules", claim_id)
        ],
        "rule": rule["rule"],
        "sql": rule["sql"],
        "beside": _others(claim["beside"], known),
        "rivals": _others(claim["rivals"], known),
    }


def said_by(rule: Mapping[str, Any]) -> tuple[Saying, ...]:
    """Return who says the claim of a rule, read from its TOML."""
    return sayings(rule.get("said_by", ()), rule.get("said_in_part", ()))


def _is_headline(row: Row) -> bool:
    return (row["part"], row["time_window"], row["reading"]) == (WHOLE, HEADLINE, PRIMARY)


def _summary(
    claim: Row, rule: Mapping[str, Any], headline: Row, standing: Row, has_earlier_runs: bool
) -> Row:
    who = said_by(rule)
    part = _parts(rule).get(headline["decided_by"] or WHOLE, {})
    return {
        "topic": claim["topic"],
        "claim_id": claim["claim_id"],
        "statement": claim["statement"],
        "said_by": [str(saying) for saying in who],
        "articles": [saying.article for saying in who],
        "verdict": standing["verdict"],
        "since": standing["since"],
        "tonight": standing["tonight"],
        "changed": _changed(standing, headline["run_id"], has_earlier_runs),
        "estimate": headline["estimate"],
        "ci_low": headline["ci_low"],
        "ci_high": headline["ci_high"],
        **_measure_of(part),
        "n_postings": headline["n_postings"],
        "n_employers": headline["n_employers"],
        "n_sources": headline["n_sources"],
        "robustness": headline["robustness"],
        "is_robust": headline["is_robust"],
        "sentence": headline["sentence"],
        "standing_sentence": standing["sentence"],
        "decided_by": headline["decided_by"],
        "part": headline["part"],
        "time_window": headline["time_window"],
        "window_note": headline["window_note"],
        "registered_on": claim["registered_on"],
        "rule_hash": claim["rule_hash"],
        "reason_not_testable": claim["reason_not_testable"],
        "as_of": headline["as_of"],
        "run_id": headline["run_id"],
    }


def _changed(standing: Row, run_id: str, has_earlier_runs: bool) -> str | None:
    """Return what is new with the newest run; None where nothing is."""
    if standing["verdict"] != standing["tonight"]:
        agreeing = f"{standing['n_agreeing']} of {standing['n_needed']}"
        return f"tonight {in_words(standing['tonight'])} ({agreeing})"
    if standing["since_run_id"] != run_id:
        return None
    if standing["before"]:
        return f"was {in_words(standing['before'])}"
    if standing["reason"] == "a new rule":
        return "new rule"
    return "new claim" if has_earlier_runs else None


def in_words(verdict: str | None) -> str:
    """Return a verdict as it is written in a sentence."""
    return (verdict or "none").replace("_", " ")


def _parts(rule: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the parts a verdict rests on, by name."""
    parts = [part for part in rule.get("parts", ()) if part.get("reading", PRIMARY) == PRIMARY]
    return {part["name"]: part for part in parts}


def _measure_of(part: Mapping[str, Any]) -> Row:
    unit = _UNITS.get(part["estimator"], "points") if part else None
    if part.get("centre_pct"):  # a band around a share, not around an even lead
        unit = "%"
    return {"title": part.get("title"), "measure": part.get("measure"), "unit": unit}


def _topic_order(topic: str) -> tuple[int, str]:
    return TOPICS.index(topic) if topic in TOPICS else len(TOPICS), topic


def _others(names: str | None, known: Mapping[str, Row]) -> list[Row]:
    """Return the other claims a rule names; one that is not registered goes by its id alone."""
    return [
        {key: known.get(name, {}).get(key) for key in ("statement", "verdict")} | {"claim_id": name}
        for name in (names or "").split()
    ]
