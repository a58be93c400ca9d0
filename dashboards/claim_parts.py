"""The evidence of one part of a claim: forest, years, other choices and other readings.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards import evidence_tables, tables, words
from dashboards.claim_summaries import ClaimRows, manner
from dashboards.drawing import Figure
from dashboards.figures import forest, strip
from dashboards.measures import PRIMARY, WHOLE, Measure, measures_of, readings_of
from dashboards.names import COUNTRIES
from dashboards.points import Point
from dashboards.site_data import Row
from dashboards.timelines import MOST_STRIPS, flip_of, timeline
from dashboards.words import HEADLINE

FEWEST_FOR_A_DIAMOND = 3  # of one or two families there is no pooled estimate to draw


def part_view(found: ClaimRows, part: str, measure: Measure) -> dict[str, Any]:
    """Return everything the page shows of one part."""
    slug = f"{found.claim['claim_id']}-{part}".replace("_", "-")
    row = found.headline(part)
    of_part = [_named(e, found) for e in found.estimates if e.get("part") == part]
    window = str(row.get("time_window") or HEADLINE)
    in_window = [e for e in of_part if e.get("time_window") == window]
    in_years = [e for e in of_part if tables.is_year(e.get("time_window"))]
    flips = [flip_of(one) for one in found.flips if one.get("part") == part]
    is_whole = part == WHOLE
    span = words.window_name(window)
    note = row.get("window_note")
    measured = measure.measure or "Estimate"
    is_posted = found.claim.get("evidence") in ("postings", None)
    voices = "source family" if is_posted else str(found.claim.get("clusters") or "")
    voices = voices if voices in ("source family", "venue") else "country"
    whiskers = (
        "Whiskers are 95 % intervals by employer; the verdict does not rest on hollow points."
    )
    # a single year has no slope: a trend's years show the share that the slope runs through
    is_trend = measure.estimator == "trend"
    yearly = Measure(measure.title, "Share", "percent") if is_trend else measure
    drawn_years = _timeline(f"{slug}-years", in_years, yearly, flips)
    choices = [
        one
        for one in found.sensitivity
        if one.get("part") == part and one.get("time_window") == window
    ]
    return {
        "anchor": "evidence" if is_whole else f"part-{part.replace('_', '-')}",
        "title": measure.title or (tables.part_name(part) if not is_whole else "Evidence"),
        "verdict": row.get("verdict") or "",
        "verdict_label": "" if is_whole else tables.verdict_label(row.get("verdict")) + manner(row),
        "sentence": words.named(
            words.without_verdict(str(row.get("sentence") or "")), found.families
        ),
        "forest": _forest(f"{slug}-forest", in_window, row, measure),
        "forest_caption": f"{measured}: by {voices}, {note or span}. "
        + (whiskers if is_posted else ""),
        "is_posted": is_posted,
        "forest_table": evidence_tables.families_table(
            f"By source family, {span}", in_window, measure.unit
        ),
        "timeline": drawn_years,
        "timeline_caption": _timeline_caption(measured, yearly) + _left_out(in_years),
        "timeline_table": evidence_tables.years_table("By year", in_years, yearly.unit),
        "flips": [flip.words(measure) for flip in flips],
        "is_trend": is_trend,
        "strip": _strip(f"{slug}-choices", row, choices, measure),
        "strip_caption": f"{measured}: as registered (shaded) and under other choices. A hollow "
        "point would be another verdict; an interval without a point is that of two sources.",
        "choices": evidence_tables.sensitivity_table(f"Other choices, {span}", choices),
    }


def readings_view(found: ClaimRows) -> dict[str, Any] | None:
    """Return the readings that are shown beside the one that decides; None where there are none."""
    measures = readings_of(found.rule)
    other = [
        row
        for row in found.verdicts
        if row.get("reading") not in (PRIMARY, None) and row.get("time_window") == HEADLINE
    ]
    if not other:
        return None
    order = {key: place for place, key in enumerate(measures)}
    other.sort(key=lambda r: order.get((str(r["part"]), str(r["reading"])), len(order)))
    named = [(r, measures.get((str(r["part"]), str(r["reading"])), Measure())) for r in other]
    figures: list[Figure] = []
    own = measures_of(found.rule)
    for unit in dict.fromkeys(measure.unit for _, measure in named):
        of_unit = [(row, measure) for row, measure in named if measure.unit == unit]
        points = [_reading_point(row) for row, _ in of_unit]
        drawn = [point for point in points if point.estimate is not None or point.bounds]
        if not drawn:
            continue
        shown = Measure(unit=unit, lines=_common_lines([m for _, m in of_unit]))
        whole = own.get(WHOLE, Measure())
        head = None
        if (whole.unit, whole.lines) == (shown.unit, shown.lines):
            head = _point(found.headline(), "What decides", found.headline())
        name = f"{found.claim['claim_id']}-readings-{len(figures) + 1}"
        label = "Other readings, each with its interval."
        figures.append(strip(name, [*([head] if head else []), *drawn], shown, label, head))
    return {
        "figures": figures,
        "table": evidence_tables.readings_table(named),
        "families": evidence_tables.reading_families_table(
            [_named(r, found) for r in found.readings]
        )
        if found.readings
        else None,
    }


def _named(row: Row, found: ClaimRows) -> Row:
    """Return a row of a claim on outside series with its country's name in place of its code."""
    if found.claim.get("evidence") != "series":
        return row
    code = str(row.get("source_family"))
    return row | {"source_family": COUNTRIES.get(code, code)}


def _common_lines(measures: Sequence[Measure]) -> tuple[tuple[float, str], ...]:
    """Return the lines of readings where all have the same: else there is none to draw."""
    lines = {measure.lines for measure in measures}
    return measures[0].lines if len(lines) == 1 else ()


def _reading_point(row: Row) -> Point:
    # The name must fit beside its numbers on a phone; the table beside it says it in full.
    name = words.name_of(row.get("reading"))
    if row.get("part") != WHOLE:
        name = f"{tables.part_name(row.get('part'))}, {name.lower()}"
    return _point(row, name, row)


def _strip(div_id: str, row: Row, choices: Sequence[Row], measure: Measure) -> Figure | None:
    head = _point(row, "As registered", row)
    points = [_point(one, words.variant_name(one.get("variant")), one) for one in choices]
    drawn = [point for point in points if point.estimate is not None or point.bounds]
    if not drawn or not (head.bounds or head.estimate is not None):
        return None
    label = f"The estimate as registered and under {words.plural(len(drawn), 'other choice')}."
    return strip(div_id, [head, *drawn], measure, label, head)


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
    points = [_point(e, str(e.get("source_family") or "")) for e in found if _has_estimate(e)]
    if not points:
        return None
    points.sort(key=lambda p: (not p.is_heard, -(p.n_postings or 0), p.where))
    n_families = row.get("n_families")
    entered = sum(p.is_heard for p in points) if n_families is None else int(n_families)
    has_pool = row.get("estimate") is not None and entered >= FEWEST_FOR_A_DIAMOND
    name = "Median" if str(row.get("pooling") or "").startswith("median") else "Pooled"
    return forest(div_id, points, _point(row, "") if has_pool else None, measure, name)


def _timeline(
    div_id: str, found: Sequence[Row], measure: Measure, flips: Sequence[Any]
) -> Figure | None:
    points = [_point(e, str(e.get("source_family") or "")) for e in found if _has_estimate(e)]
    return timeline(div_id, points, measure, flips) if points else None


def _has_estimate(row: Row) -> bool:
    return row.get("estimate") is not None


def _point(row: Row, where: str, judged: Row | None = None) -> Point:
    window = row.get("time_window")
    estimate = row.get("estimate")
    return Point(
        where=where,
        estimate=None if estimate is None else float(estimate),
        low=row.get("ci_low"),
        high=row.get("ci_high"),
        n_postings=row.get("n_postings"),
        n_employers=row.get("n_employers"),
        is_heard=tables.is_heard(row.get("pooled")),
        when=str(window) if tables.is_year(window) else "",
        verdict=str(judged.get("verdict") or "") if judged else "",
    )
