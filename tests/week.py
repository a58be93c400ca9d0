"""One night of the week that test_week.py tells, on a day of its own; also as a process to kill.

python week.py DATA CONFIG 2026-11-06
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time

from pipeline.edge import runs, stages
from pipeline.edge.settings import Settings, read_settings

HOUR = time(3, tzinfo=UTC)


def night(settings: Settings, day: date) -> str:
    """Run every stage as the flow does, on that day; returns the run's id."""
    with runs.running(settings, now=datetime.combine(day, HOUR)) as run_id:
        stages.ingest(settings, run_id)
        stages.rebuild(settings, run_id)
    return run_id


if __name__ == "__main__":
    night(read_settings(sys.argv[1], sys.argv[2]), date.fromisoformat(sys.argv[3]))
