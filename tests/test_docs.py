"""What the documents say is so: commands run, lists are complete, generated pages are fresh."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from small_data import Place, ads, clean_environment, files_entry, write_csv

from pipeline.commands import COMMANDS
from pipeline.edge.claims_page import claims_page
from pipeline.edge.dictionary import dictionary
from pipeline.edge.provenance import provenance
from pipeline.edge.reference import datasets, folder

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    path: path.read_text(encoding="utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted(folder().glob("*.md")),
    ]
}
TEXT = "\n".join(PAGES.values())
SHELL_LINES = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
LINKS = [
    (page, target)
    for page, text in PAGES.items()
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    if not target.startswith("http")
]
MAKE_CALLS = {
    "run": "jobmarket run --source reference",
    "test": "pytest",
    "lint": "ruff check",
    "bench": "jobmarket bench",
    "nightly": "jobmarket run",
    "docs": "pipeline.edge.dictionary",
    "clean": "rm -rf",
}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Return a folder in which forty invented postings are published."""
    made = Place(tmp_path_factory.mktemp("docs"))
    write_csv(made.folder / "ads.csv", ads(40))
    made.config(files_entry("board", "ads.csv"))
    for stage in ("ingest", "build"):
        done = made.run(stage)
        assert done.code == 0, done.err
    return made


def jobmarket_lines():
    return [line for line in SHELL_LINES if not line.startswith("make ")]


@pytest.mark.parametrize("line", jobmarket_lines())
def test_a_command_of_the_readme_runs(place, line):
    program, *arguments = shlex.split(line)
    assert program == ".venv/bin/jobmarket"
    done = place.run(*arguments)
    assert done.code == 0, done.err
    assert done.out.strip()


def test_the_readme_opens_with_the_two_commands():
    assert SHELL_LINES[:2] == ["make run", "make test"]


@pytest.mark.parametrize(("target", "call"), MAKE_CALLS.items())
def test_a_make_target_calls_what_its_name_says(target, call):
    # -n prints what would be done and does nothing, whatever state .venv is in
    shown = subprocess.run(
        ["make", "-n", target],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert call in shown.stdout


def test_the_readme_names_every_make_target_it_should():
    assert all(f"make {target}" in README for target in MAKE_CALLS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_is_in_the_readme(command):
    assert re.search(rf"`{command}\b|jobmarket {command}\b", README)


def test_the_citation_names_this_version_and_licence():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert {"cff-version", "title", "message", "authors", "abstract"} <= cited.keys()


def test_the_readme_is_short():
    assert len(README.splitlines()) < 120


@pytest.mark.parametrize(
    "path", sorted((ROOT / "sql" / "marts").glob("*.sql")), ids=lambda p: p.stem
)
def test_every_mart_is_in_the_documents(path):
    assert f"### mart.{path.stem}\n" in TEXT


@pytest.mark.parametrize(
    "path", sorted((ROOT / "sql" / "claims").glob("*.toml")), ids=lambda p: p.stem
)
def test_every_claim_is_in_the_documents(path):
    assert f"`{path.stem.replace('_', '-')}`" in TEXT


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")), ids=lambda p: p.stem
)
def test_every_decision_is_listed_and_says_what_was_given_up(path):
    assert f"({path.name})" in (path.parent / "README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", PAGES[path], re.MULTILINE)
    assert headings == [
        "Context",
        "Decision",
        "What we gave up",
        "What would make us reconsider",
    ]
    assert len(PAGES[path].splitlines()) <= 60


@pytest.mark.parametrize("name", datasets())
def test_every_dataset_is_in_the_provenance(name):
    assert name in PAGES[folder() / "PROVENANCE.md"]


def test_the_data_dictionary_is_what_its_generator_gives():
    assert PAGES[ROOT / "docs" / "data_dictionary.md"] == dictionary(), "run `make docs`"


def test_the_page_of_claims_is_what_its_generator_gives():
    assert PAGES[ROOT / "docs" / "claims.md"] == claims_page(), "run `make docs`"


def test_the_provenance_is_what_its_generator_gives():
    assert PAGES[folder() / "PROVENANCE.md"] == provenance(), "run `make docs`"


@pytest.mark.parametrize(
    ("page", "target"), LINKS, ids=[f"{page.name}:{target}" for page, target in LINKS]
)
def test_a_link_leads_to_a_file(page, target):
    assert (page.parent / target).exists()


def test_every_image_is_a_small_png():
    shown = [page.parent / target for page, target in LINKS if target.endswith(".png")]
    assert shown
    for path in shown:
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path.name
        assert path.stat().st_size < 300_000, path.name


def test_the_changelog_has_an_unreleased_section():
    text = PAGES[ROOT / "CHANGELOG.md"]
    unreleased = text.split("\n## Unreleased\n")[1].split("\n## ")[0]
    headings = re.findall(r"^### (.*)$", unreleased, re.MULTILINE)
    assert headings == ["Numbers that moved", "New data", "Changed", "Fixed"]


def test_no_document_names_a_folder_that_users_do_not_have():
    assert "shared/" not in TEXT


def test_the_licence_is_apache_2_in_full():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Copyright 2026 the jobmarket authors" in text


def test_the_site_is_written_as_one_file_where_it_is_asked_for(place):
    done = place.run("site", "--single-file")
    assert done.code == 0, done.err
    written = place.data / "jobmarket.html"
    assert done.out.strip() == "data/jobmarket.html"
    assert "claims/pt-rising.html" in written.read_text(encoding="utf-8")
    named = place.run("site", "--single-file", str(place.folder / "no such folder" / "site.html"))
    assert named.code == 2
    assert "is no folder" in named.err
