"""The text of a schema.org JobPosting: its description and the sections that sites keep apart.

Layer:   sources (pure).
Quirk:   `description` is plain text, HTML, escaped HTML, or HTML that was escaped twice (2020-10).
Quirk:   `skills` is a list, words between commas, or paragraphs; `experienceRequirements` repeats a
         line of the description on some boards and stands alone on others (2020-04, 2025-06).
"""

from __future__ import annotations

import html
import re
from typing import Any

from pipeline.postings.text import plain_text
from pipeline.sources.job_fields import listed, texts, words
from pipeline.sources.source import Row, Unreadable

_SECTIONS = {
    "responsibilities": "Responsibilities",
    "qualifications": "Qualifications",
    "skills": "Skills",
    "experienceRequirements": "Experience",
    "educationRequirements": "Education",
}
_NAME = r"/?(?:p|div|br|ul|ol|li|h[1-6]|strong|b|em|i|u|span|table|section|article)\b"
_MARKUP, _ESCAPED = re.compile(f"<{_NAME}", re.I), re.compile(f"&(?:amp;)*lt;{_NAME}", re.I)


def text(job: Row, name: str) -> str:
    """Return a text, the parts of a list one under the other; raise Unreadable for other types."""
    value = job.get(name)
    parts = [one for one in listed(value) if one is not None]
    for one in parts:
        if not isinstance(one, str):
            raise Unreadable(f"expected {name} as text, saw {type(one).__name__}")
    return "\n\n".join(part.strip() for part in parts if part.strip())


def skills(value: Any) -> list[str]:
    """Return skills that a site lists; sentences about them are none."""
    parts = re.split(r"[,;|]", value) if isinstance(value, str) else texts(value)
    found = [line for one in parts if (line := " ".join(one.split()))]
    return found if all(len(one) <= 40 and len(one.split()) <= 4 for one in found) else []


def description(job: Row, named: list[str]) -> str:
    """Return the plain text of an ad: its description, and the sections that are not part of it."""
    told = plain_text(_unescaped(text(job, "description")))
    flat = _flat(told)
    for name, heading in _SECTIONS.items():
        if name == "skills" and named:
            continue
        section = plain_text(_unescaped("\n".join(_lines(job.get(name)))))
        if section and _flat(section) not in flat:
            told += f"\n\n{heading}:\n{section}"
    return told.strip()


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        lines = [line for one in value for line in _lines(one)]
        return [f"- {one}" for one in lines] if len(lines) > 1 else lines
    if not isinstance(value, dict):
        return []
    months = words(value.get("monthsOfExperience"))
    stated = [value.get(name) for name in ("name", "description", "credentialCategory")]
    return [*texts(stated), *([f"{months} months of experience"] if months else [])]


def _unescaped(text: str) -> str:
    """Return HTML that was escaped as a whole as HTML; code samples in real HTML stay escaped."""
    for _ in range(2):
        if _MARKUP.search(text) or not _ESCAPED.search(text):
            break
        text = html.unescape(text)
    return text


def _flat(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text).casefold().split())
