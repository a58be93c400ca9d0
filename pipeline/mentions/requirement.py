"""Requirement: does a posting demand, prefer, mention or rule out what it names; any-of lists.

Layer:   mentions (pure). Cue words are data (terms/cues.toml); this says how far each reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.mentions.lexicon import Lexicon
from pipeline.mentions.sense import Found, Surroundings

_CLAUSE_END = frozenset(
    {";", ".", "!", "?", "；", "。", "but", "however", "aber", "mais", "pero", "required"}
)
_NEGATION_END = _CLAUSE_END | {
    ",",
    "to",
    "towards",
    "and",
    ":",
    "，",
    "with",
    "by",
    "for",
    "favour",
    "favor",
}
_ABBREVIATIONS = frozenset("etc e g i ie eg vs incl approx resp usw ca bzw bspw inkl".split())
# Kinds of cues that say how a thing is asked for; those of lists stand beside them.
_SAYING = frozenset(
    "asks stack neutral preferred_leading preferred_trailing negated negated_after".split()
)
_OBJECT = frozenset("with in of using on to mit in en dans avec con van met".split())
_SEPARATORS = frozenset({",", "、", "，", ";", "+", "&", "•"})
_NOUNS = frozenset(
    "framework frameworks library libraries tool tools toolkit toolkits kit package packages"
    " platform platforms technologies technology languages language software stack stacks toolset"
    " libs lib python"
    " bibliotheken bibliothek bibliothèques librairies outils librerías herramientas nn kernel"
    " 框架 工具 架 具 库".split()
)
_LIST_END = frozenset({";", ".", ")", "；", "。"})
_ITEM_WORDS = 3  # a list item of more words is no list item
_BUT = frozenset({"but", "however", "though", "aber", "mais", "pero", "maar", "但"})
_CHINESE_CLAUSE = frozenset("对有具了")
_BARE = (["plus"], ["pluses"], ["bonus"], ["asset"], ["welcome"])
_ENDS = frozenset(".,;:!)）。；，") | {
    *("if", "for", "when", "as", "but", "though", "too", "-", "–", "*")
}
_LEADS = 80  # tokens over which a cue speaks of what follows it
_TRAILS = 40  # tokens over which a cue speaks of what stands before it
_OR_HERE = frozenset({"o", "u", "of", "y/o"})
_AMOUNTS = frozenset(
    "one two three four five six seven eight nine ten more less above higher later newer better so"
    " up".split()
)
_ITEM_REACH = 7  # tokens between "such as" and the end of the first thing it names
_AND = frozenset({"and", "und", "et", "y", "en", "plus"})
_PRONOUNS = frozenset({"you", "we", "i", "they", "who", "would", "d", "really"})
_BRACKET_REACH = 3  # words before a bracket among which "tools" tells what it lists
_REACH = 14  # tokens over which "such as", "one of" still speak of a list


Cues = Mapping[str, list[tuple[int, int]]]  # by kind, the token spans of the cues of a block
WHOLE_LIST = 0  # the number of the list whose bullets stand in several blocks


class _Extent(NamedTuple):
    """Tokens of a list: its first and last name that we know, its first and last separator."""

    start: int
    end: int
    left: int
    right: int


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
        cues: Cues = {}
        if around.field == "description":
            names = doc.vocab.strings
            cues = _outermost((names[label], start, end) for label, start, end in self.matcher(doc))
        words = _words(doc)
        judged = [
            replace(one, requirement=_requirement(words, one, cues, around.section, around.field))
            for one in found
        ]
        groups = _groups(words, judged, cues, is_any=around.any_of is not None)
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


def _outermost(found: Iterable[tuple[str, int, int]]) -> Cues:
    """Return the cues by kind, in order, without those that are part of a longer one.

    "not required" in "not required but", "working with" in "experience working with".
    """
    cues = defaultdict(list)
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
    cues: Cues,
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


def _is_negated(words: list[str], one: Found, cues: Cues) -> bool:
    for _, end in cues.get("negated", ()):
        if end <= one.start <= end + 6 and not _NEGATION_END & set(words[end : one.start]):
            return True
    if any(end == one.start for _, end in cues.get("negated_direct", ())):
        return True
    return any(
        one.end <= start <= one.end + 5
        and not _CLAUSE_END & set(words[one.end : start])
        and not _is_taken_back(words, end, cues)
        for start, end in cues.get("negated_after", ())
    )


def _is_taken_back(words: list[str], at: int, cues: Cues) -> bool:
    """Whether a wish follows a negation ("not necessary, but it is a plus")."""
    return any(
        at <= start <= at + 8 and _BUT & set(words[at:start])
        for start, _ in cues.get("preferred_trailing", ())
    )


def _is_preferred(words: list[str], one: Found, cues: Cues) -> bool:
    for _, end in cues.get("preferred_leading", ()):
        between = words[end : one.start] if end <= one.start <= end + _LEADS else ["."]
        if not {";", ".", "；", "。"} & set(between):
            return True
    return any(
        one.end <= start and _speaks_of(words, one, start, end, cues)
        for start, end in cues.get("preferred_trailing", ())
    )


def _speaks_of(words: list[str], one: Found, start: int, end: int, cues: Cues) -> bool:
    """Whether a trailing cue speaks of a name that stands before it."""
    between = words[one.end : start]
    is_taken_back = any(
        one.end <= left and right <= start for left, right in cues.get("negated_after", ())
    )
    if len(between) > _TRAILS or (_CLAUSE_END - (_BUT if is_taken_back else set())) & set(between):
        return False
    if words[start:end] in _BARE and words[end : end + 1] and words[end] not in _ENDS:
        return False  # "PyTorch plus solid Linux skills"
    if words[start - 1] in {"(", "（"} and {",", "、"} & set(between):
        return False  # "PyTorch (must have), Keras (nice to have)"
    if any(
        words[at] == "，" and words[at + 1] in _CHINESE_CLAUSE for at in range(one.end, start - 1)
    ):
        return False  # "熟练使用PyTorch，对MongoDB有经验者优先"
    # "PyTorch, experience with speech a bonus": the bonus is the experience
    return not any(
        one.end < left < start
        and (words[left - 1] == "，" or _OBJECT & {words[right - 1], words[min(right, start - 1)]})
        for left, right in cues.get("asks", ())
    )


def _asks(words: list[str], one: Found, cues: Cues) -> bool | None:
    """Return whether the sentence asks for it (True), describes the stack (False) or is silent."""
    left = [(end, start, True) for start, end in cues.get("asks", ()) if end <= one.start]
    left += [
        (end, start, False)
        for start, end in cues.get("stack", ())
        # "experience with most of our stack: …" asks
        if end <= one.start and not (left and words[start - 1] in _OBJECT | {"of"})
    ]
    if left:
        return max(left)[2]
    follows = [start for start, _ in cues.get("asks", ()) if start >= one.end]
    if follows and min(follows) - one.end <= 8 and "." not in words[one.end : min(follows)]:
        return True
    return None


def _groups(
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
