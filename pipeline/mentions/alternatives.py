"""Alternatives: the lists of which any one thing will do ("PyTorch or TensorFlow", "such as").

Layer:   mentions (pure). Cue words are data (terms/cues.toml); this says which list they are of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from pipeline.mentions.sense import Found

Cues = Mapping[str, list[tuple[int, int]]]  # by kind, the token spans of the cues of a block
WHOLE_LIST = 0  # the number of the list whose bullets stand in several blocks
_SEPARATORS = frozenset({",", "、", "，", ";", "+", "&", "•"})
_LIST_END = frozenset({";", ".", ")", "；", "。"})
_ITEM_WORDS = 3  # a list item of more words is no list item
_OR_HERE = frozenset({"o", "u", "of", "y/o"})
_ITEM_REACH = 7  # tokens between "such as" and the end of the first thing it names
_AND = frozenset({"and", "und", "et", "y", "en", "plus"})
_PRONOUNS = frozenset({"you", "we", "i", "they", "who", "would", "d", "really"})
_BRACKET_REACH = 3  # words before a bracket among which "tools" tells what it lists
_REACH = 14  # tokens over which "such as", "one of" still speak of a list
_NOUNS = frozenset(
    "framework frameworks library libraries tool tools toolkit toolkits kit package packages"
    " platform platforms technologies technology languages language software stack stacks toolset"
    " libs lib python"
    " bibliotheken bibliothek bibliothèques librairies outils librerías herramientas nn kernel"
    " 框架 工具 架 具 库".split()
)
_AMOUNTS = frozenset(
    "one two three four five six seven eight nine ten more less above higher later newer better so"
    " up".split()
)


class _Extent(NamedTuple):
    """Tokens of a list: its first and last name that we know, its first and last separator."""

    start: int
    end: int
    left: int
    right: int


def groups_of(
    words: list[str], found: list[Found], cues: Cues, *, is_any: bool = False
) -> dict[int, int]:
    """Return, for the mentions of which any one of a list will do, the number of their list.

    is_any: any one of all that the block names will do, and of the bullets around it.
    """
    or_words = _or_words(words, found, cues)
    and_words = {start for start, _ in cues.get("and_words", ())}
    lists: dict[_Extent, list[int]] = defaultdict(list)
    for index, one in enumerate(found):
        lists[_extent(words, one, found, or_words, and_words)].append(index)
    groups: dict[int, int] = {}
    for number, (extent, members) in enumerate(sorted(lists.items()), start=1):
        chosen = _alternatives(words, extent, [found[i] for i in members], cues, or_words)
        for index, one in zip(members, [found[i] for i in members], strict=True):
            if one.requirement in {"required", "preferred"} and (one in chosen or is_any):
                groups[index] = WHOLE_LIST if is_any else number
    return groups


def _or_words(words: list[str], found: list[Found], cues: Cues) -> set[int]:
    """Return where a word for "or" stands between things to choose from."""
    last = len(words) - 1
    ors = {
        at
        for at, _ in cues.get("or_words", ())
        # "TensorFlow 1 or 2", "three or more years", "one or two clouds"
        if not (0 < at < last and _is_amount(words[at - 1]) and _is_amount(words[at + 1]))
    }
    # Spanish and Dutch say it with words that mean other things elsewhere: right between names
    starts = {one.start for one in found}
    return ors | {one.end for one in found if one.end + 1 in starts and words[one.end] in _OR_HERE}


def _is_amount(word: str) -> bool:
    return word in _AMOUNTS or word.isdigit()


def _extent(
    words: list[str], one: Found, found: list[Found], or_words: set[int], and_words: set[int]
) -> _Extent:
    """Return where the list stands that a mention stands in (separators between short items)."""
    inside = {token for other in found for token in range(other.start, other.end)}

    def is_separator(at: int) -> bool:
        return words[at] in _SEPARATORS or at in or_words or at in and_words

    start = left = one.start
    run, at = 0, one.start - 1
    while at >= 0 and words[at] not in {"(", "（", ":", "：", ")", "."}:
        if is_separator(at):
            run, left = 0, at
        else:
            run = 0 if at in inside else run + 1
            if run > _ITEM_WORDS:
                break
            if at in inside:
                start = left = at
        at -= 1
    end = right = one.end
    run, at = 0, one.end
    while at < len(words) and words[at] not in {")", "）", "(", "."}:
        if is_separator(at):
            run, right = 0, at
        else:
            run = 0 if at in inside else run + 1
            if run > _ITEM_WORDS:
                break
            if at in inside:
                end = right = at + 1
        at += 1
    return _Extent(start, end, left, right)


def _alternatives(
    words: list[str],
    extent: _Extent,
    members: list[Found],
    cues: Cues,
    or_words: set[int],
) -> set[Found]:
    start, end, left, right = extent
    for cue_start, cue_end in cues.get("alternative_before", ()):
        if (
            words[cue_start] == "like"
            and words[cue_start - 1 : cue_start][:1]
            and (words[cue_start - 1] in _PRONOUNS)
        ):
            continue  # "you like PyTorch"
        # from the first name we know, or from the first of the list, known or not
        for first, reach in ((start, _REACH), (left, _ITEM_REACH)):
            between = words[cue_end:first]
            if between[:1] == ["."]:  # the stop of "e.g." itself
                between = between[1:]
            if first - reach <= cue_start and cue_end <= first and not _LIST_END & set(between):
                return set(members)
    after = cues.get("alternative_after", ())
    if any(
        end <= cue_start <= max(end + 8, right + 2)
        and not {";", "。", "；", "("} & set(words[end:cue_start])
        for cue_start, _ in after
    ):
        return set(members)
    bracket = max(
        (i for i in range(max(0, start - 10), start) if words[i] in {"(", "（"}), default=None
    )
    if bracket and {")", "）"} & set(words[end : end + 12]):
        before = words[max(0, bracket - _BRACKET_REACH) : bracket]
        if _NOUNS & set(before):
            return set(members)
    if len(members) > 1 and words[start - 1] in _NOUNS and len(_between(words, members)) == 0:
        return set(members)  # "framework PyTorch TensorFlow": a text that lost its commas
    chosen: set[Found] = set()
    slash = {"/", "|"}
    ors = [at for at in or_words if start - 4 <= at < end + 4 and words[at] not in slash]
    touching = [
        at
        for at in ors
        if any(one.end <= at <= one.end + 3 or at < one.start <= at + 4 for one in members)
    ]
    for at in touching:
        # "TensorFlow or PyTorch, and also scikit-learn"
        first, last = _clause(words, at, start, end)
        chosen |= {one for one in members if first <= one.start < last}
    for one in members:
        beside = words[one.end : one.end + 1] + words[one.start - 1 : one.start]
        if slash & set(beside):
            chosen.add(one)
    return chosen


def _between(words: list[str], members: list[Found]) -> list[str]:
    """Return what stands between names that follow each other."""
    return [
        word
        for one, other in pairwise(sorted(members, key=lambda one: one.start))
        for word in words[one.end : other.start]
        if word.strip()
    ]


def _clause(words: list[str], at: int, start: int, end: int) -> tuple[int, int]:
    """Return the part of a list, around a token, that no ", and" parts from the rest."""
    cuts = [
        place
        for place in range(start + 1, end)
        if words[place] in _AND and words[place - 1] in {",", ";"}
    ]
    return (
        max((cut for cut in cuts if cut <= at), default=start),
        min((cut for cut in cuts if cut > at), default=end),
    )
