"""The registry's files, and the claim tables written from the rows the claims gave.

Layer:   edge. DataFrames stop here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.edge import statements
from pipeline.edge.own_folder import own_claims
from pipeline.errors import InputError, PipelineError

Rows = Sequence[Mapping[str, object]] | pd.DataFrame


def write_claims(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Rows]) -> None:
    """Replace claim tables, by name (`verdicts` or `claim.verdicts`); others stay as they are.

    claim.verdicts keeps the rows of other runs. A declared column that is missing is null; a
    column or table that pipeline/claims/tables.py does not declare raises PipelineError.
    """
    for name, rows in tables.items():
        relation = name if name.startswith("claim.") else f"claim.{name}"
        if relation not in statements.written():
            raise PipelineError(
                f"{relation}: expected a claim table of pipeline/claims/tables.py, saw a new "
                "name; declare it there and its comment in sql/columns.toml"
            )
        _replace(connection, relation, _frame(rows))


def _frame(rows: Rows) -> pd.DataFrame:
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), dtype=object)
    # what pandas calls not-a-number was not measured: null
    return frame.astype(object).where(frame.notna(), None)


def _replace(connection: duckdb.DuckDBPyConnection, relation: str, frame: pd.DataFrame) -> None:
    types = statements.written()[relation].types
    unknown = sorted(set(frame.columns) - set(types))
    if unknown:
        raise PipelineError(
            f"{relation}: expected the columns of pipeline/claims/tables.py, "
            f"saw {', '.join(unknown)} too; declare it there"
        )
    if frame.empty:
        frame = pd.DataFrame(columns=["run_id"], dtype=str)
    columns = ", ".join(
        f'"{column}"::{kind} as "{column}"' if column in frame else f'null as "{column}"'
        for column, kind in types.items()
    )
    connection.register("claim_rows", frame)
    try:
        with statements.transaction(connection):
            written_again = ""
            if relation == "claim.verdicts":
                written_again = " where run_id in (select run_id from claim_rows)"
            connection.execute(f"delete from {relation}{written_again}")
            connection.execute(f"insert into {relation} by name select {columns} from claim_rows")
    finally:
        connection.unregister("claim_rows")


def claim_files(own: Path | None = None) -> dict[str, bytes]:
    """Return the registry's files by name; own: a user's folder, whose claims stand beside ours.

    Raises InputError for an own rule that is none, or that bears the name of one of ours.
    """
    ours = {path.name: path.read_bytes() for path in sorted((statements.SQL / "claims").iterdir())}
    theirs = own_claims(own)
    for name in ours.keys() & theirs.keys():
        raise InputError(
            f"{own}/claims/{name}: expected a claim with an id of its own, saw that of a claim of "
            "ours; give it another id and its files the same name"
        )
    return ours | theirs
