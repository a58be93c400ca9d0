"""Send one message to addresses of many kinds (webhook, e-mail, chat): apprise knows how.

Layer:   edge (network, environment). Secrets come from the environment, and no line names them.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from threading import Thread
from typing import NamedTuple
from urllib.parse import quote

from pipeline.errors import InputError
from pipeline.notice import Notice

SECONDS = 60.0  # for all addresses together; the run has ended and waits for no more


class Delivery(NamedTuple):
    """What became of a message to one address; why: "" if it got through.

    number, kind: its place in the config and its kind: the rest may be a secret
    """

    number: int
    kind: str
    why: str

    @property
    def where(self) -> str:
        """Return the address in words."""
        return f"[notify] urls, number {self.number} ({self.kind})"


def send(urls: Sequence[str], message: Notice, seconds: float = SECONDS) -> list[str]:
    """Send a message to every address; return a line per one that failed."""
    return [
        f"{one.where}: expected to tell of this run, saw {one.why}"
        for one in deliver(urls, message, seconds)
        if one.why
    ]


def deliver(urls: Sequence[str], message: Notice, seconds: float = SECONDS) -> list[Delivery]:
    """Send a message to every address; return what became of each, in their order."""
    failed: dict[int, str] = {}

    def work() -> None:
        for number, url in enumerate(urls, 1):
            failed[number] = _send(url, message)

    # a thread of its own: neither what hangs there nor what is raised reaches the run
    thread = Thread(target=work, daemon=True, name="notify")
    thread.start()
    thread.join(seconds)
    found = []
    for number, url in enumerate(urls, 1):
        kind = url.partition("://")[0] if re.match(r"\w+://", url) else "from the environment"
        found.append(Delivery(number, kind, failed.get(number, f"no answer within {seconds:g} s")))
    return found


def _send(url: str, message: Notice) -> str:
    """Send a message to one address; return why that failed, "" if it did not."""
    import apprise

    try:
        address, secrets = resolved(url)
    except InputError as unset:
        return str(unset)
    target = apprise.Apprise.instantiate(address)
    if target is None:
        return "an address that apprise does not know; see https://appriseit.com/services/"
    logging.getLogger("apprise").propagate = False  # what it says is caught below, without secrets
    grave = {"failure", "nothing_published"} & set(message.kinds)
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        sent = target.notify(
            body=message.body,
            title=message.title,
            notify_type=apprise.NotifyType.FAILURE if grave else apprise.NotifyType.WARNING,
        )
        why = " ".join(said.getvalue().split())
    for secret in [*secrets, *_pieces(address)]:
        why = why.replace(secret, "***")
    return "" if sent else why or "a refusal without a reason"


def _pieces(address: str) -> list[str]:
    """Return what of an address may be a secret that stands in the config: all but a host's name.

    A chat's token often stands where the host would: it has no dot.
    """
    rest = address.partition("://")[2]
    host = re.split(r"[/?]", rest)[0].rpartition("@")[2].partition(":")[0]
    pieces = re.split(r"[/:@?&=]+", rest)
    return [one for one in pieces if len(one) > 4 and (one != host or "." not in host)]


def resolved(url: str) -> tuple[str, list[str]]:
    """Return an address with its ${NAME} read from the environment, and what they stood for.

    A value within an address is quoted, so that a password may hold any character.
    """
    secrets: list[str] = []

    def value(found: re.Match[str]) -> str:
        known = os.environ.get(found[1])
        if not known:
            raise InputError(f"no {found[1]} in the environment; set it where the run is started")
        whole = found[0] == url
        secrets.extend({known, quote(known, safe="")})
        return known if whole else quote(known, safe="")

    return re.sub(r"\$\{(\w+)\}", value, url), secrets
