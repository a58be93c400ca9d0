"""Fetch: one polite way to ask any site, the same for all sources.

Layer:   edge. robots.txt, a rate per host, retries with back-off, conditional requests answered
         from the archive, a size limit, and no redirect into a private network.
Quirk:   a body can stop early without an error: on a closed connection without a length only
         broken JSON tells (tried with urllib3 2.8).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from requests import Request
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pipeline.edge.addresses import refusal
from pipeline.edge.archive import Archive
from pipeline.edge.robots import REDIRECTS, Robots
from pipeline.edge.session import LATER, FetchSettings, PoliteSession, Reply, Truncated, decoded
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
    """Fetches for all sources of one run, one request after another; close it at the end."""

    def __init__(
        self,
        archive: Archive,
        settings: FetchSettings | None = None,
        rates: Mapping[str, float] | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        """Take the archive, the settings, and each source's requests per second and host."""
        self.archive = archive
        self.settings = settings or FetchSettings()
        self._now = now
        self._session = PoliteSession(self.settings, rates or {})
        self._robots = Robots(self._session)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection and stop the rate limiters."""
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
        SourceChanged where a source of JSON answers something else. `headers` are never logged,
        archived or sent to another host.
        """
        full = Request("GET", url, params=dict(params or {})).prepare().url or url
        if urlsplit(full).scheme not in ("http", "https"):
            raise SourceUnavailable(f"{source}: {full}: expected an http or https address")
        saved = self.archive.latest(source, full)
        asked = dict(headers or {})
        if saved and saved.etag:
            asked["If-None-Match"] = saved.etag
        if saved and saved.last_modified:
            asked["If-Modified-Since"] = saved.last_modified
        self._session.set_rate(full, self._session.rate(source, rate))
        reply = self._fetched(source, full, asked)
        if reply.status == 304 and saved:
            return Answer(full, 304, saved.body, True)
        if reply.status in (404, 410) and missing_ok:
            return Answer(full, reply.status, "", False)
        if reply.status != 200:
            raise SourceUnavailable(
                f"{source}: {full} answered {reply.status} instead of 200"
                f"{_asked_to_wait(reply)}; {_next_step(reply.status)}"
            )
        kept = self.archive.store(
            source,
            full,
            decoded(reply),
            fetched_at=self._now(),
            etag=reply.headers.get("ETag", ""),
            last_modified=reply.headers.get("Last-Modified", ""),
        )
        return Answer(full, 200, kept.body, saved is not None and kept == saved)

    def _fetched(self, source: str, url: str, headers: dict[str, str]) -> Reply:
        """Return the whole reply, asking again where a body was cut short."""
        is_json = source in self.archive.policies and self.archive.policies[source].is_json
        tries = Retrying(
            stop=stop_after_attempt(self.settings.tries),
            wait=wait_exponential_jitter(
                initial=self.settings.backoff,
                max=self.settings.max_wait,
                jitter=self.settings.jitter,
            ),
            retry=retry_if_exception_type(Truncated),
            reraise=True,
        )
        try:
            return tries(self._followed, source, url, headers, is_json)
        except Truncated as how:
            raise SourceUnavailable(
                f"{source}: {url} was cut short {self.settings.tries} times ({how}); {LATER}"
            ) from None

    def _followed(self, source: str, url: str, headers: dict[str, str], is_json: bool) -> Reply:
        """Return the reply at the end of the redirects, each of them checked."""
        here = url
        for _ in range(self.settings.max_redirects + 1):
            self._robots.allow(source, here)
            reply = self._session.once(source, here, headers, self.settings.max_bytes)
            if reply.status not in REDIRECTS or not reply.headers.get("Location"):
                if is_json and reply.status == 200:
                    _check_whole(reply)
                return reply
            here, before = urljoin(here, reply.headers["Location"]), here
            if why := refusal(url, here):
                raise SourceUnavailable(
                    f"{source}: {before} redirects to {here}, which is refused ({why}); "
                    "check the address in the configuration"
                )
            if urlsplit(here).netloc != urlsplit(before).netloc:
                headers = {}
        raise SourceUnavailable(
            f"{source}: {url} redirects more than {self.settings.max_redirects} times; "
            "check the address in the configuration"
        )


def _check_whole(reply: Reply) -> None:
    text = decoded(reply)
    if not text.lstrip().startswith(("{", "[")):
        return
    try:
        json.loads(text)
    except ValueError as error:
        raise Truncated(f"JSON that breaks off: {error}") from None


def _asked_to_wait(reply: Reply) -> str:
    wait = reply.headers.get("Retry-After", "")
    return f" and asks us to wait ({wait[:40]})" if wait else ""


def _next_step(status: int) -> str:
    if status in (401, 403):
        return "check the key or ask the site for permission"
    if status in (404, 410):
        return "check the address or the board's name in the configuration"
    return LATER
