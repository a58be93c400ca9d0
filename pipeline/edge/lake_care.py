"""Care of the lake: a file that cannot be read is named and set aside, and the rest goes on.

Layer:   edge (disk). Called by whoever holds the lock, before anything reads the lake.

    lake/<source>/set_aside/     what could not be read; nothing reads it again
    lake/checked.json            size and time of each file that was read to its end

What can be had again is: facts are extracted anew, a file of a files source is read anew, and a
live source is asked anew for what it still lists.
Quirk:   a file is read to its end once after each time it was written by somebody else: reading
         millions of postings every night would take longer than the night's work.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import replace

import pyarrow.parquet as pq

from pipeline.edge import lake_tables
from pipeline.edge.durable import write_atomically
from pipeline.edge.lake import Lake, Manifest, Part
from pipeline.edge.lake_paths import LakePath, found
from pipeline.edge.lake_tables import reject_ids
from pipeline.edge.memory import read_memory
from pipeline.edge.resighting import sightings_of_parts
from pipeline.edge.whole_files import BROKEN, SET_ASIDE, Files, Stamps, demand_columns, stamp
from pipeline.errors import PipelineError

log = logging.getLogger(__name__)

_DERIVED = {"facts": lake_tables.FACTS_SCHEMA, "outlines": lake_tables.OUTLINE_SCHEMA}


def heal(lake: Lake, *, thorough: bool = False, forgotten: Collection[str] = ()) -> list[str]:
    """Set every file aside that cannot be read; return one line for each, none where all is well.

    thorough:  read every file to its end, those that are as they were left too
    forgotten: ids that must not come back with the parts that a broken manifest named
    """
    known = _checked(lake)
    checked = {} if thorough else known
    _demand_own_shape(lake, checked)
    said: list[str] = []
    is_rebuilt = False
    for source in _folders(lake):
        one = _Source(lake, source, checked)
        one.heal(had_manifest=f"{source}/manifest.json" in known)
        said += one.files.said
        is_rebuilt = is_rebuilt or one.is_rebuilt
    if is_rebuilt and forgotten:
        lake.remove_postings(set(forgotten))
    for line in said:
        log.info("%s", line)  # whoever started the run says it, once
    note(lake)
    return said


def note(lake: Lake) -> None:
    """Note the files of the lake as whole: they were read just now, or written by this program."""
    if not lake.folder.is_dir():
        return
    stamps = {
        f"{path.parent.name}/{path.name}": stamp(path)
        for source in _folders(lake)
        for path in found(lake.folder / source)
        if path.is_file()
    }
    write_atomically(lake.folder / "checked.json", json.dumps(stamps, indent=0).encode())


def remove_set_aside(lake: Lake) -> int:
    """Remove all that was set aside, since nobody can say which postings it holds."""
    paths = [path for path in found(lake.folder, f"*/{SET_ASIDE}/*") if path.is_file()]
    for path in paths:
        path.unlink()
    return len(paths)


def _demand_own_shape(lake: Lake, checked: Stamps) -> None:
    """Raise PipelineError where no part has our columns: that is another version, no damage."""
    n_parts, faults = 0, []
    for path in found(lake.folder, "*/*.postings.parquet"):
        n_parts += 1
        if checked.get(f"{path.parent.name}/{path.name}") == stamp(path):
            return
        try:
            demand_columns(pq.read_schema(lake_tables.readable(path)), lake_tables.POSTING_SCHEMA)
        except ValueError as fault:
            faults.append(str(fault))
        except BROKEN:
            continue
    if len(faults) == n_parts > 1:
        raise PipelineError(
            f"{lake.folder}: expected parts as this version writes them, saw {n_parts} that all "
            f"have {faults[0]}; another version of jobmarket wrote them, run that one here, or "
            "move the folder away and run again"
        )


def _folders(lake: Lake) -> list[str]:
    return sorted(path.name for path in lake.folder.glob("*/") if path.is_dir())


def _checked(lake: Lake) -> Stamps:
    path = lake.folder / "checked.json"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}  # then every file is read to its end
    return found if isinstance(found, dict) else {}


class _Source:
    """The files of one source in the lake."""

    def __init__(self, lake: Lake, source: str, checked: Stamps):
        self.lake = lake
        self.source = source
        self.folder = lake.folder / source
        self.files = Files(self.folder, checked)
        self.is_live = source.endswith(".live")
        self.is_rebuilt = False
        self._facts: dict[str, list[LakePath]] = {}

    def heal(self, *, had_manifest: bool) -> None:
        """Set aside what cannot be read, and put in force what is left.

        had_manifest: there was one before, so that one that is missing now is lost
        """
        for path in (*self.folder.glob("*.tmp"), *self.folder.glob("*.part")):
            path.unlink()  # a write that was cut off; nobody else writes while we hold the lock
        if not had_manifest and not (self.folder / "manifest.json").exists():
            return  # never in force: a first run that was cut off
        manifest = self._manifest()
        self._facts = self._facts_by_part()
        before = repr(manifest)
        kept = [part for part in manifest.parts if self._part_is_whole(manifest, part)]
        lost = len(kept) < len(manifest.parts)
        manifest.parts = kept
        self._check_sightings(manifest, lost=lost)
        self._check_memory(manifest, lost=lost)
        if repr(manifest) != before:
            self.lake.commit(manifest)

    def _manifest(self) -> Manifest:
        """Return what is in force; of a manifest that is broken, what the parts still show."""
        path = self.folder / "manifest.json"
        try:
            if not path.exists():
                raise FileNotFoundError("no such file")
            manifest = self.lake.manifest(self.source)
            kinds = (type(manifest.inputs), type(manifest.state))
            if manifest.source != self.source or kinds != (dict, dict):
                raise ValueError(f"that of {manifest.source!r}, or one of another shape")
            return manifest
        except BROKEN as error:
            manifest = self._manifest_of_parts()
            again = "asks for its listings" if self.is_live else "reads its files"
            n_parts = len(manifest.parts)
            so = f"{n_parts} parts were found without it, and the next run {again} anew"
            self.files.set_aside(path, "a manifest", error, so)
            self.lake.commit(manifest)
            self.is_rebuilt = True
            return manifest

    def _manifest_of_parts(self) -> Manifest:
        """Return a manifest of the parts that lie in the folder and can be read."""
        manifest = Manifest(self.source)
        for path in found(self.folder, "*.postings.parquet"):
            name = path.name.partition(".")[0]
            rejects = self.lake.rejects_path(self.source, name)
            try:
                ranks = lake_tables.column(path, "part_rank")
                n_rejects = len(reject_ids(rejects)) if rejects.exists() else 0
            except BROKEN as error:
                self.files.set_aside(path, "a part", error, "its postings are left out")
                continue
            manifest.parts.append(Part(name, max(ranks, default=0), len(ranks), n_rejects))
        seen = found(self.folder, "*.sightings.parquet")
        newest = max(seen, key=lambda path: path.stat().st_mtime_ns, default=None)
        manifest.sightings = newest.name if newest else ""
        return manifest

    def _part_is_whole(self, manifest: Manifest, part: Part) -> bool:
        """Return whether a part's postings can be read; its other files are looked at too."""
        path = self.lake.postings_path(self.source, part.name)
        rejects = self.lake.rejects_path(self.source, part.name)
        again = "what is still listed is asked for" if self.is_live else "the next run reads them"
        if not self.files.parquet_is_whole(
            path, f"{part.n_postings:,} postings", lake_tables.POSTING_SCHEMA, part.n_postings,
            f"they are left out, {again} again",
        ):  # fmt: skip
            self._read_again(manifest, part)
            return False
        if part.n_rejects and not self.files.parquet_is_whole(
            rejects, f"{part.n_rejects:,} rejects", lake_tables.REJECT_SCHEMA, part.n_rejects,
            "they are left out until what they came from is read again",
        ):  # fmt: skip
            part.n_rejects = 0
            self._read_again(manifest, part)
        self._check_derived(part)
        return True

    def _facts_by_part(self) -> dict[str, list[LakePath]]:
        """Return the files of facts of each part, from one look at the folder for all of them."""
        facts: dict[str, list[LakePath]] = {}
        for name in sorted(self.files.stamps):
            if name.endswith(".facts.parquet"):
                facts.setdefault(name.partition(".")[0], []).append(self.folder / name)
        return facts

    def _read_again(self, manifest: Manifest, part: Part) -> None:
        """Forget how a part's input looked when it was read, so that it is read anew."""
        if part.input in manifest.inputs:
            manifest.inputs[part.input] = {**manifest.inputs[part.input], "fingerprint": ""}

    def _check_derived(self, part: Part) -> None:
        """Check what was extracted from a part: one file less of it, and all is extracted anew."""
        so = "it is extracted again"
        for facts in self._facts.get(part.name, ()):
            outlines = facts.with_name(facts.name.replace(".facts.", ".outlines."))
            whole = self.files.parquet_is_whole(
                facts, "what was extracted", _DERIVED["facts"], part.n_postings, so
            )
            if outlines.name in self.files.stamps:
                whole &= self.files.parquet_is_whole(
                    outlines, "outlines of texts", _DERIVED["outlines"], None, so
                )
            if not whole:
                facts.unlink(missing_ok=True)
                outlines.unlink(missing_ok=True)

    def _check_sightings(self, manifest: Manifest, *, lost: bool) -> None:
        """Work the sightings out anew where they are broken, and ask again for what was lost."""
        if not manifest.sightings:
            return
        path = self.folder / manifest.sightings
        so = "they are worked out from the postings; what was closed or reopened is not known"
        if not self.files.parquet_is_whole(
            path, "sightings", lake_tables.SIGHTING_SCHEMA, None, so
        ):
            seen = sightings_of_parts(self.lake, manifest, {})
            manifest.sightings = self.lake.write_sightings(self.source, seen)
        elif lost:
            held = self._ids(manifest)
            # one that states nothing has changed as soon as it is read again: it is stored again
            seen = {
                key: one if one.posting_id in held else replace(one, stated="")
                for key, one in self.lake.sightings(manifest).items()
            }
            manifest.sightings = self.lake.write_sightings(self.source, seen)
            manifest.state.pop("whole_threads", None)

    def _ids(self, manifest: Manifest) -> set[str]:
        """Return the ids of all postings of the parts in force."""
        paths = [self.lake.postings_path(self.source, part.name) for part in manifest.parts]
        return {one for path in paths for one in lake_tables.column(path, "posting_id")}

    def _check_memory(self, manifest: Manifest, *, lost: bool) -> None:
        """Forget what the answers held where that is broken, or where a part of it is lost."""
        path = self.folder / manifest.memory
        if manifest.memory and (
            not self.files.is_whole(
                path, "what its answers held", lambda: read_memory(path), "all are read anew"
            )
            or lost
        ):
            manifest.memory = ""
