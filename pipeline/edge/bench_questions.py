"""The standard questions of the query benchmark: each in SQL and in pandas, with the same answer.

Layer:   edge. Both count canonical postings only, and a framework once a posting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd


class Frames(NamedTuple):
    """The tables of core that the questions read, as frames."""

    postings: pd.DataFrame
    posting_places: pd.DataFrame
    posting_roles: pd.DataFrame
    mentions: pd.DataFrame


_NAMING = """
with

naming as (
    select distinct
        mentions.posting_id,
        mentions.framework
    from core.mentions
    inner join core.postings using (posting_id)
    where
        mentions.kind = 'framework'
        and mentions.requirement <> 'negated'
        and postings.duplicate_of is null
)
"""
_SHARE_BY_YEAR = f"""{_NAMING},

totals as (
    select year(posted_on) as year, count(*) as n_postings
    from core.postings
    where duplicate_of is null
    group by all
)

select year, framework, 100.0 * count(*) / any_value(n_postings) as share_pct
from naming
inner join core.postings using (posting_id)
inner join totals on year(posted_on) = totals.year
group by year, framework
"""
_PAIRS = f"""{_NAMING}

select one.framework, other.framework, count(*) as n_postings
from naming as one
inner join naming as other
    on one.posting_id = other.posting_id and one.framework < other.framework
group by all
"""
_BY_COUNTRY = f"""{_NAMING}

select country, framework, count(*) as n_postings
from naming
inner join core.posting_places using (posting_id)
group by all
"""
_BY_ROLE = f"""{_NAMING}

select role, framework, count(*) as n_postings
from naming
inner join core.posting_roles using (posting_id)
group by all
"""
_PAY = f"""{_NAMING}

select framework, median((salary_min_year + salary_max_year) / 2) as median_year
from naming
inner join core.postings using (posting_id)
where salary_min_year is not null
group by all
"""
_REQUIREMENT = """
select framework, requirement, count(*) as n_mentions
from core.mentions
where kind = 'framework'
group by all
"""
_CLOUDS = f"""{_NAMING},

clouds as (
    select distinct posting_id, term
    from core.mentions
    where term in ('aws', 'gcp', 'azure', 'sagemaker')
)

select framework, term, count(*) as n_postings
from naming
inner join clouds using (posting_id)
group by all
"""
_EXAMPLES = """
select
    postings.posting_id,
    any_value(postings.posted_on) as posted_on,
    arg_min(mentions.snippet, mentions.char_start) as snippet
from core.mentions
inner join core.postings using (posting_id)
where
    mentions.framework = 'pytorch'
    and mentions.requirement = 'required'
    and postings.duplicate_of is null
group by postings.posting_id
order by posted_on desc, posting_id
limit 50
"""
_EMPLOYERS = f"""{_NAMING}

select framework, count(distinct employer) as n_employers
from naming
inner join core.postings using (posting_id)
group by all
"""


def _canonical(frames: Frames) -> pd.DataFrame:
    return frames.postings[frames.postings.duplicate_of.isna()]


def _naming(frames: Frames) -> pd.DataFrame:
    rows = frames.mentions
    rows = rows[(rows.kind == "framework") & (rows.requirement != "negated")]
    rows = rows[["posting_id", "framework"]].drop_duplicates()
    return rows.merge(_canonical(frames)[["posting_id"]], on="posting_id")


def _sizes(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return rows.groupby(keys).size().reset_index(name="size")


def _share_by_year(frames: Frames) -> pd.DataFrame:
    postings = _canonical(frames)
    years = postings[["posting_id"]].assign(year=postings.posted_on.dt.year)
    counts = _sizes(_naming(frames).merge(years, on="posting_id"), ["year", "framework"])
    counts["share_pct"] = 100.0 * counts["size"] / counts.year.map(years.year.value_counts())
    return counts.drop(columns="size")


def _pairs(frames: Frames) -> pd.DataFrame:
    naming = _naming(frames)
    both = naming.merge(naming, on="posting_id", suffixes=("_one", "_other"))
    both = both[both.framework_one < both.framework_other]
    return _sizes(both, ["framework_one", "framework_other"])


def _by_country(frames: Frames) -> pd.DataFrame:
    rows = _naming(frames).merge(frames.posting_places, on="posting_id")
    return _sizes(rows, ["country", "framework"])


def _by_role(frames: Frames) -> pd.DataFrame:
    rows = _naming(frames).merge(frames.posting_roles, on="posting_id")
    return _sizes(rows, ["role", "framework"])


def _pay(frames: Frames) -> pd.DataFrame:
    paid = frames.postings[frames.postings.salary_min_year.notna()]
    middle = (paid.salary_min_year + paid.salary_max_year) / 2
    paid = paid[["posting_id"]].assign(middle=middle)
    rows = _naming(frames).merge(paid, on="posting_id")
    return rows.groupby("framework").middle.median().reset_index()


def _requirement(frames: Frames) -> pd.DataFrame:
    rows = frames.mentions
    return _sizes(rows[rows.kind == "framework"], ["framework", "requirement"])


def _clouds(frames: Frames) -> pd.DataFrame:
    rows = frames.mentions
    rows = rows[rows.term.isin(["aws", "gcp", "azure", "sagemaker"])]
    clouds = rows[["posting_id", "term"]].drop_duplicates()
    return _sizes(_naming(frames).merge(clouds, on="posting_id"), ["framework", "term"])


def _examples(frames: Frames) -> pd.DataFrame:
    rows = frames.mentions
    rows = rows[(rows.framework == "pytorch") & (rows.requirement == "required")]
    first = rows.sort_values("char_start").drop_duplicates("posting_id")
    found = _canonical(frames)[["posting_id", "posted_on"]].merge(first, on="posting_id")
    found = found.sort_values(["posted_on", "posting_id"], ascending=[False, True]).head(50)
    return found[["posting_id", "posted_on", "snippet"]]


def _employers(frames: Frames) -> pd.DataFrame:
    rows = _naming(frames).merge(frames.postings[["posting_id", "employer"]], on="posting_id")
    return rows.groupby("framework").employer.nunique().reset_index()


QUESTIONS: dict[str, tuple[str, Callable[[Frames], pd.DataFrame]]] = {
    "share_by_year": (_SHARE_BY_YEAR, _share_by_year),
    "pairs": (_PAIRS, _pairs),
    "by_country": (_BY_COUNTRY, _by_country),
    "by_role": (_BY_ROLE, _by_role),
    "pay": (_PAY, _pay),
    "requirement": (_REQUIREMENT, _requirement),
    "clouds_beside": (_CLOUDS, _clouds),
    "examples": (_EXAMPLES, _examples),
    "employers": (_EMPLOYERS, _employers),
}
