"""A user's own terms and claims: the page as it stands, what is changed, what is mistaken."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_data import Place, clean_environment
from warehouse_rows import lake, mention, posting, tables

from pipeline.facts import extractor_version, facts
from pipeline.records import Posting

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "own_claims.md").read_text(encoding="utf-8")
TERMS, RULE, SUMS = (
    f"my_jobmarket/{name}"
    for name in ("terms/languages.toml", "claims/rust_leads_go.toml", "claims/rust_leads_go.sql")
)
CLAIM = ("claims", "rust-leads-go")


def files_of_the_page() -> dict[str, str]:
    """Return the page's blocks by the file that the words before each name last."""
    blocks = re.findall(r"(.*?)```(\w+)\n(.*?)```", PAGE, re.DOTALL)
    return {
        re.findall(r"`([\w/]+\.\w+)`", before)[-1]: body
        for before, language, body in blocks
        if language != "sh"
    }


def commands_of_the_page() -> list[list[str]]:
    lines = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()
    return [shlex.split(line) for line in lines]


FILES = files_of_the_page()
OWN = ((TERMS, FILES[TERMS]),)


def run(place: Place, program: str, *arguments: str) -> str:
    """Run one command of the page, which must end well; return what it prints."""
    if program == "jobmarket":
        done = place.run(*arguments)
        assert done.code == 0, done.err
        return done.out
    assert program == "python"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=place.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Place, list[str]]:
    """Return a folder in which the page was followed, and what its commands printed."""
    place = Place(tmp_path_factory.mktemp("own"))
    for name, body in FILES.items():
        (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / name).write_text(body, encoding="utf-8")
    return place, [run(place, *command) for command in commands_of_the_page()]


@pytest.fixture
def place(followed, tmp_path) -> Place:
    """Return a copy of that folder, to change."""
    shutil.copytree(followed[0].folder, tmp_path / "copy")
    return Place(tmp_path / "copy")


def change(place: Place, name: str, old: str, new: str) -> None:
    text = (place.folder / name).read_text(encoding="utf-8")
    assert old in text
    (place.folder / name).write_text(text.replace(old, new), encoding="utf-8")


def verdict(place: Place) -> tuple:
    """Return verdict, estimate, postings and employers of the newest headline."""
    return place.ask(
        "select verdict, round(estimate, 3), n_postings, n_employers from claim.verdicts "
        "where claim_id = 'rust-leads-go' and part = 'all' and time_window = 'last_24_months' "
        "and reading = 'primary' order by run_id desc limit 1"
    )[0]


def found(text: str, **more: str) -> dict[str, str]:
    """Return the own terms of a description, with how each is asked for."""
    ad = Posting("t:1", "t", title="Backend Engineer", description=text, **more)
    return {one.term: one.requirement for one in facts(ad, OWN).mentions if one.kind == "own"}


# The page -----------------------------------------------------------------------------------------


def test_the_commands_of_the_page_end_in_a_verdict_with_its_sample_and_an_example(followed):
    place, printed = followed
    assert "supported" in printed[2]
    assert "our team" in printed[2]
    assert verdict(place) == ("supported", 50.0, 240, 47)
    assert re.search(r"^go +required +80 .*Three years of Go\b", printed[3], re.MULTILINE)
    assert re.search(r"^rust +required +200 .*Three years of Rust\b", printed[3], re.MULTILINE)


def test_an_own_claim_stands_on_the_site_like_any_other(followed):
    page = followed[0].data / "site" / "claims" / "rust-leads-go.html"
    assert "Employers ask for Rust more often than for Go." in page.read_text(encoding="utf-8")


def test_a_word_that_is_no_language_is_not_counted(followed):
    # every ad says "Go above and beyond."
    ads = (followed[0].folder / "ads.jsonl").read_text(encoding="utf-8").splitlines()
    assert all("Go above" in json.loads(ad)["description"] for ad in ads)
    asked = "select count(*) from core.mentions where term = 'go' and snippet ilike '%above%'"
    assert followed[0].ask(asked) == [(0,)]


def test_one_of_two_own_terms_will_do_where_the_ad_says_or(followed):
    asked = (
        "select count(distinct posting_id) from core.mentions "
        "where kind = 'own' and alternative_group is not null"
    )
    assert followed[0].ask(asked) == [(40,)]


# What a user changes ------------------------------------------------------------------------------


def test_a_changed_term_reads_stored_texts_anew(place):
    change(place, TERMS, 'spellings = ["golang"]', 'spellings = ["golang", "Java"]')
    assert place.run("build").code == 0
    assert place.last_log()["n_extracted"] == 280
    assert verdict(place) == ("supported", 28.571, 280, 47)


def test_a_changed_claim_is_judged_anew_without_reading_a_text_again(place):
    change(place, RULE, "margin_points = 3", "margin_points = 60")
    assert place.run("build").code == 0
    assert place.last_log()["n_extracted"] == 0
    assert verdict(place)[0] == "contradicted"


def test_a_config_without_the_folder_judges_our_claims_alone(place):
    change(place, "jobmarket.toml", 'own = "my_jobmarket"', "")
    assert place.run("build").code == 0
    assert place.ask("select count(*) from core.mentions where kind = 'own'") == [(0,)]
    assert place.call(*CLAIM).code == 2


def test_extract_finds_own_terms_from_wherever_it_is_run(place, tmp_path):
    config = str(place.folder / "jobmarket.toml")
    elsewhere = Place(tmp_path)
    ads, out = str(place.folder / "ads.jsonl"), str(tmp_path / "facts.jsonl")
    assert elsewhere.call("extract", ads, out, "--config", config).code == 0
    first = json.loads(Path(out).read_text(encoding="utf-8").splitlines()[0])
    assert "rust" in {one["term"] for one in first["mentions"]}
    assert first["extractor_version"] == place.last_log()["extractor_version"]


# What a user mistakes -----------------------------------------------------------------------------

MISTAKES = {
    "no toml": (TERMS, "[[term]]", "[[term]", f"{TERMS}: expected TOML"),
    "an id of ours": (TERMS, 'id = "go"', 'id = "pytorch"', f"{TERMS}: term 'pytorch': id"),
    "a skill group of ours": (TERMS, '"go"\nsp', '"deployment"\nsp', "a skill group of ours"),
    "an id twice": (TERMS, 'id = "go"', 'id = "rust"', f"{TERMS}: term 'rust': id"),
    "an unknown field": (TERMS, "not_before", "never_before", "'go': never_before: expected one"),
    "no list": (TERMS, '["golang"]', '"golang"', "'go': spellings: expected a list of texts"),
    "a name twice": (TERMS, '"golang"', '"golang", "rust"', "'go': spellings: expected names"),
    "no example": (TERMS, 'no = ["Engineers go far"', 'maybe = ["x"', "'go': maybe: expected one"),
    "a yes not found": (
        TERMS,
        '"We use golang"',
        '"We use Gopher"',
        f"{TERMS}: term 'go': yes: expected a mention in 'We use Gopher', saw none",
    ),
    "a no found": (
        TERMS,
        '"above", ',
        "",
        f"{TERMS}: term 'go': no: expected no mention in 'Engineers: Go above and beyond', saw one",
    ),
    "a field of the rule": (RULE, '"above"', '"up"', f"{RULE}: parts[0].direction: expected"),
    "a rule without an end": (RULE, "points = 3", "points =", f"{RULE}: expected TOML"),
    "no select": (SUMS, "select\n", "delete\n", f"{SUMS}: expected SQL"),
    "two statements": (SUMS, "order by all;", "order by all; select 1", "expected one select"),
    "a column that is not there": (SUMS, "own_terms", "our_terms", "rust_leads_go.sql: expected"),
    "a column too few": (SUMS, "frame,", "", "rust-leads-go: expected the column frame"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_one_line_and_nothing_is_published(place, mistake):
    name, old, new, said = MISTAKES[mistake]
    before = place.hashes()
    change(place, name, old, new)
    done = place.call("build")
    assert done.code == 2, done.err
    assert len(done.errors) == 1
    assert said in done.errors[0]
    assert place.hashes() == before


def test_an_own_claim_with_the_id_of_one_of_ours_is_refused(place):
    (place.folder / RULE).rename(place.folder / "my_jobmarket/claims/multi_common.toml")
    (place.folder / SUMS).rename(place.folder / "my_jobmarket/claims/multi_common.sql")
    change(place, "my_jobmarket/claims/multi_common.toml", '"rust-leads-go"', '"multi-common"')
    done = place.call("build")
    assert done.code == 2
    assert "my_jobmarket/claims/multi_common." in done.errors[0]
    assert "expected a claim with an id of its own" in done.errors[0]


def test_a_folder_that_is_not_there_is_named_before_a_run_begins(place):
    change(place, "jobmarket.toml", '"my_jobmarket"', '"nowhere"')
    done = place.call("run")
    assert done.code == 2
    assert done.errors == [
        "jobmarket: nowhere: expected the folders claims or terms in it, saw neither; "
        "make them, or correct `own` in the config"
    ]


# What is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Requirements:\n- Rust as a backend engineer", {"rust": "required"}),
        ("Nice to have:\n- GOLANG", {"go": "preferred"}),
        ("No Rust experience required for this backend", {"rust": "negated"}),
        ("Fight rust as a backend engineer", {}),
        ("Backend engineers on the Go", {}),
        ("Backend engineers go far", {}),
        ("A Gopher writes our backend", {}),
    ],
)
def test_an_own_term_is_found_in_its_sense_with_its_requirement(text, expected):
    assert found(text) == expected


def test_company_stands_in_the_title_too():
    assert found("- Rust") == {"rust": "mentioned"}
    assert not facts(Posting("t:1", "t", title="Welder", description="- Rust"), OWN).mentions


def test_own_terms_change_nothing_else_that_is_found():
    text = "Requirements:\n- PyTorch or Rust, Flax and Go for backend engineers\n- Golang, MLflow"
    ad = Posting("t:1", "t", title="ML Engineer", description=text)
    with_own, without = facts(ad, OWN), facts(ad)
    ours = tuple(one for one in with_own.mentions if one.kind != "own")
    assert len(ours) < len(with_own.mentions)
    assert replace(with_own, mentions=ours, extractor_version="") == replace(
        without, extractor_version=""
    )
    assert with_own.extractor_version == extractor_version(OWN) != without.extractor_version


def test_a_digest_shows_no_own_term():
    assert found("- Rust for backend engineers", observes="digest") == {}


def test_own_terms_of_a_posting_are_distinct_not_negated_and_unknown_of_a_digest(tmp_path):
    def own(start: int, term: str, requirement: str) -> dict:
        return mention(start, term=term, kind="own", framework="", requirement=requirement)

    rows = [
        posting("a:1", mentions=[own(1, "rust", "required"), own(9, "rust", "mentioned")]),
        posting("a:2", mentions=[own(1, "rust", "negated"), own(9, "go", "preferred")]),
        posting("a:3", mentions=[mention()]),
        posting("a:4", observes="digest", digest="{}"),
    ]
    read = "select is_digest, own_terms from core.judged_postings order by posting_id"
    assert tables(lake(tmp_path, rows)).execute(read).fetchall() == [
        (False, ["rust"]),
        (False, ["go"]),
        (False, []),
        (True, None),
    ]
