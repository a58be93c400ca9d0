"""One claim's page: its verdict in plain words and everything it rests on.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from dashboards import tables, words
from dashboards.claim_summaries import ClaimRows, manner, summary
from dashboards.drawing import Figure
from dashboards.figures import MOST_STRIPS, Point, forest, timeline
from dashboards.measures import WHOLE, Measure, measures_of
from dashboards.site_data import Row
from dashboards.words import HEADLINE

# Boards whose postings one may link to; every other address stays out of the pages.
LINKED_HOSTS = (
    "news.ycombinator.com",
    "greenhouse.io",
    "jobs.lever.co",
    "jobs.eu.lever.co",
    "jobs.ashbyhq.com",
    "jobs.smartrecruiters.com",
    "careers.smartrecruiters.com",
    "apply.workable.com",
    "jobs.workable.com",
    "recruitee.com",
    "jobs.personio.de",
    "jobs.personio.com",
)
LONGEST_SNIPPET = 160  # characters of anything that may go back to an ad's own words
MOST_EXAMPLES = 10
FEWEST_FOR_A_DIAMOND = 3  # of one or two families there is no pooled estimate to draw


def page_values(found: ClaimRows, others: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return everything the template of a claim's page shows.

    others: the summaries of all claims by id, for those a rule says to read beside this one
    """
    measures = measures_of(found.rule)
    names = [str(row.get("part")) for row in (*found.estimates, *found.verdicts)]
    parts = list(dict.fromkeys([*measures, *(n for n in names if n != WHOLE)])) or [WHOLE]
    window = found.headline().get("time_window") or HEADLINE
    views = [_part_view(found, part, measures.get(part, Measure())) for part in parts]
    return {
        "claim": summary(found),
        "parts": views,
        "has_figures": any(view["forest"] or view["timeline"] for view in views),
        "verdicts": tables.verdicts_table(found.verdicts),
        "sensitivity": tables.sensitivity_table(
            "The same claim under other choices",
            [row for row in found.sensitivity if row.get("time_window") == window],
        ),
        "rule": tables.rule_table(found.rule),
        "rule_words": _rule_words(found),
        "sql": found.sql.strip(),
        "beside": [others[name] for name in _beside(found, others)],
        "examples": [_example(row) for row in found.examples[:MOST_EXAMPLES]],
    }


def _part_view(found: ClaimRows, part: str, measure: Measure) -> dict[str, Any]:
    slug = f"{found.claim['claim_id']}-{part}".replace("_", "-")
    row = found.headline(part)
    of_part = [e for e in found.estimates if e.get("part") == part]
    window = str(row.get("time_window") or HEADLINE)
    in_window = [e for e in of_part if e.get("time_window") == window]
    in_years = [e for e in of_part if tables.is_year(e.get("time_window"))]
    is_whole = part == WHOLE
    span = words.window_name(window)
    note = row.get("window_note")
    measured = measure.measure or "Estimate"
    # a single year has no slope: a trend's years show the share that the slope runs through
    is_trend = measure.unit == "points a year"
    yearly = Measure(measure.title, "Share", "percent") if is_trend else measure
    return {
        "anchor": "evidence" if is_whole else f"part-{part.replace('_', '-')}",
        "title": measure.title or (tables.part_name(part) if not is_whole else "Evidence"),
        "verdict": row.get("verdict") or "",
        "verdict_label": "" if is_whole else tables.verdict_label(row.get("verdict")) + manner(row),
        "sentence": words.without_verdict(str(row.get("sentence") or "")),
        "forest": _forest(f"{slug}-forest", in_window, row, measure),
        "forest_caption": f"{measured}: by source family, {note or span}. "
        "Whiskers are 95 % intervals by employer; the verdict does not rest on hollow points.",
        "forest_table": tables.families_table(f"By source family, {span}", in_window, measure.unit),
        "timeline": _timeline(f"{slug}-years", in_years, yearly),
        "timeline_caption": _timeline_caption(measured, yearly) + _left_out(in_years),
        "is_trend": yearly is not measure,
        "timeline_table": tables.years_table("By year", in_years, yearly.unit),
    }


def _timeline_caption(measured: str, yearly: Measure) -> str:
    if not yearly.lines:
        return (
            f"{yearly.title}: the share in percent, by year and source family. Whiskers are 95 % "
            "intervals by employer."
        )
    return (
        f"{measured}: by year and source family. Whiskers are 95 % intervals by employer; hollow "
        "points do not clear the first line. Years describe."
    )


def _left_out(found: Sequence[Row]) -> str:
    more = len({e.get("source_family") for e in found if e.get("estimate") is not None})
    if more <= MOST_STRIPS:
        return ""
    return f" The {MOST_STRIPS} longest of {more} histories are drawn, all are in the table."


def _forest(div_id: str, found: Sequence[Row], row: Row, measure: Measure) -> Figure | None:
    points = [_point(e) for e in found if e.get("estimate") is not None]
    if not points:
        return None
    points.sort(key=lambda p: (not p.is_heard, -(p.n_postings or 0), p.where))
    n_families = row.get("n_families")
    entered = sum(p.is_heard for p in points) if n_families is None else int(n_families)
    has_pool = row.get("estimate") is not None and entered >= FEWEST_FOR_A_DIAMOND
    return forest(div_id, points, _point(row) if has_pool else None, measure)


def _timeline(div_id: str, found: Sequence[Row], measure: Measure) -> Figure | None:
    points = [_point(e) for e in found if e.get("estimate") is not None]
    return timeline(div_id, points, measure) if points else None


def _point(row: Row) -> Point:
    window = row.get("time_window")
    return Point(
        where=str(row.get("source_family") or ""),
        estimate=float(row["estimate"]),
        low=row.get("ci_low"),
        high=row.get("ci_high"),
        n_postings=row.get("n_postings"),
        n_employers=row.get("n_employers"),
        is_heard=tables.is_heard(row.get("pooled")),
        when=str(window) if tables.is_year(window) else "",
    )


def _rule_words(found: ClaimRows) -> str:
    why = " ".join(str(found.rule.get("why") or "").split())
    fixed = found.claim.get("registered_on")
    digest = str(found.claim.get("rule_hash") or "")
    when = f"Registered on {fixed}." if fixed else ""
    mark = f" Its hash begins with {digest[:12]}." if digest else ""
    return f"{why} {when}{mark}".strip()


def _beside(found: ClaimRows, others: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the other claims a rule names, wherever in it."""
    named: list[str] = []
    waiting: list[object] = [found.rule]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, str) and value in others and value != found.claim["claim_id"]:
            named.append(value)
    return sorted(set(named))


def _example(row: Row) -> dict[str, str]:
    url = str(row.get("url") or "")
    return {
        "title": words.shortened(row.get("title") or "untitled", LONGEST_SNIPPET),
        "employer": words.shortened(row.get("employer") or "not named", LONGEST_SNIPPET),
        "posted_on": str(row.get("posted_on") or "–"),
        "url": url if is_linked(url) else "",
        "asks_for": words.shortened(row.get("asks_for"), LONGEST_SNIPPET),
    }


def is_linked(url: str) -> bool:
    """Say whether a posting's address is one of Hacker News or of a public job board."""
    if not url.startswith("https://"):
        return False
    host = urlsplit(url).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in LINKED_HOSTS)
