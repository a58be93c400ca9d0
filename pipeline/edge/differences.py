"""What an extractor says that an earlier one did not: two facts files, compared and told.

Layer:   edge (disk). The changes wait in a temporary file once they are many.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from pipeline.edge.facts_files import NEEDED, FactsFile, Pairs, Record
from pipeline.mentions.differences import CHANGED, GAINED, LOST, Change, asked, compare

_SHOWN = 10  # postings of one file only that are named; the rest is counted
_IN_MEMORY = 8_000_000  # bytes of changes; more go to a temporary file
_MARKS = {GAINED: "+", LOST: "-", CHANGED: "~"}


@dataclass(slots=True)
class Totals:
    """The two files in sum; `by_term` counts (term, kind, gained | lost | changed)."""

    n_compared: int = 0
    n_differing: int = 0
    n_same: int = 0
    n_moved: int = 0
    only_old: list[str] = field(default_factory=list)
    only_new: list[str] = field(default_factory=list)
    n_only_old: int = 0
    n_only_new: int = 0
    old_versions: Counter[str] = field(default_factory=Counter)
    new_versions: Counter[str] = field(default_factory=Counter)
    by_term: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def count(self, what: str) -> int:
        """Return how many mentions were gained, lost or changed."""
        return sum(n for (_, _, kind), n in self.by_term.items() if kind == what)


class Differences:
    """How two facts files differ: `totals`, and the changes posting by posting."""

    def __init__(self, old: FactsFile, new: FactsFile):
        """Compare two files; raises InputError naming file and line of a record that is none."""
        self.old, self.new = old.path, new.path
        self.totals = Totals()
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  read again later
        pairs = Pairs(old, new)
        for before, after in pairs:
            self._compare(before, after)
        totals = self.totals
        totals.old_versions, totals.new_versions = pairs.old_versions, pairs.new_versions
        totals.n_only_old, totals.only_old = pairs.only_old(_SHOWN)
        totals.n_only_new, totals.only_new = pairs.only_new(_SHOWN)

    def _compare(self, before: Record, after: Record) -> None:
        found = compare(before.mentions, after.mentions)
        totals = self.totals
        totals.n_compared += 1
        totals.n_same += found.n_same
        totals.n_moved += found.n_moved
        if not found.changes:
            return
        totals.n_differing += 1
        totals.by_term.update(
            (one.mention["term"], one.mention["kind"], one.what) for one in found.changes
        )
        shown = {
            "posting_id": after.posting_id,
            "changes": [_change_record(one) for one in found.changes],
        }
        self._spool.write(orjson.dumps(shown) + b"\n")

    def _postings(self) -> Iterator[dict[str, Any]]:
        self._spool.seek(0)
        for line in self._spool:
            yield orjson.loads(line)

    def summary(self) -> dict[str, Any]:
        """Return the totals as a JSON object."""
        totals = self.totals
        terms = sorted({(term, kind) for term, kind, _ in totals.by_term})
        return {
            "old": self.old,
            "new": self.new,
            "old_versions": dict(totals.old_versions),
            "new_versions": dict(totals.new_versions),
            "n_postings_compared": totals.n_compared,
            "n_postings_differing": totals.n_differing,
            "n_postings_only_old": totals.n_only_old,
            "n_postings_only_new": totals.n_only_new,
            "only_old": totals.only_old,
            "only_new": totals.only_new,
            "n_mentions_same": totals.n_same,
            "n_mentions_moved": totals.n_moved,
            **{f"n_mentions_{what}": totals.count(what) for what in _MARKS},
            "by_term": [
                {
                    "term": term,
                    "kind": kind,
                    **{what: totals.by_term[term, kind, what] for what in _MARKS},
                }
                for term, kind in terms
            ],
        }

    def json_parts(self, more: dict[str, Any]) -> Iterator[str]:
        """Yield the pieces of one JSON object: these values, the summary, every posting."""
        head = json.dumps({**more, "diff": self.summary()}, ensure_ascii=False)
        yield head.removesuffix("}}") + ', "postings": ['
        for number, posting in enumerate(self._postings()):
            yield (",\n" if number else "\n") + json.dumps(posting, ensure_ascii=False)
        yield "]}}\n"

    def lines(self) -> Iterator[str]:
        """Yield what a person reads: each posting that differs, then the summary."""
        for posting in self._postings():
            yield posting["posting_id"]
            yield from (_change_line(one) for one in posting["changes"])
            yield ""
        yield from _summary_lines(self.summary())


def _change_record(change: Change) -> dict[str, Any]:
    mention = change.mention
    shown = {"what": change.what} | {name: mention[name] for name in NEEDED}
    for side, one in (("before", change.before), ("after", change.after)):
        if one is not None:
            requirement, alternative = asked(one)
            shown[side] = {"requirement": requirement, "alternative": alternative}
    return shown | {name: mention.get(name) or "" for name in ("surface", "snippet")}


def _change_line(change: dict[str, Any]) -> str:
    where = f"{change['field']} {change['start']}-{change['end']}"
    how = " -> ".join(
        (change[side]["requirement"] or "named") + (", any of" * change[side]["alternative"])
        for side in ("before", "after")
        if side in change
    )
    words = change["snippet"] or change["surface"]
    return f"  {_MARKS[change['what']]} {change['term']} ({change['kind']}) {where}, {how}: {words}"


def _summary_lines(found: dict[str, Any]) -> Iterator[str]:
    versions = [", ".join(found[f"{side}_versions"]) or "none" for side in ("old", "new")]
    yield f"extractor versions: {versions[0]} -> {versions[1]}"
    yield (
        f"postings: {found['n_postings_compared']:,} compared, "
        f"{found['n_postings_differing']:,} differ"
    )
    for side in ("old", "new"):
        if n := found[f"n_postings_only_{side}"]:
            named = found[f"only_{side}"]
            more = f" and {n - len(named):,} more" if n > len(named) else ""
            yield f"postings only in {found[side]}: {n:,} ({', '.join(named)}{more})"
    yield (
        f"mentions: {found['n_mentions_gained']:,} gained, {found['n_mentions_lost']:,} lost, "
        f"{found['n_mentions_changed']:,} changed, {found['n_mentions_same']:,} the same "
        f"({found['n_mentions_moved']:,} of all moved with their text)"
    )
    if found["by_term"]:
        yield ""
        yield f"{'term':28}{'kind':12}{'gained':>8}{'lost':>8}{'changed':>9}"
        for one in found["by_term"]:
            yield (
                f"{one['term']:28}{one['kind']:12}{one[GAINED]:>8,}{one[LOST]:>8,}"
                f"{one[CHANGED]:>9,}"
            )
    elif not (found["n_postings_only_old"] or found["n_postings_only_new"]):
        yield "no difference: the same mentions in the same postings"
