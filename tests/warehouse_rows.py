"""Rows for tests of the warehouse: factories with defaults, and a lake written from them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.edge import warehouse
from pipeline.edge.lake_views import FrameworkRow, LakeFiles
from pipeline.edge.warehouse import RunRow

AS_OF = date(2026, 7, 1)
FRAMEWORKS = [
    FrameworkRow("tensorflow", "TensorFlow", True),
    FrameworkRow("pytorch", "PyTorch", True),
    FrameworkRow("keras", "Keras", True),
    FrameworkRow("scikit_learn", "scikit-learn", False),
]

_WORDS = pa.list_(pa.string())
_POSTINGS = pa.schema(
    [
        *((name, pa.string()) for name in ("posting_id", "source", "source_id", "title")),
        *((name, pa.string()) for name in ("employer", "employer_id", "location")),
        ("description", pa.string()),
        ("skills", _WORDS),
        ("posted_on", pa.date32()),
        *((name, pa.string()) for name in ("date_kind", "url", "employment_type", "salary")),
        *((name, pa.string()) for name in ("language", "source_family", "frame", "observes")),
        *((name, pa.string()) for name in ("licence", "content_hash", "digest")),
        *((name, pa.date32()) for name in ("first_seen_on", "last_seen_on")),
        ("part_rank", pa.int32()),
    ]
)
_FRAMEWORK = pa.struct(
    {
        "name": pa.string(),
        "requirement": pa.string(),
        "alternative": pa.bool_(),
        "joint": pa.bool_(),
    }
)
_PLACE = pa.struct(
    {
        "country": pa.string(),
        "subdivision": pa.string(),
        "metro": pa.string(),
        "city": pa.string(),
        "geonames_id": pa.int64(),
        "region": pa.string(),
    }
)
_PAY = pa.struct(
    {"min": pa.float64(), "max": pa.float64(), "currency": pa.string(), "period": pa.string()}
)
_MENTION = pa.struct(
    {
        **dict.fromkeys(("term", "kind", "framework", "field"), pa.string()),
        **dict.fromkeys(("start", "end"), pa.int32()),
        **dict.fromkeys(("surface", "requirement"), pa.string()),
        "alternative_group": pa.int32(),
        **dict.fromkeys(("snippet", "reason"), pa.string()),
    }
)
_FACTS = pa.schema(
    [
        ("posting_id", pa.string()),
        ("is_ai", pa.bool_()),
        ("extractor_version", pa.string()),
        ("language", pa.string()),
        ("frameworks", pa.list_(_FRAMEWORK)),
        *((name, _WORDS) for name in ("ecosystem", "tools", "skills", "roles", "seniority")),
        ("employer_kind", pa.string()),
        ("industry", pa.string()),
        ("domains", _WORDS),
        ("places", pa.list_(_PLACE)),
        *((name, _WORDS) for name in ("countries", "metros")),
        ("workplace", pa.string()),
        ("salary", _PAY),
        ("mentions", pa.list_(_MENTION)),
        ("unseen", _WORDS),
    ]
)
_REJECTS = pa.schema(
    [*((name, pa.string()) for name in ("source", "source_id", "reason")), ("seen_on", pa.date32())]
)


def posting(posting_id: str = "hn:1", **given) -> dict:
    """Return a posting with its facts; `given` overrides either, unknown names are an error."""
    source, _, source_id = posting_id.partition(":")
    row = {
        **{name: None for name in _POSTINGS.names},
        **{name: None for name in _FACTS.names},
        "posting_id": posting_id,
        "source": source,
        "source_id": source_id,
        "source_family": source,
        "title": "Engineer of learning machines",
        "employer": "Blue Door",
        "employer_id": "blue-door",
        "date_kind": "real",
        "posted_on": date(2026, 5, 10),
        "first_seen_on": date(2026, 5, 11),
        "last_seen_on": date(2026, 6, 1),
        "frame": "all_jobs",
        "observes": "full_text",
        "content_hash": posting_id,
        "digest": "",
        "part_rank": 0,
        "is_ai": True,
        "extractor_version": "7",
        "employer_kind": "startup",
        "industry": "finance",
        "workplace": "remote",
        **{name: [] for name in ("frameworks", "ecosystem", "tools", "skills", "roles")},
        **{name: [] for name in ("seniority", "domains", "places", "countries", "metros")},
        "mentions": [],
        "unseen": [],
    }
    unknown = given.keys() - row.keys()
    if unknown:
        raise TypeError(f"no such column: {unknown}")
    return row | given


def naming(*names: str, requirement: str = "mentioned", joint: bool = False) -> list[dict]:
    """Return the frameworks of a posting, all asked for in the same way."""
    return [
        {"name": name, "requirement": requirement, "alternative": False, "joint": joint}
        for name in names
    ]


def place(country: str = "", metro: str = "", region: str = "", **given: str) -> dict:
    """Return one place of a posting."""
    parts = {"subdivision": "", "city": "", "geonames_id": 0}
    return {"country": country, "metro": metro, "region": region, **parts, **given}


def mention(start: int = 4, surface: str = "PyTorch", **given) -> dict:
    """Return one mention of a posting."""
    return {
        "term": "pytorch",
        "kind": "framework",
        "framework": "pytorch",
        "field": "description",
        "start": start,
        "end": start + len(surface),
        "surface": surface,
        "requirement": "mentioned",
        "alternative_group": None,
        "snippet": f"and {surface} too",
        "reason": "",
        **given,
    }


def reject(source_id: str, source: str = "hn", reason: str = "no title") -> dict:
    """Return one record set aside."""
    return {"source": source, "source_id": source_id, "reason": reason, "seen_on": AS_OF}


def run(run_id: str = "run-1", as_of: date = AS_OF) -> RunRow:
    """Return a run."""
    return RunRow(run_id, as_of, datetime(2026, 7, 1, 3), version="0.1")


def lake(
    folder: Path,
    *parts: Sequence[dict],
    rejects: Sequence[dict] = (),
    duplicates: Sequence[tuple[str, str, str]] = (),
) -> LakeFiles:
    """Write a lake of one or several parts, each a list of postings."""
    folder.mkdir(parents=True, exist_ok=True)
    files = LakeFiles([], [], [], duplicates)
    for number, part in zip(itertools.count(), parts):
        postings, facts = folder / f"postings-{number}.parquet", folder / f"facts-{number}.parquet"
        # both files have a column of these names: a row says what was read, not what is stated
        _write(postings, [row | {"salary": "", "skills": []} for row in part], _POSTINGS)
        _write(facts, part, _FACTS)
        files.postings.append(postings)
        files.facts.append(facts)
    if rejects:
        _write(folder / "rejects.parquet", rejects, _REJECTS)
        files.rejects.append(folder / "rejects.parquet")
    return files


def tables(
    files: LakeFiles, frameworks: Sequence[FrameworkRow] = FRAMEWORKS
) -> duckdb.DuckDBPyConnection:
    """Return core and mart of a lake, in memory."""
    connection = duckdb.connect(config={"threads": 1})
    warehouse.build_tables(connection, files, frameworks)
    return connection


def _write(path: Path, rows: Sequence[dict], schema: pa.Schema) -> None:
    columns = [{name: row[name] for name in schema.names} for row in rows]
    pq.write_table(pa.Table.from_pylist(columns, schema), path)
