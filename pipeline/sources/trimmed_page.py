"""A web page cut down to the jobs it states: what is read of it, and what is archived.

Layer:   sources (pure). Trimming twice changes nothing more, so the archive reads like the page.
Quirk:   a text's line break is the letters "\\n" inside JSON: an e-mail address after one is found
         in the text, not in the JSON, so personal data is taken out of the texts (2026-07).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Comment, SoupStrainer, Tag

from pipeline.postings.privacy import without_personal_data
from pipeline.postings.text import plain_text
from pipeline.sources.broken_json import read_json
from pipeline.sources.remoteok_text import without_tag
from pipeline.sources.source import read_info

PREFIX = re.compile(r"(?:schema:|https?://schema\.org/)")
HAS_ITEM = re.compile(r"\bitemtype\s*=[^>]{0,200}?JobPosting", re.IGNORECASE)
_HAS_RDFA = re.compile(r"\btypeof\s*=[^>]{0,200}?JobPosting", re.IGNORECASE)
IS_JOB = re.compile(r"(?:\A|[\s/#:])JobPosting(?=\s|\Z)")
_PERSON = re.compile(r"(?:\A|[\s/#:])Person(?=\s|\Z)")

_PERSONAL = frozenset(read_info("career_pages")["personal_fields"])
_JSON_LD = frozenset({"application/ld+json", "application/json+ld"})
_META = frozenset({"robots", "googlebot", "tdm-reservation", "tdm-policy", "og:url"})
_ATTRIBUTES = frozenset(
    "itemscope itemtype itemprop itemid content datetime href src data value".split()
)
_UNREAD = "script style noscript iframe svg template nav select button input textarea".split()

_FRAMES = frozenset({"form", "html", "head", "body"})

_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z-]{2,20})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}>")
_LONE_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair: no file can hold it
# An address has a sign, or its words apart; a number has digits. Most words have neither.
_MAY_BE_PERSONAL = re.compile(
    r"[@＠]|%40|\d\D{0,5}\d|(?:[ \[({<_-]a|[ -]a?t)[ \])}>_t-]", re.IGNORECASE
)
_DEEPEST = 100  # elements inside one item: what reads microdata recurses, and takes the square
_MOST_SHOWN = 100_000  # characters, of a page without structured data


def trimmed(page: str) -> str:
    """Return a page with its head's facts, its JSON-LD and its JobPosting elements only.

    A page that has neither keeps the text a reader sees, so that a person can tell what came.
    E-mail addresses, phone numbers and the fields that name people are gone.
    """
    page = _DECLARATION.sub("", _whole(page).replace("\x00", ""))
    wanted = SoupStrainer(["title", "meta", "link", "script"])
    soup = BeautifulSoup(page, "lxml", parse_only=wanted)
    blocks = [_block(one.get_text()) for one in soup.find_all("script") if _is_json_ld(one)]
    body = [*filter(None, blocks), *_items(page)]
    if not body:
        shown = without_personal_data(plain_text(page[: 10 * _MOST_SHOWN]))[:_MOST_SHOWN]
        body = [f"<pre>{html.escape(shown, quote=False)}</pre>"]
    language = _LANGUAGE.search(page)
    opening = f'<html lang="{language[1]}">' if language else "<html>"
    lines = ["<!DOCTYPE html>", opening, "<head>", *_head(soup), "</head>", "<body>", *body]
    return "\n".join([*lines, "</body>", "</html>"])


def _head(soup: BeautifulSoup) -> Iterator[str]:
    if soup.title:
        title = without_personal_data(" ".join(soup.title.get_text().split()))
        yield f"<title>{html.escape(title, quote=False)}</title>"
    for meta in soup.find_all("meta", content=True):
        for attribute in ("name", "property"):
            if (name := str(meta.get(attribute, "")).lower()) in _META:
                yield f'<meta {attribute}="{name}" content="{html.escape(str(meta["content"]))}">'
    for link in soup.find_all("link", rel="canonical", href=True)[:1]:
        yield f'<link rel="canonical" href="{html.escape(str(link["href"]))}">'


def _is_json_ld(script: Tag) -> bool:
    return str(script.get("type", "")).split(";")[0].strip().lower() in _JSON_LD


def _block(words: str) -> str:
    """Return a script of JSON-LD without personal data; one that cannot be read stays as it is."""
    value, reason = read_json(words)
    if _is_person(value) or (value is None and not reason):
        return ""
    kept = (
        without_personal_data(without_tag(words))
        if reason
        else json.dumps(_cut(value), ensure_ascii=False)
    )
    kept = re.sub(r"</(?=script)", r"<\\/", _whole(kept), flags=re.IGNORECASE)
    kept = kept.replace("<!--", r"<\u0021--")  # after it, "<script" would open a second one
    return f'<script type="application/ld+json">{kept}</script>'


def _cut(value: Any) -> Any:
    """Return JSON-LD in plain names and values, without people; read_json limits its depth."""
    if isinstance(value, str):
        # an id may be written like a phone number; a text has words
        value = without_tag(value)
        return without_personal_data(value) if " " in value or "@" in value else value
    if isinstance(value, list):
        return [_cut(one) for one in value if not _is_person(one)]
    if not isinstance(value, dict):
        return value
    for wrapper in ("@value", "@list", "@set"):
        if wrapper in value and value.keys() <= {wrapper, "@type", "@language", "@direction"}:
            return _cut(value[wrapper])
    return {
        name: _cut(inner)
        for key, inner in value.items()
        if (name := PREFIX.sub("", key)) not in _PERSONAL and not _is_person(inner)
    }


def _is_person(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    types = value.get("@type")
    stated = types if isinstance(types, list) else [types]
    return any(isinstance(one, str) and _PERSON.search(one) for one in stated)


def _items(page: str) -> list[str]:
    """Return the elements that are a JobPosting in microdata or RDFa, as microdata."""
    found: list[str] = []
    for attribute, mark in (("itemtype", HAS_ITEM), ("typeof", _HAS_RDFA)):
        if mark.search(page):
            wanted = SoupStrainer(attrs={attribute: IS_JOB})
            soup = BeautifulSoup(page, "lxml", parse_only=wanted)
            found += [_slim(one) for one in soup.contents if isinstance(one, Tag)]
    return list(dict.fromkeys(found))  # a page may say the same in both


def _slim(element: Tag) -> str:
    """Return an element with what microdata needs of it; an empty item for one nested too deep."""
    waiting = [(element, 0)]
    unwanted: list[Tag] = []
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            return f'<div itemscope itemtype="{element.get("itemtype") or "JobPosting"}"></div>'
        _as_microdata(one)
        if one.name in _UNREAD or (one is not element and _is_about_people(one)):
            unwanted.append(one)
            continue
        one.attrs = {
            name: _cleaned(str(value))
            for name, value in one.attrs.items()
            if name in _ATTRIBUTES and not str(value).lower().startswith(("mailto:", "tel:"))
        }
        # a form may hold the whole page; any other element at the root stands where it may not
        one.name = "div" if one is element or one.name in _FRAMES else one.name
        waiting += [(child, depth + 1) for child in one.children if isinstance(child, Tag)]
    for one in unwanted:
        one.decompose()
    for comment in element.find_all(string=lambda words: isinstance(words, Comment)):
        comment.extract()
    element.smooth()  # what was apart only by something unread is one text when read again
    for words in element.find_all(string=True):
        blank = "\n" if "\n" in words else " "
        if (kept := _cleaned(words) if words.strip() else blank) != words:
            words.replace_with(kept)
    return str(element)


def _is_about_people(tag: Tag) -> bool:
    names = str(tag.get("itemprop", "")).split()
    return bool(_PERSONAL.intersection(names) or _PERSON.search(str(tag.get("itemtype", ""))))


def _cleaned(words: str) -> str:
    return without_personal_data(words) if _MAY_BE_PERSONAL.search(words) else words


def _as_microdata(tag: Tag) -> None:
    if tag.get("property") and not tag.get("itemprop"):
        names = str(tag["property"]).split()
        tag["itemprop"] = " ".join(PREFIX.sub("", name) for name in names)
    if tag.get("typeof") and not tag.get("itemtype"):
        tag["itemscope"] = ""
        tag["itemtype"] = "https://schema.org/" + PREFIX.sub("", str(tag["typeof"]).split()[0])


def _whole(words: str) -> str:
    return _LONE_HALF.sub("\ufffd", words)
