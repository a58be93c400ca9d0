"""The summary artifact of a run: sources, counts and stages as tables on the run's page.

Layer:   flows (wiring).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact

from pipeline.edge.ingest import SourceRun


def warn_of_problems(sources: Sequence[SourceRun]) -> None:
    """Log what could not be read, for whoever looks at the page of a served run."""
    for source in sources:
        for problem in source.problems:
            get_run_logger().warning(problem)


def publish_summary(outcome: dict[str, Any]) -> None:
    """Store the sources of a run as an artifact of the flow run."""
    create_table_artifact(
        key="nightly-sources",
        table=[
            {
                "source": one["source"],
                "verdict": one["verdict"],
                "read": one["n_read"],
                "kept": one["n_kept"],
                "set aside": one["n_rejected"],
                "new": one["n_new"],
                "message": one["message"],
            }
            for one in outcome["sources"]
        ],
        description=f"Run {outcome['run_id']}: {outcome['status']}",
    )
