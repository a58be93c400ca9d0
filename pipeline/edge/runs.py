"""Runs: the log of each, the lock that lets one at a time write, and how a run is closed.

Layer:   edge (disk, clock).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any

from pipeline.edge import locks, writer_lease
from pipeline.edge.disk_space import full_disk_told
from pipeline.edge.durable import write_atomically
from pipeline.edge.ingest import SourceRun
from pipeline.edge.settings import Settings
from pipeline.errors import PipelineError


class RunLog:
    """What a run has done so far, as a small JSON file that every stage adds to."""

    def __init__(self, settings: Settings, run_id: str):
        self.run_id = run_id
        self.path = settings.data / "runs" / f"{run_id}.json"
        self.values: dict[str, Any] = {"run_id": run_id, "stages": {}, "sources": []}
        if self.path.exists():
            self.values = json.loads(self.path.read_text(encoding="utf-8"))

    def write(self) -> None:
        """Write it, whole or not at all, also where the power goes: the next run reads it."""
        content = json.dumps(self.values, indent=1, default=str)
        write_atomically(self.path, content.encode())

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Note which stage is under way, and how long it took."""
        started = datetime.now(UTC)
        self.values["under_way"] = name
        self.write()
        yield
        self.values.pop("under_way", None)
        self.values["stages"][name] = round((datetime.now(UTC) - started).total_seconds(), 3)
        self.write()

    @property
    def started_at(self) -> datetime:
        """When the run began, UTC."""
        return datetime.fromisoformat(self.values["started_at"])

    @property
    def today(self) -> date:
        """The run's date, UTC."""
        return self.started_at.date()

    def source_runs(self) -> list[SourceRun]:
        """Return how each source ended."""
        return [SourceRun(**one) for one in self.values["sources"]]


def begin(settings: Settings, now: datetime | None = None) -> str:
    """Open a run's log; returns the run's id."""
    now = now or datetime.now(UTC)
    run = RunLog(settings, now.strftime("%Y%m%dT%H%M%S.%fZ"))
    run.values |= {"started_at": now.isoformat(), "status": "running", "pid": os.getpid()}
    run.write()
    return run.run_id


def finish(settings: Settings, run_id: str, status: str, message: str = "") -> None:
    """Close a run's log, whatever became of it."""
    run = RunLog(settings, run_id)
    run.values |= {"status": status, "message": message}
    run.values.setdefault("ended_at", datetime.now(UTC).isoformat())
    run.write()


@contextmanager
def running(
    settings: Settings,
    ends: str = "published",
    after: Sequence[Callable[[Settings, str], None]] = (),
    now: datetime | None = None,
) -> Iterator[str]:
    """Hold the lock, open a run's log, and close it whatever becomes of the run; yields its id.

    ends:  the word for a run that went well
    after: called with the settings and the run's id when the log is closed, the lock still held
    now:   when it began, if not now
    """
    with only_writer(settings), full_disk_told(settings):
        run_id = begin(settings, now)
        try:
            with full_disk_told(settings):
                yield run_id
        except BaseException as error:
            with suppress(OSError):  # a full disk has no room for the log of it either
                finish(settings, run_id, "failed", _words(error))
            raise
        else:
            finish(settings, run_id, ends)
        finally:
            for one in after:
                one(settings, run_id)


def _words(error: BaseException) -> str:
    """Return what to say of an error; one that is none of ours says little without its name."""
    name = type(error).__name__
    if isinstance(error, PipelineError):
        return str(error)
    return f"{name}: {error}" if str(error) else name


def outcome(settings: Settings, run_id: str) -> dict[str, Any]:
    """Return how a run ended, as plain values."""
    return RunLog(settings, run_id).values


@contextmanager
def only_writer(settings: Settings) -> Iterator[None]:
    """Hold the data folder's lock, and its lake's; raises Locked while another run holds one."""
    with locks.writing(settings.data), writer_lease.held(settings.lake, settings.data):
        yield
