"""Requirement: does a posting demand, prefer, mention or rule out what it names.

Layer:   mentions (pure). Cue words are data (terms/cues.toml); this says how far each reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.mentions.alternatives import Cues, groups_of
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
_BUT = frozenset({"but", "however", "though", "aber", "mais", "pero", "maar", "但"})
_CHINESE_CLAUSE = frozenset("对有具了")
_BARE = (["plus"], ["pluses"], ["bonus"], ["asset"], ["welcome"])
_ENDS = frozenset(".,;:!)）。；，") | {
    *("if", "for", "when", "as", "but", "though", "too", "-", "–", "*")
}
_FIRST_WORDS = 2  # tokens; a bullet sign and a blank may stand before
_LEADS = 80  # tokens over which a cue speaks of what follows it
_TRAILS = 40  # tokens over which a cue speaks of what stands before it


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
        groups = groups_of(words, judged, cues, is_any=around.any_of is not None)
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
    if section == "boilerplate" and not _opens_with_a_demand(words, cues):
        return "mentioned"
    if section == "preferred":
        return "mentioned" if asks is False else "preferred"
    if asks is None:
        return "required" if section == "required" else "mentioned"
    return "required" if asks else "mentioned"


def _opens_with_a_demand(words: list[str], cues: Cues) -> bool:
    """Whether a block asks with its first words, as bullets do: its heading was not seen."""
    return any(
        start <= _FIRST_WORDS and words[start:end] != ["experience"]
        for start, end in cues.get("asks", ())
    )


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
