"""Files: rows of a CSV, JSON Lines or Parquet file become postings by a column mapping.

Layer:   sources (pure). Reading the bytes is edge/files.py; this knows what a row means.
Quirk:   a row whose link is a Hacker News item is that item, whatever file it came from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import InputError
from pipeline.postings.dates import posted_on
from pipeline.postings.dedupe import content_hash
from pipeline.postings.employers import employer_id
from pipeline.postings.privacy import without_personal_data
from pipeline.postings.text import plain_text
from pipeline.records import Posting, Rejected, observed
from pipeline.sources.hn_hiring import posting_from_comment

FIELDS = (
    "posting_id source title employer location description skills posted_on url"
    " employment_type salary language"
).split()
# What the commonest collections call our fields; a mapping in the config comes first.
ALIASES = {
    "source_id": "posting_id",
    "id": "posting_id",
    "company": "employer",
    "location_raw": "location",
    "posted_at": "posted_on",
}
_HN_ITEM = re.compile(r"https?://news\.ycombinator\.com/item\?id=(\d+)")
_EMPTY = frozenset({"", "nan", "none", "null", "n/a", "na", "-1"})


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One [[sources.files]] entry of the config; see INTERFACES: frame, observes, dates."""

    name: str
    path: str
    licence: str = ""
    family: str = ""
    frame: str = "search_words"
    observes: str = "full_text"
    dates: str = "real"
    mapping: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, value, allowed in (
            ("frame", self.frame, ("all_jobs", "search_words")),
            ("observes", self.observes, ("full_text", "snippet", "skill_list", "titles")),
            ("dates", self.dates, ("real", "proxy")),
        ):
            if value not in allowed:
                raise InputError(
                    f"source {self.name}: {key} = {value!r}; expected {' or '.join(allowed)}"
                )
        for ours in self.mapping:
            if ours not in FIELDS:
                raise InputError(
                    f"source {self.name}: mapping names the field {ours!r}; "
                    f"our fields are {', '.join(FIELDS)}"
                )


def columns(spec: FileSpec, present: list[str]) -> dict[str, str]:
    """Return field -> column of a file; raises InputError for a mapped one that is missing."""
    for ours, theirs in spec.mapping.items():
        if theirs not in present:
            raise InputError(
                f"{spec.name}: expected a column {theirs!r} (for {ours}), saw "
                f"{', '.join(present[:12]) or 'no columns'}; correct the mapping or the file"
            )
    chosen = dict(spec.mapping)
    for ours in FIELDS:
        if ours in present:
            chosen.setdefault(ours, ours)
    for theirs, ours in ALIASES.items():
        if theirs in present:
            chosen.setdefault(ours, theirs)
    if not {"title", "description", "skills"} & chosen.keys():
        raise InputError(
            f"{spec.name}: expected a title or description column, saw "
            f"{', '.join(present[:12]) or 'no columns'}; map one in the config"
        )
    return chosen


def unknown_columns(chosen: Mapping[str, str], present: list[str]) -> list[str]:
    """Return the columns nobody decided about, to be listed once."""
    return [name for name in present if name not in chosen.values()]


def row_id(row: Mapping[str, Any], chosen: Mapping[str, str], spec: FileSpec) -> str:
    """Return a row's posting id: the item of a Hacker News link, its own id, or a content hash."""
    item = _HN_ITEM.match(_text(row.get(chosen.get("url", ""))))
    if item:
        return f"hn:{item.group(1)}"
    own = _text(row.get(chosen.get("posting_id", "")))
    if not own:
        words = "\0".join(
            _text(row.get(chosen.get(name, "")))
            for name in ("title", "employer", "location", "description", "posted_on")
        )
        own = hashlib.sha256(words.encode()).hexdigest()[:16]
    prefix = "hn" if spec.name == "hn_hiring" else spec.name
    return own if own.startswith(f"{prefix}:") else f"{prefix}:{own}"


def posting_from_row(
    row: Mapping[str, Any], chosen: Mapping[str, str], spec: FileSpec, posting_id: str
) -> Posting | Rejected:
    """Return the posting a row holds, or why it holds none."""

    def words(name: str) -> str:
        return _text(row.get(chosen.get(name, "")))

    try:
        day = (
            posted_on(row.get(chosen.get("posted_on", "")) or None) if words("posted_on") else None
        )
    except ValueError as unreadable:
        return Rejected(spec.name, posting_id, f"posted_on: {unreadable}")
    title = without_personal_data(" ".join(plain_text(words("title")).split()))
    description = words("description")
    if not title and not description:
        return Rejected(spec.name, posting_id, "neither a title nor a description")
    is_hn = posting_id.startswith("hn:") and bool(description)
    if is_hn and (not title or _HN_ITEM.match(words("url"))):
        # some collections carry a language model's reading of the ad: its own header decides
        return posting_from_comment(posting_id.removeprefix("hn:"), description, day)
    text = without_personal_data(plain_text(description))
    skills = _list(row.get(chosen.get("skills", "")))
    employer = without_personal_data(" ".join(words("employer").split()))
    location = without_personal_data(" ".join(words("location").split()))
    return Posting(
        posting_id=posting_id,
        source=spec.name,
        source_id=posting_id.partition(":")[2],
        title=title,
        employer=employer,
        employer_id=employer_id(employer),
        location=location,
        description=text,
        skills=skills,
        posted_on=day,
        date_kind=spec.dates if day else "none",
        url=words("url") if words("url").startswith(("http://", "https://")) else "",
        employment_type=words("employment_type"),
        salary=words("salary"),
        language=words("language")[:2].lower(),
        source_family=spec.family or spec.name,
        frame=spec.frame,
        observes=observed(spec.observes, text, skills),
        licence=spec.licence,
        content_hash=content_hash(title, employer, location, text, skills),
    )


def _text(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124  NaN, as pandas writes it
        return ""
    words = str(value).strip()
    return "" if words.lower() in _EMPTY else words


def _list(value: object) -> tuple[str, ...]:
    """Return a list column's words; a text column is split at commas."""
    if value is None or value != value:  # noqa: PLR0124
        return ()
    if isinstance(value, str):
        value = value.strip("[]").replace("'", "").replace('"', "").split(",")
    if not isinstance(value, list | tuple):
        return ()
    return tuple(words for one in value if (words := " ".join(_text(one).split())))
