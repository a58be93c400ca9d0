"""Long work in pieces beside the nights: a source's past, and reading anew with a new lexicon.

Layer:   edge (disk, clock). Each piece holds the writer's lock for itself alone, so that a nightly
         run begins after the one under way. What is done lies in the lake: a call after a kill goes
         on where that one stopped. Nothing is published; the next run does that.

    backfill.json   how far it is and how long the rest takes, for `jobmarket status`
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from pipeline.edge import lake_care, locks, workers, writer_lease
from pipeline.edge.disk_space import full_disk_told
from pipeline.edge.durable import write_atomically
from pipeline.edge.extraction import extract_new, unread
from pipeline.edge.forgetting import forgotten_ids
from pipeline.edge.lake import Lake
from pipeline.edge.migrations import migrate
from pipeline.edge.own_folder import own_terms
from pipeline.edge.past import KEEP_A_PAST, past_of
from pipeline.edge.progress import Progress, seconds_left
from pipeline.edge.settings import Settings
from pipeline.errors import InputError, SourceChanged, SourceUnavailable
from pipeline.facts import extractor_version

log = logging.getLogger(__name__)

_FAILURES_IN_A_ROW = 3  # of threads: then the source is left alone until the next call


def backfill(
    settings: Settings, names: Sequence[str] = (), since: date | None = None
) -> dict[str, Any]:
    """Read the past of sources, then what an earlier lexicon read; returns what was done.

    names: sources (default: all); since: read their past from this day on, where they keep one
    """
    settings.demand_known(names)
    past = _with_a_past(settings, names) if since else []
    with locks.only_backfill(settings.data):
        book = Book(settings)
        lake = Lake(settings.lake)
        with _piece(settings):
            migrate(lake)
            book.problems += lake_care.heal(lake, forgotten=forgotten_ids(settings))
        for name in past:
            assert since is not None
            _read_past(settings, name, since, book)
        _read_anew(settings, names, book)
        with _piece(settings):
            lake_care.note(lake)
        return book.end()


class Book:
    """How far a backfill is, on stderr and in backfill.json."""

    def __init__(self, settings: Settings):
        self.path = settings.data / "backfill.json"
        self.problems: list[str] = []
        self.values: dict[str, Any] = {
            "started_at": datetime.now(UTC).isoformat(), "pid": os.getpid(), "n_threads": 0,
            "n_new": 0, "n_reread": 0,
        }  # fmt: skip

    @contextmanager
    def work(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """Begin one kind of work."""
        self.values |= {"what": what}
        began = time.monotonic()
        with Progress(what) as progress:

            def tell(done: int, total: int) -> None:
                left = seconds_left(done, total - done, time.monotonic() - began)
                self.values |= {
                    "n_done": done,
                    "n_total": total,
                    "seconds_left": None if left is None else round(left),
                }
                self.write()
                progress(done, total)

            yield tell

    def write(self) -> None:
        """Write how far it is."""
        now = datetime.now(UTC).isoformat()
        values = self.values | {"updated_at": now, "problems": self.problems}
        write_atomically(self.path, json.dumps(values, indent=1).encode())

    def end(self) -> dict[str, Any]:
        """Note that all is done; returns what was."""
        self.values |= {"ended_at": datetime.now(UTC).isoformat(), "seconds_left": 0}
        self.write()
        return self.values | {"problems": self.problems}


@contextmanager
def _piece(settings: Settings) -> Iterator[None]:
    with (
        locks.piece(settings.data),
        writer_lease.held(settings.lake, settings.data),
        full_disk_told(settings),
    ):
        yield


def _with_a_past(settings: Settings, names: Sequence[str]) -> list[str]:
    enabled = [name for name in settings.source_names() if name in KEEP_A_PAST]
    for name in names:
        if name not in enabled:
            raise InputError(
                f"{name}: expected a source that keeps its past and is enabled, such as "
                f"{', '.join(KEEP_A_PAST)}; leave --since out to read only what lies in the lake"
            )
    return list(names) or enabled


def _read_past(settings: Settings, name: str, since: date, book: Book) -> None:
    n_failed = 0
    with past_of(settings, name, since) as past, book.work(f"{name} since {since}") as tell:
        with _piece(settings):
            threads = past.threads()
        tell(0, len(threads))
        for number, thread in enumerate(threads, 1):
            with _piece(settings):
                try:
                    run = past.read(thread, datetime.now(UTC).date())
                except (SourceUnavailable, SourceChanged) as error:
                    book.problems.append(str(error))
                    n_failed += 1
                else:
                    book.problems += run.problems
                    book.values["n_new"] += run.n_new
                    book.values["n_threads"] += not run.problems
                    n_failed = 0
            tell(number, len(threads))
            if n_failed == _FAILURES_IN_A_ROW:
                return


def _read_anew(settings: Settings, names: Sequence[str], book: Book) -> None:
    """Read every part that this extractor has not read, as many at a time as there are workers."""
    lake = Lake(settings.lake)
    own = own_terms(settings)
    version = extractor_version(own)
    sources = [one for name in names for one in (name, f"{name}.live")]
    n_done = 0
    with book.work("read anew") as tell:
        while True:
            waiting = unread(lake, version, sources)
            tell(n_done, n_done + sum(one.part.n_postings for one in waiting))
            if not waiting:
                return
            with _piece(settings):
                count = extract_new(lake, own=own, sources=sources, most=workers.count())
            n_done += count
            book.values["n_reread"] += count
