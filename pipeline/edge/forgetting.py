"""Forgetting: one posting is removed from archive, lake and corpus, and kept from coming back.

Layer:   edge (disk). The warehouse and the site are built anew afterwards.
"""

from __future__ import annotations

import json

from pipeline.edge.durable import write_atomically
from pipeline.edge.lake import Lake
from pipeline.edge.lake_care import remove_set_aside
from pipeline.edge.lake_copies import LakeCopies
from pipeline.edge.live_settings import archive_of
from pipeline.edge.reference import remove_digest
from pipeline.edge.settings import Settings


def forgotten_ids(settings: Settings) -> frozenset[str]:
    """Return the ids that somebody asked to have removed."""
    path = settings.lake / "forgotten.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else frozenset()


def forget(settings: Settings, posting_id: str) -> dict[str, int]:
    """Remove one posting from archive, lake and reference corpus, and keep it from coming back."""
    lake = Lake(settings.lake)
    path = lake.folder / "forgotten.json"
    write_atomically(path, json.dumps(sorted(forgotten_ids(settings) | {posting_id})).encode())
    LakeCopies(settings.lake_copies).drop()
    removed = {"lake": lake.remove_postings({posting_id})}
    if n_aside := remove_set_aside(lake):
        removed["files set aside"] = n_aside
    source, _, source_id = posting_id.partition(":")
    source = "hn_hiring" if source == "hn" else source
    if source in settings.live and source_id:
        removed["archive"] = archive_of(settings).forget(source, source_id)
    removed["digests"] = remove_digest(posting_id, settings.reference_folder)
    return removed
