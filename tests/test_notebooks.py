"""The notebooks run from top to bottom on a small warehouse, and leave nothing behind."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from small_data import Place, ads, files_entry, write_csv

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    """Return a folder in which ads of three boards are published."""
    made = Place(tmp_path_factory.mktemp("notebooks"))
    for number, name in enumerate(("harbour", "market", "station")):
        write_csv(made.folder / f"{name}.csv", ads(120, start=number * 1000))
    made.config(
        *(
            files_entry(name, f"{name}.csv", 'observes = "full_text"\ndates = "real"')
            for name in ("harbour", "market", "station")
        )
    )
    for stage in ("ingest", "build"):
        done = made.call(stage)
        assert done.code == 0, done.err
    return made


@pytest.fixture(scope="module")
def ran(place, tmp_path_factory) -> dict[str, nbformat.NotebookNode]:
    """Return every notebook as it is after a run, in a folder where the data are not."""
    here = tmp_path_factory.mktemp("opened")
    temporary = tmp_path_factory.mktemp("temporary")
    found = {}
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("JOBMARKET_DATA", str(place.data))
        changed.setenv("TMPDIR", str(temporary))
        published = place.hashes()
        for name, path in NOTEBOOKS.items():
            found[name] = nbformat.read(path, as_version=4)
            client = NotebookClient(found[name], timeout=120, kernel_name="python3")
            client.execute(cwd=str(here))
            assert list(here.iterdir()) == [], name
            assert list(temporary.iterdir()) == [], name
    assert place.hashes() == published
    return found


def shown(notebook: nbformat.NotebookNode) -> str:
    """Return all that a run printed or showed as text."""
    return "\n".join(
        one["text"] if one["output_type"] == "stream" else one["data"].get("text/plain", "")
        for cell in notebook.cells
        for one in cell.get("outputs", [])
    )


def charts(notebook: nbformat.NotebookNode) -> list[dict]:
    return [
        one["data"]["application/vnd.plotly.v1+json"]
        for cell in notebook.cells
        for one in cell.get("outputs", [])
        if "application/vnd.plotly.v1+json" in one.get("data", {})
    ]


def test_there_are_three():
    assert set(NOTEBOOKS) == {"ask_the_warehouse", "label_and_score", "test_your_own_claim"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_stored_without_outputs(name):
    notebook = nbformat.read(NOTEBOOKS[name], as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_says_first_what_its_reader_will_know_and_needs(name):
    first = nbformat.read(NOTEBOOKS[name], as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert "At the end of this page you can" in first.source
    assert "`make run`" in first.source


def test_the_chart_of_shares_has_an_interval_and_an_n_for_every_point(ran):
    (chart,) = charts(ran["ask_the_warehouse"])
    (points,) = chart["data"]
    assert {"array", "arrayminus"} <= set(points["error_y"])
    assert points["x"] and all("n=" in label for label in points["x"])


def test_the_warehouse_tells_raw_from_canonical_and_small_from_large(ran):
    said = shown(ran["ask_the_warehouse"])
    assert "n_dl_postings_raw" in said
    assert "middle_width_of_interval" in said
    assert "tf-most-demanded: " in said


def test_the_own_claim_is_judged_on_every_board_and_otherwise(ran):
    said = shown(ran["test_your_own_claim"])
    assert "INCONCLUSIVE" in said  # the invented ads name both alike
    assert all(board in said for board in ("harbour", "market", "station"))
    assert all(
        variant in said for variant in ("with_copies", "employer_weighted", "without_market")
    )
    assert "if all agreed: " in said
    (chart,) = charts(ran["test_your_own_claim"])
    assert any(trace["y"] == ["all that are heard"] for trace in chart["data"])


def test_the_mistakes_that_the_notebook_explains_are_still_made(ran):
    said = shown(ran["label_and_score"])
    assert said.count(": labelled ") == 3
    for mistake in (
        "frameworks, ad-8: labelled ['candle'], found []",
        "requirement, ad-9: labelled ['pytorch:required', 'tensorflow:required']",
        "requirement, ad-10: labelled ['tensorflow:required'], found ['tensorflow:negated']",
    ):
        assert mistake in said


def test_the_difference_is_the_one_term_that_was_taught(ran):
    said = shown(ran["label_and_score"])
    assert "+ candle (own)" in said
    assert "mentions: 1 gained, 0 lost, 0 changed" in said
