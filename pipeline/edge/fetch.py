"""Fetch: one polite way to ask any site, the same for all sources and their threads.

Layer:   edge. robots.txt and reservations, a turn and a rate per host, retries with back-off, a
         time budget per source, conditional requests answered from the archive, a size limit, and
         no way into a private network.
Quirk:   a body can stop early without an error: on a closed connection without a length only
         broken JSON tells (tried with urllib3 2.8).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from pipeline.edge.addresses import refusal
from pipeline.edge.archive import Archive
from pipeline.edge.cleaning import Policy
from pipeline.edge.consent import Consent, refused, reserved_by_headers, reserved_by_page
from pipeline.edge.reply import FetchSettings, Reply, Truncated
from pipeline.edge.robots import Robots, redirect
from pipeline.edge.session import PoliteSession
from pipeline.edge.turns import Turns, root
from pipeline.errors import SourceUnavailable

__all__ = ["Answer", "FetchSettings", "Fetcher"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, cleaned as archived; `unchanged` if it is the one the archive already had."""

    url: str
    status: int
    body: str
    unchanged: bool


class Fetcher:
    """Fetches for all sources of one run, from as many threads as there are sources."""

    def __init__(
        self,
        archive: Archive,
        settings: FetchSettings | None = None,
        rates: Mapping[str, float] | None = None,
        *,
        by_source: Mapping[str, FetchSettings] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        """Take the archive, the settings, and each source's requests per second and host.

        by_source: the settings of single sources, in place of those of all
        """
        self.archive = archive
        self.settings = settings or FetchSettings()
        self._now = now
        self._turns = Turns()
        self._session = PoliteSession(self.settings, rates or {}, by_source or {}, self._turns)
        self._robots = Robots(self._session)
        self._consent = Consent(self._session)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, source: str) -> None:
        """Start a source's clock: once its budget is spent, `get` raises OutOfTime."""
        self._turns.start(source, self._session.settings_of(source).budget)

    def stop(self) -> None:
        """End every request and every wait, now and later, with OutOfTime."""
        self._turns.stop()

    def close(self) -> None:
        """Stop, and close every connection."""
        self.stop()
        self._session.close()

    def get(
        self,
        source: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        missing_ok: bool = False,
        rate: float | None = None,
    ) -> Answer:
        """Return a URL's answer, archived; with missing_ok a 404 or 410 is an answer without body.

        rate: requests per second of this host, where it is not the source's own.
        Raises SourceUnavailable where the site cannot be reached, refuses or does not answer 200,
        its child Disallowed where it does not want to be read, its child OutOfTime where our own
        time is up, SourceChanged where a source of JSON answers something else. `headers` are
        never logged, archived or sent to another host.
        """
        self._turns.left(source)
        full = _address(source, url, params or {})
        saved = self.archive.latest(source, full)
        asked = dict(headers or {})
        if saved and saved.etag:
            asked["If-None-Match"] = saved.etag
        if saved and saved.last_modified:
            asked["If-Modified-Since"] = saved.last_modified
        self._turns.slow_down(full, self._session.rate(source, rate))
        reply = self._followed(source, full, asked)
        if reply.status == 304 and saved:
            return Answer(full, 304, saved.body, True)
        if reply.status in (404, 410) and missing_ok:
            return Answer(full, reply.status, "", False)
        if reply.status != 200:
            raise SourceUnavailable(
                f"{source}: {full} answered {reply.status} instead of 200{reply.next_step}"
            )
        text = reply.text
        if why := reserved_by_page(text, reply.content_type):
            raise refused(source, full, why)
        kept = self.archive.store(
            source,
            full,
            text,
            fetched_at=self._now(),
            etag=reply.headers.get("ETag", ""),
            last_modified=reply.headers.get("Last-Modified", ""),
        )
        return Answer(full, 200, kept.body, saved is not None and kept == saved)

    def _followed(self, source: str, url: str, headers: dict[str, str]) -> Reply:
        """Return the reply at the end of the redirects, each of them checked."""
        policy = self.archive.policies.get(source, Policy())
        settings = self._session.settings_of(source)
        here = url
        for _ in range(settings.max_redirects + 1):
            self._robots.allow(source, here)
            if policy.is_page:
                self._consent.allow(source, here)
            reply = self._session.reply(
                source,
                here,
                headers,
                settings.max_bytes,
                check=_check_whole if policy.is_json else _as_it_is,
            )
            if why := reserved_by_headers(reply.headers):
                raise refused(source, here, why)
            if not (target := redirect(here, reply.status, reply.headers)):
                return reply
            here, before = target, here
            if why := refusal(url, here):
                raise SourceUnavailable(
                    f"{source}: {before} redirects to {here}, which is refused ({why}); "
                    "check the address in the configuration"
                )
            if self._session.is_elsewhere(before, here):
                headers = {}
        raise SourceUnavailable(
            f"{source}: {url} redirects more than {settings.max_redirects} times; "
            "check the address in the configuration"
        )


def _address(source: str, url: str, params: Mapping[str, str]) -> str:
    """Return the whole address; raise SourceUnavailable where it is none of the web."""
    try:
        full = requests.Request("GET", url, params=dict(params)).prepare().url or url
        is_of_the_web = root(full).startswith(("http://", "https://"))
    except (requests.RequestException, ValueError):
        full, is_of_the_web = url, False
    if not is_of_the_web:
        raise SourceUnavailable(f"{source}: {full}: expected an http or https address")
    return full


def _as_it_is(_: Reply) -> None:
    """Take a reply as it is: only of JSON can one tell that it is whole."""


def _check_whole(reply: Reply) -> None:
    text = reply.text if reply.status == 200 else ""
    if not text.lstrip().startswith(("{", "[")):
        return
    try:
        json.loads(text)
    except RecursionError:
        return  # nested too deep to tell; the archive refuses it in words of its own
    except ValueError as error:
        raise Truncated(f"JSON that breaks off: {error}") from None
