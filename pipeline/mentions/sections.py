"""The section headings of a posting, and what each means for the bullets below it.

Layer:   mentions (pure). Phrases in terms/cues.toml.
Quirk:   half of all collections have lost their line breaks: headings are also found in lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.mentions.lexicon import load
from pipeline.mentions.scan import WORD, Scanner

_AROUND = 1_000  # characters of its line that make a phrase a heading or not
_LEAD = 200  # characters of the sentence that opens a list
_LONGEST_LIST = 5_000  # characters
_FARTHER = 1_000  # characters by which the search for a heading goes back at a time
_BULLET = " \t*-•·▪●◦‣#>–—■"
_OPENING = _BULLET + "0123456789.、()（）【[〖一二三四五六七八九十:|"
_CLOSING = " \t*:：)】]〗-–—_?!."
_STACK_WORDS = ("stack", "tech", "tool", "environment", "environnement", "技术栈")
_LEAD_IN = re.compile(r"[:：][ \t*_]*\n")  # the end of a line that opens a list
_ENDS_HEADING = frozenset(
    "qualifications qualification requirements requirement responsibilities".split()
)
_WISHES = ("preferred", "desir", "nice", "bonus", "plus", "optional", "additional", "good to have")
_LIST_WORDS = ("qualification", "requirement", "skill", "experience", "criteria")
_GO_ON = frozenset("and for & we you that und et y en of".split())
_LABEL = re.compile(r"(?: [\w&/-]+){1,4} ?[:：]")  # the rest of a label
_SHORT = 4  # bytes: the letters of a word ("Tech") that needs a colon to be a heading
_LATIN = 0x2E80  # where the scripts begin that know no capitals
_LOST_LINE = 200  # characters; a line so long holds many that were lines once
_ITEM = re.compile(r"[ \t]*(?:[-*•·▪●◦‣#>–—■+]|\d+[.)、])")


class Section(NamedTuple):
    """A heading: from `start` on (up to `until`, where it is set) bare bullets mean `kind`.

    any_of: the offset of the list of which any one will do ("any of the following:"), or None
    is_apart: a paragraph of its own, which no section around it reaches into
    """

    start: int
    kind: str
    until: int | None = None
    any_of: int | None = None
    is_apart: bool = False


def cut_at_headings(bounds: list[tuple[int, int]], found: list[Section]) -> list[tuple[int, int]]:
    """Return the blocks cut where a heading stands inside one (texts without line breaks)."""
    starts = [section.start for section in found]
    pieces = []
    for start, end in bounds:
        inside = starts[bisect_right(starts, start) : bisect_right(starts, end - 1)]
        pieces += list(zip([start, *inside], [*inside, end], strict=True))
    return pieces


@cache
def _heading_scanner() -> Scanner:
    return Scanner(
        (
            (phrase.rstrip(":"), kind)
            for kind, phrases in load().headings.items()
            for phrase in phrases
        ),
        word=frozenset(),  # _heading looks at the letters around: lines may be run together
    )


def sections_around(text: str, lowered: str, first: int, last: int) -> list[Section]:
    """Return the section headings that bear on a text from `first` to `last`, by offset.

    They are those of that stretch's lines and of the lines before it, back to one that bears on
    all that follows it.
    """
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    found = _sections_in(text, lowered, start, len(text) if end < 0 else end + 1)
    while start and not any(one.until is None and one.start <= first for one in found):
        end, start = start, text.rfind("\n", 0, max(0, start - _FARTHER)) + 1
        found = _sections_in(text, lowered, start, end) + found
    return found


def _sections_in(text: str, lowered: str, begin: int, end: int) -> list[Section]:
    """Return the section headings of some whole lines of a text."""
    best: dict[int, tuple[int, Section]] = {}
    for hit in _heading_scanner().hits(lowered[begin:end]):
        left, right = begin + hit.start, begin + hit.end
        section = _heading(text, lowered, left, right, hit.key)
        if section and right > best.get(left, (0, section))[0]:
            best[left] = (right, section)
    found: list[Section] = []
    reach = -1
    for start in sorted(best):
        ends, section = best[start]
        if start >= reach:  # "preferred" inside "preferred qualifications" is no second heading
            found.append(section)
            reach = ends
    by_start = {section.start: section for section in found}
    for lead in _lead_ins(text, lowered, begin, end):
        heading = by_start.setdefault(lead.start, lead)
        if heading is not lead and lead.any_of is not None:  # "Looking for any of the following:"
            by_start[lead.start] = lead
    return [by_start[start] for start in sorted(by_start)]


@cache
def _cue_scanner() -> Scanner:
    cues = load().sentence
    kinds = {
        "preferred_leading": "preferred",
        "preferred_trailing": "preferred",
        "asks": "required",
        "stack": "mentioned",
    }
    literals = [(phrase, kind) for name, kind in kinds.items() for phrase in cues[name]]
    literals += [(phrase, "any_of") for phrase in cues["any_of"]]
    return Scanner(literals, word=WORD)


def _lead_ins(text: str, lowered: str, begin: int, end: int) -> Iterator[Section]:
    """Yield the sentences that open a list ("You know any of the following:"), for its items."""
    for match in _LEAD_IN.finditer(text, begin, end):
        start = max(begin, match.start() - _LEAD)
        start = max(text.rfind(stop, start, match.start()) + 1 for stop in ("\n", ". ", "! "))
        start = max(start, match.start() - _LEAD)
        if match.start() - start < 12:
            continue
        said = {hit.key for hit in _cue_scanner().hits(lowered[start : match.end()])}
        kind = next((one for one in ("preferred", "mentioned", "required") if one in said), "")
        if kind:
            any_of = start if "any_of" in said else None
            yield Section(start, kind, _list_end(text, match.end()), any_of)


def _list_end(text: str, start: int) -> int:
    """Return where the list that begins at `start` ends: its bullets, or its one paragraph."""
    at, bulleted = start, None
    limit = min(len(text), start + _LONGEST_LIST)
    while at < limit:
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        if text[at:line_end].strip():
            is_item = bool(_ITEM.match(text, at, line_end))
            if bulleted is None:
                bulleted = is_item
            elif bulleted and not is_item:
                return at
        elif bulleted is False:
            return at
        at = line_end + 1
    return limit


def _heading(text: str, lowered: str, start: int, end: int, kind: str) -> Section | None:
    is_upper = text[start].isupper()
    is_glued = start > 0 and lowered[start - 1] in WORD
    if is_glued and not (is_upper and text[start - 1].islower()):
        return None
    if lowered[end : end + 1] in WORD and not (text[end].isupper() and text[end - 1].islower()):
        return None
    if not is_upper and not _stands_out(text, start, end):
        return None
    # of a line longer than that only the part around the phrase tells
    near, far = max(0, start - _AROUND), min(len(text), end + _AROUND)
    line_start = text.rfind("\n", near, start) + 1 or near
    line_end = text.find("\n", end, far)
    line_end = far if line_end < 0 else line_end
    phrase, said = text[start:end], text[end:line_end].strip(_CLOSING)
    after = text[end:line_end].lstrip(" *_)")
    opens_line = not text[line_start:start].strip(_OPENING)
    if (opens_line or is_glued) and not said and (after or len(phrase.encode()) > _SHORT):
        return Section(start, kind)
    if not said and (whole := _whole_heading(text[line_start:start], lowered[start:end], kind)):
        return Section(line_start, whole)
    before = text[max(line_start, start - 3) : start].rstrip(_BULLET + "【[")
    ended = is_glued or not before or before[-1] in ".!?:;)。；" or text[start - 2 : start] == "  "
    if after[:1] in (":", "：", "】", "?"):
        if opens_line or ended or _title_case(phrase) or ord(phrase[0]) > _LATIN:
            reach = _until(text, lowered[start:end], kind, line_end, opens_line=opens_line)
            is_apart = opens_line and text[line_start - 2 : line_start] == "\n\n"
            return Section(start, kind, reach, is_apart=is_apart)
        return None
    if ord(phrase[0]) > _LATIN:
        return None
    if opens_line and (label := _LABEL.match(text, end, line_end)):
        # "Preferred technical background: …"
        return Section(start, kind, line_end if text[label.end() : line_end].strip() else None)
    is_word = " " not in phrase
    # "Experience with SQL" is a bullet, "About 5 engineers" too; "Skills and education" is none
    if is_word and not said[:1].isupper() and said.split(" ", 1)[0] not in _GO_ON:
        return None
    if opens_line:
        line = text[line_start:line_end]
        short = len(line) <= 60 and line.count(" ") <= 7 and line.rstrip()[-1:] not in ".,;"
        if short and line[0] not in _BULLET and not line[0].islower() and not set(",|") & set(line):
            return Section(start, kind)
    opens = after[:1].isupper() or after[:1] in "•-*·" or after[:1].isdigit()
    if not (_title_case(phrase) and opens):
        return None
    # one word is a heading only where lines were lost: not in "Preferred Networks | Tokyo"
    is_lost = line_end - line_start > _LOST_LINE and " | " not in text[line_start:line_end]
    return Section(start, kind) if (ended and is_lost) or not is_word else None


def _whole_heading(before: str, phrase: str, kind: str) -> str:
    """Return the kind of a heading that says more than we know ("Key Qualifications"), or ""."""
    words = before.strip(_OPENING + "*_")
    is_heading = (
        phrase in _ENDS_HEADING
        and len(words) <= 40
        and all(word[:1].isupper() or len(word) <= 3 for word in words.split())
        and not set(".,;:") & set(words)
    )
    if not is_heading:
        return ""
    return "preferred" if any(one in words.lower() for one in _WISHES) else kind


def _until(text: str, phrase: str, kind: str, line_end: int, *, opens_line: bool) -> int | None:
    """Return how far a heading reaches that goes on in its own line; None: to the next one."""
    if not text[line_end - 1 : line_end].strip(":："):
        return None
    if kind == "mentioned" and any(word in phrase for word in _STACK_WORDS):
        return line_end
    if kind == "preferred" and not any(word in phrase for word in _LIST_WORDS):
        # "Bonus: Kubernetes" speaks of its paragraph, "Preferred qualifications: …" of a list
        ended = text.find("\n\n", line_end, line_end + _AROUND) if opens_line else line_end
        return ended if ended >= 0 else None
    return None


def _stands_out(text: str, start: int, end: int) -> bool:
    """Whether a phrase opens its line or a colon follows: of the others few need a closer look."""
    while start and text[start - 1] in _OPENING:
        start -= 1
    if not start or text[start - 1] == "\n":
        return True
    while end < len(text) and text[end] in " *_)":
        end += 1
    return end < len(text) and text[end] in ":：】?"


def _title_case(words: str) -> bool:
    """Whether every long word begins with a capital ("Nice to Have")."""
    return (
        all(word[:1].isupper() or len(word) <= 3 for word in words.split()) and words[:1].isupper()
    )


def section_at(found: list[Section], position: int) -> Section:
    """Return the section that a bare bullet at a position stands in; kind "" before any heading."""
    at = bisect_right(found, position, key=lambda section: section.start) - 1
    own = None
    while at >= 0 and (until := found[at].until) is not None:
        if position < until:
            own = own or found[at]
        at -= 1
    outer = found[at] if at >= 0 else Section(0, "")
    if own is None:
        return outer
    # "Tools: …" as a bullet below "Requirements" asks; below anything else it describes
    asks = {"required", "preferred"}
    if outer.kind in asks and own.kind not in asks and not own.is_apart:
        return own._replace(kind=outer.kind)
    return own
