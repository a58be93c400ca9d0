"""Sightings worked out anew from the parts of a live source, where their own file is not to be had.

Layer:   edge (disk). For a lake of an earlier shape (migrations.py) and a broken file
         (lake_care.py): what a part says of a posting is all that is left of its listings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq

from pipeline.edge.lake import Lake, Manifest
from pipeline.edge.lake_tables import read_postings, readable
from pipeline.sources.harvest import ScopeRun
from pipeline.sources.sightings import Sighting, sighted


def sightings_of_parts(
    lake: Lake, manifest: Manifest, scopes: Mapping[str, str]
) -> dict[str, Sighting]:
    """Return one sighting per posting of the parts; of two parts the one of higher rank speaks.

    scopes: which board or thread lists a posting, by the source's own id, where its part does
    not say so
    """
    found: dict[str, Sighting] = {}
    for part in sorted(manifest.parts, key=lambda part: part.rank):
        path = lake.postings_path(manifest.source, part.name)
        stated = {one.source_id: one for one in read_postings(path)}
        read = sighted(
            {}, [ScopeRun("", stated)],
            lists="sample", may_close=False, hold_changes=False, today=date.min,
        ).sightings  # fmt: skip
        for source_id, first, last, closed, board in _listed(lake, manifest, part.name):
            before = found.get(source_id)
            firsts = [first, before.first_seen_on] if before else [first]
            lasts = [last, before.last_seen_on] if before else [last]
            found[source_id] = replace(
                read[source_id],
                scope=board or scopes.get(source_id, before.scope if before else ""),
                first_seen_on=min(firsts),
                last_seen_on=max(lasts),
                n_missed=2 if closed else 0,
                missed_on=closed,
            )
    return found


def _listed(
    lake: Lake, manifest: Manifest, part: str
) -> list[tuple[str, date, date, date | None, str | None]]:
    """Return (source id, first seen, last seen, closed, board) of a part's postings."""
    table = pq.read_table(readable(lake.postings_path(manifest.source, part)))
    names = ("source_id", "first_seen_on", "last_seen_on", "closed_on", "board")
    columns = [
        table[name].to_pylist() if name in table.column_names else [None] * table.num_rows
        for name in names
    ]
    return list(zip(*columns, strict=True))
