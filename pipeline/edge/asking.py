"""One request and its reply: sent in its turn, read to its end, counted where a host keeps silent.

Layer:   edge. Threads share it; turns.py says who may ask, wire.py keeps the deadline.
Quirk:   a Session's own `get` reads a redirect's body whole, however large, even when it is told
         not to follow it (requests 2.34), so its adapter is asked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import cache
from importlib import metadata

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from pipeline.edge.reply import (
    TIMED_OUT,
    FetchSettings,
    NoAnswer,
    Reply,
    Truncated,
    in_words,
)
from pipeline.edge.turns import LATER, Turns
from pipeline.edge.wire import LIMITS, Limits, PrivateAddress, polite_adapter
from pipeline.errors import SourceUnavailable

log = logging.getLogger(__name__)

AGENT = "jobmarket"
TRY_AGAIN = (429, 500, 502, 503, 504)
_CHUNK = 64 * 1024


class Asker:
    """Sends one request at a time and host; never tries again."""

    def __init__(self, turns: Turns):
        """Take the turns that every request waits for."""
        self.turns = turns
        self._session = requests.Session()
        self._session.trust_env = False  # neither a proxy nor a .netrc from the environment
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        self._adapter = polite_adapter()

    def close(self) -> None:
        """Close every kept connection."""
        self._adapter.close()
        self._session.close()

    def is_elsewhere(self, before: str, here: str) -> bool:
        """Tell whether a redirect leads to where a secret may not follow."""
        return self._session.should_strip_auth(before, here)

    def ask(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        settings: FetchSettings,
        limit: int,
        cut: bool = False,
    ) -> Reply:
        """Return one reply; raise NoAnswer, Truncated, or SourceUnavailable for good.

        cut: take the first `limit` bytes of a larger body instead of refusing it
        """
        turns = self.turns
        with turns.turn(source, url, settings.max_wait):
            left, began = turns.left(source), time.monotonic()
            connect, read = min(settings.connect_timeout, left), min(settings.read_timeout, left)
            limits = Limits(
                began + min(connect + read, left), read, turns.is_stopped, settings.private_hosts
            )
            LIMITS.set(limits)
            response = self._sent(source, url, headers, settings, (connect, read))
            limits.ends = time.monotonic() + min(settings.body_timeout, turns.left(source))
            has_body = 200 <= response.status_code < 300
            with response:
                content = (
                    self._content(source, url, response, settings, limit, cut) if has_body else b""
                )
            turns.heard(url, True)
            reply = Reply(response.status_code, response.headers, content)
            if reply.status in TRY_AGAIN:
                turns.rest(url, reply.asked_pause, asked=True)
        log.info(
            "%s: %s -> %d, %d bytes, %.2f s",
            source,
            url,
            reply.status,
            len(content),
            time.monotonic() - began,
        )
        return reply

    def _sent(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        settings: FetchSettings,
        timeout: tuple[float, float],
    ) -> requests.Response:
        """Return a response with its headers, its body still to be read."""
        asked = CaseInsensitiveDict({"User-Agent": _agent(settings.contact)})
        asked.update(headers)
        try:
            prepared = self._session.prepare_request(requests.Request("GET", url, asked))
        except requests.RequestException as error:  # its own words would show a key
            raise SourceUnavailable(
                f"{source}: {url} cannot be asked for ({type(error).__name__}); check the address "
                "and the key in the configuration"
            ) from None
        try:
            return self._adapter.send(prepared, stream=True, timeout=timeout, verify=True)
        except PrivateAddress as where:
            raise PrivateAddress(
                f"{source}: {url} leads to {where}, a private address, and was not fetched; check "
                "it in the configuration, or name its host in private_hosts"
            ) from None
        except (requests.RequestException, HTTPError) as error:
            self.turns.left(source)  # says so where our own time was up, or we were stopped
            self.turns.heard(url, False)
            log.info("%s: %s -> no answer (%s)", source, url, in_words(error))
            raise NoAnswer(
                f"{source}: {url} could not be reached ({in_words(error)}); {LATER}"
            ) from None

    def _content(
        self,
        source: str,
        url: str,
        response: requests.Response,
        settings: FetchSettings,
        limit: int,
        cut: bool,
    ) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            for part in response.iter_content(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > limit:
                    break
        except (requests.RequestException, HTTPError) as error:
            self.turns.left(source)
            log.info("%s: %s -> cut short after %d bytes", source, url, size)
            if in_words(error) == TIMED_OUT:
                self.turns.heard(url, False)
            if time.monotonic() < LIMITS.get().ends:
                raise Truncated(f"after {size} bytes: {in_words(error)}") from None
            raise SourceUnavailable(
                f"{source}: {url} came to no end in {settings.body_timeout:g} s; nothing was "
                f"stored, {LATER}"
            ) from None
        if size > limit and not cut:
            raise SourceUnavailable(
                f"{source}: {url} answers more than {limit} bytes; nothing was stored, "
                "ask for smaller pages or raise the limit"
            )
        return b"".join(parts)[:limit]


@cache
def _agent(contact: str) -> str:
    try:
        version = metadata.version("jobmarket")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"{AGENT}/{version} (+{contact})" if contact else f"{AGENT}/{version}"
