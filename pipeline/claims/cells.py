"""The employer-level sums of one claim as columns of numbers.

Layer:   claims (pure; numpy). Rows are those of `sql/claims/<claim>.sql`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.claims.registry import Claim
from pipeline.errors import InputError

COLUMNS = (
    "part",
    "source",
    "source_family",
    "frame",
    "observes",
    "date_kind",
    "period",
    "employer_id",
    "n_postings",
    "numerator",
    "denominator",
)
NOBODY = -1  # the employer of a posting whose employer is not known
UNDATED = int(np.iinfo(np.int64).min)  # numpy's own NaT
REAL, PROXY, NONE = 0, 1, 2
_KINDS = {"real": REAL, "proxy": PROXY}


class _Categorical(Protocol):
    """Texts as positions among the distinct ones, as pandas has them; -1 is null."""

    codes: Any
    categories: Any


class Columns(Protocol):
    """Columns by name: what DuckDB's `fetchnumpy()` returns, or a DataFrame."""

    def __getitem__(self, name: str, /) -> object: ...


_Coded = tuple[tuple[str, ...], NDArray[np.int64]]
SURE_DIGITS = 10  # after the first
_ROWS = (
    "population",
    "stream",
    "employer",
    "month",
    "kind",
    "n_postings",
    "numerator",
    "denominator",
)


class Stream(NamedTuple):
    """One source as far as it was sampled and can be seen in one way."""

    source: str
    family: str
    frame: str
    observes: str


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of one claim; population, stream and employer are positions or codes.

    month: months since January 1970, or UNDATED
    """

    populations: tuple[str, ...]
    streams: tuple[Stream, ...]
    population: NDArray[np.int64]
    stream: NDArray[np.int64]
    employer: NDArray[np.int64]
    month: NDArray[np.int64]
    kind: NDArray[np.int64]
    n_postings: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]

    @property
    def year(self) -> NDArray[np.int64]:
        """Return the calendar year of each row (meaningless where undated)."""
        return self.month // 12 + 1970

    def where(self, chosen: NDArray[np.bool_]) -> Cells:
        """Return the chosen rows."""
        rows = {name: getattr(self, name)[chosen] for name in _ROWS}
        return replace(self, **rows)  # type: ignore[arg-type]

    def digest(self) -> str:
        """Return a hash of the rows, in whatever order they came: new data give a new one."""
        rows = np.column_stack([getattr(self, name) for name in _ROWS]).astype(np.float64)
        # the last digits of a sum depend on the order of adding, which several threads change
        unit = 10.0 ** (np.floor(np.log10(np.abs(np.where(rows == 0, 1, rows)))) - SURE_DIGITS)
        rows = np.round(rows / unit) * unit + 0.0
        ordered = rows[np.lexsort(rows.T[::-1])]
        names = repr((self.populations, self.streams)).encode()
        return hashlib.sha256(names + ordered.tobytes()).hexdigest()

    def of(self, population: str) -> Cells:
        """Return the rows of one population."""
        if population not in self.populations:
            return self.where(np.zeros(len(self.stream), dtype=bool))
        return self.where(self.population == self.populations.index(population))


def stacked(cells: Sequence[Cells]) -> Cells:
    """Return the rows of several cells of one claim under one another."""
    rows = {name: np.concatenate([getattr(one, name) for one in cells]) for name in _ROWS}
    return replace(cells[0], **rows)  # type: ignore[arg-type]


def read_cells(claim: Claim, columns: Columns) -> Cells:
    """Return the rows of one claim as numbers.

    Raises InputError where a column is missing or a row is of a part that no rule asks for.
    """
    taken = {name: _column(claim, columns, name) for name in COLUMNS}
    streams, stream = _streams([_coded(taken[name]) for name in COLUMNS[1:5]])
    populations, population = _coded(taken["part"])
    asked = {name for part in claim.parts for name in (part.population, part.minus) if name}
    if strange := sorted(set(populations) - asked):
        raise InputError(
            f"{claim.claim_id}: expected rows of the parts {', '.join(sorted(asked))}, "
            f"saw {strange[0]!r}; make its SQL and its rule agree"
        )
    employers, employer = _coded(taken["employer_id"])
    if employers[:1] == ("",):  # sorted, so the nameless are first
        employer = employer - 1
    kinds, kind = _coded(taken["date_kind"])
    return Cells(
        populations=populations,
        streams=streams,
        population=population,
        stream=stream,
        employer=employer,
        month=_months(taken["period"]),
        kind=np.array([_KINDS.get(name, NONE) for name in kinds], dtype=np.int64)[kind],
        n_postings=_numbers(taken["n_postings"]),
        numerator=_numbers(taken["numerator"]),
        denominator=_numbers(taken["denominator"]),
    )


def _column(claim: Claim, columns: Columns, name: str) -> object:
    try:
        return columns[name]
    except KeyError:
        raise InputError(
            f"{claim.claim_id}: expected the column {name}, saw none; "
            f"its SQL must give {', '.join(COLUMNS)}"
        ) from None


def _months(column: object) -> NDArray[np.int64]:
    days = np.asarray(_unmasked(column, np.datetime64("NaT")))
    return days.astype("datetime64[M]").astype(np.int64)


def _numbers(column: object) -> NDArray[np.float64]:
    return np.asarray(_unmasked(column, 0), dtype=np.float64)


def _unmasked(column: object, null: Any) -> object:
    return column.filled(null) if isinstance(column, np.ma.MaskedArray) else column


def _coded(column: object) -> _Coded:
    """Return the distinct texts in order, and each row's position; a null is the empty text."""
    # Nulls come as masked entries, None or NaN, and texts one by one or coded already.
    if hasattr(column, "categories"):
        coded = cast(_Categorical, column)
        texts = [*(str(text) for text in coded.categories), ""]
        row = np.asarray(coded.codes, dtype=np.int64)  # -1, the last one, where it is null
    else:
        every = np.asarray(_unmasked(column, ""), dtype=object)
        distinct, row = np.unique(
            np.array([text if isinstance(text, str) else "" for text in every], dtype=str),
            return_inverse=True,
        )
        texts = [str(text) for text in distinct]
    names = sorted({texts[at] for at in np.unique(row)})
    place = {name: at for at, name in enumerate(names)}
    return tuple(names), np.array([place.get(text, 0) for text in texts], dtype=np.int64)[row]


def _streams(columns: Sequence[_Coded]) -> tuple[tuple[Stream, ...], NDArray[np.int64]]:
    shape = [max(len(names), 1) for names, _ in columns]
    keys = np.ravel_multi_index([codes for _, codes in columns], shape)
    used, stream = np.unique(keys, return_inverse=True)
    each = zip(*np.unravel_index(used, shape), strict=True)
    named = (Stream(*(columns[at][0][code] for at, code in enumerate(row))) for row in each)
    return tuple(named), stream.astype(np.int64)
