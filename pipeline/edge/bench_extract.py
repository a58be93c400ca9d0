"""How fast extraction is: the fast way against the whole-text way and the bare scan.

Layer:   edge (clock). One core, plain text ready in memory, everything warmed up. The three are
         timed in turns over the same stretches of text, so that whatever else the machine does
         meets them alike.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pipeline.edge.bench_ads import ads
from pipeline.edge.exchange import Exchange, read_postings_file
from pipeline.errors import InputError
from pipeline.facts import facts, text_fields
from pipeline.mentions.find import framework_mentions, scanner
from pipeline.mentions.scan import lower
from pipeline.records import Mention, Posting

_STRETCH = 250_000  # bytes timed at a time
_AGAIN_BELOW = 4_000_000  # bytes; less is timed several times over, and the quickest counts
_TIMES = 3
_INVENTED = 1_200  # ads, without --input
_FACTS = 4_000_000  # bytes on which the whole facts record is timed, drawn evenly from the input

Texts = list[tuple[str, str]]
Work = Callable[[Sequence[tuple[Posting, Texts]]], Any]


def extract(source: str | None = None) -> dict[str, Any]:
    """Return speeds in MB (10^6 bytes of UTF-8 of title and description) a second, and ratios.

    source: a file of postings; without one, invented ads (see bench_ads: real ones differ).
    Raise InputError if no posting of the file has a text.
    """
    ready = [(posting, texts_of(posting)) for posting in postings_of(source)]
    ready = [one for one in ready if one[1]]
    if not ready:
        raise InputError(f"{source}: expected postings with a title or description, saw none")
    sizes = [size_of(texts) for _, texts in ready]
    mb = sum(sizes) / 1e6
    cut = list(stretches(ready, sizes))
    for work in (_scan, _fast, _full, _facts):
        work(cut[0])
    times = _TIMES if sum(sizes) < _AGAIN_BELOW else 1
    seconds, identical = [0.0, 0.0, 0.0], True
    for stretch in cut:
        best, results = in_turns((_scan, _fast, _full), stretch, times)
        seconds = [before + one for before, one in zip(seconds, best, strict=True)]
        identical = identical and results[1] == results[2]
    scan, fast, full = (mb / one for one in seconds)
    every = max(1, round(sum(sizes) / _FACTS))
    (facts_seconds,), _ = in_turns((_facts,), ready[::every], _TIMES)
    return {
        "n_postings": len(ready),
        "mb": round(mb, 3),
        "fast_mb_per_s": round(fast, 2),
        "full_mb_per_s": round(full, 2),
        "ratio": round(fast / full, 2),
        "scan_mb_per_s": round(scan, 2),
        "share_of_scan": round(fast / scan, 3),
        "identical": identical,
        "facts_mb_per_s": round(sum(sizes[::every]) / 1e6 / facts_seconds, 2),
    }


def postings_of(source: str | None) -> list[Posting]:
    """Return the postings of a file, or invented ads."""
    if source:
        return list(read_postings_file(source, Exchange()))
    return [
        Posting(ad["posting_id"], "bench", title=ad["title"], description=ad["description"])
        for ad in ads(_INVENTED)
    ]


def texts_of(posting: Posting) -> Texts:
    """Return the texts that are measured: title and description, those that are there."""
    fields = text_fields(posting)
    return [(name, fields[name]) for name in ("title", "description") if fields[name]]


def size_of(texts: Texts) -> int:
    """Return the bytes of some texts."""
    return sum(len(text.encode("utf-8", "replace")) for _, text in texts)


def stretches(
    ready: Sequence[tuple[Posting, Texts]], sizes: Sequence[int]
) -> Iterator[Sequence[tuple[Posting, Texts]]]:
    """Yield the postings in the stretches that are timed at a time."""
    start = filled = 0
    for place, size in enumerate(sizes):
        filled += size
        if filled >= _STRETCH:
            yield ready[start : place + 1]
            start, filled = place + 1, 0
    if start < len(ready):
        yield ready[start:]


def in_turns(
    works: Sequence[Work],
    stretch: Sequence[tuple[Posting, Texts]],
    times: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[float], list[Any]]:
    """Return each work's quickest time and its result."""
    best = [float("inf")] * len(works)
    results: list[Any] = [None] * len(works)
    gc.collect()
    gc.disable()  # as timeit does: a collection would be charged to whoever happens to meet it
    try:
        for _ in range(times):
            for place, work in enumerate(works):
                started = clock()
                results[place] = work(stretch)
                best[place] = min(best[place], clock() - started)
    finally:
        gc.enable()
    return best, results


def _scan(stretch: Sequence[tuple[Posting, Texts]]) -> None:
    hits = scanner().hits
    for _, texts in stretch:
        for _, text in texts:
            hits(lower(text))


def _fast(stretch: Sequence[tuple[Posting, Texts]]) -> list[list[Mention]]:
    return _mentions(stretch, fast=True)


def _full(stretch: Sequence[tuple[Posting, Texts]]) -> list[list[Mention]]:
    return _mentions(stretch, fast=False)


def _mentions(stretch: Sequence[tuple[Posting, Texts]], *, fast: bool) -> list[list[Mention]]:
    return [
        framework_mentions(name, text, posted_on=posting.posted_on, fast=fast)
        for posting, texts in stretch
        for name, text in texts
    ]


def _facts(stretch: Sequence[tuple[Posting, Texts]]) -> None:
    for posting, _ in stretch:
        facts(posting)
