"""A run's log as rows of the warehouse: ops.runs and ops.source_runs.

Layer:   edge.
"""

from __future__ import annotations

from datetime import date, datetime
from importlib.metadata import version as package_version

from pipeline.edge.ingest import SourceRun
from pipeline.edge.run_rows import RunRow, SourceRunRow
from pipeline.edge.runs import RunLog
from pipeline.facts import extractor_version


def run_row(run: RunLog) -> RunRow:
    """Return what the warehouse says of a run."""
    ended = run.values.get("ended_at")
    return RunRow(
        run_id=run.run_id,
        as_of=date.fromisoformat(run.values.get("as_of", run.today.isoformat())),
        started_at=run.started_at.replace(tzinfo=None),
        ended_at=datetime.fromisoformat(ended).replace(tzinfo=None) if ended else None,
        status=run.values["status"],
        version=package_version("jobmarket"),
        extractor_version=run.values.get("extractor_version") or extractor_version(),
        stages=run.values["stages"],
        warnings=[
            *run.values.get("set_aside", []),
            *(problem for one in run.source_runs() for problem in one.problems),
        ],
    )


_WORST = ("failed", "truncated", "suspicious", "not_configured", "complete", "unchanged")


def source_rows(run: RunLog) -> list[SourceRunRow]:
    """Return one row per source: what several collections brought of one source is one row."""
    merged: dict[str, SourceRun] = {}
    for one in run.source_runs():
        held = merged.setdefault(one.source, SourceRun(one.source, one.verdict))
        held.verdict = min(held.verdict, one.verdict, key=_WORST.index)
        for name in _COUNTED:
            setattr(held, name, getattr(held, name) + getattr(one, name))
        held.message = "; ".join(filter(None, [held.message, one.message]))
        held.drift = sorted({*held.drift, *one.drift})
        held.fill_rates = held.fill_rates or one.fill_rates
    return [
        SourceRunRow(
            source=one.source,
            status=one.verdict,
            on=run.today,
            message=one.message,
            drift=one.drift,
            fill_rates=one.fill_rates,
            **{name: getattr(one, name) for name in _COUNTED},
        )
        for one in merged.values()
    ]


_COUNTED = (
    "seconds", "n_asked", "n_same", "n_listed", "n_new", "n_changed", "n_closed", "n_reopened",
)  # fmt: skip
