"""How a run ended as one page of Markdown: its sources, stages, checks and changed verdicts.

Layer:   edge; the run's log arrives as an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def night_page(outcome: Mapping[str, Any]) -> str:
    """Return the page of a run, by its log."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Run {outcome['run_id']}: {outcome['status']}"
    if outcome.get("message"):
        yield f"\n{_cell(outcome['message'])}"
    counted = [
        (one["source"], one["verdict"], *(one[name] for name in _COUNTS), one["message"])
        for one in outcome["sources"]
    ]
    totals = [sum(row[place] for row in counted) for place in range(2, 2 + len(_COUNTS))]
    yield "\n## Sources\n"
    yield from _table(
        ("source", "verdict", "read", "kept", "set aside", "new", "changed", "closed", "message"),
        [*counted, ("all", "", *totals, "")],
    )
    yield "\n## Verdicts\n"
    changes = outcome.get("verdict_changes", ())
    yield from (f"- {_cell(line)}" for line in changes or ["None was published as changed."])
    checks = outcome.get("checks", ())
    failed = [one for one in checks if one["n_offending"]]
    yield f"\n## Checks\n\n{len(checks) - len(failed)} passed, {len(failed)} failed.\n"
    yield from (f"- {one['name']}: {one['n_offending']:,} rows" for one in failed)
    yield "\n## Stages\n"
    under_way = [(outcome["under_way"], "not finished")] if outcome.get("under_way") else []
    yield from _table(("stage", "seconds"), [*outcome["stages"].items(), *under_way])
    if outcome.get("notice"):
        yield f"\n## What was told\n\n{outcome['notice']['body']}"


_COUNTS = ("n_read", "n_kept", "n_rejected", "n_new", "n_changed", "n_closed")


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"


def _cell(value: Any) -> str:
    """Return a value for a cell: one line, in which nothing a site sent is read as markup."""
    if isinstance(value, int):
        return f"{value:,}"
    words = " ".join(str(value).split())
    return words.translate(_PLAIN)


_PLAIN = str.maketrans({mark: f"\\{mark}" for mark in "\\|<>`[]*"})
