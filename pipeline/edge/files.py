"""Read rows from CSV, JSON Lines and Parquet files, plain or compressed; a bad line is set aside.

Layer:   edge (disk). What a row means is sources/files.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson
import zstandard

from pipeline.errors import InputError

MAX_LINE = 8_000_000  # bytes; a longer "line" is a broken file, not an ad
MAX_RECORD_LINES = 1_000  # a quoted CSV field over more lines is a quote that never closes
_STEM = {".gz", ".zst"}


class Row(NamedTuple):
    """One record and the line it starts on (Parquet: its row number), counted from 1."""

    line: int
    values: dict[str, Any]


class BadRow(NamedTuple):
    """One record that cannot be read, and why."""

    line: int
    reason: str


def suffix(path: Path) -> str:
    """Return a file's format suffix, compression aside."""
    parts = [part.lower() for part in path.suffixes]
    while parts and parts[-1] in _STEM:
        parts.pop()
    return parts[-1] if parts else ""


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """Yield a file's records in order; raises InputError when nothing of the file can be read."""
    if path.is_dir():
        raise InputError(f"{path}: is a directory; name its files, e.g. {path}/*.parquet")
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty; leave it out or fetch it again")
    readers = {
        ".parquet": _parquet, ".csv": _csv, ".tsv": _csv, ".jsonl": _json_lines,
        ".ndjson": _json_lines, ".json": _json_lines,
    }  # fmt: skip
    reader = readers.get(suffix(path))
    if reader is None:
        raise InputError(
            f"{path}: expected .csv, .tsv, .jsonl, .json or .parquet (also .gz, .zst), "
            f"saw {path.suffix or 'no suffix'!r}; rename or convert it"
        )
    return reader(path)


def read_stream(stream: BinaryIO, name: str = "standard input") -> Iterator[Row | BadRow]:
    """Yield the records of a JSON Lines stream."""
    return _json_records(stream, name)


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return io.BufferedReader(gzip.open(path))  # type: ignore[arg-type]
    if path.suffix.lower() == ".zst":
        return io.BufferedReader(_ZstdFile(path))
    return path.open("rb")


class _ZstdFile(io.RawIOBase):
    """A .zst file of one frame or several; raises EOFError where it breaks off.

    zstandard's own stream_reader ends at the first frame, and at a cut without a word (0.25).
    """

    def __init__(self, path: Path):
        self._file = path.open("rb")
        self._frame: Any = None
        self._input = b""
        self._output = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._output:
            self._input = self._input or self._file.read(131_072)
            if not self._input:
                if self._frame is not None:
                    raise EOFError("the last frame is not complete")
                return 0
            self._frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            self._output = self._frame.decompress(self._input)
            self._input = b""
            if self._frame.eof:
                self._input, self._frame = self._frame.unused_data, None
        size = min(len(buffer), len(self._output))
        buffer[:size] = self._output[:size]
        self._output = self._output[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number, line), None for one that is longer than MAX_LINE."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
            continue
        yield number, line


def _decoded(path: str, stream: BinaryIO) -> Iterator[tuple[int, str | None, str]]:
    """Yield (line number, text or None, reason)."""
    lines = _lines(stream)
    while True:
        try:
            number, line = next(lines)
        except StopIteration:
            return
        except (OSError, EOFError, ValueError, zlib.error, zstandard.ZstdError) as cut:
            raise InputError(
                f"{path}: the compressed file breaks off ({cut}); fetch it again"
            ) from None
        if line is None:
            yield number, None, f"line is longer than {MAX_LINE:,} bytes"
            continue
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8"), ""
        except UnicodeDecodeError as bad:
            yield number, None, f"invalid UTF-8 at byte {bad.start} of the line"


def _json_lines(path: Path) -> Iterator[Row | BadRow]:
    with _open(path) as stream:
        yield from _json_records(stream, str(path))


def _json_records(stream: BinaryIO, name: str) -> Iterator[Row | BadRow]:
    for number, line, reason in _decoded(name, stream):
        if line is None:
            yield BadRow(number, reason)
            continue
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as bad:
            yield BadRow(number, f"not JSON: {bad}")
            continue
        if isinstance(value, dict):
            yield Row(number, value)
        elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
            yield from (Row(number, one) for one in value)  # a whole array on one line
        else:
            yield BadRow(number, f"expected a JSON object, saw {type(value).__name__}")


def _csv(path: Path) -> Iterator[Row | BadRow]:
    delimiter = "\t" if suffix(path) == ".tsv" else ","
    with _open(path) as stream:
        lines = _decoded(str(path), stream)
        header = next(lines, (0, None, "no header line"))
        if header[1] is None:
            raise InputError(f"{path}: {header[2]}; the first line must name the columns")
        names = next(csv.reader([header[1]], delimiter=delimiter), [])
        yield from _csv_records(lines, names, delimiter)


def _csv_records(
    lines: Iterator[tuple[int, str | None, str]], names: list[str], delimiter: str
) -> Iterator[Row | BadRow]:
    csv.field_size_limit(MAX_LINE)
    waiting: list[tuple[int, str]] = []  # physical lines read ahead of a quote that did not close
    while True:
        gathered, bad = _gather(lines, waiting)
        yield from bad
        if not gathered:
            return
        first = gathered[0][0]
        text = "".join(line for _, line in gathered)
        if not text.strip():
            continue
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        try:
            values = next(reader)
        except (csv.Error, StopIteration) as broken:
            unclosed = text.count('"') % 2
            why = (
                "a quotation mark opened here is never closed"
                if unclosed
                else f"broken CSV quoting: {broken}"
            )
            yield BadRow(first, why)
            waiting = gathered[1:] + waiting
            continue
        if len(values) != len(names):
            yield BadRow(first, f"expected {len(names)} fields, saw {len(values)}")
            waiting = gathered[1:] + waiting
            continue
        # a mark inside a plain field (5" screen) opens nothing: the next lines are records
        waiting = gathered[reader.line_num :] + waiting
        yield Row(first, dict(zip(names, values, strict=True)))


def _gather(
    lines: Iterator[tuple[int, str | None, str]], waiting: list[tuple[int, str]]
) -> tuple[list[tuple[int, str]], list[BadRow]]:
    """Return the physical lines of one record: as many as it takes to close its quotes."""
    gathered: list[tuple[int, str]] = []
    bad: list[BadRow] = []
    quotes = 0
    while True:
        if waiting:
            number, line = waiting.pop(0)
        else:
            read = next(lines, None)
            if read is None:
                return gathered, bad
            number, text, reason = read
            if text is None:
                bad.append(BadRow(number, reason))
                continue
            line = text
        gathered.append((number, line))
        quotes += line.count('"')
        if quotes % 2 == 0 or len(gathered) >= MAX_RECORD_LINES:
            return gathered, bad


def _parquet(path: Path) -> Iterator[Row | BadRow]:
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowInvalid, OSError) as broken:
        raise InputError(
            f"{path}: not a whole Parquet file ({str(broken).splitlines()[0]}); fetch it again"
        ) from None
    number = 0
    batches = file.iter_batches(batch_size=2_000)
    while True:
        try:
            batch = next(batches, None)
        except (pyarrow.ArrowInvalid, OSError) as broken:
            yield BadRow(number + 1, f"Parquet breaks off here: {str(broken).splitlines()[0]}")
            return
        if batch is None:
            return
        for values in batch.to_pylist():
            number += 1
            yield Row(number, values)
