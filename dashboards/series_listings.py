"""The outside series on job listings: how common AI jobs are, by country, month and year.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import series_tables, words
from dashboards.drawing import Figure
from dashboards.palette import light
from dashboards.series_figures import Course, Dot, dots, strips
from dashboards.site_data import Row, SiteData, rows
from dashboards.tables import Table

CLAIM = "ai-listings-61"
ASKED_FOR = 61.0  # percent, the figure of that claim
# short enough to stand above a row on a phone; the table has the rule's own titles
READINGS = {
    "primary": "Share, mean of 2024 over 2023 (decides)",
    "december_to_december": "Share, December over December",
    "from_low": "Share, December over the low of 2023",
    "volume": "Number, mean of 2024 over 2023",
    "lightcast": "Share as Lightcast counts it",
}
WIDEST = 200.0  # percent: a reading that passes it would push all others to one side

Chart = tuple[Figure, str, Table]


def ai_shares(by_name: Mapping[str, Sequence[Row]], data: SiteData) -> dict[str, Any] | None:
    """Return the section on the AI share of listings, with every reading of the claim on it."""
    shares = by_name.get("indeed_ai_share", ())
    lightcast = by_name.get("aiindex_ai_share", ())
    if not shares and not lightcast:
        return None
    charts: list[Chart] = []
    readings = series_tables.readings_of(rows(data.estimates), rows(data.readings), CLAIM)
    verdicts = [v for v in rows(data.verdicts) if v.get("claim_id") == CLAIM]
    titles = series_tables.reading_titles(data.claim_rules.get(CLAIM, {}))
    if readings:
        charts.append(_readings(readings, verdicts, titles))
    if shares:
        charts.append(_monthly("ai-share", "AI share of postings", shares, " %"))
    if lightcast:
        charts.append(_lightcast(lightcast))
    return {
        "id": "ai-share",
        "title": "How common AI jobs are, by country",
        "intro": "One article says that AI-related listings rose by 61 % in 2024. Whether any "
        "series shows that depends on what is compared with what: here are six readings.",
        "charts": charts,
        "notes": [
            "These are counts of whole boards, as their publishers give them: there is no sampling "
            "interval. What moves them is the choice of words and of months, which is why six "
            "readings stand side by side. The range of a median is its 95 % interval over "
            "countries."
        ],
        "claims": [CLAIM, "ai-roles-growing"],
        "series": {"indeed_ai_share", "aiindex_ai_share"},
    }


def _readings(
    readings: Mapping[str, Mapping[str, float]],
    verdicts: Sequence[Row],
    titles: Mapping[str, str],
) -> Chart:
    drawn = [name for name in readings if max(readings[name].values(), default=0) < WIDEST]
    by_reading = {str(v.get("reading")): v for v in verdicts}
    found = {}
    for name in drawn:
        row = [Dot("a country", light("edge"), v, is_filled=False) for v in readings[name].values()]
        of_all = by_reading.get(name, {})
        if of_all.get("estimate") is not None:
            low, high = of_all.get("ci_low"), of_all.get("ci_high")
            bounds = (low, high) if low is not None and high is not None else None
            row.append(Dot("the median", light("mark"), of_all["estimate"], bounds))
        found[READINGS.get(name, words.name_of(name))] = row
    figure = dots(
        "readings",
        f"Rise of AI listings by country under {len(found)} readings.",
        found,
        unit="percent",
        lines=((ASKED_FOR, "61 % claimed"),),
    )
    caption = (
        "Rise of AI listings from 2023 to 2024 by country, under each reading. Generative AI, "
        "which rose from almost nothing, is in the table only."
        if len(drawn) < len(readings)
        else "Rise of AI listings from 2023 to 2024 by country, under each reading."
    )
    return figure, caption, series_tables.readings_table(readings, by_reading, titles)


def _monthly(div_id: str, title: str, found: Sequence[Row], suffix: str, digits: int = 2) -> Chart:
    countries = list(dict.fromkeys(str(row["entity"]) for row in found))
    courses = {
        words.name_of(country): [
            Course(
                title,
                light("mark"),
                [
                    series_tables.in_years(row["period"])
                    for row in found
                    if row["entity"] == country
                ],
                [row["value"] for row in found if row["entity"] == country],
            )
        ]
        for country in countries
    }
    values = [row["value"] for row in found]
    floor = 0.0 if min(values) < 0.4 * max(values) else min(values) * 0.95
    figure = strips(
        div_id,
        f"{title} by month, {words.plural(len(countries), 'country', 'countries')}.",
        courses,
        span=(round(floor, 2), round(max(values) * 1.06, 2)),
        suffix=suffix,
    )
    unit = str(found[0]["unit"])
    return (
        figure,
        f"{title}, by month: {unit}. All countries share one scale.",
        series_tables.months_table(f"{title}, {unit}", found, digits),
    )


def _lightcast(found: Sequence[Row]) -> Chart:
    by_country: dict[str, dict[str, float]] = {}
    for row in found:
        by_country.setdefault(str(row["entity"]), {})[str(row["period"])[:4]] = row["value"]
    years = sorted({year for values in by_country.values() for year in values})
    order = sorted(by_country, key=lambda c: (-by_country[c].get(years[-1], 0.0), c))
    courses = {
        words.name_of(country): [
            Dot(year, light("mark"), by_country[country][year], is_filled=year == years[-1])
            for year in years
            if year in by_country[country]
        ]
        for country in order
    }
    figure = dots(
        "lightcast",
        f"AI share of postings as Lightcast counts it, {words.plural(len(order), 'country')}.",
        courses,
        unit="percent of postings",
        row_height=36,
    )
    return (
        figure,
        "AI share of postings as Lightcast counts it, by country.",
        series_tables.lightcast_table(order, by_country, years),
    )


def volumes(by_name: Mapping[str, Sequence[Row]], data: SiteData) -> dict[str, Any] | None:
    """Return the section on generative AI and on how many listings there are at all."""
    charts = [
        _monthly(div_id, title, by_name[name], suffix, digits)
        for name, div_id, title, suffix, digits in (
            ("indeed_genai_share", "genai", "Generative-AI share of postings", " %", 3),
            ("indeed_postings_index", "volume", "Index of all postings", "", 1),
        )
        if by_name.get(name)
    ]
    if not charts:
        return None
    return {
        "id": "volumes",
        "title": "Generative AI, and all postings",
        "intro": "A share can rise while listings become fewer: the index of all postings says how "
        "many there were to have a share of.",
        "charts": charts,
        "notes": [],
        "claims": [CLAIM],
        "series": {"indeed_genai_share", "indeed_postings_index"},
    }
