"""One reply at a time: the session that keeps a host's rate, tries again, and reads a body whole.

Layer:   edge.
Quirk:   urllib3's first retry comes without a pause, unless the server asks for one (2.8).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from urllib.parse import urlsplit

import requests
from requests_ratelimiter import LimiterAdapter
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, ReadTimeoutError
from urllib3.util.retry import Retry

from pipeline.errors import SourceUnavailable

log = logging.getLogger(__name__)

AGENT = "jobmarket"
LATER = "what we have of it stays; try again later"
_TRY_AGAIN = (429, 500, 502, 503, 504)


_WORDS: dict[type[Exception], str] = {
    NameResolutionError: "no such host",
    ConnectTimeoutError: "no connection in time",
    ReadTimeoutError: "no answer in time",
    requests.exceptions.ConnectTimeout: "no connection in time",
    requests.exceptions.ReadTimeout: "no answer in time",
    requests.exceptions.SSLError: "no trusted TLS certificate",
    requests.exceptions.InvalidHeader: "a Retry-After that is neither seconds nor a date",
    requests.exceptions.ChunkedEncodingError: "the connection closed early",
    requests.exceptions.ContentDecodingError: "the compression is broken",
    requests.exceptions.ConnectionError: "the connection was refused or closed",
}


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How patiently and how much we fetch; seconds, bytes and tries.

    contact:  a URL or e-mail address that tells a site whom to write to
    max_wait: the longest pause between two tries, whatever Retry-After or Crawl-delay asks
    rates:    requests per second and host, by source, where they differ from the TOML's
    """

    contact: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    body_timeout: float = 300.0
    max_bytes: int = 64 * 1024 * 1024
    max_wait: float = 120.0
    tries: int = 4
    backoff: float = 1.0
    jitter: float = 0.5
    max_redirects: int = 5
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply with its body, undecoded; redirects and errors come without one."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str


class Truncated(Exception):
    """A body that ended before its end; its message says how we know."""


class PoliteSession:
    """A requests session for many hosts, each asked no more often than its rate allows."""

    def __init__(self, settings: FetchSettings, rates: Mapping[str, float]):
        """Take the settings, and each source's requests per second and host."""
        self.settings = settings
        self._rates = rates
        self._host_rates: dict[str, float] = {}
        self._session = requests.Session()
        self._session.trust_env = False  # neither a proxy nor a .netrc from the environment
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers["User-Agent"] = _agent(settings.contact)
        self._session.headers["Accept-Encoding"] = "gzip, deflate"

    def close(self) -> None:
        """Close every connection and stop the rate limiters."""
        self._session.close()

    def once(
        self, source: str, url: str, headers: dict[str, str], limit: int, *, cut: bool = False
    ) -> Reply:
        """Return one reply; the adapter waits for its turn and tries again on 429 and 5xx.

        cut: take the first `limit` bytes of a larger body instead of refusing it.
        """
        if _root(url) not in self._host_rates:  # a redirect led to another host
            self.set_rate(url, self.rate(source))
        began = time.monotonic()
        try:
            response = self._session.get(
                url,
                headers=headers,
                timeout=(self.settings.connect_timeout, self.settings.read_timeout),
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as error:
            log.info("%s: %s -> no answer (%s)", source, url, _short(error))
            raise SourceUnavailable(
                f"{source}: {url} could not be reached ({_short(error)}); {LATER}"
            ) from None
        with response:
            content = self._content(source, response, limit, cut) if response.ok else b""
        history = getattr(response.raw.retries, "history", ())
        log.info(
            "%s: %s -> %d, %d bytes, %.2f s, %d tries",
            source,
            url,
            response.status_code,
            len(content),
            time.monotonic() - began,
            len(history) + 1,
        )
        return Reply(response.status_code, response.headers, content, response.encoding or "")

    def rate(self, source: str, of_host: float | None = None) -> float:
        """Return a source's requests per second: as configured, of one of its hosts, or its own."""
        return self.settings.rates.get(source) or of_host or self._rates.get(source, 1.0)

    def set_rate(self, url: str, per_second: float) -> None:
        """Let a host be asked at most that often; where two rates are named, the lower holds."""
        root = _root(url)
        if self._host_rates.get(root, float("inf")) <= per_second:
            return
        self._host_rates[root] = per_second
        patience = Retry(
            total=self.settings.tries - 1,
            redirect=False,
            status_forcelist=_TRY_AGAIN,
            allowed_methods={"GET"},
            backoff_factor=self.settings.backoff,
            backoff_jitter=self.settings.jitter,
            backoff_max=self.settings.max_wait,
            retry_after_max=self.settings.max_wait,  # type: ignore[arg-type]  # compared, never cut
            raise_on_status=False,
        )
        if root in self._session.adapters:
            self._session.adapters[root].close()
        # burst is in seconds: one request each 1 / rate, where "5 in 2 s" would come at once.
        self._session.mount(
            root,
            LimiterAdapter(
                per_second=per_second, burst=max(1 / per_second, 0.001), max_retries=patience
            ),
        )

    def _content(self, source: str, response: requests.Response, limit: int, cut: bool) -> bytes:
        ends = time.monotonic() + self.settings.body_timeout
        parts: list[bytes] = []
        size = 0
        try:
            for part in response.iter_content(64 * 1024):
                parts.append(part)
                size += len(part)
                if size > limit or time.monotonic() > ends:
                    break
        except requests.RequestException as error:
            log.info("%s: %s -> cut short after %d bytes", source, response.url, size)
            raise Truncated(f"after {size} bytes: {_short(error)}") from None
        if size > limit and not cut:
            raise SourceUnavailable(
                f"{source}: {response.url} answers more than {limit} bytes; nothing was stored, "
                "ask for smaller pages or raise the limit"
            )
        if size <= limit and time.monotonic() > ends:
            raise SourceUnavailable(
                f"{source}: {response.url} sent {size} bytes in {self.settings.body_timeout:g} s "
                f"and no end; nothing was stored, {LATER}"
            )
        return b"".join(parts)[:limit]


def decoded(reply: Reply) -> str:
    """Return the body as text: its stated charset, else UTF-8, else what cannot fail."""
    # Without a stated charset, requests guesses Latin-1 for text, as nobody has meant since 1999.
    has_charset = "charset" in reply.headers.get("Content-Type", "").lower()
    for encoding in (reply.encoding if has_charset else "utf-8-sig", "utf-8-sig"):
        try:
            return reply.content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return reply.content.decode("windows-1252", "replace")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _agent(contact: str) -> str:
    try:
        version = metadata.version("jobmarket")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"{AGENT}/{version} (+{contact})" if contact else f"{AGENT}/{version}"


def _short(error: requests.RequestException) -> str:
    """Return an error as a few words; the libraries' own messages run over several lines."""
    # A failure that was retried arrives as a ConnectionError around a MaxRetryError.
    reason = getattr(error.args[0], "reason", None) if error.args else None
    for kind, words in _WORDS.items():
        if isinstance(reason, kind) or isinstance(error, kind):
            return words
    return type(error).__name__
