"""Labelled postings: the labels of a file, and what extraction says of the postings they are of.

Layer:   edge (disk). For `jobmarket score` and the extraction card alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.edge.files import Row, read_rows
from pipeline.errors import InputError
from pipeline.facts import facts, facts_record
from pipeline.records import Posting


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Return the labels of a file, one object a posting; raises InputError without an id."""
    labels = [dict(row.values) for row in read_rows(path) if isinstance(row, Row)]
    if not labels or any("id" not in label for label in labels):
        raise InputError(
            f"{path}: expected one label object a line with an id; see docs/methods.md"
        )
    return labels


def records_of(
    labels: Sequence[Mapping[str, Any]], postings: Iterable[Posting]
) -> dict[str, dict[str, Any]]:
    """Return the facts records of the labelled ones among some postings, by id."""
    wanted = {label["id"] for label in labels}
    return {
        posting.posting_id: facts_record(facts(posting))
        for posting in postings
        if posting.posting_id in wanted
    }
