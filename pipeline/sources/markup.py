"""Words of a posting as HTML, whether a board sends HTML, escaped HTML or plain text.

Layer:   sources (pure).
"""

from __future__ import annotations

import html
import re

_NAMES = "p|div|span|ul|ol|li|br|h[1-6]|b|strong|i|em|u|a|table|section"
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_NAMES})(?:\s|/?&gt;)", re.IGNORECASE)


def as_markup(words: str) -> str:
    """Return words as HTML that other HTML may stand beside; lines stay where they have no tags."""
    if not _TAG.search(words) and _ESCAPED_TAG.search(words):
        words = html.unescape(words)
    return words if _TAG.search(words) else words.replace("\n", "<br>")
