"""The lease by which one run at a time writes to a lake on an object store.

Layer:   edge (network, clock). The data folder's own lock holds on one machine; this one holds for
         all that write to the same prefix: `<lake>/writer.json`, made by a put that the store
         refuses where the object is there already, and renewed by puts over our own only.

A run that is killed leaves it behind: the next run from the same data folder takes it at once (it
holds the folder's lock, so the earlier one is dead), any other when it was not renewed in time.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.edge import locks
from pipeline.edge.lake_paths import LakePath
from pipeline.edge.store import StorePath
from pipeline.edge.store_errors import Changed
from pipeline.errors import Locked, PipelineError

log = logging.getLogger(__name__)

SECONDS = 90.0  # renewed every third of it: two renewals may fail
_held: dict[StorePath, _Lease] = {}


@contextmanager
def held(folder: LakePath, data: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold a lake's lease; raises Locked while another run holds it. On disk there is none.

    data: the data folder this run writes from, whose lock it holds
    """
    if not isinstance(folder, StorePath):
        yield
        return
    lease = _Lease(folder, locks.owner(data), seconds)
    lease.take()
    ended = threading.Event()
    renewing = threading.Thread(target=lease.renew_until, args=(ended,), daemon=True)
    renewing.start()
    _held[folder] = lease
    try:
        yield
    finally:
        del _held[folder]
        ended.set()
        renewing.join()
        lease.give_back()


def demand_held(folder: StorePath) -> None:
    """Raise Locked where this process held a lake's lease and lost it."""
    lease = _held.get(folder)
    if lease and (lease.is_lost or time.monotonic() > lease.valid_until):
        raise Locked(
            f"{folder}: expected to be its only writer, saw that the lease was not renewed for "
            f"{lease.seconds:.0f} s and may be another run's; what is in force stays, run again"
        )


class _Lease:
    def __init__(self, folder: StorePath, owner: str, seconds: float):
        self.path = folder / "writer.json"
        self.owner = owner
        self.seconds = seconds
        self.tag = ""
        self.valid_until = 0.0
        self.is_lost = False

    def take(self) -> None:
        """Write the lease where there is none, or over one that is dead."""
        try:
            self._write("")
        except Changed:
            self._take_over()
        self._demand_conditions()

    def renew_until(self, ended: threading.Event) -> None:
        """Renew it again and again until told to end; a store that is away may come back."""
        while not ended.wait(self.seconds / 3):
            try:
                self._write(self.tag)
            except Changed:
                self.is_lost = True
                return
            except PipelineError as error:
                log.warning("%s", error)

    def give_back(self) -> None:
        """Remove the lease if it is ours; one that cannot be removed runs out."""
        with suppress(PipelineError, FileNotFoundError):
            if not self.is_lost and self.path.stat().tag == self.tag:
                self.path.unlink()

    def _take_over(self) -> None:
        try:
            tag = self.path.stat().tag  # before its words: one renewed meanwhile has another
            words = json.loads(self.path.read_bytes())
            written, now = self.path.answered_at()
        except FileNotFoundError:  # given back this moment
            tag, words, written, now = "", {}, datetime.now(UTC), datetime.now(UTC)
        age = (now - written).total_seconds()
        if tag and words.get("owner") != self.owner and age < words.get("seconds", self.seconds):
            raise self._locked(words)
        try:
            self._write(tag)
        except Changed:
            raise self._locked(words) from None

    def _locked(self, words: dict[str, Any]) -> Locked:
        left = words.get("seconds", self.seconds)
        who, since = words.get("owner", "?"), words.get("since", "?")
        return Locked(
            f"{self.path.parent}: another run is writing here, from {who}, last heard of at "
            f"{since}; wait for it to end, or {left:.0f} s if it was killed, then run again"
        )

    def _write(self, over: str) -> None:
        """Write the lease over the one of a tag; a time in it gives each writing its own tag."""
        asked_at = time.monotonic()
        now = datetime.now(UTC).isoformat()
        words = {"owner": self.owner, "since": now, "seconds": self.seconds}
        self.tag = self.path.write_whole(json.dumps(words).encode(), over=over)
        self.valid_until = asked_at + self.seconds

    def _demand_conditions(self) -> None:
        """Raise PipelineError for a store that writes over an object whatever it was told."""
        for over in ("", '"00000000000000000000000000000000"'):
            with suppress(Changed):
                self.path.write_whole(b"{}", over=over)
                raise PipelineError(
                    f"{self.path.parent}: expected a store that heeds If-Match and If-None-Match, "
                    "saw it write over an object all the same; it could not keep two runs apart, "
                    "use another or keep the lake on disk"
                )
