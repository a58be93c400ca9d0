"""What `jobmarket status` and `jobmarket sources` say: the last run's log and the published tables.

Layer:   edge (disk).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline.edge.query import query
from pipeline.edge.settings import Settings, declared
from pipeline.errors import InputError


def last_run(settings: Settings) -> dict[str, Any]:
    """Return the log of the newest run, with the age of what is published."""
    logs = sorted((settings.data / "runs").glob("*.json"))
    if not logs:
        raise InputError(f"no run yet in {settings.data}; `jobmarket run` starts one")
    values = json.loads(logs[-1].read_text(encoding="utf-8"))
    values["published"] = _published(settings.warehouse)
    values["warnings"] = [
        problem for one in values["sources"] for problem in one["problems"]
    ] + _stale(values)
    return values


def _published(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found = query(
        path, "select run_id, as_of, ended_at from ops.runs order by started_at desc limit 1"
    )
    run_id, as_of, _ = found.rows[0]
    age = datetime.now(UTC).timestamp() - path.stat().st_mtime
    return {
        "run_id": run_id,
        "as_of": str(as_of),
        "age_hours": round(age / 3600, 1),
        "bytes": path.stat().st_size,
    }


def _stale(values: dict[str, Any]) -> list[str]:
    published = values["published"]
    if published and published["age_hours"] > 48:
        return [f"the published warehouse is {published['age_hours']:.0f} hours old"]
    if not published:
        return ["nothing is published yet"]
    return []


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
    lines += [f"  warning: {one}" for one in values["warnings"]]
    return "\n".join(lines)


def source_rows(settings: Settings) -> list[dict[str, Any]]:
    """Return one row per source: those of the config and those the published tables hold."""
    rows: dict[str, dict[str, Any]] = {}
    if settings.warehouse.exists():
        found = query(settings.warehouse, _HELD)
        for values in found.rows:
            row = dict(zip(found.columns, values, strict=True))
            rows[row["source"]] = row
    enabled = set(settings.source_names())
    for name in ["reference", *(spec.name for spec in settings.files), *settings.live]:
        row = rows.setdefault(name, {"source": name, "n_postings": 0})
        row["enabled"] = name in enabled
        if name in settings.live:
            own = declared(name)
            row |= {"licence": own.get("licence"), "terms": own.get("terms")}
    today = datetime.now(UTC).date()
    for row in rows.values():
        row.setdefault("enabled", True)
        last = row.get("last_success_on")
        row["age_days"] = (today - last).days if isinstance(last, date) else None
    return [rows[name] for name in sorted(rows)]


_HELD = """
with held as (
    select source, any_value(licence) as licence, count(*) as n_postings,
        max(posted_on) as newest_posted_on
    from core.postings group by all
), ended as (
    select source, max(runs.started_at)::date as last_success_on
    from ops.source_runs inner join ops.runs using (run_id)
    where source_runs.status in ('complete', 'unchanged') group by all
)
select source, n_postings, newest_posted_on, last_success_on, licence
from held left join ended using (source) order by source
"""


def source_lines(rows: list[dict[str, Any]]) -> str:
    """Return the sources as text."""
    lines = [f"{'source':36}{'enabled':>8}{'postings':>10}{'last success':>14}{'age':>7}  licence"]
    for row in rows:
        age = "never" if row["age_days"] is None else f"{row['age_days']} d"
        lines.append(
            f"{row['source']:36}{'yes' if row['enabled'] else 'no':>8}{row['n_postings']:>10,}"
            f"{row.get('last_success_on') or '-'!s:>14}{age:>7}  {row.get('licence') or '-'}"
        )
    return "\n".join(lines)
