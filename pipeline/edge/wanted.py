"""The sources that a run wants, and how each of them ends: the corpus, files, then the live ones.

Layer:   edge. One that fails stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from pipeline.edge.forgetting import forgotten_ids
from pipeline.edge.ingest import SourceRun, ingest_files
from pipeline.edge.lake import Lake
from pipeline.edge.reference import ingest_reference
from pipeline.edge.settings import Settings
from pipeline.errors import InputError
from pipeline.facts import reader_version
from pipeline.sources.files import FileSpec


def day_since(words: str) -> date:
    """Return the day that --since names: a date, a month or a year; raises InputError."""
    try:
        return date.fromisoformat((words + "-01-01")[:10] if len(words) < 8 else words)
    except ValueError:
        raise InputError(
            f"--since {words!r}: expected a year, a month or a day, such as 2011, 2011-03 or "
            "2011-03-15"
        ) from None


def read_all(
    settings: Settings,
    wanted: Sequence[str],
    today: date,
    since: date | None,
    accept: Sequence[str],
) -> Iterator[SourceRun]:
    """Yield how each source ended: files one after another, then the live ones all at once."""
    stored = _stored(settings)
    for name in wanted:
        if name in stored:
            yield from stored[name](today)
    live = [name for name in wanted if name in settings.live and settings.live[name].enabled]
    if live:
        from pipeline.edge.ingest_live import ingest_live

        yield from ingest_live(
            Lake(settings.lake),
            settings,
            live,
            today=today,
            forgotten=forgotten_ids(settings),
            since=since,
            accept=accept,
        )


def _stored(settings: Settings) -> dict[str, Callable[[date], list[SourceRun]]]:
    """Return what reads each source that lies on disk."""
    lake = Lake(settings.lake)
    version = reader_version()
    gone = forgotten_ids(settings)
    chosen: dict[str, Callable[[date], list[SourceRun]]] = {
        "reference": lambda today: ingest_reference(
            lake,
            version=version,
            today=today,
            where=settings.reference_folder,
            exclude=settings.reference_exclude,
            forgotten=gone,
        )
    }

    def read_files(today: date, spec: FileSpec) -> list[SourceRun]:
        return [ingest_files(lake, spec, version=version, today=today, forgotten=gone)]

    for spec in settings.files:
        chosen[spec.name] = partial(read_files, spec=spec)
    return chosen
