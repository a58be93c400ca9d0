"""The commands that run stages: they write the data folder.

Layer:   the outermost.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from pipeline.commands.shared import FAILED, OK, SOURCE_FAILED, settings_of, show
from pipeline.edge.progress import say
from pipeline.errors import InputError

_TO_LOOK_AT = frozenset({"failed", "truncated", "suspicious"})


def init(arguments: Namespace) -> int:
    """Write a commented config."""
    from pipeline.edge.config_template import config_template

    path = Path(arguments.config or "jobmarket.toml")
    if path.exists() and not arguments.force:
        raise InputError(f"{path}: exists already; --force replaces it")
    path.write_text(config_template(), encoding="utf-8")
    show(arguments, {"config": str(path)}, f"{path} written; `jobmarket run` reads it")
    return OK


def run(arguments: Namespace) -> int:
    """Run the flow once; 3 if a source failed and the rest was published."""
    from flows.local import run as run_flow
    from flows.runners import demand_runner
    from pipeline.edge import own_folder, runs, wanted

    demand_runner(arguments.runner, arguments.dask_address)
    settings = settings_of(arguments)
    settings.demand_known(arguments.source or [])
    own_folder.demand_sound(settings)
    if arguments.since:
        wanted.day_since(arguments.since)
    with runs.only_writer(settings):
        pass  # what can be refused is refused before Prefect starts, which takes seconds
    outcome = run_flow(
        settings,
        arguments.source or [],
        arguments.accept_drop,
        arguments.since,
        runner=arguments.runner,
        dask_address=arguments.dask_address,
    )
    return _ended(arguments, settings, outcome)


def _ended(arguments: Namespace, settings: Any, outcome: dict[str, Any]) -> int:
    failed = [one for one in outcome["sources"] if one["verdict"] in _TO_LOOK_AT]
    for one in outcome["sources"]:
        if one["verdict"] == "not_configured":
            say(f"jobmarket: {one['message']}")
    for one in failed:
        for problem in one["problems"]:
            say(f"jobmarket: {problem}")
    aside = outcome.get("set_aside", [])
    for line in aside:
        say(f"jobmarket: {line}")
    read = sum(one["n_read"] for one in outcome["sources"])
    kept = sum(one["n_kept"] for one in outcome["sources"])
    say(f"{read:,} postings read, {kept:,} kept, {read - kept:,} set aside with a reason")
    index = settings.site / "index.html"
    show(arguments, outcome | {"site": str(index)}, str(index))
    return SOURCE_FAILED if failed or aside else OK


def serve(arguments: Namespace) -> int:
    """Serve the flow on a schedule."""
    from flows.local import serve as serve_flow
    from flows.runners import demand_runner

    demand_runner(arguments.runner, arguments.dask_address)
    serve_flow(
        settings_of(arguments),
        arguments.cron,
        runner=arguments.runner,
        dask_address=arguments.dask_address,
    )
    return OK


def ingest(arguments: Namespace) -> int:
    """Bring sources into the lake; nothing is published."""
    from pipeline.edge import runs, stages

    settings = settings_of(arguments)
    settings.demand_known(arguments.names)
    with runs.running(settings, "ingested") as run_id:
        ended = stages.ingest(
            settings,
            run_id,
            arguments.names,
            since=arguments.since,
            accept=arguments.accept_drop,
        )
    failed = [one for one in ended if one.verdict in _TO_LOOK_AT]
    for one in ended:
        for problem in one.problems or [one.message] * (one.verdict == "not_configured"):
            say(f"jobmarket: {problem}")
    lines = [
        f"{one.source}: {one.verdict}, {one.n_read:,} read, {one.n_kept:,} kept, "
        f"{one.n_rejected:,} set aside, {one.n_new:,} new"
        for one in ended
    ]
    aside = runs.outcome(settings, run_id).get("set_aside", [])
    for line in aside:
        say(f"jobmarket: {line}")
    show(arguments, runs.outcome(settings, run_id), "\n".join(lines))
    if ended and all(one.verdict == "failed" for one in ended):
        return FAILED
    return SOURCE_FAILED if failed or aside else OK


def build(arguments: Namespace) -> int:
    """Extract what is new, build, judge, check and publish what the lake holds."""
    from flows.runners import demand_runner, opener
    from pipeline.edge import own_folder, runs, stages

    demand_runner(arguments.runner, arguments.dask_address)
    settings = settings_of(arguments)
    own_folder.demand_sound(settings)
    with runs.running(settings) as run_id:
        stages.rebuild(settings, run_id, opener(arguments.runner, arguments.dask_address))
    outcome = runs.outcome(settings, run_id)
    for line in outcome.get("set_aside", []):
        say(f"jobmarket: {line}")
    show(arguments, outcome, str(settings.warehouse))
    return SOURCE_FAILED if outcome.get("set_aside") else OK


def site(arguments: Namespace) -> int:
    """Build the site anew from what is published, or write it as one file beside it."""
    from pipeline.edge import runs, site_files

    settings = settings_of(arguments)
    if not settings.warehouse.exists():
        raise InputError(
            f"no published warehouse at {settings.warehouse}; run `jobmarket run` first"
        )
    if arguments.single_file is not None:
        single = Path(arguments.single_file or settings.data / "jobmarket.html")
        if not single.parent.is_dir():
            raise InputError(f"{single.parent} is no folder; make it, or name another file")
        index = site_files.write_single_file(settings, single)
    else:
        with runs.only_writer(settings):
            index = site_files.replace_site(settings)
    show(arguments, {"site": str(index)}, str(index))
    return OK


def forget(arguments: Namespace) -> int:
    """Remove one posting everywhere, the published warehouse and site included."""
    from pipeline.edge import forgetting, runs, stages

    settings = settings_of(arguments)
    with runs.running(settings, "forgotten") as run_id:
        removed = forgetting.forget(settings, arguments.posting_id)
        if settings.warehouse.exists():
            stages.rebuild(settings, run_id)
    said = ", ".join(f"{count} from the {where}" for where, count in removed.items())
    show(arguments, removed, f"{arguments.posting_id}: removed {said}; it will not come back")
    return OK
