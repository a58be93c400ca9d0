"""Extraction over the lake: facts for every part that this extractor version has not read yet.

Layer:   edge (disk). A part is the unit of work; what is already read is not read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from pipeline.edge import lake_tables, workers
from pipeline.edge.lake import Lake
from pipeline.facts import extractor_version, facts
from pipeline.mentions.own import OwnFiles
from pipeline.postings.dedupe import outline

log = logging.getLogger(__name__)


def extract_new(
    lake: Lake,
    progress: Callable[[int, int], None] = lambda done, total: None,
    own: OwnFiles = (),
) -> int:
    """Read every part in force that lacks facts or outlines; return how many postings.

    progress: called with (postings read, postings to read) after every part.
    own:      a user's own terms
    """
    version = extractor_version(own)
    waiting = [
        (source, part)
        for source in lake.sources()
        for part in lake.manifest(source).parts
        if not lake.facts_path(source, part.name, version).exists()
        or not lake.outlines_path(source, part.name, version).exists()
    ]
    total = sum(part.n_postings for _, part in waiting)
    done = 0
    progress(done, total)
    # the longest first, so that no worker is left with a long one at the end
    waiting.sort(key=lambda one: (-one[1].n_postings, one[0], one[1].name))
    jobs = ((str(lake.folder), source, part.name, version, own) for source, part in waiting)
    for count in workers.run(extract_part, jobs):
        done += count
        progress(done, total)
    for source, part in waiting:
        lake.drop_other_versions(source, part.name, version)
    log.info("extracted %d postings in %d parts, extractor %s", total, len(waiting), version)
    return total


def extract_part(folder: str, source: str, part: str, version: str, own: OwnFiles = ()) -> int:
    """Read one part's postings and write their facts (runs in a worker)."""
    lake = Lake(Path(folder))
    postings = lake_tables.read_postings(lake.postings_path(source, part))
    # a digest carries what was found out about its copies while it had a text
    outlines = [outline(posting) for posting in postings if posting.observes != "digest"]
    lake_tables.write_table(
        lake.outlines_path(source, part, version), lake_tables.outlines_table(outlines)
    )
    table = lake_tables.facts_table([facts(posting, own) for posting in postings])
    lake_tables.write_table(lake.facts_path(source, part, version), table)
    return len(postings)
