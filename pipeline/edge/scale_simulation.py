"""How long a cluster takes over a lake: parts of all sizes, workers that are lost or slow.

Layer:   edge, though pure: everything follows from the arguments and the seed.
         `python -m pipeline.edge.scale_simulation` prints the tables of docs/scale.md.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

# postings of each part of the embedded corpus's lake: those of full size, then the others
MEASURED_SIZES = (3_000,) * 85 + (
    2_935, 2_866, 2_721, 2_707, 2_582, 2_342, 2_153, 1_738, 1_496, 1_458, 1_249, 999, 945, 834,
    790, 667, 600, 558, 549, 540, 470, 380, 358, 337, 296, 194, 181, 142, 97, 87, 57,
)  # fmt: skip
# seconds of a core for a thousand postings with their text: the parts of five real collections
# (2026-11, 2.6 GHz)
MEASURED_COSTS = (0.96, 1.03, 0.94, 1.03, 0.85, 0.99, 0.72, 0.86, 1.02)
POSTINGS = 100_000_000
WORKERS = (8, 16, 32, 64, 128, 256)
SEEDS = range(9)


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster is like; times in seconds, a worker is one process on one core.

    starts_in:    until a new worker has its lexicon and can begin
    lost_every:   of one worker, on average; a lost one is replaced, its part begun anew
    replaced_in:  until a machine stands in the place of a lost one
    slow_share:   of all workers are slower than the others, `slow_by` times
    handed_in:    for the scheduler to hand out one part: it does one at a time
    """

    workers: int
    starts_in: float = 0.0
    lost_every: float = math.inf
    replaced_in: float = 0.0
    slow_share: float = 0.0
    slow_by: float = 1.0
    handed_in: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: seconds until the last part was read, of work, and of work done in vain."""

    makespan: float
    work: float
    redone: float
    n_lost: int
    workers: int

    @property
    def efficiency(self) -> float:
        """The share of the workers' paid time that the work itself would take."""
        return self.work / (self.makespan * self.workers)


def simulate(parts: Sequence[float], cluster: Cluster, seed: int = 0) -> Outcome:
    """Return how a cluster reads parts of so many seconds each, the longest first."""
    chance = random.Random(seed)
    waiting = deque(sorted(parts, reverse=True))
    slow = [chance.random() < cluster.slow_share for _ in range(cluster.workers)]
    idle: list[int] = []
    # (when, which event, worker, its part, whether the worker is lost then)
    events = [(cluster.starts_in, worker, worker, 0.0, False) for worker in range(cluster.workers)]
    handed = redone = makespan = 0.0
    n_lost, n_left, n_events = 0, len(waiting), len(events)
    while n_left:
        now, _, worker, part, is_lost = heapq.heappop(events)
        if is_lost:
            waiting.appendleft(part)
            slow[worker] = chance.random() < cluster.slow_share
            back = now + cluster.replaced_in + cluster.starts_in
            heapq.heappush(events, (back, n_events, worker, 0.0, False))
            n_events += 1
        else:
            idle.append(worker)
            if part:
                n_left -= 1
                makespan = now
        while idle and waiting:
            one, part = idle.pop(), waiting.popleft()
            handed = max(now, handed) + cluster.handed_in
            takes = part * (cluster.slow_by if slow[one] else 1.0)
            # how long a worker still lives does not depend on how long it has lived
            lives = cluster.lost_every * chance.expovariate(1.0)
            if lives < takes:
                n_lost += 1
                redone += lives / (cluster.slow_by if slow[one] else 1.0)
            ends = handed + min(lives, takes)
            heapq.heappush(events, (ends, n_events, one, part, lives < takes))
            n_events += 1
    return Outcome(makespan, sum(parts), redone, n_lost, cluster.workers)


def parts_of(
    postings: int,
    sizes: Sequence[int] = MEASURED_SIZES,
    costs: Sequence[float] = MEASURED_COSTS,
    *,
    times: int = 1,
    seed: int = 0,
) -> list[float]:
    """Return the seconds of a core of each part of a lake with so many postings.

    sizes: postings of a part; costs: seconds for a thousand; both are drawn from what was measured
    times: how many times larger the parts are
    """
    chance = random.Random(seed)
    parts: list[float] = []
    left = postings
    while left > 0:
        size = min(left, times * chance.choice(sizes))
        parts.append(size / 1_000 * chance.choice(costs))
        left -= size
    return parts


# rented machines that may be taken back: each every four hours; one in twenty is thrice as slow
ROUGH = Cluster(
    workers=1, starts_in=15, lost_every=4 * 3600, replaced_in=180, slow_share=0.05, slow_by=3.0,
    handed_in=0.0065,
)  # fmt: skip
CALM = replace(ROUGH, lost_every=math.inf, slow_share=0.0)


def by_workers(parts: Sequence[float], workers: Sequence[int] = WORKERS) -> str:
    """Return a Markdown table: time, efficiency and work done again, by number of workers."""
    lines = [
        "| workers | nothing goes wrong | workers lost and slow | longest of 9 | efficiency "
        "| workers lost | work done again |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for count in workers:
        calm = simulate(parts, replace(CALM, workers=count))
        rough = [simulate(parts, replace(ROUGH, workers=count), seed) for seed in SEEDS]
        lines.append(
            f"| {count} | {_time(calm.makespan)} | {_time(_middle(rough, 'makespan'))} "
            f"| {_time(max(one.makespan for one in rough))} | {_middle(rough, 'efficiency'):.1%} "
            f"| {_middle(rough, 'n_lost'):.0f} | {_middle(rough, 'redone') / rough[0].work:.3%} |"
        )
    return "\n".join(lines)


def by_size(postings: int, workers: int = 64, times: Sequence[int] = (1, 10, 100, 1000)) -> str:
    """Return a Markdown table: what larger parts would cost the same cluster."""
    lines = [
        "| postings a part, at most | parts | time | efficiency | work done again |",
        "|---:|---:|---:|---:|---:|",
    ]
    for many in times:
        parts = parts_of(postings, times=many)
        found = [simulate(parts, replace(ROUGH, workers=workers), seed) for seed in SEEDS]
        lines.append(
            f"| {many * max(MEASURED_SIZES):,} | {len(parts):,} "
            f"| {_time(_middle(found, 'makespan'))} | {_middle(found, 'efficiency'):.1%} "
            f"| {_middle(found, 'redone') / found[0].work:.3%} |"
        )
    return "\n".join(lines)


def _middle(found: Sequence[Outcome], what: str) -> float:
    return median(getattr(one, what) for one in found)


def _time(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def main() -> None:
    """Print the tables."""
    parts = parts_of(POSTINGS)
    print(f"{POSTINGS:,} postings, {len(parts):,} parts, {sum(parts) / 3600:,.1f} core hours\n")
    print(by_workers(parts))
    print(f"\nThe same with larger parts, 64 workers:\n\n{by_size(POSTINGS)}")


if __name__ == "__main__":
    main()
