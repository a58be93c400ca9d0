"""Extraction over the lake: facts for every part that this extractor version has not read yet.

Layer:   edge (disk). A part is the unit of work; what is already read is not read again. What an
         earlier version read stays in force until it is read anew, so that a long re-reading can
         take several nights, or run beside them (backfill.py).
"""

from __future__ import annotations

import logging
import math
import platform
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from pipeline.edge import lake_tables, runners
from pipeline.edge.lake import Lake, Part
from pipeline.edge.lake_paths import place
from pipeline.errors import PipelineError
from pipeline.facts import extractor_version, facts
from pipeline.mentions.own import OwnFiles
from pipeline.postings.dedupe import outline

log = logging.getLogger(__name__)

# a cluster's worker may have many threads, and spaCy's vocabulary is not made for two at a time
_ALONE = threading.Lock()


class Unread(NamedTuple):
    """A part that this extractor version has not read; earlier: the versions that have."""

    source: str
    part: Part
    earlier: list[str]


def unread(lake: Lake, version: str, sources: Collection[str] = ()) -> list[Unread]:
    """Return what waits to be read, of these sources of the lake (default: all).

    What no version has read comes first, and of each the longest, so that no worker is left with
    a long one at the end.
    """
    waiting = []
    for source in lake.sources():
        if sources and source not in sources:
            continue
        versions = lake.versions(source)
        for part in lake.manifest(source).parts:
            if version not in (earlier := versions.get(part.name, [])):
                waiting.append(Unread(source, part, earlier))
    return sorted(
        waiting,
        key=lambda one: (bool(one.earlier), -one.part.n_postings, one.source, one.part.name),
    )


def extract_new(
    lake: Lake,
    progress: Callable[[int, int], None] = lambda done, total: None,
    own: OwnFiles = (),
    *,
    patience: float = math.inf,
    sources: Collection[str] = (),
    most: int | None = None,
    opened: runners.Opened = runners.processes,
    lost: list[runners.Lost] | None = None,
) -> int:
    """Read every part in force that lacks facts or outlines; return how many postings.

    progress: called with (postings read, postings to read) after every part.
    own:      a user's own terms
    patience: seconds after which parts that an earlier version read are left for another time
    sources, most: read only these sources of the lake, and no more parts than that
    opened:   opens the runner that reads the parts, if there are any to read
    lost:     receives the parts that failed at every try; they stay as they were
    """
    lost = [] if lost is None else lost
    version = extractor_version(own)
    waiting = unread(lake, version, sources)[:most]
    total = sum(one.part.n_postings for one in waiting)
    until = time.monotonic() + patience
    folder = str(lake.folder.absolute())  # whole: a cluster's workers started in others

    def jobs() -> Iterator[tuple[str, str, str, str, OwnFiles, list[str]]]:
        for source, part, earlier in waiting:
            if not earlier or time.monotonic() < until:
                yield folder, source, part.name, version, own, earlier

    done = 0
    progress(done, total)
    if waiting:
        with opened() as runner:
            for count in runners.done(runner, extract_part, jobs(), lost):
                done += count
                progress(done, total)
    log.info("extracted %d of %d postings, extractor %s", done, total, version)
    return done


def extract_part(
    folder: str,
    source: str,
    part: str,
    version: str,
    own: OwnFiles = (),
    earlier: Sequence[str] = (),
) -> int:
    """Read one part's postings and write their facts (runs in a worker, here or elsewhere).

    earlier: versions whose facts these replace
    """
    with _ALONE:
        return _extract_part(folder, source, part, version, own, earlier)


def _extract_part(
    folder: str, source: str, part: str, version: str, own: OwnFiles, earlier: Sequence[str]
) -> int:
    demand_alike(folder, version, own)
    lake = Lake(folder)
    postings = lake_tables.read_postings(lake.postings_path(source, part))
    # a digest carries what was found out about its copies while it had a text
    outlines = [outline(posting) for posting in postings if posting.observes != "digest"]
    lake_tables.write_table(
        lake.outlines_path(source, part, version), lake_tables.outlines_table(outlines)
    )
    table = lake_tables.facts_table([facts(posting, own) for posting in postings])
    lake_tables.write_table(lake.facts_path(source, part, version), table)
    for other in earlier:
        lake.facts_path(source, part, other).unlink(missing_ok=True)
        lake.outlines_path(source, part, other).unlink(missing_ok=True)
    return len(postings)


def demand_alike(folder: str, version: str, own: OwnFiles = ()) -> None:
    """Raise PipelineError in a worker that has other code than the run, or not its lake.

    One of other code would write what no run of this version would have written.
    """
    if (ours := extractor_version(own)) != version:
        raise PipelineError(
            f"a worker on {platform.node()}: expected extractor {version}, which this run has, "
            f"saw {ours}; install the same version of jobmarket there, restart it and run again"
        )
    try:
        is_there = place(folder).is_dir()
    except PipelineError as refused:  # of a store: this worker has keys of its own, or none
        raise PipelineError(f"a worker on {platform.node()}: {refused}") from None
    if not is_there:
        raise PipelineError(
            f"a worker on {platform.node()}: expected the lake at {folder}, saw no such folder; "
            "give it the same disk under the same path, or the same store, then run again"
        )
