"""How fast the warehouse answers: standard questions in DuckDB, and the same in pandas.

Layer:   edge (clock, disk). Tables and columns are those of the warehouse, their rows invented.
         DuckDB reads its file; pandas holds its frames in memory, loading them is not counted.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.edge.bench_questions import QUESTIONS, Frames
from pipeline.edge.warehouse import opened
from pipeline.errors import InputError

_TIMES = 3  # the quickest counts
_MENTIONS_A_POSTING = 5
# `pick` gives a number that looks like chance and is the same in every run
_ROWS = """
create macro pick(row_number, salt, n) as (hash(row_number, salt) % n)::integer;
create schema core;
create table core.postings as
select
    'ad:' || format('{:08d}', i) as posting_id,
    'Employer ' || pick(i, 'employer', 4000) as employer,
    date '2016-01-04' + pick(i, 'day', 3500) as posted_on,
    case when pick(i, 'paid', 4) = 0 then 40000 + 500 * pick(i, 'pay', 240) end::double
        as salary_min_year,
    case when pick(i, 'paid', 4) = 0 then 55000 + 500 * pick(i, 'pay', 240) end::double
        as salary_max_year,
    case when pick(i, 'copy', 20) = 0 then 'ad:00000000' end as duplicate_of
from range($postings) as numbers(i);
create table core.posting_places as
select
    posting_id,
    ['US', 'US', 'US', 'GB', 'DE', 'IN', 'CA', 'FR', 'CN', 'NL', 'AU', 'SG'][
        1 + pick(posting_id, 'country', 12)
    ] as country
from core.postings;
create table core.posting_roles as
select distinct
    posting_id,
    ['data_scientist', 'ml_engineer', 'software_engineer', 'data_engineer', 'ml_researcher',
        'devops_engineer', 'manager', 'other'][1 + pick(posting_id, salt, 8)] as role
from core.postings
cross join (values ('first'), ('second')) as salts(salt);
create table core.mentions as
with

drawn as (
    select
        i,
        'ad:' || format('{:08d}', pick(i, 'posting', $postings)) as posting_id,
        -- of two draws the lower: the first names are asked for most, as in any market
        [
            'tensorflow', 'pytorch', 'scikit_learn', 'aws', 'keras', 'docker', 'azure', 'xgboost',
            'gcp', 'spark', 'jax', 'lightgbm', 'sagemaker', 'mxnet', 'caffe', 'theano'
        ][1 + least(pick(i, 'term', 16), pick(i, 'again', 16))] as term
    from range($mentions) as numbers(i)
),

kinds as (
    select
        *,
        if(
            term in ('aws', 'docker', 'azure', 'gcp', 'spark', 'sagemaker'), 'tool', 'framework'
        ) as kind
    from drawn
)

select
    posting_id,
    term,
    kind,
    if(kind = 'framework', term, null) as framework,
    i::integer as char_start,
    if(
        kind = 'framework',
        ['required', 'required', 'preferred', 'mentioned', 'negated'][1 + pick(i, 'asked', 5)],
        null
    ) as requirement,
    '… you have worked with ' || term || ' on project ' || i || ' and … ' as snippet
from kinds;
"""


def query(mentions: int) -> dict[str, Any]:
    """Return, by question, the seconds it takes in DuckDB and in pandas; ratio: pandas / DuckDB.

    is_same: whether both gave the same rows.
    """
    if mentions < 100:
        raise InputError(f"bench query: expected --mentions of 100 or more, saw {mentions}")
    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as folder:
        file = Path(folder) / "mentions.duckdb"
        _fill(file, mentions)
        with closing(duckdb.connect(file, read_only=True)) as connection:
            frames = Frames(
                *(connection.execute(f"from core.{name}").df() for name in Frames._fields)
            )
            questions = {
                name: _compare(connection, frames, *both) for name, both in QUESTIONS.items()
            }
    return {
        "n_mentions": len(frames.mentions),
        "n_postings": len(frames.postings),
        "questions": questions,
    }


def _fill(file: Path, mentions: int) -> None:
    numbers = {"mentions": mentions, "postings": max(1, mentions // _MENTIONS_A_POSTING)}
    statements = _ROWS
    for name, number in numbers.items():
        statements = statements.replace(f"${name}", str(number))
    with opened(file) as connection:
        connection.execute(statements)


def _compare(
    connection: duckdb.DuckDBPyConnection,
    frames: Frames,
    sql: str,
    in_pandas: Callable[[Frames], pd.DataFrame],
) -> dict[str, Any]:
    duckdb_seconds, rows = _quickest(lambda: connection.execute(sql).fetchall())
    pandas_seconds, frame = _quickest(lambda: in_pandas(frames))
    return {
        "seconds_duckdb": round(duckdb_seconds, 4),
        "seconds_pandas": round(pandas_seconds, 4),
        "ratio": round(pandas_seconds / duckdb_seconds, 2),
        "is_same": _plain(rows) == _plain(frame.itertuples(index=False, name=None)),
    }


def _quickest(work: Callable[[], Any]) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(_TIMES):
        started = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - started)
    return best, result


def _plain(rows: Any) -> list[tuple[str, ...]]:
    """Return rows in one order, each value as text: types differ between the two."""
    return sorted(tuple(_text(value) for value in row) for row in rows)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return f"{float(value):.4f}"
