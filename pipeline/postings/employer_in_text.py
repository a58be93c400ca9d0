"""The employer that an ad names in its text, for postings that have no field for it.

Layer:   postings (pure).
Quirk:   firms are named for other reasons too (customers, clouds, tools), so a name counts only in
         a phrase of an employer ("At Acme, we ...", "Acme is an equal opportunity employer"), and
         one that is a common word or everybody's tool ("Oracle") only if that is said twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.postings.employers import arm_of, first_words, is_common, listed

_CAPITAL = re.compile(r"(?<![\w.&'’-])[A-Z][\w]{0,30}")
# Of bounded length, so that a text of capitals costs no more than another.
_NAME = (
    r"(?P<name>[A-Z][\w&'’.-]{0,30}"
    r"(?:,? (?:[A-Z&][\w&'’.-]{0,30}|of|and|the|for)){0,5})"
)
_BEFORE = re.compile(  # "At Acme, we ...", "Join Acme", "ABOUT ACME", "Company: Acme"
    r"\b(?:[Aa]t|[Jj]oin|JOIN|[Aa]bout|ABOUT|[Ww]hy|[Ww]ork(?:ing)? for|[Cc]ompany:|[Ee]mployer:"
    r"|[Ww]ho is|[Ww]elcome to) (?:[Tt]he )?$"
)
_LONGEST = 20  # characters of such a phrase
_AFTER = re.compile(  # "Acme is a ...", "Acme (NYSE: ACM) provides ..."
    rf"{_NAME}(?: ?\([^()\n]{{1,40}}\))?,? (?:is|are|was|has|does|and its|and our|provides|offers"
    r"|delivers|believes|participates|values|will|seeks|prides|welcomes|considers|supports"
    r"|develops|builds|makes|helps|strives|embraces|celebrates)\b"
)
_ALONE = re.compile(_NAME)
_APART = re.compile(r"\W+")


def employer_in(text: str) -> str:
    """Return the well-known employer that an ad names as its own most often, "" if none.

    What is returned is an id, or the name of a part of an employer, for `employers.known`.
    """
    said = list(_names(text))
    for own, times in Counter(own for own, _ in said).most_common():
        if times > 1 or not is_common(own):
            # a part of the firm that is in a trade of its own, rather than the firm
            return next((name for one, name in said if one == own and arm_of(name)), own)
    return ""


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the words of every well-known name in an employer's phrase."""
    firsts, done = first_words(), 0
    for capital in _CAPITAL.finditer(text):
        start = capital.start()
        if start < done or capital[0].casefold() not in firsts:
            continue
        is_framed = _BEFORE.search(text, max(0, start - _LONGEST), start)
        if found := (_ALONE if is_framed else _AFTER).match(text, start):
            words = _APART.sub(" ", re.sub(r"['’]s\b", "", found["name"].replace("&", " and ")))
            tokens = words.casefold().split()
            # "Acme Data Science Team": the longest beginning that is a well-known name
            for size in range(len(tokens), 0, -1):
                name = "_".join(tokens[:size])
                if own := listed(name):
                    done = found.end("name")
                    yield own, name
                    break
