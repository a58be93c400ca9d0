"""The ways to a thread's comments: Algolia's search, Algolia's tree, Firebase item by item.

Layer:   edge (asks the network; sources/hn_hiring reads the answers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.edge.fetch import Fetcher
from pipeline.errors import SourceUnavailable
from pipeline.records import Posting, Rejected
from pipeline.sources import hn_hiring as hn

_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class HnSettings:
    """Where Hacker News is asked, how many threads, and how many hits a page."""

    base_url: str = hn.INFO["base_url"]
    firebase_url: str = hn.INFO["firebase_url"]
    threads: int = hn.INFO["threads"]
    hits_per_page: int = hn.INFO["hits_per_page"]
    max_pages: int = 50
    firebase_rate_per_second: float = hn.INFO["firebase_rate_per_second"]
    early_threads: tuple[str, ...] = tuple(hn.INFO["early_threads"])

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> HnSettings:
        """Return the settings of a configuration table; what it leaves out keeps its default."""
        return cls(**{name: table[name] for name in cls.__slots__ if name in table})


@dataclass(slots=True)
class ThreadRun:
    """What one thread gave in this run.

    via:     search | tree | firebase, the way the listing was had
    verdict: complete | truncated | unchanged | failed
    """

    thread_id: str
    via: str = ""
    complete: bool = False
    unchanged: bool = True
    problems: list[str] = field(default_factory=list)
    postings: dict[str, Posting] = field(default_factory=dict)
    rejected: dict[str, Rejected] = field(default_factory=dict)
    drift: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)

    @property
    def verdict(self) -> str:
        """Say in a word how the thread went."""
        if self.complete:
            return "unchanged" if self.unchanged else "complete"
        return "truncated" if self.postings else "failed"

    def take(self, parsed: hn.Parsed, *, unchanged: bool) -> None:
        """Add what one answer holds."""
        self.postings |= {posting.source_id: posting for posting in parsed.postings}
        self.rejected |= {f"{one.source_id} {one.reason}": one for one in parsed.rejected}
        self.drift |= set(parsed.drift)
        self.gone |= parsed.gone
        self.listed |= parsed.listed
        self.unchanged = self.unchanged and unchanged


Way = Callable[[Fetcher, HnSettings, ThreadRun], None]


def by_search(fetcher: Fetcher, settings: HnSettings, run: ThreadRun) -> None:
    """Read a thread's comments page by page."""
    n_pages, page, n_nameless = 1, 0, 0
    n_hits: list[int] = []
    while page < min(n_pages, settings.max_pages):
        answer = fetcher.get(
            hn.NAME,
            f"{settings.base_url}/api/v1/search_by_date",
            params={
                "tags": f"comment,story_{run.thread_id}",
                "hitsPerPage": str(settings.hits_per_page),
                "page": str(page),
            },
        )
        parsed = hn.parse_search(answer.body, run.thread_id)
        if page and parsed.listed <= run.listed:
            run.problems.append(f"page {page} of the search holds nothing new")
            break
        run.take(parsed, unchanged=answer.unchanged)
        n_pages, page = parsed.n_pages, page + 1
        n_hits.append(parsed.n_hits)
        n_nameless += sum(not one.source_id for one in parsed.rejected)
    # The least total: an ad that appears while we turn pages belongs to the next run.
    # Forgotten ads are cut out of an answer before we see it, and still in its total.
    n_unseen = n_nameless + len(fetcher.archive.forgotten(hn.NAME))
    run.complete = len(run.listed) + n_unseen >= min(n_hits)
    if not run.complete:
        run.problems.append(f"the search gave {len(run.listed)} of {min(n_hits)} comments")


def by_tree(fetcher: Fetcher, settings: HnSettings, run: ThreadRun) -> None:
    """Read a thread's comments in one answer."""
    answer = fetcher.get(hn.NAME, f"{settings.base_url}/api/v1/items/{run.thread_id}")
    run.take(hn.parse_tree(answer.body), unchanged=answer.unchanged)
    run.complete = True


def by_firebase(fetcher: Fetcher, settings: HnSettings, run: ThreadRun) -> None:
    """Read a thread and then each of its comments, one request apiece."""
    thread, unchanged = firebase_item(fetcher, settings, run.thread_id, run.thread_id)
    if not thread.listed:
        raise SourceUnavailable(f"{hn.NAME}: Firebase has no item {run.thread_id}")
    run.take(hn.Parsed(drift=thread.drift), unchanged=unchanged)
    n_failed = n_in_a_row = 0
    for kid in thread.kids:
        try:
            parsed, unchanged = firebase_item(fetcher, settings, kid, run.thread_id)
        except SourceUnavailable as error:
            n_failed, n_in_a_row = n_failed + 1, n_in_a_row + 1
            run.problems.append(str(error))
            if n_in_a_row == _FAILURES_IN_A_ROW:
                break
            continue
        n_in_a_row = 0
        if not parsed.listed:
            parsed.gone.add(kid)  # Firebase says null: there is no such item any more
        run.take(parsed, unchanged=unchanged)
    run.complete = n_failed == 0


def firebase_item(
    fetcher: Fetcher, settings: HnSettings, item_id: str, thread_id: str
) -> tuple[hn.Parsed, bool]:
    """Return what one Firebase item holds, and whether it is as archived."""
    url = f"{settings.firebase_url}/v0/item/{item_id}.json"
    answer = fetcher.get(hn.NAME, url, rate=settings.firebase_rate_per_second)
    return hn.parse_item(answer.body, thread_id), answer.unchanged
