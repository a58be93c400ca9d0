"""Live Hacker News: the newest hiring threads by search, by tree or item by item, whichever works.

Layer:   edge (asks the network in the order that the answers suggest; sources/ reads them).
Quirk:   a deleted comment just stops being listed by the search; only Firebase says that it was
         deleted, so a missing one is looked up there before it is purged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.edge.cleaning import Policy
from pipeline.edge.fetch import Fetcher
from pipeline.edge.hn_ways import (
    HnSettings,
    ThreadRun,
    Way,
    by_firebase,
    by_search,
    by_tree,
    firebase_item,
)
from pipeline.errors import SourceChanged, SourceUnavailable
from pipeline.records import Posting, Rejected
from pipeline.sources import hn_hiring as hn
from pipeline.sources.harvest import Harvest, ScopeRun
from pipeline.sources.hn_answers import trimmed

# Before its first thread others opened them; their ids stand in hn_hiring.toml.
_FIRST_OF_THE_ACCOUNT = date(2011, 4, 30)
_WAYS: Mapping[str, Way] = {"search": by_search, "tree": by_tree, "firebase": by_firebase}
# More ads than this, and more than half of a thread, do not vanish between two nights.
_SUSPICIOUS = 10


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs hold: the ids of our postings, by thread id."""

    threads: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collected:
    """One run's harvest.

    verdict: complete | truncated | unchanged | failed, of all threads together
    purge:   item ids that may stay nowhere: archive, lake, warehouse
    known:   what the next run gets as its `known`
    notes:   one line per thing a person may want to know
    """

    as_of: date
    postings: list[Posting]
    rejected: list[Rejected]
    drift: list[str]
    threads: list[ThreadRun]
    verdict: str
    purge: list[str]
    known: Known
    notes: list[str]


def harvest_of(found: Collected) -> Harvest:
    """Return a run's harvest in the words that all sources share: a scope is a thread."""
    scopes = []
    for thread in found.threads:
        whole = thread.verdict in {"complete", "unchanged"}
        scope = ScopeRun(thread.thread_id, thread.postings, thread.rejected)
        scope.listed, scope.drift = set(thread.postings), thread.drift
        scope.problems = [] if whole else thread.problems or ["was not read to its end"]
        scope.n_asked, scope.n_same = 1, int(thread.unchanged)
        scope.count(thread.postings.values())
        scopes.append(scope)
    told = {problem for scope in scopes for problem in scope.problems}
    notes = [note for note in found.notes if not any(note.endswith(one) for one in told)]
    return Harvest(hn.NAME, scopes, found.purge, notes)


def whole_threads(found: Collected, before: frozenset[str]) -> list[str]:
    """Return the threads that were read to their end, in this run or before: a backfill's past."""
    read = {one.thread_id for one in found.threads if one.verdict in {"complete", "unchanged"}}
    return sorted(before | read, key=_by_number)


def archive_policy() -> Policy:
    """Return what of Hacker News's answers may be archived: no names, no replies."""
    return Policy.from_info(hn.INFO, trim=trimmed)


def collect(
    fetcher: Fetcher,
    settings: HnSettings,
    *,
    today: date,
    known: Known,
    since: date | None = None,
    whole: frozenset[str] = frozenset(),
    only: Sequence[str] = (),
) -> Collected:
    """Return the ads of the newest hiring threads, and which of ours have to go.

    since: read every thread opened since then as well, but for those that were read `whole`.
    only:  read these threads and no other: a piece of a backfill
    Raises SourceUnavailable where no thread gave anything, SourceChanged on a new format.
    """
    notes: list[str] = []
    thread_ids, ways = (
        (list(only), dict(_WAYS))
        if only
        else _newest(fetcher, settings, known, notes, since, whole)
    )
    runs = []
    purge: set[str] = set()
    held = dict(known.threads)
    for thread_id in thread_ids:
        ours = held.get(thread_id, frozenset())
        run = _thread(fetcher, settings, thread_id, ours, ways)
        runs.append(run)
        missing = _missing(fetcher, settings, run, ours)
        purge |= run.gone | missing
        held[thread_id] = (ours | run.postings.keys()) - run.gone - missing
        notes += [f"thread {thread_id}: {problem}" for problem in run.problems]
    if all(run.verdict == "failed" for run in runs):
        raise SourceUnavailable("; ".join(notes)[:2000])
    if not any(run.listed or run.gone for run in runs) and not purge:
        raise SourceChanged(hn.NAME, "comments in the newest hiring threads", thread_ids)
    return Collected(
        as_of=today,
        postings=[one for run in runs for one in run.postings.values()],
        rejected=[one for run in runs for one in run.rejected.values()],
        drift=sorted(set().union(*(run.drift for run in runs))),
        threads=runs,
        verdict=_overall([run.verdict for run in runs]),
        purge=sorted(purge, key=_by_number),
        known=Known(held),
        notes=notes,
    )


def past_threads(
    fetcher: Fetcher, settings: HnSettings, since: date, whole: frozenset[str]
) -> list[str]:
    """Return the threads opened since a day that were never read whole, newest first."""
    threads = _threads(fetcher, settings, since)
    return [one.item_id for one in threads if one.opened_on >= since and one.item_id not in whole]


def _by_number(item_id: str) -> tuple[int, str]:
    return len(item_id), item_id


def _overall(verdicts: list[str]) -> str:
    if {"truncated", "failed"} & set(verdicts):
        return "truncated"
    return "unchanged" if set(verdicts) == {"unchanged"} else "complete"


def _newest(
    fetcher: Fetcher,
    settings: HnSettings,
    known: Known,
    notes: list[str],
    since: date | None,
    whole: frozenset[str],
) -> tuple[list[str], dict[str, Way]]:
    """Return the threads' ids, newest first, and the ways worth trying, best first."""
    try:
        threads = _threads(fetcher, settings, since)
    except SourceUnavailable as error:
        remembered = sorted(known.threads, key=_by_number, reverse=True)[: settings.threads]
        if not remembered:
            raise
        notes.append(f"the threads of earlier runs were used, since {error}")
        only: dict[str, Way] = {"firebase": by_firebase}
        return remembered, only
    if not threads:
        raise SourceChanged(hn.NAME, "at least one hiring thread among the newest stories", 0)
    newest = [thread.item_id for thread in threads[: settings.threads]]
    older = [
        thread.item_id
        for thread in threads[settings.threads :]
        if since and thread.opened_on >= since and thread.item_id not in whole
    ]
    return newest + older, dict(_WAYS)


def _threads(fetcher: Fetcher, settings: HnSettings, since: date | None) -> list[hn.Thread]:
    """Return the hiring threads, newest first: some of the newest, or all back to a day."""
    # The account opens three threads a month, one of them ours.
    size = 1000 if since else min(1000, 6 * settings.threads + 20)
    threads: list[hn.Thread] = []
    page, n_pages = 0, 1
    while page < n_pages:
        params = {
            "tags": "story,author_whoishiring",
            "hitsPerPage": str(size),
            "page": str(page),
        }
        url = f"{settings.base_url}/api/v1/search_by_date"
        body = fetcher.get(hn.NAME, url, params=params).body
        found = hn.parse_stories(body)
        new = [one for one in found if one not in threads]
        threads += new
        page, n_pages = page + 1, hn.story_pages(body)
        if not since or not new or new[-1].opened_on < since:
            break
    if since and since < _FIRST_OF_THE_ACCOUNT:
        threads += [hn.Thread(one, "", _FIRST_OF_THE_ACCOUNT) for one in settings.early_threads]
    return threads


def _thread(
    fetcher: Fetcher,
    settings: HnSettings,
    thread_id: str,
    ours: frozenset[str],
    ways: Mapping[str, Way],
) -> ThreadRun:
    """Return the first complete listing of a thread, else all that the ways gave together."""
    partial = ThreadRun(thread_id)
    for via, way in ways.items():
        run = ThreadRun(thread_id, via=via)
        try:
            way(fetcher, settings, run)
        except SourceUnavailable as error:
            run.complete = False
            run.problems.append(str(error))
        if run.complete and _is_suspicious(run, ours):
            run.complete = False
            run.problems.append(
                f"the {via} lists {len(run.listed)} comments, we know {len(ours)} ads"
            )
        run.problems[:0] = partial.problems
        if run.complete:
            run.gone |= partial.gone - run.postings.keys()
            return run
        partial = _together(partial, run)
    return partial


def _together(one: ThreadRun, other: ThreadRun) -> ThreadRun:
    """Return two partial listings as one; what the later says of an ad holds."""
    other.via = other.via if other.postings else one.via
    other.gone |= one.gone - other.postings.keys()
    other.postings = {
        item_id: posting
        for item_id, posting in (one.postings | other.postings).items()
        if item_id not in other.gone
    }
    other.rejected = one.rejected | other.rejected
    other.drift |= one.drift
    other.listed |= one.listed
    other.unchanged = False
    return other


def _is_suspicious(run: ThreadRun, ours: frozenset[str]) -> bool:
    lost = len(ours - run.listed - run.gone)
    return lost > _SUSPICIOUS and 2 * lost > len(ours)


def _missing(
    fetcher: Fetcher, settings: HnSettings, run: ThreadRun, ours: frozenset[str]
) -> set[str]:
    """Return our ids that a complete listing lacks and that Firebase does not show alive.

    A live one joins the run. Where Firebase cannot answer, the author's wish comes first: purged.
    """
    if not run.complete:
        return set()
    missing = set()
    asks = True
    for item_id in sorted(ours - run.listed - run.gone, key=_by_number):
        parsed = hn.Parsed()
        if asks:
            try:
                parsed, unchanged = firebase_item(fetcher, settings, item_id, run.thread_id)
                run.take(parsed, unchanged=unchanged)
            except (SourceUnavailable, SourceChanged) as error:
                run.problems.append(f"missing ads are purged unconfirmed, since {error}")
                asks = False
        if not parsed.postings and not parsed.rejected:
            missing.add(item_id)
    return missing
