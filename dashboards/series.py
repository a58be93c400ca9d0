"""The outside series: what others counted, each with its terms, its traps and its claims.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards import series_tables, words
from dashboards.palette import light
from dashboards.series_figures import Course, Dot, dots, strips
from dashboards.series_listings import ai_shares, volumes
from dashboards.series_tables import GROUPS, Paper, papers_of, wilson_pct
from dashboards.site_data import Row, SiteData, rows

FRAMEWORKS = ("pytorch", "tensorflow", "keras")


def page_values(data: SiteData, summaries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the template of the outside series shows; summaries: claims by claim_id."""
    found = rows(data.indicators)
    by_name: dict[str, list[Row]] = {}
    for row in found:
        by_name.setdefault(str(row["indicator"]), []).append(row)
    sections = [
        section
        for make in (_papers, ai_shares, volumes, _surveys, _downloads)
        if (section := make(by_name, data))
    ]
    for section in sections:
        section["claims"] = [summaries[name] for name in section["claims"] if name in summaries]
        section["sources"] = [one for one in data.series if one["name"] in section["series"]]
    return {"sections": sections, "n_values": len(found), "n_series": len(data.series)}


def _papers(by_name: Mapping[str, Sequence[Row]], data: SiteData) -> dict[str, Any] | None:
    papers = papers_of(
        [*by_name.get("conference_papers", ()), *by_name.get("conference_submissions", ())]
    )
    if not papers:
        return None
    venues = list(dict.fromkeys(paper.venue for paper in papers))
    found = {}
    for venue in venues:
        own = [paper for paper in papers if paper.venue == venue]
        found[venue] = [
            _course_of("of papers that name just one", light("pytorch"), own, Paper.of_either),
            _course_of("of all papers", light("mark"), own, Paper.of_all, is_filled=False),
        ]
    found = {venue: [c for c in courses if c.at] for venue, courses in found.items()}
    figure = strips(
        "papers",
        f"PyTorch in the papers of {words.plural(len(venues), 'venue')}, by year.",
        {venue: courses for venue, courses in found.items() if courses},
        span=(-4, 102),
        suffix=" %",
    )
    caption = (
        "PyTorch in conference papers, by venue and year, against two denominators: papers that "
        "name just one of PyTorch and TensorFlow, and all papers. Whiskers are Wilson 95 % "
        "intervals with a paper as one voice."
    )
    over = [
        (verdict.get("reading"), str(verdict.get("sentence") or ""))
        for verdict in rows(data.verdicts)
        if verdict.get("claim_id") == "papers-60" and verdict.get("sentence")
    ]
    notes = [
        f"Over the newest year of each venue, with a venue as one voice: "
        f"{words.without_verdict(sentence)}"
        for _, sentence in sorted(over, key=lambda one: one[0] != "primary")
    ]
    return {
        "id": "papers",
        "title": "Papers by venue and year",
        "intro": "“Of the papers” can mean two things, and the answers differ threefold: most "
        "papers name no framework at all.",
        "charts": [(figure, caption, series_tables.papers_table(papers))],
        "notes": notes,
        "claims": ["papers-60", "papers-pt-dominates", "papers-pt-fastest"],
        "series": {"conference_papers", "conference_submissions"},
    }


def _course_of(
    name: str,
    tone: str,
    papers: Sequence[Paper],
    share: Callable[[Paper], tuple[float, float]],
    is_filled: bool = True,
) -> Course:
    counted = [(paper.year, *share(paper)) for paper in papers if share(paper)[1]]
    aside = 0.06 if is_filled else -0.06
    return Course(
        name,
        tone,
        [year + aside for year, _, _ in counted],
        [100 * part / n for _, part, n in counted],
        [wilson_pct(part / n, n) for _, part, n in counted],
        is_filled,
    )


def _surveys(by_name: Mapping[str, Sequence[Row]], data: SiteData) -> dict[str, Any] | None:
    answers = by_name.get("kaggle_framework_use", ())
    if not answers:
        return None
    found: dict[str, list[Dot]] = {}
    for row in sorted(answers, key=series_tables.survey_order):
        framework = str(row["framework"])
        lift = 0.14 * (1 - FRAMEWORKS.index(framework)) if framework in FRAMEWORKS else 0.0
        found.setdefault(series_tables.survey_name(row), []).append(
            Dot(
                words.name_of(framework),
                light(framework),
                row["value"],
                wilson_pct(row["value"] / 100, row["n"] or 0),
                lift=round(lift, 2),
            )
        )
    figure = dots(
        "surveys",
        "Frameworks used by those who answered.",
        found,
        unit="percent of those answering",
        row_height=66,
    )
    caption = (
        "Practitioners who use a framework, of those who answered. Whiskers are Wilson 95 % "
        "intervals: they cover chance among the answers, not that people chose to answer."
    )
    return {
        "id": "surveys",
        "title": "What practitioners say they use",
        "intro": "Use is no demand: a survey asks people what they work with, an ad says what an "
        f"employer wants. Groups asked: {', '.join(GROUPS.values()).lower()}.",
        "charts": [(figure, caption, series_tables.surveys_table(answers))],
        "notes": [],
        "claims": ["pt-rising", "keras-secondary", "keras-still-relevant"],
        "series": {"kaggle_framework_use"},
    }


def _downloads(by_name: Mapping[str, Sequence[Row]], data: SiteData) -> dict[str, Any] | None:
    found = by_name.get("pypi_torch_over_tensorflow", ())
    if not found:
        return None
    course = Course(
        "torch per tensorflow",
        light("mark"),
        [series_tables.in_years(row["period"]) for row in found],
        [row["value"] for row in found],
    )
    top = max(row["value"] for row in found)
    figure = strips(
        "downloads",
        "Downloads of torch for each download of tensorflow.",
        {"Downloads, torch per tensorflow": [course]},
        span=(0, round(1.08 * top, 2)),
        line=1.0,
    )
    return {
        "id": "downloads",
        "title": "Downloads",
        "intro": "The ratio is drawn because the counts cannot be read: what is counted changed "
        "several times, for both packages alike.",
        "charts": [
            (
                figure,
                "Downloads of the package torch from PyPI for each of tensorflow; the dashed line "
                "is as many of one as of the other. A ratio of full counts has no sampling error.",
                series_tables.downloads_table(found),
            )
        ],
        "notes": [],
        "claims": ["pt-rising"],
        "series": {"pypi_torch_over_tensorflow"},
    }
