"""Employers that never were: postings drawn from a truth that is known.

Layer:   edge (pure; numpy). What `simulation` measures the estimators with.

Numbers of postings have the tail of the embedded corpus: one employer in k squared has k postings
or more (of 5,100 employers there, 22 % have two or more, 0.9 % ten or more; the largest has 177).
Employers agree with themselves: of two postings of one employer, `AGREEMENT` is the correlation
(in the corpus between 0.1 and 0.8, about 0.3 in its largest source).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AGREEMENT = 0.3
TAIL, HEAVY_TAIL = 2.0, 1.4  # the heavier one is that of sources full of large employers
LARGEST = 200
LEAST = 30  # postings: with fewer, no source is heard
YEARS = np.arange(2018, 2026)
AVERAGE_YEAR = float(YEARS.mean())
CONCENTRATION = (1 - AGREEMENT) / AGREEMENT

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def sizes(rng: np.random.Generator, draws: int, employers: int, tail: float = TAIL) -> Counts:
    """Return the postings of every employer, one sample a row; each has enough to be heard."""
    found = np.empty((0, employers), dtype=np.int64)
    while len(found) < draws:
        uniform = 1 - rng.random((2 * draws, employers))
        many = np.minimum(uniform ** (-1 / tail), LARGEST).astype(np.int64)
        found = np.concatenate([found, many[many.sum(axis=1) >= LEAST]])
    return found[:draws]


def named(rng: np.random.Generator, size: Counts, share: float) -> Counts:
    """Return how many of an employer's postings name a thing that a share of all names."""
    return rng.binomial(size, _leaning(rng, size.shape, share))


def leads(rng: np.random.Generator, size: Counts, shares: Floats) -> Counts:
    """Return of each employer the postings naming only the first minus those naming only the other.

    shares: of postings that name only the first, only the other, both, neither; one row for all
            samples or one each
    """
    each = np.broadcast_to(shares, (len(size), 4))[:, None, :] * CONCENTRATION
    drawn = rng.gamma(np.broadcast_to(each, (*size.shape, 4))) + 1e-300
    counts = rng.multinomial(size, drawn / drawn.sum(axis=-1, keepdims=True))
    return np.asarray(counts[..., 0] - counts[..., 1], dtype=np.int64)


def shares_of(lead: Floats | float) -> Floats:
    """Return the shares that `leads` takes, for a lead in points; most postings name either."""
    half = np.asarray(lead, dtype=np.float64) / 200
    first, other = np.maximum(0.3 + half, 0.01), np.maximum(0.3 - half, 0.01)
    # one so far ahead leaves the other nothing: its lead is then that over those naming both
    first, other = np.maximum(first, other + 2 * half), np.maximum(other, first - 2 * half)
    neither = np.full_like(half, 0.1)
    return np.stack([first, other, 0.9 - first - other, neither], axis=-1)


def by_year(
    rng: np.random.Generator, size: Counts, share: float, slope: float
) -> tuple[Counts, Counts]:
    """Return numerators and denominators by sample, employer and year.

    An employer posts at random years and keeps its leaning; slope: points a year.
    """
    size = rng.multinomial(size, np.full(len(YEARS), 1 / len(YEARS)))
    truth = share + slope / 100 * (YEARS - AVERAGE_YEAR)
    leaning = _leaning(rng, size.shape[:2], share) - share
    # the same leaning in all years, smaller where the line comes near an end of the scale
    room = min(1.0, float(truth.min()) / share, float(1 - truth.max()) / (1 - share))
    chance = np.clip(truth + room * leaning[..., None], 0, 1)
    return rng.binomial(size, chance), size


def pay(rng: np.random.Generator, size: Counts, effect: float) -> tuple[Floats, Floats]:
    """Return of each employer the sums of d * y and of d * d, of one sample.

    d: whether a posting has something, y: its log pay (times 100 in the estimate); both less
    their means. Employers differ in both.  effect: in log points
    """
    employer = np.repeat(np.arange(len(size)), size)
    has = rng.random(len(employer)) < _leaning(rng, size.shape, 0.4)[employer]
    level = rng.normal(0, 0.3, len(size))[employer]
    y = effect / 100 * has + level + rng.normal(0, 0.3, len(employer))
    d, y = has - has.mean(), y - y.mean()
    above, below = (np.bincount(employer, x, len(size)) for x in (d * y, d * d))
    return above.astype(np.float64), below.astype(np.float64)


def _leaning(rng: np.random.Generator, shape: tuple[int, ...], share: float) -> Floats:
    return rng.beta(share * CONCENTRATION, (1 - share) * CONCENTRATION, shape)
