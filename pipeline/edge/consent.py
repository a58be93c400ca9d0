"""Consent: what a site says about the use of its text, beside robots.txt.

Layer:   edge.
Source:  https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/ (TDMRep: a header, a
         meta, a file); the noai of X-Robots-Tag and of meta robots, used since 2022.
Quirk:   noimageai is about pictures and robots.txt's Content-Signal ai-train about models: we read
         no pictures and train nothing, so neither concerns us (2026-07).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from pipeline.edge.asking import AGENT
from pipeline.edge.reply import Reply
from pipeline.edge.robots import read_small
from pipeline.edge.session import PoliteSession
from pipeline.edge.turns import root
from pipeline.edge.wire import PrivateAddress
from pipeline.errors import Disallowed, OutOfTime, SourceUnavailable

_HEAD = 256 * 1024
_END_OF_HEAD = re.compile(r"</head|<body", re.IGNORECASE)
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)", re.IGNORECASE | re.DOTALL)
_META = re.compile(r"<meta\b([^>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Consent:
    """What every site asked so far reserves; its file is read once."""

    def __init__(self, session: PoliteSession):
        """Take the session that fetches the files."""
        self._session = session
        self._known: dict[str, list[str]] = {}

    def allow(self, source: str, url: str) -> None:
        """Raise Disallowed where the host's TDMRep file reserves the URL."""
        host = root(url)
        reserved = self._session.turns.once(
            source, self._known, host, lambda: self._reserved(source, host)
        )
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        if any(_matches(path, location) for location in reserved):
            raise refused(source, url, f"{host}/.well-known/tdmrep.json")

    def _reserved(self, source: str, host: str) -> list[str]:
        """Return the locations that a host reserves; a missing or unreadable file reserves none."""
        try:
            reply = read_small(self._session, source, f"{host}/.well-known/tdmrep.json")
        except (OutOfTime, PrivateAddress):
            raise
        except SourceUnavailable:
            return []
        return _locations(reply) if isinstance(reply, Reply) and reply.status == 200 else []


def refused(source: str, url: str, where: str) -> Disallowed:
    """Return the error for a text that its site reserves."""
    return Disallowed(
        f"{source}: {url} is reserved by its site ({where}), so it was neither stored nor used; "
        "ask the site for permission or leave it out"
    )


def reserved_by_headers(headers: Mapping[str, str]) -> str:
    """Return which header of a reply reserves it, or ""."""
    if headers.get("tdm-reservation", "").strip() == "1":
        return "tdm-reservation: 1"
    return "X-Robots-Tag: noai" if _says_noai(headers.get("X-Robots-Tag", "")) else ""


def reserved_by_page(text: str, content_type: str) -> str:
    """Return which meta of an HTML page reserves it, or ""."""
    if "html" not in content_type.lower() and not _HTML.match(text[:_HEAD]):
        return ""
    head = _END_OF_HEAD.split(text[:_HEAD], maxsplit=1)[0]
    for tag in _META.finditer(head):
        stated = {
            match[1].lower(): match[2] or match[3] or match[4] or ""
            for match in _ATTRIBUTE.finditer(tag[1])
        }
        name, content = stated.get("name", "").lower(), stated.get("content", "")
        if name == "tdm-reservation" and content.strip() == "1":
            return "meta tdm-reservation"
        if name in ("robots", AGENT) and _says_noai(content):
            return f"meta {name}: noai"
    return ""


def _says_noai(directives: str) -> bool:
    """Tell whether a list of directives says noai to everybody or to us by name."""
    # Several headers come as one list, so a name is taken to speak of the next directive only.
    for directive in directives.lower().split(","):
        name, _, rest = directive.rpartition(":")
        if rest.strip() == "noai" and name.strip() in ("", AGENT):
            return True
    return False


def _locations(reply: Reply) -> list[str]:
    try:
        rules = json.loads(reply.text)
    except ValueError:
        return []
    return [
        str(rule.get("location", ""))
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and str(rule.get("tdm-reservation")) == "1"
    ]


def _matches(path: str, location: str) -> bool:
    """Tell whether a path begins as a location says; * is anything, $ the end (RFC 9309 2.2.3)."""
    literal = location.replace("[", "[[]").replace("?", "[?]")
    whole = literal.endswith("$")
    return fnmatchcase(path, literal.removesuffix("$") if whole else f"{literal}*")
