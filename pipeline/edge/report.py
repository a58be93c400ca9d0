"""What `jobmarket status` and `jobmarket sources` say: the last run's log, the lake, the tables.

Layer:   edge (disk).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline.edge.lake import Lake
from pipeline.edge.query import query
from pipeline.edge.settings import Settings, declared
from pipeline.errors import InputError


def last_run(settings: Settings, now: datetime | None = None) -> dict[str, Any]:
    """Return the log of the newest run, with the age of what is published and who is silent."""
    now = now or datetime.now(UTC)
    logs = sorted((settings.data / "runs").glob("*.json"))
    if not logs:
        raise InputError(f"no run yet in {settings.data}; `jobmarket run` starts one")
    values = json.loads(logs[-1].read_text(encoding="utf-8"))
    values["published"] = _published(settings.warehouse, now)
    values["silent"] = silent_sources(settings, now.date())
    values["warnings"] = [
        *values.get("set_aside", []),
        *values.get("not_notified", []),
        *(problem for one in values["sources"] for problem in one["problems"]),
        *_stale(values),
        *(one["words"] for one in values["silent"]),
    ]
    return values


def silent_sources(settings: Settings, today: date | None = None) -> list[dict[str, Any]]:
    """Return the enabled live sources that were asked and did not answer whole, loudest first.

    One that answers but brings nothing new for longer than its TOML's quiet_days is silent too.
    """
    today = today or datetime.now(UTC).date()
    lake = Lake(settings.lake)
    found = []
    for name, source in settings.live.items():
        health = lake.manifest(f"{name}.live").state.get("health", {})
        if not source.enabled or not health or health["verdict"] == "not_configured":
            continue
        good = health["verdict"] in {"complete", "unchanged"}
        since = date.fromisoformat(health.get("last_success_on") or health["first_asked_on"])
        days = (today - since).days
        if not good or days > 1:
            never = "" if "last_success_on" in health else ", never since it was first asked"
            why = f": {health['message']}" if health["message"] and not good else ""
            found.append(_silence(name, days, f"no whole answer for {_days(days)}{never}{why}"))
            continue
        quiet = (today - date.fromisoformat(health.get("last_new_on") or str(since))).days
        if quiet > source.options.get("quiet_days", _QUIET_DAYS):
            found.append(_silence(name, quiet, f"answers, but brought nothing for {_days(quiet)}"))
    return sorted(found, key=lambda one: (-one["days"], one["source"]))


_QUIET_DAYS = 14


def _days(count: int) -> str:
    return "less than a day" if count < 1 else f"{count} day{'s' * (count != 1)}"


def _silence(name: str, days: int, words: str) -> dict[str, Any]:
    """Return one silence in words that grow with its days."""
    if days >= 7:
        line = f"ALARM: {name.upper()} IS SILENT: {words}; its postings are going stale, act now"
    elif days >= 3:
        line = f"WARNING, day {days}: {name} is silent: {words}; look at it today"
    else:
        line = f"{name} is silent: {words}"
    return {"source": name, "days": days, "words": line}


def _published(path: Path, now: datetime) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found = query(
        path, "select run_id, as_of, started_at from ops.runs order by started_at desc limit 1"
    )
    run_id, as_of, started_at = found.rows[0]
    # of what the run asked for; the file's own time is that of its last copy
    age = now.timestamp() - started_at.replace(tzinfo=UTC).timestamp()
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


def source_rows(settings: Settings) -> list[dict[str, Any]]:
    """Return one row per source: those of the config and those the published tables hold."""
    rows: dict[str, dict[str, Any]] = {}
    if settings.warehouse.exists():
        found = query(settings.warehouse, _HELD)
        for values in found.rows:
            row = dict(zip(found.columns, values, strict=True))
            rows[row["source"]] = row
    enabled = set(settings.source_names())
    lake = Lake(settings.lake)
    for name in ["reference", *(spec.name for spec in settings.files), *settings.live]:
        row = rows.setdefault(name, {"source": name, "n_postings": 0})
        row["enabled"] = name in enabled
        if name in settings.live:
            own = declared(name)
            row |= {key: own[key] for key in ("licence", "terms", "publisher", "docs")}
            row |= _health(lake, name)
    today = datetime.now(UTC).date()
    for row in rows.values():
        row.setdefault("enabled", True)
        last = row.get("last_success_on")
        row["age_days"] = (today - last).days if isinstance(last, date) else None
    return [rows[name] for name in sorted(rows)]


def _health(lake: Lake, name: str) -> dict[str, Any]:
    """Return what the last run that asked a live source noted of it, published or not."""
    health = lake.manifest(f"{name}.live").state.get("health", {})
    days = {
        key: date.fromisoformat(health[key])
        for key in ("last_success_on", "last_new_on", "asked_on")
        if key in health
    }
    said = {key: health[key] for key in ("verdict", "message", "n_listed") if key in health}
    return days | said | {"fill_rates": health.get("fill_rates", {})}


_HELD = """
with held as (
    select source, any_value(licence) as licence, count(*) as n_postings,
        max(posted_on) as newest_posted_on
    from core.postings group by all
)
select source, held.n_postings, newest_posted_on, last_success_on, status as verdict, licence
from held left join ops.source_health using (source) order by source
"""


def source_lines(rows: list[dict[str, Any]]) -> str:
    """Return the sources as text."""
    lines = [
        f"{'source':36}{'enabled':>8}{'postings':>10}{'last success':>14}{'age':>7}  "
        f"{'verdict':<15}licence"
    ]
    for row in rows:
        age = "never" if row["age_days"] is None else f"{row['age_days']} d"
        lines.append(
            f"{row['source']:36}{'yes' if row['enabled'] else 'no':>8}{row['n_postings']:>10,}"
            f"{row.get('last_success_on') or '-'!s:>14}{age:>7}  {row.get('verdict') or '-':<15}"
            f"{row.get('licence') or '-'}"
        )
        if row.get("fill_rates"):
            filled = ", ".join(f"{name} {rate:.0%}" for name, rate in row["fill_rates"].items())
            lines.append(f"    lists {row['n_listed']:,} postings now; filled: {filled}")
        if row.get("message") and row.get("enabled"):
            lines.append(f"    {row['message']}")
    return "\n".join(lines)
