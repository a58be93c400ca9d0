"""The summary of a run on its page: how it ended, sources, counts, stages, changed verdicts.

Layer:   flows (wiring).
"""

from __future__ import annotations

from collections.abc import Sequence

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from pipeline.edge import runs
from pipeline.edge.ingest import SourceRun
from pipeline.edge.night_page import night_page
from pipeline.edge.settings import Settings


def warn_of_problems(sources: Sequence[SourceRun]) -> None:
    """Log what could not be read, for whoever looks at the page of a served run."""
    for source in sources:
        for problem in source.problems:
            get_run_logger().warning(problem)


def publish_summary(settings: Settings, run_id: str) -> None:
    """Store how a run ended, and its sources, as artifacts of the flow run, failed or not."""
    outcome = runs.outcome(settings, run_id)
    create_markdown_artifact(key="nightly-summary", markdown=night_page(outcome))
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
