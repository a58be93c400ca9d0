"""Send one message to addresses of many kinds (webhook, e-mail, chat): apprise knows how.

Layer:   edge (network, environment). Secrets come from the environment, and no line names them.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from threading import Thread
from urllib.parse import quote

from pipeline.errors import InputError
from pipeline.notice import Notice

SECONDS = 60.0  # for all addresses together; the run has ended and waits for no more


def send(urls: Sequence[str], message: Notice, seconds: float = SECONDS) -> list[str]:
    """Send a message to every address; return a line per one that failed.

    A line names an address by its place in the config and its kind: the rest may be a secret.
    """
    failed: dict[int, str] = {}

    def deliver() -> None:
        for number, url in enumerate(urls, 1):
            failed[number] = _send(url, message)

    # a thread of its own: neither what hangs there nor what is raised reaches the run
    thread = Thread(target=deliver, daemon=True, name="notify")
    thread.start()
    thread.join(seconds)
    lines = []
    for number, url in enumerate(urls, 1):
        if why := failed.get(number, f"no answer within {seconds:g} s"):
            kind = url.partition("://")[0] if re.match(r"\w+://", url) else "from the environment"
            lines.append(
                f"[notify] urls, number {number} ({kind}): expected to tell of this run, saw {why}"
            )
    return lines


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
    for secret in secrets:
        why = why.replace(secret, "***")
    return "" if sent else why or "a refusal without a reason"


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
