"""Board check: ask every board once and say which of them answer, so that a dead one is seen early.

Layer:   edge (network). What is stored is what a run stores of the same answers.
Quirk:   a board that its employer left answers 404 at most sources; smartrecruiters answers any
         name at all with an empty list (2026-08).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from pipeline import sources
from pipeline.edge.fetch import Fetcher, FetchSettings
from pipeline.edge.live_settings import archive_of, fetch_settings
from pipeline.edge.settings import Settings
from pipeline.errors import Disallowed, InputError, SourceChanged, SourceUnavailable
from pipeline.records import RawDocument
from pipeline.sources.boards import employer_of, starter, starter_boards
from pipeline.sources.source import Request, starts

_GONE = (404, 410)
_ANSWERS_ANY_NAME = frozenset({"smartrecruiters"})
# How the fetcher words a refusal; whatever else it cannot have may answer another day.
_REFUSALS = ("answered 401", "answered 403")


class BoardAnswer(NamedTuple):
    """What one board answered.

    verdict:    answers | empty | missing | disallowed | unreachable | changed
    n_postings: how many the source says there are, else those on the first page
    reason:     in words, "" for a board that simply answers
    """

    source: str
    board: str
    employer: str
    verdict: str
    n_postings: int
    reason: str
    url: str

    @property
    def answers(self) -> bool:
        """Say whether the board is there, be it without a posting today."""
        return self.verdict in {"answers", "empty"}


def check_all(settings: Settings, names: Sequence[str]) -> list[BoardAnswer]:
    """Return what the boards of these sources answer, over connections of its own.

    Without names: of the sources that the config names boards of, else of the whole starter list.
    """
    live = {name: settings.live[name] for name in _demand(settings, names)}
    rates = {name: float(one.options["rate_per_second"]) for name, one in live.items()}
    archive = archive_of(replace(settings, live=live))
    patience = {name: fetch_settings(settings, name) for name in live}
    shared = FetchSettings(contact=settings.contact)
    with Fetcher(archive, shared, rates, by_source=patience) as fetcher:
        return check(settings, fetcher, list(live))


def check(
    settings: Settings,
    fetcher: Fetcher,
    source_names: Sequence[str],
    *,
    today: date | None = None,
) -> list[BoardAnswer]:
    """Return what each board of these sources answers, in the order they are named.

    Asked are the boards of the config, or the starter list where a source has none there. Raises
    InputError for a source that has no boards.
    """
    names = _demand(settings, source_names)
    day = today or datetime.now(UTC).date()
    # One thread a source, not a host: where each employer has a host, they are one provider's.
    with ThreadPoolExecutor(max(1, len(names)), thread_name_prefix="boards") as pool:
        found = pool.map(lambda name: _checked(settings, fetcher, name, day), names)
        return [answer for answers in found for answer in answers]


def lines(answers: Sequence[BoardAnswer]) -> list[str]:
    """Return the answers as text, what needs a look last, and a count of each verdict."""
    ordered = [one for one in answers if one.answers] + [one for one in answers if not one.answers]
    counts = Counter(one.verdict for one in answers)
    told = [
        f"{one.source:16}{one.board:32}{one.verdict:13}"
        + (f"{one.n_postings:>6,}  {one.employer}" if one.answers else f"        {one.employer}")
        + (f": {one.reason}" if one.reason else "")
        for one in ordered
    ]
    return [*told, f"{len(answers)} boards: " + _counted(counts)]


def rows(answers: Iterable[BoardAnswer]) -> list[dict[str, Any]]:
    """Return the answers as JSON can hold them."""
    return [one._asdict() for one in answers]


def starter_rows(names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the starter list, of these sources or of all; raise InputError for another name."""
    known = list(dict.fromkeys(one.source for one in starter_boards()))
    for name in names:
        if name not in known:
            raise InputError(f"no boards are listed for {name!r}; known are {', '.join(known)}")
    return [one._asdict() for name in names or known for one in starter(name)]


def starter_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the starter list as text."""
    told = [
        f"{row['source']:16}{row['board']:32}{row['kind']:14}{row['country']:4}{row['employer']}"
        for row in rows
    ]
    return "\n".join(
        [*told, f"{len(rows)} boards: " + _counted(Counter(row["kind"] for row in rows))]
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))


def _demand(settings: Settings, names: Sequence[str]) -> list[str]:
    """Return the sources to ask; raise InputError for one that has no boards."""
    having = [name for name, one in settings.live.items() if one.options.get("scopes")]
    for name in names:
        if name not in having:
            raise InputError(f"{name!r} has no boards to ask; those with are {', '.join(having)}")
    configured = [
        name for name in having if settings.live[name].enabled and _boards(settings, name)
    ]
    return list(dict.fromkeys(names)) or configured or [name for name in having if starter(name)]


def _boards(settings: Settings, name: str) -> list[str]:
    """Return the boards that the config names for a source."""
    options = settings.live[name].options
    return list(options.get(options["scopes"], ()))


def _checked(settings: Settings, fetcher: Fetcher, name: str, today: date) -> list[BoardAnswer]:
    """Return what the boards of one source answer, one after another."""
    module, options = sources.load(name), settings.live[name].options
    boards = _boards(settings, name) or [one.board for one in starter(name)]
    asked = getattr(module, "starts", starts)(module.INFO, options | {options["scopes"]: boards})
    first: dict[str, Request] = {}
    for request in asked:
        first.setdefault(request.scope, request)
    names = options.get("employers", {})
    found = []
    for request in first.values():
        employer = names.get(request.scope) or employer_of(name, request.scope) or request.scope
        verdict, n_postings, reason = _verdict(module, fetcher, request, employer, today)
        found.append(
            BoardAnswer(name, request.scope, employer, verdict, n_postings, reason, request.url)
        )
    return found


def _verdict(
    module: Any, fetcher: Fetcher, request: Request, employer: str, today: date
) -> tuple[str, int, str]:
    """Return a board's verdict, its number of postings and the reason in words."""
    name = module.INFO["name"]
    try:
        answer = fetcher.get(name, request.url, missing_ok=True)
        if answer.status in _GONE:
            return "missing", 0, f"answered {answer.status}; find where the employer's board is now"
        page = module.parse(
            RawDocument(name, request.url, answer.body, today, request.scope, employer)
        )
    except SourceChanged as error:
        return "changed", 0, str(error)
    except SourceUnavailable as error:
        refused = isinstance(error, Disallowed) or any(one in str(error) for one in _REFUSALS)
        return "disallowed" if refused else "unreachable", 0, str(error)
    n_postings = max(page.total or 0, len(page.listed))
    if not n_postings:
        told = ", as it would for a name that nobody has" if name in _ANSWERS_ANY_NAME else ""
        return "empty", 0, "lists no posting today" + told
    aside = len(page.rejected)
    return "answers", n_postings, f"{aside} of them cannot be read" if aside else ""
