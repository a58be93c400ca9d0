"""The past of a source that keeps one, thread by thread, each put into the lake as it is read.

Layer:   edge (network, disk). What was read whole is noted in the source's state, so that the next
         call asks for the rest. How the source is today is not judged by what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from pipeline.edge import live
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.forgetting import forgotten_ids
from pipeline.edge.ingest import SourceRun
from pipeline.edge.ingest_live import HN, by_scope, lake_name, store
from pipeline.edge.lake import Lake
from pipeline.edge.live_settings import archive_of, fetch_settings
from pipeline.edge.settings import Settings

KEEP_A_PAST = (HN,)


@dataclass(frozen=True, slots=True)
class Past:
    """The past of one source, from a day on."""

    settings: Settings
    name: str
    since: date
    fetcher: Fetcher

    def threads(self) -> list[str]:
        """Return the threads that were never read whole, newest first."""
        self.fetcher.start(self.name)
        return live.past_threads(self.fetcher, self._asked, self.since, self._whole())

    def read(self, thread: str, today: date) -> SourceRun:
        """Put one thread into the lake; raises SourceUnavailable or SourceChanged."""
        self.fetcher.start(self.name)  # its time budget is that of one thread
        lake, whole = self._lake, self._whole()
        seen = lake.sightings(lake.manifest(lake_name(self.name)))
        found = live.collect(
            self.fetcher, self._asked, today=today, known=live.Known(by_scope(seen)), only=[thread]
        )
        return store(
            lake, self.settings, self.name, live.harvest_of(found),
            {"whole_threads": live.whole_threads(found, whole)},
            today=today, forgotten=forgotten_ids(self.settings), is_past=True,
        )  # fmt: skip

    @property
    def _asked(self) -> live.HnSettings:
        return live.HnSettings.from_table(self.settings.live[self.name].options)

    @property
    def _lake(self) -> Lake:
        return Lake(self.settings.lake)

    def _whole(self) -> frozenset[str]:
        return frozenset(self._lake.manifest(lake_name(self.name)).state.get("whole_threads", ()))


@contextmanager
def past_of(settings: Settings, name: str, since: date) -> Iterator[Past]:
    """Yield the past of a source, to be asked over one connection at the source's own rate."""
    rates = {name: float(settings.live[name].options["rate_per_second"])}
    asked = {name: fetch_settings(settings, name)}
    with Fetcher(
        archive_of(settings), FetchSettings(contact=settings.contact), rates, by_source=asked
    ) as fetcher:
        yield Past(settings, name, since, fetcher)
