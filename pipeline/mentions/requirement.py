"""Requirement: does a posting demand, prefer, mention or rule out what it names; any-of lists.

Layer:   mentions (pure). Cue words are data (terms/cues.toml); this says how far each reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.mentions.lexicon import Lexicon
from pipeline.mentions.sense import Found, Surroundings

_CLAUSE_END = frozenset(
    {";", ".", "!", "?", "；", "。", "but", "however", "aber", "mais", "pero", "required"}
)
_NEGATION_END = _CLAUSE_END | {",", "to", "towards", "and", ":", "，"}
_ABBREVIATIONS = frozenset("etc e g i ie eg vs incl approx resp usw ca bzw bspw inkl".split())
# Kinds of cues that say how a thing is asked for; those of lists stand beside them.
_SAYING = frozenset(
    "asks stack neutral preferred_leading preferred_trailing negated negated_after".split()
)
_OBJECT = frozenset("with in of using on to mit in en dans avec con van met".split())
_SEPARATORS = frozenset({",", "、", "，", ";", "+", "&", "•"})
_NOUNS = frozenset(
    "framework frameworks library libraries tool tools toolkit toolkits package packages platform"
    " platforms technologies technology languages language software stack stacks toolset libs lib"
    " bibliotheken bibliothek bibliothèques librairies outils librerías herramientas nn kernel"
    " 框架 工具 架 具 库".split()
)
_LIST_END = frozenset({";", ".", ")", "；", "。"})
_ITEM_WORDS = 3  # a list item of more words is no list item
_TRAILS = 40  # tokens over which a cue speaks of what stands before it
_REACH = 14  # tokens over which "such as", "one of" still speak of a list


class RequirementComponent:
    """Give every found term its requirement and, in any-of lists, a group."""

    def __init__(self, nlp: Language, lexicon: Lexicon):
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for cue, phrases in lexicon.sentence.items():
            self.matcher.add(cue, [nlp.make_doc(phrase) for phrase in phrases])

    def __call__(self, doc: Doc) -> Doc:
        found: list[Found] = doc.user_data["found"]
        if not found:
            return doc
        around: Surroundings = doc.user_data.get("around") or Surroundings()
        cues: dict[str, list[tuple[int, int]]] = {}
        if around.field == "description":
            names = doc.vocab.strings
            cues = _outermost((names[label], start, end) for label, start, end in self.matcher(doc))
        words = _words(doc)
        judged = [
            replace(one, requirement=_requirement(words, one, cues, around.section, around.field))
            for one in found
        ]
        groups = _groups(words, judged, cues)
        doc.user_data["found"] = [
            replace(one, group=groups.get(index)) for index, one in enumerate(judged)
        ]
        return doc


def _words(doc: Doc) -> list[str]:
    """Return the tokens in lower case, without stops that end no sentence ("etc. is a plus")."""
    words = [token.lower_ for token in doc]
    last = len(words) - 1
    for at, word in enumerate(words):
        if word == "." and 0 < at < last and words[at - 1] in _ABBREVIATIONS:
            words[at] = "" if doc[at + 1].text[:1].islower() else word
    return words


def _outermost(found: Iterable[tuple[str, int, int]]) -> dict[str, list[tuple[int, int]]]:
    """Return the cues by kind, in order, without those that are part of a longer one.

    "not required" in "not required but", "working with" in "experience working with".
    """
    cues: dict[str, list[tuple[int, int]]] = defaultdict(list)
    reach = outer = -1
    for kind, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if kind in _SAYING:
            if end <= reach and (start, end) != (outer, reach):
                continue
            if end > reach:
                outer, reach = start, end
        cues[kind].append((start, end))
    return cues


def _requirement(
    words: list[str],
    one: Found,
    cues: dict[str, list[tuple[int, int]]],
    section: str,
    field: str,
) -> str:
    if field != "description":
        return "mentioned"
    if _is_negated(words, one, cues):
        return "negated"
    if cues.get("optional_all"):
        return "mentioned"
    if _is_preferred(words, one, cues):
        return "preferred"
    asks = _asks(words, one, cues)
    if section == "boilerplate":
        return "mentioned"
    if section == "preferred":
        return "mentioned" if asks is False else "preferred"
    if asks is None:
        return "required" if section == "required" else "mentioned"
    return "required" if asks else "mentioned"


def _is_negated(words: list[str], one: Found, cues: dict[str, list[tuple[int, int]]]) -> bool:
    for _, end in cues.get("negated", ()):
        if end <= one.start <= end + 6 and not _NEGATION_END & set(words[end : one.start]):
            return True
    if any(end == one.start for _, end in cues.get("negated_direct", ())):
        return True
    return any(
        one.end <= start <= one.end + 5 and not _CLAUSE_END & set(words[one.end : start])
        for start, _ in cues.get("negated_after", ())
    )


def _is_preferred(words: list[str], one: Found, cues: dict[str, list[tuple[int, int]]]) -> bool:
    for _, end in cues.get("preferred_leading", ()):
        if end <= one.start and not {";", ".", "；", "。"} & set(words[end : one.start]):
            return True
    for start, _ in cues.get("preferred_trailing", ()):
        if one.end <= start:
            between = words[one.end : start]
            if _CLAUSE_END & set(between) or len(between) > _TRAILS:
                continue
            # "PyTorch, experience with speech a bonus": the bonus is the experience
            if not any(
                one.end < left < start
                and _OBJECT & {words[right - 1], words[min(right, start - 1)]}
                for left, right in cues.get("asks", ())
            ):
                return True
    return False


def _asks(words: list[str], one: Found, cues: dict[str, list[tuple[int, int]]]) -> bool | None:
    """Return whether the sentence asks for it (True), describes the stack (False) or is silent."""
    left = [(end, start, True) for start, end in cues.get("asks", ()) if end <= one.start]
    left += [(end, start, False) for start, end in cues.get("stack", ()) if end <= one.start]
    if left:
        return max(left)[2]
    follows = [start for start, _ in cues.get("asks", ()) if start >= one.end]
    if follows and min(follows) - one.end <= 8 and "." not in words[one.end : min(follows)]:
        return True
    return None


def _groups(
    words: list[str], found: list[Found], cues: dict[str, list[tuple[int, int]]]
) -> dict[int, int]:
    """Return, for the mentions of which any one of a list will do, the number of their list."""
    or_words = {start for start, _ in cues.get("or_words", ())}
    and_words = {start for start, _ in cues.get("and_words", ())}
    lists: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, one in enumerate(found):
        lists[_extent(words, one, found, or_words, and_words)].append(index)
    groups: dict[int, int] = {}
    for number, ((start, end), members) in enumerate(sorted(lists.items()), start=1):
        chosen = _alternatives(words, start, end, [found[i] for i in members], cues, or_words)
        for index, one in zip(members, [found[i] for i in members], strict=True):
            if one in chosen and one.requirement in {"required", "preferred"}:
                groups[index] = number
    return groups


def _extent(
    words: list[str], one: Found, found: list[Found], or_words: set[int], and_words: set[int]
) -> tuple[int, int]:
    """Return the token span of the list a mention stands in (separators between short items)."""
    inside = {token for other in found for token in range(other.start, other.end)}

    def is_separator(at: int) -> bool:
        return words[at] in _SEPARATORS or at in or_words or at in and_words

    start, run, at = one.start, 0, one.start - 1
    while at >= 0 and words[at] not in {"(", "（", ":", "：", ")", "."}:
        if is_separator(at):
            run = 0
        else:
            run = 0 if at in inside else run + 1
            if run > _ITEM_WORDS:
                break
            if at in inside:
                start = at
        at -= 1
    end, run, at = one.end, 0, one.end
    while at < len(words) and words[at] not in {")", "）", "(", "."}:
        if is_separator(at):
            run = 0
        else:
            run = 0 if at in inside else run + 1
            if run > _ITEM_WORDS:
                break
            if at in inside:
                end = at + 1
        at += 1
    return start, end


def _alternatives(
    words: list[str],
    start: int,
    end: int,
    members: list[Found],
    cues: dict[str, list[tuple[int, int]]],
    or_words: set[int],
) -> set[Found]:
    for cue_start, cue_end in cues.get("alternative_before", ()):
        between = words[cue_end:start]
        if between[:1] == ["."]:  # the stop of "e.g." itself
            between = between[1:]
        if start - _REACH <= cue_start and cue_end <= start and not _LIST_END & set(between):
            return set(members)
    after = cues.get("alternative_after", ())
    if any(
        end <= cue_start <= end + 8 and not {";", "。", "；", "("} & set(words[end:cue_start])
        for cue_start, _ in after
    ):
        return set(members)
    bracket = max(
        (i for i in range(max(0, start - 10), start) if words[i] in {"(", "（"}), default=None
    )
    if bracket and {")", "）"} & set(words[end : end + 12]) and words[bracket - 1] in _NOUNS:
        return set(members)
    chosen: set[Found] = set()
    slash = {"/", "|"}
    ors = [at for at in or_words if start - 4 <= at < end + 4 and words[at] not in slash]
    touching = [
        at
        for at in ors
        if any(one.end <= at <= one.end + 3 or at < one.start <= at + 4 for one in members)
    ]
    if touching:
        chosen |= set(members)
    for one in members:
        beside = words[one.end : one.end + 1] + words[one.start - 1 : one.start]
        if slash & set(beside):
            chosen.add(one)
    return chosen
