"""Names in lists beside frameworks that nobody has told us of: how a new framework gets noticed.

Layer:   mentions (pure). "PyTorch, JAX and Mango 2.0" gives Mango; what is known and no candidate
         (languages, databases, subjects, companies) stands in terms/known.toml.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.mentions.blocks import GLUED
from pipeline.mentions.known import companies, grammar, is_known, is_word_known, name_key
from pipeline.records import Mention

MOST = 12  # names a posting
_REACH = 300  # characters of a line that are read on either side of a mention
_WORDS = 3  # a longer name is a phrase
_LONGEST = 40  # characters
_SENTENCE = 40  # words; so many without a comma are no entry of any list
# One pass, no way back: a word (with inner dots, as in llama.cpp; "etc.Experience" is two), what
# parts a list, what ends it.
_TOKEN = re.compile(
    r"(?P<word>\.?[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9#+'’_-]|\.(?![A-Z][a-z]{2})(?=[A-Za-z0-9]))*)"
    r"|(?P<part>[,/、，;；|()（）\[\]【】{}&+])"
    r"|(?P<end>[.!?。！？:：•·▪●◦‣■–—-])"
    r"|(?P<sign>[\"“”„'’`*®™_\\]+)"
    r"|(?P<other>[^\sA-Za-zÀ-ɏ0-9,/、，;；|()（）\[\]【】{}&+.!?。！？:：•·▪●◦‣■–—\"“”„'’`*®™_\\-]+)"
)
_VERSION = re.compile(r"[vV]?\d[\d.x+]*\Z")
_TRAILING = re.compile(r"(?:-\d[\d.]*|['’]s?|[-+.'’]+)\Z")  # GPT-4, NVIDIA's, a hyphen left over
_ABBREVIATED = frozenset({"e.g", "i.e", "eg", "ie", "etc", "incl", "z.b", "bzw", "u.a"})
_ADDRESS = (".com", ".org", ".net", ".io", ".de", ".co", ".uk", ".gov", ".edu")


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class _Item(NamedTuple):
    """One entry of a list: its words, and which of them (first, last) a mention covers."""

    words: tuple[_Word, ...]
    covered: tuple[int, int] | None


def unseen_names(text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Return the names listed beside the framework mentions of one field that no list knows.

    mentions: those of the field whose text this is. Order is that of the text; at most MOST.
    """
    spans = sorted({(one.start, one.end) for one in mentions})
    found: list[str] = []
    for items, is_german in _lists(text, spans):
        found += [name for name in _beside(items) if not is_german or _stands_out(name)]
    return merged(found)


def merged(names: Iterable[str]) -> tuple[str, ...]:
    """Return names once each, whatever their capitals and hyphens; at most MOST."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name_key(name), name)
    return tuple(first.values())[:MOST]


def _lists(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[list[_Item], bool]]:
    """Yield the entries of each sentence around the spans, and whether it is German."""
    at = 0
    while at < len(spans):
        start, end = _line_around(text, *spans[at])
        upto = at + 1
        # spans of one line share a window: each character is read once
        while upto < len(spans) and spans[upto][0] < end:
            end = max(end, _line_around(text, *spans[upto])[1])
            upto += 1
        yield from _entries(text, start, end, spans[at:upto])
        at = upto


def _line_around(text: str, start: int, end: int) -> tuple[int, int]:
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    line = text.rfind("\n", left, start) + 1
    if not line and left:  # no half of a word
        line = text.find(" ", left, start) + 1 or start
    cut = text.find("\n", end, right)
    if cut < 0 and right < len(text):
        cut = max(end, text.rfind(" ", end, right))
    return line, right if cut < 0 else cut


def _entries(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[list[_Item], bool]]:
    items: list[_Item] = []
    words: list[_Word] = []
    is_german = False
    after = 0  # end of the abbreviation whose own dot ends nothing
    for token in _TOKEN.finditer(text, start, end):
        kind, shown = token.lastgroup, token[0]
        lowered = shown.lower()
        is_german = is_german or lowered in grammar("german")
        if kind == "word" and lowered in _ABBREVIATED:
            after = token.end()
            kind = "part"
        elif kind == "word" and lowered in grammar("connectors"):
            kind = "part"
        elif shown == "." and token.start() == after:
            continue
        if kind in {"word", "other"}:
            words.append(_Word(shown, token.start(), token.end()))
            kind = "end" if len(words) == _SENTENCE else "sign"
        if kind != "sign" and words:
            items.append(_Item(tuple(words), _covered(words, spans)))
            words = []
        if kind == "end" and items:
            yield items, is_german
            items, is_german = [], False
    if words:
        items.append(_Item(tuple(words), _covered(words, spans)))
    yield items, is_german


def _covered(words: Sequence[_Word], spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    first = bisect_right(spans, words[0].start, key=lambda span: span[1])
    last = bisect_left(spans, words[-1].end, first, key=lambda span: span[0])
    near = spans[first:last]
    inside = [
        number
        for number, word in enumerate(words)
        if any(start < word.end and word.start < end for start, end in near)
    ]
    return (inside[0], inside[-1]) if inside else None


def _beside(items: list[_Item]) -> Iterator[str]:
    """Yield the names of the entries that stand in one list with a mention, in order."""
    names: dict[int, str] = {}
    open_list = False
    for number, item in enumerate(items):  # from each mention to the right
        if item.covered:
            open_list = _is_bare(item.words[item.covered[1] + 1 :])
        elif open_list:
            name, open_list = _name_at_start(item.words)
            if name:
                names[number] = name
    open_list = False
    for number in range(len(items) - 1, -1, -1):  # and to the left
        item = items[number]
        if item.covered:
            open_list = _is_bare(item.words[: item.covered[0]])
        elif open_list:
            name, open_list = _name_at_end(item.words)
            if name:
                names[number] = name
    for number in sorted(names):
        yield names[number]


def _is_bare(words: Sequence[_Word]) -> bool:
    """Tell whether a list can go on past these words beside a name ("2.0", "framework")."""
    return len(words) <= 2 and not any(word.text.lower() in grammar("function") for word in words)


def _name_at_start(words: Sequence[_Word]) -> tuple[str, bool]:
    """Return the name an entry begins with, or "", and whether the list goes on after it."""
    size = 0
    while size < len(words) and _is_tool_like(words[size].text):
        size += 1
    rest = words[size:]
    goes_on = len(words) <= _WORDS and _is_bare(rest)
    # "DeepSpeed for training": a name; "Strong communication", "SaaS companies": none
    if (
        rest
        and rest[0].text.lower() not in grammar("function") | grammar("nouns")
        and rest[0].text[0] < "⺀"
    ):
        return "", goes_on
    return _name(words[:size]), goes_on


def _name_at_end(words: Sequence[_Word]) -> tuple[str, bool]:
    """Return the name an entry ends with, or "", and whether the list goes on before it."""
    size = len(words)
    while size and (_is_tool_like(words[size - 1].text) or _VERSION.match(words[size - 1].text)):
        size -= 1
    while size < len(words) and _VERSION.match(words[size].text):
        size += 1
    rest = words[:size]
    return _name(words[size:]), len(words) <= _WORDS and _is_bare(rest)


def _name(words: Sequence[_Word]) -> str:
    parts = [word.text.strip(".'’_") for word in words]
    while parts and (_VERSION.match(parts[-1]) or parts[-1].lower() in grammar("nouns")):
        parts.pop()
    while len(parts) > 1 and parts[0].lower() in companies():
        parts.pop(0)
    if not 1 <= len(parts) <= _WORDS:
        return ""
    parts[-1] = _TRAILING.sub("", parts[-1])
    name = " ".join(parts)
    if not 2 <= len(name) <= _LONGEST or name.lower().endswith(_ADDRESS):
        return ""
    if _is_like_a_person(parts) or any(word in name[1:] for word in GLUED) or is_known(name):
        return ""
    return name


def _is_like_a_person(parts: Sequence[str]) -> bool:
    """Tell what may be a first and a last name: of a founder, say, which is nothing to keep."""
    return len(parts) > 1 and all(
        part[1:].isalpha() and part[1:].islower() and not is_word_known(part.lower())
        for part in parts
    )


def _is_tool_like(word: str) -> bool:
    """Tell a name from a plain word: a capital, or letters with a digit or a dot inside."""
    bare = word.strip(".'’_-+")
    if not bare or not bare[0].isalpha() or bare[0] > "ɏ":
        return bool(_VERSION.match(bare))
    return any(map(str.isupper, bare)) or not bare.replace("-", "").replace("'", "").isalpha()


def _stands_out(name: str) -> bool:
    """Tell a name that German, which writes every noun with a capital, would not write so."""
    return any(
        char.isupper() or char.isdigit() or char == "."
        for word in name.split()
        for char in word[1:]
    )
