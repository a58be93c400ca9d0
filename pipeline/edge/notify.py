"""Tell somebody of a run where it matters: gather how it ended, ask what to say, send it.

Layer:   edge (disk). What to say is for pipeline/notice.py to decide, messenger.py sends it. A
         notifier that fails is noted in the run's log and fails nothing.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.edge.durable import write_atomically
from pipeline.edge.messenger import Delivery, deliver, send
from pipeline.edge.query import query
from pipeline.edge.report import silent_sources
from pipeline.edge.runs import RunLog
from pipeline.edge.settings import Settings
from pipeline.errors import InputError, PipelineError
from pipeline.notice import TEST, Night, Silence, Told, notice, remember

log = logging.getLogger(__name__)


def tell(settings: Settings, run_id: str) -> None:
    """Say what there is to say of a run that ended, and note in its log what became of it."""
    run = RunLog(settings, run_id)
    wishes = settings.notify
    night = _night(settings, run)
    run.values["verdict_changes"] = list(night.changes)
    if wishes.urls:
        told = _told(settings)
        message = notice(night, told, wishes)
        problems = send(wishes.urls, message) if message else []
        for one in problems:
            log.warning("%s", one)
        sent = message is not None and len(problems) < len(wishes.urls)
        run.values["notice"] = asdict(message) if message else None
        run.values["not_notified"] = problems
        with suppress(OSError):  # a full disk: the worst is to be told twice
            _note(settings, remember(night, told, wishes, sent=sent))
    with suppress(OSError):
        run.write()


def try_out(settings: Settings) -> list[Delivery]:
    """Send a test message to every address of the config; raises InputError where there is none."""
    if not settings.notify.urls:
        raise InputError(
            f"{settings.config or 'jobmarket.toml'}: expected an address in [notify] urls, saw "
            "none; docs/scheduling.md shows some"
        )
    return deliver(settings.notify.urls, TEST)


def _night(settings: Settings, run: RunLog) -> Night:
    values = run.values
    interrupted = values.get("message") == KeyboardInterrupt.__name__
    return Night(
        run_id=run.run_id,
        on=run.today,
        status="interrupted" if interrupted else values["status"],
        stage=values.get("under_way", ""),
        message=values.get("message", ""),
        failed_checks=tuple(one["name"] for one in values.get("checks", ()) if one["n_offending"]),
        published=_published(settings),
        lost=_lost(run),
        silent=tuple(_silences(settings, run)),
        changes=tuple(_changes(settings, run)),
    )


def _ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Query what is published; nothing if there is nothing, or nothing that can be read."""
    try:
        return query(settings.warehouse, sql).rows if settings.warehouse.exists() else []
    except PipelineError as unreadable:
        log.warning("%s: %s", settings.warehouse, unreadable)
        return []


def _published(settings: Settings) -> str:
    rows = _ask(settings, "select run_id, as_of from ops.runs order by started_at desc limit 1")
    return "".join(f"the run {run_id}, postings up to {as_of}" for run_id, as_of in rows)


def _changes(settings: Settings, run: RunLog) -> list[str]:
    """Return a line per verdict that this run published as changed."""
    rows = _ask(
        settings,
        "select claim_id, statement, before, verdict from claim.standing inner join claim.claims "
        f"using (claim_id) where before is not null and since_run_id = '{run.run_id}' order by all",
    )
    return [
        f"{claim_id} ({statement}): was {_words(before)}, is {_words(verdict)} now"
        for claim_id, statement, before, verdict in rows
    ]


def _words(verdict: str) -> str:
    return verdict.replace("_", " ")


def _silences(settings: Settings, run: RunLog) -> list[Silence]:
    """Return who is silent: live sources as `status` says it, files by the published tables."""
    found = [Silence(**one) for one in silent_sources(settings, run.today)]
    failed = {
        one["source"]: one["message"]
        for one in run.values["sources"]
        if one["verdict"] in {"failed", "truncated"} and one["source"] not in settings.live
    }
    for source, last in _ask(settings, "select source, last_success_on from ops.source_health"):
        if source in failed and last:
            days = (run.today - last).days
            words = f"{source} is silent: not read whole for {days} days: {failed[source]}"
            found.append(Silence(source, days, words))
    return found


def _lost(run: RunLog) -> str:
    """Return the run before this one if it never ended; whoever writes now has its lock."""
    before = [path for path in sorted(run.path.parent.glob("*.json")) if path < run.path]
    if not before:
        return ""
    values = json.loads(before[-1].read_text(encoding="utf-8"))
    return values["run_id"] if values.get("status") == "running" else ""


def _memory(settings: Settings) -> Path:
    return settings.data / "notified.json"


def _told(settings: Settings) -> Told:
    """Return what was said before; nothing if the note of it is gone or broken."""
    try:
        values = json.loads(_memory(settings).read_text(encoding="utf-8"))
        on = date.fromisoformat(values["on"]) if values["on"] else None
        return Told(on, dict(values["silent"]), tuple(values["waiting"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Told()


def _note(settings: Settings, told: Told) -> None:
    content = json.dumps(asdict(told), default=str, indent=1)
    write_atomically(_memory(settings), content.encode())
