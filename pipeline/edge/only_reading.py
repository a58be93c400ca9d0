"""What a question may be: one select on the published tables, and nothing that reaches further.

Layer:   edge. The file is opened so that writing and files are out of reach already; this says no
         before anything is bound, and to what a setting does not cover.
Quirk:   the parser calls a pragma and `import database` a select, and a select may call functions
         that switch logging or profiling into a file on; the parsed tree shows all of them
         (DuckDB 1.5).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from pipeline.edge.statements import one_line, quoted
from pipeline.errors import InputError

# functions that give rows and only look at what they are given or at the catalog
_ROWS = frozenset(
    "range generate_series unnest repeat repeat_row json_each json_tree test_all_types "
    "duckdb_columns duckdb_constraints duckdb_functions duckdb_keywords duckdb_schemas "
    "duckdb_tables duckdb_types duckdb_views pg_timezone_names icu_calendar_names "
    "pragma_collations pragma_database_size pragma_platform pragma_show pragma_storage_info "
    "pragma_table_info pragma_user_agent pragma_version".split()
)
# functions that give a value and do more than that
_VALUES_REFUSED = frozenset({"write_log", "nextval", "setseed", "getenv", "sleep_ms"})
_HINT = "the published file is read-only, copy it to change it"


def only_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the statement if it is one select, or explains one; raise InputError otherwise."""
    if not _is_text(sql):
        raise InputError("sql: expected text in UTF-8, saw bytes that are none")
    try:
        parts = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise InputError(f"sql: {one_line(error)}") from None
    kinds = [part.type for part in parts]
    if kinds == [duckdb.StatementType.EXPLAIN]:
        words, explained = _explained(parts[0].query)
        _demand_select(connection, explained)
        return f"{words} {explained}"
    if kinds != [duckdb.StatementType.SELECT]:
        seen = ", ".join(_name(kind) for kind in kinds) or "nothing"
        raise InputError(f"sql: expected one select, saw {seen}; {_HINT}")
    _demand_select(connection, sql)
    return sql


def _is_text(sql: str) -> bool:
    # bytes of the command line that are no UTF-8 arrive as lone surrogates
    return not any("\ud800" <= sign <= "\udfff" for sign in sql)


def _name(kind: Any) -> str:
    # a kind this version of the client has no name for prints as ???
    return "another statement" if "?" in kind.name else kind.name.lower()


def _explained(query: str) -> tuple[str, str]:
    """Return `explain` or `explain analyze`, and the statement it explains."""
    text = query.encode()  # the tokens count bytes
    starts = [offset for offset, _ in duckdb.tokenize(query)]
    words = [_word(text, start) for start in starts]
    first = words.index("explain")
    after = first + 1
    if words[after : after + 1] == ["analyze"]:
        after += 1
    rest = text[starts[after] :].decode() if after < len(starts) else ""
    return " ".join(words[first:after]), rest


def _word(text: bytes, start: int) -> str:
    end = start
    while end < len(text) and chr(text[end]).isalpha():
        end += 1
    return text[start:end].decode(errors="replace").lower()


def _demand_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    row = connection.execute(f"select json_serialize_sql({quoted(sql)})").fetchone()
    try:
        tree: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    except RecursionError:
        raise InputError("sql: expected a select, saw one nested too deep to check") from None
    if tree["error"] or len(tree["statements"]) != 1:
        raise InputError(f"sql: expected one select, saw another statement; {_HINT}")
    for node in _nodes(tree):
        _demand_harmless(connection, node)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _demand_harmless(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    if node.get("type") == "TABLE_FUNCTION":
        called = str(node["function"].get("function_name", "")).lower()
        if called not in _ROWS | _own_macros(connection):
            raise InputError(
                f"sql: expected the tables, views and macros of the published file, saw the "
                f"function {called}; file system operations are disabled, settings and other "
                "databases are out of reach"
            )
    elif node.get("class") == "FUNCTION":
        called = str(node.get("function_name", "")).lower()
        if called in _VALUES_REFUSED:
            raise InputError(f"sql: expected a select that only reads, saw the function {called}")
    elif node.get("type") in ("BASE_TABLE", "SHOW_REF"):  # of a constant it is an object
        table = str(node.get("table_name", ""))
        # where no table is called so, DuckDB would take it for a file
        if any(sign in table for sign in "./\\:*?[~"):
            raise InputError(
                f"sql: expected a table of the published file, saw {table!r}; file system "
                "operations are disabled, `select * from duckdb_tables()` lists the tables"
            )


def _own_macros(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select function_name from duckdb_functions() "
        "where function_type = 'table_macro' and not internal"
    ).fetchall()
    return {name for (name,) in rows}
