"""Harvest: what a run read of one source, scope by scope, and how whole each listing was.

Layer:   sources (pure). The edge fills it in; verdict.py and sightings.py say what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pipeline.records import Posting, Rejected
from pipeline.sources.source import FILLED, Page


@dataclass(slots=True)
class ScopeRun:
    """One board, site, feed, page or thread in one run.

    postings:   read in this run, by source id; an answer that is as last time is not read again
    listed:     ids of all that the listing names; oldest: the day of its oldest dated posting
    filled:     how many of its n_postings have each field of FILLED
    short:      why the source itself shows less than all, "" where it shows all
    problems:   why it was not read whole
    n_asked:    requests; n_same: of these, answered as last time or not even asked again
    """

    scope: str
    postings: dict[str, Posting] = field(default_factory=dict)
    rejected: dict[str, Rejected] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    drift: set[str] = field(default_factory=set)
    filled: Counter[str] = field(default_factory=Counter)
    n_postings: int = 0
    n_records: int = 0
    total: int | None = None
    oldest: date | None = None
    short: str = ""
    problems: list[str] = field(default_factory=list)
    n_asked: int = 0
    n_same: int = 0

    @property
    def is_complete(self) -> bool:
        """Return whether the listing was read to its end."""
        return not self.problems

    @property
    def is_unchanged(self) -> bool:
        """Return whether nothing of it was new."""
        return self.n_asked > 0 and self.n_asked == self.n_same

    @property
    def gave_nothing(self) -> bool:
        """Return whether not even a part of it could be read."""
        return bool(self.problems) and not self.listed

    def count(self, postings: Iterable[Posting]) -> None:
        """Count the filled fields of postings."""
        for one in postings:
            self.n_postings += 1
            self.filled.update(name for name in FILLED if getattr(one, name))
            if one.posted_on and (self.oldest is None or one.posted_on < self.oldest):
                self.oldest = one.posted_on


@dataclass(slots=True)
class Harvest:
    """All scopes of one source in one run.

    purge: ids of postings that may stay nowhere; notes: what a person may want to know
    """

    source: str
    scopes: list[ScopeRun] = field(default_factory=list)
    purge: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def postings(self) -> dict[str, Posting]:
        """Return what was read, by source id; two boards may show the same posting."""
        return {key: one for scope in self.scopes for key, one in scope.postings.items()}

    @property
    def n_listed(self) -> int:
        """Return how many different postings the listings name."""
        return len(set().union(*(scope.listed for scope in self.scopes)))

    @property
    def fill_rates(self) -> dict[str, float]:
        """Return the share of postings that have each field, 0 to 1; empty without postings."""
        count = sum(scope.n_postings for scope in self.scopes)
        filled: Counter[str] = sum((scope.filled for scope in self.scopes), Counter())
        return {name: round(filled[name] / count, 4) for name in FILLED} if count else {}


def take(run: ScopeRun, page: Page, *, is_listing: bool) -> None:
    """Add what one answer holds to its scope's run."""
    run.postings |= {one.source_id: one for one in page.postings}
    run.rejected |= {f"{one.source_id} {one.reason}": one for one in page.rejected}
    run.listed |= page.listed
    run.drift |= page.drift
    run.short = run.short or page.short
    if is_listing:
        run.n_records += page.n_records
        run.total = run.total if page.total is None else max(page.total, run.total or 0)
    run.count(page.postings)
