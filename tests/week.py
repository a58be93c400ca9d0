"""One night of the week that test_week.py tells, on a day of its own; also as a process to kill.

python week.py DATA CONFIG 2026-11-06
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time

from pipeline.edge import stages
from pipeline.edge.guard import night as guarded
from pipeline.edge.settings import Settings, read_settings

HOUR = time(3, tzinfo=UTC)


def night(settings: Settings, day: date) -> str:
    """Run every stage as the flow does, guarded and told of, on that day; returns the run's id."""
    with guarded(settings, now=datetime.combine(day, HOUR)) as run_id:
        stages.ingest(settings, run_id)
        stages.rebuild(settings, run_id)
    return run_id


def rust_and_go(count: int, *, n_rust: int) -> list[dict[str, str]]:
    """Return ads of which in every five so many ask for Rust, and the others for Go."""
    return [
        {
            "posting_id": f"b{number}",
            "title": "Backend Engineer",
            "employer": f"Invented Works {number}",
            "posted_on": f"2026-{number % 10 + 1:02}-15",
            "description": f"Team {number} builds harbour {number * 31}.\nRequirements:\n"
            f"- Three years of {'Rust' if number % 5 < n_rust else 'Go'} as a backend engineer\n",
        }
        for number in range(count)
    ]


if __name__ == "__main__":
    night(read_settings(sys.argv[1], sys.argv[2]), date.fromisoformat(sys.argv[3]))
