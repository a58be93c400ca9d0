"""Personio: one XML feed a company, every open position with its text in headed parts.

Layer:   sources (pure).
Source:  https://developer.personio.de/docs/retrieving-open-job-positions (terms: personio.toml)
Quirk:   the feed names no address of a position; its page is <host>/job/<id>.
Quirk:   a part of the text is HTML in CDATA; some feeds hold characters that XML forbids.
Quirk:   an unknown company is answered with a page of HTML, not an empty feed. A feed has no
         document type: one that has is not read, whatever it declares.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lxml import etree

from pipeline.errors import SourceChanged
from pipeline.records import Pay, Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Row,
    Unreadable,
    make_posting,
    pay_of,
    read_info,
    read_page,
)

INFO = read_info("personio")
OUT_OF_SCOPE = frozenset(
    "department recruitingCategory seniority yearsOfExperience occupation occupationCategory"
    " keywords".split()
)
_ROOT = "workzag-jobs"
_LISTS = frozenset({"additionalOffices", "jobDescriptions"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(document: RawDocument) -> Page:
    """Return the positions of a feed; raise SourceChanged where the answer is no feed."""
    records: list[object] = [_values(one) for one in _root(document).iterchildren("position")]
    return read_page(
        document, records, lambda row: _posting(row, document), out_of_scope=OUT_OF_SCOPE
    )


def _root(document: RawDocument) -> etree._Element:
    body = _FORBIDDEN.sub("", document.body).lstrip("\ufeff \t\r\n")
    prologue, opened, _ = body.partition(f"<{_ROOT}")
    if not opened or "<!doctype" in prologue.lower():
        raise SourceChanged(document.source, f"an XML feed of <{_ROOT}>", body[:60])
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the prologue says, the answer was decoded before
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError:
        raise SourceChanged(document.source, "an XML feed", body[:60]) from None
    if root.getroottree().docinfo.doctype or root.tag != _ROOT:
        raise SourceChanged(document.source, f"an XML feed of <{_ROOT}>", body[:60])
    return root


def _values(element: etree._Element) -> dict[str, Any]:
    """Return the children by name: texts, and lists or objects where they have children."""
    return {str(child.tag): _value(child) for child in element}


def _value(element: etree._Element) -> Any:
    if element.tag in _LISTS:
        return [value for child in element if (value := _value(child))]
    if element.tag == "value":  # HTML, as CDATA or as elements
        inner = (etree.tostring(child, encoding="unicode") for child in element)
        return "".join([element.text or "", *inner])
    return _values(element) if len(element) else (element.text or "").strip()


def _posting(position: Row, document: RawDocument) -> Posting:
    source_id = position.need("id")
    pay, salary = _pay(Row(position.get("salaryInformation") or {}))  # an empty element is ""
    kinds = [position.text("employmentType"), position.text("schedule")]
    return make_posting(
        INFO,
        source_id,
        title=position.text("name"),
        description="\n".join(_part(part) for part in position.rows("jobDescriptions")),
        employer=position.text("subcompany") or document.employer or document.scope,
        locations=[position.text("office"), *position.texts("additionalOffices")],
        posted_on=position.text("createdAt"),
        url=_page_of(document.url, source_id),
        employment_type=", ".join(kind for kind in kinds if kind),
        pay=pay,
        salary=salary,
    )


def _part(part: Row) -> str:
    name, text = part.text("name"), part.text("value")
    return f"<h3>{name}</h3>{text}" if name and text else text


def _page_of(feed: str, source_id: str) -> str:
    parts = urlsplit(feed)
    path = parts.path.removesuffix("/").removesuffix("/xml") + f"/job/{source_id}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _pay(stated: Row) -> tuple[Pay | None, str]:
    """Return pay in fields; in words where its period or its amounts fit no field ("weekly")."""
    amounts = [one for name in ("min", "max") if (one := stated.text(name)) not in ("", "0")]
    currency, period = stated.text("currencyCode"), stated.text("type")
    try:
        pay = pay_of(stated.number("min"), stated.number("max"), currency, period)
    except Unreadable:
        pay = None
    if pay or not amounts or not currency:
        return pay, ""
    return None, f"{'-'.join(amounts)} {currency} {period}".strip()
