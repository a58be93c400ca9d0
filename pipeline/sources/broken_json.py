"""JSON as web pages hold it: read as it stands, mended where that loses nothing, else a reason.

Layer:   sources (pure).
Quirk:   most JSON-LD that is no JSON has raw line breaks in its texts, an escape that JSON does not
         know ("\\_"), a comment around it, or a comma too many (2020-10).
Quirk:   json_repair always makes something of it: a text with quotes in it may come back cut, so
         what it gives is measured against what it got.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

_DEEPEST = 64  # no page of ours nests deeper than 12
_LONGEST = 300_000  # characters; mending takes longer than linear time, and real blocks have 10,000
_SIGNS = 8  # mending drops quotes and commas, in long texts a few more: more than that is words

# <!-- {...} -->, //<![CDATA[ {...} //]]>, /* <![CDATA[ */ {...} /* ]]> */
_OPENING = re.compile(r"\A(?:[/*\s]{0,9}(?:<!--|<!\[CDATA\[)\s*(?:\*/)?)?\s*")
_NOTE = re.compile(r"\A\s*<!--[^{\[]{0,500}?-->\s*")  # <!-- note --> {...}
_CLOSING = re.compile(r"(?:;|\s|(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?)*\Z")
_TAIL = 200
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})|\\')
_SPELLED_OUT = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[/nrtbf])")
_SPACE = re.compile(r"\s+")


def read_json(words: str) -> tuple[Any, str]:
    """Return the value and "", or None and why it cannot be read; None and "" for an empty text.

    Several values one after the other come as a list.
    """
    words = _bare(words)
    if not words:
        return None, ""
    try:
        value = _values(words)
        value = _mended(words) if value is None else value
    except RecursionError:
        return None, f"it is nested deeper than {_DEEPEST} levels"
    except _Lost as reason:
        return None, str(reason)
    if _is_too_deep(value):
        return None, f"it is nested deeper than {_DEEPEST} levels"
    return value, ""


class _Lost(Exception):
    """Mending would lose words; its message is the reason."""


def _bare(words: str) -> str:
    """Return the words without the comment signs that hide them from old browsers."""
    words = words.replace("\ufeff", "").replace("\x00", "")
    words = _OPENING.sub("", _NOTE.sub("", words, count=1), count=1)
    tail = _CLOSING.search(words, max(0, len(words) - _TAIL))
    words = words[: tail.start()] if tail else words
    return html.unescape(words) if '"' not in words and "&quot;" in words else words


def _values(words: str) -> Any:
    """Return what json reads, None where it does not; invalid escapes are taken literally."""
    for attempt in (words, _ESCAPE.sub(lambda one: one[0] if one[1] else r"\\", words)):
        found = []
        at = 0
        try:
            while at < len(attempt):
                value, at = json.JSONDecoder(strict=False).raw_decode(attempt, at)
                found.append(value)
                while attempt[at : at + 1] in set(" \t\r\n;,"):
                    at += 1
        except ValueError:
            # a script that was closed too late has markup after its value
            if not found or "JobPosting" in attempt[at:]:
                continue
        return found[0] if len(found) == 1 else found
    return None


def _mended(words: str) -> Any:
    import json_repair

    if len(words) > _LONGEST:
        raise _Lost(f"it is no JSON, and too long to mend ({len(words)} characters)")
    try:
        value = json_repair.loads(words, skip_json_loads=True)
    except ValueError as reason:  # nested too deep, among others
        raise _Lost(f"it is no JSON: {str(reason)[:100]}") from None
    if not isinstance(value, dict | list) or not value:
        raise _Lost(f"it is no JSON: {words[:40]!r}")
    if not words.endswith(("}", "]")):
        raise _Lost(f"it is no JSON, and ends in the middle: {words[-40:]!r}")
    had = len(_SPACE.sub("", _SPELLED_OUT.sub("x", words)))
    kept = json.dumps(value, ensure_ascii=False)
    n_kept = len(_SPACE.sub("", _SPELLED_OUT.sub("x", kept)))
    if had - n_kept > max(_SIGNS, had // 50):
        raise _Lost(f"it is no JSON, and mending it would lose {had - n_kept} of {had} characters")
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)
