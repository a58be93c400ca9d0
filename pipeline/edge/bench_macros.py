"""The shares that sql/macros gives, with their intervals, in pandas: the same rows, in no order.

Layer:   edge (used by bench_query only). What each counts is said in the macro's own header.
"""

from __future__ import annotations

import pandas as pd

from pipeline.edge.bench_pandas import (
    OF_PLACES,
    TABLES,
    Frames,
    canonical,
    deep_frameworks,
    margin_pct,
    named,
    period,
    rounded,
    share_end_pct,
)


def _values(frames: Frames, by: str) -> pd.DataFrame:
    if by in TABLES:
        rows = frames[TABLES[by]][["posting_no", by]].rename(columns={by: "value"}).dropna()
        return rows.drop_duplicates() if by in OF_PLACES else rows
    rows = frames["postings"]
    if by == "requirement":
        rows = rows[rows.observes == "full_text"]
        words = pd.DataFrame({"value": ["required", "preferred", "mentioned"]})
        return rows[["posting_no"]].merge(words, how="cross")
    if by in ("year", "quarter", "month"):
        rows = rows[(rows.date_kind == "real") & rows.posted_on.notna()]
        return rows[["posting_no"]].assign(value=period(rows.posted_on, by))
    value = "all" if by == "all" else rows[by]
    return rows[["posting_no"]].assign(value=value).dropna()


def framework_share(
    frames: Frames,
    by: str = "all",
    family: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> pd.DataFrame:
    """Return what the macro of that name does."""
    names, frameworks = named(frames), frames["frameworks"]
    postings = canonical(frames, family, since, until)
    postings = postings[postings.posting_no.isin(names.posting_no)]
    members = _values(frames, by).merge(
        postings[["posting_no", "employer_id", "cluster", "source"]].rename(
            columns={"source": "origin"}
        ),
        on="posting_no",
    )
    deep = names[names.framework.isin(deep_frameworks(frames))].posting_no
    clusters = members[members.posting_no.isin(deep)].groupby(["value", "cluster"])
    whole = _totals(clusters.agg(n=("cluster", "size"), employer_id=("employer_id", "first")))
    whole = whole[["n_dl_postings", "n_dl_employers"]].reset_index()
    lists = frameworks.unlisted_by.map(tuple)
    return pd.concat(
        _shares(
            by,
            members[~members.origin.isin(unlisted)],
            deep,
            names,
            whole,
            frameworks[lists == unlisted],
        )
        for unlisted in lists.unique()
    )


def _shares(
    by: str,
    members: pd.DataFrame,
    deep: pd.Series,
    names: pd.DataFrame,
    whole: pd.DataFrame,
    frameworks: pd.DataFrame,
) -> pd.DataFrame:
    # members: postings whose source can show these frameworks; whole: the totals of all
    clusters = members[members.posting_no.isin(deep)].groupby(["value", "cluster"])
    pulls = clusters.agg(n=("cluster", "size"), employer_id=("employer_id", "first")).reset_index()
    totals = _totals(pulls)
    pulls = pulls.merge(totals, on="value")
    alone = pulls.n == pulls.n_dl_postings
    pulls["pull"] = (1 / (1 - pulls.n / pulls.n_dl_postings).where(~alone)).fillna(0)
    totals["error_of_n"] = (pulls.n**2 * pulls.pull).groupby(pulls.value).sum()
    naming = members.merge(names[names.framework.isin(frameworks.framework)], on="posting_no")
    if by == "requirement":
        naming = naming[naming.requirement == naming.value]
    naming = naming.assign(is_required=naming.requirement == "required")
    naming = naming.groupby(["value", "framework", "cluster"]).agg(
        n_naming=("cluster", "size"),
        n_required=("is_required", "sum"),
        employer_id=("employer_id", "first"),
    )
    naming = naming.reset_index().merge(
        pulls[["value", "cluster", "n", "pull"]], on=["value", "cluster"], how="left"
    )
    naming["error_of_naming"] = naming.n_naming**2 * naming.pull
    naming["error_of_both"] = naming.n_naming * naming.n * naming.pull
    counts = naming.groupby(["value", "framework"]).agg(
        n_naming=("n_naming", "sum"),
        n_required=("n_required", "sum"),
        n_employers=("employer_id", "count"),
        error_of_naming=("error_of_naming", "sum"),
        error_of_both=("error_of_both", "sum"),
    )
    could = totals.rename(
        columns={"n_dl_postings": "n_could_show", "n_dl_employers": "n_could_show_employers"}
    )
    rows = whole.merge(could.reset_index(), on="value", how="left").merge(frameworks, how="cross")
    shown = ["n_could_show", "n_could_show_employers"]
    rows[shown] = rows[shown].fillna(0)
    rows = rows.merge(counts.reset_index(), on=["value", "framework"], how="left")
    rows[counts.columns] = rows[counts.columns].fillna(0)
    seen = rows.n_could_show.where(rows.n_could_show > 0)
    share = (rows.n_naming / seen).where(rows.is_deep_learning)
    error = rows.error_of_naming - 2 * share * rows.error_of_both + share**2 * rows.error_of_n
    margin = margin_pct(share, rows.assign(n_dl_postings=seen), error, 0)
    return rows.assign(
        share_pct=rounded(100 * share),
        ci_low_pct=rounded(share_end_pct(share, margin, -1)),
        ci_high_pct=rounded(share_end_pct(share, margin, 1)),
        is_small=rows.n_could_show_employers < 5,
    )


def _totals(clusters: pd.DataFrame) -> pd.DataFrame:
    """Return by value what an interval needs of its clusters."""
    return (
        clusters.assign(square=clusters.n**2)
        .groupby("value")
        .agg(
            n_dl_postings=("n", "sum"),
            n_dl_employers=("employer_id", "count"),
            n_clusters=("n", "size"),
            n_squares=("square", "sum"),
        )
    )


def compare(frames: Frames, one: str, other: str, by: str = "all") -> pd.DataFrame:
    """Return what the macro of that name does."""
    names = named(frames)
    deep = names[names.framework.isin(deep_frameworks(frames))]
    deep = deep.assign(one=deep.framework == one, other=deep.framework == other)
    deep = deep.groupby("posting_no")[["one", "other"]].max().astype(int).reset_index()
    postings = canonical(frames)[["posting_no", "employer_id", "cluster"]]
    postings = postings.merge(deep, on="posting_no")
    rows = _values(frames, by).merge(postings, on="posting_no")
    rows = rows.assign(both=rows.one * rows.other)
    clusters = rows.groupby(["value", "cluster"]).agg(
        n=("cluster", "size"),
        employer_id=("employer_id", "first"),
        one=("one", "sum"),
        other=("other", "sum"),
        both=("both", "sum"),
    )
    clusters = clusters.reset_index()
    sums = clusters.groupby("value")[["one", "other", "both"]].sum()
    totals = _totals(clusters).join(sums)
    totals["lead"] = (totals.one - totals.other) / totals.n_dl_postings
    clusters = clusters.merge(totals[["n_dl_postings", "lead"]], on="value")
    left = 1 - clusters.n / clusters.n_dl_postings
    error = (clusters.one - clusters.other - clusters.lead * clusters.n) ** 2
    error = (error / left.where(left > 0)).groupby(clusters.value).sum()
    totals = totals.join(error.rename("error")).reset_index()
    margin = margin_pct(totals.lead, totals, totals.error, -1)
    return totals.assign(
        framework=one,
        other_framework=other,
        lead_pct=rounded(100 * totals.lead),
        ci_low_pct=rounded((100 * totals.lead - margin).clip(lower=-100)),
        ci_high_pct=rounded((100 * totals.lead + margin).clip(upper=100)),
        is_small=totals.n_dl_employers < 5,
    ).rename(columns={"one": "n_naming", "other": "n_naming_other", "both": "n_both"})
