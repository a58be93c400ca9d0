"""The status of a data folder as text.

Layer:   edge (pure).
"""

from __future__ import annotations

from typing import Any

from pipeline.edge import disk_use
from pipeline.edge.progress import duration


def status_lines(values: dict[str, Any]) -> str:
    """Return a run's log as text."""
    lines = [f"run {values['run_id']}: {values['status']}"]
    if values.get("message"):
        lines.append(f"  {values['message']}")
    lines += [f"  {name:8} {seconds:8.1f} s" for name, seconds in values["stages"].items()]
    for one in values["sources"]:
        lines.append(
            f"  {one['source']}: {one['verdict']}, {one['n_read']:,} read = {one['n_kept']:,} kept"
            f" + {one['n_rejected']:,} set aside, {one['n_new']:,} new"
        )
    checks = values.get("checks", [])
    failed = [one for one in checks if one["n_offending"]]
    lines.append(f"  checks: {len(checks) - len(failed)} passed, {len(failed)} failed")
    lines += [
        f"  failed {one['name']}: {one['n_offending']} rows, {one['sample']}" for one in failed
    ]
    published = values["published"]
    if published:
        lines.append(
            f"  published: run {published['run_id']}, as of {published['as_of']}, "
            f"{published['age_hours']} hours old, {published['bytes'] / 1e6:.1f} MB"
        )
    lines += disk_use.lines(values["disk"])
    if values["backfill"]:
        lines.append(f"  backfill: {backfill_words(values['backfill'])}")
    lines += [f"  warning: {one}" for one in values["warnings"]]
    return "\n".join(lines)


def backfill_words(values: dict[str, Any]) -> str:
    """Return how far a backfill is."""
    if values["state"] == "done":
        return f"done at {values['ended_at'][:16]}Z"
    left = values.get("seconds_left")
    so = "" if left is None else f", {duration(left)} left"
    again = "; `jobmarket backfill` goes on" if values["state"] == "stopped" else ""
    done = f"{values.get('n_done', 0):,} of {values.get('n_total', 0):,}"
    return f"{values['state']}, {values.get('what', '')}: {done}{so}{again}"
