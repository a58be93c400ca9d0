"""Ingest of the live sources: what is new goes into the lake, what is gone is purged from it.

Layer:   edge (network, disk). Asking is live.py; this decides nothing about an ad.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from pipeline.edge import lake as lakes
from pipeline.edge.archive import Archive
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.ingest import SourceRun, count_parts, write_part
from pipeline.edge.lake import Lake, Part, part_name
from pipeline.edge.live import HnSettings, Known, archive_policy, collect
from pipeline.edge.settings import Settings
from pipeline.errors import SourceChanged, SourceUnavailable
from pipeline.postings.privacy import without_personal_data
from pipeline.records import Rejected

log = logging.getLogger(__name__)

HN = "hn_hiring"
LAKE_NAME = "hn_hiring.live"  # beside a files source of the same name


def archive_of(settings: Settings) -> Archive:
    """Return the archive of raw answers."""
    return Archive(settings.data / "raw", {HN: archive_policy()}, without_personal_data)


def ingest_hn(lake: Lake, settings: Settings, *, today: date) -> SourceRun:
    """Ask Hacker News for the newest hiring threads and bring the lake up to date."""
    run = SourceRun(HN)
    manifest = lake.manifest(LAKE_NAME)
    options = settings.live[HN].options
    archive = archive_of(settings)
    rates = {HN: float(options.get("rate_per_second", 1.0))}
    try:
        with Fetcher(archive, _fetch_settings(settings, options), rates) as fetcher:
            found = collect(
                fetcher,
                HnSettings.from_table(options),
                today=today,
                known=Known.from_dict(manifest.state),
            )
    except (SourceUnavailable, SourceChanged) as error:
        run.verdict, run.message = "failed", str(error)
        run.problems.append(run.message)
        log.info("%s", error)  # whoever started the run says it, once
        count_parts(run, manifest.parts)
        return run
    archive.prune(settings.retention_days, today=today)
    if found.purge:
        archive.purge(HN, found.purge)
        lake.remove_postings({f"hn:{item}" for item in found.purge})
        manifest = lake.manifest(LAKE_NAME)
    manifest.state = found.known.to_dict() | {"hashes": manifest.state.get("hashes", {})}
    forgotten = archive.forgotten(HN)
    hashes: dict[str, str] = manifest.state["hashes"]
    for item in found.purge:
        hashes.pop(f"hn:{item}", None)
    listed = [one for one in found.postings if one.source_id not in forgotten]
    new = [one for one in listed if hashes.get(one.posting_id) != one.content_hash]
    _see_again(lake, manifest.parts, {one.posting_id for one in listed}, today)
    if new or found.rejected:
        name = part_name(HN, today, *(f"{one.posting_id} {one.content_hash}" for one in new))
        if name not in {part.name for part in manifest.parts}:
            aside = _unseen(lake, manifest.parts, found.rejected)
            rank = lake.next_rank()
            part = write_part(lake, LAKE_NAME, name, rank, new, aside, today, seen_on=today)
            manifest.parts.append(part)
        hashes.update({one.posting_id: one.content_hash for one in new})
    lake.commit(manifest)
    count_parts(run, manifest.parts)
    run.n_new = len(new)
    run.verdict, run.drift = found.verdict, found.drift
    run.message = "; ".join(found.notes)
    if found.verdict == "truncated":
        run.problems += found.notes or ["hn_hiring: a thread was not read to its end"]
    return run


def _unseen(lake: Lake, parts: list[Part], rejected: list[Rejected]) -> list[Rejected]:
    """Return the rejects that no part holds yet: the same comment is set aside once."""
    held = set()
    for part in parts:
        path = lake.rejects_path(LAKE_NAME, part.name)
        if path.exists():
            held |= set(lakes.reject_ids(path))
    return [one for one in rejected if one.source_id not in held]


def _see_again(lake: Lake, parts: list[Part], ids: set[str], today: date) -> None:
    """Move last_seen_on of the ads that are still listed; their facts stay valid."""
    for part in parts:
        lakes.set_last_seen(lake.postings_path(LAKE_NAME, part.name), ids, today)


def _fetch_settings(settings: Settings, options: dict[str, Any]) -> FetchSettings:
    chosen = {name: options[name] for name in FetchSettings.__dataclass_fields__ if name in options}
    if settings.contact:
        chosen.setdefault("contact", settings.contact)
    return FetchSettings(**chosen)
