"""A posting's text as blocks: sentences and bullets.

Layer:   mentions (pure). A block is what spaCy reads at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

# Words that open a sentence and are often glued to the one before.
GLUED = tuple(
    "Proficien Experience Strong Knowledge Familiar Ability Understanding Hands-on Expertise"
    " Bachelor Master's Proven Excellent Solid Demonstrated Preferred Minimum".split()
)
# A sentence ends at . ! ? before a capital, at a bullet sign or a CJK stop; not after "e.g.".
_SENTENCE_END = re.compile(
    # most characters begin none of what follows: one look is cheaper than seven
    r"(?:(?=[\s.!?•·▪●◦‣■PEKSFAUHBMD])|(?<=[。；！？;]))(?:"
    r"(?<=[.!?])\s+(?=[\"'(\[]?[A-ZÀ-Þ•*\-–\d])"
    r"|(?<=[a-z)])[.!?](?=[A-Z][a-z]{2,}\s)"
    # lines glued together: "…PyTorchExperience with SQL", "systemsProficiency in …"
    rf"|(?<=[a-z)])(?=(?:{'|'.join(GLUED)})[a-z]*\s)"
    r"|\s*[•·▪●◦‣■]\s*|(?<=[。；！？;])\s*|\s{3,}|\s+[-–—*]\s+(?=[A-Z]))"
)
_ABBREVIATED = re.compile(
    r"\b(?:[a-zäö]|e\.?g|i\.?e|incl|bzw|ca|vs|approx|ex|inc|sr|jr|dr|no|bspw|bijv)\.\s*$", re.I
)
MAX_BLOCK = 900  # characters; a text without any punctuation is cut on a fixed grid
_PAGE = 8_000  # characters of a line in which the ends of sentences are sought at a time
_LONG_LINE = 100  # a shorter line is a bullet: one block
_LOOK_BACK = 120  # characters in which most sentences begin; where one does not, more are read


def blocks_at(text: str, positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return the blocks of a text that hold one of some ascending positions, as offsets.

    They are those of `all_blocks`, found without reading the rest of the text.
    """
    found: list[tuple[int, int]] = []
    line_start = line_end = -1
    for position in positions:
        if found and position < found[-1][1]:
            continue
        if position >= line_end:
            line_start = text.rfind("\n", 0, position) + 1
            line_end = text.find("\n", position)
            line_end = len(text) if line_end < 0 else line_end
        found.append(_block_at(text, line_start, line_end, position))
    return found


def _block_at(text: str, start: int, end: int, position: int) -> tuple[int, int]:
    if end - start <= _LONG_LINE:
        return start, end
    page = (position - start) // _PAGE
    if position < _page_start(text, start, end, page):
        page -= 1
    start, end = _page_start(text, start, end, page), _page_start(text, start, end, page + 1)
    left, right = _cuts_around(text, start, end, position)
    while right - left > MAX_BLOCK:
        cut = _grid_cut(text, left)
        if position < cut:
            return left, cut
        left = cut
    return left, right


def _page_start(text: str, start: int, end: int, page: int) -> int:
    """Return where a page of a very long line begins: at a space, if one is near."""
    at = start + page * _PAGE
    if page == 0 or at >= end:
        return min(at, end)
    space = text.find(" ", at, min(at + _LONG_LINE, end))
    return space + 1 if space >= 0 else at


def _cuts_around(text: str, start: int, end: int, position: int) -> tuple[int, int]:
    """Return the sentence ends just before and after a position, looking no further than needed."""
    back = _LOOK_BACK
    while True:
        at = max(start, position - back)
        # no match of _SENTENCE_END reaches over two letters, so beginning between them finds
        # the same matches as beginning where the line does
        while at > start and not (text[at].isalnum() and text[at - 1].isalnum()):
            at -= 1
        left = start if at == start else -1
        right = end
        for cut in _sentence_ends(text, start, end, at):
            if cut > position:
                right = cut
                break
            left = cut
        if left >= 0:
            return left, right
        back *= 4


def _sentence_ends(text: str, start: int, end: int, at: int) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text, at, end):
        if not _ABBREVIATED.search(text, max(start, match.start() - 8), match.start()):
            yield match.end()


def _grid_cut(text: str, left: int) -> int:
    space = text.rfind(" ", left + MAX_BLOCK // 2, left + MAX_BLOCK)
    return space + 1 if space > 0 else left + MAX_BLOCK


def all_blocks(text: str) -> list[tuple[int, int]]:
    """Return every block of a text, in order; together they cover every character of its lines."""
    found: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line:
            found.extend(_line_blocks(text, start, start + len(line)))
        start += len(line) + 1
    return found


def _line_blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start <= _LONG_LINE:
        yield start, end
        return
    for page in range((end - start) // _PAGE + 1):
        left, right = (_page_start(text, start, end, one) for one in (page, page + 1))
        for first, last in pairwise((left, *_sentence_ends(text, left, right, left), right)):
            at = first
            while last - at > MAX_BLOCK:
                cut = _grid_cut(text, at)
                yield at, cut
                at = cut
            if last > at:
                yield at, last
