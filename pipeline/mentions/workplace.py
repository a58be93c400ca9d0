"""Where the work is done: onsite, hybrid or remote.

Layer:   mentions (pure). Words in terms/workplace.toml.
Quirk:   "remote" is also sensed, interviewed and denied; beside a hybrid offer it tells only of
         the days at home.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.mentions.scan import Hit, Scanner
from pipeline.mentions.words import read_terms

_MOST_REMOTE_FIRST = ("remote", "hybrid", "onsite")
_HEADER = 400  # characters of a first line that are read
_AWAY = frozenset({"remote", "perhaps", "home"})
# "We are not currently considering fully remote candidates"
_DENIED = re.compile(r"\b(?:not|no|cannot|unable)\b[^.,;:!?\n]*$")
_LABEL = 28  # characters before a word that may be its label
# "Working arrangement: hybrid", "Location Type\n\nRemote", "Boston, MA - Hybrid", "#LI-Remote"
_LABELLED = re.compile(
    r"(?:(?:type|arrangements?|mode|model|style|policy|workplace|setup|setting|format|location)"
    r"\s*(?:[:：]|\n)\s*(?:fully |100% )?|#li\\?-)$"
)


def workplace_in(
    location: str, text: str, places: list[Hit], *, is_titled: bool, title: str = ""
) -> str:
    """Return onsite, hybrid, remote or unknown; of several offers the most remote one.

    location, text, title: lower-cased. places: the workplace cues of the text.
    is_titled: False for an ad of a hiring thread, whose first line says it.
    """
    offered = _offered(_header_scanner().hits(location)) | _offered(_header_scanner().hits(title))
    if not is_titled:
        first = text.lstrip()[:_HEADER].split("\n", 1)[0]
        offered |= _offered(_header_scanner().hits(first))
    if not offered - {"wide"}:
        hits = list(_meant(places))
        denied = {hit for hit in hits if hit.key in _AWAY and _is_denied(text, hit.start)}
        hits = [hit for hit in hits if hit not in denied]
        labelled = {hit.key for hit in hits if _is_labelled(text, hit.start)}
        offered = labelled or {hit.key for hit in hits} or offered
        if denied and not offered:
            return "onsite"
    if "home" in offered:  # days at home, among the benefits
        offered.add("hybrid")
    if offered & {"perhaps", "wide"}:
        offered.add("hybrid" if "hybrid" in offered else "remote")
    return next((place for place in _MOST_REMOTE_FIRST if place in offered), "unknown")


def _offered(hits: Iterable[Hit]) -> set[str]:
    return {hit.key for hit in _meant(hits)}


def _meant(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield the hits that are neither denied nor within a longer one ("hybrid or remote")."""
    start = end = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            start, end = hit.start, hit.end
        elif (hit.start, hit.end) != (start, end):
            continue
        # "no remote" denies "remote", and is itself a word for onsite
        if hit.key != "not":
            yield hit


def _is_labelled(text: str, start: int) -> bool:
    before = text[max(0, start - _LABEL) : start]
    return before[-1:] in (":", "：", " ", "\n", "-") and bool(_LABELLED.search(before))


def _is_denied(text: str, start: int) -> bool:
    return bool(_DENIED.search(text, max(0, start - _LABEL), start))


@cache
def _header_scanner() -> Scanner:
    terms = read_terms("workplace.toml")
    literals = [(word, place) for place, words in terms["header"].items() for word in words]
    return Scanner(literals + [(phrase, "not") for phrase in terms["not"]["phrases"]])
