"""From a body's bytes to its text, whatever charset was stated or forgotten.

Layer:   edge (pure).
Source:  RFC 8259 8.1 (JSON is UTF-8); https://encoding.spec.whatwg.org/ (Latin-1 is windows-1252).
Quirk:   without a stated charset requests guesses Latin-1 for text, as nobody has meant since 1999;
         and many a server states Latin-1 for whatever it sends.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STATED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# <?xml version="1.0" encoding="ISO-8859-2"?>
_IN_XML = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
# <meta charset=gbk>, <meta http-equiv="Content-Type" content="text/html; charset=gbk">
_IN_HTML = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096  # the HTML standard looks for a meta in the first 1024 bytes, some sites put it later


def decoded(content: bytes, content_type: str) -> str:
    """Return a body as text: its mark, its stated charset or UTF-8, else what cannot fail.

    content_type: the header of that name, "" where there was none
    """
    for encoding in _candidates(content, content_type):
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("windows-1252", "replace")


def _candidates(content: bytes, content_type: str) -> Iterator[str]:
    yield from (encoding for mark, encoding in _MARKS if content.startswith(mark))
    stated = _stated(content, content_type)
    # Latin-1 text with an umlaut is hardly ever legal UTF-8, and any UTF-8 is legal Latin-1.
    if not stated or _is_latin(stated) or _is_json(content, content_type):
        yield "utf-8"
    if stated:
        yield "windows-1252" if _is_latin(stated) else stated
        yield stated
    yield "utf-8"


def _stated(content: bytes, content_type: str) -> str:
    if in_header := _STATED.search(content_type):
        return in_header[1]
    found = _IN_XML.search(content[:_HEAD]) or _IN_HTML.search(content[:_HEAD])
    # A declaration that could be read as ASCII was not written in UTF-16.
    name = found[1].decode("ascii", "replace") if found else ""
    return "" if name.lower().startswith("utf-16") else name


def _is_latin(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("iso8859-1", "ascii", "cp1252")
    except LookupError:
        return False


def _is_json(content: bytes, content_type: str) -> bool:
    return "json" in content_type.lower() or content.lstrip()[:1] in (b"{", b"[")
