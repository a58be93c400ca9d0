"""The macros and views of the published file: questions people ask, by a short name.

Layer:   edge. Both are stored as text in the file and need nothing but it.
Quirk:   a macro looks for its tables where its caller stands: whoever attaches the file under
         another name says `use` first; views find theirs by themselves (DuckDB 1.5).
"""

from __future__ import annotations

import re

import duckdb

from pipeline.edge import statements
from pipeline.edge.statements import Statement, one_line, quoted, sentence, transaction
from pipeline.errors import PipelineError

_CALLED = re.compile(r"\b([a-z][a-z0-9_]*)\s*\(")


def read_macros() -> list[Statement]:
    """Return every macro, each after those it calls."""
    waiting = {one.name: one for one in statements.read_folder("macros")}
    found: list[Statement] = []
    while waiting:
        ready = [
            one
            for one in waiting.values()
            if not (set(_CALLED.findall(one.select)) & waiting.keys()) - {one.name}
        ]
        if not ready:
            raise PipelineError(f"sql/macros: these call each other in a circle: {[*waiting]}")
        for one in ready:
            found.append(waiting.pop(one.name))
    return found


def read_views() -> list[Statement]:
    """Return every view."""
    return statements.read_folder("views")


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every macro and view, with comments; the tables they read must stand already.

    Raise PipelineError if one does not fit the tables or a column has no sentence.
    """
    with transaction(connection):
        for macro in read_macros():
            _run(connection, macro, macro.select)
            kind = "macro table" if _is_table(macro) else "macro"
            connection.execute(f"comment on {kind} {macro.relation} is {quoted(macro.comment)}")
        for view in read_views():
            _run(connection, view, f"create or replace view {view.relation} as {view.select}")
            _comment_on_view(connection, view)


def _is_table(macro: Statement) -> bool:
    return re.search(r"\)\s+as\s+table\b", macro.select) is not None


def _run(connection: duckdb.DuckDBPyConnection, statement: Statement, sql: str) -> None:
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        raise PipelineError(
            f"{statement.relation}: expected it to fit the tables, saw {one_line(error)}; "
            f"see sql/*/{statement.name}.sql"
        ) from error


def _comment_on_view(connection: duckdb.DuckDBPyConnection, view: Statement) -> None:
    connection.execute(f"comment on view {view.relation} is {quoted(view.comment)}")
    columns = connection.execute(f"describe {view.relation}").fetchall()
    for column, *_ in columns:
        said = quoted(sentence(view.relation, column))
        connection.execute(f'comment on column {view.relation}."{column}" is {said}')
