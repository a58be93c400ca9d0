"""We Work Remotely: one RSS feed a category, each ad with its text.

Layer:   sources (pure).
Source:  https://weworkremotely.com/remote-job-rss-feed (terms, rate: weworkremotely.toml)
Quirk:   `title` is "Company: Role", and both may hold a colon: the first ": " parts them.
Quirk:   the text begins with "Headquarters:", which is the employer's seat and not the job's
         place; that is in `region`, `country` (names behind flags) and `state` (2026-09).
Quirk:   `guid` is the ad's address; an ad stands in the feed of its category and of those above.
Quirk:   a feed that breaks off is still half a feed to a lenient reader: its end is looked for.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from pipeline.errors import SourceChanged
from pipeline.records import Posting, RawDocument
from pipeline.sources.source import Page, Row, make_posting, read_info, read_page

INFO = read_info("weworkremotely")
OUT_OF_SCOPE = frozenset(
    "link category skills expires_at media:content media:thumbnail content".split()
)
# What XML allows nowhere, and ads hold anyway.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3f4\ufe0f\U000e0020-\U000e007f]+")
_DTD = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_END = re.compile(r"</rss>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL)
# "R&D" and "&nbsp;" are no XML: a lenient reader loses them and more of the text behind them.
_STRAY = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?\]\]>)|&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot|apos);)",
    re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)


def parse(document: RawDocument) -> Page:
    """Return the ads of a feed; raise SourceChanged where the answer is no whole RSS feed."""
    body = _CONTROLS.sub("", document.body).strip()
    # no feed needs a DTD: without one there is no entity to expand and no file to fetch
    if _DTD.search(_CDATA.sub("", body)) or not _END.search(body):
        raise SourceChanged(document.source, "a whole RSS feed", body[:60])
    body = _STRAY.sub(lambda found: found["cdata"] or "&amp;", body)
    rss = BeautifulSoup(body, "xml").find("rss", recursive=False)
    channel = rss.find("channel", recursive=False) if isinstance(rss, Tag) else None
    if not isinstance(channel, Tag):
        raise SourceChanged(document.source, "an RSS feed with a channel", body[:60])
    records = [_record(item) for item in channel.find_all("item", recursive=False)]
    return read_page(document, records, _posting, out_of_scope=OUT_OF_SCOPE, id_field="guid")


def _record(item: Tag) -> dict[str, str]:
    """Return the texts of an item by their names; of a repeated one the first with words."""
    record: dict[str, str] = {}
    for field in item.find_all(recursive=False):
        record[field.name] = record.get(field.name) or field.get_text().strip()
    record["guid"] = record.get("guid") or record.get("link", "")
    return record


def _posting(job: Row) -> Posting:
    guid, link = job.need("guid"), job.text("link")
    employer, _, role = job.text("title").partition(": ")
    if not role.strip():
        employer, role = "", job.text("title")
    region, state = job.text("region"), job.text("state")
    countries = [one.strip() for one in _FLAGS.sub("", job.text("country")).split(",")]
    return make_posting(
        INFO,
        guid,
        title=role,
        description=job.text("description"),
        employer=employer,
        locations=[region, state, *countries],
        workplace="Remote",  # the board lists nothing else
        posted_on=job.text("pubDate"),
        url=link or guid,
        employment_type=job.text("type"),
    )
