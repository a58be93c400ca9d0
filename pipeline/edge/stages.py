"""The stages of a run, in order; each reads what the one before left on disk.

Layer:   edge. `jobmarket` calls them one by one, the Prefect flow as tasks; both do the same.
         A run that is killed in any stage leaves the published file and site as they were.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.edge import lake_care, runners
from pipeline.edge.build_inputs import (
    inputs_hash,
    judged_hash,
    lake_files,
    note_published,
    published_from,
)
from pipeline.edge.forgetting import forgotten_ids
from pipeline.edge.ingest import SourceRun
from pipeline.edge.lake import Lake
from pipeline.edge.lake_copies import LakeCopies
from pipeline.edge.migrations import migrate
from pipeline.edge.own_folder import own_terms
from pipeline.edge.progress import Progress
from pipeline.edge.runs import RunLog
from pipeline.edge.settings import Settings
from pipeline.edge.wanted import day_since, read_all
from pipeline.errors import PipelineError
from pipeline.facts import extractor_version

if TYPE_CHECKING:
    import duckdb

log = logging.getLogger(__name__)

# postings: a build of fewer leaves room for the workers, and the process's next run finds them warm
_MANY = 50_000


def ingest(
    settings: Settings,
    run_id: str,
    names: Sequence[str] = (),
    *,
    since: str = "",
    accept: Sequence[str] = (),
) -> list[SourceRun]:
    """Bring sources (default: all enabled) into the lake; one that fails stops no other.

    since:  of a source that keeps its past, read all of it from this day on
    accept: live sources whose fall is meant: they are believed this once
    """
    run = RunLog(settings, run_id)
    settings.demand_known(names)
    care_for_lake(settings, run)
    first = day_since(since) if since else None
    wanted = list(names) or settings.source_names()
    ended: list[SourceRun] = []
    with run.stage("ingest"), Progress("ingest") as progress:
        for one in read_all(settings, wanted, run.today, first, accept):
            log.info("%s: %s, %d read, %d new", one.source, one.verdict, one.n_read, one.n_new)
            ended.append(one)
            progress(min(len(ended), len(wanted)), len(wanted))
    run.values["sources"] = [asdict(one) for one in ended]
    run.write()
    return ended


def care_for_lake(settings: Settings, run: RunLog, *, thorough: bool = False) -> list[str]:
    """Bring the lake to this version's shape, and set aside what cannot be read; says what."""
    lake = Lake(settings.lake)
    for line in migrate(lake):
        log.info("%s", line)
    said = lake_care.heal(lake, thorough=thorough, forgotten=forgotten_ids(settings))
    if said:
        run.values["set_aside"] = [*run.values.get("set_aside", []), *said]
        run.write()
    return said


def extract(settings: Settings, run_id: str, opened: runners.Opened = runners.processes) -> int:
    """Read what no extractor of this version has read yet; returns how many postings.

    What an earlier version read is read anew for `reread_minutes`; the rest stands until later.

    opened: opens what reads the parts; one that fails at every try is set aside by name, and
            what is published holds the rest
    """
    from pipeline.edge.extraction import extract_new, unread

    run = RunLog(settings, run_id)
    own = own_terms(settings)
    care_for_lake(settings, run)
    lake, version = Lake(settings.lake), extractor_version(own)
    lost: list[runners.Lost] = []
    with run.stage("extract"), Progress("extract") as progress:
        patience = 60 * settings.reread_minutes
        count = extract_new(lake, progress, own, patience=patience, opened=opened, lost=lost)
    lake_care.note(lake)
    left = sum(one.part.n_postings for one in unread(lake, version))
    run.values |= {"n_extracted": count, "n_left_to_reread": left, "extractor_version": version}
    _note_lost(settings, run, lost)
    run.write()
    return count


def _note_lost(settings: Settings, run: RunLog, lost: Sequence[runners.Lost]) -> None:
    """Note in a run's log which parts could not be read, for the build and for a person."""
    lake = Lake(settings.lake)
    run.values["parts_set_aside"] = []
    said = run.values.setdefault("set_aside", [])
    for (_, source, name, *_), reason in lost:
        count = next(one.n_postings for one in lake.manifest(source).parts if one.name == name)
        run.values["parts_set_aside"].append([source, name])
        line = (
            f"{source}: part {name} could not be read at {runners.TRIES} tries and is left out "
            f"with its {count:,} postings until a run reads it; the last: {reason}"
        )
        said.append(line)
        log.warning("%s", line)


def _lost_parts(run: RunLog) -> list[tuple[str, str]]:
    return [(source, name) for source, name in run.values.get("parts_set_aside", [])]


def build(settings: Settings, run_id: str) -> None:
    """Build core and mart beside the published file; where nothing is new, copy them from it."""
    from pipeline.edge import log_rows, reference, warehouse, workers
    from pipeline.edge.lake_views import FrameworkRow
    from pipeline.mentions.lexicon import load

    run, lists = RunLog(settings, run_id), reference.lists()
    target = warehouse.next_to(settings.warehouse)
    with run.stage("build"):
        run.values["inputs_hash"] = inputs_hash(settings, _lost_parts(run))
        if published_from(settings) == run.values["inputs_hash"]:
            log.info("nothing is new since the published file was built: its tables stand")
            warehouse.renew(
                target,
                settings.warehouse,
                log_rows.run_row(run),
                source_runs=log_rows.source_rows(run),
            )
            return

        def from_lake() -> None:
            lake = Lake(settings.lake)
            parts = [part for source in lake.sources() for part in lake.manifest(source).parts]
            if sum(part.n_postings for part in parts) >= _MANY:
                workers.end()
            warehouse.build(
                target,
                lake_files(settings, _lost_parts(run)),
                log_rows.run_row(run),
                previous=settings.warehouse,
                frameworks=[
                    FrameworkRow(
                        term.id,
                        term.title,
                        term.deep_learning,
                        load().ambiguous_of(term.id),
                        [source for source, known in lists.items() if term.id not in known],
                    )
                    for term in load().frameworks
                ],
                source_runs=log_rows.source_rows(run),
                memory_limit=settings.memory_limit,
            )

        try:
            from_lake()
        except (PipelineError, OSError):
            # a file that went bad without a trace in its size or time: read all of them to the end,
            # and have anew what was copied of a lake on a store
            had_copies = LakeCopies(settings.lake_copies).drop()
            if not care_for_lake(settings, run, thorough=True) and not had_copies:
                raise
            extract(settings, run_id)
            run.values |= RunLog(settings, run_id).values
            run.values["inputs_hash"] = inputs_hash(settings, _lost_parts(run))
            from_lake()


def judge(settings: Settings, run_id: str) -> None:
    """Judge every registered claim on the warehouse that was just built."""
    from pipeline.claims.registry import read_claims
    from pipeline.edge import log_rows, warehouse
    from pipeline.edge.claim_tables import claim_files, write_claims
    from pipeline.edge.judging import carry_verdicts, end_of_windows, judge_all, write_examples

    run = RunLog(settings, run_id)
    with run.stage("judge"), _built(settings) as connection:
        claims = read_claims(claim_files(settings.own))
        as_of = end_of_windows(connection, run.today)
        run.values["as_of"] = as_of.isoformat()
        judged = judged_hash(settings, run.values["inputs_hash"], as_of)
        same = published_from(settings, "judged_hash") == judged
        if not (same and carry_verdicts(connection, run_id)):
            found = judge_all(connection, claims, run_id=run_id, today=run.today)
            write_claims(connection, found._asdict())
            write_examples(connection, claims)
        run.values["judged_hash"] = judged
        warehouse.record_run(connection, log_rows.run_row(run))


def _built(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the file that was built, within the memory that building it may take."""
    from pipeline.edge import warehouse

    target = warehouse.next_to(settings.warehouse)
    return warehouse.opened(target, memory_limit=settings.memory_limit)


def check(settings: Settings, run_id: str, accept_drop: Sequence[str] = ()) -> None:
    """Run every check on what was built; raises ChecksFailed if one finds a row."""
    from pipeline.edge import log_rows, warehouse
    from pipeline.edge.checks import demand_passed, run_checks

    run = RunLog(settings, run_id)
    with run.stage("check"), _built(settings) as connection:
        results = run_checks(
            connection,
            run_id=run_id,
            as_of=run.today,
            previous=settings.warehouse,
            accept_drop=accept_drop,
        )
        passed = all(result.passed for result in results)
        run.values["status"] = "published" if passed else "checks_failed"
        run.values["checks"] = [
            {"name": one.name, "n_offending": one.n_offending, "sample": one.sample}
            for one in results
        ]
        run.values["ended_at"] = datetime.now(UTC).isoformat()
        warehouse.record_run(connection, log_rows.run_row(run), results)
        run.write()
        demand_passed(results)


def publish(settings: Settings, run_id: str) -> Path:
    """Build the site from what was checked, then put both in the place of the published ones."""
    from pipeline.edge import warehouse
    from pipeline.edge.publish import publish as rename
    from pipeline.edge.site_files import swap, write_site

    run = RunLog(settings, run_id)
    with run.stage("publish"):
        built = warehouse.next_to(settings.warehouse)
        site = write_site(built, settings)
        rename(built, settings.warehouse)
        judged = run.values.get("judged_hash", "")
        note_published(settings, run.run_id, run.values["inputs_hash"], judged)
        swap(site, settings.site)
    return settings.site / "index.html"


def rebuild(settings: Settings, run_id: str, opened: runners.Opened = runners.processes) -> Path:
    """Publish what the lake holds: every stage but ingest."""
    extract(settings, run_id, opened)
    build(settings, run_id)
    judge(settings, run_id)
    check(settings, run_id)
    return publish(settings, run_id)
