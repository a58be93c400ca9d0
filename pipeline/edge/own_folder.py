"""A user's own folder, named in the config: terms and claims that stand beside ours.

Layer:   edge (disk). `terms/*.toml` are a lexicon of their own, `claims/*.toml` and `*.sql` rules
         like those of sql/claims. Nothing of it is copied into the package.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.claims.registry import read_claims
from pipeline.edge.settings import Settings
from pipeline.edge.statements import one_line
from pipeline.errors import InputError
from pipeline.mentions.own import OwnFiles


def own_terms(settings: Settings) -> OwnFiles:
    """Return the files of a user's own terms, none where the config names no folder.

    Raises InputError for a term that is none, or that is misread in its own sentences.
    """
    if settings.own is None:
        return ()
    # without the way to the folder, so that it is the same terms wherever a run is started
    shown = Path(settings.own.name) / "terms"
    files = _files(settings.own, "terms", {".toml"})
    terms = tuple((str(shown / path.name), _text(path)) for path in files)
    if terms:
        from pipeline.mentions import examples

        examples.demand_sound(terms)
    return terms


def own_claims(folder: Path | None) -> dict[str, bytes]:
    """Return the files of a user's own claims by name; raises InputError for a rule that is none.

    What its SQL says of the tables shows when it runs, before anything is published.
    """
    if folder is None:
        return {}
    found = {path.name: path for path in _files(folder, "claims", {".toml", ".sql"})}
    files = {name: _text(path).encode() for name, path in found.items()}
    try:
        claims = read_claims(files)
    except InputError as wrong:  # it begins with the file's name
        raise InputError(f"{folder / 'claims'}/{wrong}") from None
    for claim in claims:
        if claim.sql:
            _demand_select(found[f"{claim.claim_id.replace('-', '_')}.sql"], claim.sql)
    return files


def demand_sound(settings: Settings) -> None:
    """Raise InputError for what is wrong in the folder: before a run, not at its end."""
    from pipeline.edge.claim_tables import claim_files

    claim_files(settings.own)
    own_terms(settings)


def _demand_select(path: Path, sql: str) -> None:
    try:
        found = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise InputError(f"{path}: expected SQL, saw {one_line(error)}; correct it") from None
    if [one.type for one in found] != [duckdb.StatementType.SELECT]:
        raise InputError(f"{path}: expected one select, saw {len(found)} statements; correct it")


def _files(folder: Path, name: str, suffixes: set[str]) -> list[Path]:
    if not any((folder / one).is_dir() for one in ("claims", "terms")):
        raise InputError(
            f"{folder}: expected the folders claims or terms in it, saw neither; "
            "make them, or correct `own` in the config"
        )
    return sorted(path for path in (folder / name).glob("*") if path.suffix in suffixes)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as broken:
        raise InputError(f"{path}: expected a text in UTF-8, saw {broken}; correct it") from None
