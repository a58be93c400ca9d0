"""The answers to the queries of sql/adhoc in pandas: the same rows, in no order.

Layer:   edge (used by bench_query only). A function is the twin of one query, its columns are the
         query's; others may stand beside them.
"""

from __future__ import annotations

import pandas as pd

from pipeline.edge.bench_counts import (
    demand_over_time,
    employers_naming,
    open_on,
    pairs_with,
    salary_by_framework,
)
from pipeline.edge.bench_macros import compare, framework_share
from pipeline.edge.bench_pandas import Frames, canonical, percent


def share_by_year(frames: Frames) -> pd.DataFrame:
    rows = frames["demand_by_month"]
    rows = rows[rows.framework.isin(["tensorflow", "pytorch", "keras"])]
    rows = rows.assign(year=rows.month.dt.year)
    keys = ["year", "source_family", "framework"]
    years = rows.groupby(keys)[["n_naming", "n_dl_postings"]].sum().reset_index()
    years = years[years.n_dl_postings >= 30]
    return years.assign(share_pct=percent(years.n_naming, years.n_dl_postings))


def clouds(frames: Frames) -> pd.DataFrame:
    rows = frames["framework_traits"]
    rows = rows[
        (rows.trait == "tool")
        & rows.label.isin(["aws", "gcp", "azure", "sagemaker"])
        & rows.framework.isin(["tensorflow", "pytorch"])
        & (rows.time_window == "all_time")
        & (rows.n_framework >= 30)
    ]
    rows = rows.assign(beside_pct=percent(rows.n_naming, rows.n_framework))
    return rows.rename(columns={"label": "tool", "n_naming": "n_both"})


def by_country(frames: Frames) -> pd.DataFrame:
    rows = frames["framework_demand"]
    others = ["source", "region", "metro", "role", "employer_kind"]
    rows = rows[(rows.country != "all") & (rows[others] == "all").all(axis=1)]
    torch = rows[rows.framework == "pytorch"].groupby("country")
    both = torch[["n_dl_postings", "n_naming"]].sum().rename(columns={"n_naming": "n_pytorch"})
    tensorflow = rows[rows.framework == "tensorflow"].groupby("country").n_naming.sum()
    both = both.join(tensorflow.rename("n_tensorflow"), how="left").reset_index()
    both = both[both.n_dl_postings >= 30]
    lead = both.n_tensorflow - both.n_pytorch
    return both.assign(tensorflow_lead_pct=percent(lead, both.n_dl_postings))


def examples(frames: Frames) -> pd.DataFrame:
    rows = frames["mentions"]
    rows = rows[(rows.framework == "pytorch") & (rows.requirement == "required")]
    first = rows.sort_values("char_start").drop_duplicates("posting_no")
    postings = frames["postings"]
    found = postings[postings.duplicate_of.isna()].merge(first, on="posting_no")
    return found.sort_values(["posted_on", "posting_id"], ascending=[False, True]).head(50)


def copies(frames: Frames) -> pd.DataFrame:
    rows = frames["postings"]
    totals = rows.groupby("source").agg(
        n_postings=("source", "size"), n_copies=("duplicate_of", "count")
    )
    totals["n_canonical"] = totals.n_postings - totals.pop("n_copies")
    copies = rows[rows.duplicate_of.notna()].groupby(["source", "duplicate_reason"]).size()
    found = copies.reset_index(name="n_copies").merge(totals.reset_index(), on="source")
    return found.assign(copies_pct=percent(found.n_copies, found.n_postings))


def jax(frames: Frames) -> pd.DataFrame:
    found = employers_naming(frames, "jax").merge(frames["employers"], on="employer_id", how="left")
    return found.sort_values(["n_naming", "employer_id"], ascending=[False, True]).head(30)


def by_metro(frames: Frames) -> pd.DataFrame:
    rows = framework_share(frames, "metro", since="2023-01-01").rename(columns={"value": "metro"})
    named = rows.framework.isin(["pytorch", "tensorflow", "keras", "jax"])
    return rows[named & (rows.n_dl_postings >= 30)]


def beside(frames: Frames) -> pd.DataFrame:
    rows = pairs_with(frames, "pytorch")
    return rows[rows.n_employers >= 5]


def beginners(frames: Frames) -> pd.DataFrame:
    rows = framework_share(frames, "seniority").rename(columns={"value": "seniority"})
    rows = rows[(rows.n_employers >= 5) & rows.share_pct.notna()]
    return rows.assign(required_pct=percent(rows.n_required, rows.n_naming))


def lead(frames: Frames) -> pd.DataFrame:
    rows = compare(frames, "pytorch", "tensorflow", "role")
    names = {"value": "role", "n_naming": "n_pytorch", "n_naming_other": "n_tensorflow"}
    return rows[rows.n_dl_postings >= 30].rename(columns=names | {"lead_pct": "pytorch_lead_pct"})


def open(frames: Frames) -> pd.DataFrame:
    rows = open_on(frames, "2024-10-01", assume_days=30)
    rows = rows.assign(is_ai=rows.is_ai.astype(bool))
    found = rows.groupby(["source", "evidence"]).agg(
        n_open=("posting_no", "size"),
        n_ai=("is_ai", "sum"),
        n_employer_names=("employer", "nunique"),
    )
    return found.assign(ai_pct=percent(found.n_ai, found.n_open)).reset_index()


def pay(frames: Frames) -> pd.DataFrame:
    rows = salary_by_framework(frames, "USD", since="2023-01-01")
    rows = rows[rows.n_paid_postings >= 10]
    return rows.assign(paid_pct=percent(rows.n_paid_postings, rows.n_ai_postings))


def by_quarter(frames: Frames) -> pd.DataFrame:
    rows = demand_over_time(frames, "pytorch", "quarter")
    return rows[rows.n_dl_postings >= 10]


def skills(frames: Frames) -> pd.DataFrame:
    roles, rows = frames["posting_roles"], canonical(frames)
    rows = rows[rows.observes != "titles"]
    rows = rows.merge(roles[roles.role == "ml_engineer"], on="posting_no")
    groups = frames["posting_skills"].merge(rows, on="posting_no").groupby("skill")
    found = groups.agg(n_naming=("posting_no", "size"), n_employers=("employer_id", "nunique"))
    return found.reset_index().assign(
        n_postings=len(rows),
        is_small=(found.n_employers < 5).to_numpy(),
        share_pct=percent(found.n_naming, len(rows)).to_numpy(),
    )


def workplace(frames: Frames) -> pd.DataFrame:
    rows = canonical(frames)
    rows = rows[rows.is_ai.astype(bool) & (rows.date_kind == "real")]
    told = rows.workplace != "unknown"
    rows = rows.assign(
        year=rows.posted_on.dt.year,
        told=told,
        remote=rows.workplace == "remote",
        hybrid=rows.workplace == "hybrid",
        employer=rows.employer_id.where(told),
    )
    found = rows.groupby(["source_family", "year"]).agg(
        n_ai_postings=("told", "size"),
        n_told=("told", "sum"),
        n_remote=("remote", "sum"),
        n_hybrid=("hybrid", "sum"),
        n_employers=("employer", "nunique"),
    )
    found = found[found.n_told >= 30].reset_index()
    return found.assign(
        is_small=found.n_employers < 5,
        remote_pct=percent(found.n_remote, found.n_told),
        hybrid_pct=percent(found.n_hybrid, found.n_told),
        onsite_pct=percent(found.n_told - found.n_remote - found.n_hybrid, found.n_told),
    )
