"""The data dictionary as pages: what the warehouse's own comments say of its tables.

Layer:   dashboards (pure).
"""

from __future__ import annotations

from typing import Any

from dashboards.site_data import SiteData, rows

SCHEMAS = {
    "main": "Views to start from",
    "core": "Postings and what was read in them",
    "mart": "Counts, ready to compare",
    "claim": "Claims, estimates and verdicts",
    "ops": "Runs, sources and checks",
}


def relations(data: SiteData) -> list[dict[str, Any]]:
    """Return every table and view with its columns, those of one schema together."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows(data.dictionary):
        relation = str(row["relation"])
        entry = found.setdefault(
            relation,
            {
                "relation": relation,
                "schema": str(row["schema_name"]),
                "anchor": relation.replace(".", "-"),
                "columns": [],
                **said(row.get("relation_comment")),
            },
        )
        entry["columns"].append(
            {
                "name": str(row["column_name"]),
                "type": str(row["data_type"]).lower(),
                "comment": str(row.get("column_comment") or ""),
                "anchor": f"{entry['anchor']}-{row['column_name']}",
            }
        )
    known = [*SCHEMAS, *sorted({one["schema"] for one in found.values()} - SCHEMAS.keys())]
    return [one for schema in known for one in found.values() if one["schema"] == schema]


def said(comment: object) -> dict[str, Any]:
    """Return a header as its sentence and its notes: `grain: posting_id` and the like."""
    sentence: list[str] = []
    notes: list[list[str]] = []
    for line in str(comment or "").strip().splitlines():
        label, colon, rest = line.partition(":")
        if colon and label.isalpha() and label.islower():
            notes.append([label, rest.strip()])
        elif notes:
            notes[-1][1] += " " + line.strip()
        else:
            sentence.append(line.strip())
    return {"sentence": " ".join(sentence), "notes": [tuple(note) for note in notes]}


def index_values(data: SiteData) -> dict[str, Any]:
    """Return what the page that lists all tables shows."""
    found = relations(data)
    schemas = list(dict.fromkeys(one["schema"] for one in found))
    return {
        "schemas": [
            {
                "name": schema,
                "title": SCHEMAS.get(schema, "More tables"),
                "relations": [one for one in found if one["schema"] == schema],
            }
            for schema in schemas
        ],
        "macros": [
            {
                "name": str(row["name"]),
                "parameters": ", ".join(str(one) for one in row.get("parameters") or ()),
                **said(row.get("comment")),
            }
            for row in rows(data.macros)
        ],
        "checks": rows(data.checks),
        "n_columns": sum(len(one["columns"]) for one in found),
        "n_relations": len(found),
    }
