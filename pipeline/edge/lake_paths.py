"""Where a lake lies: a folder on disk or a prefix of an object store, and what differs between.

Layer:   edge (disk, network).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.edge.store import SCHEME, StorePath
from pipeline.errors import InputError

LakePath = Path | StorePath


def found(folder: LakePath, pattern: str = "*") -> list[LakePath]:
    """Return what matches a pattern in a folder, in order."""
    return sorted(folder.glob(pattern))  # type: ignore[type-var]


def move(path: LakePath, target: LakePath) -> None:
    """Put a file in another's place."""
    if isinstance(path, StorePath) and isinstance(target, StorePath):
        path.move(target)
    else:
        os.replace(str(path), str(target))


def place(text: str | LakePath) -> LakePath:
    """Return the path that a text names: of a store where it begins with s3://, else on disk."""
    if not isinstance(text, str):
        return text
    return StorePath(text[len(SCHEME) :].rstrip("/")) if text.startswith(SCHEME) else Path(text)


def address_of(what: str, text: str) -> StorePath:
    """Return the address that somebody wrote, of `what`; raises InputError."""
    if "@" in text:  # as user:password@host has it: said without repeating it
        raise InputError(
            f"{what}: expected s3://bucket/prefix and nothing else, saw an @; credentials stand in "
            "the environment only (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"
        )
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[\w.=-]+)+/?", text):
        raise InputError(f"{what}: expected s3://bucket/prefix, saw {text!r}")
    return StorePath(text[len(SCHEME) :].rstrip("/"))
