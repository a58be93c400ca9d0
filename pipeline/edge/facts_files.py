"""Facts files, as `jobmarket extract` writes them, read side by side whatever their order.

Layer:   edge (disk). Of a posting that the other file has elsewhere only its offset is kept, so
         memory does not grow with the files.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from pipeline.errors import InputError

MAX_LINE = 64_000_000  # bytes; a longer "line" is no facts record
NEEDED = {"term": str, "kind": str, "field": str, "start": int, "end": int}
_WORDS = ("surface", "snippet", "requirement")


class Record(NamedTuple):
    """One posting of a facts file: what is compared, and where the line stands."""

    posting_id: str
    version: str
    mentions: list[dict[str, Any]]
    offset: int
    line: int


class FactsFile:
    """A facts file open for comparison; opened early, it outlives its own replacement."""

    def __init__(self, path: str):
        """Open a file; raises InputError if it is none or does not begin with a facts record."""
        self.path = path
        if not Path(path).is_file():
            raise InputError(
                f"{path}: no such file; name facts that an earlier `jobmarket extract` wrote"
            )
        self._stream: IO[bytes] = Path(path).open("rb")  # noqa: SIM115  closed by close()
        if next(iter(self), None) is None:
            self.close()
            raise InputError(
                f"{path}: holds no facts; name facts that an earlier `jobmarket extract` wrote"
            )

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> FactsFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in order; raises InputError naming the line that is none."""
        offset = number = 0
        while True:
            self._stream.seek(offset)
            line = self._stream.readline(MAX_LINE)
            if not line:
                return
            number += 1
            if line.strip():
                yield self._record(line, offset, number)
            offset += len(line)

    def at(self, offset: int, line: int) -> Record:
        """Return the record that begins at an offset."""
        self._stream.seek(offset)
        return self._record(self._stream.readline(MAX_LINE), offset, line)

    def _record(self, line: bytes, offset: int, number: int) -> Record:
        try:
            values = orjson.loads(line)
        except orjson.JSONDecodeError as bad:
            raise self._bad(number, f"is not JSON ({bad})") from None
        if not isinstance(values, dict) or not isinstance(values.get("posting_id"), str):
            raise self._bad(number, "is no object with a posting_id")
        mentions = values.get("mentions")
        if not isinstance(mentions, list):
            raise self._bad(number, "has no list of mentions")
        for one in mentions:
            if not isinstance(one, dict):
                raise self._bad(number, "has a mention that is no object")
            for name, kind in NEEDED.items():
                if not isinstance(one.get(name), kind):
                    raise self._bad(number, f"has a mention without {name}")
            for name in _WORDS:
                if not isinstance(one.get(name, ""), str):
                    raise self._bad(number, f"has a mention whose {name} is no text")
        version = str(values.get("extractor_version") or "unknown")
        return Record(values["posting_id"], version, mentions, offset, number)

    def _bad(self, number: int, what: str) -> InputError:
        return InputError(
            f"{self.path}: line {number} {what}; expected facts as `jobmarket extract` writes "
            "them, write the file anew with it"
        )


class _Waiting:
    """The postings one file has had and the other not yet: where they stand, by id."""

    def __init__(self, file: FactsFile):
        self._file = file
        self._places: dict[str, deque[tuple[int, int]]] = {}

    def __contains__(self, posting_id: str) -> bool:
        return posting_id in self._places

    def put(self, record: Record) -> None:
        places = self._places.setdefault(record.posting_id, deque())
        places.append((record.offset, record.line))

    def take(self, posting_id: str) -> Record | None:
        places = self._places.get(posting_id)
        if not places:
            return None
        place = places.popleft()
        if not places:
            del self._places[posting_id]
        return self._file.at(*place)

    def left(self, most: int) -> tuple[int, list[str]]:
        return sum(map(len, self._places.values())), list(self._places)[:most]


class Pairs:
    """The postings of two files: iterate for those both hold, then ask what was left over.

    The same id twice in a file: its first goes with the first of the other.
    """

    def __init__(self, old: FactsFile, new: FactsFile):
        self._old, self._new = old, new
        self._waiting_old, self._waiting_new = _Waiting(old), _Waiting(new)
        self.old_versions: Counter[str] = Counter()
        self.new_versions: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[Record, Record]]:
        """Yield (older, newer record) of each posting that both files hold."""
        waiting_old, waiting_new = self._waiting_old, self._waiting_new
        for before, after in zip_longest(self._old, self._new):
            if before:
                self.old_versions[before.version] += 1
            if after:
                self.new_versions[after.version] += 1
            if before and after and self._meet(before.posting_id, after.posting_id):
                yield before, after
                continue
            if before and (other := waiting_new.take(before.posting_id)):
                yield before, other
            elif before:
                waiting_old.put(before)
            if after and (other := waiting_old.take(after.posting_id)):
                yield other, after
            elif after:
                waiting_new.put(after)

    def only_old(self, most: int) -> tuple[int, list[str]]:
        """Return how many postings only the older file holds, and the first of their ids."""
        return self._waiting_old.left(most)

    def only_new(self, most: int) -> tuple[int, list[str]]:
        """Return how many postings only the newer file holds, and the first of their ids."""
        return self._waiting_new.left(most)

    def _meet(self, before: str, after: str) -> bool:
        return (
            before == after and before not in self._waiting_old and after not in self._waiting_new
        )
