"""What to say of a night, and whether to say anything: one message at most, with what to do.

Layer:   pure; what was said before arrives as an argument. pipeline/edge/notify.py sends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

KINDS = ("failure", "nothing_published", "silence", "verdicts")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Whom to tell, and of what: the [notify] table of the config.

    urls: addresses as apprise reads them, in which ${NAME} stands for a variable
    """

    urls: tuple[str, ...] = field(default=(), repr=False)
    on: tuple[str, ...] = KINDS
    silent_days: int = 3


def wishes_of(table: Mapping[str, object]) -> Wishes:
    """Return the wishes of a [notify] table; raises ValueError, which never shows an address."""
    urls, on, days = table.get("urls", []), table.get("on", [*KINDS]), table.get("silent_days", 3)
    if stray := sorted(table.keys() - {"urls", "on", "silent_days"}):
        raise ValueError(f"has an unknown key {stray[0]!r}; expected urls, on or silent_days")
    if not isinstance(urls, list) or not all(isinstance(one, str) and one for one in urls):
        raise ValueError('urls: expected a list of addresses, such as ["json://localhost:8080"]')
    if not isinstance(on, list) or not all(one in KINDS for one in on):
        raise ValueError(f"on = {on!r}: expected a list of some of {', '.join(KINDS)}")
    if type(days) is not int or days < 1:
        raise ValueError(f"silent_days = {days!r}: expected a whole number of days, 1 or more")
    return Wishes(tuple(urls), tuple(on), days)


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that brings nothing; `words` say since when and why."""

    source: str
    days: int
    words: str


@dataclass(frozen=True, slots=True)
class Night:
    """How a run ended.

    status:        published, failed, or interrupted by whoever sat before it
    failed_checks: the checks that stopped it, if that is why it failed
    published:     in words, what is published now; "" if nothing is
    lost:          the run before, if it ended without a word
    changes:       verdicts published as changed, a line each
    """

    run_id: str
    on: date
    status: str = "published"
    stage: str = ""
    message: str = ""
    failed_checks: tuple[str, ...] = ()
    published: str = ""
    lost: str = ""
    silent: tuple[Silence, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What was said so far: the last night, silences by source, and changes not told yet."""

    on: date | None = None
    silent: Mapping[str, int] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `kinds` are what it is about, the gravest first."""

    title: str
    body: str
    kinds: tuple[str, ...]


TEST = Notice(
    "jobmarket: a test",
    "`jobmarket notify --test` sent this. A night that needs somebody is told in the same way.\n"
    "What to do: nothing.",
    ("test",),
)


def notice(night: Night, told: Told, wishes: Wishes) -> Notice | None:
    """Return what to say of a night; None on a quiet one, or when this night was spoken of."""
    if told.on == night.on or night.status == "interrupted":
        return None
    said = [part for part in _parts(night, told, wishes) if part[0] in wishes.on]
    if not said:
        return None
    kinds, titles, texts = zip(*said, strict=True)
    return Notice(f"jobmarket: {'; '.join(titles)}", "\n\n".join(texts), kinds)


def remember(night: Night, told: Told, wishes: Wishes, *, sent: bool) -> Told:
    """Return what is known to be told after a night; what was not sent waits for the next one."""
    silent = {one.source: told.silent.get(one.source, 0) for one in night.silent}
    if not sent:
        waiting = (*told.waiting, *night.changes) if "verdicts" in wishes.on else ()
        return Told(told.on, silent, waiting)
    silent |= {one.source: one.days for one in _to_tell(night, told, wishes)}
    return Told(night.on, silent)


def _parts(night: Night, told: Told, wishes: Wishes) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, title, text) of all there is to say, the gravest first."""
    stays = "Nothing has been published yet."
    if night.published:
        stays = f"Published stays what was: {night.published}."
    if night.status != "published" and night.failed_checks:
        names = ", ".join(night.failed_checks)
        yield (
            "nothing_published",
            "nothing was published, a check stopped it",
            f"The checks stopped the run of {night.on}: {names}.\n{night.message}\n{stays}\n"
            "What to do: look at the rows that `jobmarket status` shows; if a fall is meant, "
            "`jobmarket run --accept-drop SOURCE` confirms it once.",
        )
    elif night.status != "published":
        where = f" in the stage {night.stage}" if night.stage else ""
        yield (
            "failure",
            "the run failed, nothing was published",
            f"The run of {night.on} failed{where}: {night.message}\n{stays}\n"
            "What to do: `jobmarket status` shows how far it came; `jobmarket run` starts it "
            "again from there.",
        )
    elif night.lost:
        yield (
            "failure",
            "the run before was lost",
            f"The run {night.lost} ended without a word: it was killed, or the machine stopped. "
            "Tonight's run made it good.\n"
            "What to do: nothing for the data; `last -x` and `journalctl -k` may say what it was.",
        )
    if silent := _to_tell(night, told, wishes):
        names = ", ".join(one.source for one in silent)
        yield (
            "silence",
            f"{names} {'is' if len(silent) == 1 else 'are'} silent",
            "\n".join(one.words for one in silent) + "\n"
            "What to do: `jobmarket sources` shows the last answers; a site that has moved needs "
            "another address, one that has gone `enabled = false` in its table of the config.",
        )
    if changes := (*told.waiting, *night.changes):
        yield (
            "verdicts",
            f"{len(changes)} verdict{'s' * (len(changes) != 1)} changed",
            "\n".join(changes) + "\n"
            "What to do: `jobmarket claims ID` shows the numbers; tell whoever quotes the old one.",
        )


def _to_tell(night: Night, told: Told, wishes: Wishes) -> list[Silence]:
    """Return the silences to speak of: long enough, then again whenever twice as long."""
    return [
        one
        for one in night.silent
        if one.days >= max(wishes.silent_days, 2 * told.silent.get(one.source, 0))
    ]
