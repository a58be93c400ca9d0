"""robots.txt: whether and how often a host lets us ask it.

Layer:   edge.
Source:  RFC 9309; a missing file is consent, a broken or busy server is not (section 2.3.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from protego import Protego

from pipeline.edge.addresses import refusal
from pipeline.edge.asking import AGENT
from pipeline.edge.reply import Reply
from pipeline.edge.session import PoliteSession
from pipeline.edge.turns import LATER, root
from pipeline.edge.wire import PrivateAddress
from pipeline.errors import Disallowed, OutOfTime, SourceUnavailable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512 * 1024  # RFC 9309 2.5: a crawler reads at least 500 KiB


class Robots:
    """The rules of every host asked so far, each read once."""

    def __init__(self, session: PoliteSession):
        """Take the session that fetches the rules and keeps a Crawl-delay."""
        self._session = session
        self._known: dict[str, Protego | str] = {}

    def allow(self, source: str, url: str) -> None:
        """Raise Disallowed unless the host's robots.txt lets us fetch the URL.

        SourceUnavailable where nobody can say: the rules could not be read.
        """
        host = root(url)
        rules = self._session.turns.once(
            source, self._known, host, lambda: self._rules(source, f"{host}/robots.txt")
        )
        if isinstance(rules, str):
            raise SourceUnavailable(
                f"{source}: {host}/robots.txt {rules}, so consent cannot be assumed and {url} was "
                f"not fetched; {LATER}"
            )
        if not rules.can_fetch(url, AGENT):
            raise Disallowed(
                f"{source}: {host}/robots.txt does not let {AGENT} fetch {url}; "
                "disable the source or ask the site for permission"
            )
        delay = rules.crawl_delay(AGENT) or 0
        longest = self._session.settings_of(source).max_wait
        if delay > longest:
            raise Disallowed(
                f"{source}: {host}/robots.txt asks for {delay:g} s between requests, we wait at "
                f"most {longest:g} s; disable the source or raise the limit"
            )
        if delay > 0:
            self._session.turns.slow_down(url, 1 / delay)

    def _rules(self, source: str, url: str) -> Protego | str:
        """Return a host's rules, or in words why they are unknown (RFC 9309 2.3.1)."""
        try:
            reply = read_small(self._session, source, url)
        except (OutOfTime, PrivateAddress):
            raise
        except SourceUnavailable:
            return "could not be reached"
        if isinstance(reply, str):
            return reply
        if reply.status == 200:
            return Protego.parse(reply.content.decode("utf-8", "replace"))
        if 400 <= reply.status < 500 and reply.status != 429:
            return Protego.parse("")  # no such file: no rules
        return f"answered {reply.status}"


def read_small(session: PoliteSession, source: str, url: str) -> Reply | str:
    """Return a host's file about itself, its beginning if it is large, or in words why not."""
    here = url
    for _ in range(session.settings_of(source).max_redirects + 1):
        reply = session.reply(source, here, {}, _ROBOTS_BYTES, cut=True)
        if not (target := redirect(here, reply.status, reply.headers)):
            break
        here = target
        if why := refusal(url, here):
            return f"redirects to {here} ({why})"
    return reply


def redirect(url: str, status: int, headers: Mapping[str, str]) -> str:
    """Return where a reply redirects to, or ""."""
    target = headers.get("Location", "") if status in REDIRECTS else ""
    try:
        # http.client reads a header as Latin-1, sites write it as UTF-8
        target = target.encode("latin-1").decode("utf-8")
        return urljoin(url, target) if target else ""
    except ValueError:  # not UTF-8, or no address: `refusal` says so
        return target
