"""The sums of every claim, as registered and under each variant, and the judgement on them.

Layer:   edge. A variant puts another table in the place of one of core (sql/variants/*.sql); the
         claims' own SQL runs on it unchanged, in a catalog of its own where that table comes first.
Quirk:   sums have a row for nearly every posting, some thirty times over: they go from the database
         to files, and are read again claim by claim.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipeline.claims.judge import Judgement, judge
from pipeline.claims.registry import Claim
from pipeline.edge import statements
from pipeline.edge.disk_space import is_full
from pipeline.edge.publish import spills_of
from pipeline.edge.statements import one_line
from pipeline.errors import InputError, PipelineError

JUDGED = "core.judged_postings"  # the one table that claims about postings read
_HEADLINE = "part = 'all' and reading = 'primary' and time_window = 'last_24_months'"

_TEXTS = ["part", "source", "source_family", "frame", "observes", "date_kind", "employer_id"]


def judge_all(
    connection: duckdb.DuckDBPyConnection, claims: Sequence[Claim], *, run_id: str, today: date
) -> Judgement:
    """Judge every claim on core of the file that is open, with the verdicts of earlier runs.

    Raises PipelineError or InputError that names the claim whose SQL does not run.
    """
    as_of = end_of_windows(connection, today)
    asked = [claim for claim in claims if claim.testable and claim.sql]
    with beside(connection) as folder:
        sums = {claim.claim_id: write_sums(connection, claim, folder) for claim in asked}
        others = write_variants(connection, asked, folder)
        return judge(
            claims,
            Files(sums),
            as_of=as_of,
            run_id=run_id,
            variants={claim_id: Files(some) for claim_id, some in others.items()},
            history=_rows(
                connection,
                "select verdicts.* from claim.verdicts inner join ops.runs using (run_id) "
                f"where runs.status = 'published' and run_id <> ? and {_HEADLINE} "
                "order by runs.started_at, run_id",
                run_id,
            ),
            rules=_rows(connection, "select * from claim.rules order by all"),
            extractors=dict(
                connection.execute("select run_id, extractor_version from ops.runs").fetchall()
            ),
        )


def end_of_windows(connection: duckdb.DuckDBPyConnection, today: date) -> date:
    """Return the newest real posting date that does not lie after the run's day."""
    newest = connection.execute(
        "select max(posted_on) from core.postings where date_kind = 'real' and posted_on <= ?",
        [today],
    ).fetchone()
    return newest[0] if newest and newest[0] else today


def carry_verdicts(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Give a run the verdicts of the run before it, which it would find again; False without any.

    The other claim tables came with the published file and stand; nothing differs from before.
    """
    last = connection.execute(
        "select arg_max(run_id, started_at) from ops.runs where run_id <> ? "
        "and run_id in (select run_id from claim.verdicts)",
        [run_id],
    ).fetchone()
    if not last or not last[0]:
        return False
    with statements.transaction(connection):
        connection.execute("delete from claim.verdicts where run_id = ?", [run_id])
        connection.execute(
            "insert into claim.verdicts select * replace (? as run_id) from claim.verdicts "
            "where run_id = ?",
            [run_id, last[0]],
        )
        connection.execute(
            "update claim.standing set reason = null, estimate_before = estimate "
            "from claim.verdicts as verdicts where verdicts.claim_id = standing.claim_id "
            f"and run_id = ? and {_HEADLINE}",
            [run_id],
        )
    return True


class Files(Mapping[str, dict[str, Any]]):
    """Sums by name, each read from its file whenever it is asked for."""

    def __init__(self, files: Mapping[str, Path]):
        self._files = files

    def __getitem__(self, name: str) -> dict[str, Any]:
        """Return the columns: texts as pandas' categoricals, all else as numpy arrays."""
        table = pq.read_table(self._files[name], read_dictionary=_TEXTS).to_pandas(
            date_as_object=False
        )
        return {str(column): table[column].array for column in table}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@contextmanager
def beside(connection: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """Yield a folder on the disk of the file that is open; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sums-", dir=spills_of(connection)) as folder:
        yield Path(folder)


def write_sums(
    connection: duckdb.DuckDBPyConnection, claim: Claim, folder: Path, variant: str = "as_written"
) -> Path:
    """Run one claim's SQL into a file; returns its path."""
    path = folder / f"{claim.claim_id}.{variant}.parquet"
    where = str(path).replace("'", "''")
    try:
        connection.execute(f"copy ({claim.sql.rstrip().rstrip(';')}) to '{where}' (format parquet)")
    except duckdb.Error as error:
        if is_full(error):
            raise
        name = claim.claim_id.replace("-", "_")
        raise InputError(
            f"{name}.sql: expected the sums of {claim.claim_id}, saw {one_line(error)}; correct it"
        ) from error
    return path


def write_variants(
    connection: duckdb.DuckDBPyConnection, claims: Sequence[Claim], folder: Path
) -> dict[str, dict[str, Path]]:
    """Return by claim and variant the files of the sums of every claim that asks for it."""
    found: dict[str, dict[str, Path]] = {claim.claim_id: {} for claim in claims}
    for variant in statements.read_folder("variants"):
        asking = [claim for claim in claims if variant.name in claim.variants]
        if asking:
            with _replaced(connection, variant):
                for claim in asking:
                    path = write_sums(connection, claim, folder, variant.name)
                    found[claim.claim_id][variant.name] = path
    return found


def write_examples(connection: duckdb.DuckDBPyConnection, claims: Sequence[Claim]) -> None:
    """Write claim.examples: ten postings of the last 24 months behind each claim.

    The claim's own SQL finds them: it runs on a copy of its table in which the source of a posting
    says which posting it is, so that every row of its sums is one posting.
    """
    with _attached(connection, "drill") as home:
        connection.execute(f"""
            create table drill.{JUDGED} as
            select * replace (posting_id as source) from {JUDGED}
            where date_kind = 'real' and period > (
                select max(period) - interval 24 month from {JUDGED} where date_kind = 'real'
            )
        """)
        connection.execute(f'create view drill.core.indicators as from "{home}".core.indicators')
        connection.execute(
            "create table drill.found (claim_id varchar, part varchar, "
            "posting_id varchar, counts double)"
        )
        connection.execute("use drill")
        for claim in claims:
            if claim.testable and claim.evidence == "postings":
                connection.execute(
                    "insert into found select $1, part, source, sum(numerator) "
                    f"from ({claim.sql.rstrip().rstrip(';')}) where observes <> 'series' "
                    "group by all",
                    [claim.claim_id],
                )
        connection.execute(f'use "{home}"')
        connection.execute("delete from claim.examples")
        connection.execute(EXAMPLES)


# one voice an employer: ten ads of one company are no picture of a market
EXAMPLES = """
    insert into claim.examples by name
    with of_employer as (
        select
            found.claim_id, found.part, postings.posting_id, found.counts,
            postings.posted_on, postings.url is null as is_unlinked
        from drill.found inner join core.postings as postings using (posting_id)
        where postings.title is not null
        qualify row_number() over (
            partition by found.claim_id, coalesce(postings.employer_id, postings.posting_id)
            order by postings.url is null, postings.posted_on desc, postings.posting_id, found.part
        ) = 1
    )
    select claim_id, part, posting_id, counts from of_employer
    qualify row_number() over (
        partition by claim_id order by is_unlinked, posted_on desc, posting_id
    ) <= 10
    order by all
"""


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """Attach a catalog of its own with a schema core; yields the name of the file's own catalog.

    Whoever says `use <name>` reads its core first; in the end the file's own is used again.
    """
    home = _one(connection, "select current_database()")
    folder = spills_of(connection)
    file = folder / f"{name}.duckdb" if folder else None  # compressed, as memory is not
    connection.execute(f"attach {statements.quoted(file or ':memory:')} as {name}")
    try:
        connection.execute(f"create schema {name}.core")
        yield home
    finally:
        connection.execute(f'use "{home}"')
        connection.execute(f"detach {name}")
        if file:
            file.unlink(missing_ok=True)


@contextmanager
def _replaced(
    connection: duckdb.DuckDBPyConnection, variant: statements.Statement
) -> Iterator[None]:
    """Let core.judged_postings be what it would be with another table in the place of one."""
    replaced = _replaces(variant)
    judged = next(one for one in statements.read_folder("tables") if one.relation == JUDGED)
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'core'"
    ).fetchall()
    with _attached(connection, "variant") as home:
        try:
            for (relation,) in tables:
                if relation not in (JUDGED, replaced):
                    connection.execute(
                        f'create view variant.{relation} as select * from "{home}".{relation}'
                    )
            # made while core is still the file's own: a variant reads what it replaces
            connection.execute(f"create table variant.{replaced} as {variant.select}")
            connection.execute("use variant")
            statements.create_table(connection, JUDGED, judged.select)
        except duckdb.Error as error:
            raise PipelineError(
                f"{variant.relation}: expected its select to run, saw {one_line(error)}; "
                f"see sql/variants/{variant.name}.sql"
            ) from error
        yield


def _replaces(variant: statements.Statement) -> str:
    for line in variant.comment.splitlines():
        if line.startswith("replaces:"):
            return line.partition(":")[2].strip()
    raise PipelineError(
        f"sql/variants/{variant.name}.sql: expected a line '-- replaces: core.<table>', saw none"
    )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    row = connection.execute(sql).fetchone()
    return str(row[0]) if row else ""


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, *values: object
) -> list[Mapping[str, object]]:
    cursor = connection.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
