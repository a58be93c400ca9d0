"""What is told of the judged claims: read from a warehouse for the terminal, report and site.

Layer:   edge (disk). The words are those of `pipeline.claims`.
"""

from __future__ import annotations

import difflib
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from pipeline.claims import terminal
from pipeline.claims.claim_review import claim_reviews
from pipeline.claims.report import report
from pipeline.claims.summaries import Row, Tables, in_full, said_by, summaries
from pipeline.edge.query import connect_readonly
from pipeline.edge.statements import SQL, one_line
from pipeline.errors import InputError

REPORT = "report.md"
_RUN = """
    select verdicts.run_id, any_value(verdicts.as_of) as as_of, any_value(runs.version) as version,
        any_value(runs.extractor_version) as extractor_version
    from claim.verdicts left join ops.runs using (run_id)
    group by verdicts.run_id
    order by max(runs.started_at) desc nulls first, as_of desc, run_id desc
"""
_READ = {
    "claims": "select * from claim.claims order by all",
    "rules": "select * from claim.rules order by claim_id, registered_on, first_run_id, rule_hash",
    "verdicts": "select * from claim.verdicts where run_id = ? order by claim_id, part = 'all' "
    "desc, part, time_window, reading",
    "standing": "select * from claim.standing order by all",
    "estimates": "select * from claim.estimates order by all",
    "readings": "select * from claim.readings order by all",
    "sensitivity": "select * from claim.sensitivity order by all",
    "flips": "select * from claim.flips order by all",
}


def read_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Return the claim tables of the newest run; empty ones before the first."""
    runs = _rows(connection, _RUN)
    run = runs[0] if runs else {}
    found = {
        name: _rows(connection, sql, *([run.get("run_id")] if "?" in sql else []))
        for name, sql in _READ.items()
    }
    return Tables(found, run, has_earlier_runs=len(runs) > 1)


def listed(path: Path, *, verdict: str = "", article: str = "", topic: str = "") -> list[Row]:
    """Return a record of every published claim that fits; raises InputError for an unknown word."""
    claims = summaries(published(path))
    topics = list(dict.fromkeys(row["topic"] for row in claims))
    articles = sorted({name for row in claims for name in row["articles"]})
    topic, article = _known("--topic", topic, topics), _known("--article", article, articles)
    return [
        row
        for row in claims
        if verdict in ("", row["verdict"])
        and topic in ("", row["topic"])
        and (not article or article in row["articles"])
    ]


def told(path: Path, claim_id: str) -> Row:
    """Return everything about one claim; raises InputError that names the nearest ids."""
    tables = published(path)
    claim = in_full(tables, claim_id)
    if claim is None:
        known = [row["claim_id"] for row in tables.rows["claims"]]
        near = difflib.get_close_matches(claim_id.lower().replace("_", "-"), known, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise InputError(f"no claim {claim_id!r}; {hint}`jobmarket claims` lists them")
    file = SQL / "claims" / f"{claim_id.replace('-', '_')}.sql"
    where = f"sql/claims/{file.name}" if file.exists() else "claim.rules, column sql"
    return claim | {"sql_file": where if claim["sql"] else None}


def published(path: Path) -> Tables:
    """Return the claim tables of the published file."""
    with closing(connect_readonly(path)) as connection:
        try:
            return read_tables(connection)
        except duckdb.Error as error:
            raise InputError(
                f"{path}: expected the claim tables of this version, saw {one_line(error)}; "
                "`jobmarket run` publishes them"
            ) from None


def report_and_reviews(
    connection: duckdb.DuckDBPyConnection, site_url: str = ""
) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Return the report, and the ClaimReviews of every claim that has one."""
    tables = read_tables(connection)
    claims = summaries(tables)
    totals = _rows(connection, (SQL / "site" / "totals.sql").read_text(encoding="utf-8"))
    rules = {row["claim_id"]: row["rule"] for row in tables.rows["rules"] if row["is_current"]}
    reviews = {
        row["claim_id"]: claim_reviews(
            row["claim_id"],
            row["statement"],
            said_by(tomllib.loads(rules[row["claim_id"]])),
            row["verdict"],
            as_of=row["as_of"],
            site_url=site_url,
        )
        for row in claims
    }
    told_reviews = {name: found for name, found in reviews.items() if found}
    return report(claims, tables.run, totals[0], site_url), told_reviews


def list_text(claims: list[Row], width: int | None) -> str:
    """Return the list of claims as text; width: of the terminal, None where there is none."""
    return terminal.list_text(claims, width)


def claim_text(claim: Row, width: int) -> str:
    """Return one claim in full as text."""
    return terminal.claim_text(claim, width)


def _known(option: str, asked: str, known: list[str]) -> str:
    """Return the word as it is written here; raises InputError for one that is not."""
    found = {one.lower(): one for one in known}
    if not asked or asked.lower() in found:
        return found.get(asked.lower(), "")
    raise InputError(f"{option} {asked!r}: expected one of {', '.join(known) or 'no word yet'}")


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[Row]:
    cursor = connection.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
