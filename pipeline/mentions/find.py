"""Find mentions: the scan says where a term can stand, spaCy reads those blocks only.

Layer:   mentions (pure). Both ways, `fast` and whole-text, give the same mentions: a block without
         a literal of the lexicon cannot hold a match, and every block is read by itself.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from spacy.language import Language

from pipeline.mentions import blocks, sections
from pipeline.mentions.alternatives import WHOLE_LIST
from pipeline.mentions.lexicon import load
from pipeline.mentions.nlp import build_nlp
from pipeline.mentions.own import OwnFiles, own_lexicon
from pipeline.mentions.scan import LETTERS, Scanner, lower
from pipeline.mentions.sense import Found, Surroundings
from pipeline.records import Mention

SNIPPET = 160  # characters a page may show of an ad
_NEAR = 220  # characters around a block in which an ambiguous name may find company


@cache
def nlp(own: OwnFiles = ()) -> Language:
    """Return the one pipeline of this process, or that of a user's own terms."""
    return build_nlp(own_lexicon(own) if own else load())


@cache
def scanner(own: OwnFiles = ()) -> Scanner:
    """Return the fast first look over every spelling that needs spaCy."""
    return Scanner(
        (
            (spelling, term.id)
            for term in (own_lexicon(own) if own else load()).terms
            if term.kind != "tool"
            for spelling in (*term.spellings, *term.ambiguous)
        ),
        word=LETTERS,
    )


def framework_mentions(
    field: str,
    text: str,
    *,
    posted_on: date | None = None,
    context: str = "",
    lowered: str = "",
    fast: bool = True,
    own: OwnFiles = (),
    first: int = 0,
) -> list[Mention]:
    """Return the framework and ecosystem mentions of one field's text, by offset.

    context: what else the posting says that may tell the sense of a name (its title).
    lowered: the text as `lower` writes it, for those who have it already
    own:     a user's terms, which are then found in the place of ours
    first:   how many mentions of the field were found before, for the numbers of lists
    """
    lowered = lowered or lower(text)
    if fast:
        hits = (scanner(own) if own else scanner()).hits(lowered, text)
        bounds = blocks.blocks_at(text, sorted(hit.start for hit in hits))
        if not bounds:
            return []
    else:
        bounds = blocks.all_blocks(text)
    found: list[sections.Section] = []
    if bounds and field == "description":
        # a heading below the last block says nothing of it
        found = sections.sections_around(text, lowered, bounds[0][0], bounds[-1][1])
    mentions: list[Mention] = []
    for start, end in sections.cut_at_headings(bounds, found):
        near = lowered[max(0, start - _NEAR) : end + _NEAR]
        section = sections.section_at(found, start)
        around = Surroundings(near, lower(context), section.kind, posted_on, field, section.any_of)
        read = nlp(own) if own else nlp()
        offset = first + len(mentions)
        mentions += _block_mentions(read, field, text, start, end, around, offset)
    return mentions


def _block_mentions(
    read: Language,
    field: str,
    text: str,
    start: int,
    end: int,
    around: Surroundings,
    offset: int,
) -> list[Mention]:
    doc = read.make_doc(text[start:end])
    doc.user_data["around"] = around
    doc = read(doc)
    mentions = []
    for one in doc.user_data["found"]:
        left = start + doc[one.start].idx
        right = start + doc[one.end - 1].idx + len(doc[one.end - 1])
        for term_id, kind, framework in _counts_for(one):
            mentions.append(
                Mention(
                    term=term_id,
                    kind=kind,
                    framework=framework,
                    field=field,
                    start=left,
                    end=right,
                    surface=text[left:right],
                    requirement=one.requirement,
                    alternative_group=_group(one.group, offset, around.any_of),
                    snippet=snippet(text, left, right),
                    reason=one.reason,
                )
            )
    return mentions


def _group(group: int | None, offset: int, any_of: int | None) -> int | None:
    """Return a number unique within the field: of the list in its block, or of its bullets."""
    if group is None:
        return None
    if group == WHOLE_LIST:
        return -1 - (any_of or 0)
    return offset * 8 + group


def _counts_for(one: Found) -> list[tuple[str, str, str]]:
    term = one.term
    if term.joint:
        return [(name, "framework", name) for name in term.joint]
    if term.also_framework:  # PyTorch Lightning: a framework of its own that also gives PyTorch
        return [(term.id, "framework", term.id), (term.id, "ecosystem", term.framework)]
    return [(term.id, term.kind, term.id if term.kind == "framework" else term.framework)]


def snippet(text: str, start: int, end: int) -> str:
    """Return at most SNIPPET characters around a mention, cut at spaces, on one line."""
    room = max(0, SNIPPET - (end - start) - 4) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    line = text.rfind("\n", left, start)
    left = line + 1 if line >= 0 else left
    line = text.find("\n", end, right)
    right = line if line >= 0 else right
    if left and text[left - 1] not in " \n":
        left = text.find(" ", left, start) + 1 or left
    if right < len(text) and text[right] not in " \n":
        cut = text.rfind(" ", end, right)
        right = cut if cut > 0 else right
    shown = text[left:right].strip()
    return f"{'… ' if left else ''}{shown}{' …' if right < len(text) else ''}"
