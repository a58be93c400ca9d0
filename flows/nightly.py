"""The flow `nightly`: every stage of a run as one task; a handful of tasks, however many postings.

Layer:   flows (wiring). Parameters are strings, so that a run can be repeated from its page.
"""

from __future__ import annotations

from typing import Any

from prefect import flow, task

from flows.summary import publish_summary, warn_of_problems
from pipeline.edge import runs, stages
from pipeline.edge.settings import read_settings

ingest = task(stages.ingest)
extract = task(stages.extract)
build = task(stages.build)
judge = task(stages.judge)
check = task(stages.check)
publish = task(stages.publish)


@flow(name="nightly", validate_parameters=True)
def nightly(
    data: str = "data",
    config: str = "",
    sources: list[str] | None = None,
    accept_drop: list[str] | None = None,
    since: str = "",
) -> dict[str, Any]:
    """Ingest, extract, build, judge, check and publish; return how the run ended."""
    settings = read_settings(data, config or None)
    with runs.running(settings) as run_id:
        accept = accept_drop or ()
        warn_of_problems(ingest(settings, run_id, sources or (), since=since, accept=accept))
        extract(settings, run_id)
        build(settings, run_id)
        judge(settings, run_id)
        check(settings, run_id, accept)
        publish(settings, run_id)
    publish_summary(runs.outcome(settings, run_id))
    return runs.outcome(settings, run_id)
