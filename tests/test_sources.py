"""Every source: its golden answers parse as approved, and a changed format stops it by name."""

import json
import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import SourceChanged
from pipeline.records import RawDocument

GOLDEN = Path(__file__).parent / "golden"
PARSED = [name for name in sources.LIVE if name != "hn_hiring"]  # it has ways of its own
ANSWERS = sorted(
    path
    for name in PARSED
    for path in (GOLDEN / name).glob("*")
    if not path.name.endswith((".expected.json", ".document.toml"))
)


def document(path):
    """Return a saved answer as the parser gets it; <name>.document.toml says what else it gets."""
    about = path.with_name(path.name.split(".")[0] + ".document.toml")
    told = tomllib.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
    url = told.pop("url", "https://jobs.example.org/api")
    body = path.read_text(encoding="utf-8")
    return RawDocument(path.parent.name, url, body, date(2026, 11, 20), **told)


def parsed(path):
    found = sources.load(path.parent.name).parse(document(path))
    return {
        "postings": json.loads(json.dumps([asdict(one) for one in found.postings], default=str)),
        "rejected": [asdict(one) for one in found.rejected],
        "more": [asdict(one) for one in found.more],
        "total": found.total,
        "short": found.short,
        "drift": sorted(found.drift),
    }


@pytest.mark.parametrize("name", PARSED)
def test_every_source_has_a_golden_answer(name):
    assert any(path.parent.name == name for path in ANSWERS)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_golden_answer_parses_as_approved(path):
    found = parsed(path)
    approved = path.with_name(path.name.split(".")[0] + ".expected.json")
    if not approved.exists():
        approved.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        pytest.fail(f"{approved.name} was written from what is parsed today: review it")
    assert found == json.loads(approved.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PARSED)
@pytest.mark.parametrize(
    "body", ["<html><title>Maintenance</title></html>", '{"error": "moved"}', '{"jobs": 1}', "7"]
)
def test_an_answer_of_another_shape_stops_the_source_by_name(name, body):
    if name == "career_pages" and body.startswith("<"):
        pytest.skip("a page of HTML is what career_pages reads")
    with pytest.raises(SourceChanged, match=name):
        sources.load(name).parse(RawDocument(name, "https://x.example/", body, date(2026, 11, 20)))
