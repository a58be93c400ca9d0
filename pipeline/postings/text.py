"""Any site's HTML or plain text as plain text, one rule for all sources.

Layer:   postings (pure).
Quirk:   Hacker News never closes <p>, and shows a long link cut with "..." while href is whole.
Quirk:   ads in plain text hold "a < b", "R&D" and "vector<int>": a "<" opens a tag only before the
         name of a known element, and "&" an entity only where one is spelled out to its semicolon.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from pipeline.postings.glued import unglued


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PARAGRAPHS = _names(
    "article aside blockquote center details dialog dl fieldset figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr main menu nav ol p pre section summary table ul"
)
_LINES = _names(
    "address body br caption dd dir div dt figcaption html legend li option optgroup select td th "
    "tr tbody thead tfoot"
)
_INLINE = _names(
    "a abbr acronym audio b base basefont bdi bdo big button canvas cite code col colgroup data "
    "del dfn em embed font i img input ins kbd label link map mark meta meter nobr object output "
    "param picture progress q rp rt ruby s samp small source span strike strong sub sup svg time "
    "track tt u var video wbr"
)
_DROPPED = _names("head title script style noscript template iframe textarea")
_NAMES = "|".join(sorted(_PARAGRAPHS | _LINES | _INLINE | _DROPPED, key=len, reverse=True))
# <p>, </li>, <br/>, <o:p>, <my-card class="x">, <!-- note -->, <!DOCTYPE html>
_TAG = re.compile(
    rf"<(?:/?(?P<name>{_NAMES}|[a-z]\w*[:-][\w:-]*)(?=[\s/>])[^<>]*>|!--|!doctype\b|\?xml\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(rf"</({'|'.join(_DROPPED)})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MARK = re.compile(r"[<&]")
_LAYOUT = re.compile(rf"<(?:/?(?:{'|'.join(_PARAGRAPHS | _LINES)})(?=[\s/>])|!doctype)", re.I)

# What no reader sees, and signs that only look different: soft hyphen, zero-width and direction
# marks, odd spaces, curly apostrophes, full-width Latin. C1 controls stay:
# in mojibake they are halves of letters.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064"
    "\u2018\u2019\u2066-\u206f\u3000\ufeff\uff03\uff06\uff0b\uff0d-\uff19\uff20-\uff3a"
    "\uff3f\uff41-\uff5a\ud800-\udfff]"
)
_SPACES = frozenset("\u00a0\u1680\u202f\u205f\u3000") | {chr(n) for n in range(0x2000, 0x200B)}
_BREAKS = frozenset("\x0b\x0c\u2028\u2029")
_BLANKS = re.compile(r"\t|[ \t]{2,}")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")
_GAPS = re.compile(r"\n{3,}")
_BULLET = re.compile(r"^(?:[-*•·▪●◦‣–—]\s*)+")


def plain_text(words: str) -> str:
    """Return the words as plain text: paragraphs apart, one bullet a line, entities decoded once.

    Lines that were run together are parted again. Text without a known tag or an entity keeps
    its lines; applied to such text twice it changes nothing more.
    """
    if "<" in words or "&" in words:
        words = _decoded(words.replace("\x00", ""))
    return _tidy(words)


def _decoded(words: str) -> str:
    tags, entities = 0, 0
    closings = _last_closings(words)
    pieces: list[str] = []
    end = 0
    for mark in _MARK.finditer(words):
        start = mark.start()
        if mark.group() == "<":
            real = _is_tag(words, start, closings)
            tags += real
        else:
            real = _is_entity(words, start)
            entities += real
        if not real:
            pieces += words[end:start], "&lt;" if mark.group() == "<" else "&amp;"
            end = start + 1
    if not tags:
        return _ENTITY.sub(_character, words) if entities else words
    return _rendered("".join([*pieces, words[end:]]))


def _last_closings(words: str) -> dict[str, int]:
    """Return where the last "</script" and the like, and the last "-->", stand."""
    found = {close[1].lower(): close.start() for close in _CLOSING.finditer(words)}
    return {**found, "<!--": words.rfind("-->")}


def _is_tag(words: str, start: int, closings: dict[str, int]) -> bool:
    found = _TAG.match(words, start)
    if not found:
        return False
    if found.group() == "<!--":
        return closings["<!--"] > start
    name = (found["name"] or "").lower()
    # An ad that asks for "<script> tags" must not lose all that follows.
    opens_hidden = name in _DROPPED and words[start + 1] != "/"
    return not opens_hidden or closings.get(name, -1) > start


def _is_entity(words: str, start: int) -> bool:
    found = _ENTITY.match(words, start)
    return found is not None and (found.group()[1] == "#" or found.group()[1:] in html5)


def _character(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def _rendered(markup: str) -> str:
    """Lay out HTML; a blank line inside it stays one, for sites that add tags to plain text."""
    soup = BeautifulSoup(markup, "lxml")
    keep_lines = not _LAYOUT.search(markup)
    has_pre = soup.pre is not None
    page = _Page()
    # An explicit stack: some ads are nested deeper than Python recurses.
    stack: list[tuple[object, bool]] = [(soup, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments, doctypes, CDATA
                as_it_stands = keep_lines or (has_pre and node.find_parent("pre") is not None)
                page.write(str(node), as_it_stands=as_it_stands)
        elif isinstance(node, Tag) and node.name not in _DROPPED:
            page.edge(node.name, leaving=leaving)
            if leaving:
                continue
            whole = _whole_link(node) if node.name == "a" else ""
            if whole:
                page.write(whole)
                continue
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.contents))
    return page.text()


def _whole_link(link: Tag) -> str:
    """Return the href of a link whose text is the same address cut short, else nothing."""
    shown = link.get_text().strip()
    href = str(link.get("href") or "")
    cut = shown.removesuffix("...").removesuffix("…")
    return href if cut != shown and cut and href.startswith(cut) else ""


class _Page:
    """Lines being laid out: inline words join, an edge of a block starts a new line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[str] = []
        self._bullet = False
        self._items = 0
        self._as_it_stands = False

    def edge(self, name: str, *, leaving: bool) -> None:
        if name == "br":
            self._end_line(even_empty=not leaving)
        elif name in _PARAGRAPHS or name in _LINES:
            self._end_line()
            if name == "li":
                self._bullet = not leaving
                self._items += -1 if leaving else 1
            # A list or a paragraph inside a list item stays with the item.
            elif name in _PARAGRAPHS and not self._items:
                self._lines.append("")

    def write(self, words: str, *, as_it_stands: bool = False) -> None:
        self._as_it_stands = as_it_stands
        if as_it_stands:
            first, *others = words.split("\n")
            self._words.append(first)
            for line in others:
                self._end_line(even_empty=True)
                self._words.append(line)
            return
        first, *others = re.split(r"[ \t\r]*\n[ \t\r]*\n\s*", words)
        self._words.append(re.sub(r"[ \t\r\n\f]+", " ", first))
        for part in others:
            self._end_line()
            self._lines.append("")
            self._words.append(re.sub(r"[ \t\r\n\f]+", " ", part))

    def _end_line(self, *, even_empty: bool = False) -> None:
        line = "".join(self._words)
        keep = even_empty or self._as_it_stands
        line = line.rstrip() if keep else re.sub(r" {2,}", " ", line).strip(" ")
        self._words = []
        if line.strip("\u00a0\u200b ") and self._bullet:
            line = "- " + _BULLET.sub("", line)
            self._bullet = False
        if line or even_empty:
            self._lines.append(line)

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)


def _tidy(words: str) -> str:
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    words = _ODD.sub(_even, words)
    words = _TRAILING.sub("", _BLANKS.sub(" ", words))
    return unglued(_GAPS.sub("\n\n", words).strip())


def _even(found: re.Match[str]) -> str:
    odd = found.group()
    if odd in _SPACES:
        return " "
    if odd in _BREAKS:
        return "\n"
    if odd in "\u2018\u2019":
        return "'"
    if "\uff03" <= odd <= "\uff5a":
        return chr(ord(odd) - 0xFEE0)
    return ""
