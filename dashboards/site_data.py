"""What the site is drawn from: one data frame per query of sql/site, and a few plain values.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

Row = dict[str, Any]


@dataclass(frozen=True)
class SiteData:
    """The results of sql/site/<field>.sql, and what no query tells.

    claim_sql:   the query behind each claim, by claim_id; shown as it is
    claim_rules: the registry's entry of each claim, by claim_id, as read from its TOML
    claim_reviews: schema.org ClaimReviews by claim_id, of claims that have any
    demand_cells: the rows of each query of sql/site/demand, which the demand page loads when asked
    series:      what indicators.toml says of each outside series, in its order
    site_url:    where the site will stand, without a slash at its end; empty if nobody said
    as_of:       ISO date the run speaks for; ages are counted from it, never from a clock
    """

    claims: pd.DataFrame
    verdicts: pd.DataFrame
    estimates: pd.DataFrame
    sensitivity: pd.DataFrame
    demand: pd.DataFrame
    totals: pd.DataFrame
    sources: pd.DataFrame
    checks: pd.DataFrame
    examples: pd.DataFrame
    indicators: pd.DataFrame = field(default_factory=pd.DataFrame)
    readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    flips: pd.DataFrame = field(default_factory=pd.DataFrame)
    standing: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    versions: pd.DataFrame = field(default_factory=pd.DataFrame)
    fill: pd.DataFrame = field(default_factory=pd.DataFrame)
    fields: pd.DataFrame = field(default_factory=pd.DataFrame)
    demand_cells: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    copies: pd.DataFrame = field(default_factory=pd.DataFrame)
    runs: pd.DataFrame = field(default_factory=pd.DataFrame)
    dictionary: pd.DataFrame = field(default_factory=pd.DataFrame)
    macros: pd.DataFrame = field(default_factory=pd.DataFrame)
    claim_sql: Mapping[str, str] = field(default_factory=dict)
    claim_rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claim_reviews: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    series: Sequence[Mapping[str, Any]] = ()
    site_url: str = ""
    as_of: str = ""
    run_id: str = ""
    version: str = ""


def rows(frame: pd.DataFrame) -> list[Row]:
    """Return the frame's rows as plain Python values; null of any kind is None, a date is ISO text.

    Columns that a table has beyond its interface come along, absent ones are asked with `.get`.
    """
    names = [str(name) for name in frame.columns]
    return [
        {name: _plain(value) for name, value in zip(names, values, strict=True)}
        for values in frame.itertuples(index=False, name=None)
    ]


def _plain(value: object) -> object:
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):  # also pd.Timestamp; NaT is one too
        return None if pd.isna(value) else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value
