"""The pages beside the claims and the demand: articles, series, health, methods, dictionary, cite.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import (
    articles,
    cite,
    dictionary_pages,
    health,
    series,
    source_tables,
    tables,
    words,
)
from dashboards.layout import render
from dashboards.site_data import SiteData, rows


def more_pages(
    data: SiteData,
    summaries: Mapping[str, Mapping[str, Any]],
    shared: Mapping[str, Any],
    is_provisional: bool,
) -> dict[str, str | bytes]:
    """Return these pages and their downloads by path; summaries: claims by claim_id."""
    files: dict[str, str | bytes] = {}

    def add(template: str, path: str, **values: Any) -> None:
        files[path] = render(template, path, shared, **values)

    compared = articles.page_values(list(summaries.values()), data.claim_rules)
    add("articles.html", "articles.html", **compared)
    add("series.html", "series.html", **series.page_values(data, summaries))
    add("health.html", "health.html", **health.page_values(data))
    add(
        "methods.html",
        "methods.html",
        verdicts=words.VERDICTS.values(),
        small=words.SMALL_CELL_EMPLOYERS,
        small_mark=words.SMALL_MARK,
        is_provisional=is_provisional,
    )
    add("cite.html", "cite.html", **cite.page_values(data))
    add(
        "about.html",
        "about.html",
        licences=source_tables.licences_table(rows(data.sources)),
    )
    dictionary = dictionary_pages.index_values(data)
    add("dictionary.html", "dictionary.html", **dictionary)
    for schema in dictionary["schemas"]:
        n_columns = sum(len(one["columns"]) for one in schema["relations"])
        path = f"dictionary/{schema['name']}.html"
        add("dictionary_schema.html", path, schema=schema, columns=n_columns)
    files["data/articles.csv"] = _articles_csv(compared)
    files["data/indicators.csv"] = tables.as_csv(
        rows(data.indicators), [str(name) for name in data.indicators.columns]
    )
    return files


def _articles_csv(compared: Mapping[str, Any]) -> str:
    found = [
        {
            "claim_id": claim["claim_id"],
            "statement": claim["statement"],
            "verdict": claim["verdict"],
            **dict(zip(compared["letters"], claim["cells"], strict=True)),
        }
        for topic in compared["topics"]
        for claim in topic["claims"]
    ]
    return tables.as_csv(found, ["claim_id", "statement", "verdict", *compared["letters"]])
