"""The flow `nightly`: every stage of a run as one task; a handful of tasks, however many postings.

Layer:   flows (wiring). Parameters are strings, so that a run can be repeated from its page.
"""

from __future__ import annotations

from typing import Any

from prefect import flow, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Cancelled
from prefect.tasks import Task

from flows.runners import opener
from flows.summary import publish_summary, warn_of_problems
from pipeline.edge import runs, stages
from pipeline.edge.disk_space import is_full
from pipeline.edge.guard import night
from pipeline.edge.settings import read_settings
from pipeline.errors import Locked, PipelineError, WorkerLost


def _may_pass(stage: Task[Any, Any], run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a stage may go well the second time: an error of ours is there again then."""
    error = state.result(raise_on_failure=False)
    ours = isinstance(error, PipelineError) and not isinstance(error, WorkerLost)
    return not (ours or is_full(error))


_again = {"retries": 1, "retry_delay_seconds": 5, "retry_condition_fn": _may_pass}
ingest = task(stages.ingest, **_again)
extract = task(stages.extract, **_again)
build = task(stages.build, **_again)
judge = task(stages.judge, **_again)
check = task(stages.check, **_again)
publish = task(stages.publish, **_again)


@flow(name="nightly", validate_parameters=True)
def nightly(
    data: str = "data",
    config: str = "",
    sources: list[str] | None = None,
    accept_drop: list[str] | None = None,
    since: str = "",
    runner: str = "local",
    dask_address: str = "",
) -> dict[str, Any] | State[Any]:
    """Ingest, extract, build, judge, check and publish; return how the run ended.

    One that meets another at work in the same folder skips: it ends as cancelled, and says why.
    """
    settings, accept = read_settings(data, config or None), accept_drop or ()
    try:
        with night(settings, publish_summary) as run_id:
            warn_of_problems(ingest(settings, run_id, sources or (), since=since, accept=accept))
            extract(settings, run_id, opener(runner, dask_address))
            build(settings, run_id)
            judge(settings, run_id)
            check(settings, run_id, accept)
            publish(settings, run_id)
    except Locked as busy:
        return Cancelled(name="Skipped", message=str(busy))
    return runs.outcome(settings, run_id)
