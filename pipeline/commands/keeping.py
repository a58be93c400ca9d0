"""The commands that look after the data folder, and after who is told of its nights.

Layer:   the outermost.
"""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from pipeline.commands.shared import FAILED, OK, SOURCE_FAILED, settings_of, show
from pipeline.edge.progress import say


def backfill(arguments: Namespace) -> int:
    """Read the past, and what an earlier lexicon read, in pieces beside the nightly run."""
    from pipeline.edge import own_folder
    from pipeline.edge.backfill import backfill as fill
    from pipeline.edge.wanted import day_since

    settings = settings_of(arguments)
    own_folder.demand_sound(settings)
    done = fill(settings, arguments.names, day_since(arguments.since) if arguments.since else None)
    for problem in done["problems"]:
        say(f"jobmarket: {problem}")
    text = (
        f"{done['n_threads']:,} threads read, {done['n_new']:,} new postings, "
        f"{done['n_reread']:,} postings read anew; the next run publishes them"
    )
    show(arguments, done, text)
    return SOURCE_FAILED if done["problems"] else OK


def clean(arguments: Namespace) -> int:
    """Remove what may go; say what stays and why."""
    from pipeline.edge import retention, runs

    settings = settings_of(arguments)
    with runs.only_writer(settings):
        rows = retention.clean(settings, datetime.now(UTC).date(), dry_run=arguments.dry_run)
    show(arguments, rows, retention.lines(rows, dry_run=arguments.dry_run))
    return OK


def notify(arguments: Namespace) -> int:
    """Try every address of [notify]; 1 if one of them was not reached."""
    from pipeline.edge.notify import try_out

    found = try_out(settings_of(arguments))
    lines = [f"{one.where}: {one.why or 'got through'}" for one in found]
    show(arguments, [one._asdict() for one in found], "\n".join(lines))
    return FAILED if any(one.why for one in found) else OK
