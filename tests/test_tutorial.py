"""The tutorial as a reader follows it: every file saved, every command typed, in its order.

The first run is over one small dataset of the embedded corpus. That the figures of the page are
those of the whole corpus is tested where the whole corpus is built, in test_every_claim.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import pytest
from small_data import Place, clean_environment
from tutorial_page import CRON, PAGE, not_printed, step_of, steps

from pipeline.edge.reference import folder

SMALL = ("ml_jobs_us_2024_25.parquet", "datasets.toml")
# what the first step types needs the network; the venv of this test is there already
FIRST = ["make run", "source .venv/bin/activate"]


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Place, dict[str, str]]:
    """Return a folder in which the page was followed, and what each command printed."""
    place = Place(tmp_path_factory.mktemp("tutorial"))
    corpus = tmp_path_factory.mktemp("corpus")
    for name in SMALL:
        shutil.copy(folder() / name, corpus)
    place.env["JOBMARKET_REFERENCE"] = str(corpus)
    printed = {}
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("JOBMARKET_REFERENCE", str(corpus))
        for step in steps():
            if step.file:
                (place.folder / step.file).write_text(step.body, encoding="utf-8")
            for line in step.commands:
                printed[line] = typed(place, line)
    return place, printed


def typed(place: Place, line: str) -> str:
    """Run one line of the page, which must end well; return what it prints."""
    program, *arguments = shlex.split(line)
    if line in FIRST[1:]:
        return ""
    if program == "mkdir":
        subprocess.run([program, *arguments], cwd=place.folder, check=True)
        return ""
    if line == FIRST[0]:
        assert place.call("ingest", "reference").code == 0
        arguments = ["build"]
    else:
        assert program == "jobmarket", line
    done = place.run(*arguments) if arguments[0] == "run" else place.call(*arguments)
    assert done.code == 0, done.err
    return done.out


def test_the_page_begins_with_the_run_and_the_environment():
    assert steps()[0].commands == FIRST


def test_make_run_is_a_run_over_the_embedded_corpus(followed):
    makefile = subprocess.run(
        ["make", "-n", "run"],
        cwd=folder().parents[2],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "jobmarket run --source reference" in makefile.stdout


def test_every_file_of_the_data_folder_that_the_page_names_is_there(followed):
    named = set(re.findall(r"`(data/[\w./-]+\.html)`", PAGE))
    assert len(named) == 3
    assert [one for one in sorted(named) if not (followed[0].folder / one).exists()] == []


def test_the_exported_table_is_where_the_page_puts_it(followed):
    table = (followed[0].folder / "pairs.csv").read_text(encoding="utf-8")
    assert '"framework","other_framework"' in table.splitlines()[0]


def test_own_ads_are_read_as_the_page_shows(followed):
    step = step_of("jobmarket run")
    own = step.shown[: step.shown.index("docker-third")]
    assert len(own) == 5
    assert not_printed(own, followed[1][step.commands[1]]) == []


def test_the_own_claim_has_a_verdict_and_the_reason_why_own_ads_are_not_heard(followed):
    step = step_of("jobmarket run")
    printed = followed[1][step.commands[2]]
    assert re.search(r"^verdict +contradicted$", printed, re.MULTILINE)
    # the row of the page, but for how wide each column is
    (shown,) = [line.split() for line in step.shown if line.split()[:1] == ["my_ads"]]
    assert shown in [line.split() for line in printed.splitlines()]


def test_a_claim_is_printed_in_the_order_of_the_page(followed):
    step = step_of("jobmarket claims pt-rising")
    assert not_printed(step.shown[:2], followed[1][step.commands[0]]) == []


def test_a_question_has_the_columns_of_the_page(followed):
    step = step_of("jobmarket sql")
    assert followed[1][step.commands[0]].split("\n")[0].split() == step.shown[0].split()


def test_a_line_that_is_not_printed_is_told():
    assert not_printed(("a", "…", "c"), "a\nb\n\nc\n") == []
    assert not_printed(("a", "x", "c"), "a\nb\nc\n") == ["x", "c"]
    assert not_printed(("c", "a"), "a\nc\n") == ["a"]


def test_the_nightly_line_types_a_command_that_the_page_has_typed_before(followed):
    when, there, command = re.fullmatch(r"((?:\S+ ){5})cd (.+) && \.venv/bin/(.+)", CRON).groups()
    assert when.split()[2:] == ["*", "*", "*"]
    assert there == '"$HOME/jobmarket"'
    assert command in followed[1]


def test_a_config_to_copy_from_and_the_state_of_the_night_can_be_had(followed):
    place = followed[0]
    for line in re.findall(r"`jobmarket ((?:init|status)[^`]*)`", PAGE):
        done = place.call(*shlex.split(line))
        assert done.code == 0, done.err
    assert (place.folder / "all.toml").exists()
