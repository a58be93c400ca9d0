"""A file of SQL that cannot be read is named, in one line that says what to do."""

import pytest

from pipeline.edge import statements
from pipeline.errors import PipelineError

BROKEN = {
    "a bracket left open": "select source from (select source from core.postings",
    "a word misspelt": "selekt source from core.postings",
    "a table that nobody can have": "select one from a.b.c.d.e",
    "a function that is not there": "select one from nosuch()",
    "two statements": "select 1 as one; select 2 as two",
    "a file that is not there": "from read_parquet('no_such_file.parquet')",
}


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that writes a mart and reads all marts, as a build does."""

    def write(select):
        monkeypatch.setattr(statements, "SQL", tmp_path)
        (tmp_path / "marts").mkdir()
        path = tmp_path / "marts" / "odd.sql"
        path.write_text(f"-- mart.odd\n-- Odd.\n-- grain: one\n{select};\n")
        return statements.read_folder("marts")

    return write


@pytest.mark.parametrize("select", BROKEN.values(), ids=BROKEN)
def test_a_select_that_cannot_be_read_is_one_line_with_its_file(written, select):
    with pytest.raises(PipelineError) as refused:
        statements.in_order(written(select))
    line = str(refused.value)
    assert line.startswith("sql/marts/odd.sql: expected one select, saw ")
    assert "\n" not in line


def test_a_select_of_what_is_not_built_yet_is_read(written):
    [found] = statements.in_order(written("select 1 as one from core.not_built_yet"))
    assert (found.relation, found.file) == ("mart.odd", "sql/marts/odd.sql")
