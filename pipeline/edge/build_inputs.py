"""What a build reads: the parts in force, the copies among them, and a hash of it all.

Layer:   edge (disk). The same inputs give the same tables, so a night with nothing new copies them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from datetime import date
from pathlib import Path

from pipeline import claims
from pipeline.edge import believed_days, indicators, lake_views, reference, statements
from pipeline.edge.claim_tables import claim_files
from pipeline.edge.copies import find_copies
from pipeline.edge.lake import Lake, in_force
from pipeline.edge.lake_copies import LakeCopies
from pipeline.edge.lake_views import LakeFiles
from pipeline.edge.own_folder import own_terms
from pipeline.edge.settings import Settings
from pipeline.errors import PipelineError
from pipeline.facts import extractor_version


def lake_files(settings: Settings, without: Collection[tuple[str, str]] = ()) -> LakeFiles:
    """Return what is in force in the lake, with the copies among it.

    without: parts (source, name) that could not be read and are left out
    """
    lake, version = Lake(settings.lake, without), extractor_version(own_terms(settings))
    postings, facts, rejects, sightings = [], [], [], []
    for source in lake.sources():
        manifest, names = lake.manifest(source), lake.names(source)
        if seen := lake.sightings_path(manifest):
            sightings.append(seen)
        versions = lake.versions(source)
        for part in manifest.parts:
            read_by = in_force(versions.get(part.name, ()), version)
            if not read_by:
                raise PipelineError(
                    f"{source}: part {part.name} has not been read by any extractor; "
                    "run `jobmarket build`"
                )
            postings.append(lake.postings_path(source, part.name))
            facts.append(lake.facts_path(source, part.name, read_by))
            if lake.rejects_path(source, part.name).name in names:
                rejects.append(lake.rejects_path(source, part.name))
    copies = LakeCopies(settings.lake_copies)
    duplicates = find_copies(lake, version, copies.here)
    files = LakeFiles(
        copies.here(postings),
        copies.here(facts),
        copies.here(rejects),
        duplicates,
        copies.here(sightings),
    )
    copies.sweep()
    return files


def inputs_hash(settings: Settings, without: Collection[tuple[str, str]] = ()) -> str:
    """Return a hash of all that core and mart are made of: parts, extractor, SQL and its reader."""
    version = extractor_version(own_terms(settings))
    digest = hashlib.sha256(version.encode())
    code = [
        path
        for name in ("inputs", "tables", "marts", "macros", "views")
        for path in (statements.SQL / name).iterdir()
    ]
    code += [
        statements.SQL / "columns.toml",
        Path(lake_views.__file__),
        Path(believed_days.__file__),
        Path(indicators.__file__),
        *indicators.folder().iterdir(),
        reference.folder() / "datasets.toml",
    ]
    for path in sorted(code):
        digest.update(path.name.encode() + path.read_bytes())
    lake = Lake(settings.lake, without)
    for source in lake.sources():
        manifest = lake.manifest(source)
        digest.update(f"{source} {manifest.sightings}\n".encode())
        versions = lake.versions(source)
        for part in manifest.parts:
            read_by = in_force(versions.get(part.name, ()), version)
            digest.update(f"{source} {part.name} {part.rank} {read_by}\n".encode())
    return digest.hexdigest()


def judged_hash(settings: Settings, inputs: str, as_of: date) -> str:
    """Return a hash of all that verdicts follow from: the inputs, the rules and their code."""
    digest = hashlib.sha256(f"{inputs} {as_of}".encode())
    for name, content in sorted(claim_files(settings.own).items()):
        digest.update(name.encode() + content)
    code = [*(statements.SQL / "variants").iterdir(), *Path(claims.__file__).parent.iterdir()]
    for path in sorted([*code, Path(__file__).with_name("judging.py")]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def published_from(settings: Settings, what: str = "inputs_hash") -> str:
    """Return the hash of what the published file was made from, "" if it is not just ours.

    what: inputs_hash, or judged_hash of its verdicts
    """
    note = settings.data / "published.json"
    if not note.exists() or not settings.warehouse.exists():
        return ""
    values = json.loads(note.read_text(encoding="utf-8"))
    status = settings.warehouse.stat()
    same = (values["size"], values["mtime_ns"]) == (status.st_size, status.st_mtime_ns)
    return str(values.get(what, "")) if same else ""


def note_published(settings: Settings, run_id: str, inputs: str, judged: str = "") -> None:
    status = settings.warehouse.stat()
    note = settings.data / "published.json"
    temporary = note.with_suffix(".tmp")
    temporary.write_text(
        json.dumps(
            {
                "run_id": run_id,
                "inputs_hash": inputs,
                "judged_hash": judged,
                "size": status.st_size,
                "mtime_ns": status.st_mtime_ns,
            }
        )
    )
    os.replace(temporary, note)
