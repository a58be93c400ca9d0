"""The verdict of a source's run: was it all there, and does it look like what this source gives.

Layer:   sources (pure). Numbers in, a word and its reasons out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.sources.harvest import Harvest, ScopeRun

# A small board may empty in a day: fewer than this many lost, or held, prove nothing.
_FEW = 10
# Half of the postings gone, or a field that loses half of its fill, is no ordinary night.
_HALF = 0.5
_SHOWN = 8  # of the problems of one source: a dead host has as many as it has boards
_RARE = 0.1  # a field that fewer have anyway says nothing by its fill


class Verdict(NamedTuple):
    """How a source's run ended; the words are those of INTERFACES and docs/sources.md.

    word:      complete | unchanged | truncated | suspicious | failed | not_configured
    reasons:   one sentence each
    collapsed: fields that lost their fill: what was read without them replaces nothing
    """

    word: str
    reasons: tuple[str, ...] = ()
    collapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the last good run of a source looked like; an empty one is that of a first run."""

    n_by_scope: Mapping[str, int] = field(default_factory=dict)
    fill_rates: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, harvest: Harvest) -> Baseline:
        """Return what a harvest looks like."""
        return cls({one.scope: len(one.listed) for one in harvest.scopes}, harvest.fill_rates)

    def updated(self, harvest: Harvest) -> Baseline:
        """Return the baseline after a good run: what was not asked this time keeps its numbers."""
        now = Baseline.of(harvest)
        return Baseline(
            {**self.n_by_scope, **now.n_by_scope}, now.fill_rates or dict(self.fill_rates)
        )


def judge(
    harvest: Harvest, before: Baseline, expected: Mapping[str, int], *, accept: bool = False
) -> Verdict:
    """Return how a source's run ended.

    expected: least and most postings of a run, as the source's TOML states them
    accept:   somebody confirmed that a fall is meant: nothing is suspicious this once
    """
    scopes = harvest.scopes
    problems = _problems(scopes)
    if scopes and all(one.gave_nothing for one in scopes):
        return Verdict("failed", problems)
    if problems:
        return Verdict("truncated", problems)
    if not accept:
        collapsed = _collapsed(harvest, before)
        reasons = (*_volume(harvest, before, expected), *collapsed.values())
        if reasons:
            return Verdict("suspicious", reasons, tuple(collapsed))
    if all(one.is_unchanged for one in scopes):
        return Verdict("unchanged")
    return Verdict("complete")


def _problems(scopes: Sequence[ScopeRun]) -> tuple[str, ...]:
    """Return what went wrong, each line with its scope; of very many the first ones."""
    lines = [
        why if one.scope in why else f"{one.scope}: {why}" for one in scopes for why in one.problems
    ]
    rest = len(lines) - _SHOWN
    return (*lines[:_SHOWN], *([f"and {rest} more such problems"] if rest > 0 else ()))


def _volume(harvest: Harvest, before: Baseline, expected: Mapping[str, int]) -> list[str]:
    listed = harvest.n_listed
    reasons = []
    if listed < expected["least"]:
        reasons.append(f"lists {listed} postings, at least {expected['least']} are expected")
    if listed > expected["most"]:
        reasons.append(f"lists {listed} postings, at most {expected['most']} are expected")
    # only scopes asked both times: a board more or less in the config is no rise or fall
    both = [one for one in harvest.scopes if one.scope in before.n_by_scope]
    now = sum(len(one.listed) for one in both)
    then = sum(before.n_by_scope[one.scope] for one in both)
    if then - now >= _FEW and now < _HALF * then:
        reasons.append(f"lists {now} postings where the last good run listed {then}")
    return reasons


def _collapsed(harvest: Harvest, before: Baseline) -> dict[str, str]:
    """Return the fields that lost more than half of their fill, with the reason in words."""
    if sum(one.n_postings for one in harvest.scopes) < _FEW:
        return {}
    now = harvest.fill_rates
    return {
        name: f"{name} is filled in {now[name]:.0%} of postings, in the last good run {then:.0%}"
        for name, then in before.fill_rates.items()
        if then >= _RARE and name in now and now[name] < _HALF * then
    }
