"""The schema.org JobPostings that a web page states, in JSON-LD, microdata or RDFa Lite.

Layer:   sources (pure). A page is always read through `trimmed`: what was archived reads the same.
Source:  https://schema.org/JobPosting, https://www.w3.org/TR/json-ld11/,
         https://www.w3.org/TR/microdata/, https://www.w3.org/TR/rdfa-lite/
Quirk:   a page has several blocks of JSON-LD, one of them empty perhaps, and an object may stand in
         another block or graph node and be named by its "@id" only (2026-07).
Quirk:   RDFa Lite says with typeof and property what microdata says with itemtype and itemprop: it
         is rewritten so, and read as microdata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer

from pipeline.postings.text import plain_text
from pipeline.sources.broken_json import read_json
from pipeline.sources.trimmed_page import HAS_ITEM, IS_JOB, PREFIX, trimmed

_MOST_PROPERTIES = 20_000  # of microdata: reading takes the square of them
_POINTS = frozenset({"@context", "@type", "@id", "url", "mainEntityOfPage", "position"})


@dataclass(slots=True)
class Structured:
    """What a page states.

    jobs:     its JobPostings, JSON-LD first, names without "schema:"
    pointers: JobPostings of which the page gives the address only
    broken:   why a block that mentions a JobPosting cannot be read, in words
    """

    title: str = ""
    address: str = ""
    jobs: list[dict[str, Any]] = field(default_factory=list)
    pointers: int = 0
    broken: list[str] = field(default_factory=list)


def read(page: str, url: str) -> Structured:
    """Return what a page states about jobs."""
    page = trimmed(page)
    soup = BeautifulSoup(page, "lxml", parse_only=SoupStrainer(["title", "link", "meta", "script"]))
    found = Structured(title=" ".join(soup.title.get_text().split()) if soup.title else "")
    stated = [one["href"] for one in soup.find_all("link", rel="canonical", href=True)]
    stated += [one["content"] for one in soup.find_all("meta", property="og:url", content=True)]
    found.address = address(str(stated[0]), url) if stated else ""
    nodes: list[dict[str, Any]] = []
    for number, block in enumerate(soup.find_all("script"), 1):
        words = block.get_text()
        value, reason = read_json(words)
        if reason and "JobPosting" in words:
            found.broken.append(f"JSON-LD block {number}: {reason}")
        nodes += _objects(value)
    named = {one["@id"]: one for one in reversed(nodes) if isinstance(one.get("@id"), str)}
    # some pages carry the same block twice
    once = {json.dumps(one, sort_keys=True): one for one in nodes if _is_job(one.get("@type"))}
    jobs = [{name: _resolved(value, named) for name, value in one.items()} for one in once.values()]
    titles = {_title(one) for one in jobs}
    items, reason = _items(page, url)
    jobs += [one for one in items if _title(one) not in titles]  # the same ad, said twice
    found.broken += [reason] if reason else []
    found.pointers = sum(_is_pointer(one) for one in jobs)
    found.jobs = [one for one in jobs if not _is_pointer(one)]
    return found


def address(stated: str, page: str = "") -> str:
    """Return an address that a page states as a whole one, "" for what is none."""
    if re.search(r"[\s<>\"]", stated.strip()):  # http://Stealth co
        return ""
    try:
        whole = urljoin(page, stated.strip())
        parts = urlsplit(whole)
    except ValueError:  # http://[
        return ""
    return whole if parts.scheme in ("http", "https") and parts.netloc else ""


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object at any depth, in order; what is inside a JobPosting is none."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict) and not _is_job(one.get("@type")):
            waiting += reversed(one.values())


def _is_job(types: Any) -> bool:
    stated = types if isinstance(types, list) else [types]
    return any(isinstance(one, str) and IS_JOB.search(one) for one in stated)


def _is_pointer(job: dict[str, Any]) -> bool:
    told = {name for name, value in job.items() if value}
    return told <= _POINTS and not told.isdisjoint({"@id", "url"})


def _title(job: dict[str, Any]) -> str:
    title = job.get("title") or job.get("name")
    return " ".join(plain_text(title).casefold().split()) if isinstance(title, str) else ""


def _resolved(value: Any, named: dict[str, dict[str, Any]]) -> Any:
    """Return the objects that a value only names; one level, so that no page can blow itself up."""
    if isinstance(value, list):
        return [_resolved(one, named) if isinstance(one, dict) else one for one in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str):
        bare = value.keys() <= {"@id", "@type"}
        return named.get(value["@id"], value) if bare else value
    return value


def _items(page: str, url: str) -> tuple[list[dict[str, Any]], str]:
    """Return the JobPostings in the microdata of a trimmed page, and why if they are unreadable."""
    if not HAS_ITEM.search(page):
        return [], ""
    if (count := page.count("itemprop=")) > _MOST_PROPERTIES:
        return [], f"microdata: {count} properties, more than {_MOST_PROPERTIES}"
    from extruct.w3cmicrodata import MicrodataExtractor  # 0.3 s

    try:
        found = MicrodataExtractor().extract(page, base_url=url)
    except RecursionError:
        return [], "microdata: its items are nested too deep"
    items = [_as_json_ld(one) for one in found]
    jobs = [one for one in items if isinstance(one, dict) and _is_job(one.get("@type"))]
    if n_empty := sum(_is_job(one.get("type")) for one in found) - len(jobs):
        return jobs, f"microdata: {n_empty} JobPostings without properties, or nested too deep"
    return jobs, ""


def _as_json_ld(item: Any) -> Any:
    if isinstance(item, list):
        return [_as_json_ld(one) for one in item]
    if not isinstance(item, dict):
        return item
    properties = item.get("properties")
    if properties is None:
        return item.get("value")
    values = {PREFIX.sub("", name): _as_json_ld(value) for name, value in properties.items()}
    return {"@type": item.get("type", ""), **values}
