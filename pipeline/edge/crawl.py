"""Crawl: ask all there is of one source, scope by scope, and say how whole each listing was.

Layer:   edge (network). Any source: what to ask next stands in the pages its `parse` returns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipeline.edge.fetch import Answer, Fetcher
from pipeline.edge.memory import Remembered, remember
from pipeline.errors import OutOfTime, SourceChanged, SourceUnavailable
from pipeline.records import RawDocument
from pipeline.sources.harvest import Harvest, ScopeRun, take
from pipeline.sources.source import Page, Request, starts

_MAX_PAGES = 200
_FAILURES_IN_A_ROW = 3


@dataclass(slots=True)
class Crawl:
    """One source's crawl of one run.

    module:   the source: INFO, parse and, where it has them, starts and headers
    options:  its TOML with what the config overrides
    memory:   what earlier runs remember; `kept` is what the next one gets
    known:    scopes that have postings of ours: a page of these that is gone was closed
    """

    module: Any
    options: Mapping[str, Any]
    fetcher: Fetcher
    memory: Mapping[str, Remembered]
    known: frozenset[str]
    reader: str
    today: date
    employer_of: Callable[[str], str]
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: dict[str, Remembered] = field(default_factory=dict)
    _over: bool = False  # its time is spent: what is not read yet waits for the next run

    def run(self) -> Harvest:
        """Return the source's harvest; no failure of a scope stops another one."""
        first: dict[str, list[Request]] = {}
        for request in getattr(self.module, "starts", starts)(self.module.INFO, self.options):
            first.setdefault(request.scope, []).append(request)
        harvest = Harvest(self.module.INFO["name"])
        for scope, requests in first.items():
            run = ScopeRun(scope)
            if self._over:
                run.problems.append("was not asked any more")
            else:
                self._read(run, requests)
            harvest.scopes.append(run)
            if run.problems:  # what is known of the rest of it stays known
                was = {url: one for url, one in self.memory.items() if one.scope == scope}
                self.kept = was | self.kept
        return harvest

    def _read(self, run: ScopeRun, requests: list[Request]) -> None:
        """Read one scope to its end, or as far as it can be had."""
        limit = int(self.options.get("max_pages", _MAX_PAGES))
        queue, asked, n_pages, n_failed = deque(requests), set[str](), 0, 0
        while queue:
            request = queue.popleft()
            if request.url in asked:
                continue
            asked.add(request.url)
            is_listing = not request.row
            n_pages += is_listing
            if n_pages > limit and is_listing:
                cut = f"has more than {limit} pages; the rest was not asked for"
                if self.options["lists"] == "all":
                    run.problems.append(cut)
                else:
                    run.short = run.short or cut
                queue = _details(queue)
                continue
            try:
                page = self._page(run, request)
                n_failed = 0
            except (SourceUnavailable, SourceChanged) as error:
                run.problems.append(str(error))
                n_failed += 1
                self._over = isinstance(error, OutOfTime)
                if self._over or n_failed == _FAILURES_IN_A_ROW:
                    break
                queue = _details(queue) if is_listing else queue
                continue
            if is_listing and page.more and page.listed and page.listed <= run.listed:
                run.problems.append(
                    f"{request.url} lists nothing that is new and names further pages: a loop"
                )
                queue = _details(queue)
                continue
            take(run, page, is_listing=is_listing)
            queue.extend(page.more)
        self._demand_total(run)

    def _page(self, run: ScopeRun, request: Request) -> Page:
        """Return one page, asked or remembered; raise SourceUnavailable or SourceChanged."""
        known = self.memory.get(request.url)
        if known and known.reader != self.reader:
            known = None
        if known and request.row and known.row == request.row:
            return self._again(run, request, known)
        run.n_asked += 1
        closes = bool(self.module.INFO.get("missing_is_closed")) and request.scope in self.known
        answer = self.fetcher.get(
            self.module.INFO["name"],
            request.url,
            headers=self.headers,
            missing_ok=bool(request.row) or closes,
        )
        if answer.status in (404, 410):
            # listed and gone: what its row says is all there is, and it is asked again next time
            gone = replace(answer, body="{}")
            return self.module.parse(self._document(request, gone)) if request.row else Page()
        if answer.unchanged and known:
            run.n_same += 1
            return self._again(run, request, known)
        page = self.module.parse(self._document(request, answer))
        self.kept[request.url] = remember(page, request, self.reader)
        return page

    def _again(self, run: ScopeRun, request: Request, known: Remembered) -> Page:
        self.kept[request.url] = known
        known.count_into(run)
        return known.page()

    def _document(self, request: Request, answer: Answer) -> RawDocument:
        return RawDocument(
            source=self.module.INFO["name"],
            url=request.url,
            body=answer.body,
            fetched_on=self.today,
            scope=request.scope,
            employer=self.employer_of(request.scope),
            row=request.row,
        )

    def _demand_total(self, run: ScopeRun) -> None:
        """Note it where a source says that it has more than it gave."""
        # forgotten postings are cut out of an answer before we see it, and still in its total
        n_unseen = len(self.fetcher.archive.forgotten(self.module.INFO["name"]))
        got = max(len(run.listed), run.n_records)
        if not run.problems and not run.short and run.total and got + n_unseen < run.total:
            run.problems.append(f"gave {got} of {run.total} postings")


def _details(queue: deque[Request]) -> deque[Request]:
    """Return what is left to ask where a listing ends early: the postings it did name."""
    return deque(one for one in queue if one.row)
