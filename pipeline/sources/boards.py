"""The starter list: boards of employers that look for people in AI, by source.

Layer:   sources (pure); the boards are in boards.toml.
Quirk:   an id is an address, not a name: "tri" is the Toyota Research Institute; lever
         and ashby tell capitals apart (2026-07).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Board(NamedTuple):
    """One employer's board.

    kind:    what kind of employer, in the words of the vocabulary
    country: of the seat, ISO 3166-1 alpha-2
    """

    source: str
    board: str
    employer: str
    kind: str
    country: str


@cache
def starter_boards() -> tuple[Board, ...]:
    """Return every board of the list, by source and board."""
    text = files("pipeline.sources").joinpath("boards.toml").read_text(encoding="utf-8")
    return tuple(
        Board(source, **entry)
        for source, entries in tomllib.loads(text).items()
        for entry in entries
    )


def starter(source: str) -> tuple[Board, ...]:
    """Return the boards of one source, none for a source that has no boards."""
    return tuple(one for one in starter_boards() if one.source == source)


def employer_of(source: str, board: str) -> str:
    """Return whose board it is, "" for one that is not on the list."""
    return _employers().get((source, board), "")


@cache
def _employers() -> dict[tuple[str, str], str]:
    return {(one.source, one.board): one.employer for one in starter_boards()}
