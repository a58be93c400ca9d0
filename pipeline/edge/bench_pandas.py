"""What the macros of sql/macros have in common, in pandas: who counts, percent, intervals.

Layer:   edge (used by bench_* only).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]  # by table, without its schema

OF_PLACES = ("region", "country", "subdivision", "metro", "city")
TABLES = {name: f"posting_{name}s" for name in ("role", "domain", "tool", "skill")}
TABLES |= dict.fromkeys(OF_PLACES, "posting_places") | {"seniority": "posting_seniority"}


def reads(by: str = "all", postings: str = "") -> dict[str, str]:
    """Return the columns that framework_share and compare take for a dimension."""
    found = {
        "core.frameworks": "framework is_deep_learning unlisted_by",
        "core.posting_frameworks": "posting_no framework requirement is_joint",
        "core.postings": f"posting_no employer_id duplicate_of source {postings}",
    }
    if by in TABLES:
        found[f"core.{TABLES[by]}"] = f"posting_no {by}"
    elif by in ("year", "quarter", "month"):
        found["core.postings"] += " posted_on date_kind"
    elif by == "requirement":
        found["core.postings"] += " observes"
    elif by != "all":
        found["core.postings"] += f" {by}"
    return {table: " ".join(dict.fromkeys(columns.split())) for table, columns in found.items()}


def percent(part: pd.Series, whole: pd.Series | float) -> pd.Series:
    """Return percent to two digits."""
    return rounded(100.0 * part.astype(float) / whole)


def rounded(numbers: pd.Series, digits: int = 2) -> pd.Series:
    """Return numbers with so many digits, halves rounded away from zero as DuckDB does."""
    scale = 10**digits
    return pd.Series(np.sign(numbers) * np.floor(numbers.abs() * scale + 0.5) / scale)


def canonical(
    frames: Frames,
    family: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> pd.DataFrame:
    """Return the canonical postings, narrowed, each with its cluster."""
    rows = frames["postings"]
    rows = rows[rows.duplicate_of.isna()]
    if family:
        rows = rows[rows.source_family == family]
    if since:
        rows = rows[(rows.date_kind == "real") & (rows.posted_on >= pd.Timestamp(since))]
    if until:
        rows = rows[(rows.date_kind == "real") & (rows.posted_on <= pd.Timestamp(until))]
    alone = rows.posting_no[rows.employer_id.isna()]
    return rows.assign(cluster=rows.employer_id.fillna("#" + alone.astype(str)))


def named(frames: Frames) -> pd.DataFrame:
    """Return the frameworks that postings name, negated ones left out."""
    rows = frames["posting_frameworks"]
    return rows[rows.requirement != "negated"]


def unlisted_by(frames: Frames, framework: str) -> list[str]:
    """Return the sources whose fixed list of words leaves a framework out."""
    rows = frames["frameworks"]
    return list(rows[rows.framework == framework].unlisted_by.iloc[0])


def deep_frameworks(frames: Frames) -> pd.Series:
    """Return the frameworks of the deep-learning set."""
    rows = frames["frameworks"]
    return rows[rows.is_deep_learning].framework


def period(days: pd.Series, by: str) -> pd.Series:
    """Return the year, quarter or month of days, as text."""
    if by == "quarter":
        return days.dt.year.astype(str) + "-Q" + days.dt.quarter.astype(str)
    return days.dt.strftime("%Y" if by == "year" else "%Y-%m")


def _student_t(degrees: pd.Series) -> pd.Series:
    few = np.exp(0.602138 + 1.488422 / degrees + 0.451530 / degrees**2)
    factors = (1.959964, 2.372271, 2.822499, 2.555850, 1.589534, 1.0)
    many = sum(factor / degrees**power for power, factor in enumerate(factors))
    return pd.Series(np.where(degrees < 2, few, many), degrees.index)


def share_end_pct(share: pd.Series, margin: pd.Series, side: int) -> pd.Series:
    """Return one end of Wilson's interval, see sql/macros/share_end_pct.sql."""
    inside = (share > 0) & (share < 1)
    spread = (margin / 100) ** 2
    pull = spread / (share * (1 - share)).where(inside)
    end = (share + pull / 2 + side * np.sqrt(spread + pull**2 / 4)) / (1 + pull)
    return (100 * end).where(inside, (100 * share + side * margin).clip(0, 100))


def margin_pct(
    share: pd.Series, rows: pd.DataFrame, squared_error: pd.Series, lowest: int
) -> pd.Series:
    """Return half the width of the interval; rows: n_dl_postings, n_squares, n_clusters."""
    n, clusters = rows.n_dl_postings.astype(float), rows.n_clusters
    smoothed = (clusters * share + 0.5 * (1 + lowest)) / (clusters + 1)
    squares = (clusters * share**2 + 0.5 * (1 + lowest**2)) / (clusters + 1)
    floor = rows.n_squares * (squares - smoothed**2)
    error = squared_error.where(squared_error > 1e-12 * n * n, floor)
    degrees = (n * n / rows.n_squares).clip(lower=2) - 1
    return 100 * _student_t(degrees) * np.sqrt(error) / n
