"""Duplicates: which postings are exact copies of another.

Layer:   postings (pure). Near-copies, reposts and employer aliases are not told apart yet, so every
         verdict built on these counts is marked provisional.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

EXACT_COPY = "exact_copy"  # same title, employer, place and text, whatever the id and the date


def content_hash(
    title: str, employer: str, location: str, text: str, skills: tuple[str, ...]
) -> str:
    """Return the hash of what a posting says: equal for copies, whatever their id and date."""
    words = "\0".join([title, employer, location, text, *skills])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def exact_copies(
    rows: Iterable[tuple[str, str, date | None]],
) -> list[tuple[str, str, str]]:
    """Return (posting_id, canonical posting_id, reason) of every copy; the earliest is canonical.

    rows: (posting_id, content_hash, posted_on); undated ones come last, ties go by id, so that the
    same postings give the same canonical ones in whatever order they arrive.
    """
    groups: dict[str, list[tuple[date, str]]] = {}
    for posting_id, content_hash, day in rows:
        if content_hash:
            groups.setdefault(content_hash, []).append((day or date.max, posting_id))
    copies = []
    for members in groups.values():
        if len(members) > 1:
            (_, canonical), *others = sorted(members)
            copies += [(one, canonical, EXACT_COPY) for _, one in others]
    return sorted(copies)
