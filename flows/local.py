"""Run or serve the flow from the command line, with Prefect's home in the data folder.

Layer:   flows (wiring). Prefect reads its settings when it is imported: they are set before.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from flows.server import temporary_server
from pipeline.edge.settings import Settings
from pipeline.errors import InputError, Locked


def set_environment(settings: Settings, level: str = "WARNING") -> None:
    """Keep Prefect's files in the data folder; what the user set stays set.

    level: from which on Prefect's and our log lines are shown and kept with the run.
    """
    home = (settings.data / "prefect").resolve()
    home.mkdir(parents=True, exist_ok=True)
    for name, value in {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # 2 slow cores need over 20
        "PREFECT_LOGGING_LEVEL": level,
        "PREFECT_LOGGING_EXTRA_LOGGERS": "pipeline",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_CLI_COLORS": "false",
    }.items():
        os.environ.setdefault(name, value)
    if level == "WARNING":
        # an error is one line of ours; Prefect would print its traceback, the flow's and the task's
        for name in ("FLOW_RUNS", "TASK_RUNS"):
            os.environ.setdefault(f"PREFECT_LOGGING_LOGGERS_PREFECT_{name}_LEVEL", "CRITICAL")
    # never optional: a run tells nobody that it ran
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


def run(
    settings: Settings,
    sources: list[str],
    accept_drop: list[str],
    since: str = "",
    *,
    runner: str = "local",
    dask_address: str = "",
) -> dict[str, Any]:
    """Run the flow once, on the server that PREFECT_API_URL names or on a temporary one."""
    set_environment(settings)
    with temporary_server():
        from prefect.exceptions import CancelledRun
        from prefect.logging.handlers import APILogHandler

        from flows.nightly import nightly

        try:
            outcome = nightly(
                data=str(settings.data),
                config=str(settings.config or ""),
                sources=sources,
                accept_drop=accept_drop,
                since=since,
                runner=runner,
                dask_address=dask_address,
            )
        except CancelledRun as skipped:
            raise Locked(str(skipped)) from None
        finally:
            APILogHandler().flush()  # while there is a server to take it
        return cast(dict[str, Any], outcome)


def serve(settings: Settings, cron: str, *, runner: str = "local", dask_address: str = "") -> None:
    """Deploy the flow on a schedule and run it when due, until interrupted.

    Raises InputError without a Prefect server: a temporary one has no scheduler.
    """
    set_environment(settings, "INFO")  # nobody watches: the run's page holds what happened
    from prefect.settings import get_current_settings

    if not get_current_settings().api.url:
        raise InputError(
            "serve: expected PREFECT_API_URL, the address of a Prefect server, which starts the "
            "runs that are due; `prefect server start` starts one, or let cron call "
            "`jobmarket run` (docs/scheduling.md)"
        )
    from flows.nightly import nightly

    nightly.serve(
        name="nightly",
        cron=cron,
        parameters={
            "data": str(Path(settings.data).resolve()),
            "config": str(Path(settings.config).resolve()) if settings.config else "",
            "runner": runner,
            "dask_address": dask_address,
        },
    )
