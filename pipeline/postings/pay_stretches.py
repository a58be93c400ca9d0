"""The stretches of a text that may hold money: near a sign, a unit, a code or a labelled number.

Layer:   postings (pure). Most numbers of an ad are no money, and reading each would cost the most.
Quirk:   "$113, 343", "72\\-90k", "&nbsp;": what hides amounts is undone first.
"""

from __future__ import annotations

import re

from pipeline.postings import pay_words as cue

_BEFORE_NUMBER = frozenset({" ", ".", "s"})  # what may stand between a code and its number
_NEAR = 150  # characters: farther apart are no two ends of a range


def cleaned(text: str) -> str:
    r"""Undo what hides amounts: Markdown's "\-", entities left over, "$113, 343"."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    text = text.replace("\u2009", " ")
    if "\\" in text:
        text = re.sub(r"\\+(?=[-.+$~*–])", "", text)
    return re.sub(r"([$€£] ?\d{2,3}), (\d{3})(?![\d,])", r"\1,\2", text)


def money_stretches(text: str) -> list[tuple[int, int]]:
    """Return the parts of a text near a sign, a unit, a code or a labelled number, in order.

    Most numbers of an ad are no money; a stretch begins and ends at a letter, never in a number.
    """
    found = [sign.start() for sign in cue.SIGN.finditer(text)]
    for number in cue.NUMBER.finditer(text):
        start, end = number.span()
        if _is_money(text, start, end):
            found.append(start)
    stretches: list[tuple[int, int]] = []
    for at in sorted(found):
        start, end = at - _NEAR, at + _NEAR
        if stretches and start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return [(_to_letter(text, start, -1), _to_letter(text, end, 1)) for start, end in stretches]


def _is_money(text: str, start: int, end: int) -> bool:
    """Tell whether a unit stands behind a number, or a code or a word for pay before it."""
    after, before = text[end : end + 1], text[start - 1 : start]
    # most numbers are settled by the one character on each side
    if (after == " " or after.isalpha()) and cue.UNIT.match(text, end):
        return True
    if before in _BEFORE_NUMBER or before.isupper():
        code = cue.CODE.search(text, max(0, start - 5), start)
        if code and code[1] in cue.CODES:
            return True
    if end - start < 4 or before in cue.NO_LABEL or cue.YEAR.fullmatch(text, start, end):
        return False
    return bool(cue.PAY_LABEL.search(text, max(0, start - 60), start))


def _to_letter(text: str, at: int, step: int) -> int:
    """Return the first place from `at` on, in one direction, that holds a letter, or the end."""
    while 0 < at < len(text) and not text[at].isalpha():
        at += step
    return min(max(at, 0), len(text))
