"""Where the work is done: onsite, hybrid or remote.

Layer:   mentions (pure). Words in terms/workplace.toml.
Quirk:   "remote" is also sensed, interviewed and denied; beside a hybrid offer it tells only of
         the days at home.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

_MOST_REMOTE_FIRST = ("remote", "hybrid", "onsite")
_HEADER = 400  # characters of a first line that are read


def workplace_in(location: str, text: str, places: list[Hit], *, is_titled: bool) -> str:
    """Return onsite, hybrid, remote or unknown; of several offers the most remote one.

    location, text: lower-cased. places: the workplace cues of the text.
    is_titled: False for an ad of a hiring thread, whose first line says it.
    """
    offered = _offered(_header_scanner().hits(location))
    if not is_titled:
        first = text[:_HEADER].split("\n", 1)[0]
        offered |= _offered(_header_scanner().hits(first))
    offered = offered or _offered(places)
    if "perhaps" in offered:
        offered.add("hybrid" if "hybrid" in offered else "remote")
    return next((place for place in _MOST_REMOTE_FIRST if place in offered), "unknown")


def _offered(hits: Iterable[Hit]) -> set[str]:
    hits = list(hits)
    denied = [hit for hit in hits if hit.key == "not"]
    return {
        hit.key
        for hit in hits
        if hit.key != "not" and not any(_covers(mask, hit) for mask in denied)
    }


def _covers(mask: Hit, hit: Hit) -> bool:
    # "no remote" denies "remote", and is itself a word for onsite
    is_same = hit.key == "onsite" and hit.end == mask.end
    return mask.start <= hit.start < mask.end and not is_same


@cache
def _header_scanner() -> Scanner:
    terms = read_terms("workplace.toml")
    literals = [(word, place) for place, words in terms["header"].items() for word in words]
    return Scanner(literals + [(phrase, "not") for phrase in terms["not"]["phrases"]])
