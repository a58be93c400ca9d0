"""The session that all sources share: what holds for whom, and how often we try.

Layer:   edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenacity import (
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential_jitter,
)

from pipeline.edge.asking import TRY_AGAIN, Asker
from pipeline.edge.reply import FetchSettings, NoAnswer, Reply, Truncated
from pipeline.edge.turns import LATER, Turns
from pipeline.errors import SourceUnavailable


class PoliteSession:
    """A requests session for many hosts and threads; each host is asked in turn."""

    def __init__(
        self,
        settings: FetchSettings,
        rates: Mapping[str, float],
        by_source: Mapping[str, FetchSettings],
        turns: Turns,
    ):
        """Take the settings, those of single sources, and each source's requests per second."""
        self.turns = turns
        self._settings = settings
        self._by_source = by_source
        self._rates = rates
        self._asker = Asker(turns)

    def close(self) -> None:
        """Close every kept connection."""
        self._asker.close()

    def settings_of(self, source: str) -> FetchSettings:
        """Return what holds for a source."""
        return self._by_source.get(source, self._settings)

    def rate(self, source: str, of_host: float | None = None) -> float:
        """Return a source's requests per second: as configured, of one of its hosts, or its own."""
        return self.settings_of(source).rates.get(source) or of_host or self._rates.get(source, 1.0)

    def is_elsewhere(self, before: str, here: str) -> bool:
        """Tell whether a redirect leads to where a secret may not follow."""
        return self._asker.is_elsewhere(before, here)

    def reply(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        *,
        cut: bool = False,
        check: Callable[[Reply], None] = lambda _: None,
    ) -> Reply:
        """Return one reply, asking again after silence, 429, 5xx and a body that was cut short.

        cut:   take the first `limit` bytes of a larger body instead of refusing it
        check: raises Truncated for a reply that cannot be whole
        """
        if not self.turns.has_rate(url):  # a redirect led to another host
            self.turns.slow_down(url, self.rate(source))
        settings = self.settings_of(source)
        tries = Retrying(
            stop=stop_after_attempt(settings.tries),
            wait=wait_exponential_jitter(
                initial=settings.backoff, max=settings.max_wait, jitter=settings.jitter
            ),
            # the host rests, whoever wants to ask it; the next try then waits for its turn
            sleep=lambda seconds: self.turns.rest(url, seconds),
            retry=retry_if_exception_type((Truncated, NoAnswer))
            | retry_if_result(lambda reply: reply.status in TRY_AGAIN),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )

        def once() -> Reply:
            reply = self._asker.ask(source, url, headers, settings, limit, cut)
            check(reply)
            return reply

        try:
            return tries(once)
        except Truncated as how:
            raise SourceUnavailable(
                f"{source}: {url} was cut short {settings.tries} times ({how}); {LATER}"
            ) from None
