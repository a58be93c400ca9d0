"""An object store as the lake sees it: a path in a bucket, with the few manners of a `Path`.

Layer:   edge (network). What is written appears whole or not at all; nothing here is renamed.
         Endpoint and credentials come from the environment (AWS_ACCESS_KEY_ID,
         AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, AWS_REGION).
Quirk:   botocore reads AWS_DEFAULT_REGION and not AWS_REGION, which its own tools set (2026-11).
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.edge.store_errors import told
from pipeline.errors import InputError

SCHEME = "s3://"
_PIECE = 16 * 2**20
_WAYS = {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 2}}


class Status(NamedTuple):
    """What a listing says of an object, named as `os.stat` names it; tag: of its content."""

    st_size: int
    st_mtime_ns: int
    tag: str
    is_folder: bool


@dataclass(frozen=True, slots=True, order=True)
class StorePath:
    """One object or folder of a store; key: the bucket and all after it.

    listed: what the listing said that it came from, so that nobody asks again
    """

    key: str
    listed: Status | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return SCHEME + self.key

    def __truediv__(self, name: str) -> StorePath:
        return StorePath(f"{self.key}/{name}".rstrip("/"))

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> StorePath:
        return StorePath(self.key.rpartition("/")[0])

    @property
    def parts(self) -> tuple[str, ...]:
        return ("s3:", "", *self.key.split("/"))

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    def absolute(self) -> StorePath:
        """Return itself: an address is the same wherever one stands."""
        return self

    def with_name(self, name: str) -> StorePath:
        return self.parent / name

    def mkdir(self, **_: bool) -> None:
        """Do nothing: a folder of a store is there as soon as something lies in it."""

    def rmdir(self) -> None:
        """Do nothing: a folder of a store goes with the last that lies in it."""

    def stat(self) -> Status:
        """Return size, time and tag; raise FileNotFoundError where nothing is."""
        if self.listed is not None:
            return self.listed
        with told(self):
            return _status(files().info(self.key))

    def exists(self) -> bool:
        try:
            StorePath(self.key).stat()
        except FileNotFoundError:
            return False
        return True

    def is_file(self) -> bool:
        try:
            return not self.stat().is_folder
        except FileNotFoundError:
            return False

    def is_dir(self) -> bool:
        try:
            return self.stat().is_folder
        except FileNotFoundError:
            return False

    def iterdir(self) -> Iterator[StorePath]:
        """Yield what lies in the folder, by name; a listing tells of a thousand at once."""
        yield from self._listed("")

    def glob(self, pattern: str) -> Iterator[StorePath]:
        """Yield what matches a pattern of names; `*/` are the folders."""
        first, slash, rest = pattern.partition("/")
        if not any(mark in first for mark in "*?["):
            below = self / first
            yield from below.glob(rest) if rest else [below] if below.exists() else []
            return
        for one in self._listed(first[: min(first.find(m) for m in "*?[" if m in first)]):
            if fnmatchcase(one.name, first) and (not slash or one.is_dir()):
                yield from one.glob(rest) if rest else [one]

    def read_bytes(self) -> bytes:
        with told(self):
            return files().cat_file(self.key)

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    def write_whole(self, content: bytes, *, over: str | None = None) -> str:
        """Put an object; return its tag.

        over: the tag of the object it replaces, "" where there must be none; raises Changed
        where that is not what lies there. None: whatever lies there.
        """
        demand: dict[str, Any] = {"mode": "create"} if over == "" else {}
        if over:
            demand = {"IfMatch": over}
        with told(self):
            done = files().pipe_file(self.key, content, **demand, ContentType=_kind(self.name))
            return str(done["ETag"])

    def write_from(self, path: Path) -> None:
        """Put a file of any size."""
        with told(self):
            files().put_file(str(path), self.key)

    def pieces(self) -> Iterator[bytes]:
        """Yield an object piece by piece, so that its size does not matter."""
        with told(self), files().open(self.key, "rb", block_size=_PIECE) as file:
            while piece := file.read(_PIECE):
                yield piece

    def unlink(self, missing_ok: bool = True) -> None:
        """Remove an object; one that is not there is no error, a store does not say so."""
        with told(self):
            files().call_s3("delete_object", Bucket=self.bucket, Key=self.key_in_bucket)

    def move(self, target: StorePath) -> None:
        """Copy an object, then remove it."""
        with told(self):
            files().cp_file(self.key, target.key)
        self.unlink()

    def below(self) -> list[StorePath]:
        """Return every object below, however deep."""
        with told(self):
            found = files().find(self.key, detail=True)
        return [StorePath(key, _status(one)) for key, one in sorted(found.items())]

    def answered_at(self) -> tuple[datetime, datetime]:
        """Return when an object was written and what time it is, both by the store's clock."""
        with told(self):
            answer = files().call_s3("head_object", Bucket=self.bucket, Key=self.key_in_bucket)
        day = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        now = datetime.strptime(day, "%a, %d %b %Y %H:%M:%S %Z")
        return answer["LastModified"], now.replace(tzinfo=answer["LastModified"].tzinfo)

    @property
    def bucket(self) -> str:
        return self.key.partition("/")[0]

    @property
    def key_in_bucket(self) -> str:
        return self.key.partition("/")[2]

    def _listed(self, prefix: str) -> Iterator[StorePath]:
        try:
            with told(self):
                if prefix:
                    named = files().find(self.key, maxdepth=1, withdirs=True, detail=True,
                                         prefix=prefix)  # fmt: skip
                    rows = list(named.values())
                else:
                    rows = files().ls(self.key, detail=True)
        except FileNotFoundError:
            return
        for one in sorted(rows, key=lambda one: one["name"]):
            if one["name"] != self.key:
                yield StorePath(one["name"], _status(one))


def read_many(paths: Sequence[StorePath]) -> Iterator[tuple[StorePath, bytes]]:
    """Yield each object with its bytes; they are asked for all at once."""
    if paths:
        with told(paths[0]):
            found = files().cat([path.key for path in paths])
            found = found if isinstance(found, dict) else {paths[0].key: found}
        for path in paths:
            yield path, found[path.key]


@cache
def files() -> Any:
    """Return the client of this process; it asks the store anew each time, nothing is cached."""
    try:
        import s3fs
    except ModuleNotFoundError:
        raise InputError(
            "an address that begins with s3:// needs the package s3fs; "
            "`pip install 'jobmarket[s3]'` brings it"
        ) from None
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return s3fs.S3FileSystem(
        use_listings_cache=False,
        skip_instance_cache=True,  # fsspec would hand out one of another endpoint
        client_kwargs={"region_name": region} if region else {},
        config_kwargs=_WAYS,
    )


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _status(info: dict[str, Any]) -> Status:
    time = info.get("LastModified")
    return Status(
        int(info["size"] or 0),
        int(time.timestamp()) * 10**9 if time else 0,
        str(info.get("ETag", "")),
        info["type"] == "directory",
    )
