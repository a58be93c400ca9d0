"""Outside series: what others counted, as rows of one table, each with its origin and licence.

Layer:   sources (pure). File contents come in: indicators.toml describes, and a CSV file of the
         same name as each of its sections holds the values.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pipeline.errors import InputError

COLUMNS = ("entity", "framework", "period", "value", "n")
_PERIODS = {"month": "{}-01", "year": "{}-01-01"}


@dataclass(frozen=True, slots=True)
class Series:
    """One file of values and where it is from; name: the indicator, of which it may be a part.

    cut_on: the last day its values can speak of
    """

    file: str
    name: str
    title: str
    publisher: str
    url: str
    commit: str
    path: str
    cut_on: date
    licence: str
    attribution: str
    measures: str
    unit: str
    period_kind: str
    traps: str

    @property
    def found_in(self) -> str:
        """Return the address of the state of the repository it was read from."""
        return f"{self.url}/tree/{self.commit}"


class Observation(NamedTuple):
    """One value: of an entity (country, venue, group of people), at times of one framework.

    period: the first day of its month or year;  n: how many it was counted over, if known
    """

    indicator: str
    entity: str
    framework: str | None
    period: date
    period_kind: str
    value: float
    n: int | None
    unit: str
    source_name: str
    licence: str
    url: str


def read_series(described: str) -> tuple[Series, ...]:
    """Return what indicators.toml describes, in its order; raise InputError for a lacking field."""
    return tuple(_series(file, entry) for file, entry in tomllib.loads(described).items())


def _series(file: str, entry: Mapping[str, Any]) -> Series:
    fields = {"file": file, "name": file, **entry}
    wrong = sorted(fields.keys() ^ set(Series.__slots__))
    if wrong or fields["period_kind"] not in _PERIODS:
        raise InputError(
            f"indicators.toml: expected in [{file}] just the fields of a series and period_kind "
            f"month or year, saw {wrong or fields['period_kind']!r}; correct the section"
        )
    return Series(**fields)


def read_observations(series: Series, content: str) -> list[Observation]:
    """Return the values of one CSV file, in its order; raise InputError that names the line."""
    rows = csv.reader(content.splitlines())
    head = next(rows, [])
    if tuple(head) != COLUMNS:
        raise InputError(f"{series.file}.csv: expected the columns {COLUMNS}, saw {head}")
    return [_observation(series, number, row) for number, row in enumerate(rows, start=2)]


def _observation(series: Series, number: int, row: list[str]) -> Observation:
    try:
        entity, framework, period, value, n = row
        day = date.fromisoformat(_PERIODS[series.period_kind].format(period))
        measured, counted = float(value), int(n) if n else None
    except ValueError:
        raise InputError(
            f"{series.file}.csv: expected {', '.join(COLUMNS)} in line {number}, with a period "
            f"that is a {series.period_kind}, saw {row}; correct the line"
        ) from None
    return Observation(
        indicator=series.name,
        entity=entity,
        framework=framework or None,
        period=day,
        period_kind=series.period_kind,
        value=measured,
        n=counted,
        unit=series.unit,
        source_name=series.publisher,
        licence=series.licence,
        url=series.found_in,
    )
