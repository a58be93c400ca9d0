"""Tables and labelled texts that keep within the width of a terminal.

Layer:   claims (pure).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest

_LABEL = 13  # characters


def columns(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    right: Iterable[int] = (),
    width: int | None = None,
) -> list[str]:
    """Return a table's lines; given a width, the widest columns of words are wrapped into it."""
    numbers = set(right)
    columns_of_text = list(zip(header, *cells, strict=True))
    widths = [max(map(len, column)) for column in columns_of_text]
    least = [
        room if at in numbers else max(len(word) for text in column for word in text.split() or "-")
        for at, (room, column) in enumerate(zip(widths, columns_of_text, strict=True))
    ]
    while width and sum(widths) + 2 * (len(widths) - 1) > width:
        loose = [at for at in range(len(widths)) if widths[at] > least[at]]
        if not loose:
            break
        widths[max(loose, key=lambda at: widths[at])] -= 1
    lines = []
    for row in (header, ["-" * one for one in widths], *cells):
        wrapped = [textwrap.wrap(text, one) for text, one in zip(row, widths, strict=True)]
        for pieces in zip_longest(*wrapped, fillvalue=""):
            placed = [
                piece.rjust(widths[at]) if at in numbers else piece.ljust(widths[at])
                for at, piece in enumerate(pieces)
            ]
            lines.append("  ".join(placed).rstrip())
    return lines


def labelled(label: str, text: object, width: int) -> list[str]:
    """Return a label and the text beside it, wrapped; nothing for no text."""
    if not text:
        return []
    margin = " " * _LABEL
    return textwrap.wrap(
        " ".join(str(text).split()),
        width,
        initial_indent=label.ljust(_LABEL),
        subsequent_indent=margin,
        break_on_hyphens=False,
    )
