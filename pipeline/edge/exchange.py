"""Files in, files out: `extract`, `digest` and `score` on postings that are not in the lake.

Layer:   edge (disk, standard streams). Order of the output is the order of the input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from pipeline.digest import digest_of, is_digest, render
from pipeline.edge import workers
from pipeline.edge.files import BadRow, Row, read_rows, read_stream
from pipeline.errors import InputError
from pipeline.facts import facts, facts_record, text_fields
from pipeline.mentions.own import OwnFiles
from pipeline.postings.dedupe import Outline, duplicates, outline
from pipeline.records import Facts, Posting, Rejected
from pipeline.sources import files as rows_of
from pipeline.sources.files import ALIASES, FIELDS, FileSpec

_CHUNK = 500  # records a job
_ALONE = 300  # so few are read in this process: starting workers would take longer


@dataclass(slots=True)
class Exchange:
    """How a conversion went."""

    n_read: int = 0
    n_written: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)
    unknown_fields: list[str] = field(default_factory=list)


def extract_file(
    source: str, target: str, *, with_text: bool = False, own: OwnFiles = ()
) -> Exchange:
    """Write one facts record per posting of a file; raises InputError if nothing could be read."""
    done = Exchange()
    with _output(target) as write:
        jobs = ((chunk, with_text, own) for chunk in _chunks(source, done))
        for lines, rejects in _map(_facts_lines, jobs):
            for line in lines:
                write(line)
            done.n_written += len(lines)
            done.rejects += rejects
        _finish(source, target, done)
    return done


def digest_file(source: str, target: str, spec: FileSpec | None = None) -> Exchange:
    """Write one digest per posting of a file (.parquet or JSON Lines), copies marked."""
    done = Exchange()
    made: list[Read] = []
    jobs = ((chunk, spec) for chunk in _chunks(source, done, spec))
    for pairs, rejects in _map(digest_pairs, jobs):
        made += pairs
        done.rejects += rejects
    copies = {
        copy: (canonical, reason)
        for copy, canonical, reason in duplicates(one.outline for one in made)
    }
    rows = [
        digest_of(posting, found, duplicate=copies.get(posting.posting_id, ("", "")))
        for posting, found, _ in made
    ]
    done.n_written = len(rows)
    _finish(source, target, done)
    if target.endswith(".parquet"):
        from pipeline.edge.reference import write_digests

        write_digests(Path(target), rows)
    else:
        with _output(target) as write:
            for row in rows:
                write(orjson.dumps(row, default=str))
    return done


def read_postings_file(source: str, done: Exchange) -> Iterator[Posting]:
    """Yield the postings of a file, for those that keep them in memory (score, bench)."""
    for chunk in _chunks(source, done):
        for record in chunk:
            made = read_posting(record)
            if isinstance(made, Posting):
                yield made
            else:
                done.rejects.append(_reject(record.line, made))


def _map(work: Any, jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Run the jobs in workers, a short first one (and only) right here."""
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:
        return
    second = next(jobs, None)
    if second is None and len(first[0]) <= _ALONE:
        yield work(*first)
        return
    rest = [first] if second is None else [first, second]
    yield from workers.run_in_order(work, _chain(rest, jobs))


def _chain(first: list[Any], rest: Iterator[Any]) -> Iterator[Any]:
    yield from first
    yield from rest


def _chunks(source: str, done: Exchange, spec: FileSpec | None = None) -> Iterator[list[Row]]:
    rows = read_stream(sys.stdin.buffer) if source == "-" else read_rows(Path(source))
    chunk: list[Row] = []
    known = {*FIELDS, *ALIASES, *(spec.mapping.values() if spec else ())}
    seen: set[str] = set()
    for row in rows:
        done.n_read += 1
        if isinstance(row, BadRow):
            done.rejects.append({"line": row.line, "posting_id": "", "reason": row.reason})
            continue
        if not is_digest(row.values):
            for name in row.values:
                if name not in known and name not in seen:
                    seen.add(name)
                    done.unknown_fields.append(name)
        chunk.append(row)
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _facts_lines(
    rows: list[Row], with_text: bool, own: OwnFiles
) -> tuple[list[bytes], list[dict[str, Any]]]:
    lines, rejects = [], []
    for row in rows:
        made = read_posting(row)
        if isinstance(made, Rejected):
            rejects.append(_reject(row.line, made))
            continue
        record = facts_record(facts(made, own))
        if with_text:
            record["text"] = {name: words for name, words in text_fields(made).items() if words}
        lines.append(orjson.dumps(record))
    return lines, rejects


class Read(NamedTuple):
    """A posting without its text, its facts without mentions, and the outline of its text."""

    posting: Posting
    facts: Facts
    outline: Outline


def digest_pairs(rows: list[Row], spec: FileSpec | None) -> tuple[list[Read], list[dict[str, Any]]]:
    """Return what a digest is made of for some rows, and the rows that are set aside."""
    pairs, rejects = [], []
    for row in rows:
        if spec is None:
            made = read_posting(row)
        else:
            chosen = rows_of.columns(spec, list(row.values))
            posting_id = rows_of.row_id(row.values, chosen, spec)
            made = rows_of.posting_from_row(row.values, chosen, spec, posting_id)
        if isinstance(made, Rejected):
            rejects.append(_reject(row.line, made))
            continue
        found = facts(made)
        without_text = replace(made, description="")
        pairs.append(Read(without_text, replace(found, mentions=()), outline(made)))
    return pairs, rejects


def read_posting(row: Row) -> Posting | Rejected:
    """Return the posting, or the digest's stand-in for one, that an input record holds."""
    values = row.values
    if is_digest(values):
        return render(values)
    spec = FileSpec(name=str(values.get("source") or "file"), path="")
    present = [name for name in values if values[name] is not None]
    chosen = {name: name for name in FIELDS if name in present}
    for theirs, ours in ALIASES.items():
        if theirs in present:
            chosen.setdefault(ours, theirs)
    posting_id = str(values.get(chosen.get("posting_id", ""), "") or "").strip()
    if not posting_id:
        return Rejected(spec.name, f"line {row.line}", "no posting_id")
    return rows_of.posting_from_row(values, chosen, spec, posting_id)


def _reject(line: int, made: Rejected) -> dict[str, Any]:
    return {"line": line, "posting_id": made.source_id, "reason": made.reason}


@contextmanager
def _output(target: str) -> Iterator[Any]:
    """Yield a function that writes one line; a file appears whole or not at all."""
    if target == "-":
        yield lambda line: sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    if not path.parent.is_dir():
        raise InputError(f"{target}: the folder {path.parent} does not exist; make it first")
    temporary = path.with_name(path.name + ".tmp")
    file: IO[bytes]
    try:
        with temporary.open("wb") as file:
            yield lambda line: file.write(line + b"\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _finish(source: str, target: str, done: Exchange) -> None:
    """Write the rejects; raises InputError if no record could be read, before an output appears."""
    if target != "-":
        rejects = Path(f"{target}.rejects.jsonl")
        if done.rejects:
            rejects.write_text(
                "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in done.rejects),
                encoding="utf-8",
            )
        elif rejects.exists():
            rejects.unlink()  # of an earlier run over the same output
    if not done.n_written:
        first = f" (the first: {done.rejects[0]['reason']})" if done.rejects else ""
        raise InputError(
            f"{source}: none of {done.n_read} records could be read{first}; expected one posting a "
            "record with posting_id and title or description"
        )
