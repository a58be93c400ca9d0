"""What the estimators and verdicts make of employers whose truth is known.

Layer:   edge (pure; numpy). Every case has its own seed, so that any one can be drawn again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from pipeline.claims import estimators, verdict
from pipeline.claims.estimators import EmployerSums, Estimate
from pipeline.claims.finding import combine
from pipeline.claims.registry import PRIMARY, WHOLE, Part
from pipeline.edge import simulated
from pipeline.edge.simulated import TAIL, YEARS, Counts, Floats

CLAIMS = 65
FAMILIES = (30, 100, 400, 60, 200, 30, 100, 60)  # the employers of each source family
Estimates = Iterator[Estimate]


class Rate(NamedTuple):
    """How often an interval held the truth, and what was said wrongly, in percent.

    supported, contradicted: by a rule whose bar is the truth itself, which nothing should decide
    """

    covered: float
    supported: float
    contradicted: float


def generator(*case: object) -> np.random.Generator:
    """Return the random numbers of one case."""
    return np.random.default_rng(zlib.crc32(repr(case).encode()))


def part(estimator: str, bar: float) -> Part:
    """Return what a rule asks: a value above the bar, or within it for an equivalence."""
    direction = "" if estimator == "equivalence" else "above"
    threshold = bar if estimator == "share" else 0.0
    return Part(WHOLE, PRIMARY, estimator, direction, bar, threshold, 0.0, WHOLE, *[""] * 5)


def rated(rule: Part, truth: float, samples: Sequence[Sequence[Estimate]]) -> Rate:
    """Return the rates over samples, each the word of one family or of several."""
    covered, said = 0, []
    for sample in samples:
        found = combine(rule, sample)
        tests = verdict.run_tests(rule, found)
        said.append(verdict.decide(rule, found, tests, tests.p))
        covered += found.low <= truth <= found.high
    words = [said.count(word) for word in (verdict.SUPPORTED, verdict.CONTRADICTED)]
    return Rate(*(100 * times / len(said) for times in (covered, *words)))


def _sums(numerator: Counts, denominator: Counts, first: int = 0) -> EmployerSums:
    employer = np.arange(first, first + len(numerator))
    return EmployerSums(numerator.astype(np.float64), denominator.astype(np.float64), employer)


def _shares(rng: np.random.Generator, size: Counts, truth: float) -> Estimates:
    named = simulated.named(rng, size, truth / 100)
    return (estimators.share(_sums(*rows)) for rows in zip(named, size, strict=True))


def leads(rng: np.random.Generator, size: Counts, truth: Floats | float) -> Estimates:
    """Return the estimated lead of each sample; truth: in points, one for all or one each."""
    found = simulated.leads(rng, size, simulated.shares_of(truth))
    return (estimators.lead(_sums(*rows)) for rows in zip(found, size, strict=True))


def _differences(rng: np.random.Generator, size: Counts, left: float, right: float) -> Estimates:
    other = rng.permuted(size, axis=1)
    one, two = (simulated.named(rng, *side) for side in ((size, left / 100), (other, right / 100)))
    apart = size.shape[1] - size.shape[1] // 5  # a fifth of the employers stand on both sides
    for at in range(len(size)):
        yield estimators.difference(_sums(one[at], size[at]), _sums(two[at], other[at], apart))


def _trends(rng: np.random.Generator, size: Counts, share: float) -> Estimates:
    employer, year = np.repeat(np.arange(size.shape[1]), len(YEARS)), np.tile(YEARS, size.shape[1])
    # twice the postings: five years of 30 are asked of a trend
    for rows in zip(*simulated.by_year(rng, 2 * size, share / 100, 1.0), strict=True):
        named, of = (row.ravel() * 1.0 for row in rows)
        heard = of > 0
        yield estimators.trend(EmployerSums(named[heard], of[heard], employer[heard], year[heard]))


def _pays(rng: np.random.Generator, size: Counts, effect: float) -> Estimates:
    for row in size:
        sums = simulated.pay(rng, row, effect)
        yield estimators.adjusted(EmployerSums(*sums, np.arange(len(row))))


# what: estimator, truth, draws, what they take
CASES: dict[str, tuple[str, float, Callable[..., Estimates], tuple[float, ...]]] = {
    "share of 5 %": ("share", 5, _shares, (5,)),
    "share of 10 %": ("share", 10, _shares, (10,)),
    "share of 30 %": ("share", 30, _shares, (30,)),
    "share of 50 %": ("share", 50, _shares, (50,)),
    "lead of 0 points": ("lead", 0, leads, (0,)),
    "lead of 3 points": ("lead", 3, leads, (3,)),
    "lead of 50 points": ("lead", 50, leads, (50,)),
    "difference, 30 from 30 %": ("difference", 0, _differences, (30, 30)),
    "difference, 5 from 10 %": ("difference", 5, _differences, (10, 5)),
    "trend of 1 point a year at 10 %": ("trend", 1, _trends, (10,)),
    "trend of 1 point a year at 30 %": ("trend", 1, _trends, (30,)),
    "trend of 1 point a year at 50 %": ("trend", 1, _trends, (50,)),
    "adjusted effect of 10 log points": ("adjusted", 10, _pays, (10,)),
}


def rate(name: str, employers: int, draws: int, tail: float = TAIL) -> Rate:
    """Return how often the interval of one case holds its truth, with one source family."""
    estimator, truth, estimates, given = CASES[name]
    rng = generator(name, employers, tail)
    found = estimates(rng, simulated.sizes(rng, draws, employers, tail), *given)
    return rated(part(estimator, truth), truth, [[one] for one in found])


def pooled(families: int, spread: float, draws: int) -> tuple[Rate, float]:
    """Return the rate of a lead of 3 points over several families, and that of one family more.

    spread: the standard deviation of the families' own truths, in points
    """
    rng = generator("pooled", families, spread)
    each = [
        leads(rng, simulated.sizes(rng, draws, employers), rng.normal(3, spread, draws))
        for employers in FAMILIES[:families]
    ]
    samples = list(zip(*each, strict=True))
    rule = part("lead", 3)
    pools = [found.pool for sample in samples if (found := combine(rule, sample)).pool]
    more = rng.normal(3, spread, draws)
    inside = [
        p.prediction_low <= one <= p.prediction_high for p, one in zip(pools, more, strict=True)
    ]
    return rated(rule, 3, samples), 100 * float(np.mean(inside))


def power(employers: int, draws: int) -> tuple[float, float]:
    """Return the usual smallest lead shown above a bar of 3 points, and how often one is shown."""
    rng = generator("power", employers)
    size = simulated.sizes(rng, draws, employers)
    smallest = float(np.median([estimators.minimum_detectable(e) for e in leads(rng, size, 3)]))
    found = [[one] for one in leads(rng, size, 3 + smallest)]
    return smallest, rated(part("lead", 3), 3 + smallest, found).supported


def no_lead(employers: int, draws: int) -> Rate:
    """Return what is said of a lead above 3 points where there is none."""
    rng = generator("no lead", employers)
    found = leads(rng, simulated.sizes(rng, draws, employers), 0)
    return rated(part("lead", 3), 0, [[one] for one in found])


def at_the_edge(employers: int, draws: int) -> Rate:
    """Return what is said of an equivalence within 10 points where the truth lies 10 off."""
    rng = generator("at the edge", employers)
    found = leads(rng, simulated.sizes(rng, draws, employers), 10)
    return rated(part("equivalence", 10), 10, [[one] for one in found])


def world(rng: np.random.Generator, n_true: int) -> tuple[int, int]:
    """Return the verdicts reached and the wrong ones, of all claims judged in one window.

    The truth of n_true claims lies 25 points above the bar; that of the others on it.
    """
    rule = part("lead", 3)
    employers = rng.choice([30, 60, 100, 200, 400], CLAIMS)
    truth = np.where(np.arange(CLAIMS) < n_true, 28.0, 3.0)
    found = [
        combine(rule, list(leads(rng, simulated.sizes(rng, 1, int(many)), float(one))))
        for many, one in zip(employers, truth, strict=True)
    ]
    tests = [verdict.run_tests(rule, finding) for finding in found]
    q_values = verdict.q_values([one.two_sided for one in tests])
    verdicts = [verdict.decide(rule, *one) for one in zip(found, tests, q_values, strict=True)]
    reached = [at for at, one in enumerate(verdicts) if one != verdict.INCONCLUSIVE]
    return len(reached), sum(at >= n_true or verdicts[at] != verdict.SUPPORTED for at in reached)
