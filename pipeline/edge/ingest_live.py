"""Ingest of the live sources: all asked at once, each judged, and what is new put into the lake.

Layer:   edge (network, disk). What a source lists is for its module to say, what follows from it
         for verdict.py and sightings.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pipeline import sources
from pipeline.edge import live
from pipeline.edge.crawl import Crawl
from pipeline.edge.disk_space import is_full
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.ingest import SourceRun, count_parts, write_part
from pipeline.edge.lake import Lake, Manifest, part_name
from pipeline.edge.lake_tables import reject_ids
from pipeline.edge.live_settings import (
    archive_of,
    employer_named,
    fetch_settings,
    headers_of,
    not_configured,
)
from pipeline.edge.memory import read_memory, write_memory
from pipeline.edge.settings import Settings
from pipeline.edge.side_by_side import all_at_once
from pipeline.errors import PipelineError
from pipeline.facts import reader_version
from pipeline.records import Posting, Rejected
from pipeline.sources.harvest import Harvest
from pipeline.sources.sightings import Sighting, sighted
from pipeline.sources.verdict import Baseline, Verdict, judge

log = logging.getLogger(__name__)

HN = "hn_hiring"
_GOOD = frozenset({"complete", "unchanged"})


def lake_name(source: str) -> str:
    """Return the lake's name of a live source; a files source may have the plain name."""
    return f"{source}.live"


def ingest_live(
    lake: Lake,
    settings: Settings,
    names: Sequence[str],
    *,
    today: date,
    forgotten: Collection[str] = (),
    since: date | None = None,
    accept: Collection[str] = (),
) -> Iterator[SourceRun]:
    """Ask live sources, all at once, and bring the lake up to date; yields each as it ends.

    since:  of a source that keeps its past, read all of it from this day on (a backfill)
    accept: sources whose fall was confirmed: they are believed this once
    """
    archive = archive_of(settings)
    ready = []
    for name in names:
        options = settings.live[name].options
        if why := not_configured(options):
            yield _record(lake, name, None, Verdict("not_configured", (why,)), today, {})
        else:
            ready.append(name)
    if not ready:
        return
    by_source = {name: fetch_settings(settings, name, since) for name in ready}
    rates = {name: float(settings.live[name].options["rate_per_second"]) for name in ready}
    with Fetcher(
        archive, FetchSettings(contact=settings.contact), rates, by_source=by_source
    ) as fetcher:
        jobs = {name: _job(lake, settings, name, fetcher, today, since) for name in ready}
        budgets = {name: by_source[name].budget for name in ready}
        for name, seconds, ended in all_at_once(fetcher, jobs, budgets):
            if isinstance(ended, BaseException):
                if is_full(ended):  # no fault of the source, and none of the others would end well
                    raise ended
                verdict = Verdict("failed", (_words(name, ended),))
                run = _record(lake, name, None, verdict, today, {})
            else:
                run = store(
                    lake, settings, name, *ended, today=today,
                    forgotten=forgotten, accept=name in accept,
                )  # fmt: skip
            run.seconds = round(seconds, 3)
            yield run
    archive.prune(settings.retention_days, today=today)


_Ended = tuple[Harvest, dict[str, Any]]


def _words(name: str, error: BaseException) -> str:
    """Return what to say of an error; one that is none of ours is a fault of this program."""
    if isinstance(error, PipelineError):
        return str(error)
    log.warning("%s", name, exc_info=error)
    return (
        f"{name}: expected to read what it answered, saw {type(error).__name__}: {error}; "
        "this is a fault of jobmarket, report it with the answers kept in the raw folder"
    )


def _job(
    lake: Lake, settings: Settings, name: str, fetcher: Fetcher, today: date, since: date | None
) -> Callable[[], _Ended]:
    """Return what asks one source; it reads the lake and writes nothing there."""
    manifest = lake.manifest(lake_name(name))
    seen = lake.sightings(manifest)
    options = settings.live[name].options

    def hn() -> _Ended:
        whole = frozenset(manifest.state.get("whole_threads", ()))
        found = live.collect(
            fetcher,
            live.HnSettings.from_table(options),
            today=today,
            known=live.Known(by_scope(seen)),
            since=since,
            whole=whole,
        )
        return live.harvest_of(found), {"whole_threads": live.whole_threads(found, whole)}

    def any_other() -> _Ended:
        crawl = Crawl(
            module=sources.load(name),
            options=options,
            fetcher=fetcher,
            memory=read_memory(lake.folder / manifest.source / manifest.memory),
            known=frozenset(one.scope for one in seen.values()),
            reader=reader_version(),
            today=today,
            employer_of=lambda scope: employer_named(options, scope),
            headers=headers_of(settings, name),
        )
        return crawl.run(), {"memory": crawl.kept}

    return hn if name == HN else any_other


def by_scope(seen: Mapping[str, Sighting]) -> dict[str, frozenset[str]]:
    """Return the source's own ids of what was seen, by the board or thread that lists it."""
    held: dict[str, set[str]] = {}
    for source_id, one in seen.items():
        held.setdefault(one.scope, set()).add(source_id)
    return {scope: frozenset(ids) for scope, ids in held.items()}


def store(
    lake: Lake,
    settings: Settings,
    name: str,
    harvest: Harvest,
    carried: dict[str, Any],
    *,
    today: date,
    forgotten: Collection[str],
    accept: bool = False,
    is_past: bool = False,
) -> SourceRun:
    """Put what is new of a harvest into the lake, and judge it.

    is_past: what a backfill read says nothing of how the source is today
    """
    options = settings.live[name].options
    if harvest.purge:
        archive_of(settings).purge(name, harvest.purge)
        lake.remove_postings({_key(name, item) for item in harvest.purge})
    manifest = lake.manifest(lake_name(name))
    before = Baseline(**manifest.state.get("baseline", {}))
    verdict = judge(harvest, before, options["expected_per_run"], accept=accept or is_past)
    for scope in harvest.scopes:
        unwanted = [key for key, one in scope.postings.items() if one.posting_id in forgotten]
        for key in unwanted:
            del scope.postings[key]
    seen = sighted(
        lake.sightings(manifest),
        harvest.scopes,
        lists=options["lists"],
        may_close=verdict.word in _GOOD | {"truncated"},
        hold_changes=bool(verdict.collapsed),
        today=today,
    )
    fresh = [*seen.new, *seen.changed]
    rejected = [one for scope in harvest.scopes for one in scope.rejected.values()]
    if fresh or rejected:
        boards = {key: one.scope for key, one in seen.sightings.items()}
        _write_part(lake, manifest, fresh, rejected, today, boards)
    manifest.sightings = lake.write_sightings(manifest.source, seen.sightings)
    if "memory" in carried:
        manifest.memory = write_memory(lake.folder / manifest.source, carried.pop("memory"))
    manifest.state |= carried
    if verdict.word in _GOOD and not is_past:
        manifest.state["baseline"] = asdict(before.updated(harvest))
    lake.commit(manifest)
    run = _record(lake, name, harvest, verdict, today, {"is_new": bool(fresh), "is_past": is_past})
    run.n_new, run.n_changed = len(seen.new), len(seen.changed)
    run.n_closed, run.n_reopened = len(seen.closed), len(seen.reopened)
    return run


def _key(name: str, source_id: str) -> str:
    return f"hn:{source_id}" if name == HN else f"{name}:{source_id}"


def _write_part(
    lake: Lake,
    manifest: Manifest,
    fresh: Sequence[Posting],
    rejected: Sequence[Rejected],
    today: date,
    boards: Mapping[str, str],
) -> None:
    """Write a part of what is new; a record that was set aside before is not set aside again."""
    held = set()
    for part in manifest.parts:
        path = lake.rejects_path(manifest.source, part.name)
        held |= set(reject_ids(path)) if path.exists() else set()
    aside = [one for one in rejected if one.source_id not in held]
    if not fresh and not aside:
        return
    words = sorted(f"{one.posting_id} {one.content_hash}" for one in fresh)
    name = part_name(manifest.source, today, *words, *sorted(map(repr, aside)))
    if name not in {part.name for part in manifest.parts}:
        rank = lake.next_rank()
        manifest.parts.append(
            write_part(
                lake,
                manifest.source,
                name,
                rank,
                fresh,
                aside,
                today,
                seen_on=today,
                boards=boards,
            )
        )


def _record(
    lake: Lake,
    name: str,
    harvest: Harvest | None,
    verdict: Verdict,
    today: date,
    news: Mapping[str, Any],
) -> SourceRun:
    """Note in the lake how a source's run ended, and return it."""
    manifest = lake.manifest(lake_name(name))
    run = SourceRun(name, verdict.word)
    count_parts(run, manifest.parts)
    run.message = "; ".join([*verdict.reasons, *(harvest.notes if harvest else ())])
    if verdict.word not in _GOOD | {"not_configured"}:
        run.problems = list(verdict.reasons)
    for reason in run.problems:
        log.info("%s", reason)  # whoever started the run says it, once
    if harvest:
        run.n_listed, run.fill_rates = harvest.n_listed, harvest.fill_rates
        run.n_asked = sum(one.n_asked for one in harvest.scopes)
        run.n_same = sum(one.n_same for one in harvest.scopes)
        run.drift = sorted(set().union(*(one.drift for one in harvest.scopes)))
        run.message = run.message or "; ".join(
            dict.fromkeys(one.short for one in harvest.scopes if one.short)
        )
    if news.get("is_past"):
        return run
    health = manifest.state.setdefault("health", {"first_asked_on": today.isoformat()})
    health |= {"verdict": verdict.word, "message": run.message, "asked_on": today.isoformat()}
    if verdict.word in _GOOD:
        health["last_success_on"] = today.isoformat()
    if harvest:
        health |= {"n_listed": run.n_listed, "fill_rates": run.fill_rates}
    if news.get("is_new"):
        health["last_new_on"] = today.isoformat()
    lake.commit(manifest)
    return run
