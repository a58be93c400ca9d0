"""robots.txt: whether and how often a host lets us ask it.

Layer:   edge.
Source:  RFC 9309; a missing file is consent, a broken or busy server is not (section 2.3.1).
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from protego import Protego

from pipeline.edge.addresses import refusal
from pipeline.edge.session import AGENT, LATER, PoliteSession, Truncated
from pipeline.errors import SourceUnavailable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512 * 1024  # RFC 9309 2.5: a crawler reads at least 500 KiB


class Robots:
    """The rules of every host asked so far, each read once."""

    def __init__(self, session: PoliteSession):
        """Take the session that fetches the rules and keeps a Crawl-delay."""
        self._session = session
        self._known: dict[str, Protego | str] = {}

    def allow(self, source: str, url: str) -> None:
        """Raise SourceUnavailable unless the host's robots.txt lets us fetch the URL."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._known:
            self._known[root] = self._rules(source, f"{root}/robots.txt")
        rules = self._known[root]
        if isinstance(rules, str):
            raise SourceUnavailable(
                f"{source}: {root}/robots.txt {rules}, so consent cannot be assumed and {url} was "
                f"not fetched; {LATER}"
            )
        if not rules.can_fetch(url, AGENT):
            raise SourceUnavailable(
                f"{source}: {root}/robots.txt does not let {AGENT} fetch {url}; "
                "disable the source or ask the site for permission"
            )
        delay = rules.crawl_delay(AGENT) or 0
        if delay > self._session.settings.max_wait:
            raise SourceUnavailable(
                f"{source}: {root}/robots.txt asks for {delay:g} s between requests, we wait at "
                f"most {self._session.settings.max_wait:g} s; disable the source or raise the limit"
            )
        if delay:
            self._session.set_rate(url, 1 / delay)

    def _rules(self, source: str, url: str) -> Protego | str:
        """Return a host's rules, or in words why they are unknown (RFC 9309 2.3.1)."""
        here = url
        for _ in range(self._session.settings.max_redirects + 1):
            try:
                reply = self._session.once(source, here, {}, _ROBOTS_BYTES, cut=True)
            except SourceUnavailable:
                return "could not be reached"
            except Truncated:
                return "was cut short"
            if reply.status not in REDIRECTS or not reply.headers.get("Location"):
                break
            here = urljoin(here, reply.headers["Location"])
            if why := refusal(url, here):
                return f"redirects to {here} ({why})"
        if reply.status == 200:
            return Protego.parse(reply.content.decode("utf-8", "replace"))
        if 400 <= reply.status < 500 and reply.status != 429:
            return Protego.parse("")  # no such file: no rules
        return f"answered {reply.status}"
