"""The site's plain words for identifiers, numbers, verdicts and windows.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.names import name_of

SMALL_CELL_EMPLOYERS = 5  # below this a share says more about one employer than about a market
SMALL_MARK = "†"
HEADLINE = "last_24_months"


@dataclass(frozen=True)
class VerdictWords:
    """What a verdict is called, and what it means in one sentence."""

    label: str
    meaning: str


VERDICTS = {
    "supported": VerdictWords(
        "Supported", "The data show what the claim says, beyond its margin and beyond chance."
    ),
    "contradicted": VerdictWords(
        "Contradicted",
        "The data rule the claim out: the reverse holds, or no material lead or change.",
    ),
    "inconclusive": VerdictWords(
        "Inconclusive", "There are enough postings to look, but they do not settle it."
    ),
    "insufficient_data": VerdictWords(
        "Not enough data", "No source has enough postings of enough employers to judge it."
    ),
    "not_testable": VerdictWords(
        "Not testable here", "Job postings cannot answer it; the page says why."
    ),
}

TOPICS = {
    "market": "The market as a whole",
    "employers": "Employers",
    "regions": "Regions",
    "roles": "Roles",
    "domains": "Domains and industries",
    "skills": "Skills beyond frameworks",
    "research": "Research",
    "figures": "Market figures",
}

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def variant_name(variant: object) -> str:
    """Return another choice in words: without_hn is Without Hacker News."""
    start, without, family = str(variant).partition("without_")
    return f"Without {name_of(family)}" if without and not start else name_of(variant)


def window_name(window: object) -> str:
    """Return a time window in words: a year stays a year."""
    known = {HEADLINE: "the last 24 months", "all_time": "all years together"}
    return known.get(str(window), str(window).replace("_", " "))


def month_name(day: object) -> str:
    """Return the month of an ISO day in words: 2021-08-09 is August 2021."""
    year, month, _ = str(day).split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def day_name(day: object) -> str:
    """Return an ISO day in words: 2021-08-09 is 9 August 2021."""
    return f"{int(str(day).split('-')[2])} {month_name(day)}"


def number(value: object, digits: int = 1) -> str:
    """Return a number with a true minus sign, or a dash where there is none."""
    if not isinstance(value, (int, float)):
        return "–"
    text = f"{round(float(value), digits) + 0.0:,.{digits}f}"
    return text.replace("-", "−")


def count(value: object) -> str:
    """Return a count with thousands separated, or a dash where there is none."""
    return f"{int(value):,}" if isinstance(value, (int, float)) else "–"


def plural(value: object, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def interval(low: object, high: object) -> str:
    """Return a 95 % interval in words, or a dash."""
    if not isinstance(low, (int, float)) and not isinstance(high, (int, float)):
        return "–"
    return f"{number(low)} to {number(high)}"


def as_percent(log_points: object) -> str:
    """Return log points (100 times a difference of logarithms) as a rise or fall in percent."""
    if not isinstance(log_points, (int, float)):
        return "–"
    change = 100 * math.expm1(float(log_points) / 100)
    return f"{number(abs(change))} % {'more' if change >= 0 else 'less'}"


def employers(value: object) -> str:
    """Return a count of employers, marked where it is too small to lean on."""
    return count(value) + (f" {SMALL_MARK}" if is_small(value) else "")


def is_small(n_employers: object) -> bool:
    """Say whether a cell stands on fewer employers than we lean on (unknown is not small)."""
    return isinstance(n_employers, (int, float)) and n_employers < SMALL_CELL_EMPLOYERS


def said_by(value: object) -> list[str]:
    """Return who says it, one entry per article; claim.claims separates them by semicolons."""
    return [part.strip() for part in str(value or "").split(";") if part.strip()]


def said_by_short(value: object) -> str:
    """Return who says it as short as it stays clear: the publisher, else the article's letter."""
    return ", ".join(short_name(saying) for saying in said_by(value))


def short_name(saying: str) -> str:
    """Return one of those who say it, as short as it stays clear."""
    # “Which Framework Gets You Hired?”, CBT Nuggets, in part -> CBT Nuggets
    # Article A (a long guide to frameworks) -> Article A
    rest = saying.rpartition("”,")[2].strip() if "”," in saying else saying
    return rest.partition(" (")[0].partition(",")[0]


def without_verdict(sentence: str) -> str:
    """Return a verdict's sentence without the verdict's own word, which stands beside it."""
    sentence = re.sub(r"(?<![\w.-])-(?=\d)", "−", sentence)  # "from -3.7 to 2": a true minus
    head, colon, rest = sentence.partition(": ")
    labels = (*(known.label for known in VERDICTS.values()), "Over all dates")
    is_verdict = head.startswith(labels)
    return rest[:1].upper() + rest[1:] if colon and is_verdict else sentence


def named(sentence: str, identifiers: Iterable[str]) -> str:
    """Return a sentence with its identifiers as people write them: hn is Hacker News."""
    for one in sorted(identifiers, key=len, reverse=True):
        sentence = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", name_of(one), sentence)
    return sentence


def shortened(text: object, limit: int) -> str:
    """Return at most `limit` characters of a text, cut at a word and marked as cut."""
    plain = " ".join(str(text or "").split())
    if len(plain) <= limit:
        return plain
    return plain[: limit - 1].rsplit(" ", 1)[0][: limit - 1] + "…"
