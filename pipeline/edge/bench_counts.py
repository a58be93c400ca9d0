"""More table macros of sql/macros in pandas: those that count, list and look at pay.

Layer:   edge (used by bench_query only). What each counts is said in the macro's own header.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.edge.bench_pandas import (
    Frames,
    canonical,
    deep_frameworks,
    margin_pct,
    named,
    percent,
    period,
    rounded,
    share_end_pct,
    unlisted_by,
)


def demand_over_time(frames: Frames, asked: str, by: str = "year") -> pd.DataFrame:
    """Return what the macro of that name does."""
    names = named(frames)
    rows = canonical(frames)
    rows = rows[(rows.date_kind == "real") & rows.posted_on.notna()]
    days = rows.groupby(["source_family", "posted_on"]).size().reset_index(name="n_postings")
    days["period"] = period(days.posted_on, by)
    keys = ["period", "source_family"]
    all_postings = days.groupby(keys).n_postings.sum()
    rows = rows[rows.posting_no.isin(names.posting_no)]
    rows = rows.assign(period=period(rows.posted_on, by))
    naming = names[names.framework == asked][["posting_no", "requirement"]]
    rows = rows.merge(naming, on="posting_no", how="left")
    deep = names[names.framework.isin(deep_frameworks(frames))].posting_no
    rows = rows.assign(
        is_deep=rows.posting_no.isin(deep),
        is_naming=rows.requirement.notna(),
        is_required=rows.requirement == "required",
    )
    clusters = rows.groupby([*keys, "cluster"]).agg(
        employer_id=("employer_id", "first"),
        n=("is_deep", "sum"),
        n_naming=("is_naming", "sum"),
        n_required=("is_required", "sum"),
    )
    clusters = clusters.reset_index()
    known = clusters.employer_id.notna()
    clusters = clusters.assign(
        square=clusters.n**2,
        asks=known & (clusters.n_naming > 0),
        deep=known & (clusters.n > 0),
        some=clusters.n > 0,
    )
    totals = clusters.groupby(keys).agg(
        n_dl_postings=("n", "sum"),
        n_naming=("n_naming", "sum"),
        n_required=("n_required", "sum"),
        n_employers=("asks", "sum"),
        n_dl_employers=("deep", "sum"),
        n_clusters=("some", "sum"),
        n_squares=("square", "sum"),
    )
    totals = all_postings.to_frame().join(totals)
    totals = totals.fillna(0)
    totals["share"] = totals.n_naming / totals.n_dl_postings
    clusters = clusters[clusters.some].merge(totals[["n_dl_postings", "share"]], on=keys)
    left = 1 - clusters.n / clusters.n_dl_postings
    clusters["error"] = (clusters.n_naming - clusters.share * clusters.n) ** 2
    clusters["error"] /= left.where(left > 0)
    totals["error"] = clusters.groupby(keys).error.sum()
    totals = totals.reset_index()
    margin = margin_pct(totals.share, totals, totals.error.fillna(0), 0)
    return totals.assign(
        framework=asked,
        share_pct=rounded(100 * totals.share),
        ci_low_pct=rounded(share_end_pct(totals.share, margin, -1)),
        ci_high_pct=rounded(share_end_pct(totals.share, margin, 1)),
        is_small=totals.n_dl_employers < 5,
    )


def employers_naming(frames: Frames, asked: str) -> pd.DataFrame:
    """Return what the macro of that name does, without the employer's name and kind."""
    names = named(frames)
    deep = names[names.framework.isin(deep_frameworks(frames))].posting_no
    naming = names[names.framework == asked][["posting_no", "requirement"]]
    rows = canonical(frames)
    asking = rows[rows.posting_no.isin(naming.posting_no)].employer_id.dropna()
    rows = rows[rows.employer_id.isin(asking)].merge(naming, on="posting_no", how="left")
    is_deep = rows.posting_no.isin(deep)
    is_naming = rows.requirement.notna()
    rows = rows.assign(
        is_deep=is_deep,
        could_show=is_deep & ~rows.source.isin(unlisted_by(frames, asked)),
        is_naming=is_naming,
        is_required=rows.requirement == "required",
        day=rows.posted_on.where(is_naming & (rows.date_kind == "real")),
    )
    found = rows.groupby("employer_id").agg(
        n_postings=("posting_no", "size"),
        n_dl_postings=("is_deep", "sum"),
        n_could_show=("could_show", "sum"),
        n_naming=("is_naming", "sum"),
        n_required=("is_required", "sum"),
        first_posted_on=("day", "min"),
        last_posted_on=("day", "max"),
    )
    found = found[found.n_naming > 0].reset_index()
    return found.assign(framework=asked, share_pct=percent(found.n_naming, found.n_could_show))


def pairs_with(frames: Frames, asked: str, family: str | None = None) -> pd.DataFrame:
    """Return what the macro of that name does."""
    postings = canonical(frames, family)[["posting_no", "employer_id", "source"]]
    names = named(frames).merge(postings, on="posting_no")
    chosen = names[names.framework == asked]
    both = names.merge(chosen[["posting_no", "is_joint"]], on="posting_no", suffixes=("", "_one"))
    both = both[(both.framework != asked) & ~(both.is_joint & both.is_joint_one)]
    found = both.groupby("framework").agg(
        n_both=("posting_no", "size"), n_employers=("employer_id", "nunique")
    )
    found["n_naming_other"] = names.groupby("framework").size()
    found = found.reset_index().rename(columns={"framework": "other_framework"})
    found["n_could_show"] = [
        int((~chosen.source.isin(unlisted_by(frames, other))).sum())
        for other in found.other_framework
    ]
    listless = names[~names.source.isin(unlisted_by(frames, asked))]
    found["n_other_could_show"] = found.other_framework.map(listless.groupby("framework").size())
    return found.assign(
        framework=asked,
        n_naming=len(chosen),
        together_pct=percent(found.n_both, found.n_could_show),
        of_other_pct=percent(found.n_both, found.n_other_could_show),
        is_small=chosen.employer_id.nunique() < 5,
    )


def salary_by_framework(
    frames: Frames, currency: str = "USD", since: str | None = None
) -> pd.DataFrame:
    """Return what the macro of that name does."""
    rows = canonical(frames, since=since)
    rows = rows[rows.is_ai.astype(bool)]
    pay = rows[["salary_min_year", "salary_max_year"]].mean(axis=1)
    rows = rows.assign(pay_year=pay.where(rows.salary_currency == currency))
    rows = rows[["posting_no", "employer_id", "pay_year"]]
    names = rows.merge(named(frames)[["posting_no", "framework"]], on="posting_no")
    names = pd.concat([names, rows.assign(framework="all")])
    names["payer"] = names.employer_id.where(names.pay_year.notna())
    groups = names.groupby("framework")
    found = groups.agg(
        n_paid_postings=("pay_year", "count"),
        n_ai_postings=("posting_no", "size"),
        n_employers=("payer", "nunique"),
    )
    for name, part in (("p25", 0.25), ("median", 0.5), ("p75", 0.75)):
        found[f"pay_{name}_year"] = rounded(groups.pay_year.quantile(part), 0)
    found = found[found.n_paid_postings > 0].reset_index()
    return found.assign(salary_currency=currency, is_small=found.n_employers < 5)


def postings_naming(frames: Frames, asked: str) -> pd.DataFrame:
    """Return what the macro of that name does, newest first."""
    mentions = frames["mentions"]
    first = mentions[mentions.framework == asked].sort_values("char_start")
    first = first.drop_duplicates("posting_no")[["posting_no", "snippet"]]
    names = named(frames)
    found = names[names.framework == asked].merge(canonical(frames), on="posting_no")
    found = found.merge(first, on="posting_no", how="left")
    return found.sort_values(["posted_on", "posting_id"], ascending=[False, True])


def open_on(frames: Frames, day: str, assume_days: int = 0) -> pd.DataFrame:
    """Return what the macro of that name does."""
    rows, on = canonical(frames), pd.Timestamp(day)
    rows = rows[rows.first_seen_on.notna()]
    posted = rows.posted_on.where(rows.date_kind == "real")
    rows = rows.assign(open_from=pd.concat([rows.first_seen_on, posted], axis=1).min(axis=1))
    rows = rows[rows.open_from <= on]
    assumed = rows.closed_on.isna() & (on <= rows.last_seen_on + pd.Timedelta(days=assume_days))
    evidence = np.select(
        [on <= rows.last_seen_on, on < rows.closed_on, assumed],
        ["seen", "not_yet_closed", "assumed"],
        default="",
    )
    rows = rows.assign(evidence=evidence)
    return rows[rows.evidence != ""]
