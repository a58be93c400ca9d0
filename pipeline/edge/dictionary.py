"""The data dictionary: every table, column, check, query and claim, from where each is declared.

Layer:   edge (disk). `python -m pipeline.edge.dictionary` writes docs/data_dictionary.md. The
         tables are built in memory from an empty lake: their types are DuckDB's own word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from pipeline.claims.registry import Claim, Part, read_claims
from pipeline.edge import statements, warehouse
from pipeline.edge.claim_tables import claim_files
from pipeline.edge.lake_views import LakeFiles
from pipeline.edge.macros import read_macros, read_views
from pipeline.mentions.lexicon import load

TARGET = statements.SQL.parent / "docs" / "data_dictionary.md"
_HEAD = """\
# Data dictionary

Written by `make docs` from the headers of the SQL files, `sql/columns.toml`,
`pipeline/claims/tables.py` and the claims' own TOML; do not edit it. The same sentences are
comments in the warehouse: `select table_name, comment from duckdb_tables()`.

"""


def dictionary() -> str:
    """Return the whole page."""
    return _HEAD + "\n".join([*_tables(), *_claims(), *_frameworks(), *_files()])


def _tables() -> Iterator[str]:
    with closing(duckdb.connect()) as connection:
        warehouse.build_tables(connection, LakeFiles(), [])
        built = connection.execute("""
            select schema_name || '.' || table_name, any_value(duckdb_tables.comment),
                list(column_name order by column_index), list(data_type order by column_index)
            from duckdb_columns()
            inner join duckdb_tables() using (database_name, schema_name, table_name)
            where database_name = current_database() and schema_name in ('core', 'mart')
            group by all order by all
        """).fetchall()
    tables = {
        relation: (comment, dict(zip(columns, types, strict=True)))
        for relation, comment, columns, types in built
    }
    tables |= {
        relation: (table.comment, dict(table.types))
        for relation, table in statements.written().items()
    }
    yield "## Tables\n"
    yield from _table(
        ["table", "what it holds"], (_entry(name, tables[name][0]) for name in tables)
    )
    for relation, (comment, columns) in tables.items():
        yield f"### {relation}\n\n{_said(comment)}\n"
        yield from _table(
            ["column", "type", "what it is"],
            (
                [f"`{column}`", kind.lower(), statements.sentence(relation, column)]
                for column, kind in columns.items()
            ),
        )


def _entry(relation: str, comment: str) -> list[str]:
    said = _said(comment).split("\n\n")[0]
    return [f"[{relation}](#{relation.replace('.', '')})", said]


def _said(comment: str) -> str:
    """Return a header as Markdown: its sentence as a paragraph, `grain:` and the like as a list."""
    sentence: list[str] = []
    notes: list[str] = []
    for line in comment.strip().splitlines():
        label, colon, rest = line.partition(":")
        if colon and label.isalpha() and label.islower():
            notes.append(f"- {label}: {rest.strip()}")
        elif notes:
            notes[-1] += " " + line.strip()
        else:
            sentence.append(line.strip())
    paragraphs = [" ".join(sentence), "\n".join(notes)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _claims() -> Iterator[str]:
    claims = read_claims(claim_files())
    yield "## Claims\n"
    yield f"{len(claims)} are registered, with their rules in `sql/claims/`.\n"
    yield from _table(
        ["claim", "what is claimed", "measured"],
        ([f"`{claim.claim_id}`", claim.statement, _rule(claim)] for claim in claims),
    )


def _rule(claim: Claim) -> str:
    if not claim.testable:
        return f"not testable: {claim.reason_not_testable}"
    return "<br>".join(_measure(part) for part in claim.parts)


def _measure(part: Part) -> str:
    if part.estimator == "equivalence":
        return f"{part.name}: within {part.margin:g} points of {part.centre:g}"
    unit = "%" if part.estimator == "share" else "points"
    return f"{part.name}: {part.estimator} {part.direction} {part.sign * part.bar:g} {unit}"


def _frameworks() -> Iterator[str]:
    found = load().frameworks
    yield "## Frameworks\n"
    for said, deep in (
        ("The deep-learning set, the denominator of shares", True),
        ("Others", False),
    ):
        names = ", ".join(f"`{term.id}`" for term in found if term.deep_learning is deep)
        yield f"{said}: {names}.\n"


def _files() -> Iterator[str]:
    for title, found in (("Macros", read_macros()), ("Views", read_views())):
        yield f"## {title}\n"
        yield from _table(
            [title.lower().removesuffix("s"), "what it gives"],
            ([f"`{one.name}`", _said(one.comment).split("\n\n")[0]] for one in found),
        )
    for folder, title in (
        ("checks", "Checks that stand between a build and its publication"),
        ("adhoc", "Queries to start from"),
    ):
        yield f"## {title}\n"
        yield from _table(
            ["file", "what it gives"],
            (
                [f"`sql/{folder}/{one.name}.sql`", _said(one.comment).split("\n\n")[0]]
                for one in statements.read_folder(folder)
            ),
        )


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    for cells in [head, ["---"] * len(head), *rows]:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def write(path: Path = TARGET) -> None:
    """Write the page."""
    path.write_text(dictionary(), encoding="utf-8")


if __name__ == "__main__":
    write()
