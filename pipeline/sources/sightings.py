"""Sightings: when each posting of a source was first and last listed, and when it was closed.

Layer:   sources (pure). Only a listing that was read whole can say that a posting is gone, and
         only the second such listing without it closes it; listed again, it is open again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.records import Posting
from pipeline.sources.harvest import ScopeRun

_MISSED_TO_CLOSE = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the listings said of one posting.

    scope:     the board or page that lists it; n_missed: whole listings since that lacked it
    stated:    a hash of all that it states, its pay included; another one is a changed posting
    missed_on: the day of the first of these, which is the day it counts as closed
    n_reopened: how often it was listed again after it was closed; reopened_on: the last time
    closed_before_on: the day it had been closed then
    """

    posting_id: str
    scope: str
    stated: str
    posted_on: date | None
    first_seen_on: date
    last_seen_on: date
    n_missed: int = 0
    missed_on: date | None = None
    n_reopened: int = 0
    reopened_on: date | None = None
    closed_before_on: date | None = None

    @property
    def closed_on(self) -> date | None:
        """Return the day it was found closed, None while it is open or may be."""
        return self.missed_on if self.n_missed >= _MISSED_TO_CLOSE else None


@dataclass(slots=True)
class Seen:
    """The sightings after a run, by source id, and what is different now."""

    sightings: dict[str, Sighting] = field(default_factory=dict)
    new: list[Posting] = field(default_factory=list)
    changed: list[Posting] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)


def sighted(
    known: Mapping[str, Sighting],
    scopes: Iterable[ScopeRun],
    *,
    lists: str,
    may_close: bool,
    hold_changes: bool,
    today: date,
) -> Seen:
    """Return the sightings after a run.

    lists:        all | newest | sample, of what a listing of this source is (its TOML)
    may_close:    the run as a whole is believed; each scope must also have been read whole
    hold_changes: what was read of known postings is not believed and replaces nothing
    """
    seen = Seen(dict(known))
    scopes = list(scopes)
    for source_id, scope in sorted(_listing(known, scopes).items(), key=lambda one: one[0]):
        _see(seen, scope, source_id, today, hold_changes=hold_changes)
    if may_close and lists != "sample":
        listed = set().union(*(scope.listed for scope in scopes))
        for scope in scopes:
            # a listing of all that says itself that it is not is no witness
            if scope.is_complete and not (lists == "all" and scope.short):
                _miss(seen, known, scope, listed, today, window=lists == "newest")
    return seen


def _listing(known: Mapping[str, Sighting], scopes: list[ScopeRun]) -> dict[str, ScopeRun]:
    """Return which scope speaks for each posting: of two that list it, the one that did before."""
    speaks: dict[str, ScopeRun] = {}
    for scope in scopes:
        for source_id in scope.listed | scope.postings.keys():
            before = known[source_id].scope if source_id in known else ""
            if source_id not in speaks or scope.scope == before:
                speaks[source_id] = scope
    return speaks


def _stated(one: Posting) -> str:
    """Return a hash of what a posting states; its day and address may move without a change."""
    words = (one.content_hash, one.salary, one.employment_type, one.observes, one.language)
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _see(seen: Seen, scope: ScopeRun, source_id: str, today: date, *, hold_changes: bool) -> None:
    held, read = seen.sightings.get(source_id), scope.postings.get(source_id)
    if held is None:
        if read is not None:
            seen.new.append(read)
            seen.sightings[source_id] = Sighting(
                read.posting_id, scope.scope, _stated(read), read.posted_on, today, today
            )
        return
    if held.closed_on:
        seen.reopened.append(source_id)
        held = replace(
            held,
            n_reopened=held.n_reopened + 1,
            reopened_on=today,
            closed_before_on=held.closed_on,
        )
    stated = held.stated
    if read is not None and _stated(read) != stated and not hold_changes:
        seen.changed.append(read)
        stated = _stated(read)
    seen.sightings[source_id] = replace(
        held,
        scope=scope.scope,
        stated=stated,
        last_seen_on=today,
        n_missed=0,
        missed_on=None,
    )


def _miss(
    seen: Seen,
    known: Mapping[str, Sighting],
    scope: ScopeRun,
    listed: set[str],
    today: date,
    *,
    window: bool,
) -> None:
    """Count a whole listing against the postings it should name and does not.

    window: the listing shows the newest only; what is older than its oldest just left it.
    """
    for source_id, held in known.items():
        if held.scope != scope.scope or source_id in listed or held.closed_on:
            continue
        if window and not (held.posted_on and scope.oldest and held.posted_on > scope.oldest):
            continue
        now = replace(held, n_missed=held.n_missed + 1, missed_on=held.missed_on or today)
        seen.sightings[source_id] = now
        if now.closed_on:
            seen.closed.append(source_id)
