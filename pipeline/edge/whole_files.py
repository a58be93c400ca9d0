"""Whole files: read to their end, or named and set aside with what is wrong with them.

Layer:   edge (disk). What follows from a file that is gone is for lake_care.py to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from pipeline.edge.lake_paths import LakePath, move
from pipeline.edge.lake_tables import readable

SET_ASIDE = "set_aside"
# what reading a file raises when it is cut, garbled, missing or of another shape
BROKEN = (
    OSError, pa.ArrowException, zstandard.ZstdError, ValueError, KeyError, TypeError,
    AttributeError,
)  # fmt: skip
Stamps = Mapping[str, list[int]]


class Files:
    """The files of one folder; `said` is one line for each that was set aside.

    checked: size and time of the files that were read to their end, by `<folder>/<name>`
    """

    def __init__(self, folder: LakePath, checked: Stamps):
        self.folder = folder
        self.checked = checked
        self.said: list[str] = []
        # one listing for all of them: a store answers each question for one file in its own time
        self.stamps = {path.name: stamp(path) for path in folder.glob("*") if path.is_file()}

    def parquet_is_whole(
        self, path: LakePath, what: str, schema: pa.Schema | None, n_rows: int | None, so: str
    ) -> bool:
        """Return whether a Parquet file has these columns and rows; if not it is set aside.

        what: what was expected of it; so: what follows if it is gone
        """

        def read() -> None:
            with pq.ParquetFile(readable(path)) as file:
                if schema is not None:
                    demand_columns(file.schema_arrow, schema)
                if n_rows is not None and file.metadata.num_rows != n_rows:
                    raise ValueError(f"{file.metadata.num_rows:,} rows")
                for _ in file.iter_batches():
                    pass

        return self.is_whole(path, what, read, so)

    def is_whole(self, path: LakePath, what: str, read: Callable[[], object], so: str) -> bool:
        """Return whether a file can be read, in whatever way it is read."""
        seen = self.stamps.get(path.name)
        if seen and self.checked.get(f"{self.folder.name}/{path.name}") == seen:
            return True
        try:
            if not path.exists():
                raise FileNotFoundError("no such file")
            read()
        except BROKEN as error:
            self.set_aside(path, what, error, so)
            return False
        return True

    def set_aside(self, path: LakePath, what: str, error: BaseException, so: str) -> None:
        """Move a file where nobody reads it, and say why."""
        words = str(error).strip().splitlines() or [type(error).__name__]
        where = ""
        if path.exists():
            target = next(_free_names(self.folder / SET_ASIDE / path.name))
            target.parent.mkdir(exist_ok=True)
            move(path, target)
            where = f"; it is set aside in {_shown(target.parent)}"
        self.said.append(f"{_shown(path)}: expected {what}, saw {words[0][:160]}{where}; {so}")


def stamp(path: LakePath) -> list[int]:
    """Return what changes when a file is written: its size and time."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def demand_columns(seen: pa.Schema, expected: pa.Schema) -> None:
    """Raise ValueError unless every column is there with its type; more of them do no harm."""
    types = dict(zip(seen.names, seen.types, strict=True))
    for field in expected:
        if field.name not in types:
            raise ValueError(f"no column {field.name}")
        if types[field.name] != field.type:
            raise ValueError(f"{field.name} of type {types[field.name]}, not {field.type}")


def _free_names(path: LakePath) -> Iterator[LakePath]:
    for number in count(1):
        name = path if number == 1 else path.with_name(f"{path.name}.{number}")
        if not name.exists():
            yield name


def _shown(path: LakePath) -> str:
    """Return a path from the lake on."""
    at = len(path.parts) - 1 - path.parts[::-1].index("lake") if "lake" in path.parts else 0
    return "/".join(path.parts[at:])
