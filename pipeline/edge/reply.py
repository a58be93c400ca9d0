"""What a request may take, and what comes back: a reply, or how it failed in a few words.

Layer:   edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    InvalidHeader,
    NameResolutionError,
    ReadTimeoutError,
)
from urllib3.util.retry import Retry

from pipeline.edge.decoding import decoded
from pipeline.edge.turns import LATER
from pipeline.errors import SourceUnavailable

TIMED_OUT = "no answer in time"
_YEAR = 365 * 24 * 3600
_WORDS: dict[type[Exception], str] = {
    NameResolutionError: "no such host",
    ConnectTimeoutError: "no connection in time",
    ReadTimeoutError: TIMED_OUT,
    requests.exceptions.ConnectTimeout: "no connection in time",
    requests.exceptions.ReadTimeout: TIMED_OUT,
    requests.exceptions.SSLError: "no trusted TLS certificate",
    requests.exceptions.ChunkedEncodingError: "the connection closed early",
    requests.exceptions.ContentDecodingError: "the compression is broken",
    requests.exceptions.ConnectionError: "the connection was refused or closed",
}


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How patiently and how much we fetch; seconds, bytes and tries.

    contact:       a URL or e-mail address that tells a site whom to write to
    read_timeout:  the longest silence; the header block must be whole by then
    body_timeout:  from the end of the headers to the end of the body
    max_wait:      the longest pause between two tries, whatever Retry-After or Crawl-delay asks
    budget:        what a source may take in a run, once its clock was started
    rates:         requests per second and host, by source, where they differ from the TOML's
    private_hosts: hosts with a public name that stand in our own network
    """

    contact: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    body_timeout: float = 120.0
    max_bytes: int = 64 * 1024 * 1024
    max_wait: float = 120.0
    tries: int = 3
    backoff: float = 1.0
    jitter: float = 0.5
    max_redirects: int = 5
    budget: float = 600.0
    rates: Mapping[str, float] = field(default_factory=dict)
    private_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply with its body, undecoded; redirects and errors come without one."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def content_type(self) -> str:
        """Return the header of that name, or ""."""
        return self.headers.get("Content-Type", "")

    @property
    def text(self) -> str:
        """Return the decoded body."""
        return decoded(self.content, self.content_type)

    @property
    def asked_pause(self) -> float:
        """Return the seconds of a Retry-After, 0 where there is none or nobody can read it."""
        try:
            stated = self.headers.get("Retry-After", "0")
            return min(Retry(retry_after_max=_YEAR).parse_retry_after(stated), _YEAR)
        except (InvalidHeader, ValueError, OverflowError):
            return 0.0

    @property
    def next_step(self) -> str:
        """Return what follows the status in the line that a person reads."""
        wait = self.headers.get("Retry-After", "")
        asked = f" and asks us to wait ({wait[:40]}); " if wait else "; "
        if self.status in (401, 403):
            return f"{asked}check the key or ask the site for permission"
        if self.status in (404, 410):
            return f"{asked}check the address or the board's name in the configuration"
        return asked + LATER


class Truncated(Exception):
    """A body that ended before its end; its message says how we know."""


class NoAnswer(SourceUnavailable):
    """A host that kept silent, hung up or could not be found."""


def in_words(error: Exception) -> str:
    """Return an error as a few words; the libraries' own messages run over several lines."""
    # A failure that was retried arrives as a ConnectionError around a MaxRetryError.
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    for kind, words in _WORDS.items():
        if any(isinstance(one, kind) for one in (reason, cause, error)):
            return words
    return type(error).__name__
