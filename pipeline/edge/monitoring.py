"""What `jobmarket status` gives a monitor: the last run, and beside it what holds now.

Layer:   edge (disk, processes). docs/monitoring.md lists every key; a key is there in every state.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Any

from pipeline.edge import disk_use, migrations
from pipeline.edge.lake import Lake
from pipeline.edge.report import last_run
from pipeline.edge.settings import Settings

_TO_LOOK_AT = frozenset({"failed", "truncated", "suspicious"})
_CODES = {"well": 0, "not_published": 1, "source_failed": 3}
_NONE: dict[str, Any] = {}
_RUNS_TO_READ = 60  # of the newest: a source that none of them asked has no last verdict


def status(settings: Settings, now: datetime | None = None) -> dict[str, Any]:
    """Return the log of the newest run and the state of the data folder; raises InputError.

    state:     well | source_failed | not_published
    exit_code: what `jobmarket status` ends with: 0, 3, 1
    """
    values: dict[str, Any] = {
        "message": "", "ended_at": None, "under_way": "", "parts_set_aside": [],
        "verdict_changes": [], "notice": None, "not_notified": [],
    }  # fmt: skip
    values |= last_run(settings, now)
    logs = list(_newest_first(settings))
    values |= {
        "is_running": values["status"] == "running" and _is_alive(values.get("pid")),
        "last_verdicts": _last_verdicts(settings, logs),
        "checks": next((one["checks"] for one in logs if "checks" in one), []),
        "disk": disk_use.by_kind(settings),
        "versions": _versions(settings, logs),
        "backfill": _backfill(settings),
        "n_left_to_reread": next(
            (one["n_left_to_reread"] for one in logs if "n_left_to_reread" in one), 0
        ),
    }
    values["warnings"] += _left_to_reread(values["n_left_to_reread"])
    values["n_checks_failed"] = sum(one["n_offending"] > 0 for one in values["checks"])
    values["state"] = _state(values, logs)
    values["exit_code"] = _CODES[values["state"]]
    return values


def _newest_first(settings: Settings) -> Iterator[dict[str, Any]]:
    for path in sorted((settings.data / "runs").glob("*.json"), reverse=True)[:_RUNS_TO_READ]:
        yield json.loads(path.read_text(encoding="utf-8"))


def _last_verdicts(settings: Settings, logs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return of each enabled source how it last ended; its verdict is None before it ever ran."""
    lake = Lake(settings.lake)
    found: dict[str, Any] = {}
    for name in _as_postings_name_them(settings, lake):
        runs = ([one for one in log["sources"] if one["source"] == name] for log in logs)
        last = next(filter(None, runs), [])
        # several collections may bring one source: the worst of them speaks
        one = next((run for run in last if run["verdict"] in _TO_LOOK_AT), (*last, _NONE)[0])
        health = lake.manifest(f"{name}.live").state.get("health", {})
        found[name] = {
            "verdict": one.get("verdict"),
            "message": one.get("message", ""),
            "asked_on": health.get("asked_on"),
            "last_success_on": health.get("last_success_on"),
            "last_new_on": health.get("last_new_on"),
        }
    return found


def _as_postings_name_them(settings: Settings, lake: Lake) -> list[str]:
    """Return the enabled sources; the embedded corpus has many, and a file may be of another."""
    names: list[str] = []
    for name in settings.source_names():
        if name in settings.live:
            names.append(name)
            continue
        manifest = lake.manifest(name)
        datasets = [one["source"] for one in manifest.inputs.values() if "source" in one]
        names += datasets or [manifest.state.get("posting_source", name)]
    return list(dict.fromkeys(names))


def _versions(settings: Settings, logs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the versions: of the program, and of what it wrote."""
    read = (one["extractor_version"] for one in logs if "extractor_version" in one)
    return {
        "jobmarket": version("jobmarket"),
        "extractor": next(read, None),
        "lake_format": migrations.format_of(Lake(settings.lake)),
        "duckdb": version("duckdb"),
    }


def _backfill(settings: Settings) -> dict[str, Any] | None:
    path = settings.data / "backfill.json"
    if not path.exists():
        return None
    values = json.loads(path.read_text(encoding="utf-8"))
    ended = "ended_at" in values
    running = not ended and _is_alive(values["pid"])
    return values | {"state": "done" if ended else "running" if running else "stopped"}


def _left_to_reread(count: int) -> list[str]:
    return [
        f"{count:,} postings stand as an earlier lexicon read them; the next nights read them "
        "anew, `jobmarket backfill` does it beside them"
    ] * (count > 0)


def _state(values: dict[str, Any], logs: list[dict[str, Any]]) -> str:
    # a run under way says nothing yet: the one before it speaks
    ended = [one for one in logs if not (one is logs[0] and values["is_running"])]
    if not values["published"] or (ended and ended[0]["status"] in {"failed", "running"}):
        return "not_published"
    last = (one["verdict"] for one in values["last_verdicts"].values())
    return "source_failed" if values["silent"] or _TO_LOOK_AT & set(last) else "well"


def _is_alive(pid: int | None) -> bool:
    """Return whether a process still runs: a run that was killed could not say how it ended."""
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
