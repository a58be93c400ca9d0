"""Hacker News "Who is hiring?": one posting per top-level comment of a monthly thread.

Layer:   sources (pure). Reads answers of two public interfaces, returns postings.
Source:  https://hn.algolia.com/api and https://github.com/HackerNews/API (terms, rate and
         expected volume: hn_hiring.toml)
Quirk:   the account that opens the threads also opens "Who wants to be hired?" and
         "Freelancer?" threads, and a search answers with replies and chatter too (2026-06).
Quirk:   fields without a value are absent in answers of 2026 and were null in those of 2015;
         a search names an item by a string, the tree and Firebase by a number.
Quirk:   three of 56,940 Firebase comments have neither author nor text nor a deleted flag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.errors import SourceChanged
from pipeline.postings.dedupe import content_hash
from pipeline.postings.employers import employer_id
from pipeline.postings.header import read_header
from pipeline.postings.privacy import without_personal_data
from pipeline.postings.text import plain_text
from pipeline.records import Posting, Rejected, observed
from pipeline.sources.hn_answers import (
    ENVELOPE,
    HIT,
    ITEM,
    NAME,
    NODE,
    Unreadable,
    count_of,
    day_of,
    day_of_epoch,
    hits_of,
    id_of,
    loaded,
    require,
    trimmed,
)
from pipeline.sources.source import read_info

__all__ = ["trimmed"]  # what every source's module may offer: the last cut before storing

INFO = read_info(NAME)
ITEM_URL = "https://news.ycombinator.com/item?id="

# "Ask HN: Who is hiring? (July 2026)", "Ask HN: Who's Hiring? (March 2011 Edition)",
# "Ask HN: Who is Hiring Right Now? (Feb. 2011)", "Who Is Hiring (April 2011)"
_THREAD_TITLE = re.compile(
    r"(?:ask hn\s*[:\-–]?\s*)?who(?:\s+is|['’]?s)\s+hiring(?:\s+right\s+now)?[\s?:,\-–]*"
    r"[(\[]?\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+20\d\d"
    r"(?:\s+edition)?\s*[)\]]?\s*\??",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Thread:
    """One hiring thread: its item id, its title and the day it was opened."""

    item_id: str
    title: str
    opened_on: date


@dataclass(slots=True)
class Parsed:
    """What one answer holds.

    gone:   ids that came back deleted, dead or without a text; nothing of them may stay
    listed: every comment id of the answer, replies included
    kids:   ids of a Firebase thread's top-level comments
    """

    postings: list[Posting] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    kids: list[str] = field(default_factory=list)
    page: int = 0
    n_pages: int = 0
    n_hits: int = 0


def is_hiring_thread(title: object) -> bool:
    """Say whether a story's title is that of a monthly "Who is hiring?" thread."""
    return isinstance(title, str) and _THREAD_TITLE.fullmatch(" ".join(title.split())) is not None


def posting_from_comment(item_id: object, html_or_text: str, posted_on: date | None) -> Posting:
    """Return the posting that one comment is, whether it came from a site or from a file."""
    description = without_personal_data(plain_text(html_or_text))
    header = read_header(description)
    employer = "" if _is_prose(header.employer, least=6, size=60) else header.employer
    return Posting(
        posting_id=f"hn:{item_id}",
        source=NAME,
        source_id=str(item_id),
        title=_short_title(header.title),
        employer=employer,
        employer_id=employer_id(employer),
        location=header.location or header.workplace_words,
        description=description,
        posted_on=posted_on,
        date_kind="real" if posted_on else "none",
        url=f"{ITEM_URL}{item_id}",
        source_family=INFO["source_family"],
        frame=INFO["frame"],
        observes=observed(INFO["observes"], description, ()),
        licence=INFO["licence"],
        content_hash=content_hash("", "", "", description, ()),
    )


_PROSE = re.compile(
    r"[.!?]\s|[!?]$|\b(?:we|we're|our|us|you|your|i|i'm|is|are|has|have|will|who|that|looking|hiring)\b",
    re.IGNORECASE,
)


def _is_prose(words: str, *, least: int, size: int) -> bool:
    """Tell a sentence of the ad, where no header opens it, from a name or a title."""
    return len(words) > size or (words.count(" ") >= least - 1 and bool(_PROSE.search(words)))


def _short_title(title: str) -> str:
    """Return the roles a header names; a digest may hold titles, never a sentence of an ad."""
    named = [one.strip() for one in title.split(";")]
    return "; ".join(one for one in named if one and not _is_prose(one, least=3, size=90))[:160]


def parse_stories(body: str) -> list[Thread]:
    """Return the hiring threads of a story search, newest first; raise SourceChanged."""
    threads = []
    for hit in hits_of(loaded(body)):
        require(hit, ("objectID", "created_at"), "a story hit")
        if is_hiring_thread(hit.get("title")):
            try:
                threads.append(Thread(id_of(hit["objectID"]), hit["title"], day_of(hit)))
            except Unreadable as reason:
                raise SourceChanged(NAME, "a story with an id and a date", str(reason)) from None
    return sorted(threads, key=lambda thread: (thread.opened_on, thread.item_id), reverse=True)


def story_pages(body: str) -> int:
    """Return how many pages a story search has; one where it does not say."""
    pages = loaded(body).get("nbPages")
    return pages if isinstance(pages, int) else 1


def parse_search(body: str, thread_id: str) -> Parsed:
    """Return what one page of a thread's comment search holds; replies are listed, not read.

    Raises SourceChanged where the envelope or a required field of a hit is missing.
    """
    answer = loaded(body)
    hits = hits_of(answer)
    parsed = Parsed(drift=sorted(answer.keys() - ENVELOPE))
    parsed.page, parsed.n_pages, parsed.n_hits = (
        count_of(answer, name) for name in ("page", "nbPages", "nbHits")
    )
    top_level = []
    for hit in hits:
        if not isinstance(hit, dict):
            parsed.rejected.append(Rejected(NAME, "", f"a hit is {type(hit).__name__}, no object"))
            continue
        require(hit, ("objectID", "created_at", "parent_id", "story_id"), "a comment hit")
        parsed.listed.add(str(hit["objectID"]))
        title = hit.get("story_title")
        in_thread = title is None or is_hiring_thread(title)
        if str(hit["parent_id"]) == str(hit["story_id"]) == thread_id and in_thread:
            top_level.append(hit)
    _read_all(parsed, top_level, ("objectID", "comment_text"), HIT, day_of)
    return parsed


def parse_tree(body: str) -> Parsed:
    """Return what an items tree of a thread holds; of any other story, nothing."""
    root = loaded(body)
    require(root, ("id", "title", "children"), "an items tree")
    if not isinstance(root["children"], list):
        raise SourceChanged(NAME, "a list of children", root["children"])
    parsed = Parsed(drift=sorted(root.keys() - NODE))
    if not is_hiring_thread(root["title"]):
        return parsed
    for node in root["children"]:
        require(node, ("id", "created_at"), "a comment of an items tree")
        parsed.listed.add(str(node["id"]))
    _read_all(parsed, root["children"], ("id", "text"), NODE, day_of)
    return parsed


def parse_item(body: str, thread_id: str) -> Parsed:
    """Return what one Firebase item holds: a comment of the thread, or the thread with its kids.

    An unknown item answers `null`, which is nothing; a comment elsewhere is not a posting.
    """
    item = loaded(body, null=True)
    if not item:
        return Parsed()
    require(item, ("id",), "a Firebase item")
    parsed = Parsed(drift=sorted(item.keys() - ITEM), listed={str(item["id"])})
    if str(item["id"]) == thread_id:
        if not is_hiring_thread(item.get("title")):
            raise SourceChanged(NAME, "the title of a hiring thread", item.get("title"))
        parsed.kids = [str(kid) for kid in item.get("kids") or ()]
    elif item.get("deleted") or item.get("dead") or not item.get("text"):
        parsed.gone.add(str(item["id"]))
    else:
        require(item, ("time", "parent"), "a live Firebase comment")
        if str(item["parent"]) == thread_id:
            _read_all(parsed, [item], ("id", "text"), ITEM, day_of_epoch)
    return parsed


def _read_all(
    parsed: Parsed,
    records: list[dict[str, Any]],
    names: tuple[str, str],
    fields: frozenset[str],
    day: Callable[[dict[str, Any]], date],
) -> None:
    """Read top-level comments into `parsed`; names: of the id and of the text."""
    drift = set(parsed.drift)
    n_unreadable = 0
    for record in records:
        drift |= record.keys() - fields
        try:
            parsed.postings.extend(_posting(parsed, record, names, day))
        except Unreadable as reason:
            n_unreadable += 1
            shown = str(record[names[0]])[:20]
            parsed.rejected.append(Rejected(NAME, shown, str(reason)))
    parsed.drift = sorted(drift)
    # One ad may be broken; a page of them is a new format, and a page without any text is
    # a renamed field, not hundreds of people who deleted their ads in one night.
    if n_unreadable > 1 and n_unreadable == len(records):
        raise SourceChanged(NAME, "comments we can read", parsed.rejected[-1].reason)
    if len(records) > 2 and not any(record.get(names[1]) for record in records):
        raise SourceChanged(NAME, f"comments with {names[1]}", sorted(records[0].keys()))


def _posting(
    parsed: Parsed,
    record: dict[str, Any],
    names: tuple[str, str],
    day: Callable[[dict[str, Any]], date],
) -> Iterator[Posting]:
    item_id = id_of(record[names[0]])
    text = record.get(names[1])
    if record.get("deleted") or record.get("dead") or text is None or text == "":
        parsed.gone.add(item_id)
        return
    if not isinstance(text, str):
        raise Unreadable(f"{names[1]} is {type(text).__name__}, no text")
    posting = posting_from_comment(item_id, text, day(record))
    if not posting.description:
        raise Unreadable(f"{names[1]} holds markup only")
    yield posting
