"""Duplicates: which postings are the same job as another, shown again, elsewhere or otherwise.

Layer:   postings (pure). Pairs come from one employer, or from one text; titles, days and the
         MinHash sketches of the texts then decide. How well: docs/duplicates_card.md.
Source:  A. Broder, On the resemblance and containment of documents, 1997 (shingles, MinHash); the
         sketches are made by the library rensa.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Posting

EXACT_COPY = "exact_copy"  # same title, place and text on the same day, or on none
CITY_COPY = "city_copy"  # the same ad for another place: one posting with many places
REPOST = "repost"  # the same role shown again within WINDOW_DAYS
OTHER_SOURCE = "other_source"  # the same job on another source
NEAR_COPY = "near_copy"  # the same day and place, a text that differs a little
WINDOW_DAYS = 60

_PERMUTATIONS = 128
_SEED = 20261121
_SHINGLE = 4  # words
_LEAST_WORDS = 30  # a shorter text is a phrase that any ad may hold
# What two sketches must agree in; measured on the looked-at pairs of docs/labels.
_NEAR = 0.80  # an ad that was mended or fitted to a place
_NEARLY_THE_SAME = 0.90  # where one title says more than the other
_NEAR_IN_THREAD = 0.40  # a hiring thread's ads are rewritten every month
_SAME_HEADER = 0.05  # the same roles under the same name in the next month's thread
_NEXT_MONTH = 45  # days
_UNDATED = date.max
_TELLING = 3  # words of a title that tell a role where an ad shows no text
_THREADS = frozenset({"hn_hiring"})

# Chinese and Japanese have no blanks: each sign is a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+|[+#]+")
# (m/w/d), (f/m/x), m/f/d, (all genders), #hiring, "3 Data Engineers"
_NO_TITLE = re.compile(
    r"\A\s*\d+\s|#\w+"
    r"|\(?\b[mwfdxhiv*]{1,3}(?:\s?[/|]\s?[mwfdxhiv*]{1,3}){1,3}\b\)?|\(all genders?\)"
    r"|[*:]in(?:nen)?\b",
    re.IGNORECASE,
)
_NO_TITLE_WORDS = frozenset(
    "the a an of for in at and und de la le remote hybrid onsite on site wfh fully 100 job jobs"
    " position opening opportunity role hiring urgent urgently immediate needed wanted new full"
    " time part fulltime parttime ft pt vollzeit teilzeit contract permanent now we are"
    " sgunitedjobs multiple".split()
)
_LEVELS = frozenset(
    "intern internship trainee junior jr entry graduate senior sr staff principal lead head chief"
    " director vp i ii iii iv 1 2 3 4 5".split()
)


class Outline(NamedTuple):
    """What of a posting tells whether it is another one's double.

    title:  its words without places, genders and hours, sorted; place: its words, sorted
    day:    when it was posted, or collected where nothing better is known (is_dated is false)
    words:  how many the text has; text: a hash of them, or of its skills where it has none; ""
            for a digest
    sketch: the MinHash of its shingles, 4 bytes a permutation; empty for a short text
    """

    posting_id: str
    source: str
    employer_id: str
    title: str
    place: str
    day: date | None
    is_dated: bool
    words: int
    text: str
    sketch: bytes


class Copy(NamedTuple):
    """One duplicate: of which posting, and why."""

    posting_id: str
    duplicate_of: str
    reason: str


def content_hash(
    title: str, employer: str, location: str, text: str, skills: tuple[str, ...]
) -> str:
    """Return the hash of what a posting says: equal for copies, whatever their id and date."""
    words = "\0".join([title, employer, location, text, *skills])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def outline(posting: Posting) -> Outline:
    """Return a posting's outline; of a digest, which has no text, one without a sketch."""
    text = "" if posting.observes == "digest" else posting.description
    words = _WORD.findall(text.lower())
    place = frozenset(_WORD.findall(posting.location.lower()))
    said = words or [*_WORD.findall(" ".join(posting.skills).lower()), "@"]
    return Outline(
        posting_id=posting.posting_id,
        source=posting.source,
        employer_id=posting.employer_id,
        title=" ".join(_title_words(posting.title, place)),
        place=" ".join(sorted(place)),
        day=posting.posted_on,
        is_dated=posting.date_kind == "real",
        words=len(words),
        text="" if posting.observes == "digest" else _hash(said),
        sketch=_sketch(words) if len(words) >= _LEAST_WORDS else b"",
    )


def _hash(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _title_words(title: str, place: frozenset[str]) -> list[str]:
    words = set(_WORD.findall(_NO_TITLE.sub(" ", title.lower()))) - _NO_TITLE_WORDS
    named = {word for word in words - place if not (word.isdecimal() and len(word) > 3)}
    return sorted(named or words)


def _sketch(words: Sequence[str]) -> bytes:
    from rensa import RMinHash

    shingles = [" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    minhash.update(shingles)
    return b"".join(value.to_bytes(4, "little") for value in minhash.digest())


def duplicates(outlines: Iterable[Outline]) -> list[Copy]:
    """Return every duplicate with the posting it is one of, sorted by id.

    Of one job the earliest posting is canonical; undated ones come last, ties go by id, so that
    the same postings give the same canonical ones in whatever order they arrive. A repost counts
    from the copy before it: a job shown every month for a year is one job.
    """
    rows = sorted(outlines, key=lambda one: (one.day or _UNDATED, one.posting_id))
    found = _Groups(rows)
    by_employer: dict[str, list[int]] = defaultdict(list)
    by_text: dict[str, list[int]] = defaultdict(list)
    by_title: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(rows):
        if one.employer_id:
            by_employer[one.employer_id].append(at)
        if one.text:
            by_text[one.text].append(at)
        if one.text and not one.words and one.employer_id and len(one.title.split()) >= _TELLING:
            by_title[one.employer_id, one.title, one.place].append(at)
    for block in by_text.values():
        _join_same_texts(found, block)
    for block in by_title.values():
        for before, at in pairwise(block):
            if _in_time(rows[before], rows[at]):
                found.join(before, at)
    for block in by_employer.values():
        _join_employers(found, block)
    return sorted(found.copies())


class _Groups:
    """Postings joined into jobs: the first of each group, in the rows' order, stands for it."""

    def __init__(self, rows: Sequence[Outline]):
        self.rows = rows
        self._first = list(range(len(rows)))

    def first(self, at: int) -> int:
        while self._first[at] != at:
            self._first[at] = self._first[self._first[at]]
            at = self._first[at]
        return at

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self._first[high] = low

    def copies(self) -> Iterable[Copy]:
        for at, one in enumerate(self.rows):
            first = self.rows[self.first(at)]
            if first is not one:
                yield Copy(one.posting_id, first.posting_id, _reason(first, one))


def _reason(first: Outline, copy: Outline) -> str:
    if first.source != copy.source:
        return OTHER_SOURCE
    if first.place != copy.place and first.title == copy.title:
        return CITY_COPY
    if first.day != copy.day:
        return REPOST
    return EXACT_COPY if (first.text, first.title) == (copy.text, copy.title) else NEAR_COPY


def _in_time(one: Outline, other: Outline) -> bool:
    """Say whether two postings are near enough in time to be one job; an unknown day is near.

    Two days of collection say nothing: the same ad lay on the board for as long as it lay there.
    """
    if not (one.day and other.day) or not (one.is_dated or other.is_dated):
        return True
    return abs((one.day - other.day).days) <= WINDOW_DAYS


def _levels_agree(one: Outline, other: Outline) -> bool:
    """Say whether two titles do not state two different levels; one that states none agrees."""
    left, right = _LEVELS.intersection(one.title.split()), _LEVELS.intersection(other.title.split())
    return not left or not right or left == right


def _same_title(one: Outline, other: Outline) -> bool:
    """Say whether two titles have the same words, but for the names of their places."""
    if one.title == other.title:
        return True
    left, right = set(one.title.split()), set(other.title.split())
    return bool(left & right) and not (left ^ right) - set(f"{one.place} {other.place}".split())


def _says_more(one: Outline, other: Outline) -> bool:
    """Say whether one title only adds to the other: a team or a town, not a level."""
    left, right = set(one.title.split()), set(other.title.split())
    added = left ^ right
    return bool(left and right) and (left < right or right < left) and not added & _LEVELS


def _join_same_texts(found: _Groups, block: Sequence[int]) -> None:
    """Join what says the same word for word; of a phrase or a list, only under one name."""
    rows = found.rows
    latest: dict[tuple[str, str], int] = {}
    for at in block:
        one = rows[at]
        is_text = one.words >= _LEAST_WORDS
        if not is_text and not (one.employer_id and one.title):
            continue
        key = ("", "") if is_text else (one.employer_id, one.title)
        before = latest.get(key)
        if before is not None and _in_time(rows[before], one) and _levels_agree(rows[before], one):
            found.join(before, at)
        latest[key] = at


def _join_employers(found: _Groups, block: Sequence[int]) -> None:
    """Join the postings of one employer that show the same job."""
    import numpy as np

    rows = found.rows
    told = [at for at in block if rows[at].sketch]
    if len(told) < 2:
        return
    sketches = np.frombuffer(b"".join(rows[at].sketch for at in told), dtype="<u4").reshape(
        len(told), _PERMUTATIONS
    )
    least = _SAME_HEADER if any(rows[at].source in _THREADS for at in told) else _NEAR
    for position in range(1, len(told)):
        one = rows[told[position]]
        likeness = (sketches[:position] == sketches[position]).mean(axis=1)
        for before in np.flatnonzero(likeness >= least)[::-1]:
            other = rows[told[before]]
            if _in_time(one, other) and _is_same_job(one, other, float(likeness[before])):
                found.join(told[before], told[position])


def _is_same_job(one: Outline, other: Outline, likeness: float) -> bool:
    """Say whether two ads of one employer, near in time, show the same job."""
    if one.source not in _THREADS or other.source not in _THREADS:
        # a thread's titles are read off the first line, and are no evidence against
        is_titled = not {one.source, other.source} & _THREADS
        if likeness >= _NEAR and (_same_title(one, other) or not is_titled):
            return True
        return likeness >= _NEARLY_THE_SAME and _says_more(one, other)
    if likeness >= _NEAR_IN_THREAD:
        return True
    days = abs((one.day - other.day).days) if one.day and other.day else 0
    return bool(one.title) and one.title == other.title and days <= _NEXT_MONTH
