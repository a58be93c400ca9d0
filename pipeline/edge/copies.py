"""Copies: the duplicates among all postings of the lake, found anew at every build.

Layer:   edge (disk). Outlines are written with a part's facts, so only new texts are sketched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.edge import lake_tables
from pipeline.edge.lake import Lake, in_force
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.whole_files import BROKEN
from pipeline.errors import PipelineError
from pipeline.postings.dedupe import Copy, Outline, duplicates


def find_copies(
    lake: Lake, version: str, here: Callable[[list[LakePath]], Sequence[LakePath]] = list
) -> list[Copy]:
    """Return every duplicate in the lake; of a posting in several parts the newest part speaks.

    version: of the extractor; what it has not read yet stands as an earlier one read it.
             Raises PipelineError for a part without outlines: its copies would count as jobs.
    here:    returns files on this disk for those of a lake that lies elsewhere
    """
    outlines: dict[str, Outline] = {}
    parts = [(part.rank, source, part.name) for source in lake.sources()
             for part in lake.manifest(source).parts]  # fmt: skip
    parts.sort()
    versions = {source: lake.versions(source) for source in lake.sources()}
    paths = []
    for _, source, name in parts:
        read_by = in_force(versions[source].get(name, ()), version)
        if not read_by:
            raise PipelineError(
                f"{source}: part {name} has no outlines to find copies by; run `jobmarket build`"
            )
        paths.append(lake.outlines_path(source, name, read_by))
    for path in here(paths):
        try:
            found = lake_tables.read_outlines(path)
        except BROKEN as error:
            seen = " ".join(str(error).split())[:160]
            raise PipelineError(f"{path}: expected outlines, saw {seen}") from None
        outlines |= {one.posting_id: one for one in found}
    return duplicates(outlines.values())
