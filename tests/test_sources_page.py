"""docs/sources.md: fresh, complete, and its example of a new source works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from local_server import LocalServer, as_json

from pipeline import sources
from pipeline.edge.sources_page import TARGET, sources_page
from pipeline.sources.source import read_info

ROOT = Path(__file__).resolve().parents[1]
PAGE = TARGET.read_text(encoding="utf-8")
BLOCKS = re.findall(
    r"```(toml|python)\n(.*?)```", PAGE.partition("## Adding a source")[2], re.DOTALL
)
STATED = (
    "name title publisher docs terms licence attribution lists source_family frame observes"
    " rate_per_second expected_per_run text_fields id_fields format"
).split()


def test_the_page_is_what_its_generator_writes():
    assert sources_page(PAGE) == PAGE, "run `make docs`"


@pytest.mark.parametrize("name", sources.LIVE)
def test_every_source_states_its_terms_its_rate_and_what_to_expect(name):
    info = read_info(name)
    assert not [key for key in STATED if key not in info]
    assert info["name"] == name
    assert info["docs"].startswith("https://")
    assert 0 < info["rate_per_second"] <= 5
    expected = info["expected_per_run"]
    assert 1 <= expected["least"] <= expected["typical"] <= expected["most"]
    assert info["lists"] in {"all", "newest", "sample"}
    assert info["frame"] in {"all_jobs", "search_words"}
    assert f"### {name}\n" in PAGE


def test_adding_a_source_takes_less_than_sixty_lines():
    assert [kind for kind, _ in BLOCKS[:2]] == ["toml", "python"]
    assert sum(len(text.splitlines()) for _, text in BLOCKS[:2]) < 60


def test_the_example_of_a_new_source_works_as_it_stands_on_the_page(tmp_path):
    """The two files are added to a copy of the package, and a night is run with it."""
    package = tmp_path / "code" / "pipeline"
    (package / "sources").mkdir(parents=True)
    for folder in (ROOT / "pipeline", ROOT / "pipeline" / "sources"):
        for entry in folder.iterdir():
            there = package / entry.relative_to(ROOT / "pipeline")
            if entry.name not in {"sources", "__pycache__"}:
                there.symlink_to(entry)
    for name in ("flows", "dashboards", "sql"):
        (tmp_path / "code" / name).symlink_to(ROOT / name)
    for kind, text in BLOCKS[:2]:
        suffix = {"toml": ".toml", "python": ".py"}[kind]
        (package / "sources" / f"example_jobs{suffix}").write_text(text, encoding="utf-8")
    jobs = [
        {"id": n, "title": f"Engineer {n}", "company": "Acme", "text": "<p>You know PyTorch.</p>",
         "places": ["Oslo, Norway"], "date": "2026-11-02", "link": f"https://a.example/{n}",
         "recruiter": "Recruiter Nameless"}
        for n in (1, 2)
    ]  # fmt: skip
    with LocalServer() as server:
        server.on("/api/jobs?page=1", as_json({"jobs": jobs[:1], "next": 2}))
        server.on("/api/jobs?page=2", as_json({"jobs": jobs[1:], "next": None}))
        (tmp_path / "jobmarket.toml").write_text(
            f'[sources.example_jobs]\nbase_url = "{server.url}"\nrate_per_second = 1000.0\n'
        )
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "ingest"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path / "code")},
            capture_output=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()
    assert "example_jobs: complete, 2 read, 2 kept" in done.stdout.decode()
    assert not any(
        b"Nameless" in path.read_bytes()
        for path in (tmp_path / "data").rglob("*")
        if path.is_file()
    )
