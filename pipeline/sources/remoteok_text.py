"""Remote OK's texts: without the line that names who asked, and with their letters mended.

Layer:   sources (pure).
Quirk:   a description ends "Please mention the word **X** and tag R<base64> when applying to show
         you read the job post completely (#R<base64>). This is a beta feature ... they're human.";
         the base64 is the address of the computer that asked (2026-06). It comes with and without
         the tag, as HTML, escaped, or cut short.
Quirk:   letters may be UTF-8 read as Latin-1, once or twice over (2026-06).
"""

from __future__ import annotations

import base64
import ipaddress
import re

_GAP = r"(?:\s|&nbsp;|&#160;|<[^<>]{0,80}>|&lt;(?:(?!&gt;).){0,80}&gt;|[*_])+"
_START = re.compile(_GAP.join(["please", "mention", "the", r"words?\b"]), re.IGNORECASE)
_BREAK = re.compile(
    r"(?:\s+|&nbsp;|<(?:br|p|div)\b[^<>]{0,80}>|&lt;(?:br|p|div)\b[^&<>]{0,80}&gt;)\Z",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n\s*\n|(?:<|&lt;)/?(?:p|div|br|li|ul)\b", re.IGNORECASE)
# Only the board's own line speaks so: an employer's "mention the word tide" stays.
_BOARDS = re.compile(
    rf"{_GAP.join(['read', 'the', 'job', 'post'])}|{_GAP.join(['and', 'tag'])}\s|\(#R|\A\s*\*\*",
    re.IGNORECASE,
)
_ENDS = [
    re.compile(_GAP.join(words.split()) + r"[.!]?", re.IGNORECASE)
    for words in (
        r"when applying",
        r"read the job post(?:\s+completely)?",
        r"avoid spam applicants",
        r"see they.{1,12}?re human",
    )
] + [re.compile(r"\(#[^)\s]{0,200}(?:\)[.!]?|\Z)")]
_HUMAN = "Companies can search these words to find applicants that read this and see they're human"
_LAST_WORDS = (  # what may be left where the line is cut
    "to show you read the job post completely",
    "completely",
    f"This is a beta feature to avoid spam applicants. {_HUMAN}",
    _HUMAN,
)
_REACH = 900  # letters; the line has some 400, and its tags and escapes
_NEAR = 250  # letters from the first words to those that tell it

# An address in base64 begins with one of these, since it begins with a digit, a to f, or ":".
_TOKEN = re.compile(
    r"\(?#?\bR?(?P<base>[MNOYZ][A-Za-z0-9+/]{9,60})(?:=|%3[Dd]|&#61;){0,2}(?!\w)\)?"
)


def without_tag(text: str) -> str:
    """Return a text without the line that holds the address of who asked, wherever it stands."""
    start = 0
    while found := _START.search(text, start):
        if not _is_boards(text[found.end() : found.end() + _NEAR]):
            start = found.end()
            continue
        before = _without_breaks(text[: found.start()])
        text, start = before + text[_end(text, found.end()) :], len(before)
    return _TOKEN.sub(_unless_address, text)


def _without_breaks(text: str) -> str:
    """Return a text without the line breaks it ends in."""
    while found := _BREAK.search(text, max(0, len(text) - 100)):
        text = text[: found.start()]
    return text


def _is_boards(after: str) -> bool:
    """Say whether the words that follow are the board's: its own, or cut before they can tell."""
    return bool(_BOARDS.search(after)) or not after.strip(" *.")


def _end(text: str, start: int) -> int:
    """Return where the line ends: after the last of its words that are there."""
    found = [end for one in _ENDS for end in _ends_of(one, text, start)]
    if not found:
        broken = _PARAGRAPH.search(text, start)
        return broken.start() if broken else len(text)
    end = max(found)
    rest = text[end:].strip(" .")
    return len(text) if any(words.startswith(rest) for words in _LAST_WORDS) else end


def _ends_of(pattern: re.Pattern[str], text: str, start: int) -> list[int]:
    # no further than where the next such line begins
    following = _START.search(text, start)
    limit = min(start + _REACH, following.start() if following else len(text))
    return [found.end() for found in pattern.finditer(text, start, limit)]


def _unless_address(found: re.Match[str]) -> str:
    """Return nothing for an address in base64, any other word as it is."""
    base = found["base"]
    try:
        words = base64.b64decode(base + "=" * (-len(base) % 4), validate=True).decode("ascii")
        ipaddress.ip_address(words)
    except ValueError:  # no base64, no ASCII, or no address
        return found.group()
    return ""


def repaired(text: str) -> str:
    """Return a text whose letters were UTF-8 read as Latin-1 as they were meant.

    All of its letters beyond ASCII must be such, else nothing is changed: "â\x80\x99" is "'",
    "CAFÉ»" beside a true "«" is none.
    """
    for _ in range(3):
        try:
            mended = _RUNS.sub(lambda run: run.group().encode("latin-1").decode("utf-8"), text)
        except UnicodeDecodeError:
            return text
        if mended == text:
            return text
        text = mended
    return text


_RUNS = re.compile("[\x80-\xff]+")
