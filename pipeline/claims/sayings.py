"""Who says a claim: the articles by their letter, or whomever a user's own rule names.

Layer:   claims (pure but for the packaged articles.toml).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it: an article by its letter, with title and publisher where they are known."""

    article: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    what: str = ""
    in_part: bool = False  # it leans that way, or says a part of it

    def __str__(self) -> str:
        if self.title:
            named = f"“{self.title}”, {self.publisher}"
        elif self.what:
            named = f"Article {self.article} ({self.what})"
        else:
            named = self.article
        return f"{named}{', in part' if self.in_part else ''}"


@cache
def articles() -> dict[str, Saying]:
    """Return the known articles by letter."""
    text = files("pipeline.claims").joinpath("articles.toml").read_text(encoding="utf-8")
    return {letter: Saying(letter, **fields) for letter, fields in tomllib.loads(text).items()}


def sayings(whole: Sequence[str], in_part: Sequence[str]) -> tuple[Saying, ...]:
    """Return who says it, then who leans that way; a name that is no article stands for itself."""
    known = articles()
    return tuple(
        Saying(
            article=name,
            title=known[name].title if name in known else "",
            publisher=known[name].publisher if name in known else "",
            url=known[name].url if name in known else "",
            what=known[name].what if name in known else "",
            in_part=leans,
        )
        for names, leans in ((whole, False), (in_part, True))
        for name in names
    )
