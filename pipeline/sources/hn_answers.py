"""The shapes Hacker News answers in, and the little that is common to reading them.

Layer:   sources (pure); hn_hiring makes postings of what this module has looked at.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from pipeline.errors import SourceChanged

NAME = "hn_hiring"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENVELOPE = _names(
    "hits page nbHits nbPages hitsPerPage query params processingTimeMS processingTimingsMS"
    " serverTimeMS exhaustive exhaustiveNbHits exhaustiveTypo"
)
HIT = _names(
    "objectID created_at created_at_i author comment_text story_text title url story_title"
    " story_url story_id parent_id points num_comments _tags _highlightResult updated_at"
    " children relevancy_score"
)
NODE = _names(
    "id created_at created_at_i type author title url text points parent_id story_id options"
    " children"
)
ITEM = _names(
    "id deleted type by time text dead parent poll kids url score title parts descendants"
)

# All that is kept of a reply, and of a comment that somebody took down.
_OF_REPLIES = _names("objectID created_at parent_id story_id story_title")
_OF_GONE = _names("id deleted dead type time parent kids")


class Unreadable(Exception):
    """One record cannot be read; its message is the reason."""


def loaded(body: str, *, null: bool = False) -> dict[str, Any]:
    """Return a JSON object; with null, `null` is an empty one."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise SourceChanged(NAME, "a JSON object", body[:40]) from None
    if answer is None and null:
        return {}
    if not isinstance(answer, dict):
        raise SourceChanged(NAME, "a JSON object", type(answer).__name__)
    return answer


def hits_of(answer: dict[str, Any]) -> list[Any]:
    """Return the hits of a search answer."""
    if not isinstance(answer.get("hits"), list):
        raise SourceChanged(NAME, 'a search answer with a list "hits"', sorted(answer.keys()))
    return answer["hits"]


def count_of(answer: dict[str, Any], name: str) -> int:
    """Return a number of a search answer."""
    value = answer.get(name)
    if not isinstance(value, int):
        raise SourceChanged(NAME, f"a number {name} in the search answer", value)
    return value


def require(record: Any, names: tuple[str, ...], what: str) -> None:
    """Raise SourceChanged unless a record has these fields."""
    seen = sorted(record.keys()) if isinstance(record, dict) else type(record).__name__
    for name in names:
        if not isinstance(record, dict) or name not in record:
            raise SourceChanged(NAME, f"{what} with {name}", seen)


def id_of(value: object) -> str:
    """Return an item id as a string of digits."""
    if isinstance(value, bool) or not str(value).isdecimal():
        raise Unreadable(f"the id is no number: {str(value)[:20]!r}")
    return str(value)


def day_of(record: dict[str, Any]) -> date:
    """Return the UTC day of `2026-06-10T04:46:42Z`, with or without milliseconds."""
    try:
        return datetime.fromisoformat(record["created_at"]).astimezone(UTC).date()
    except (TypeError, ValueError):
        raise Unreadable(f"created_at is no date: {str(record['created_at'])[:30]!r}") from None


def day_of_epoch(record: dict[str, Any]) -> date:
    """Return the UTC day of Firebase's seconds since 1970."""
    try:
        return datetime.fromtimestamp(record["time"], UTC).date()
    except (TypeError, ValueError, OverflowError, OSError):
        raise Unreadable(f"time is no epoch second: {str(record['time'])[:30]!r}") from None


def trimmed(answer: Any) -> Any:
    """Return an answer without the words we have no use for: replies and deleted or dead texts.

    The ids stay, so that a listing can still be counted.
    """
    if not isinstance(answer, dict):
        return answer
    if isinstance(answer.get("hits"), list):
        return answer | {"hits": [_trimmed_hit(hit) for hit in answer["hits"]]}
    if isinstance(answer.get("children"), list):
        ads = [_without_replies(node) for node in answer["children"]]
        return answer | {"children": ads}
    if answer.get("deleted") or answer.get("dead"):
        return {name: value for name, value in answer.items() if name in _OF_GONE}
    return answer


def _trimmed_hit(hit: Any) -> Any:
    if not isinstance(hit, dict) or hit.get("parent_id") in (None, hit.get("story_id")):
        return hit
    return {name: value for name, value in hit.items() if name in _OF_REPLIES}


def _without_replies(node: Any) -> Any:
    return node | {"children": []} if isinstance(node, dict) else node
